"""What the densities of a state look like: Bragg components, density peaks and their neighbours, spin texture."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.supercell import SupercellState
from ehbilayer.model.lattice import shortest_reciprocal

__all__ = ["LayerStructure", "grid_points", "layer_density", "spin_density", "structure", "summary", "wrapped"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class LayerStructure:
    """Order in one layer of a supercell state.

    Attributes
    ----------
    bragg : float
        Root mean square of ``|rho(b)|/N`` over the six shortest reciprocal vectors of the triangular crystal, between 0
        (uniform) and 1 (points on its lattice).
    bragg_lowest : float
        The smallest of the six: a stripe or a sheared lattice loses some of them.
    other : float
        Largest ``|rho(Q)|/N`` at any other nonzero Q up to 1.2 ``|b|``: an order other than the triangular crystal's.
    peaks : ndarray, shape (m, 2)
        Positions of density maxima above 1.5 times the mean density, in r_s.
    nearest : ndarray, shape (m,)
        Distance of each peak to the nearest other one, in r_s; sqrt(2 pi/sqrt 3) = 1.905 in the triangular crystal.
    second : ndarray, shape (m,)
        Distance to the second nearest: far beyond `nearest` for isolated pairs, close to it in chains and lattices.
    """

    bragg: float
    bragg_lowest: float
    other: float
    peaks: np.ndarray
    nearest: np.ndarray
    second: np.ndarray


@checked
def layer_density(result: SupercellState, layer: str) -> NDArray:
    """Number density of the electrons (``"e"``) or holes (``"h"``), all spins, on the state's grid.

    Parameters
    ----------
    result : SupercellState
    layer : {"e", "h"}

    Returns
    -------
    ndarray, shape (n1, n2)
        In units of the mean density.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> state = solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4)
    >>> round(float(layer_density(state, "h").mean()), 12)
    1.0
    """
    layer = validation.option("layer", layer, ("e", "h"))
    state = result.state
    return np.sum([state.density(i) for i, s in enumerate(state.functional.species) if s.layer == layer], axis=0)


@checked
def spin_density(result: SupercellState) -> NDArray:
    """Density of up minus down electrons on the state's grid; zero where the spins share orbitals.

    Parameters
    ----------
    result : SupercellState

    Returns
    -------
    ndarray, shape (n1, n2)
        In units of the mean density of all electrons.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> state = solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4)
    >>> float(np.abs(spin_density(state)).max())
    0.0
    """
    signs = {"polarised": 1.0, "up": 1.0, "both": 0.0, "down": -1.0}
    state = result.state
    return np.sum(
        [signs[s.spin] * state.density(i) for i, s in enumerate(state.functional.species) if s.layer == "e"], axis=0
    )


@checked
def grid_points(result: SupercellState, repeats: int = 1) -> NDArray:
    """Positions of the density grid, shape (n1, n2, 2) for one box, in r_s; `repeats` boxes along both directions.

    Parameters
    ----------
    result : SupercellState
    repeats : int

    Returns
    -------
    ndarray, shape (repeats n1 + 1, repeats n2 + 1, 2)
        Grid of `wrapped` densities, which close the period.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> state = solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4)
    >>> grid_points(state).shape == wrapped(layer_density(state, "h")).shape + (2,)
    True
    """
    repeats = validation.integer("repeats", repeats, low=1, high=20)
    n1, n2 = result.state.grid.shape
    fractions = np.meshgrid(np.arange(repeats * n1 + 1) / n1, np.arange(repeats * n2 + 1) / n2, indexing="ij")
    return np.stack(fractions, axis=-1) @ result.state.functional.box.vectors


@checked
def wrapped(density: NDArray, repeats: int = 1) -> NDArray:
    """A density repeated along both directions and closed by its first row and column, for `grid_points`.

    Examples
    --------
    >>> wrapped(np.array([[1.0, 2.0]]))
    array([[1., 2., 1.],
           [1., 2., 1.]])
    """
    repeats = validation.integer("repeats", repeats, low=1, high=20)
    if np.ndim(density) != 2 or not np.size(density) or not np.isfinite(density).all():
        raise ArgumentError("density", density, "finite numbers on a grid of two dimensions")
    return np.pad(np.tile(density, (repeats, repeats)), ((0, 1), (0, 1)), mode="wrap")


@checked
def structure(result: SupercellState, layer: str = "h") -> LayerStructure:
    """Crystalline order of one layer.

    Parameters
    ----------
    result : SupercellState
    layer : {"e", "h"}

    Returns
    -------
    LayerStructure

    Raises
    ------
    ValueError
        If there is no such layer.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> state = solve_supercell(mass_ratio=4, d=1.0, r_s=12.0, cells=(3, 3), spin="polarised", start="coupled crystal")
    >>> order = structure(state)
    >>> len(order.peaks), f"{order.nearest.mean():.2f}"
    (9, '1.90')
    """
    density = layer_density(result, layer)
    box, grid = result.state.functional.box, result.state.grid
    spectrum = np.abs(np.fft.fft2(density)).reshape(-1) / np.size(density)
    at_bragg = (grid.fourier.integers[:, None] == shortest_reciprocal(box)).all(axis=2).any(axis=1)
    lengths = grid.lengths.reshape(-1)
    reach = 1.2 * lengths[at_bragg].min()
    others = (lengths > 0) & (lengths <= reach) & ~at_bragg
    peaks = _maxima(density, 1.5) @ box.vectors
    nearest, second = _neighbours(peaks, box.vectors)
    return LayerStructure(
        bragg=float(np.sqrt(np.mean(spectrum[at_bragg] ** 2))),
        bragg_lowest=float(spectrum[at_bragg].min()),
        other=float(spectrum[others].max(initial=0.0)),
        peaks=peaks,
        nearest=nearest,
        second=second,
    )


@checked
def summary(result: SupercellState) -> dict[str, Any]:
    """Numbers that tell one minimum from another, for tables and sweeps.

    Parameters
    ----------
    result : SupercellState

    Returns
    -------
    dict
        ``energy`` (Ha_h per pair), ``gradient_norm``, ``iterations``, ``converged``, ``sigma_e`` and ``sigma_h``
        (momentum
        variance per carrier), ``bragg``, ``bragg_lowest`` and ``other`` of the holes, ``peaks`` (their number) and the
        least, mean and largest distance of hole peaks to their nearest ones (r_s; None without peaks), ``spin``
        (root mean square of the spin density, in the mean density of the electrons).

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_supercell
    >>> state = solve_supercell(cells=(2, 2), r_s=12.0, mass_ratio=4)
    >>> summary(state)["peaks"]
    4
    """
    order, variance = structure(result, "h"), result.momentum_variance
    nearest = order.nearest if len(order.peaks) > 1 else None
    return {
        "energy": result.energy_per_pair,
        "gradient_norm": result.gradient_norm,
        "iterations": result.state.iterations,
        "converged": result.converged,
        "sigma_e": variance["e"],
        "sigma_h": variance["h"],
        "bragg": order.bragg,
        "bragg_lowest": order.bragg_lowest,
        "other": order.other,
        "peaks": len(order.peaks),
        **{
            f"nearest_{name}": None if nearest is None else float(f(nearest))
            for name, f in (("min", np.min), ("mean", np.mean), ("max", np.max))
        },
        "spin": float(np.sqrt(np.mean(spin_density(result) ** 2))),
    }


def _maxima(density, threshold):
    """Fractional coordinates of periodic local maxima, each that of the Gaussian through its nine grid points."""
    steps = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    above = np.all([density >= np.roll(density, s, axis=(0, 1)) for s in steps], axis=0) & (density > threshold)
    places = np.argwhere(above).astype(float)
    logarithm = np.log(np.maximum(density, 1e-3 * threshold))
    for place in places:
        i, j = np.meshgrid(*(place[:, None] + [-1, 0, 1]).astype(int), indexing="ij")
        f = logarithm[i % density.shape[0], j % density.shape[1]]
        slope = 0.5 * np.array([f[2, 1] - f[0, 1], f[1, 2] - f[1, 0]])
        cross = 0.25 * (f[2, 2] + f[0, 0] - f[2, 0] - f[0, 2])
        second = np.array([[f[2, 1] + f[0, 1] - 2 * f[1, 1], cross], [cross, f[1, 2] + f[1, 0] - 2 * f[1, 1]]])
        # A plateau has no curvature to go by.
        if np.linalg.eigvalsh(second).max() < -1e-9:
            place -= np.clip(np.linalg.solve(second, slope), -1.0, 1.0)
    return places / density.shape


def _neighbours(points, periods):
    """Distances of each point to the nearest and second nearest other one in the periodic plane."""
    if len(points) < 3:
        return np.full((2, len(points)), np.inf)
    images = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)]) @ periods
    inside = (points @ np.linalg.inv(periods) % 1.0) @ periods
    separation = inside[:, None, None, :] - inside[None, :, None, :] - images
    distance = np.linalg.norm(separation, axis=-1).min(axis=-1)
    np.fill_diagonal(distance, np.inf)
    return np.sort(distance, axis=1)[:, :2].T
