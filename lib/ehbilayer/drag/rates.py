"""From a pair of layers to 1/tau_D1, 1/tau_D2, K11, K12, K22: grids that suffice, ways of screening, kept sums."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.drag import dynamic, linear, nonlinear
from ehbilayer.drag.drifting_response import drifting_response
from ehbilayer.drag.local_field import NO_FIELD, LocalField
from ehbilayer.drag.nonlinear import Grid
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.screening import interlayer_interaction, softening
from ehbilayer.errors import GridTooCoarse
from ehbilayer.model import lindhard
from ehbilayer.model.layers import ParabolicLayer

ANSATZE = {"linearised": 0.0, "shifted": 0.5, "relaxation-time": 1.0, "drifting": 0.5}
"""Coefficient s of u^2 d^2f_0/dk_x^2 in the drifting distribution: Eq. 22 as it stands, a shifted Fermi-Dirac function,
the second order in the field of a relaxation-time approximation, and the drifting equilibrium f_0(xi - hbar w k_x)
at a fixed density, which has its velocity w times hbar k_x, counted from the mean at the chemical potential, in place
of the slope of the band.

The first solves nothing beyond first order. The relaxation time holds where the carriers of a layer collide with
impurities more often than with each other, the drifting equilibrium where it is the other way round; a shifted
Fermi-Dirac function is the latter for a parabola, and for no other band a solution of either limit."""

_MAX_POINTS = 4e9
# Thermal plasmons lie where the damping is exponentially small and its relative error counts: from this k_B T/E_F on,
# the grid is no longer coarsened with T.
_PLASMONS = 0.09


def checked_spacing(spacing: float | None, electrons: RashbaLayer, kind: str, order: int, angles: int) -> float:
    """Spacing of the electrons' grid that resolves T and costs no more than allowed.

    Parameters
    ----------
    spacing : float or None
        In nm^-1; None for a default.
    electrons : RashbaLayer
    kind : str
        Way of screening.
    order, angles : int
        Nodes per panel of q and directions in a quarter turn.

    Returns
    -------
    float

    Raises
    ------
    GridTooCoarse
        If the spacing is too coarse for T, or the grid that T needs too large.

    Examples
    --------
    >>> electrons = RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585)
    >>> print(f"{checked_spacing(None, electrons, 'none', 8, 8):.4f}")
    0.0109
    """
    needed = electrons.spacing()
    if spacing is None:
        spacing = 0.7 * needed
        if kind == "dynamic-rpa":
            spacing *= min(1.0, _PLASMONS * electrons.E_F / electrons.thermal_energy)
    spacing = validation.real("spacing", spacing, low=1e-9, high=1e9)
    if spacing > needed:
        reason = f"too coarse for T = {electrons.T:g} K"
        raise GridTooCoarse("spacing", spacing, f"spacing <= {needed:.3g} nm^-1", reason)
    points = (2 * electrons.reach() / spacing) ** 2 * 5 * order * angles
    if points > _MAX_POINTS:
        reason = f"the electrons' grid would need {points:.1e} points, more than {_MAX_POINTS:.0e}"
        raise GridTooCoarse("T", electrons.T, "a higher T, or spacing, order or angles to match", reason)
    return spacing


def parabolic_rates(
    electrons: ParabolicLayer,
    holes: ParabolicLayer,
    d: Sequence[float],
    eps_r: Sequence[float],
    kind: str,
    *,
    order: int,
    exchange: LocalField = NO_FIELD,
) -> NDArray:
    """Rates of two parabolic layers for all spacings and permittivities; the K's are zero.

    Parameters
    ----------
    electrons, holes : ParabolicLayer
    d, eps_r : sequence of float
        Spacings in nm, relative permittivities.
    kind : str
        Way of screening.
    order : int
        Gauss-Legendre nodes per panel.
    exchange : LocalField

    Returns
    -------
    ndarray, shape (d, eps_r, 5)
        In 1/ps and nm/ps.

    Examples
    --------
    >>> layer = ParabolicLayer(0.2, 10, 10)
    >>> rates = parabolic_rates(layer, layer, [20.0], [5.0], "thomas-fermi", order=8)
    >>> print(f"{rates[0, 0, 0]:.3e}")
    9.457e-06
    """
    gamma = np.empty((len(d), len(eps_r)))
    table = None if kind == "dynamic-rpa" else linear.overlaps(electrons, holes, min(d), order)
    chi = [] if table is None else [linear.static_response(layer, table.q, kind) for layer in (electrons, holes)]
    for i, x in enumerate(d):
        for j, e in enumerate(eps_r):
            if table is None:
                gamma[i, j] = linear.linear_friction(electrons, holes, d=x, eps_r=e, screening_kind=kind, order=order)
            else:
                fields = _local_fields(electrons, holes, table.q, e, exchange)
                U = interlayer_interaction(table.q, x, e, *chi, local_fields=fields)
                gamma[i, j] = linear.friction(electrons, holes, table, U)
    return gamma[..., None] * [electrons.curvature, holes.curvature, 0.0, 0.0, 0.0]


def rashba_rates(
    electrons: RashbaLayer,
    holes: ParabolicLayer,
    d: Sequence[float],
    eps_r: Sequence[float],
    kind: str,
    *,
    ansatz: str,
    overlap: bool,
    order: int,
    angles: int,
    spacing: float,
    exchange: LocalField = NO_FIELD,
    screen_drifts: bool = False,
) -> NDArray:
    """Rates of a Rashba and a parabolic layer for all spacings and permittivities.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    d, eps_r, kind
        As in `parabolic_rates`; with dynamic screening each pair costs sums of its own.
    ansatz : str
        Key of `ANSATZE`.
    overlap : bool
        Whether to include the squared overlap of the spinors.
    order, angles : int
        Nodes per panel of q, directions in a quarter turn.
    spacing : float
        Of the electrons' grid in nm^-1.
    exchange : LocalField
    screen_drifts : bool
        Whether the electrons' static response follows their drift to first order, with "static-rpa".

    Returns
    -------
    ndarray, shape (d, eps_r, 5)
        In 1/ps and nm/ps.
    """
    sums = np.empty((len(d), len(eps_r), 7))
    tilt = electrons.tilt if ansatz == "drifting" else (0.0, 0.0)
    if kind == "dynamic-rpa":
        for i, x in enumerate(d):
            grid = nonlinear.make_grid(electrons, holes, d=x, order=order, angles=angles, spacing=spacing)
            for j, e in enumerate(eps_r):
                values = dynamic.sums(electrons, holes, grid, x, e, overlap, tilt)
                sums[i, j] = nonlinear.coefficients(holes, grid, values, np.ones((1, 1)))
    else:
        grid = nonlinear.make_grid(
            electrons, holes, d=min(d), d_max=max(d), order=order, angles=angles, spacing=spacing
        )
        values = kept_sums(electrons, holes, grid, overlap, tilt)
        static = kept_static(electrons, grid, overlap) if kind == "static-rpa" else None
        change = drifting_response(electrons, grid, tilt) if screen_drifts else None
        for i, x in enumerate(d):
            for j, e in enumerate(eps_r):
                interaction = static_interaction(electrons, holes, grid, static, kind, x, e, exchange)
                sums[i, j] = nonlinear.coefficients(holes, grid, values, interaction)
                if change is not None:
                    more = _softer(electrons, holes, grid, static, change, x, e, exchange)
                    linear_terms = nonlinear.coefficients(holes, grid, more[..., None] * values[..., :2], interaction)
                    # F = u1/tau_D1 - u2/tau_D2 with |U|^2 as the electrons' drift leaves it.
                    sums[i, j, 2] += linear_terms[0]
                    sums[i, j, 3] -= linear_terms[1]
    # 1/tau_D1, 1/tau_D2 and K12 do not depend on the second order of the ansatz.
    out = sums[..., :5].copy()
    out[..., 2] += ANSATZE[ansatz] * sums[..., 5]
    out[..., 4] += ANSATZE[ansatz] * sums[..., 6]
    return out


def static_interaction(
    electrons: RashbaLayer,
    holes: ParabolicLayer,
    grid: Grid,
    static: NDArray | None,
    kind: str,
    d: float,
    eps_r: float,
    exchange: LocalField = NO_FIELD,
) -> NDArray:
    """U on a grid for one of the static ways of screening.

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    grid : Grid
    static : ndarray or None
        chi(q, 0) of the electrons from `kept_static`, which "static-rpa" needs.
    kind : {"none", "thomas-fermi", "static-rpa"}
    d, eps_r : float
        Spacing in nm, relative permittivity.
    exchange : LocalField

    Returns
    -------
    ndarray, shape (q, 1) or (q, angles)
        In meV nm^2.
    """
    q = grid.panels.nodes[:, None]
    fields = _local_fields(electrons, holes, q, eps_r, exchange)
    if kind == "static-rpa" and static is not None:
        return interlayer_interaction(q, d, eps_r, static, lindhard.response(holes, q).real, fields)
    chi = (electrons.compressibility, holes.compressibility) if kind == "thomas-fermi" else (0.0, 0.0)
    return interlayer_interaction(q, d, eps_r, *chi, local_fields=fields)


def _softer(electrons, holes, grid, static, change, d, eps_r, exchange):
    """Relative change of the squared interaction with the electrons' drift."""
    q = grid.panels.nodes[:, None]
    fields = _local_fields(electrons, holes, q, eps_r, exchange) or (0.0, 0.0)
    return 2 * change * softening(q, d, eps_r, static, lindhard.response(holes, q).real, fields)


def _local_fields(electrons, holes, q, eps_r, exchange):
    if exchange.kind == "none":
        return None
    # eps_r is over the number of species: see `ehbilayer.drag.coefficients.graded_rates`.
    eps_r *= exchange.species
    return exchange.of(electrons, q, eps_r), exchange.of(holes, q, eps_r)


@lru_cache(maxsize=8)
def kept_sums(
    electrons: RashbaLayer, holes: ParabolicLayer, grid: Grid, overlap: bool, tilt: tuple[float, float] = (0.0, 0.0)
) -> NDArray:
    """`nonlinear.sums`, the last few of which are kept.

    Parameters
    ----------
    electrons, holes, grid, overlap, tilt
        As in `nonlinear.sums`.

    Returns
    -------
    ndarray
        Read-only.
    """
    values = nonlinear.sums(electrons, holes, grid, overlap, tilt)
    values.setflags(write=False)
    return values


@lru_cache(maxsize=8)
def kept_static(electrons: RashbaLayer, grid: Grid, overlap: bool) -> NDArray:
    """`nonlinear.static_response`, the last few of which are kept.

    Parameters
    ----------
    electrons, grid, overlap
        As in `nonlinear.static_response`.

    Returns
    -------
    ndarray
        Read-only.
    """
    static = nonlinear.static_response(electrons, grid, overlap)
    static.setflags(write=False)
    return static
