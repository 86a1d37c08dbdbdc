"""The solvers held against every exact or published result of `ehbilayer.hartree_fock.reference`, in one list."""

from typing import NamedTuple

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.hartree_fock import reference
from ehbilayer.model.coulomb import madelung_potential
from ehbilayer.model.lattice import Box
from ehbilayer.model.uniform_gas import uniform_gas_energy

__all__ = ["Check", "exact_checks"]


class Check(NamedTuple):
    """A number that is known, and the same number from the solvers.

    Attributes
    ----------
    name : str
        What it is.
    expected, computed : float
        In the atomic units of the carrier; per carrier, but for the public calculation, which is of a box of 36.
    digits : int
        Decimal places that are worth showing.
    """

    name: str
    expected: float
    computed: float
    digits: int


@checked
def exact_checks(*, mesh: int = 36, threads: int = 1) -> list[Check]:
    """Compute everything that is known exactly, or was published, for one layer or the bilayer.

    Uniform gas at r_s = 2; Madelung constant from an Ewald sum and from the crystal at r_s = 50 with V(0) = 0, whose
    energy depends on the box by its images; virial theorem for the bilayer of paper A's Fig. 3; BigHF's electron gas.

    Parameters
    ----------
    mesh : int
        Bloch vectors per direction for the uniform gas.
    threads : int
        Worker threads of the public calculation.

    Returns
    -------
    list of Check

    Examples
    --------
    >>> worst = max(abs(check.computed - check.expected) for check in exact_checks(mesh=12))
    >>> worst < 5e-3
    True
    """
    mesh, threads = validation.integer("mesh", mesh, low=2, high=100), validation.integer("threads", threads, low=1)
    checks = []
    for spin, name in ((1, "polarised"), (2, "unpolarised")):
        gas = reference.solve_layer(r_s=2.0, mesh=mesh, kind="liquid", spin=spin, cutoff=1.0).energy
        kinetic, exchange = uniform_gas_energy(2.0, spin)
        computed = sum(gas.exchange.values()) + gas.zero_mode
        checks.append(Check(f"uniform gas, {name}, kinetic energy", kinetic, sum(gas.kinetic.values()) / mesh**2, 5))
        checks.append(Check(f"uniform gas, {name}, exchange energy", exchange, computed / mesh**2, 5))
    constant = -reference.MADELUNG_CONSTANT
    ewald = madelung_potential(Box.triangular(1, 1)) / 2
    checks.append(Check("Madelung constant, Ewald sum", constant, ewald, 10))
    crystals = {
        n: reference.solve_layer(r_s=50.0, mesh=n, kind="crystal", cutoff=3.0, zero_mode="dropped").energy.total / n**2
        for n in (8, 12)
    }
    slope = 50.0 * (crystals[8] - crystals[12]) / (1 / 8 - 1 / 12)
    checks.append(Check("Madelung constant, crystals with $V(0) = 0$", constant, slope, 3))
    residual = reference.virial_residual(mass_ratio=10.0, d=1.0, r_s=7.0, mesh=6, cutoff=2.0, tolerance=1e-10)
    checks.append(Check("virial theorem, bilayer", 0.0, abs(residual), 8))
    for kind, expected in reference.PUBLIC_BENCHMARK.items():
        energy = reference.public_benchmark_energy(kind, threads=threads)
        checks.append(Check(f"public calculation, {kind}", expected, energy, 9))
    return checks
