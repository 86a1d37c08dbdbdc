"""The uniform liquid of one layer in a periodic box: what its open shells and sums over k differ by from the limit."""

from functools import lru_cache
from typing import NamedTuple

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.hartree_fock import kmesh
from ehbilayer.hartree_fock.bloch import bloch_basis
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import Box
from ehbilayer.model.uniform_gas import uniform_gas_energy

__all__ = ["FreeLiquid", "free_liquid", "free_variance", "shell_correction"]


class FreeLiquid(NamedTuple):
    """Energies and momentum variance of a liquid whose open shell is filled with equal fractions.

    Attributes
    ----------
    kinetic : float
        Times r_s^2, per carrier and for the mass 1.
    exchange : float
        Times r_s, Madelung-corrected.
    variance : float
        sigma_k^2 per carrier.
    open_shell : float
        sum n(1 - n) over all states, per carrier: 0 for closed shells.
    """

    kinetic: float
    exchange: float
    variance: float
    open_shell: float


@checked
def free_liquid(box: Box, spin: int = 1) -> FreeLiquid:
    """Liquid of `spin` components in a box, on the same plane waves as the Hartree-Fock states in it.

    Examples
    --------
    >>> from ehbilayer.model.lattice import Box
    >>> closed = free_liquid(Box.triangular(1, 1))
    >>> closed.kinetic, closed.open_shell
    (0.0, 0.0)
    """
    return _free_liquid(box, validation.integer("spin", spin, low=1, high=2))


@lru_cache(maxsize=64)
def _free_liquid(box: Box, spin: int) -> FreeLiquid:
    functional = Functional(
        box, (Species("e", -1, 1.0, box.carriers, "both" if spin == 2 else "polarised"),), 1.0, ZeroMode.MADELUNG
    )
    state = kmesh.solve(functional, bloch_basis(box, 1.0), [None], ["shells"])
    squares = state.basis.waves.squares * box.area
    exchange = state.energy.exchange["e"] + state.energy.zero_mode
    filling = state.occupations[0]
    return FreeLiquid(
        state.energy.kinetic["e"] / box.carriers,
        exchange / box.carriers,
        float(squares @ state.momentum_distribution(0)) / box.carriers,
        float(spin * state.basis.weights @ (filling * (1 - filling)).sum(axis=1)) / box.carriers,
    )


@checked
def free_variance(mesh: int, spin: int = 1) -> float:
    """Momentum variance per carrier of a liquid of `spin` components on the mesh: what crystals are held against.

    Examples
    --------
    >>> free_variance(6, spin=2) < free_variance(6)
    True
    """
    mesh = validation.integer("mesh", mesh, low=1, high=100)
    return free_liquid(Box.triangular(mesh, mesh), spin).variance


@checked
def shell_correction(r_s: float, mesh: int, mass: float, polarised: bool) -> float:
    """Thermodynamic limit minus Madelung-corrected value of a liquid layer's energy per carrier.

    Parameters
    ----------
    r_s : float
        In a_h.
    mesh : int
    mass : float
        In m_h.
    polarised : bool

    Returns
    -------
    float
        In Ha_h.

    Examples
    --------
    >>> small, large = (abs(shell_correction(10.0, mesh, 1.0, polarised=True)) for mesh in (6, 24))
    >>> large < small
    True
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    mass = validation.positive("mass", mass)
    mesh = validation.integer("mesh", mesh, low=1, high=100)
    spin = 1 if polarised else 2
    finite = free_liquid(Box.triangular(mesh, mesh), spin)
    kinetic, exchange = uniform_gas_energy(1.0, spin=spin)
    return float((kinetic - finite.kinetic) / (mass * r_s**2) + (exchange - finite.exchange) / r_s)
