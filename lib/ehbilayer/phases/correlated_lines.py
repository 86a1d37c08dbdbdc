"""Lines between the phases of `correlated_point`: where EL-HC begins and ends, and what mass ratio it needs."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import NotConverged
from ehbilayer.model.quantum_liquid import lowest_liquid
from ehbilayer.model.wigner_crystal import wigner_crystal_energy
from ehbilayer.numerics.roots import root
from ehbilayer.phases.correlated import correlated_point
from ehbilayer.phases.correlated_coupling import screening_share

__all__ = [
    "Coexistence",
    "ElHcWindow",
    "coexistence",
    "el_hc_window",
    "layer_crossing",
    "needed_mass_ratio",
    "pair_line",
]

# Densities at which a change of order is looked for, in units of the first one, and the tolerance of the roots.
_SPAN, _TRIALS, _TOLERANCE = 30.0, 14, 1e-4

# Relative step in the density for chemical potentials.
_STEP = 0.02


@dataclass(frozen=True)
class ElHcWindow:
    """Densities at which EL-HC lies lowest.

    Attributes
    ----------
    lower : float or None
        r_s in a_h at which the holes of the liquid crystallise; None where the electrons screen them too well.
    upper : float or None
        r_s in a_h at which pairs or coupled crystals get lower than EL-HC; None where there is no window.
    margin : float
        Energy of the lowest state of pairs or of coupled crystals less that of EL-HC at `lower`, Ha_h per pair: a
        window needs a positive one. -inf without `lower`.
    next_phase : str
        What follows at `upper`; "" where there is no window.
    """

    lower: float | None
    upper: float | None
    margin: float
    next_phase: str


@dataclass(frozen=True)
class Coexistence:
    """Two phases beside each other around a first-order line, by Maxwell's construction to first order.

    Attributes
    ----------
    r_s : float
        In a_h, where the energies cross.
    potential_jump : float
        Chemical potential of a pair in the unpaired phase less that in the paired phase, Ha_h.
    width : float
        Densities that lie between the two phases', over the density of the crossing, with the capacitance energy.
    """

    r_s: float
    potential_jump: float
    width: float


def layer_crossing() -> float:
    """r_s at which the harmonic crystal and the liquid of one layer have the same energy.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{layer_crossing():.1f}")
    30.6
    """
    # The two nearly touch at r_s = 15 already; crystals lie lower for good from the second crossing on.
    return root(lambda r_s: wigner_crystal_energy(r_s) - lowest_liquid(r_s).energy, 26.0, 40.0)


@checked
def el_hc_window(
    *, mass_ratio: float = 10, d: float = 10.0, crossing: float | None = None, coupling: str = "local field"
) -> ElHcWindow:
    """Where EL-HC begins and ends with falling density.

    Parameters
    ----------
    mass_ratio, d, crossing, coupling
        As in `correlated_point`.

    Returns
    -------
    ElHcWindow

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Notes
    -----
    The holes crystallise where their radius, shortened by the share that the electrons screen, is that of one layer's
    crossing. The condensate's energy is an upper bound, so that a window can be narrower than found, or missing.

    Examples
    --------
    >>> window = el_hc_window(mass_ratio=40, d=40.0)
    >>> 30 < window.lower < 32 and window.upper > 80
    True
    """
    lower = _onset(mass_ratio, d, crossing, coupling)
    if lower is None:
        return ElHcWindow(None, None, -math.inf, "")
    options: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, crossing=crossing, coupling=coupling)
    start = _gap(lower, options)
    if start <= 0:
        return ElHcWindow(lower, None, start, "")
    upper = _first_root(lower, options)
    phase = "" if upper is None else correlated_point(r_s=1.001 * upper, **options)["phase"]
    return ElHcWindow(lower, upper, start, phase)


@checked
def pair_line(
    *, mass_ratio: float = 10, d: float = 10.0, crossing: float | None = None, coupling: str = "local field"
) -> float | None:
    """Largest density at which pairs or coupled crystals lie below the liquid of electrons with any order of holes.

    Parameters
    ----------
    mass_ratio, d, crossing, coupling
        As in `correlated_point`.

    Returns
    -------
    float or None
        r_s in a_h, from max(3, 0.6 mass_ratio) on; None where there is none up to 30 times that value.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> 30 < pair_line(mass_ratio=10, d=10.0) < 50
    True
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e3)
    options: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, crossing=crossing, coupling=coupling)
    return _first_root(max(3.0, 0.6 * mass_ratio), options)


@checked
def needed_mass_ratio(
    *, spacing: float = 1.0, crossing: float | None = None, coupling: str = "local field", tolerance: float = 0.01
) -> float:
    """Smallest mass ratio with an EL-HC window at a spacing fixed in the electrons' Bohr radius.

    Parameters
    ----------
    spacing : float
        d/a_e, from 0.2 to 5.
    crossing, coupling
        As in `correlated_point`.
    tolerance : float
        Of the ratio, from 1e-4 to 1.

    Returns
    -------
    float
        m_h/m_e. The condensate's energy being a bound, a smaller ratio has no window, a larger one may have one.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If there is none between 1 and 200.

    Examples
    --------
    >>> 3 < needed_mass_ratio() < 15
    True
    """
    spacing = validation.real("spacing", spacing, low=0.2, high=5.0)
    tolerance = validation.real("tolerance", tolerance, low=1e-4, high=1.0)

    def margin(ratio: float) -> float:
        lower = _onset(ratio, spacing * ratio, crossing, coupling)
        options = dict(mass_ratio=ratio, d=spacing * ratio, crossing=crossing, coupling=coupling)
        return -1.0 if lower is None else _gap(lower, options)

    ratios = np.geomspace(1.0, 200.0, 12)
    before = margin(1.0)
    for low, high in zip(ratios[:-1], ratios[1:], strict=True):
        after = margin(float(high))
        if before <= 0 < after:
            return float(root(margin, float(low), float(high), absolute=tolerance, relative=1e-12))
        before = after
    raise NotConverged(f"no mass ratio from 1 to 200 with EL-HC at d = {spacing:g} a_e")


@checked
def coexistence(
    *, mass_ratio: float = 10, d: float = 10.0, crossing: float | None = None, coupling: str = "local field"
) -> Coexistence:
    """Width of the coexistence at `pair_line`.

    Parameters
    ----------
    mass_ratio, d, crossing, coupling
        As in `correlated_point`.

    Returns
    -------
    Coexistence

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If there is no crossing.

    Examples
    --------
    >>> found = coexistence(mass_ratio=10, d=10.0)
    >>> found.potential_jump > 0 and 0 < found.width < 1
    True
    """
    options: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, crossing=crossing, coupling=coupling)
    r_s = pair_line(**options)
    if r_s is None:
        raise NotConverged(f"no line between liquid and pairs at mass_ratio = {mass_ratio}, d = {d}")
    density = 1 / (math.pi * r_s**2)
    factors = np.array([1 - _STEP, 1.0, 1 + _STEP])
    points = [correlated_point(r_s=float(r_s / math.sqrt(x)), **options) for x in factors]
    slopes, curvatures = [], []
    for energies in zip(*(_both(point) for point in points), strict=True):
        per_area = factors * energies  # over the density of the crossing
        slopes.append((per_area[2] - per_area[0]) / (2 * _STEP))
        curvatures.append((per_area[2] - 2 * per_area[1] + per_area[0]) / _STEP**2)
    # Two parabolas of the mean curvature have their common tangent over this width; both share the capacitor's part.
    curvature = sum(curvatures) / 2 + 4 * math.pi * density * d
    jump = slopes[0] - slopes[1]
    return Coexistence(r_s, jump, jump / curvature if curvature > 0 else math.inf)


def _onset(mass_ratio, d, crossing, coupling):
    target = layer_crossing() if crossing is None else validation.real("crossing", crossing, low=20.0, high=60.0)
    field = coupling != "random phase"

    def excess(r_s: float) -> float:
        polarisation = lowest_liquid(r_s / mass_ratio).polarisation
        share = screening_share(mass_ratio=mass_ratio, d=d, r_s=r_s, polarisation=polarisation, local_field=field)
        return (1 - share) * r_s - target

    trials = np.geomspace(0.999 * target, 10 * target, 60)
    for low, high in zip(trials[:-1], trials[1:], strict=True):
        if excess(float(high)) > 0:
            return root(excess, float(low), float(high), absolute=1e-9)
    return None


def _both(point):
    """Energies of the electrons' liquid and of pairs or coupled crystals, the lowest of each."""
    unpaired = min(energy for energy in (point["liquid"], point["EL-HC"]) if energy is not None)
    paired = min(energy for energy in (point["condensate"], point["coupled crystal"]) if energy is not None)
    return unpaired, paired


def _gap(r_s, options):
    unpaired, paired = _both(correlated_point(r_s=r_s, **options))
    return paired - unpaired


def _first_root(start, options):
    trials = np.geomspace(start, _SPAN * start, _TRIALS)
    before = _gap(float(trials[0]), options)
    if before <= 0:
        return None
    for low, high in zip(trials[:-1], trials[1:], strict=True):
        after = _gap(float(high), options)
        if after <= 0:
            return root(lambda r_s: _gap(r_s, options), float(low), float(high), absolute=_TOLERANCE * start)
    return None
