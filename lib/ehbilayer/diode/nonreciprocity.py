r"""The exciton diode: condensate momentum, critical currents and their asymmetry (paper B, Fig. 4).

Units k_B T_c = m = hbar = 1, where T_c is the mean-field transition temperature and m twice the reduced mass: energies
in E_u = k_B T_c, lengths in l_u = hbar/sqrt(m k_B T_c), number currents per width in J_u = E_u/(hbar l_u).
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ehbilayer import validation
from ehbilayer.diode import depairing
from ehbilayer.diode.bands import CONVENTIONS, Bands, isolated_bands
from ehbilayer.diode.brackets import pocket_bracket, susceptibility_bracket
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.figures_of_merit import efficiency
from ehbilayer.diode.ginzburg_landau import coefficients
from ehbilayer.diode.mean_field import MeanField
from ehbilayer.diode.momentum_grid import FINE, Resolution
from ehbilayer.diode.pocket import BetaNotPositive, critical_currents
from ehbilayer.diode.single_band import SingleBandCheck, single_band_check
from ehbilayer.errors import ArgumentError

__all__ = ["COUPLINGS", "THEORIES", "UNITS", "DiodeResult", "diode"]

#: Theories of the critical current.
THEORIES = ("ginzburg-landau", "mean-field")
#: Where the attraction is fixed: at every field anew, or once at zero field.
COUPLINGS = ("each-field", "zero-field")
UNITS = {
    "E_F": "E_u",
    "mass_ratio": "1",
    "lam": "E_u l_u",
    "lam_h": "E_u l_u",
    "J": "E_u",
    "B": "E_u",
    "T": "T_c",
    "q0": "1/l_u",
    "J_plus": "J_u",
    "J_minus": "J_u",
    "q_plus": "1/l_u",
    "q_minus": "1/l_u",
    "delta": "E_u",
    "efficiency": "1",
}
"""Units of the parameters and results of `diode`."""


@dataclass(frozen=True)
class DiodeResult:
    """What `diode` returns; units in `units`.

    Attributes
    ----------
    condensed : bool
        Whether the condensate is lower than the normal state at some q_x. If not, what follows is None.
    q0 : float or None
        Pair momentum of the ground state.
    J_plus, J_minus : float or None
        Largest and smallest J_x over q_x at q_y = 0 in the pocket that holds q0.
    efficiency : float or None
        eta = (J_plus - abs(J_minus))/(J_plus + abs(J_minus)), a fraction.
    q_plus, q_minus : float or None
        Momenta of the critical currents.
    delta : float or None
        Order parameter at q0.
    error : float or None
        Estimate of the absolute error of the efficiency.
    current_error : float or None
        Estimate of the relative error of the critical currents.
    converged : bool
        Whether `current_error` is below the requested tolerance (True without a condensate).
    message : str
        What a reader should know: why there is no result, or that a second band is occupied; may be empty.
    single_band : SingleBandCheck
    bands : Bands
    parameters : dict
        Everything the result was computed with.
    units : dict
    """

    condensed: bool
    q0: float | None
    J_plus: float | None
    J_minus: float | None
    efficiency: float | None
    q_plus: float | None
    q_minus: float | None
    delta: float | None
    error: float | None
    current_error: float | None
    converged: bool
    message: str
    single_band: SingleBandCheck
    bands: Bands
    parameters: dict[str, Any]
    units: dict[str, str]

    @property
    def one_band(self) -> bool:
        """Whether one band in each layer holds the carriers."""
        return self.single_band.ok


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
        Rashba strength of the hole layer; other than zero with the literal convention only.
    mass_ratio : float
        m_h/m_e, greater than zero. The unit of mass is twice the reduced mass, 1/m_e + 1/m_h = 2/m.
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
    lowest = 0.01 if theory == "ginzburg-landau" else 0.02
    T = validation.real("T", T, low=lowest)
    nodes = validation.integer("nodes", nodes, low=12, high=400)
    tolerance = validation.positive("tolerance", tolerance)
    if resolution is not None and not isinstance(resolution, Resolution):
        raise TypeError(f"resolution = {resolution!r} is not allowed: need a Resolution")
    if resolution is not None and theory == "mean-field":
        raise ArgumentError(
            "resolution", resolution, "None with theory = 'mean-field', which refines its cells by itself"
        )
    E_F = validation.positive("E_F", E_F)
    numbers = {"lam": lam, "J": J, "B": B, "lam_h": lam_h}
    numbers = {name: validation.real(name, value) for name, value in numbers.items()}
    numbers["mass_ratio"] = validation.positive("mass_ratio", mass_ratio)
    parameters = {
        "E_F": E_F,
        **numbers,
        "T": T,
        "convention": convention,
        "theory": theory,
        "coupling": coupling,
        "resolution": resolution,
        "nodes": nodes,
        "tolerance": tolerance,
    }
    bands = _bands(convention, E_F, *numbers.values())
    reference = bands
    if coupling == "zero-field":
        reference = _bands(convention, E_F, *{**numbers, "B": 0.0}.values())
    check = _check(bands)
    if theory == "ginzburg-landau":
        found, message = _ginzburg_landau(bands, reference, T, FINE if resolution is None else resolution, nodes)
    else:
        found, message = _mean_field(bands, reference, T)
    names = ("q0", "J_plus", "J_minus", "efficiency", "q_plus", "q_minus", "delta", "error", "current_error")
    values = dict.fromkeys(names) if found is None else found
    condensed = found is not None or bool(message)
    converged = not message and (found is None or found["current_error"] <= tolerance)
    if found is not None and not converged:
        message = f"critical currents good to {found['current_error']:.1e} only"
    message = "; ".join(part for part in (message, check.message) if part)
    return DiodeResult(
        condensed=condensed,
        **values,
        converged=converged,
        message=message,
        single_band=check,
        bands=bands,
        parameters=parameters,
        units=UNITS,
    )


@lru_cache(maxsize=256)
def _bands(convention, E_F, lam, J, B, lam_h, mass_ratio):
    return isolated_bands(E_F=E_F, lam=lam, J=J, B=B, convention=convention, lam_h=lam_h, mass_ratio=mass_ratio)


@lru_cache(maxsize=256)
def _check(bands):
    return single_band_check(bands)


@lru_cache(maxsize=256)
def _maximum_bracket(bands):
    return susceptibility_bracket(bands)


def _ginzburg_landau(bands, reference, T, resolution, nodes):
    """Values and a message: (None, "") without condensate, (None, reason) where the expansion fails."""
    bracket_maximum = _maximum_bracket(reference)
    inverse = coupling_at_T_c(reference, resolution, bracket_maximum).inverse
    bracket = pocket_bracket(bands, T, inverse)
    if bracket is None:
        return None, ""
    rough = resolution.coarser()
    try:
        for _ in range(4):
            pocket = critical_currents(bands, T, inverse, bracket, resolution, nodes)
            if pocket is None:
                return None, ""
            if pocket.tail < 1e-12:
                break
            nodes *= 2
        other_inverse = coupling_at_T_c(reference, rough, bracket_maximum).inverse
        other = critical_currents(bands, T, other_inverse, bracket, rough, max(12, 3 * nodes // 4))
    except BetaNotPositive as error:
        return None, str(error)
    eta = efficiency(pocket.J_plus, pocket.J_minus)
    if other is None:
        error, current_error = math.inf, math.inf
    else:
        error = abs(eta - efficiency(max(other.J_plus, 0.0), min(other.J_minus, 0.0)))
        current_error = max(abs(pocket.J_plus / other.J_plus - 1), abs(pocket.J_minus / other.J_minus - 1))
    at_q0 = coefficients(bands, pocket.q0, T=T, resolution=resolution)
    return {
        "q0": pocket.q0,
        "J_plus": pocket.J_plus,
        "J_minus": pocket.J_minus,
        "efficiency": eta,
        "q_plus": pocket.q_plus,
        "q_minus": pocket.q_minus,
        "delta": math.sqrt(max(float(at_q0.susceptibility) - inverse, 0.0) / float(at_q0.beta)),
        "error": error,
        "current_error": current_error,
    }, ""


def _mean_field(bands, reference, T):
    inverse = coupling_at_T_c(reference, FINE, _maximum_bracket(reference)).inverse
    field = MeanField(bands, T, inverse)
    result = depairing.critical_currents(field)
    if result is None:
        return None, ""
    plus, minus = result.plus, result.minus
    eta = efficiency(max(plus.value, 0.0), min(minus.value, 0.0))
    # The same states on fewer cells: to first order J_c does not depend on where its maximum is.
    other = MeanField(bands, T, inverse, tolerance=100 * field.tolerance)
    changes = [
        (abs(other.solve(e.q).electron_current[0] - e.value) + e.error) / max(abs(e.value), 1e-300)
        for e in (plus, minus)
    ]
    return {
        "q0": result.ground.q[0],
        "J_plus": plus.value,
        "J_minus": minus.value,
        "efficiency": eta,
        "q_plus": plus.q,
        "q_minus": minus.q,
        "delta": result.ground.delta,
        "error": sum(changes) / 2,
        "current_error": max(changes),
    }, ""
