"""Results of Hartree-Fock theory that are known exactly or published, and the calculations to hold against them.

One layer, in the atomic units of its carrier; energies are per carrier and in the thermodynamic limit unless
a function says otherwise.
"""

from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.hartree_fock import kmesh
from ehbilayer.hartree_fock.bloch import bloch_basis, gaussian_orbitals
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.hartree_fock.functional import Functional, Species
from ehbilayer.hartree_fock.minimisation import evaluate, minimise_orbitals
from ehbilayer.hartree_fock.orbitals import gaussian_start, orbital_grid
from ehbilayer.hartree_fock.start import oscillator_length
from ehbilayer.model.coulomb import ZeroMode
from ehbilayer.model.lattice import Box
from ehbilayer.model.lattice_sums import einstein_frequency, lattice_sum
from ehbilayer.model.plane_waves import PlaneWaves

__all__ = [
    "MADELUNG_CONSTANT",
    "PHONON_CONSTANT",
    "PUBLIC_BENCHMARK",
    "anharmonic_constant",
    "crystal_zero_point",
    "public_benchmark_energy",
    "solve_layer",
    "virial_residual",
    "wigner_crystal_energy",
]

#: Madelung energy of the triangular Wigner crystal times r_s (Bonsall and Maradudin 1977).
MADELUNG_CONSTANT = -1.1061025867

#: Zero-point energy of the crystal's harmonic phonons times r_s^(3/2), which Hartree-Fock must not reach.
PHONON_CONSTANT = 0.8137

#: Total energies (Ha) of 36 polarised electrons at r_s = 10 in 45 x 39 plane waves, V(0) = 0, from a public program.
PUBLIC_BENCHMARK = {"sea": -2.0630022863, "crystal": -2.2352069029}


def anharmonic_constant() -> float:
    """First correction to the Einstein crystal's energy per carrier, times r_s^2: (9/8) sum R^-5 / sum R^-3.

    The quartic part of the potential, averaged over the oscillator's ground state and that of its neighbours.

    Examples
    --------
    >>> f"{anharmonic_constant():.4f}"
    '0.1900'
    """
    return 9 / 8 * lattice_sum(5.0) / lattice_sum(3.0)


@checked
def wigner_crystal_energy(r_s: float) -> float:
    """Hartree-Fock energy per carrier of the Wigner crystal at large r_s, up to terms of order r_s^(-5/2).

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius in Bohr radii of the carrier, > 0.

    Returns
    -------
    float
        Madelung, zero-point and first anharmonic energy in Ha; the exchange between neighbours is
        exponentially small.

    Examples
    --------
    >>> f"{wigner_crystal_energy(100.0):.6f}"
    '-0.010148'
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    return MADELUNG_CONSTANT / r_s + einstein_frequency() / r_s**1.5 + anharmonic_constant() / r_s**2


@checked
def solve_layer(
    *,
    r_s: float,
    mesh: int,
    kind: str,
    spin: int = 1,
    cutoff: float = 2.0,
    zero_mode: str | ZeroMode = "madelung",
    tolerance: float = 1e-10,
) -> kmesh.BlochState:
    """Hartree-Fock state of a single layer on a k mesh: the functional of the bilayer with one species.

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius in Bohr radii of the carrier, > 0.
    mesh : int
        Bloch vectors per direction; the box holds ``mesh**2`` carriers.
    kind : {"liquid", "crystal"}
        Uniform gas with its open shell filled fractionally, or one polarised carrier per cell.
    spin : int
        Spin components of the liquid, 1 or 2.
    cutoff : float
        In ``|b|`` of the cell, >= 1.
    zero_mode : {"dropped", "madelung"}
        See `ehbilayer.model.coulomb.ZeroMode`.
    tolerance : float
        Bound on the gradient norm in Ha per carrier.

    Returns
    -------
    ehbilayer.hartree_fock.kmesh.BlochState
        Its energy is that of the whole box. Look at ``converged``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> state = solve_layer(r_s=10.0, mesh=3, kind="crystal")
    >>> state.converged, round(state.energy.total / 9, 6)
    (True, -0.080905)
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    mesh = validation.integer("mesh", mesh, low=2, high=100)
    kind = validation.option("kind", kind, ("liquid", "crystal"))
    spin = validation.integer("spin", spin, low=1, high=2)
    cutoff = validation.real("cutoff", cutoff, low=1.0, high=20.0)
    if kind == "crystal" and spin != 1:
        raise ValueError(f"spin = {spin!r} is not allowed: the crystal has one carrier per cell, need 1")
    box = Box.triangular(mesh, mesh)
    functional = Functional(
        box,
        (Species("carrier", 1, 1.0, box.carriers, "both" if spin == 2 else "polarised"),),
        r_s,
        ZeroMode.parse(zero_mode),
    )
    basis = bloch_basis(box, cutoff)
    if kind == "liquid":
        start, filling = None, "shells"
    else:
        start, filling = gaussian_orbitals(basis, [[0.0, 0.0]], oscillator_length(1.0, r_s)), "bands"
    return kmesh.solve(functional, basis, [start], [filling], tolerance=validation.positive("tolerance", tolerance))


@checked
def crystal_zero_point(state: kmesh.BlochState) -> float:
    """Energy per carrier of a one-layer crystal above its Madelung energy, times r_s^(3/2).

    Parameters
    ----------
    state : BlochState
        From `solve_layer` with ``zero_mode="madelung"``.

    Returns
    -------
    float
        In Ha; compare with `einstein_frequency`.

    Examples
    --------
    >>> state = solve_layer(r_s=60.0, mesh=3, kind="crystal")
    >>> 0.8 < crystal_zero_point(state) < 1.0
    True
    """
    functional = state.functional
    energy = state.energy.total / functional.box.carriers
    return (energy - MADELUNG_CONSTANT / functional.r_s) * functional.r_s**1.5


def virial_residual(*, step: float = 0.002, **arguments: Any) -> float:
    """How far a bilayer state is from the virial theorem, in Ha_h per pair.

    When all lengths, the spacing included, grow alike, the kinetic energy T falls as their inverse square and the
    interaction V as their inverse: ``r_s dE/dr_s + d dE/dd + 2 T + V = 0``. It holds at any cutoff in ``|b|``.

    Parameters
    ----------
    step : float
        Relative step of the five-point derivative with respect to r_s.
    **arguments
        Of `ehbilayer.hartree_fock.solve_crystal`, `r_s` among them.

    Returns
    -------
    float

    Examples
    --------
    >>> abs(virial_residual(mass_ratio=6, d=1.3, r_s=9.0, mesh=3, cutoff=1.5, tolerance=1e-10)) < 1e-8
    True
    """
    step = validation.positive("step", step, high=0.1)
    r_s = validation.real("r_s", arguments.pop("r_s"), low=1e-3, high=1e6)
    state = solve_crystal(r_s=r_s, **arguments)
    stencil = {-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}
    radial = (
        sum(c * solve_crystal(r_s=r_s * (1 + n * step), **arguments).energy_per_pair for n, c in stencil.items()) / step
    )
    energy = state.state.energy
    rest = energy.separation_derivative + 2 * sum(energy.kinetic.values()) + energy.potential
    return radial + rest / state.pairs


@checked
def public_benchmark_energy(kind: str, *, threads: int = 1) -> float:
    """Total energy of 36 polarised electrons at r_s = 10 in a rectangular box, with V(0) = 0.

    The case of `PUBLIC_BENCHMARK`: 6 x 3 centred cells, every plane wave on a grid of 45 x 39.

    Parameters
    ----------
    kind : {"sea", "crystal"}
        The 36 shortest plane waves, not relaxed; or the triangular crystal, minimised from Gaussians.
    threads : int
        Worker threads of the exchange.

    Returns
    -------
    float
        In Ha, of the whole box.

    Raises
    ------
    RuntimeError
        If the minimisation did not converge.

    Examples
    --------
    >>> f"{public_benchmark_energy('sea'):.9f}"
    '-2.063002286'
    """
    kind = validation.option("kind", kind, ("sea", "crystal"))
    box = Box.rectangular(6, 3)
    waves = PlaneWaves.grid(box, 45, 39)
    functional = Functional(box, (Species("e", -1, 1.0, 36),), 10.0)
    if kind == "sea":
        return evaluate(functional, orbital_grid(waves), [np.eye(len(waves), 36)])[0].total
    start = gaussian_start(waves, box.sites(), oscillator_length(1.0, 10.0), 36)
    state = minimise_orbitals(functional, waves, [start], tolerance=1e-6, threads=threads)
    if not state.converged:
        raise RuntimeError(
            f"the crystal did not converge: gradient norm {state.gradient_norm:.1e} after {state.iterations} iterations"
        )
    return state.energy.total
