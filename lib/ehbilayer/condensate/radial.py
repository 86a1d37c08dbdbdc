"""The condensate in the thermodynamic limit, on radial panels."""

import itertools
import math

import numpy as np

from ehbilayer import validation
from ehbilayer.condensate import kernel
from ehbilayer.condensate.functional import PairFunctional, solve
from ehbilayer.condensate.state import CondensateState, build, summarise
from ehbilayer.errors import ArgumentError

__all__ = ["solve_condensate"]

# Condensates that share the layers, by the spin state.
_CONDENSED_SPINS = {"polarised": 1, "symmetric": 2}

# Wave numbers below are in 1/r_s, where the polarised Fermi circle has this radius.
_FERMI = 2.0

# exp(-2 d k) of pairing at the last panel, beyond the scale of the pairs: 1e-12 and, for the check, 1e-9.
_TAIL, _SHORT_TAIL = 14.0, 10.0

# For d = 0 the energy's tail falls like (pair scale/k)^2.
_FAR, _NOT_SO_FAR = 1e5, 2e4

# Panels no wider than 4/d keep cosh(d |k - k'|) within a panel well below the inverse rounding error.
_CAP = 4.0

# Grading of the panels at the Fermi edge, in halvings: first try, largest.
_FIRST_LEVELS, _MOST_LEVELS = 4, 32

# The check is made with this many nodes fewer per panel.
_ORDER_STEP = 2


def solve_condensate(
    *,
    mass_ratio: float = 4,
    d: float = 1.0,
    r_s: float = 5.0,
    spin: str = "polarised",
    order: int = 10,
    tolerance: float = 1e-9,
    max_iterations: int = 200,
) -> CondensateState:
    r"""Homogeneous Hartree-Fock-Bogoliubov condensate, infinite system.

    Minimises (S3) of paper A, read with 2 mu for its "2 mu E", over all :math:`\theta_k`; mu is adjusted to the
    density :math:`n = 1/(\pi r_s^2)` in both layers. The stationary points obey

    .. math::

        \xi_k \sin 2\theta_k = \Delta_k \cos 2\theta_k, \quad
        \xi_k = \frac{k^2}{2\tilde m} - 2\mu - 2\sum_{k'} V_0(k-k')\, n_{k'}, \quad
        \Delta_k = \sum_{k'} V_1(k-k') \sin 2\theta_{k'}.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 1e-4 to 1e4. Only the reduced mass enters.
    d : float
        Layer distance in a_h, from 0 to 100 r_s.
    r_s : float
        Wigner-Seitz radius of the holes (and of the electrons) in a_h, from 1e-2 to 1e5.
    spin : {"polarised", "symmetric"}
        All electrons and all holes have one spin, or two equal condensates of opposite spins share the layers.
    order : int
        Gauss-Legendre nodes per panel, from 6 to 24.
    tolerance : float
        Bound on the relative change of the mean fields in one more iteration, from 1e-12 to 1e-3.
    max_iterations : int
        Bound on the iterations of Anderson mixing.

    Returns
    -------
    CondensateState
        ``converged`` is False where the iteration failed or the gap is too small for the finest grid.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Notes
    -----
    Panels are graded towards the Fermi edge until they resolve its smearing :math:`\Delta/\xi'`, and reach
    out until pairing has decayed. The logarithmic singularity of the angular averages at k' = k is integrated
    exactly for polynomials (`ehbilayer.condensate.kernel`). ``errors`` compares with fewer nodes per panel and
    a shorter range.

    Neither interaction changes a spin and the layers are neutral together, so that the two condensates of
    ``spin="symmetric"`` do not notice each other: each has half the density, and the energy per pair is that of the
    polarised one at :math:`\sqrt 2\, r_s`. In sums over states `weights` then stand for one of the two.

    The ansatz (S2) pairs every hole with an electron of one and the same spin direction. It holds no exciton
    of the other electron spin, no unpaired carriers and no density imbalance between the paired species: with
    polarised holes, unpolarised electrons cannot all pair with the one hole each, so that the other electron
    spin is empty, and a partly polarised state (part of the electrons normal, holes in excess in the paired
    channel) is not covered, nor is one of pairs with a momentum (Fulde, Ferrell, Larkin, Ovchinnikov). Both
    electron spins enter in the liquid it is compared with (`mott_transition`, and `mott_window` for all spins).

    Examples
    --------
    >>> state = solve_condensate(mass_ratio=4, d=1.0, r_s=5.0)
    >>> state.converged, round(state.energy_per_pair, 8), round(state.chemical_potential, 8)
    (True, -0.16335844, -0.10347303)
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-4, high=1e4)
    r_s = validation.real("r_s", r_s, low=1e-2, high=1e5)
    d = validation.real("d", d, low=0.0)
    if d > 100 * r_s:
        raise ArgumentError("d", d, f"d <= 100 r_s = {100 * r_s:g}, or the panels get too many")
    spin = validation.option("spin", spin, _CONDENSED_SPINS)
    order = validation.integer("order", order, low=6, high=24)
    tolerance = validation.real("tolerance", tolerance, low=1e-12, high=1e-3)
    max_iterations = validation.integer("max_iterations", max_iterations, low=1)

    options = {"tolerance": tolerance, "max_iterations": max_iterations}
    radius = r_s * math.sqrt(_CONDENSED_SPINS[spin])
    levels = _FIRST_LEVELS
    while True:
        edges = panel_edges(mass_ratio, d, radius, levels)
        functional, solution = _solve(mass_ratio, d, radius, edges, order, options)
        needed = _levels_needed(functional, solution, edges, order)
        if needed <= levels or levels == _MOST_LEVELS:
            break
        levels = min(needed, _MOST_LEVELS)
    short = panel_edges(mass_ratio, d, radius, levels, far=_NOT_SO_FAR, tail=_SHORT_TAIL)
    coarse_functional, coarse = _solve(mass_ratio, d, radius, short, order - _ORDER_STEP, options)
    return build(
        {
            "mass_ratio": mass_ratio,
            "d": d,
            "r_s": r_s,
            "spin": spin,
            "order": order,
            "tolerance": tolerance,
            "max_iterations": max_iterations,
        },
        functional,
        solution,
        kernel.radial_grid(edges, order).k / radius,
        _gaps(functional, solution, edges, order, mass_ratio, radius),
        summarise(coarse_functional, coarse),
        _gaps(coarse_functional, coarse, short, order - _ORDER_STEP, mass_ratio, radius),
        resolved=needed <= levels,
    )


def radial_functional(mass_ratio: float, d: float, r_s: float, edges: tuple[float, ...], order: int) -> PairFunctional:
    """Functional on the nodes of radial panels with the given edges (in 1/r_s)."""
    grid = kernel.radial_grid(edges, order)
    values, slopes = kernel.interlayer(edges, order, d / r_s)
    return PairFunctional(
        weights=grid.measure / 2,
        kinetic=_kinetic(grid.k, mass_ratio, r_s),
        exchange=kernel.intralayer(edges, order) / r_s,
        pairing=values / r_s,
        pairing_slope=slopes / r_s**2,
    )


def _kinetic(k, mass_ratio, r_s):
    return (1 + mass_ratio) * k**2 / (2 * r_s**2)


def _solve(mass_ratio, d, r_s, edges, order, options):
    functional = radial_functional(mass_ratio, d, r_s, edges, order)
    k = kernel.radial_grid(edges, order).k
    scale = _pair_scale(mass_ratio, r_s)
    # Between the Fermi disc and the 1s exciton, whose wave function is (1 + k^2/scale^2)^(-3/2) at d = 0.
    n = 1 / (1 + (k / scale) ** 2) ** 3
    n /= functional.weights @ n
    gap = np.exp(-k * d / (2 * r_s)) / (r_s * np.sqrt(1 + (k / scale) ** 2))
    return functional, solve(functional, np.stack([functional.exchange @ np.minimum(n, 1.0), gap]), **options)


def _pair_scale(mass_ratio, r_s):
    """Larger of the Fermi wave number and twice the inverse Bohr radius of a pair, in 1/r_s."""
    return max(_FERMI, 2 * r_s / (1 + mass_ratio))


def panel_edges(
    mass_ratio: float, d: float, r_s: float, levels: int, *, far: float = _FAR, tail: float = _TAIL
) -> tuple[float, ...]:
    """Panel edges in 1/r_s: halving towards the Fermi edge, doubling away from it, reaching to the tail.

    The last edge lies at `far` times the scale of the pairs, or at that scale plus ``tail r_s/d`` if this is less.
    """
    scale, separation = _pair_scale(mass_ratio, r_s), d / r_s
    end, cap = far * scale, math.inf
    if separation * end > 1:
        end = min(end, scale + tail / separation)
        # A power of two, so that neighbouring separations share their panels and the matrices kept for them.
        cap = 2.0 ** math.floor(math.log2(_CAP / separation))
    inner = [0.0, 0.25, 1.0, *(_FERMI - 2.0**-j for j in range(1, levels + 1)), _FERMI]
    edges = [0.0]
    for low, high in itertools.pairwise(inner):
        pieces = max(1, math.ceil((high - low) / cap))
        edges += [low + (high - low) * m / pieces for m in range(1, pieces + 1)]
    width = 2.0**-levels
    while edges[-1] < end:
        edges.append(edges[-1] + min(width, cap))
        width = edges[-1] - _FERMI
    return tuple(edges)


def _levels_needed(functional, solution, edges, order):
    """Halvings that resolve the steepest step of n(k), whose width is gap function over slope of xi."""
    k = kernel.radial_grid(edges, order).k
    levels = round(-math.log2(min(np.diff(edges))))
    slope = float(np.abs(np.diff(solution.occupation) / np.diff(k)).max())
    # Where the step falls between nodes, its slope is a lower bound: go on in steps.
    width = 1 / (2 * slope)
    if not solution.converged or width < 2.0**-levels / 8:
        return levels + 6
    # Panels as wide as the step leave an interpolation error of 4.6^-order.
    return math.ceil(-math.log2(width))


def _gaps(functional, solution, edges, order, mass_ratio, r_s):
    """Smallest R/2 over k, and the sum of the smallest quasi-particle energies of either kind."""
    panels = kernel.radial_grid(edges, order).panels

    def energies(k, fields):
        xi = _kinetic(k, mass_ratio, r_s) - solution.chemical_potential - 2 * fields[0]
        mean = np.hypot(xi, fields[1]) / 2
        half_difference = (mass_ratio - 1) * k**2 / (4 * r_s**2)
        return np.stack([mean, mean + half_difference, mean - half_difference])

    nodes = panels.nodes
    at_nodes = energies(nodes, solution.fields)
    lowest = []
    for branch, values in enumerate(at_nodes):
        best = int(np.argmin(values))
        low = panels.edges[0] if best == 0 else nodes[best - 1]
        dense = np.linspace(low, nodes[min(best + 1, len(nodes) - 1)], 65)
        fine = energies(dense, panels.interpolate(solution.fields, dense))[branch]
        lowest.append(_parabola_minimum(fine))
    return lowest[0], lowest[1] + lowest[2]


def _parabola_minimum(values):
    """Minimum of equidistant samples, refined by a parabola where it is not at an end."""
    m = int(np.argmin(values))
    if m in (0, len(values) - 1):
        return float(values[m])
    left, centre, right = values[m - 1 : m + 2]
    curvature = left - 2 * centre + right
    return float(centre if curvature <= 0 else centre - (right - left) ** 2 / (8 * curvature))
