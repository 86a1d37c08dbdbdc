"""What a state is, by order parameters calibrated in its own box: Bragg weight, variance, condensed fraction."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.condensate.state import CondensateState
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock.bloch import BlochBasis
from ehbilayer.hartree_fock.functional import Functional
from ehbilayer.hartree_fock.kmesh import BlochState, density_components
from ehbilayer.hartree_fock.result import BilayerState
from ehbilayer.model.lattice import SQUARE, TRIANGULAR, Box, shortest_reciprocal
from ehbilayer.phases.liquid import free_liquid
from ehbilayer.phases.monolayer import CRYSTALS, crystal_state

__all__ = ["LayerOrder", "LiquidWatch", "bloch_order", "crystal_threshold", "is_condensed", "layer_order"]

# Plane-wave cutoff of the isolated crystal, in |b|.
_CUTOFF = 2.0

# Where an isolated layer's crystal and its liquid have the same energy in large boxes, in Bohr radii.
_CROSSING = {
    "triangular": {"polarised": 2.27, "unpolarised": 1.85},
    "square": {"polarised": 4.05, "unpolarised": 1.42},
}

# Condensed fraction beyond that of an open shell, by which a condensate is told from a liquid.
_CONDENSED = 0.01

# An SCF iteration is judged from this step on.
_SETTLED = 12

# And at these: a liquid that the other layer's crystal makes one at once stays one. Of 120 such iterations, at mass
# ratios from 1 to 20, d from 0.3 to 15 a_h and r_s from 1.5 to 27, none went back to a liquid.
_AT_ONCE = (2, 3)


@dataclass(frozen=True)
class LayerOrder:
    """Order of one layer.

    Attributes
    ----------
    bragg : float
        Root mean square of ``|rho(b)|/N`` over the shortest reciprocal vectors b of the lattice.
    variance : float
        sigma_k^2 over that of the liquid of the same spins in the same box.
    crystal : bool
        Whether both exceed `crystal_threshold`.
    """

    bragg: float
    variance: float
    crystal: bool


@checked
def crystal_threshold(*, mesh: int = 6, spin: str = "polarised", lattice: str = "triangular") -> tuple[float, float]:
    """Bragg weight and relative momentum variance above which a layer counts as a crystal.

    Half of what the isolated crystal of the same box has at the density at which it crystallises: half its
    Bragg weight (the liquid has none), and half the excess of its variance over that of the liquid of the box.

    Parameters
    ----------
    mesh : int
        The box holds ``mesh**2`` carriers; even for unpolarised ones.
    spin : {"polarised", "unpolarised"}
        Of the layer; the unpolarised crystal has rows of alternating spins on the triangular lattice and Neel order on
        the square one.
    lattice : {"triangular", "square"}
        Of the box.

    Returns
    -------
    bragg, variance : float

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed.

    Examples
    --------
    >>> bragg, variance = crystal_threshold(mesh=6)
    >>> f"{bragg:.3f}, {variance:.2f}"
    '0.039, 1.03'
    """
    mesh = validation.integer("mesh", mesh, low=2, high=100)
    lattice = validation.option("lattice", lattice, tuple(_CROSSING))
    spin = validation.option("spin", spin, tuple(_CROSSING[lattice]))
    if spin == "unpolarised" and mesh % 2:
        raise ArgumentError("mesh", mesh, "an even number, for two sublattices of opposite spin")
    return _threshold(mesh, spin, lattice)


@lru_cache(maxsize=32)
def _threshold(mesh: int, spin: str, lattice: str) -> tuple[float, float]:
    state = crystal_state(r_s=_CROSSING[lattice][spin], mesh=mesh, crystal=CRYSTALS[spin][lattice], cutoff=_CUTOFF)
    blocks = [state.density_matrix(index) for index in range(len(state.functional.species))]
    bragg, variance = _measure(state.functional, state.basis, blocks, "h")
    return bragg / 2, (1 + variance) / 2


@checked
def layer_order(result: BilayerState, layer: str = "h") -> LayerOrder:
    """Order of one layer of a Hartree-Fock state on a k mesh.

    Parameters
    ----------
    result : BilayerState
        Of `ehbilayer.hartree_fock.solve_crystal`.
    layer : {"e", "h"}

    Returns
    -------
    LayerOrder

    Raises
    ------
    TypeError, ValueError
        If there is no such layer, or the state is not one of a k mesh.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> state = solve_crystal(mass_ratio=10, d=1.0, r_s=7.0, mesh=4, cutoff=2.0)
    >>> layer_order(state, "h").crystal, layer_order(state, "e").crystal
    (True, False)
    """
    layer = validation.option("layer", layer, ("e", "h"))
    state = result.state
    if not isinstance(state, BlochState):
        raise TypeError("result is not allowed: need a state on a k mesh, of solve_crystal")
    return bloch_order(state, layer)


@checked
def bloch_order(state: BlochState, layer: str = "h") -> LayerOrder:
    """The same for a state as the solver on a k mesh gives it, in a triangular or square box.

    Examples
    --------
    >>> crystal = crystal_state(r_s=4.0, mesh=4, crystal=CRYSTALS["unpolarised"]["square"], cutoff=2.0)
    >>> bloch_order(crystal).crystal
    True
    """
    layer = validation.option("layer", layer, ("e", "h"))
    blocks = [state.density_matrix(index) for index in range(len(state.functional.species))]
    return _judge(state.functional, state.basis, blocks, layer)


@checked
def is_condensed(state: CondensateState) -> bool:
    """Whether a condensate is one: whether it pairs more than the partly filled shell of a liquid seems to.

    A shell filled to the fraction n has ``n (1 - n)`` in the sum of u^2 v^2 without any pairing. Where the condensed
    fraction exceeds that of the polarised liquid in the same box by 0.01 (by 0.01 at all in the limit of large
    systems), the state is a condensate.

    Parameters
    ----------
    state : CondensateState
        Of `ehbilayer.condensate.solve_condensate` or `ehbilayer.condensate.solve_condensate_grid`.

    Returns
    -------
    bool

    Examples
    --------
    >>> from ehbilayer.condensate import solve_condensate
    >>> [is_condensed(solve_condensate(mass_ratio=1, d=d, r_s=2.0)) for d in (1.0, 15.0)]
    [True, False]
    """
    mesh = state.parameters.get("mesh")
    shell = 0.0 if mesh is None else free_liquid(Box.triangular(mesh, mesh)).open_shell
    return state.condensate_fraction > shell + _CONDENSED


class LiquidWatch:
    """Ends an SCF iteration where a layer that started as a liquid has become a crystal.

    Its state is then that of another start, which reaches it in fewer iterations.

    Parameters
    ----------
    layer : {"e", "h"}
        The layer.

    Attributes
    ----------
    crystallised : bool
        Whether the iteration was ended.
    """

    def __init__(self, layer: str) -> None:
        self.layer, self.steps, self.crystallised = validation.option("layer", layer, ("e", "h")), 0, False

    def __call__(self, functional: Functional, basis: BlochBasis, densities: list[NDArray]) -> bool:
        """Whether to stop at this iteration (see `ehbilayer.hartree_fock.kmesh.solve`)."""
        self.steps += 1
        if self.steps in _AT_ONCE or self.steps >= _SETTLED:
            self.crystallised = _judge(functional, basis, densities, self.layer).crystal
        return self.crystallised


def _judge(functional, basis, densities, layer):
    bragg, variance = _measure(functional, basis, densities, layer)
    members = [s for s in functional.species if s.layer == layer]
    if not members:
        raise ArgumentError("layer", layer, "a layer of the state")
    spin = "polarised" if sum(s.components for s in members) == 1 else "unpolarised"
    mesh, lattice = _shape(functional.box)
    least = crystal_threshold(mesh=mesh, spin=spin, lattice=lattice)
    return LayerOrder(bragg, variance, bragg > least[0] and variance > least[1])


def _shape(box):
    """Cells in each direction, and the name of the lattice."""
    mesh = round(box.carriers**0.5)
    for name, lattice in (("triangular", TRIANGULAR), ("square", SQUARE)):
        if box == Box.repeated(lattice, mesh, mesh):
            return mesh, name
    raise ArgumentError("box", box, "a triangular or square box of as many cells in both directions")


def _measure(functional, basis, densities, layer):
    """Bragg weight and variance over the liquid's, of one layer."""
    members = [(s, d) for s, d in zip(functional.species, densities, strict=True) if s.layer == layer]
    rho = np.sum([density_components(s, basis, d) for s, d in members], axis=0)
    at_bragg = _bragg_places(basis)
    number = sum(s.number for s, _ in members)
    bragg = np.sqrt(np.mean(np.abs(rho[at_bragg]) ** 2)) / number
    diagonal = np.arange(basis.members.shape[1])
    squares = basis.weights[:, None] * basis.squares * functional.box.area
    total = sum(s.components * float(np.vdot(squares, np.real(d[:, diagonal, diagonal]))) for s, d in members)
    spins = sum(s.components for s, _ in members)
    return float(bragg), float(total / number / free_liquid(functional.box, spins).variance)


@lru_cache(maxsize=32)
def _bragg_places(basis: BlochBasis) -> NDArray:
    bragg = shortest_reciprocal(basis.waves.box)
    return np.flatnonzero((basis.differences[:, None] == bragg).all(axis=2).any(axis=1))
