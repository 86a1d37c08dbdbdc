"""The Hartree-Fock energy functional of carriers in parallel layers (paper A, supplement, E[D]): what it is made of.

Units: hole atomic units. Lengths inside the box are in r_s (see `ehbilayer.model.lattice`); energies are in
Ha_h = m_h e^4/(eps_r hbar)^2. The terms of the functional are in `ehbilayer.hartree_fock.terms`; the two solvers
differ in how they store orbitals and sum the exchange.
"""

from dataclasses import dataclass, field

from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.potentials import Cosines
from ehbilayer.model.coulomb import ZeroMode, interaction
from ehbilayer.model.lattice import Box

SPINS = ("polarised", "both", "alternating", "up", "down")


@dataclass(frozen=True)
class Species:
    """One kind of carrier with its own set of orbitals.

    Parameters
    ----------
    layer : str
        Label of the layer, ``"e"`` or ``"h"`` in the bilayer.
    charge : int
        +1 or -1.
    mass : float
        In units of the hole mass.
    number : int
        Carriers in the box, all spin components together.
    spin : {"polarised", "both", "alternating", "up", "down"}
        All carriers of the layer have one spin; two spin components share the orbitals; the second component is the
        first one moved to the other site of a cell of two (k mesh only); or this is one of two sets of orbitals, the
        other one having the opposite spin.
    height : float
        Position of the layer, in a_h; the distance of two layers is the difference of their heights.

    Examples
    --------
    >>> Species("e", charge=-1, mass=0.1, number=36, spin="both").per_spin
    18.0
    >>> Species("e", charge=-1, mass=0.1, number=18, spin="up").name
    'e_up'
    """

    layer: str
    charge: int
    mass: float
    number: int
    spin: str = "polarised"
    height: float = 0.0

    def __post_init__(self):
        if self.charge not in (-1, 1):
            raise ArgumentError("charge", self.charge, "-1 or +1")
        validation.positive("mass", self.mass)
        validation.integer("number", self.number, low=1)
        validation.option("spin", self.spin, SPINS)
        validation.real("height", self.height)

    @property
    def name(self) -> str:
        """The layer, and the spin where the layer has two sets of orbitals: the key of this species in energies."""
        return f"{self.layer}_{self.spin}" if self.spin in ("up", "down") else self.layer

    @property
    def components(self) -> int:
        """Number of spin components that share the orbitals, or have images of them."""
        return 2 if self.spin in ("both", "alternating") else 1

    @property
    def per_spin(self) -> float:
        """Carriers per spin component; half-integer when an odd number is shared by two."""
        return self.number / self.components


@dataclass(frozen=True)
class EnergyParts:
    """Energy of a state, term by term, for the whole box and in Ha_h.

    Attributes
    ----------
    kinetic, exchange : dict of str to float
        By species.
    hartree : dict of (str, str) to float
        By pair of species, each pair once.
    zero_mode : float
        Energy of the carriers with their own periodic images (0 for ``ZeroMode.DROPPED``).
    separation_derivative : float
        Sum over pairs of layers of d dE/dd, which the virial theorem needs.
    external : dict of str to float
        In an external potential, by species; only those that have one.
    """

    kinetic: dict = field(default_factory=dict)
    hartree: dict = field(default_factory=dict)
    exchange: dict = field(default_factory=dict)
    zero_mode: float = 0.0
    separation_derivative: float = 0.0
    external: dict = field(default_factory=dict)

    @property
    def potential(self):
        """All interaction energy."""
        return sum(self.hartree.values()) + sum(self.exchange.values()) + self.zero_mode

    @property
    def total(self):
        """Kinetic, interaction and external energy."""
        return sum(self.kinetic.values()) + self.potential + sum(self.external.values())


@dataclass(frozen=True, eq=False)
class FourierSet:
    """Wave vectors at which a solver knows the Fourier components of densities.

    Attributes
    ----------
    integers : ndarray of int, shape (n, 2)
        In the box's reciprocal vectors.
    lengths : ndarray, shape (n,)
        In 1/r_s.
    weights : ndarray, shape (n,)
        Of each in a sum over all wave vectors: 2 where only one of Q and -Q is in the set.
    group : ndarray of int, shape (g, 2, 2)
        Operations on `integers` (from the right) that leave every density as it is.
    """

    integers: NDArray
    lengths: NDArray
    weights: NDArray
    group: NDArray


@dataclass(frozen=True)
class Functional:
    """Box, carriers, interaction and external potentials.

    Parameters
    ----------
    box : Box
        Periodic box.
    species : tuple of Species
        Distinct names; at least one.
    r_s : float
        Wigner-Seitz radius of one carrier per primitive cell, in a_h.
    zero_mode : ZeroMode
        Treatment of q = 0.
    external : tuple of ehbilayer.hartree_fock.potentials.Cosines
        External potentials.
    """

    box: Box
    species: tuple[Species, ...]
    r_s: float
    zero_mode: ZeroMode = ZeroMode.DROPPED
    external: tuple[Cosines, ...] = ()

    def __post_init__(self):
        validation.positive("r_s", self.r_s)
        names = [s.name for s in self.species]
        if not names or len(set(names)) != len(names):
            raise ArgumentError("species", names, "one or more species with distinct names")
        for layer in self.layers:
            spins = sorted(s.spin for s in self.species if s.layer == layer)
            # Exchange acts within a species: two that hold carriers of the same spin would lack a part of it.
            if len(spins) > 1 and spins != ["down", "up"]:
                raise ArgumentError("species", names, "one species a layer, or one with spin up and one with spin down")

    @property
    def layers(self) -> set[str]:
        """Labels of the layers."""
        return {s.layer for s in self.species}

    def kinetic(self, species, squares):
        """Kinetic energies of plane waves, given their squared lengths in 1/r_s^2; shape as `squares`."""
        return squares / (2 * species.mass * self.r_s**2)

    def momentum_variance(self, squares, distributions):
        """sigma_k^2 = sum_k A k^2 <n_k> per carrier of each layer, from the species' distributions over plane waves."""
        sums, counts = {}, {}
        for species, distribution in zip(self.species, distributions, strict=True):
            layer = species.layer
            sums[layer] = sums.get(layer, 0.0) + float(squares * self.box.area @ distribution)
            counts[layer] = counts.get(layer, 0) + species.number
        return {layer: sums[layer] / counts[layer] for layer in sums}

    def coulomb(self, first, second, q):
        """Matrix elements z_a z_b V_ab(q)/A in Ha_h at wave numbers `q` (in 1/r_s), with 0 at q = 0."""
        separation = abs(first.height - second.height) / self.r_s
        return first.charge * second.charge * interaction(q, separation) / (self.box.area * self.r_s)
