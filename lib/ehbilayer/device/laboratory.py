"""What every theory of this library answers for a bilayer, each with its validity.

Nothing is computed here that is not computed elsewhere in the library: the modules of this package convert units,
choose arguments, and say where an answer stops being one.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import xarray as xr

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.answers import LABELS, Answer, Answers, quantity
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.device.excitons import exciton_answers
from ehbilayer.device.friction import drag_answers
from ehbilayer.device.phase import phase_answers
from ehbilayer.device.superconductor import superconductor_answers
from ehbilayer.device.superflow import superflow_answers
from ehbilayer.errors import ArgumentError
from ehbilayer.units import K_B

__all__ = ["PARTS", "answer", "answer_point", "read_point"]

#: The parts of an answer, in the order in which they are found.
PARTS = ("phase", "superconductor", "excitons", "condensate", "drag")
# Answers of theories without the degeneracy of a bilayer.
_ONE_SPECIES = ("phase", "margin", "alpha_squared", "alpha", "T_c_bcs", "T_c_eliashberg", "T_c_rpa")


@checked
def answer(bilayer: Bilayer, *, parts: Iterable[str] = PARTS, mesh: int = 6) -> Answers:
    """Phase, superconductivity, excitons, condensate and drag of a bilayer.

    Parameters
    ----------
    bilayer : Bilayer
    parts : sequence of str
        Which of ``"phase"``, ``"superconductor"``, ``"excitons"``, ``"condensate"`` (its momentum and currents) and
        ``"drag"`` to compute. Flags that compare with the lowest phase need ``"phase"``.
    mesh : int
        Even, from 4 to 24; the Hartree-Fock states of ``"phase"`` hold ``mesh**2`` pairs.

    Returns
    -------
    Answers
        Without NaN: a quantity that does not exist, or whose calculation failed, is None with the flags that say why.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Notes
    -----
    The masses in paper B are equal; here each layer has its own, in the bands and in everything computed from them.
    T_c is that of parabolic bands; spin-orbit coupling and fields enter the momentum and the currents, not T_c.

    Examples
    --------
    Paper A's example with its alpha:

    >>> bilayer = Bilayer(m_e=0.1, m_h=1.0, eps_r=5, d=2.6459, density=1.776e12, T=4, tau=1, alpha=0.3)
    >>> found = answer(bilayer, parts=("superconductor",))
    >>> print(found.T_c_bcs.text, "|", found.T_c_eliashberg.text, "|", found.T_c_bcs.validity)
    10.1 K | 0.236 K | not valid
    """
    bilayer = validation.instance("bilayer", bilayer, Bilayer)
    parts = validation.options("parts", parts, PARTS)
    mesh = validation.integer("mesh", mesh, low=4, high=24)
    if mesh % 2:
        raise ArgumentError("mesh", mesh, "an even number, for two-cell antiferromagnets")
    found: dict[str, Answer] = {}
    if "phase" in parts:
        found |= phase_answers(bilayer, mesh)
    lowest = str(found["phase"].value) if "phase" in parts and found["phase"].value else None
    if "superconductor" in parts:
        found |= superconductor_answers(bilayer, lowest)
    if "excitons" in parts or "condensate" in parts:
        temperatures, pairs = exciton_answers(bilayer, lowest)
        found |= temperatures if "excitons" in parts else {}
        if "condensate" in parts:
            found |= superflow_answers(bilayer, pairs)
    if "drag" in parts:
        found |= drag_answers(bilayer, lowest)
    return Answers(bilayer=bilayer, **{name: _outside(bilayer, name, value) for name, value in found.items()})


@checked
def answer_point(*, parts: Iterable[str] = PARTS, mesh: int = 6, **parameters: Any) -> dict[str, float | str | None]:
    """`answer` as a function of numbers, for sweeps.

    Parameters
    ----------
    parts, mesh
        As in `answer`.
    **parameters
        Of `Bilayer`.

    Returns
    -------
    dict
        `Answers.plain`.

    Raises
    ------
    TypeError, ArgumentError
        As `Bilayer` and `answer`.

    Examples
    --------
    >>> point = answer_point(parts=("drag",), m_e=0.2, m_h=0.2, eps_r=5, d=20, density=4.2e11, J=20, T=10, tau=1000)
    >>> print(f"{point['drag_ratio']:.4f}", point["drag_ratio_flags"] or "no flags")
    -0.0093 no flags
    """
    return answer(Bilayer(**parameters), parts=parts, mesh=mesh).plain


def read_point(point: xr.Dataset) -> dict[str, Answer]:
    """The answers at one point of a sweep over `answer_point`.

    Parameters
    ----------
    point : xarray.Dataset
        Without dimensions: what ``sweep(...).sel(...)`` leaves of the grid.

    Returns
    -------
    dict of str to Answer
        For each quantity that the sweep computed. The message of a failed calculation is not kept.

    Raises
    ------
    TypeError, ArgumentError
        If the point is not a dataset, or still has dimensions.

    Examples
    --------
    >>> import xarray as xr
    >>> read_point(xr.Dataset({"T_bkt": 7.0, "T_bkt_flags": "given"}))["T_bkt"].text
    '7 K'
    """
    if validation.instance("point", point, xr.Dataset).sizes:
        raise ArgumentError("point", point, f"one point, without the dimensions {', '.join(map(str, point.sizes))}")
    found = {}
    for name in LABELS:
        if name in point:
            value = point[name].item()
            missing = value in (None, "") or (isinstance(value, float) and math.isnan(value))
            flags = tuple(str(point[f"{name}_flags"].item()).split())
            found[name] = quantity(name, None if missing else value, flags)
    return found


def _outside(bilayer, name, found):
    """The answer with a flag for each thing outside of every theory here; one pair has no valleys to fill."""
    several = bilayer.degeneracy > 1
    flags = tuple(flag for flag in bilayer.outside if flag != "valleys")
    knows = name == "exciton_binding" or (several and name not in _ONE_SPECIES)
    flags += ("valleys",) if ("valleys" in bilayer.outside or several) and not knows else ()
    levels = list(zip(bilayer.cyclotron_energies, bilayer.fermi_energies, strict=True))
    if any(cyclotron > fermi for cyclotron, fermi in levels):
        flags += ("quantum-limit",)
    elif any(cyclotron > K_B * bilayer.T for cyclotron, _ in levels):
        flags += ("landau-levels",)
    flags += ("orbital",) if bilayer.orbital_shift and name == "q_0" else ()
    return found if found.value is None else replace(found, flags=found.flags + flags)
