"""Hartree potential of one layer's density in the other layer: what a hole crystal does to the electrons above it."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.hartree_fock.crystal import CrystalState
from ehbilayer.model.lattice import cell_points

__all__ = ["potential_depth", "potential_on_electrons"]


@checked
def potential_on_electrons(result: CrystalState, points: ArrayLike) -> NDArray:
    """Potential energy of an electron in the field of the holes' density, without its mean.

    Parameters
    ----------
    result : CrystalState
        Of `ehbilayer.hartree_fock.solve_crystal`.
    points : array_like, shape (..., 2)
        Positions in r_s; the holes of the crystal sit on the lattice through the origin.

    Returns
    -------
    numpy.ndarray, shape (...)
        ``-sum_Q V_1(Q) rho_h(Q) exp(i Q r)`` over Q != 0, in Ha_h.

    Raises
    ------
    TypeError, ValueError
        If the points are not finite real pairs.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> crystal = solve_crystal(mesh=4, cutoff=2.0)
    >>> on_site, between = potential_on_electrons(crystal, [[0.0, 0.0], [0.95, 0.0]])
    >>> bool(on_site < 0 < between)
    True
    """
    points = np.asarray(validation.reals("points", points))
    if points.ndim == 0 or points.shape[-1] != 2:
        raise ValueError(f"points is not allowed: need pairs of coordinates, got an array of shape {points.shape}")
    state, r_s, d = result.state, result.parameters["r_s"], result.parameters["d"]
    basis, area = state.basis, state.functional.box.area
    holes = [index for index, species in enumerate(state.functional.species) if species.layer == "h"]
    density = sum(state.density_components(index) for index in holes)
    lengths = basis.lengths
    finite = lengths > 0
    strength = np.zeros_like(lengths)
    strength[finite] = 2 * math.pi / (lengths[finite] * area) * np.exp(-lengths[finite] * d / r_s) / r_s
    # The basis holds one of Q and -Q, which contribute complex conjugates.
    phase = points @ (basis.differences @ state.functional.box.reciprocal).T
    return -2.0 * np.real(np.exp(1j * phase) @ (strength * density))


@checked
def potential_depth(result: CrystalState, points: int = 24) -> float:
    """Largest minus smallest value of `potential_on_electrons` in a cell of the crystal.

    Parameters
    ----------
    result : CrystalState
    points : int
        Grid points along each side of the cell, >= 6; a multiple of 6 contains the sites, the bridges and the hollows,
        at
        which the extrema of a triangular crystal lie.

    Returns
    -------
    float
        In Ha_h.

    Raises
    ------
    TypeError, ValueError
        If `points` is not such an integer.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> round(potential_depth(solve_crystal(mesh=4, cutoff=2.0, holes="liquid")), 9)
    0.0
    """
    points = validation.integer("points", points, low=6, high=1000)
    values = potential_on_electrons(result, cell_points(repeats=1, points=points))
    return float(np.ptp(values))
