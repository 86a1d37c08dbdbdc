"""Where the exciton condensate meets the lowest Hartree-Fock state, be it the liquid or a crystal."""

from collections.abc import Sequence
from dataclasses import dataclass

from ehbilayer import validation
from ehbilayer.condensate import MottPoint, mott_line, mott_window, solve_condensate
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.numerics.roots import root as root_of
from ehbilayer.phases.candidates import identify
from ehbilayer.phases.square_states import limit_states
from ehbilayer.phases.uncertainty import el_hc_gain

__all__ = ["CondensateBoundary", "condensate_boundary"]

# Factor between trial values of r_s, and the largest one tried in units of the Mott transition's.
_STEP = 1.1
_REACH = 8.0

# Relative distance of the two points from which the slope at the boundary is taken.
_SLOPE_STEP = 0.01


@dataclass(frozen=True)
class CondensateBoundary:
    """Density at which the condensate becomes lower than every Hartree-Fock state.

    Attributes
    ----------
    parameters : dict
        The arguments.
    units : dict of str to str
        Units of those that have one.
    r_s : float
        Wigner-Seitz radius of the holes at the boundary, a_h; the condensate is the lower one above it.
    error : float
        Uncertainty of `r_s`: spread over the system sizes, change with the cutoff, error of the condensate's energy,
        tolerance of the root search, and `shape`.
    shape : float
        The part of it from the ansatz, to larger `r_s`: what EL-HC gains if no symmetry is prescribed
        (`ehbilayer.phases.uncertainty.el_hc_gain`) over the slope. Zero for other states, where it was not computed.
    phase : {"liquid", "EL-HC", "EC-HL", "coupled crystal"}
        Of the Hartree-Fock state on the dense side.
    ansatz : str
        That state, a name in `ehbilayer.phases.candidates.ANSAETZE` or in
        `ehbilayer.phases.square_states.SQUARE_ANSAETZE`.
    slope : float
        d(E_Hartree-Fock - E_condensate)/dr_s of that state there, Ha_h/a_h.
    sizes : dict of int to float
        `r_s` for each mesh. Empty where the phase is the liquid, which needs none.
    mott : MottPoint
        Crossing of the liquid and the polarised condensate, the lower bound of `r_s` where only that one competes.
    """

    parameters: dict
    units: dict
    r_s: float
    error: float
    shape: float
    phase: str
    ansatz: str
    slope: float
    sizes: dict
    mott: MottPoint


def condensate_boundary(
    *,
    mass_ratio: float = 4,
    d: float = 1.0,
    meshes: Sequence[int] = (8, 10, 12),
    cutoff: float = 2.0,
    tolerance: float = 1e-4,
    spin: str = "polarised",
) -> CondensateBoundary:
    r"""Boundary between the condensate and the lowest Hartree-Fock state, with its uncertainty.

    First root above the Mott transition of

    .. math:: \min_a E_a(r_s) - E_\mathrm{condensate}(r_s)

    with the ansaetze of `ehbilayer.phases.square_states.limit_states`, crystals Madelung-corrected and liquid layers
    corrected to their thermodynamic limit, and the condensate in the thermodynamic limit (`solve_condensate`). Where
    the liquid is the lowest Hartree-Fock state at its own crossing with the condensate, the result is that of
    `mott_line`.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 0.1 to 100.
    d : float
        Layer distance in a_h, >= 0.
    meshes : sequence of int
        At least two different even numbers from 4 to 24. The root is searched on boxes of ``meshes[0]**2`` pairs
        and shifted to that state's energies in the others; the last one is the result.
    cutoff : float
        Plane-wave cutoff of the Hartree-Fock states in ``|b|``, from 1.5 to 6; the error estimate compares with half
        a ``|b|`` more.
    tolerance : float
        Of the root search, relative to r_s, from 1e-8 to 1e-2.
    spin : {"polarised", "any"}
        The condensate of polarised electrons and holes, or the lower one of this and the spin-symmetric one.

    Returns
    -------
    CondensateBoundary

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If a calculation that the search needs did not converge, or the condensate is nowhere the lowest up to
        8 times the Mott transition's r_s; with ``spin="any"``, also if no liquid lies below the condensates at
        any density (`ehbilayer.condensate.mott_window`), from where the search starts.

    Notes
    -----
    The Hartree-Fock states are variational within their ansaetze: a crystal of lower energy would move
    the boundary to larger r_s. A window of another order between two trial values of r_s, 10 % apart, is not seen.

    Examples
    --------
    >>> point = condensate_boundary(mass_ratio=4, d=1.0, meshes=(4, 6))
    >>> point.phase, bool(point.mott.r_s < point.r_s < 5.6)
    ('coupled crystal', True)
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=0.1, high=100.0)
    d = validation.real("d", d, low=0.0)
    meshes = _check_meshes(meshes)
    cutoff = validation.real("cutoff", cutoff, low=1.5, high=6.0)
    tolerance = validation.real("tolerance", tolerance, low=1e-8, high=1e-2)
    spin = validation.option("spin", spin, ("polarised", "any"))
    spins = ("polarised",) if spin == "polarised" else ("polarised", "symmetric")
    parameters = {"mass_ratio": mass_ratio, "d": d, "meshes": meshes, "cutoff": cutoff, "tolerance": tolerance}
    parameters["spin"] = spin
    units = {"d": "a_h", "cutoff": "|b|"}

    def states(r_s, mesh=meshes[0], cutoff=cutoff, ansaetze=None):
        return limit_states(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, cutoff=cutoff, ansaetze=ansaetze)

    def lowest(found):
        energies = [state["energy"] for state in found.values() if state["converged"]]
        if not energies:
            raise NotConverged(f"none of {', '.join(found)} converged at mass_ratio = {mass_ratio}, d = {d}")
        return min(energies)

    def condensate(r_s):
        found = [solve_condensate(mass_ratio=mass_ratio, d=d, r_s=r_s, spin=name) for name in spins]
        if not all(state.converged for state in found):
            raise NotConverged(f"the condensate at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s} did not converge")
        return min(found, key=lambda state: state.energy_per_pair)

    def difference(r_s, found=None, ansaetze=None):
        found = states(r_s, ansaetze=ansaetze) if found is None else found
        return lowest(found) - condensate(r_s).energy_per_pair

    mott = mott_line(mass_ratio=mass_ratio, d=d)
    low = mott.r_s
    if spin == "any":
        bounds = mott_window(mass_ratio=mass_ratio, d=d).bounds
        if bounds is None:
            raise NotConverged(f"no liquid lies below the condensates at mass_ratio = {mass_ratio}, d = {d}")
        low = bounds[1]
    found = states(low)
    phase, ansatz, _ = identify(found)
    if ansatz == "liquid" and spin == "polarised":
        return CondensateBoundary(parameters, units, mott.r_s, mott.error, 0.0, phase, ansatz, -mott.slope, {}, mott)
    names = {ansatz}
    while True:
        high = low * _STEP
        if high > _REACH * mott.r_s:
            raise NotConverged(
                f"the condensate at mass_ratio = {mass_ratio}, d = {d} is not the lowest state up to r_s = {low:.3g}"
            )
        # Where one known state lies below the condensate, the others need not be asked.
        if difference(high, ansaetze=tuple(sorted(names))) > 0:
            found = states(high)
            names.add(identify(found)[1])
            if difference(high, found) > 0:
                break
        low = high
    # The root belongs to the states that were lowest somewhere so far; at the root all others are asked again.
    while True:
        follow = tuple(sorted(names))
        root = root_of(lambda r_s, follow=follow: difference(r_s, ansaetze=follow), low, high, absolute=tolerance * low)
        found = states(root)
        phase, ansatz, _ = identify(found)
        if ansatz in names:
            break
        names.add(ansatz)
        low = root

    here = condensate(root)
    step = _SLOPE_STEP * root
    slope = (difference(root + step, ansaetze=(ansatz,)) - difference(root - step, ansaetze=(ansatz,))) / (2 * step)
    start = lowest({ansatz: found[ansatz]})
    sizes = {mesh: root - (lowest(states(root, mesh, ansaetze=(ansatz,))) - start) / slope for mesh in meshes[1:]}
    sizes = {meshes[0]: root} | sizes
    finer = lowest(states(root, cutoff=cutoff + 0.5, ansaetze=(ansatz,)))
    r_s = sizes[meshes[-1]]
    error = max(abs(r_s - other) for other in sizes.values())
    shape = el_hc_gain(mass_ratio=mass_ratio, d=d, r_s=root) / abs(slope) if ansatz == "EL-HC" else 0.0
    error += (abs(finer - start) + here.energy_error) / abs(slope) + tolerance * root + shape
    return CondensateBoundary(
        parameters,
        units,
        float(r_s),
        float(error),
        float(shape),
        phase,
        ansatz,
        float(slope),
        {mesh: float(value) for mesh, value in sizes.items()},
        mott,
    )


def _check_meshes(meshes):
    if isinstance(meshes, str) or not hasattr(meshes, "__iter__"):
        raise TypeError(f"meshes = {meshes!r} is not allowed: need a sequence of integers, got {type(meshes).__name__}")
    values = tuple(validation.integer("meshes", mesh, low=4, high=24) for mesh in meshes)
    if len(values) < 2 or len(set(values)) < len(values) or any(mesh % 2 for mesh in values):
        raise ArgumentError("meshes", values, "two or more different even numbers")
    return values
