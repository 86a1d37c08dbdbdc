"""Phase diagram: time of a point with all its states, and the cost of the same diagram with the supercell solver."""

import time

from benchmarks.timing import Case
from ehbilayer.hartree_fock import solve_supercell
from ehbilayer.phases.candidates import candidate_states
from ehbilayer.phases.point import phase_point

#: Points of one convention of the book's diagram: 3 spacings, 12 mass ratios, 16 densities.
POINTS = 3 * 12 * 16

# Spread over the diagram: all four Hartree-Fock phases, fast and slow convergence.
SAMPLE = [
    {"mass_ratio": 1.25, "d": 1.0, "density_ratio": 1.6},
    {"mass_ratio": 2.0, "d": 3.0, "density_ratio": 0.3},
    {"mass_ratio": 4.0, "d": 1.0, "density_ratio": 0.7},
    {"mass_ratio": 10.0, "d": 10.0, "density_ratio": 0.15},
]


def cases():
    """One point in either convention; the critical density is computed beforehand."""
    return [
        Case(
            f"phase point, {convention}",
            lambda convention=convention, mesh=mesh: phase_point(convention=convention, mesh=mesh, **SAMPLE[2])[
                "margin"
            ],
            size=mesh**2,
        )
        for convention, mesh in (("paper", 6), ("limit", 8))
    ]


def diagram_cost(mesh=6):
    """Measured cost of the mesh states of a diagram, and that of supercell states extrapolated from the same points.

    Returns
    -------
    dict
        ``states per second`` and ``points per second`` on the mesh (one process), ``seconds per supercell state``
        (unrestricted, cutoff 1.5, gradient 1e-5 Ha_h, mean over two points), ``diagram, mesh (minutes)`` and
        ``diagram, supercell (hours)`` for `POINTS` points in one process, as many states each.
    """
    states, elapsed = 0, 0.0
    for point in SAMPLE:
        r_s = 3.83 / point["density_ratio"] ** 0.5
        start = time.perf_counter()
        states += len(candidate_states(mass_ratio=point["mass_ratio"], d=point["d"], r_s=r_s, mesh=mesh))
        elapsed += time.perf_counter() - start
    supercell = 0.0
    for point in SAMPLE[1:3]:
        start = time.perf_counter()
        solve_supercell(
            mass_ratio=point["mass_ratio"],
            d=point["d"],
            r_s=3.83 / point["density_ratio"] ** 0.5,
            cells=(mesh, mesh),
            cutoff=1.5,
            spin="unrestricted",
            tolerance=1e-5,
        )
        supercell += (time.perf_counter() - start) / 2
    per_point = states / len(SAMPLE)
    return {
        "states per second": states / elapsed,
        "points per second": len(SAMPLE) / elapsed,
        "seconds per supercell state": supercell,
        "diagram, mesh (minutes)": POINTS * elapsed / len(SAMPLE) / 60,
        "diagram, supercell (hours)": POINTS * per_point * supercell / 3600,
    }


__all__ = ["POINTS", "SAMPLE", "cases", "diagram_cost"]
