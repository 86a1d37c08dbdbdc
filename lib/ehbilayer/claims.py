"""What the two papers state and where; the executed notebooks supply the computed values and the verdicts."""

from dataclasses import dataclass

from ehbilayer import validation

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
    """

    key: str
    place: str
    statement: str
    value: str = ""


CLAIMS = {
    claim.key: claim
    for claim in (
        Claim(
            "hole-gap",
            "A, Fig. 3",
            "Hartree–Fock hole gap of the EL-HC state at m_h/m_e = 10, d = a_h, r_s^h = 7, 36 holes",
            "0.74 ε_F",
        ),
        Claim("electron-mass", "A, Fig. 3", "Electron band of the same state is that of free particles of mass m*", "0.93 m_e"),
        Claim("homogeneous-electrons", "A, main text", "The electrons form a nearly homogeneous liquid around the hole crystal"),
        Claim("hole-exchange", "A, main text", "The exchange energy between localised hole spins is very small"),
        Claim("restricted-similar", "A, supplement", "Unrestricted and restricted calculations of the electron liquid give similar results"),
        Claim("cutoff-criterion", "A, supplement", "A plane-wave cutoff where occupations fall below 1 % suffices", "1 %"),
        Claim("el-hc-ratio", "A, main text", "EL-HC appears robustly for sufficiently heavy holes", "m_h/m_e ≳ 2"),
        Claim("mott-direct", "A, Fig. 2", "At d = a_h a Mott transition connects liquid and condensate directly"),
        Claim("r-s-star", "A, supplement", "Hartree–Fock crystallises electrons near this radius", "r_s* ≃ 2"),
        Claim("ec-hl", "A, Fig. 2 right", "The pure Hartree–Fock diagram contains an electron-crystal hole-liquid phase"),
        Claim(
            "crystallisation-enhanced",
            "A, main text",
            "The other layer promotes crystallisation for d ≲ a_h; for d ≳ 3 a_h each layer follows its own density",
        ),
        Claim("alpha-value", "A, main text", "Plasmon velocity in units of v_0 near r_s^e = 1.6, m_h/m_e = 10", "α ≈ 0.3"),
        Claim("alpha-linear", "A, Fig. 4a", "α² falls linearly with r_s^e at every layer distance"),
        Claim("alpha-uniform", "A, supplement", "Hartree–Fock value of the uniform electron gas", "α² = 1 − (√2/π) r_s"),
        Claim("alpha-step", "A, supplement", "Second differences of the energy agree for different steps of the area"),
        Claim("capacitance", "A, Fig. S2", "The capacitance energy changes α² and makes the compressibility positive", "+ 4 d/a_e"),
        Claim("capacitance-omitted", "A, supplement", "The capacitance energy must be left out of the plasmon velocity"),
        Claim("density", "A, main text", "Density at r_s^e = 1.6, m_h = m_0, m_h/m_e = 10, ε_r = 5", "1.8e12 cm⁻²"),
        Claim("hartree-temperature", "A, main text", "Hartree temperature of the same electrons", "1.26e3 K"),
        Claim("debye-temperature", "A, main text", "Debye temperature there for α ≈ 0.3", "94 K"),
        Claim("tc-headline", "A, main text", "T_c there at d = a_e", "10 K"),
        Claim("tc-hydrogen", "A, main text", "T_c with m_h/m_e = 2000, m_e = m_0, ε_r = 1", "180 K"),
        Claim("tc-rescaled", "A, Fig. S3", "Largest T_c at m_h/m_e = 1000, m_e = m_0, ε_r = 1, with α² rescaled to r_s* = 31", "16 K"),
        Claim("tc-intermediate", "A, Fig. 4b", "T_c is highest at intermediate densities and vanishes at very high ones"),
        Claim("tc-smallest-d", "A, main text", "At fixed density T_c is highest at d = 0"),
        Claim("tc-ratio-only", "A, main text", "At fixed d/a_e the largest T_c/T_H depends on the mass ratio only"),
        Claim("umklapp-underestimate", "A, main text", "Freezing q at k_D underestimates Umklapp scattering"),
        Claim("equation-four", "A, Eq. 4", "The Fermi-surface average of Eq. 3 is Eq. 4"),
        Claim("bcs-formula", "A, main text", "T_c ≈ 1.13 T_D exp(1/g_0V)"),
        Claim("robust", "A, main text", "The predictions do not depend on the approximations made"),
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
    reason : str
        On what the verdict rests, in a few words.

    Raises
    ------
    ValueError
        If there is no such claim or verdict.

    Examples
    --------
    >>> Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "depends on the window of the fit").verdict
    'sensitive'
    """

    key: str
    computed: str
    verdict: str
    reason: str

    def __post_init__(self):
        validation.option("key", self.key, CLAIMS)
        validation.option("verdict", self.verdict, VERDICTS)


def verdict_rows(verdicts):
    """Rows of a table: place, statement, claimed, computed, verdict with its reason.

    Parameters
    ----------
    verdicts : sequence of Verdict

    Returns
    -------
    list of tuple of str

    Examples
    --------
    >>> verdict = Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "depends on the fit window")
    >>> verdict_rows([verdict])[0][2:]
    ('0.93 m_e', '0.79 to 0.95 m_e', 'sensitive: depends on the fit window')
    """
    rows = []
    for verdict in verdicts:
        claim = CLAIMS[verdict.key]
        rows.append((claim.place, claim.statement, claim.value or "qualitative", verdict.computed, f"{verdict.verdict}: {verdict.reason}"))
    return rows
