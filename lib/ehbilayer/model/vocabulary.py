"""One name and one unit for each quantity that public functions take or return.

A name means the same everywhere; its unit is that of the chapter, which the documentation of every parameter repeats:
hole atomic units in `hartree_fock`, `condensate` and `phases`, electron atomic units in `superconductivity`, thermal
units (k_B T_c = m = hbar = 1) in `diode`, laboratory units in `drag` and `device`. `tests/model/test_vocabulary.py`
walks the public functions and holds their documentation against this table. Where a choice is not the same everywhere
if nothing is given, `DEFAULTS` says where it is which, and why.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ehbilayer.validation import instance, option

__all__ = ["DEFAULTS", "QUANTITIES", "Default", "Quantity", "unit"]

_HOLES = ("hartree_fock", "condensate", "phases")


class Quantity(NamedTuple):
    """What a name means.

    Attributes
    ----------
    meaning : str
        In words.
    units : mapping of str to str
        Unit by package; "" is every package that is not listed. An empty unit stands for one that the function's
        caller chooses.
    """

    meaning: str
    units: Mapping[str, str]


class Default(NamedTuple):
    """What a choice is where nothing is given.

    Attributes
    ----------
    value : object
        Default of the argument.
    where : tuple of str
        Packages or modules, below `ehbilayer`; the longest that fits counts.
    reason : str
        Why there.
    """

    value: Any
    where: tuple[str, ...]
    reason: str


def _holes(unit: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(_HOLES, unit) | others


#: By the name of the parameter or of the attribute.
QUANTITIES = {
    "mass_ratio": Quantity("mass of the holes over that of the electrons", {"": "1"}),
    "r_s": Quantity("Wigner-Seitz radius", _holes("a_h", superconductivity="a_e")),
    "d": Quantity("distance of the layers", _holes("a_h", superconductivity="a_e", drag="nm", device="nm")),
    "q": Quantity("wave number, or pair momentum", {"superconductivity": "1/a_e", "diode": "1/l_u", "drag": "nm^-1"}),
    "alpha": Quantity(
        "plasmon velocity over that of Bohm and Staver; in the diode the quadratic coefficient", {"": "1"}
    ),
    "T": Quantity("temperature", {"diode": "T_c", "drag": "K", "device": "K"}),
    "T_c": Quantity("transition temperature", {"device": "K"}),
    "E_F": Quantity("Fermi energy of the holes", {"diode": "k_B T_c", "drag": "meV", "device": "meV"}),
    "J": Quantity("Zeeman energy across the layers", {"diode": "k_B T_c", "drag": "meV", "device": "meV"}),
    "B": Quantity("Zeeman energy in the plane", {"diode": "k_B T_c", "drag": "meV", "device": "meV"}),
    "lam": Quantity(
        "Rashba strength of the electron layer", {"diode": "E_u l_u", "drag": "meV nm", "device": "meV nm"}
    ),
    "lam_h": Quantity("Rashba strength of the hole layer", {"diode": "E_u l_u"}),
    "m_e": Quantity("mass of the electrons", {"device": "m_0"}),
    "m_h": Quantity("mass of the holes", {"device": "m_0"}),
    "eps_r": Quantity("relative permittivity", {"": "1"}),
    "density": Quantity("carriers per area and layer", {"device": "cm^-2", "drag": "cm^-2"}),
    "tau": Quantity(
        "relaxation time; of a device that a laboratory describes, in its unit", {"drag": "s", "device": "ps"}
    ),
    "tau_2": Quantity("relaxation time of the layer that is dragged", {"drag": "s", "device": "s"}),
    "mobility": Quantity("mobility of the holes", {"device": "cm^2/(V s)"}),
    "current": Quantity("current per width of the sample", {"diode": "J_u", "drag": "A/m", "device": "A/m"}),
    "J_plus": Quantity("largest current of the condensate", {"diode": "J_u"}),
    "J_minus": Quantity("smallest current of the condensate", {"diode": "J_u"}),
    "width": Quantity(
        "of the sample, or of what varies in the diode", {"drag": "micrometres", "device": "micrometres"}
    ),
    "imbalance": Quantity("density of the electrons over that of the holes", {"": "1"}),
    "degeneracy": Quantity("number of equally filled species", {"": "1"}),
    "mesh": Quantity("k points along each side of the zone, and holes along each side of the box", {"": "1"}),
    "tolerance": Quantity("largest error or change that is accepted", {}),
    "error": Quantity("estimated error of the value beside it, in its unit or relative, as its documentation says", {}),
    "errors": Quantity("the same of several values, by their names", {}),
    "converged": Quantity("whether an iteration met its tolerance", {}),
    "zero_mode": Quantity("how the term q = 0 of the interaction is treated", {}),
    "umklapp": Quantity("how momentum transfers beyond the zone count", {}),
    "holes": Quantity("state of the holes: crystal, liquid, or how their spins are", {}),
    "electrons": Quantity("state of the electrons", {}),
    "cutoff": Quantity("largest wave vector of the plane waves, in shortest reciprocal lattice vectors", {}),
    "screening": Quantity("how the interaction between the layers is screened, or by which wave number", {}),
    "local_field": Quantity("correction of the response for exchange and correlation: which, or whether any", {}),
    "convention": Quantity("which of the readings that the papers leave open", {}),
    "finite_size": Quantity("what is done about the size of the box", {}),
    "ansatz": Quantity("how a drifting layer is out of equilibrium", {}),
}


#: By the name of the parameter: choices whose default depends on the theory. All others have one default.
DEFAULTS: Mapping[str, tuple[Default, ...]] = {
    "holes": (
        Default("polarised", ("hartree_fock", "condensate"), "paper A's holes have one spin; crystal or not is found"),
        Default("crystal", ("superconductivity",), "paper A's plasmon is the sound of a crystal of holes"),
        Default("liquid", ("superconductivity.rpa_pairing",), "both layers respond by Lindhard's function"),
    ),
    "electrons": (
        Default("liquid", ("hartree_fock", "superconductivity"), "paper A's EL-HC: free electrons of both spins"),
        Default("unpolarised", ("condensate",), "uniform layers differ by their spins only"),
    ),
    "zero_mode": (
        Default("dropped", ("hartree_fock", "condensate", "superconductivity"), "paper A's V(0) = 0"),
        Default("madelung", ("hartree_fock.reference",), "one layer with the energy of an infinite one"),
    ),
    "umklapp": (
        Default("frozen", ("superconductivity",), "paper A's coupling beyond the zone"),
        Default("folded", ("superconductivity.umklapp",), "what frozen transfers are compared with"),
        Default(
            True,
            ("superconductivity.attraction_window", "superconductivity.plasmon", "superconductivity.velocity_coupling"),
            "a velocity that depends on q is frozen or not, and nothing else is defined",
        ),
    ),
    "screening": (
        Default("thomas-fermi", ("drag",), "paper B's interaction"),
        Default(2.0, ("superconductivity.velocity_coupling",), "Thomas-Fermi wave number of free electrons in 1/a_e"),
    ),
    "local_field": (
        Default("none", ("drag", "superconductivity"), "both papers' random-phase approximation"),
        Default(True, ("model", "phases"), "correlated layers are softer than free ones"),
    ),
    "convention": (
        Default("balanced", ("diode",), "equal densities, as paper B says of its devices"),
        Default("literal", ("diode.search",), "the bands as paper B prints them, whose numbers are searched"),
        Default("limit", ("phases",), "layers of any size"),
    ),
    "finite_size": (
        Default("dropped", ("phases",), "paper A's V(0) = 0"),
        Default("limit", ("phases.crystallisation",), "a threshold of the infinite layer"),
    ),
}


def unit(name: str, package: str) -> str:
    """Unit of a quantity in a package of the library.

    Parameters
    ----------
    name : str
        Key of `QUANTITIES`.
    package : str
        Name of the package, as ``"diode"``.

    Returns
    -------
    str
        "" where the caller's unit is also that of the result, or where there is none.

    Raises
    ------
    TypeError, ArgumentError
        If there is no such quantity, or the package is no text.

    Examples
    --------
    >>> unit("r_s", "phases"), unit("r_s", "superconductivity"), unit("T", "drag")
    ('a_h', 'a_e', 'K')
    """
    units = QUANTITIES[option("name", name, QUANTITIES)].units
    instance("package", package, str)
    return units.get(package, units.get("", ""))
