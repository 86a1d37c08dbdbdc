"""Lines between the phases of `correlated_point`: where EL-HC begins and ends, and what mass ratio it needs."""

import itertools
import math
from collections.abc import Sequence
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
from ehbilayer.phases.correlated_pairs import DILUTE

__all__ = [
    "Coexistence",
    "ElHcWindow",
    "coexistence",
    "el_hc_window",
    "hole_crystallisation",
    "layer_crossing",
    "needed_mass_ratio",
    "pair_line",
    "phase_lines",
]

# Densities at which a change of order is looked for, in units of the first one, and the tolerance of the roots.
_SPAN, _TRIALS, _TOLERANCE = 30.0, 10, 1e-3

# Densities of the convex hull, over that of the crossing.
_DENSITIES, _POINTS = (0.25, 4.0), 41


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
    """Two phases beside each other around a first-order line, by Maxwell's construction.

    Attributes
    ----------
    r_s : float
        In a_h, where the energies cross.
    low, high : float
        Densities of the two phases over that of the crossing, to seven per cent: their distance there is one point of
        the grid where the coexistence is narrower than that.
    """

    r_s: float
    low: float
    high: float


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
    *,
    mass_ratio: float = 10,
    d: float = 10.0,
    crossing: float | None = None,
    coupling: str = "local field",
    dilute: float = DILUTE,
) -> ElHcWindow:
    """Where EL-HC begins and ends with falling density.

    Parameters
    ----------
    mass_ratio, d, crossing, coupling, dilute
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
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=0.01, high=1e3)
    lower = hole_crystallisation(mass_ratio, d, crossing, coupling)
    if lower is None:
        return ElHcWindow(None, None, -math.inf, "")
    options: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, crossing=crossing, coupling=coupling, dilute=dilute)
    start = _gap(lower, options)
    if start <= 0:
        return ElHcWindow(lower, None, start, "")
    upper = _first_root(lower, options)
    phase = "" if upper is None else correlated_point(r_s=1.001 * upper, **options, errors=False)["phase"]
    return ElHcWindow(lower, upper, start, phase)


@checked
def pair_line(
    *,
    mass_ratio: float = 10,
    d: float = 10.0,
    crossing: float | None = None,
    coupling: str = "local field",
    dilute: float = DILUTE,
) -> float | None:
    """Largest density at which pairs or coupled crystals lie below the liquid of electrons with any order of holes.

    Parameters
    ----------
    mass_ratio, d, crossing, coupling, dilute
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
    options: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, crossing=crossing, coupling=coupling, dilute=dilute)
    return _first_root(max(3.0, 0.6 * mass_ratio), options)


@checked
def needed_mass_ratio(
    *,
    spacing: float = 1.0,
    crossing: float | None = None,
    coupling: str = "local field",
    dilute: float = DILUTE,
    tolerance: float = 0.01,
) -> float:
    """Smallest mass ratio with an EL-HC window at a spacing fixed in the electrons' Bohr radius.

    Parameters
    ----------
    spacing : float
        d/a_e, from 0.2 to 5.
    crossing, coupling, dilute
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
        lower = hole_crystallisation(ratio, spacing * ratio, crossing, coupling)
        options = dict(mass_ratio=ratio, d=spacing * ratio, crossing=crossing, coupling=coupling, dilute=dilute)
        return -1.0 if lower is None else _gap(lower, options)

    ratios = np.geomspace(1.0, 200.0, 12)
    before = margin(1.0)
    for low, high in itertools.pairwise(ratios):
        after = margin(float(high))
        if before <= 0 < after:
            return float(root(margin, float(low), float(high), absolute=tolerance, relative=1e-12))
        before = after
    raise NotConverged(f"no mass ratio from 1 to 200 with EL-HC at d = {spacing:g} a_e")


@checked
def coexistence(
    *,
    mass_ratio: float = 10,
    d: float = 10.0,
    crossing: float | None = None,
    coupling: str = "local field",
    dilute: float = DILUTE,
) -> Coexistence:
    """Densities that coexist at `pair_line`, the capacitance energy included.

    Parameters
    ----------
    mass_ratio, d, crossing, coupling, dilute
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
    >>> found.low < 1 < found.high
    True
    """
    options: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, crossing=crossing, coupling=coupling, dilute=dilute)
    r_s = pair_line(**options)
    if r_s is None:
        raise NotConverged(f"no line between liquid and pairs at mass_ratio = {mass_ratio}, d = {d}")
    factors = np.geomspace(*_DENSITIES, _POINTS)
    energies = [min(_both(correlated_point(r_s=float(r_s / math.sqrt(x)), **options, errors=False))) for x in factors]
    per_area = factors * (np.array(energies) + 2 * d / r_s**2 * factors)
    kept = [0]
    for place in range(1, _POINTS):
        while len(kept) > 1 and _slope(factors, per_area, kept[-2], kept[-1]) >= _slope(
            factors, per_area, kept[-1], place
        ):
            kept.pop()
        kept.append(place)
    above = next(at for at, place in enumerate(kept) if factors[place] > 1)
    return Coexistence(r_s, float(factors[kept[above - 1]]), float(factors[kept[above]]))


def _slope(x, y, first, second):
    return (y[second] - y[first]) / (x[second] - x[first])


@checked
def phase_lines(*, mass_ratio: float = 10, spacings: Sequence[float] = (0.5, 1.0, 2.0)) -> list[dict[str, Any]]:
    """Lines between the phases against the spacing, for one mass ratio.

    Parameters
    ----------
    mass_ratio : float
        As in `correlated_point`.
    spacings : sequence of float
        d/a_e.

    Returns
    -------
    list of dict
        For each spacing ``spacing`` (a_e); ``onset`` and ``late_onset`` (a_h), `hole_crystallisation` with harmonic
        phonons and with the layer's crossing at 37; ``pairs`` (a_h), `pair_line`, and ``next_phase`` beyond it.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> phase_lines(mass_ratio=10, spacings=[1.0])[0]["next_phase"]
    'condensate'
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0, high=1e3)
    rows = []
    for spacing in np.atleast_1d(np.asarray(validation.reals("spacings", spacings, low=0.0, high=90.0))):
        d = float(spacing) * mass_ratio
        pairs = pair_line(mass_ratio=mass_ratio, d=d)
        rows.append(
            {
                "spacing": float(spacing),
                "onset": hole_crystallisation(mass_ratio, d),
                "late_onset": hole_crystallisation(mass_ratio, d, 37.0),
                "pairs": pairs,
                "next_phase": ""
                if pairs is None
                else correlated_point(mass_ratio=mass_ratio, d=d, r_s=1.001 * pairs, errors=False)["phase"],
            }
        )
    return rows


@checked
def hole_crystallisation(
    mass_ratio: float, d: float, crossing: float | None = None, coupling: str = "local field"
) -> float | None:
    """r_s at which the holes crystallise above liquid electrons, which screen their repulsion.

    Parameters
    ----------
    mass_ratio, d, crossing, coupling
        As in `correlated_point`.

    Returns
    -------
    float or None
        In a_h; None where the electrons screen too well up to ten times the radius of one layer.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> print(f"{hole_crystallisation(40.0, 200.0):.1f} {hole_crystallisation(10.0, 10.0):.1f}")
    30.6 32.0
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=0.01, high=1e3)
    target = layer_crossing() if crossing is None else validation.real("crossing", crossing, low=20.0, high=60.0)
    field = coupling != "random phase"

    def excess(r_s: float) -> float:
        polarisation = lowest_liquid(r_s / mass_ratio).polarisation
        share = screening_share(mass_ratio=mass_ratio, d=d, r_s=r_s, polarisation=polarisation, local_field=field)
        return (1 - share) * r_s - target

    trials = np.geomspace(0.999 * target, 10 * target, 60)
    for low, high in itertools.pairwise(trials):
        if excess(float(high)) > 0:
            return root(excess, float(low), float(high), absolute=1e-9)
    return None


def _both(point):
    """Energies of the electrons' liquid and of pairs or coupled crystals, the lowest of each."""
    unpaired = min(energy for energy in (point["liquid"], point["EL-HC"]) if energy is not None)
    paired = min(energy for energy in (point["condensate"], point["coupled crystal"]) if energy is not None)
    return unpaired, paired


def _gap(r_s, options):
    unpaired, paired = _both(correlated_point(r_s=r_s, **options, errors=False))
    return paired - unpaired


def _first_root(start, options):
    trials = np.geomspace(start, _SPAN * start, _TRIALS)
    before = _gap(float(trials[0]), options)
    if before <= 0:
        return None
    for low, high in itertools.pairwise(trials):
        after = _gap(float(high), options)
        if after <= 0:
            return root(lambda r_s: _gap(r_s, options), float(low), float(high), absolute=_TOLERANCE * start)
    return None
