"""The condensate on the plane waves of a periodic box, on one footing with finite-size Hartree-Fock."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import erf, erfc

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.compilation import kernel
from ehbilayer.condensate.functional import PairFunctional, solve
from ehbilayer.condensate.state import CondensateState, build, summarise
from ehbilayer.errors import ArgumentError
from ehbilayer.model.coulomb import ZeroMode, madelung_potential
from ehbilayer.model.lattice import Box, point_group
from ehbilayer.model.plane_waves import PlaneWaves

__all__ = ["image_potential", "solve_condensate_grid"]

# The check is made with the plane waves below this fraction of the cutoff.
_CHECK = 0.75

# For d = 0 the energy approaches its limit like cutoff^-2 and more slowly at first: the change from 3/4 of the
# cutoff is then up to 4 times smaller than what is left.
_CAUTION = 4.0


@dataclass(frozen=True, eq=False)
class StarGrid:
    """Plane waves of a box, gathered in stars of the point group.

    Attributes
    ----------
    lengths : ndarray, shape (n,)
        Wave number of each star in 1/r_s.
    multiplicity : ndarray, shape (n,)
        Members of each star.
    representatives : ndarray of int, shape (n, 2)
    members : ndarray of int, shape (m, 2)
        Wave vectors in the reciprocal vectors of the box, star after star.
    star : ndarray of int, shape (m,)
        Star of each member.
    reciprocal : ndarray, shape (2, 2)
        Those vectors, in 1/r_s.
    """

    lengths: np.ndarray
    multiplicity: np.ndarray
    representatives: np.ndarray
    members: np.ndarray
    star: np.ndarray
    reciprocal: np.ndarray


@lru_cache(maxsize=8)
def star_grid(mesh: int, cutoff: float) -> StarGrid:
    """Stars of the triangular box of ``mesh**2`` cells up to `cutoff` ``|b|``."""
    box = Box.triangular(mesh, mesh)
    waves = PlaneWaves.disc(box, cutoff)
    images = waves.index(np.einsum("pa,gab->gpb", waves.integers, point_group(box)))
    first, star, count = np.unique(images.min(axis=0), return_inverse=True, return_counts=True)
    order = np.argsort(star, kind="stable")
    return StarGrid(
        np.sqrt(waves.squares[first]),
        count.astype(float),
        waves.integers[first],
        waves.integers[order],
        star[order],
        box.reciprocal,
    )


@lru_cache(maxsize=8)
def _intralayer(mesh, cutoff):
    return _star_sums(star_grid(mesh, cutoff), 0.0)[0]


def solve_condensate_grid(
    *,
    mass_ratio: float = 4,
    d: float = 1.0,
    r_s: float = 5.0,
    mesh: int = 6,
    cutoff: float = 6.0,
    zero_mode: str = "dropped",
    tolerance: float = 1e-9,
    max_iterations: int = 200,
) -> CondensateState:
    r"""Homogeneous Hartree-Fock-Bogoliubov condensate on the plane waves of a finite box.

    The same functional as in `solve_condensate`, with k in the reciprocal lattice (Gamma-centred) of the triangular
    box of ``mesh**2`` pairs that `ehbilayer.hartree_fock.solve_crystal` uses, to be compared with its energies at
    the same `mesh` and `zero_mode`.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 1e-4 to 1e4.
    d : float
        Layer distance in a_h, from 0 to 100 r_s.
    r_s : float
        Wigner-Seitz radius in a_h, from 1e-2 to 1e5.
    mesh : int
        Box vectors in cells of one pair, from 2 to 24.
    cutoff : float
        Plane-wave cutoff in ``|b|`` of that cell, from 1 to 16. Small pairs need a large one: those of d = 0, or
        of r_s well above the size of a pair. An occupation below 1e-3 at the cutoff, the criterion of paper A, can
        leave out a tenth of the energy; rely on `energy_error`.
    zero_mode : {"dropped", "madelung"}
        ``"dropped"`` sets V_0(0) = V_1(0) = 0 as paper A does. ``"madelung"`` puts the potential of a charge's
        periodic images in their place, v_M within a layer (`ehbilayer.model.coulomb.madelung_potential`) and
        `image_potential` between layers, self-consistently. It changes the energy per pair by

        .. math:: -v_M + [v_M - v_1(d)] \frac{1}{N} \sum_k n_k (1 - n_k), \quad v_M - v_1 \simeq 2\pi d/A,

        with the change of the state itself of second order. For an occupation of 0 or 1 this is the
        correction -v_M/2 per carrier of `ehbilayer.model.coulomb.ZeroMode`.
    tolerance : float
        Bound on the relative change of the mean fields in one more iteration, from 1e-12 to 1e-3.
    max_iterations : int
        Bound on the iterations of Anderson mixing.

    Returns
    -------
    CondensateState
        One entry per star of the point group in its arrays. `errors` is 4 times the change from 3/4 of the
        cutoff; it does not hold the effect of the finite box.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> state = solve_condensate_grid(mass_ratio=4, d=1.0, r_s=5.0, mesh=6, zero_mode="madelung")
    >>> state.converged, round(state.energy_per_pair, 4)
    (True, -0.1638)
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-4, high=1e4)
    r_s = validation.real("r_s", r_s, low=1e-2, high=1e5)
    d = validation.real("d", d, low=0.0)
    if d > 100 * r_s:
        raise ArgumentError("d", d, f"d <= 100 r_s = {100 * r_s:g}")
    mesh = validation.integer("mesh", mesh, low=2, high=24)
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=16.0)
    mode = ZeroMode.parse(zero_mode)
    tolerance = validation.real("tolerance", tolerance, low=1e-12, high=1e-3)
    max_iterations = validation.integer("max_iterations", max_iterations, low=1)

    grid = star_grid(mesh, cutoff)
    whole = grid_functional(mass_ratio, d, r_s, mesh, cutoff, mode)
    results = []
    for part in (grid.lengths <= _CHECK * grid.lengths[-1], np.full(len(grid.lengths), True)):
        functional = PairFunctional(
            whole.weights[part],
            whole.kinetic[part],
            *(m[np.ix_(part, part)] for m in (whole.exchange, whole.pairing, whole.pairing_slope)),
        )
        k = grid.lengths[part]
        n = np.where(k <= 2.0, 1.0, 0.0)
        gap = np.exp(-k * d / (2 * r_s)) / (r_s * np.sqrt(1 + (k / 2) ** 2))
        solution = solve(
            functional, np.stack([functional.exchange @ n, gap]), tolerance=tolerance, max_iterations=max_iterations
        )
        half_difference = (mass_ratio - 1) * k**2 / (4 * r_s**2)
        mean = solution.excitation / 2
        gaps = float(mean.min()), float((mean + half_difference).min() + (mean - half_difference).min())
        results.append((functional, solution, gaps))
    (coarse_functional, coarse, coarse_gaps), (functional, solution, gaps) = results
    return build(
        {
            "mass_ratio": mass_ratio,
            "d": d,
            "r_s": r_s,
            "mesh": mesh,
            "cutoff": cutoff,
            "zero_mode": mode.value,
            "tolerance": tolerance,
            "max_iterations": max_iterations,
        },
        functional,
        solution,
        grid.lengths / r_s,
        gaps,
        summarise(coarse_functional, coarse),
        coarse_gaps,
        caution=_CAUTION,
    )


def grid_functional(
    mass_ratio: float, d: float, r_s: float, mesh: int, cutoff: float, zero_mode: ZeroMode
) -> PairFunctional:
    """Functional on the stars of a box."""
    grid, box = star_grid(mesh, cutoff), Box.triangular(mesh, mesh)
    pairing, slope = _star_sums(grid, d / r_s)
    exchange = _intralayer(mesh, cutoff)
    exchange, pairing, slope = (m * (2 * np.pi / (box.area * r_s)) for m in (exchange, pairing, slope / r_s))
    if zero_mode is ZeroMode.MADELUNG:
        diagonal = np.arange(len(grid.lengths))
        value, derivative = _image_potential(box, d / r_s)
        exchange[diagonal, diagonal] += madelung_potential(box) / r_s
        pairing[diagonal, diagonal] += value / r_s
        slope[diagonal, diagonal] -= derivative / r_s**2
    return PairFunctional(
        weights=grid.multiplicity / box.carriers,
        kinetic=(1 + mass_ratio) * grid.lengths**2 / (2 * r_s**2),
        exchange=exchange,
        pairing=pairing,
        pairing_slope=slope,
    )


@checked
def image_potential(box: Box, separation: float) -> float:
    """Interlayer counterpart v_1 of `ehbilayer.model.coulomb.madelung_potential`, which it becomes at zero distance.

    The potential 1/d of a unit charge at a point above it, less that of the charge with all its periodic
    images, 1/A sum_{q != 0} 2 pi exp(-q d)/q. For small d it is v_M - 2 pi d/A.

    Parameters
    ----------
    box : Box
        Periodic box (lengths in r_s).
    separation : float
        Layer distance in r_s, >= 0.

    Returns
    -------
    float
        v_1 in e^2/(eps_r r_s).

    Raises
    ------
    TypeError, ValueError
        If `separation` is not a finite number >= 0.

    Examples
    --------
    >>> box = Box.triangular(6, 6)
    >>> round(image_potential(box, 0.0), 8) == round(madelung_potential(box), 8)
    True
    """
    return _image_potential(box, validation.real("separation", separation, low=0.0))[0]


@lru_cache(maxsize=64)
def _image_potential(box, separation):
    """v_1 and its derivative with respect to the distance, by a complex step."""
    step = 1e-30
    length = np.sqrt(box.area)
    shift = 1j * step * length
    if separation > 0.4 * length:
        # Both layers' charge is smooth here: the sum over q converges within 20 shells.
        q = _lengths(box.reciprocal, 20)
        d = separation + shift
        value = 1 / d - 2 * np.pi / box.area * np.sum(np.exp(-q * d) / q)
        return float(value.real), float(value.imag / (step * length))
    split = np.sqrt(np.pi / box.area)
    d = separation + shift
    distance = np.sqrt(_lengths(box.vectors, 8) ** 2 + d**2)
    q = _lengths(box.reciprocal, 8)
    near = np.sum(erfc(split * distance) / distance)
    far = (
        np.pi
        / box.area
        * np.sum(
            (np.exp(q * d) * erfc(q / (2 * split) + split * d) + np.exp(-q * d) * erfc(q / (2 * split) - split * d)) / q
        )
    )
    mean = 2 * np.sqrt(np.pi) / box.area * (np.exp(-((split * d) ** 2)) / split + np.sqrt(np.pi) * d * erf(split * d))
    value = erf(split * d) / d - near - far + mean - 2 * np.pi * d / box.area
    return float(value.real), float(value.imag / (step * length))


def _lengths(vectors, reach):
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.linalg.norm(steps[(steps != 0).any(axis=1)] @ vectors, axis=1)


def _star_sums(grid, separation):
    """Sums of exp(-q d)/q and exp(-q d) over the members of each star, q = 0 left out."""
    # All differences of wave vectors are wave vectors of the box: few of them, each met many times.
    reach = 2 * int(np.abs(grid.members).max())
    steps = np.arange(-reach, reach + 1)
    q = np.linalg.norm(np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1) @ grid.reciprocal, axis=-1)
    decay = np.where(q > 0, np.exp(-q * separation), 0.0)
    values = np.divide(decay, q, out=np.zeros_like(q), where=q > 0)
    return _gather_stars(grid.representatives, grid.members, grid.star, values, decay, reach)


@kernel
def _gather_stars(representatives, members, star, values, slopes, reach):
    n = len(representatives)
    summed, steep = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        x, y = representatives[i, 0] - reach, representatives[i, 1] - reach
        for m in range(len(members)):
            a, b = members[m, 0] - x, members[m, 1] - y
            summed[i, star[m]] += values[a, b]
            steep[i, star[m]] += slopes[a, b]
    return summed, steep
