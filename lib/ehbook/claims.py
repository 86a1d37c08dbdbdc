"""What the two papers state and where; the executed notebooks supply the computed values and the verdicts."""

from dataclasses import asdict, dataclass

from ehbilayer import validation
from ehbook.tables import markdown_table

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Verdict", "VerdictTable"]

VERDICTS = ("reproduced", "reproduced under stated conditions", "sensitive", "not reproduced", "misprint")


@dataclass(frozen=True)
class Claim:
    """One statement of a paper.

    Attributes
    ----------
    key : str
        Short name by which notebooks refer to it.
    place : str
        Paper and where in it.
    statement : str
        What is claimed, in our words.
    value : str
        The claimed value with its unit; empty for a qualitative statement.
    printed, corrected : str
        For a misprint: the printed form and the one that we find right, as LaTeX without dollar signs; otherwise empty.
    """

    key: str
    place: str
    statement: str
    value: str = ""
    printed: str = ""
    corrected: str = ""

    def __post_init__(self):
        if bool(self.printed) != bool(self.corrected):
            raise ValueError(
                f"corrected = {self.corrected!r} is not allowed: a misprint has a printed and a corrected form"
            )


CLAIMS = {
    claim.key: claim
    for claim in (
        Claim(
            "equal-mass-phases",
            "A, Fig. 1",
            "With equal masses there are three phases: liquid, coupled crystal and exciton condensate",
        ),
        Claim(
            "crystal-order",
            "A, Fig. 1",
            "At larger spacing, with falling density first the holes crystallise, then both layers",
        ),
        Claim(
            "lighter-electrons", "A, main text", "Lighter electrons turn a coupled crystal or a condensate into EL-HC"
        ),
        Claim(
            "condensate-low-density",
            "A, main text",
            "The condensate is favoured over liquid and crystals at small densities",
        ),
        Claim(
            "hole-gap",
            "A, Fig. 3",
            "Hartree–Fock hole gap of the EL-HC state at m_h/m_e = 10, d = a_h, r_s^h = 7, 36 holes",
            "0.74 ε_F",
        ),
        Claim(
            "electron-mass",
            "A, Fig. 3",
            "Electron band of the same state is that of free particles of mass m*",
            "0.93 m_e",
        ),
        Claim(
            "homogeneous-electrons",
            "A, main text",
            "The electrons form a nearly homogeneous liquid around the hole crystal",
        ),
        Claim("hole-exchange", "A, main text", "The exchange energy between localised hole spins is very small"),
        Claim(
            "restricted-similar",
            "A, supplement",
            "Unrestricted and restricted calculations of the electron liquid give similar results",
        ),
        Claim(
            "cutoff-criterion", "A, supplement", "A plane-wave cutoff where occupations fall below 1 % suffices", "1 %"
        ),
        Claim("el-hc-ratio", "A, main text", "EL-HC appears robustly for sufficiently heavy holes", "m_h/m_e ≳ 2"),
        Claim("mott-direct", "A, Fig. 2", "At d = a_h a Mott transition connects liquid and condensate directly"),
        Claim("r-s-star", "A, supplement", "Hartree–Fock crystallises electrons near this radius", "r_s* ≃ 2"),
        Claim(
            "ec-hl", "A, Fig. 2 right", "The pure Hartree–Fock diagram contains an electron-crystal hole-liquid phase"
        ),
        Claim(
            "crystallisation-enhanced",
            "A, main text",
            "The hole crystal promotes the crystallisation of the electrons for d ≲ a_h",
        ),
        Claim(
            "potential-depth",
            "A, main text",
            "The holes' Hartree potential on the electrons deepens with r_s^h even after the hole crystal has formed",
        ),
        Claim(
            "layers-independent",
            "A, main text",
            "For d ≳ 3 a_h crystallisation in a layer depends on its own density only",
        ),
        Claim(
            "el-hc-lost",
            "A, main text",
            "EL-HC ends at small density, by crystallisation or exciton condensation of both layers",
        ),
        Claim(
            "two-transitions",
            "A, conclusion",
            "At large mass ratio, falling density crystallises the holes and then makes an exciton condensate",
        ),
        Claim(
            "condensation-spacing",
            "A, main text",
            "The critical density of condensation increases at small interlayer separation",
        ),
        Claim(
            "condensate-fraction",
            "A, main text",
            "Since the reduced mass enters, the condensed fraction is highest for symmetric masses",
        ),
        Claim(
            "free-energy",
            "A, Eq. S3",
            "Chemical potential of the pairs in the free energy",
            "2µE",
            printed=r"\hbar^2k^2/2\tilde m - 2\mu E",
            corrected=r"\hbar^2k^2/2\tilde m - 2\mu",
        ),
        Claim(
            "cutoff-condensate",
            "A, supplement",
            "A momentum cutoff of the condensate where n_k falls below 10⁻³ suffices",
            "10⁻³",
        ),
        Claim(
            "variance-separates",
            "A, Fig. S4",
            "The momentum variance σ_k² separates crystals from liquids, most clearly in the polarised layer",
        ),
        Claim(
            "spin-texture",
            "A, Fig. S5",
            "The spin texture breaks the triangular symmetry of the coupled crystal at m_h/m_e = 8, d = a_h, n/n* = 0.1",
        ),
        Claim(
            "liquid-and-el-hc",
            "A, Fig. S6",
            "Unrestricted runs at m_h/m_e = 10, d = 3 a_h are liquid at n/n* = 1.3 and EL-HC at 0.8",
        ),
        Claim(
            "rectangular-box",
            "A, Fig. S7",
            "A triangular crystal forms in a rectangular box too: m_h/m_e = 2, d = a_h, n/n* = 0.8",
        ),
        Claim(
            "stripes", "A, Fig. S8", "At m_h/m_e = 8, d = a_h, n/n* = 0.1 the crystal melts into stripes of biexcitons"
        ),
        Claim("aligned-crystals", "A, main text", "Attraction always aligns the crystals of the two layers"),
        Claim(
            "moire-stabilises", "A, conclusion", "A moiré potential on the holes helps to stabilise the hole crystal"
        ),
        Claim(
            "alpha-value", "A, main text", "Plasmon velocity in units of v_0 near r_s^e = 1.6, m_h/m_e = 10", "α ≈ 0.3"
        ),
        Claim("alpha-linear", "A, Fig. 4a", "α² falls linearly with r_s^e at every layer distance"),
        Claim(
            "alpha-uniform", "A, supplement", "Hartree–Fock value of the uniform electron gas", "α² = 1 − (√2/π) r_s"
        ),
        Claim("alpha-vanishes", "A, main text", "α vanishes as the crystal phase is approached"),
        Claim("alpha-step", "A, supplement", "Second differences of the energy agree for different steps of the area"),
        Claim(
            "capacitance-energy",
            "A, supplement",
            "Geometric capacitance energy in terms of the energy E_F = Nε_F/2 of the free gas",
            "4 E_F d/a_e",
        ),
        Claim(
            "capacitance",
            "A, Fig. S2",
            "The capacitance energy changes α² and makes the compressibility positive",
            "+ 4 d/a_e",
        ),
        Claim(
            "capacitance-omitted", "A, supplement", "The capacitance energy must be left out of the plasmon velocity"
        ),
        Claim("density", "A, main text", "Density at r_s^e = 1.6, m_h = m_0, m_h/m_e = 10, ε_r = 5", "1.8e12 cm⁻²"),
        Claim("hartree-temperature", "A, main text", "Hartree temperature of the same electrons", "1.26e3 K"),
        Claim("debye-temperature", "A, main text", "Debye temperature there for α ≈ 0.3", "94 K"),
        Claim("tc-headline", "A, main text", "T_c there at d = a_e", "10 K"),
        Claim("tc-hydrogen", "A, main text", "T_c with m_h/m_e = 2000, m_e = m_0, ε_r = 1", "180 K"),
        Claim(
            "tc-rescaled",
            "A, Fig. S3",
            "Largest T_c at m_h/m_e = 1000, m_e = m_0, ε_r = 1, with α² rescaled to r_s* = 31",
            "16 K",
        ),
        Claim(
            "tc-rescaled-shape",
            "A, Fig. S3",
            "With r_s* = 31 the qualitative features remain, while superconductivity covers a much broader region and T_c is much lower",
        ),
        Claim(
            "spacing-suppression",
            "A, Fig. S1",
            "At high density the finite spacing suppresses the coupling to plasmons strongly",
        ),
        Claim(
            "tc-intermediate", "A, Fig. 4b", "T_c is highest at intermediate densities and vanishes at very high ones"
        ),
        Claim("tc-smallest-d", "A, main text", "At fixed density T_c is highest at d = 0"),
        Claim("tc-ratio-only", "A, main text", "At fixed d/a_e the largest T_c/T_H depends on the mass ratio only"),
        Claim("umklapp-underestimate", "A, main text", "Freezing q at k_D underestimates Umklapp scattering"),
        Claim("equation-four", "A, Eq. 4", "The Fermi-surface average of Eq. 3 is Eq. 4"),
        Claim("bcs-formula", "A, main text", "T_c ≈ 1.13 T_D exp(1/g_0V)"),
        Claim("robust", "A, main text", "The predictions do not depend on the approximations made"),
        Claim("two-liquids", "A, conclusion", "Superconductivity may also exist when both layers are Fermi liquids"),
        Claim("contours", "B, Fig. 2b", "The in-plane field shifts and distorts the electron contour"),
        Claim(
            "zeeman-gap",
            "B, SI S-I",
            "The fields open gaps of this order between the two bands of each layer",
            "√(J² + B²)",
        ),
        Claim(
            "electron-window",
            "B, SI S-I",
            "For μ − δ/2 between −J and J the Fermi level cuts the lower conduction band only",
        ),
        Claim(
            "hole-window",
            "B, SI S-I",
            "The window given for μ_bottom isolates this valence band",
            "ξ_{v,−}",
            printed=r"\xi_{v,-}",
            corrected=r"\xi_{v,+}",
        ),
        Claim(
            "fermi-level",
            "B, SI, after Eq. 5",
            "Electron band with E_Fe measured from the band bottom",
            "no offset",
            printed=r"\xi_{e,k}=\frac{k^2}{2m_e}-\lambda\sqrt{(k_x+B/\lambda)^2+k_y^2+(J/\lambda)^2}-E_{Fe}",
            corrected=r"\xi_{e,k}=\varepsilon_k-\min_k\varepsilon_k-E_{Fe},\quad"
            r" \varepsilon_k=\frac{k^2}{2m_e}-\lambda\sqrt{(k_x+B/\lambda)^2+k_y^2+(J/\lambda)^2}",
        ),
        Claim(
            "hole-mass",
            "B, SI, after Eq. 5",
            "Mass in the dispersion of the holes",
            "m_µ",
            printed=r"\xi_{h,k}=\frac{k^2}{2m_\mu}-E_{Fh}",
            corrected=r"\xi_{h,k}=\frac{k^2}{2m_h}-E_{Fh}",
        ),
        Claim("hole-zeeman", "B, Eq. 3 and SI", "The holes at λ_h = 0 do not feel the Zeeman fields", "k²/2m − E_F"),
        Claim("mirror", "B, footnote 45", "No finite-momentum pairing and no diode for λ_e = −λ_h, μ_e = μ_h"),
        Claim("odd-terms", "B, main text", "α and β are even in q unless the electron band breaks ξ(k) = ξ(−k)"),
        Claim("alpha-beta-signs", "B, Fig. 3", "α < 0 and β > 0 over the momenta shown, at T = 0.9 T_c, B = 3 k_BT_c"),
        Claim(
            "gl-coefficients",
            "B, Eqs. 8, 9, SI Eqs. 16 to 20",
            "α and β are the first two coefficients of the free energy in powers of Δ*Δ",
        ),
        Claim(
            "gl-minimum",
            "B, main text",
            "Free energy and order parameter at the minimum",
            "F = −α²/β, Δ = −α/β",
            printed=r"F=-\alpha^2/\beta,\quad \Delta=\lvert\alpha\rvert/\beta",
            corrected=r"F=-\alpha^2/2\beta,\quad \lvert\Delta\rvert^2=\lvert\alpha\rvert/\beta",
        ),
        Claim(
            "gl-series",
            "B, SI Eq. 17",
            "Coefficient of the l-th order of the logarithm",
            "1/l!",
            printed=r"T\sum_{l}\frac{1}{l!}\sum_{n,k}\frac{(\bar\Delta\Delta)^l}{(-i\omega_n+\xi_e)^l(-i\omega_n-\xi_h)^l}",
            corrected=r"T\sum_{l}\frac{1}{l}\sum_{n,k}\frac{(\bar\Delta\Delta)^l}{(-i\omega_n+\xi_e)^l(-i\omega_n-\xi_h)^l}",
        ),
        Claim("alpha-sign", "B, SI, after Eq. 20", "α is negative below and positive above the transition temperature"),
        Claim("delta-suppressed", "B, main text", "The order parameter falls as q moves away from q_0"),
        Claim(
            "panel-letters",
            "B, main text, on Fig. 3",
            "Panels of the maps and of q_0(B)",
            "(a) to (c), (d)",
            printed=r"\alpha,\beta\ \text{in (a, b)},\ F\ \text{in (c)},\ q_0(B)\ \text{in (d)}",
            corrected=r"\alpha,\beta,F\ \text{in (b, c, d)},\ q_0(B)\ \text{in (a)}",
        ),
        Claim("q0-value", "B, Fig. 3", "Condensate momentum at T = 0.9 T_c, B = 3 k_BT_c", "q_0 = 0.2/l_u"),
        Claim("q0-monotonic", "B, Fig. 3", "q_0 increases monotonically with B"),
        Claim(
            "coupling-harmonics",
            "B, before Eq. 5",
            "Angular expansion of the interaction between layers",
            "Y_l^m",
            printed=r"V(k-k')=\sum_{lm}V_l\,Y_l^m(\hat k)\,Y_l^{m*}(\hat k')",
            corrected=r"V(k-k')=\sum_m V_m\,e^{im(\phi-\phi')}",
        ),
        Claim(
            "coupling-strength",
            "B, after Eq. 5",
            "s-wave strength of the stated interaction",
            "g ∝ 1/(k_F² d²)",
            printed=r"g\approx\frac{\pi(1-e^{-2k_Fd})}{\epsilon k_F^2d^2}\,e^2",
            corrected=r"g\approx\frac{\pi(1-e^{-2k_Fd})}{\epsilon k_F^2d}\,e^2",
        ),
        Claim("coupling-distance", "B, after Eq. 5", "g is suppressed when d increases"),
        Claim(
            "diode-symmetry",
            "B, main text",
            "The critical currents are equal if inversion or time reversal holds",
            "J_c+ = −J_c−",
        ),
        Claim("zero-current", "B, main text", "The supercurrent vanishes at q_0, in the ground state"),
        Claim(
            "critical-currents", "B, Fig. 4a", "Critical currents at T = 0.9 T_c, B = 3 k_BT_c", "98.4 J_u, −94.8 J_u"
        ),
        Claim("diode-efficiency", "B, Fig. 4", "Diode efficiency there, from the printed currents", "1.86 %"),
        Claim(
            "diode-oscillation",
            "B, Fig. 4b",
            "η(B) oscillates irregularly with a scale of several k_BT_c and vanishes at certain fields",
        ),
        Claim(
            "not-sufficient",
            "B, main text",
            "Breaking both symmetries is necessary for the diode effect but not sufficient",
        ),
        Claim(
            "exciton-wavelength",
            "B, conclusion",
            "Wavelength of the order parameter, T_c = 10 K, m = 0.2 m_0",
            "600 nm",
        ),
        Claim("critical-current-si", "B, conclusion", "Critical current of a sample 1 µm wide", "1 mA"),
        Claim("current-difference", "B, main text", "Difference of the critical currents", "10 µA/µm"),
        Claim(
            "difference-of-efficiency",
            "B, conclusion",
            "Difference of the critical currents for I_c = 1 mA and η = 1 %",
            "10 µA",
        ),
        Claim("perfect-drag", "B, main text", "The condensate drags with opposite and nearly equal current", "ζ → −1"),
        Claim(
            "small-delta",
            "B, main text, before Eq. 8",
            "The order parameter is small on the scale of k_BT_c where the expansion is used",
            "Δ ≪ k_BT_c",
        ),
        Claim("gl-sufficient", "B, main text", "Ginzburg–Landau theory describes the diode at 0.9 T_c"),
        Claim(
            "drag-half",
            "B, SI Eq. 31",
            "Replacing k₂ by (k₂ − (k₂ + q))/2 needs f(k₂) = f(−k₂)",
            printed=r"\mathbf k_2\to\tfrac12[\mathbf k_2-(\mathbf k_2+\mathbf q)] \text{ if } f(\mathbf k_2)=f(-\mathbf k_2)",
            corrected=r"\mathbf k_2\to\tfrac12[\mathbf k_2-(\mathbf k_2+\mathbf q)] \text{ for any } f",
        ),
        Claim(
            "drag-balance",
            "B, SI Eqs. 26, 27",
            "The relaxation term takes this momentum from the drag layer",
            "n₂m_b v₂/τ₂",
        ),
        Claim(
            "drag-occupation",
            "B, SI Eq. 34",
            "Drifting distribution of the drag layer, last factor",
            "f₀",
            printed=r"f=f_0\,(1+\beta\,\mathbf v_2\cdot\mathbf k_2\,f_0)",
            corrected=r"f=f_0\,(1+\beta\,\mathbf v_2\cdot\mathbf k_2\,\tilde f_0)",
        ),
        Claim(
            "drag-detailed-balance",
            "B, SI Eq. 35",
            "Equilibrium occupations of a collision and its reverse are equal on the energy shell",
        ),
        Claim(
            "drag-gamma",
            "B, SI Eqs. 37, 38",
            "The linear drag force on parabolic layers is γ_D(v₁ − v₂), γ_D from both Im χ",
        ),
        Claim(
            "drag-galilean",
            "B, SI, after Eq. 39",
            "For parabolic bands the force depends on the difference of the drift velocities only",
            "F(v₁ − v₂)",
        ),
        Claim(
            "drag-chi-sign",
            "B, SI Eqs. 39, 43",
            "Sign convention of χ with which 1/τ_D1 is computed",
            "χ = −Σ(f − f′)/(ω − ξ + ξ′)",
            printed=r"\chi=-\int\!\frac{d^2k}{(2\pi)^2}\frac{f_0(\xi_k)-f_0(\xi_{k+q})}{\omega-\xi_k+\xi_{k+q}+i0^+}",
            corrected=r"\chi=-\int\!\frac{d^2k}{(2\pi)^2}\frac{f_0(\xi_k)-f_0(\xi_{k+q})}{\omega+\xi_k-\xi_{k+q}+i0^+}",
        ),
        Claim("drag-ratio-parabolic", "B, SI Eq. 40", "Drag ratio of parabolic layers", "1/(1 + τ_D2/τ₂)"),
        Claim("drag-parabolic", "B, SI, after Eq. 40", "All quadratic terms vanish for parabolic bands"),
        Claim(
            "drag-band",
            "B, SI, before Eq. 41",
            "Out-of-plane field under the root of the dispersion",
            "J²",
            printed=r"\lambda\sqrt{(k_x+B/\lambda)^2+k_y^2+J^2}",
            corrected=r"\lambda\sqrt{(k_x+B/\lambda)^2+k_y^2+(J/\lambda)^2}",
        ),
        Claim(
            "drag-isotropic",
            "B, SI Eqs. 45, 60",
            "1/τ_D2 contains q² for any drive layer",
            printed=r"\lvert q\rvert^2\,\Im\chi_1\,\Im\chi_2",
            corrected=r"2q_x^2\,\Im\chi_1\,\Im\chi_2",
        ),
        Claim(
            "drag-pauli",
            "B, SI Eqs. 47, 61",
            "Occupation factors of κ₁₂",
            "1 − f₁f₂",
            printed=r"1-f_0(k_1)f_0(k_2),\quad 1-f_0(k_1-q)f_0(k_2+q)",
            corrected=r"1-f_0(k_1)-f_0(k_2),\quad 1-f_0(k_1-q)-f_0(k_2+q)",
        ),
        Claim(
            "drag-kappa22",
            "B, SI Eqs. 48, 62",
            "Sign of κ₂₂",
            "−",
            printed=r"\kappa_{22}=-\frac{(\beta m_b)^2}{16\pi n_2}\int\dots",
            corrected=r"\kappa_{22}=+\frac{(\beta m_b)^2}{16\pi n_2}\int\dots",
        ),
        Claim("drag-kappa11", "B, SI, after Eq. 48", "κ₁₁ vanishes if the drag layer has an inversion centre", "0"),
        Claim(
            "drag-kappa22-zero", "B, SI, after Eq. 48", "κ₂₂ vanishes if the drive layer has an inversion centre", "0"
        ),
        Claim("drag-inversion", "B, SI, after Eq. 62", "κ₁₂, κ₂₂ and with them ζ⁽¹⁾ vanish where ξ_e(k) = ξ_e(−k)"),
        Claim(
            "drag-force-balance",
            "B, SI Eqs. 50, 51",
            "Sign of κ₂₂ in the balance of forces solved for v₂/v₁",
            "+",
            printed=r"\frac{v_2}{v_1}=\frac{\bar m_t/\tau_{D1}+\kappa_{11}v_1+\kappa_{12}v_2}{m_b(1/\tau_2+1/\tau_{D2})+\kappa_{22}v_2}",
            corrected=r"\frac{v_2}{v_1}=\frac{\bar m_t/\tau_{D1}+\kappa_{11}v_1+\kappa_{12}v_2}{m_b(1/\tau_2+1/\tau_{D2})-\kappa_{22}v_2}",
        ),
        Claim("drag-ratio-formula", "B, Eq. 10", "Linear drag ratio from τ_D1, τ_D2, τ_2 and the average mass"),
        Claim(
            "drag-second-order",
            "B, SI Eqs. 52, 54, 57",
            "ζ⁽¹⁾ contains κ₁₂ and κ₂₂ with equal weight and no κ₁₁",
            printed=r"\frac{\zeta^{(1)}}{\zeta^{(0)}}=\Bigl[\frac{\kappa_{12}\tau_{D1}}{m_b}-\frac{\kappa_{22}\tau_{D1}\bar m_t}{m_b^2}\Bigr]v_1",
            corrected=r"\frac{\zeta^{(1)}}{\zeta^{(0)}}=\frac{\tau_{D1}}{\bar m_t}\bigl[\kappa_{11}+\kappa_{12}r+\kappa_{22}r^2\bigr]v_1,\quad r=\frac{\bar m_t}{m_b(\tau_{D1}/\tau_2+\tau_{D1}/\tau_{D2})}",
        ),
        Claim(
            "drag-index",
            "B, SI Eqs. 56, 58",
            "Names of the relaxation time and of the momentum that is summed",
            "τ_b, k₁",
            printed=r"\tau_{D1}/\tau_b,\quad \delta(\omega-\xi_{e,k_1}+\xi_{e,k_1-q})",
            corrected=r"\tau_{D1}/\tau_2,\quad \delta(\omega-\xi_{e,k}+\xi_{e,k-q})",
        ),
        Claim(
            "drag-velocity",
            "B, SI Eq. 62",
            "Velocities in κ₂₂",
            "v(k)v(k₂)",
            printed=r"v_x^h(k)\,v_x^h(k_2)",
            corrected=r"v_x^h(k)\,v_x^h(k+q)",
        ),
        Claim(
            "field-letter",
            "B, main text, on Fig. 4b",
            "Letter of the in-plane field",
            "h",
            printed=r"\eta(h)",
            corrected=r"\eta(B)",
        ),
        Claim(
            "hole-operator",
            "B, Eq. 5",
            "Operators of the holes in the pairing interaction",
            "h†, h",
            printed=r"\psi^\dagger_{k+q/2}h^\dagger_{-k+q/2}h_{-k'+q/2}\psi_{k'+q/2}",
            corrected=r"\psi^\dagger_{k+q/2}\chi^\dagger_{-k+q/2}\chi_{-k'+q/2}\psi_{k'+q/2}",
        ),
        Claim(
            "drag-drift",
            "B, SI Eqs. 22, 23",
            "The linearised distribution stands for a shifted one",
            "f₀ − m v·∂f₀ ≈ f₀(k − m v)",
        ),
        Claim(
            "drag-nonreciprocal",
            "B, main text and SI S-III",
            "With inversion and time reversal broken the frictional drag is nonreciprocal",
        ),
        Claim(
            "drag-interaction",
            "B, main text and SI Eq. 25",
            "The interaction V(p), called screened, describes the drag",
            "2πe² exp(−pd)/εp",
        ),
        Claim("drag-time", "B, main text", "τ_D at E_F ≈ 10 meV, T = 10 K", "1e-7 s"),
        Claim(
            "drag-times-equal", "B, main text", "The two drag times of the bilayer are about equal", "τ_D^I ≈ τ_D^II"
        ),
        Claim("drag-ratio", "B, main text", "Drag ratio there with τ_2 = 1 to 2 ns", "1 %"),
        Claim("drag-fermi-energy", "B, main text", "1/τ_D and ζ increase as the Fermi energies decrease"),
        Claim("drag-small", "B, main text", "Frictional drag is a small fraction of the drive current", "ζ ≪ 1"),
        Claim(
            "drag-curve",
            "B, Fig. 1b",
            "Perfect drag between direction-dependent critical currents, small frictional drag beyond them",
            "sketch",
        ),
        Claim(
            "drag-signature",
            "B, abstract and introduction",
            "Nonreciprocal perfect drag needs phase-coherent superflow and so identifies the condensate unambiguously",
        ),
    )
}


@dataclass(frozen=True)
class Verdict:
    """What this book computes for a claim, and what follows.

    Parameters
    ----------
    key : str
        Of a claim in `CLAIMS`.
    computed : str
        Our value with its error.
    verdict : {"reproduced", "reproduced under stated conditions", "sensitive", "not reproduced", "misprint"}
        ``"misprint"`` just for those claims that have a printed and a corrected form.
    reason : str
        On what the verdict rests, in a few words.
    evidence : str
        Label of the figure, table or section of the same page that shows it.

    Raises
    ------
    ValueError
        If there is no such claim or verdict, a text is empty, or a misprint has no corrected form or the reverse.

    Examples
    --------
    >>> verdict = Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "depends on the window of the fit", "fig-mass")
    >>> verdict.verdict
    'sensitive'
    """

    key: str
    computed: str
    verdict: str
    reason: str
    evidence: str

    def __post_init__(self):
        validation.option("key", self.key, CLAIMS)
        validation.option("verdict", self.verdict, VERDICTS)
        for name in ("computed", "reason", "evidence"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name} = {getattr(self, name)!r} is not allowed: need a text for claim {self.key!r}")
        if (self.verdict == "misprint") != bool(CLAIMS[self.key].printed):
            raise ValueError(
                f"verdict = {self.verdict!r} is not allowed: claim {self.key!r} has "
                + ("a printed and a corrected form" if CLAIMS[self.key].printed else "no corrected form")
            )

    @property
    def link(self):
        """MyST role that leads to the evidence."""
        if self.evidence.startswith(("fig-", "tab-")):
            return f"{{numref}}`{self.evidence}`"
        return f"{{ref}}`section <{self.evidence}>`"


class VerdictTable:
    """The claims of one page with what the page computes for them.

    As the last expression of a cell it shows the table and hands the values to the page of all claims
    (as output of type ``MIME_TYPE``).

    Parameters
    ----------
    verdicts : sequence of Verdict
        Each claim once.

    Attributes
    ----------
    markdown : str
        The table in MyST.

    Raises
    ------
    ValueError
        If a claim stands twice, or a text would break the table.

    Examples
    --------
    >>> verdict = Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "depends on the fit window", "fig-mass")
    >>> print(VerdictTable([verdict]).markdown.splitlines()[-1])  # doctest: +ELLIPSIS
    | A, Fig. 3 | Electron band ... | 0.93 m_e | 0.79 to 0.95 m_e | sensitive: depends on the fit window | {numref}`fig-mass` |
    """

    MIME_TYPE = "application/vnd.ehbilayer.verdicts+json"

    def __init__(self, verdicts):
        self.verdicts = tuple(verdicts)
        keys = [verdict.key for verdict in self.verdicts]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise ValueError(f"verdicts = {sorted(twice)} is not allowed: need each claim once")
        # Here, since an error while IPython shows an object does not stop a notebook.
        self.markdown = self._markdown()

    def _markdown(self):
        rows = []
        for verdict in self.verdicts:
            claim = CLAIMS[verdict.key]
            judged = f"{verdict.verdict}: {verdict.reason}"
            rows.append(
                (claim.place, claim.statement, claim.value or "qualitative", verdict.computed, judged, verdict.link)
            )
        return markdown_table(
            ["place", "statement", "claimed", "computed here", "verdict", "shown in"], rows, align="llllll"
        )

    def __repr__(self):
        return f"VerdictTable of {len(self.verdicts)} claims"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "text/markdown": self.markdown,
            self.MIME_TYPE: [asdict(verdict) for verdict in self.verdicts],
        }
