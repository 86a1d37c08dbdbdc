"""Hartree-Fock: exchange kernels, states on the k mesh, the supercell functional, the peer's crystal."""

import json
import os
import subprocess
import sys

import numpy as np

from benchmarks.timing import Case
from ehbilayer.hartree_fock import minimisation, solve_crystal
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.orbitals import gaussian_start, orbital_grid
from ehbilayer.hartree_fock.reference import PUBLIC_BENCHMARK
from ehbilayer.hartree_fock.start import oscillator_length
from ehbilayer.hartree_fock.terms.hartree import Hartree
from ehbilayer.model.lattice import Box
from ehbilayer.model.plane_waves import PlaneWaves

#: What the published implementation of the polarised-gas benchmark needed on two cores, and its result.
PEER = {"seconds": 190.0, "megabytes": 7500.0, "energy (Ha)": PUBLIC_BENCHMARK["crystal"]}


def pair_fft_exchange(orbitals, occupations, slots, shape, kernel):
    """Exchange energy of complex orbitals, shape (n, m), pair by pair with numpy.fft."""
    spectrum = np.zeros((orbitals.shape[1], shape[0] * shape[1]), dtype=complex)
    spectrum[:, slots] = orbitals.T
    fields = np.fft.ifft2(spectrum.reshape(-1, *shape), norm="forward")
    energy = 0.0
    for i in range(len(fields)):
        for j in range(i + 1):
            rho = np.fft.fft2(fields[i].conj() * fields[j], norm="forward")
            weight = (1.0 if i == j else 2.0) * occupations[i] * occupations[j]
            energy -= 0.5 * weight * np.sum(kernel * np.abs(rho) ** 2)
    return energy


def kmesh_exchange(mesh):
    """Exchange of the holes of an EL-HC state: blocks by matrix product against pair FFTs of Bloch orbitals."""
    state = solve_crystal(mesh=mesh, cutoff=2.0).state
    basis, functional, hole = state.basis, state.functional, state.functional.species[1]
    density = state.density_matrix(1)

    def run():
        blocks = basis.exchange([density])[0] / functional.r_s
        return 0.5 * basis.weights @ np.einsum("kij,kji->k", blocks, density)

    # The twin works on every Bloch vector, so it needs the unreduced state.
    full = solve_crystal(mesh=mesh, cutoff=2.0, symmetry="none").state
    grid = orbital_grid(full.basis.waves)
    orbitals = np.zeros((len(full.basis.waves), full.basis.k_count), dtype=complex)
    for k, members in enumerate(full.basis.members):
        inside = members >= 0
        orbitals[members[inside], k] = full.orbitals[1][k, inside, 0]
    kernel = functional.coulomb(hole, hole, grid.lengths)
    return run, lambda: pair_fft_exchange(orbitals, np.ones(full.basis.k_count), grid.slots, grid.shape, kernel)


def supercell_functional(n):
    """Energy of electrons and holes: our functional with its gradient against pair FFTs in NumPy (energy alone)."""
    waves = PlaneWaves.disc(Box.triangular(n, n), 2.0)
    holes = n * n
    functional = Functional(
        waves.box, (Species("e", -1, 0.1, holes, spin="both"), Species("h", 1, 1.0, holes, height=1.0)), 7.0
    )
    grid, rng = orbital_grid(waves), np.random.default_rng(0)
    points = [np.linalg.qr(rng.standard_normal((len(waves), m)))[0] for m in (holes // 2, holes)]

    def run():
        return minimisation.evaluate(functional, grid, points)[0].total

    def twin():
        energy, spectra = 0.0, []
        for species, x in zip(functional.species, points, strict=True):
            c = 0.5 * ((1 - 1j) * x + (1 + 1j) * x[grid.mirror])
            energy += species.components * np.sum(functional.kinetic(species, waves.squares)[:, None] * np.abs(c) ** 2)
            kernel = functional.coulomb(species, species, grid.lengths)
            energy += species.components * pair_fft_exchange(c, np.ones(c.shape[1]), grid.slots, grid.shape, kernel)
            spectrum = np.zeros((c.shape[1], grid.lengths.size), dtype=complex)
            spectrum[:, grid.slots] = c.T
            fields = np.fft.ifft2(spectrum.reshape(-1, *grid.shape), norm="forward")
            spectra.append(
                np.fft.fft2(species.components * np.sum(np.abs(fields) ** 2, axis=0), norm="forward").reshape(-1)
            )
        return energy + sum(Hartree(functional, grid.fourier).energy(spectra).values())

    return run, twin


def cases():
    """All timed cases."""
    listed = []
    for mesh in (4, 6, 8):
        run, twin = kmesh_exchange(mesh)
        listed.append(Case("exchange on the k mesh", run, twin, size=mesh**2))
    for mesh, goal in ((4, None), (6, 30.0), (8, None), (12, 200.0)):
        listed.append(
            Case(
                "EL-HC state on the k mesh",
                lambda mesh=mesh: solve_crystal(mesh=mesh, cutoff=2.0).energy_per_pair,
                size=mesh**2,
                goal_ms=goal,
            )
        )
    for n, goal in ((4, None), (6, 45.0), (8, None)):
        run, twin = supercell_functional(n)
        listed.append(Case("supercell functional and gradient", run, twin, size=n * n, goal_ms=goal))
    listed.append(Case("supercell functional and gradient", supercell_functional(12)[0], size=144))
    return listed


def peer_crystal(threads=2):
    """Crystal of 36 polarised electrons at r_s = 10 in 1755 plane waves, from Gaussians, in a process of its own.

    Returns
    -------
    dict
        Total energy (Ha), seconds after compilation, iterations, peak memory of the process in MB.
    """
    script = f"from benchmarks.bench_hartree_fock import peer_run; peer_run({threads})"
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def peer_run(threads):
    """What the process of `peer_crystal` does: the run, and its result as JSON on the standard output."""
    import resource
    import time

    box = Box.rectangular(6, 3)
    waves = PlaneWaves.grid(box, 45, 39)
    functional = Functional(box, (Species("e", -1, 1.0, 36),), 10.0)
    start = gaussian_start(waves, box.sites(), oscillator_length(1.0, 10.0), 36)
    minimisation.minimise_orbitals(functional, waves, [start], max_iterations=1)
    begin = time.perf_counter()
    state = minimisation.minimise_orbitals(functional, waves, [start], tolerance=1e-6, threads=threads)
    print(
        json.dumps(
            {
                "energy (Ha)": state.energy.total,
                "seconds": time.perf_counter() - begin,
                "iterations": state.iterations,
                "converged": state.converged,
                "peak memory (MB)": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


__all__ = ["PEER", "cases", "kmesh_exchange", "pair_fft_exchange", "peer_crystal", "peer_run", "supercell_functional"]
