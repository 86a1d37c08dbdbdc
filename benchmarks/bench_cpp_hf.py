"""The exciton condensate by cpp_hf, a public Hartree-Fock program for k meshes: `make bench-peers`.

Both spin-polarised layers are two orbitals of one Hamiltonian, half filled. The interaction at q = 0 is averaged over a
cell of the mesh, whose spacing leaves an error of per cents. The capacitor's energy, 2 pi d n^2, keeps a dilute
condensate stable at a fixed chemical potential; it is taken off again.
"""

import math
from importlib.util import find_spec

import numpy as np

from benchmarks.timing import Case
from ehbilayer.condensate import solve_condensate

#: Mass ratio, distance and r_s in a_h; momenta up to `reach` in 1/a_h.
POINT = {"mass_ratio": 4, "d": 1.0, "r_s": 5.0}
REACH = 3.0


def mesh_problem(points, chemical_potential, *, mass_ratio, d, r_s):
    """Weights, Hamiltonian, interaction, reference and start of the condensate on ``points**2`` momenta, in Ha_h."""
    step = 2 * REACH / points
    axis = (np.arange(points) - points // 2) * step
    kx, ky = np.meshgrid(axis, axis, indexing="ij")
    square = kx**2 + ky**2
    half = square * (1 + mass_ratio) / 4 - chemical_potential / 2 - 2 * d / r_s**2
    q = np.sqrt(square)
    q[points // 2, points // 2] = step / (4 * math.log(1 + math.sqrt(2)))  # 1/q averaged over the square
    within, across = 2 * np.pi / q, 2 * np.pi / q * np.exp(-q * d)
    shape = (points, points, 2, 2)
    hamiltonian, interaction, reference, start = (np.zeros(shape) for _ in range(4))
    hamiltonian[..., 0, 0], hamiltonian[..., 1, 1] = half, -half
    interaction[..., 0, 0] = interaction[..., 1, 1] = within
    interaction[..., 0, 1] = interaction[..., 1, 0] = across
    reference[..., 1, 1] = 1.0
    amplitude = 0.8 * np.exp(-4 * square)
    start[..., 0, 0], start[..., 1, 1] = amplitude**2, 1 - amplitude**2
    start[..., 0, 1] = start[..., 1, 0] = amplitude * np.sqrt(1 - amplitude**2)
    weights = np.full((points, points), (step / (2 * np.pi)) ** 2)
    return weights, hamiltonian, interaction, reference, start


def condensate(points):
    """Energy per pair without the capacitor, in Ha_h, and r_s there: ours on panels, the peer's on a mesh."""

    def run():
        return np.array([solve_condensate(**POINT).energy_per_pair, POINT["r_s"]])

    def peer():
        import cpp_hf

        mu, d = solve_condensate(**POINT).chemical_potential, POINT["d"]
        weights, hamiltonian, interaction, reference, start = mesh_problem(points, mu, **POINT)
        plates = [[0.0, -2 * np.pi * d], [-2 * np.pi * d, 0.0]]
        problem = cpp_hf.HartreeFockKernel(
            weights,
            hamiltonian,
            interaction,
            T=1e-3,
            include_hartree=True,
            reference_density=reference,
            hartree_matrix=plates,
        )
        config = cpp_hf.SolverConfig(tol_grad=1e-7, max_iter=500)
        result = cpp_hf.solve(problem, start, float(weights.sum()), config=config)
        if not result.converged:
            raise RuntimeError("cpp_hf did not converge")
        change, fock = np.asarray(result.density) - reference, np.asarray(result.fock)
        pairs = float((weights * change[..., 0, 0].real).sum())
        mean = (hamiltonian + fock) / 2
        energy = float(np.einsum("ij,ijab,ijba->", weights, mean, change).real) - 2 * np.pi * d * pairs**2
        shift = mu + 4 * d / POINT["r_s"] ** 2
        return np.array([energy / pairs + shift, 1 / math.sqrt(np.pi * pairs)])

    return run, peer


def cases():
    """Timed where the peer is installed; its meshes are good to per cents, our panels to nine digits."""
    if find_spec("cpp_hf") is None:
        return []
    return [
        Case(f"peer: condensate, cpp_hf on {points} × {points}", *condensate(points), rtol=0.04) for points in (48, 96)
    ]


__all__ = ["cases", "condensate", "mesh_problem"]
