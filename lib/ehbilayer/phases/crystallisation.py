"""Where the electrons crystallise above a hole crystal: how much one layer helps the other."""

from dataclasses import dataclass

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import FINITE_SIZE, candidate_states, electron_crystals

__all__ = ["ElectronCrystallisation", "electron_crystallisation"]


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
        Bound on the error of the root search, in a_h; without what size, cutoff and ansatz change.
    converged : bool
        Whether all states were.
    parameters : dict
        The arguments.
    """

    r_s: float
    r_s_electrons: float
    order: str
    error: float
    converged: bool
    parameters: dict

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
    bracket: tuple[float, float] = (1.0, 3.0),
    tolerance: float = 1e-3,
) -> ElectronCrystallisation:
    """Wigner-Seitz radius at which EL-HC and the lower of the two coupled crystals have the same energy.

    For d to infinity it is that of the isolated electron layer. There the layers share no energy, and the crossing
    compares an unpolarised electron liquid with the ferro- or antiferromagnetic electron crystal.

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
    low, high = validation.pair("bracket", bracket, low=1e-3, high=1e6)
    point = dict(mass_ratio=mass_ratio, d=d, mesh=mesh, finite_size=finite_size)
    computed = {}

    def difference(r_s_electrons):
        crystals = electron_crystals(r_s_electrons)
        states = computed[r_s_electrons] = candidate_states(
            mass_ratio=mass_ratio,
            d=d,
            r_s=mass_ratio * r_s_electrons,
            mesh=mesh,
            finite_size=finite_size,
            ansaetze=["EL-HC", *crystals],
        )
        return min(states[name]["energy"] for name in crystals) - states["EL-HC"]["energy"]

    ends = difference(low), difference(high)
    if not ends[0] > 0 > ends[1]:
        found = f"coupled crystal minus EL-HC is {ends[0]:.2e} and {ends[1]:.2e} Ha_h at these ends"
        needed = "EL-HC lower at the lower and the crystal lower at the upper end"
        raise ArgumentError("bracket", (low, high), f"{needed}; {found}")
    root = root_of(difference, low, high, absolute=tolerance)
    states = computed[min(computed, key=lambda value: abs(value - root))]
    lowest = min((name for name in states if name != "EL-HC"), key=lambda name: states[name]["energy"])
    return ElectronCrystallisation(
        r_s=mass_ratio * root,
        r_s_electrons=root,
        error=mass_ratio * tolerance,
        order="ferromagnetic" if lowest == "coupled crystal" else "antiferromagnetic",
        converged=all(state["converged"] for found in computed.values() for state in found.values()),
        parameters=point | {"bracket": (low, high), "tolerance": tolerance},
    )
