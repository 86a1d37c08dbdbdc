"""One name and one unit for each quantity that public functions take or return.

A name means the same everywhere; its unit is that of the chapter, which the documentation of every parameter repeats:
hole atomic units in `hartree_fock`, `condensate` and `phases`, electron atomic units in `superconductivity`, thermal
units (k_B T_c = m = hbar = 1) in `diode`, laboratory units in `drag` and `device`. `tests/model/test_vocabulary.py`
walks the public functions and holds their documentation against this table.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ehbilayer.validation import instance, option

__all__ = ["QUANTITIES", "Quantity", "unit"]

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


def _holes(unit: str, **others: str) -> dict[str, str]:
    return dict.fromkeys(_HOLES, unit) | others


#: By the name of the parameter or of the attribute.
QUANTITIES = {
    "mass_ratio": Quantity("mass of the holes over that of the electrons", {"": "1"}),
    "r_s": Quantity("Wigner-Seitz radius", _holes("a_h", superconductivity="a_e")),
    "d": Quantity("distance of the layers", _holes("a_h", superconductivity="a_e", drag="nm", device="nm")),
    "q": Quantity("wave number, or pair momentum", {"superconductivity": "1/a_e", "diode": "1/l_u", "drag": "nm"}),
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
    "density": Quantity("carriers per area and layer", {"device": "cm", "drag": "cm"}),
    "tau": Quantity("time", {"drag": "s", "device": "s"}),
    "tau_2": Quantity("relaxation time of the layer that is dragged", {"drag": "s"}),
    "imbalance": Quantity("density of the electrons over that of the holes", {"": "1"}),
    "degeneracy": Quantity("number of equally filled species", {"": "1"}),
    "mesh": Quantity("k points along each side of the zone, and holes along each side of the box", {"": "1"}),
    "tolerance": Quantity("largest error or change that is accepted", {}),
    "error": Quantity("estimated error of the value beside it, in its unit or relative, as its documentation says", {}),
    "converged": Quantity("whether an iteration met its tolerance", {}),
    "zero_mode": Quantity("how the term q = 0 of the interaction is treated", {}),
    "umklapp": Quantity("how momentum transfers beyond the zone count", {}),
    "holes": Quantity("state of the holes: crystal, liquid, or how their spins are", {}),
    "electrons": Quantity("state of the electrons", {}),
    "cutoff": Quantity("largest wave vector of the plane waves, in shortest reciprocal lattice vectors", {}),
    "screening": Quantity("how the interaction between the layers is screened", {}),
    "local_field": Quantity("correction of the response for exchange and correlation", {}),
    "ansatz": Quantity("how a drifting layer is out of equilibrium", {}),
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
