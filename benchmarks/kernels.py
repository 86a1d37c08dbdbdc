"""Kernels in which the book's calculations spend their time, each with the exponentials that its sums consist of."""

import numpy as np

from benchmarks import bench_diode
from benchmarks.timing import Case
from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.mean_field_sums import scan_sums
from ehbilayer.diode.momentum_cells import MomentumCells
from ehbilayer.diode.spinor_moments import spinor_moments
from ehbilayer.drag import ParabolicLayer, RashbaLayer, nonlinear
from ehbilayer.drag.drift_kernels import EMPTY
from ehbilayer.drag.finite_drift import DriftingLayers
from ehbilayer.drag.holes_table import CUT, momenta

ELECTRONS = RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585)
HOLES = ParabolicLayer(0.2, 10, 10)
#: Temperature in T_c, pair momentum and squared order parameters of the mean-field sums.
COLD, Q, SQUARES = 0.05, 2.1, np.array([3.0, 3.1, 3.2, 3.3, 3.35, 3.4])


def rashba_sums():
    """Sums of the Rashba drag: two exponentials for each collision that is not too rare."""
    grid = nonlinear.make_grid(ELECTRONS, HOLES, d=20.0, order=6, angles=4, spacing=0.7 * ELECTRONS.spacing())
    T, c, count = ELECTRONS.thermal_energy, HOLES.curvature, 0
    for q, xi, after in _transitions(grid.panels.nodes, grid.directions, grid.spacing, grid.reach, 0.5):
        omega = np.abs(xi - after)
        most = np.maximum(np.maximum(np.abs(xi), np.abs(after)), omega)
        count += 2 * np.count_nonzero((most < CUT * T) & (omega < c * q * HOLES.reach(CUT)))
    return lambda: nonlinear.sums(ELECTRONS, HOLES, grid, False), count


def exact_force():
    """Force of drifting layers: two exponentials wherever a state is neither full before and after nor empty."""
    layers = DriftingLayers(ELECTRONS, HOLES, 20.0, 5.0, order=6, angles=4)
    grid = nonlinear.make_grid(ELECTRONS, HOLES, d=20.0, order=6, angles=4, spacing=0.7 * ELECTRONS.spacing())
    T, c, count = ELECTRONS.thermal_energy, HOLES.curvature, 0
    for q, xi, after in _transitions(grid.panels.nodes, grid.directions, grid.spacing, ELECTRONS.reach(EMPTY), 1.0):
        p = momenta(HOLES, cut=EMPTY, per_strip=1.0, beyond=0.5 * float(grid.panels.nodes.max()))[0]
        inside = (np.minimum(xi, after) <= EMPTY * T) & (np.maximum(xi, after) >= -EMPTY * T)
        count += 2 * np.count_nonzero(inside & (np.abs(xi - after) <= c * q * p[-1]))
    return lambda: layers.force(0.0), count


def mean_field_cells():
    """Cells of the mean-field sums: two exponentials at each node of each cell tried, for both order parameters."""
    cells = MomentumCells(isolated_bands(**bench_diode.STRONG))
    ends, order = SQUARES[[0, -1]], 10

    def run():
        return cells.nodes((Q, 0.0), COLD, ends, 1e-9, order=order)

    found = run()
    return run, 2 * ends.size * order**2 * (found.cells + found.halvings)


def mean_field_scan():
    """Mean-field sums at several order parameters: two exponentials for each, at each node."""
    table = MomentumCells(isolated_bands(**bench_diode.STRONG)).nodes((Q, 0.0), COLD, SQUARES[[0, -1]], 1e-9).table
    return lambda: scan_sums(table, COLD, SQUARES), 2 * table.shape[0] * SQUARES.size


def moments():
    """Spinor moments of the expansion at one momentum: two exponentials for each relative momentum."""
    grid = bench_diode.momentum_grid(bench_diode.BANDS, bench_diode.T, (-0.4, 0.8))
    count = 2 * grid.p.size * len(grid.half_circle()[0])
    return lambda: spinor_moments(bench_diode.BANDS, grid, 0.2, 0.0, bench_diode.T), count


def costly():
    """Cases of which the limit is a number of exponentials.

    Returns
    -------
    list of (Case, int)
    """
    kinds = {
        "sums of the Rashba drag": rashba_sums,
        "force of drifting layers": exact_force,
        "cells of the mean-field sums": mean_field_cells,
        "mean-field sums, six Δ": mean_field_scan,
        "spinor moments at one q": moments,
    }
    out = []
    for name, make in kinds.items():
        run, count = make()
        out.append((Case(name, run), int(count)))
    return out


def _transitions(lengths, directions, spacing, reach, share):
    """q, and the energies of the electrons on a grid before and after they give q away, `share` of it behind k."""
    for q in lengths:
        n = int(np.ceil((reach + share * q) / spacing))
        axis = spacing * np.arange(-n, n + 1)
        kx, ky = np.meshgrid(axis, axis, indexing="ij")
        for phi in directions:
            x, y = q * np.cos(phi), q * np.sin(phi)
            ahead = 1.0 - share
            yield (
                q,
                ELECTRONS.energy(kx + ahead * x, ky + ahead * y),
                ELECTRONS.energy(kx - share * x, ky - share * y),
            )


__all__ = ["costly", "exact_force", "mean_field_cells", "mean_field_scan", "moments", "rashba_sums"]
