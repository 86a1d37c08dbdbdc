"""What the error of a boundary between phases is made of: size, cutoff and ansatz, each as a change of the root."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import NotConverged
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.hartree_fock.supercell import solve_supercell

__all__ = ["FINER", "LARGER", "Changes", "boundary_changes", "el_hc_gain", "to_limit"]

#: By how much the boxes are larger, in cells along a side, and the cutoff higher, in ``|b|``, that errors compare with.
#: What is left of the size is that of the shells and oscillates: two boxes, of which the farther one counts.
LARGER, FINER = (2, 4), 0.5

# Box and cutoff, in |b|, of the unrestricted states, and the bound on their gradient in Ha_h per carrier.
_SMALL, _CUTOFF, _TOLERANCE = 4, 2.0, 1e-5

# Distance of layers that do not notice each other, in r_s.
_APART = 100.0

# Mass ratio at which the electrons are looked at alone; the holes must be crystals.
_HEAVY = 10.0


@dataclass(frozen=True)
class Changes:
    """Changes of a boundary, in the unit of its axis and with their signs.

    Attributes
    ----------
    size, cutoff : float
        To the limit, by 1/N from larger boxes, the farther one of two; and with the higher cutoff.
    ansatz : float
        If no symmetry is imposed.
    """

    size: float
    cutoff: float
    ansatz: float

    @property
    def total(self) -> float:
        """Sum of their sizes."""
        return abs(self.size) + abs(self.cutoff) + abs(self.ansatz)


def boundary_changes(
    difference: Callable[[int, float], float],
    *,
    slope: float,
    mesh: int,
    cutoff: float,
    sized: bool = True,
    gain: float = 0.0,
) -> Changes:
    """Changes of the root of an energy difference, by its slope.

    Parameters
    ----------
    difference : callable
        Energy difference in Ha_h at the root as a function of mesh and cutoff.
    slope : float
        Of the difference along the axis of the root.
    mesh, cutoff
        At which the root was found.
    sized : bool
        Whether the box is an approximation; otherwise it is part of what is asked.
    gain : float
        What the difference loses, in Ha_h, if no symmetry is imposed.

    Returns
    -------
    Changes

    Examples
    --------
    >>> round(boundary_changes(lambda mesh, cutoff: 1.0 / mesh**2, slope=2.0, mesh=4, cutoff=2.0).size, 6)
    0.03125
    """
    here = difference(mesh, cutoff)
    larger = [mesh + more for more in LARGER] if sized else []
    sizes = [to_limit(here - difference(size, cutoff), mesh, size) / slope for size in larger] or [0.0]
    return Changes(max(sizes, key=abs), (here - difference(mesh, cutoff + FINER)) / slope, gain / slope)


def to_limit(change: float, mesh: int, larger: int) -> float:
    """Change from a box to the limit if what it leaves falls as 1/N, from the change to a larger box.

    Examples
    --------
    >>> to_limit(0.75, 4, 8)
    1.0
    """
    return change / (1 - (mesh / larger) ** 2)


@checked
def el_hc_gain(*, mass_ratio: float = 10, d: float = 1.0, r_s: float = 7.0) -> float:
    """Energy that EL-HC gains from its crystal if neither translations nor spins are prescribed, in Ha_h per pair.

    On 16 pairs with V(0) = 0 the unrestricted state lies below the symmetric one, mostly because the electrons of a
    small box have an open shell that splits. Distant layers show how much of that is theirs alone; liquid electrons
    have it in any state, and `ehbilayer.phases.liquid.shell_correction` takes it out. What is left is returned.

    Parameters
    ----------
    mass_ratio, d, r_s
        As in `ehbilayer.hartree_fock.solve_crystal`; holes polarised, electrons of both spins.

    Returns
    -------
    float
        Zero or more.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> near, far = (el_hc_gain(mass_ratio=4, d=d, r_s=2.3) for d in (1.0, 10.0))
    >>> 1e-4 < near < 1e-3, far < 1e-5
    (True, True)
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6)
    d = validation.real("d", d, low=0.0, high=1e6)
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    # A function of r_s of the electrons alone, in their units; three digits of it change the gain by less than 1e-6.
    radius = float(f"{r_s / mass_ratio:.3g}")
    heavy = max(_HEAVY, 3.0 / radius)
    own = _gain(heavy, _APART * heavy * radius, heavy * radius) * heavy / mass_ratio
    return max(_gain(mass_ratio, d, r_s) - own, 0.0)


@lru_cache(maxsize=256)
def _gain(mass_ratio, d, r_s):
    point: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, cutoff=_CUTOFF)
    free = solve_supercell(**point, cells=(_SMALL, _SMALL), spin="unrestricted", tolerance=_TOLERANCE)
    symmetric = solve_crystal(**point, mesh=_SMALL)
    if not (free.converged and symmetric.converged):
        raise NotConverged(f"EL-HC of {_SMALL**2} pairs at mass_ratio = {mass_ratio:.4g}, d = {d:.4g}, r_s = {r_s:.4g}")
    return symmetric.energy_per_pair - free.energy_per_pair
