"""How far a moiré potential on the holes moves the boundary between liquid and electron-liquid hole-crystal."""

import math
from dataclasses import dataclass

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.hartree_fock.crystal import solve_crystal
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import FINITE_SIZE
from ehbilayer.phases.liquid import shell_correction
from ehbilayer.phases.uncertainty import Changes, boundary_changes, el_hc_gain

__all__ = ["Crossing", "el_hc_crossing"]

# Where the slope at the crossing is taken from: below, since the metal ceases to exist above.
_BESIDE = 0.98

_NONE = Changes(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Crossing:
    """Where insulating and metallic holes have the same energy.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    r_s : float
        Wigner-Seitz radius of the holes, in a_h; crystalline holes are lower in energy above it.
    error : float
        Tolerance of the root search and what size, cutoff and ansatz change, in a_h.
    changes : Changes
        Those three by themselves, zero where they were not asked for.
    order : float
        Momentum variance of the metallic holes at the crossing over that of free ones: 1 without a potential.
    """

    parameters: dict
    units: dict
    r_s: float
    error: float
    order: float
    changes: Changes = _NONE

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


@checked
def el_hc_crossing(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    moire: float = 0.0,
    mesh: int = 6,
    cutoff: float = 2.0,
    finite_size: str = "dropped",
    bracket: tuple[float, float] = (1.0, 4.6),
    tolerance: float = 2e-3,
    lowered: float = 0.0,
    changes: bool = True,
) -> Crossing:
    """Wigner-Seitz radius at which the hole crystal in an electron liquid is as low as liquid holes.

    Both states feel the moiré potential (see `solve_crystal`), which modulates the "liquid": its holes are then a metal
    in a periodic potential. At a potential too strong for it the metal's iteration ends in the crystal, and there is
    no crossing to be found.

    Parameters
    ----------
    mass_ratio, d, moire, mesh, cutoff
        As in `solve_crystal`; the electrons are the unpolarised liquid in both states.
    finite_size : {"dropped", "madelung", "limit"}
        As in `ehbilayer.phases.candidates.candidate_states`; the first two agree. The shell correction of the third is
        that of uniform holes, exact without a potential and an approximation with one.
    bracket : (float, float)
        Interval of r_s to search, in a_h. The upper end is lowered to where the metal still exists.
    tolerance : float
        Of the root search, in a_h.
    lowered : float
        Energy in Ha_h per pair by which the crystal is taken to lie lower than computed.
    changes : bool
        Whether to compute what the error is made of: half a ``|b|`` more, with ``finite_size="limit"`` a box larger by
        four cells along a side, and the symmetry of the crystal (`ehbilayer.phases.uncertainty.el_hc_gain`, without a
        potential).

    Returns
    -------
    Crossing

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed, or the energies do not cross inside the bracket.
    NotConverged
        If a state did not converge.

    Examples
    --------
    >>> free, bound = (el_hc_crossing(moire=w, tolerance=0.05) for w in (0.0, 0.002))
    >>> bound.r_s < free.r_s
    True
    """
    parameters = {
        "mass_ratio": validation.real("mass_ratio", mass_ratio, low=1e-6, high=1e6),
        "d": validation.real("d", d, low=0.0, high=1e6),
        "moire": validation.real("moire", moire, low=0.0, high=1e3),
        "mesh": validation.integer("mesh", mesh, low=2, high=100),
        "cutoff": validation.real("cutoff", cutoff, low=1.0, high=20.0),
        "finite_size": validation.option("finite_size", finite_size, FINITE_SIZE),
        "tolerance": validation.positive("tolerance", tolerance),
        "lowered": validation.real("lowered", lowered, low=0.0, high=1e3),
    }
    changes = validation.boolean("changes", changes)
    low, high = validation.pair("bracket", bracket, low=1e-3, high=1e6)
    if not low < high:
        raise ArgumentError("bracket", bracket, "two increasing numbers")
    arguments = {name: parameters[name] for name in ("mass_ratio", "d", "moire", "mesh", "cutoff")}
    known = {}

    def compare(r_s, mesh, cutoff):
        place = arguments | {"mesh": mesh, "cutoff": cutoff}
        states = [solve_crystal(r_s=r_s, holes=holes, **place) for holes in ("polarised", "liquid")]
        if not all(state.converged for state in states):
            raise NotConverged(f"no converged states at r_s = {r_s:.4g}, moire = {moire!r}")
        crystal, metal = states
        gap = crystal.energy_per_pair - parameters["lowered"] - metal.energy_per_pair
        if finite_size == "limit":
            gap -= shell_correction(r_s, mesh, 1.0, True)
        return gap, metal

    def difference(r_s):
        if r_s not in known:
            known[r_s] = compare(r_s, arguments["mesh"], arguments["cutoff"])
        return known[r_s][0]

    # From below, since the metal ceases to exist above.
    first, last, end, steps = difference(low), math.nan, low, 6
    for n in range(1, steps + 1):
        end = low + (high - low) * n / steps
        last = difference(end)
        if last <= 0 or known[end][1].gap_indirect > 1e-9:
            break
    if not first > 0 > last or known[end][1].gap_indirect > 1e-9:
        found = (
            f"crystalline minus metallic holes is {first:.2e} Ha_h at its lower end and {last:.2e} Ha_h at {end:.3g}"
        )
        raise ArgumentError("bracket", (low, high), f"a sign change while the metal exists; {found}")
    start = max((r_s for r_s in known if known[r_s][0] > 0), default=low)
    root = root_of(difference, start, end, absolute=tolerance)
    nearest = min(known, key=lambda r_s: abs(r_s - root))
    free = solve_crystal(r_s=nearest, holes="liquid", **{**arguments, "moire": 0.0}).momentum_variance["h"]
    order = known[nearest][1].momentum_variance["h"] / free
    units = {"d": "a_h", "moire": "Ha_h", "cutoff": "|b|", "r_s": "a_h", "tolerance": "a_h", "lowered": "Ha_h"}
    if not changes:
        return Crossing(parameters, units, root, parameters["tolerance"], order)
    found = boundary_changes(
        lambda mesh, cutoff: compare(root, mesh, cutoff)[0],
        slope=(difference(root) - difference(_BESIDE * root)) / ((1 - _BESIDE) * root),
        mesh=arguments["mesh"],
        cutoff=arguments["cutoff"],
        sized=finite_size == "limit",
        gain=el_hc_gain(mass_ratio=mass_ratio, d=d, r_s=root),
    )
    return Crossing(parameters, units, root, parameters["tolerance"] + found.total, order, found)
