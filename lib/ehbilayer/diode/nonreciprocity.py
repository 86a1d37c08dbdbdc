r"""The exciton diode: condensate momentum, critical currents and their asymmetry (paper B, Fig. 4).

Units k_B T_c = m = hbar = 1, where T_c is the mean-field transition temperature and m twice the reduced mass: energies
in E_u = k_B T_c, lengths in l_u = hbar/sqrt(m k_B T_c), number currents per width in J_u = E_u/(hbar l_u).
"""

import math
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import CONVENTIONS, Bands, isolated_bands
from ehbilayer.diode.momentum_grid import FINE, Resolution
from ehbilayer.diode.pairing_form import HOLDS, PairingForm
from ehbilayer.diode.pocket import BetaNotPositive
from ehbilayer.diode.single_band import SingleBandCheck, single_band_check
from ehbilayer.diode.solutions import Solution, expansion_solution, mean_field_solution
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first

__all__ = ["COUPLINGS", "THEORIES", "UNITS", "DiodeResult", "diode"]

#: Theories of the critical current.
THEORIES = ("ginzburg-landau", "mean-field")
#: Where the attraction is fixed: at every field anew, or once at zero field.
COUPLINGS = ("each-field", "zero-field")
# Of the expansion, in pi k_B T: 93 zeta(5)/128 x^4 is half of 7 zeta(3)/8 x^2 in the gap equation of weak coupling.
_LARGEST_DELTA = 0.835
# Distance of two minima, relative to the lower one, within which they count as degenerate.
_CLOSE = 0.01
# At the critical temperature rounding errors of the coupling leave an order parameter, in k_B T_c, below this.
_ROUNDING = 1e-6
_NUMBERS = tuple(field.name for field in fields(Solution))
UNITS = {
    "E_F": "E_u",
    "mass_ratio": "1",
    "imbalance": "1",
    "lam": "E_u l_u",
    "lam_h": "E_u l_u",
    "J": "E_u",
    "B": "E_u",
    "T": "T_c",
    "q0": "1/l_u",
    "q0_y": "1/l_u",
    "stiffness": "E_u",
    "angle": "rad",
    "J_plus": "J_u",
    "J_minus": "J_u",
    "q_plus": "1/l_u",
    "q_minus": "1/l_u",
    "delta": "E_u",
    "efficiency": "1",
}
"""Units of the parameters and results of `diode`."""


@numbers_first()
@dataclass(frozen=True, eq=False)
class DiodeResult:
    """What `diode` returns; units in `units`.

    Attributes
    ----------
    condensed : bool
        Whether the condensate is lower than the normal state at some momentum. If not, what follows is None.
    q0, q0_y : float or None
        Components of the pair momentum of the ground state; that with -q0_y is as low.
    stiffness : ndarray, shape (2, 2), or None
        Second derivatives of the potential along x and y in the ground state.
    stable : bool or None
        Whether no eigenvalue of the stiffness is negative; if not, the state is a saddle and no ground state.
    valid : bool
        Whether the numbers are those of a ground state inside the theory's range: stable, and in Ginzburg-Landau theory
        an order parameter below 0.835 pi k_B T, where in weak coupling the sixth order reaches half of the fourth.
    J_plus, J_minus : float or None
        In J_u: largest and smallest current along the direction `angle` (x by default) among the states that carry none
        across it, are continued from the ground state and lowest in the momentum across. Along x these are the states
        with q_y = 0 where they are stable; without `plane` always.
    efficiency : float or None
        eta = (J_plus - abs(J_minus))/(J_plus + abs(J_minus)), a fraction.
    q_plus, q_minus : float or None
        Momenta of the critical currents, their component along the direction.
    delta : float or None
        Order parameter at q0.
    window_edge : bool or None
        Whether a critical current or the condensed region lies at the end of the momenta that were looked at.
    runner_up : float or None
        Potential of the next local minimum over the momenta that were looked at (with `plane` those of the plane; the
        mirror image does not count) over that of the ground state; 0 if none was seen.
    ambiguous_delta : bool or None
        Whether at the ground state's momentum another order parameter has a potential as low, to a thousandth of
        Delta^2/4 pi, the condensation energy of weak coupling.
    error : float or None
        Estimate of the absolute error of the efficiency.
    current_error : float or None
        Estimate of the relative error of the critical currents.
    in_range : bool
        Whether the order parameter is small enough for the theory, as under `valid`; below about T_c/2 it is not.
    converged : bool
        Whether `current_error` is below the requested tolerance and the theory in its range; True without a
        condensate.
    message : str
        What a reader should know: why there is no result or what makes it doubtful; may be empty.
    single_band : SingleBandCheck
    bands : Bands
    parameters : dict
        Everything the result was computed with.
    units : dict
    """

    condensed: bool
    q0: float | None
    q0_y: float | None
    stiffness: NDArray[np.float64] | None
    stable: bool | None
    valid: bool
    J_plus: float | None
    J_minus: float | None
    efficiency: float | None
    q_plus: float | None
    q_minus: float | None
    delta: float | None
    window_edge: bool | None
    runner_up: float | None
    ambiguous_delta: bool | None
    error: float | None
    current_error: float | None
    in_range: bool
    converged: bool
    message: str
    single_band: SingleBandCheck
    bands: Bands
    parameters: dict[str, Any]
    units: dict[str, str]

    @property
    def degenerate(self) -> bool:
        """Whether another minimum over the momentum is within 1 % as low: any small change may exchange them."""
        return self.runner_up is not None and bool(self.runner_up > 1 - _CLOSE)

    @property
    def one_band(self) -> bool:
        """Whether one band in each layer holds the carriers."""
        return self.single_band.ok


@checked
def diode(
    *,
    E_F: float,
    lam: float,
    J: float,
    B: float,
    T: float,
    convention: str = "balanced",
    theory: str = "ginzburg-landau",
    coupling: str = "each-field",
    lam_h: float = 0.0,
    mass_ratio: float = 1.0,
    imbalance: float = 0.0,
    hold: str = "potential",
    overlaps: bool = False,
    plane: bool = True,
    angle: float = 0.0,
    resolution: Resolution | None = None,
    nodes: int = 40,
    tolerance: float = 1e-6,
) -> DiodeResult:
    """Condensate momentum, critical currents and diode efficiency.

    Parameters
    ----------
    E_F : float
        Fermi energy of the holes in k_B T_c, greater than zero.
    lam : float
        Rashba strength of the electron layer in E_u l_u, of either sign.
    J, B : float
        Zeeman fields across and in the plane, in k_B T_c.
    T : float
        Temperature in T_c; at least 0.01 (Ginzburg-Landau) or 0.02 (mean field).
    convention : {"balanced", "literal"}
        See `ehbilayer.diode.bands.isolated_bands`.
    theory : {"ginzburg-landau", "mean-field"}
        Paper B's expansion to fourth order, or the full mean-field potential.
    coupling : {"each-field", "zero-field"}
        Whether g is such that the transition is at T_c = 1 at the given B, or at B = 0.
    lam_h : float
        Rashba strength of the hole layer in E_u l_u; other than zero with the literal convention only.
    mass_ratio : float
        m_h/m_e, greater than zero. The unit of mass is twice the reduced mass, 1/m_e + 1/m_h = 2/m.
    imbalance : float
        n_e/n_h - 1 at T_c, above -1; other than 0 with the balanced convention only.
    hold : {"potential", "density"}
        Whether both chemical potentials are those at T_c whatever the temperature and the current, or the densities of
        both layers, which gates fix; the chemical potentials then follow the state.
    overlaps : bool
        Whether the attraction keeps the spin of the electron, so that its projection on the band carries the overlap of
        the spinors and the order parameter is a spinor; `delta` is then its length, of which a pair feels the share of
        its own spin. With `lam_h` = 0 only.
    plane : bool
        Whether the coupling, the ground state and the currents are those of all pair momenta, or those on the axis of
        q_y = 0 only, where the result may be a saddle.
    angle : float
        From x to the direction of the critical currents, in radians; other than 0 with `plane` only.
    resolution : Resolution, optional
        Of the momentum grid in Ginzburg-Landau theory; mean-field theory refines its cells of momenta by itself.
    nodes : int
        Chebyshev nodes in q_x to begin with (Ginzburg-Landau), from 12 to 400; doubled until the series has decayed.
    tolerance : float
        Relative error of the critical currents up to which the result counts as converged.

    Returns
    -------
    DiodeResult
        With ``condensed`` False and None for all numbers where the normal state is stable. Where the expansion to
        fourth order has no minimum (beta <= 0 in the pocket) ``condensed`` is True, ``converged`` False, and the
        numbers are None.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Notes
    -----
    The error is the difference to a coarser momentum grid and a shorter Chebyshev series, or in mean-field theory to
    fewer cells of momenta, whose errors are larger by orders of magnitude than those of the result: a bound rather than
    an estimate.

    Examples
    --------
    >>> r = diode(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9, convention="literal")
    >>> print(f"{r.q0:.6f} {r.J_plus:.8f} {r.J_minus:.8f} {r.efficiency:.4%}")
    0.200005 0.02661251 -0.02659763 0.0280%
    >>> diode(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=1.1).condensed
    False
    """
    validation.option("convention", convention, CONVENTIONS)
    validation.option("theory", theory, THEORIES)
    validation.option("coupling", coupling, COUPLINGS)
    overlaps = validation.instance("overlaps", overlaps, bool)
    form = PairingForm(validation.option("hold", hold, HOLDS), overlaps)
    if overlaps and lam_h:
        raise ArgumentError("overlaps", overlaps, "False with Rashba coupling in both layers")
    lowest = 0.01 if theory == "ginzburg-landau" else 0.02
    T = validation.real("T", T, low=lowest, high=1e3)
    nodes = validation.integer("nodes", nodes, low=12, high=400)
    tolerance = validation.positive("tolerance", tolerance)
    plane = validation.instance("plane", plane, bool)
    angle = validation.real("angle", angle)
    if angle and not plane:
        raise ArgumentError("angle", angle, "0 with plane = False")
    if resolution is not None and not isinstance(resolution, Resolution):
        raise TypeError(f"resolution = {resolution!r} is not allowed: need a Resolution")
    if resolution is not None and theory == "mean-field":
        raise ArgumentError(
            "resolution", resolution, "None with theory = 'mean-field', which refines its cells by itself"
        )
    E_F = validation.real("E_F", E_F, low=1e-6, high=1e4)
    numbers = {"lam": lam, "J": J, "B": B, "lam_h": lam_h}
    numbers = {name: validation.real(name, value) for name, value in numbers.items()}
    numbers["mass_ratio"] = validation.real("mass_ratio", mass_ratio, low=1e-3, high=1e3)
    numbers["imbalance"] = validation.real("imbalance", imbalance)
    if not lam:
        # The spinor is the same at all momenta.
        form = PairingForm(hold)
    parameters = {
        "E_F": E_F,
        **numbers,
        "T": T,
        "convention": convention,
        "theory": theory,
        "coupling": coupling,
        "hold": hold,
        "overlaps": overlaps,
        "plane": plane,
        "angle": angle,
        "resolution": resolution,
        "nodes": nodes,
        "tolerance": tolerance,
    }
    bands = _bands(convention, E_F, *numbers.values())
    reference = bands
    if coupling == "zero-field":
        reference = _bands(convention, E_F, *{**numbers, "B": 0.0}.values())
    check = _check(bands)
    # Without a preferred direction all are as good.
    angle = 0.0 if bands.isotropic else angle
    solution, message = None, ""
    try:
        if theory == "ginzburg-landau":
            fine = FINE if resolution is None else resolution
            solution = expansion_solution(bands, reference, T, fine, nodes, plane=plane, angle=angle, form=form)
        else:
            solution = mean_field_solution(bands, reference, T, plane=plane, angle=angle, form=form)
    except BetaNotPositive as error:
        message = str(error)
    if solution is not None and solution.delta < _ROUNDING:
        solution = None
    values = dict.fromkeys(_NUMBERS) if solution is None else {name: getattr(solution, name) for name in _NUMBERS}
    condensed = solution is not None or bool(message)
    in_range = not message and not _outside(solution, T, theory)
    converged = not message and (solution is None or solution.current_error <= tolerance)
    if solution is not None and not converged:
        message = f"critical currents good to {solution.current_error:.1e} only"
    converged = converged and in_range
    doubts = _doubts(solution, T, theory)
    valid = condensed == (solution is not None) and in_range and (solution is None or solution.stable)
    message = "; ".join(part for part in (message, *doubts, check.message) if part)
    return DiodeResult(
        condensed=condensed,
        **values,
        valid=valid,
        in_range=in_range,
        converged=converged,
        message=message,
        single_band=check,
        bands=bands,
        parameters=parameters,
        units=UNITS,
    )


def _outside(solution, T, theory):
    """Whether the order parameter is too large for the expansion."""
    return solution is not None and theory == "ginzburg-landau" and solution.delta > _LARGEST_DELTA * math.pi * T


def _doubts(solution, T, theory):
    """What makes a solution no ground state, or a bad one."""
    if solution is None:
        return []
    doubts = [] if solution.stable else ["not a ground state: the stiffness has a negative eigenvalue"]
    if _outside(solution, T, theory):
        doubts.append(f"outside the range of the expansion to fourth order: Delta = {solution.delta / T:.1f} k_B T")
    if solution.window_edge:
        doubts.append("the condensate reaches the end of the momenta that were looked at")
    if solution.runner_up > 1 - _CLOSE:
        doubts.append("another minimum is nearly as low")
    if solution.ambiguous_delta:
        doubts.append("another order parameter is nearly as good")
    return doubts


@lru_cache(maxsize=256)
def _bands(convention, E_F, lam, J, B, lam_h, mass_ratio, imbalance):
    given = dict(E_F=E_F, lam=lam, J=J, B=B, lam_h=lam_h, mass_ratio=mass_ratio, imbalance=imbalance)
    return isolated_bands(**given, convention=convention)


@lru_cache(maxsize=256)
def _check(bands):
    return single_band_check(bands)
