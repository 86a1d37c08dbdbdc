"""What the machine itself allows: transforms, matrix products, exponentials, memory and files, measured alone."""

import math
import os
import platform
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.fft

from benchmarks import bench_diode, bench_drag, kernels
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.orbitals import orbital_grid
from ehbilayer.model.lattice import Box
from ehbilayer.model.plane_waves import PlaneWaves


def fft_seconds(shape, *, batch=16, repeats=20):
    """Seconds per complex two-dimensional transform, in batches as the exchange uses them; the fastest of `repeats`."""
    work = np.random.default_rng(0).standard_normal((batch, *shape)).astype(complex)
    return _fastest(lambda: scipy.fft.fft2(work, overwrite_x=False), repeats) / batch


def product_rate(rows, inner, columns, *, repeats=20):
    """Floating-point operations per second of a real matrix product of this shape; the fastest of `repeats`."""
    rng = np.random.default_rng(0)
    left, right = rng.standard_normal((rows, inner)), rng.standard_normal((inner, columns))
    return 2 * rows * inner * columns / _fastest(lambda: left @ right, repeats)


def exponential_rate(*, size=4096, repeats=2000):
    """Exponentials per second of NumPy, in arrays that stay in the cache; the fastest of `repeats`."""
    x = np.linspace(-30.0, 0.0, size)
    out = np.empty_like(x)
    return size / _fastest(lambda: np.exp(x, out=out), repeats)


def memory_rate(*, size=2 * 10**7, repeats=5):
    """Bytes per second between memory and one core, in the sum of two arrays beyond every cache; best of `repeats`."""
    left, right, out = np.ones(size), np.ones(size), np.zeros(size)
    return 3 * out.nbytes / _fastest(lambda: np.add(left, right, out=out), repeats)


def durable_file_seconds(content, *, count=100):
    """Seconds that one small file takes which survives a loss of power: written aside, flushed to the disk, renamed."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for i in range(count):
            aside = Path(folder, "aside")
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(aside, Path(folder, str(i)))
        return (time.perf_counter() - start) / count


def supercell_transforms(n, cutoff=2.0):
    """Grid and number of transforms of one evaluation for n x n cells, liquid electrons and holes.

    Returns
    -------
    shape : tuple of int
    transforms : int
        Two pair densities share a transform to reciprocal space and one back.
    """
    shape = orbital_grid(PlaneWaves.disc(Box.triangular(n, n), cutoff)).shape
    orbitals = (n * n // 2, n * n)
    return shape, sum(2 * -(-(m * (m + 1) // 2) // 2) for m in orbitals)


def mesh_product(mesh, cutoff=2.0):
    """Shapes of the exchange's matrix products on a k mesh, and how often an EL-HC state needs them.

    Returns
    -------
    shapes : list of tuple of int
        Irreducible plane waves, plane waves, and columns: differences of both species.
    iterations : int
    """
    state = solve_crystal(mesh=mesh, cutoff=cutoff).state
    parts = state.basis.exchange.parts
    shapes = [(*part.interaction.shape, 2 * part.source.size // len(part.members)) for part in parts]
    return shapes, state.iterations


def bounds(table):
    """Times that the machine's fastest operations need for the work of the cases in `table`, from `collect`.

    Returns
    -------
    pandas.DataFrame
        Rows with the case, its N, the operations and their rate as text, ``limit (ms)`` and ``ours (ms)``; a case that
        was not timed is left out.
    dict
        ``points`` and ``exponentials`` of a sum of the diode, ``fft (us)`` of the middle supercell and its ``grid``,
        ``square (GFlop/s)`` of a large product.
    """
    rows, facts = [], {}
    ours = {(row["case"], row["N"] if row["N"] == row["N"] else 0): row["ours (ms)"] for _, row in table.iterrows()}

    def add(case, size, operations, rate, limit):
        if (case, size) in ours:
            rows.append([case, size, operations, rate, 1e3 * limit, ours[case, size]])

    for n in (4, 6, 8):
        shape, transforms = supercell_transforms(n)
        one = fft_seconds(shape)
        work = f"{transforms} transforms of {shape[0]} × {shape[1]}"
        add("supercell functional and gradient", n * n, work, f"{1e6 * one:.1f} µs", transforms * one)
        if n == 6:
            facts |= {"fft (us)": 1e6 * one, "grid": f"{shape[0]} × {shape[1]}"}
    for mesh in (6, 12):
        shapes, iterations = mesh_product(mesh)
        largest = max(shapes, key=math.prod)
        rate, (left, inner, right) = product_rate(*largest), largest
        work = f"{iterations * len(shapes)} products, up to {left} × {inner} by {inner} × {right}"
        limit = 2 * iterations * sum(map(math.prod, shapes)) / rate
        add("EL-HC state on the k mesh", mesh**2, work, f"{rate / 1e9:.0f} GFlop/s", limit)
    exponentials, memory = exponential_rate(), memory_rate()
    grid = bench_diode.momentum_grid(bench_diode.BANDS, bench_diode.T, (-0.4, 0.8))
    angles = len(grid.half_circle()[0])
    sums = "α and β at one q, default"
    counts = {
        sums: bench_diode.exponentials(bench_diode.BANDS, grid, 0.2, bench_diode.T),
        "drag: holes' tables": bench_drag.transverse_exponentials(),
    }
    for case, count in counts.items():
        add(case, 0, f"{count} exponentials", f"{exponentials / 1e9:.2f} per ns", count / exponentials)
    traffic = 8 * (3 * grid.p.size + 2 * angles)
    add(sums, 0, f"{traffic} bytes read", f"{memory / 1e9:.0f} GB/s", traffic / memory)
    for case, count in kernels.costly():
        seconds = _fastest(case.run, 5)
        work = [f"{count} exponentials", f"{exponentials / 1e9:.2f} per ns", 1e3 * count / exponentials]
        rows.append([case.name, 0, *work, 1e3 * seconds])
    flush = durable_file_seconds(b"x" * 200)
    add("sweep of 1000 points, serial, new store", 0, "1000 files", f"{1e3 * flush:.2g} ms", 1000 * flush)
    facts |= {"points": grid.p.size * angles, "exponentials": counts[sums]}
    facts["square (GFlop/s)"] = product_rate(1000, 1000, 1000) / 1e9
    columns = ["case", "N", "operations", "rate", "limit (ms)", "ours (ms)"]
    return pd.DataFrame(rows, columns=columns), facts


def processor():
    """Name of the processor, as far as the system tells."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _fastest(function, repeats):
    function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)
