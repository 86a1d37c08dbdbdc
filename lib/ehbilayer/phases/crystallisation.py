"""Where the electrons crystallise above a hole crystal: how much one layer helps the other."""

from dataclasses import dataclass
from typing import Any

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import FINITE_SIZE, candidate_states, electron_crystals
from ehbilayer.phases.square_states import limit_states
from ehbilayer.phases.uncertainty import Changes, boundary_changes, el_hc_gain

__all__ = ["ElectronCrystallisation", "electron_crystallisation"]


# Distance in a_e of the points from which the slope is taken, and cutoff in |b| of the states that errors compare.
_STEP, _CUTOFF = 0.02, 2.0


@dataclass(frozen=True)
class ElectronCrystallisation:
    """Crossing of EL-HC and coupled crystal.

    Attributes
    ----------
    r_s : float
        Wigner-Seitz radius of the holes at the crossing, in a_h.
    r_s_electrons : float
        The same density as radius of the electrons, in a_e.
    order : str
        Spin order of the electron crystal there, ``"ferromagnetic"`` or ``"antiferromagnetic"``.
    error : float
        Tolerance of the root search and what size, cutoff and ansatz change, in a_h.
    changes : Changes
        Those three by themselves.
    state : str
        The crystal: a name in `ehbilayer.phases.candidates.ANSAETZE` or in
        `ehbilayer.phases.square_states.SQUARE_ANSAETZE`.
    converged : bool
        Whether all states were.
    parameters : dict
        The arguments.
    """

    r_s: float
    r_s_electrons: float
    order: str
    error: float
    changes: Changes
    state: str
    converged: bool
    parameters: dict

    @property
    def size(self) -> float:
        """Signed change of `r_s` with larger boxes, in a_h."""
        return self.changes.size

    @property
    def cutoff(self) -> float:
        """Signed change of `r_s` with a higher cutoff, in a_h."""
        return self.changes.cutoff

    @property
    def ansatz(self) -> float:
        """Signed change of `r_s` if no symmetry is imposed, in a_h."""
        return self.changes.ansatz

    @property
    def units(self) -> dict[str, str]:
        """Units of the `parameters`."""
        return {"d": "a_h", "bracket": "a_e", "tolerance": "a_e"}


@checked
def electron_crystallisation(
    *,
    mass_ratio: float = 2.0,
    d: float = 1.0,
    mesh: int = 8,
    finite_size: str = "limit",
    lattice: str = "triangular",
    bracket: tuple[float, float] = (1.0, 3.0),
    tolerance: float = 1e-3,
) -> ElectronCrystallisation:
    """Wigner-Seitz radius at which EL-HC and the lowest crystal of both layers have the same energy.

    For d to infinity it is that of the isolated electron layer. There the layers share no energy, and the crossing
    compares an unpolarised electron liquid with the ferro- or antiferromagnetic electron crystal. The error contains
    the changes with size (with ``finite_size="limit"``), cutoff, and what EL-HC gains without symmetry.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, > 0.
    d : float
        Layer distance in a_h, >= 0.
    mesh : int
        Even; the box holds ``mesh**2`` pairs.
    finite_size : {"dropped", "madelung", "limit"}
        As in `ehbilayer.phases.candidates.candidate_states`.
    lattice : {"triangular", "any"}
        Of the electrons: with that of the hole crystal, as in paper A, or the square Neel crystal, too, above holes on
        the same lattice or on a triangular one of their own; this needs ``finite_size="limit"``.
    bracket : (float, float)
        Interval to search, as radii of the electrons in a_e.
    tolerance : float
        Of the root search, in a_e, > 0.

    Returns
    -------
    ElectronCrystallisation

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, or the energies do not cross inside the bracket.

    Examples
    --------
    >>> near, far = (electron_crystallisation(d=d, mesh=4, tolerance=0.01) for d in (1.0, 30.0))
    >>> near.r_s < far.r_s
    True
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6)
    d = validation.real("d", d, low=0.0, high=1e6)
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    finite_size = validation.option("finite_size", finite_size, FINITE_SIZE)
    tolerance = validation.positive("tolerance", tolerance)
    lattice = validation.option("lattice", lattice, ("triangular", "any"))
    if lattice == "any" and finite_size != "limit":
        raise ArgumentError("lattice", lattice, '"triangular" unless finite_size is "limit"')
    low, high = validation.pair("bracket", bracket, low=1e-3, high=1e6)
    point = dict(mass_ratio=mass_ratio, d=d, mesh=mesh, finite_size=finite_size, lattice=lattice)
    computed = {}

    def compare(r_s_electrons, crystals, mesh=mesh, cutoff=None):
        r_s = mass_ratio * r_s_electrons
        place: dict[str, Any] = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff)
        names = ["EL-HC", *crystals]
        if finite_size == "limit":
            return limit_states(**place, ansaetze=names)
        return candidate_states(**place, finite_size=finite_size, ansaetze=names)

    def difference(r_s_electrons):
        crystals = electron_crystals(r_s_electrons)
        if lattice == "any":
            crystals = (*crystals, "square coupled crystal", "separate crystals")
        states = computed[r_s_electrons] = compare(r_s_electrons, crystals)
        return _above(states)

    ends = difference(low), difference(high)
    if not ends[0] > 0 > ends[1]:
        found = f"coupled crystal minus EL-HC is {ends[0]:.2e} and {ends[1]:.2e} Ha_h at these ends"
        needed = "EL-HC lower at the lower and the crystal lower at the upper end"
        raise ArgumentError("bracket", (low, high), f"{needed}; {found}")
    root = root_of(difference, low, high, absolute=tolerance)
    states = computed[min(computed, key=lambda value: abs(value - root))]
    lowest = min((name for name in states if name != "EL-HC"), key=lambda name: states[name]["energy"])
    slope = (difference(root + _STEP) - difference(root - _STEP)) / (2 * _STEP * mass_ratio)
    changes = boundary_changes(
        lambda mesh, cutoff: _above(compare(root, [lowest], mesh, cutoff)),
        slope=slope,
        mesh=mesh,
        cutoff=_CUTOFF,
        sized=finite_size == "limit",
        gain=-el_hc_gain(mass_ratio=mass_ratio, d=d, r_s=mass_ratio * root),
    )
    return ElectronCrystallisation(
        r_s=mass_ratio * root,
        r_s_electrons=root,
        error=mass_ratio * tolerance + changes.total,
        changes=changes,
        state=lowest,
        order="ferromagnetic" if lowest == "coupled crystal" else "antiferromagnetic",
        converged=all(state["converged"] for found in computed.values() for state in found.values()),
        parameters=point | {"bracket": (low, high), "tolerance": tolerance},
    )


def _above(states):
    """Energy of the lowest crystal of both layers over that of EL-HC."""
    return min(state["energy"] for name, state in states.items() if name != "EL-HC") - states["EL-HC"]["energy"]
