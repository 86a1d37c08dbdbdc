"""Entry point: times and nonlinear coefficients of the frictional drag at one point."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.drag.local_field import LOCAL_FIELDS, NO_FIELD, LocalField
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.rates import ANSATZE, checked_spacing, parabolic_rates, rashba_rates
from ehbilayer.drag.result import PER_CM2, PS, DragCoefficients
from ehbilayer.drag.screening import SCREENINGS
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import LOWEST_LEVEL, ParabolicLayer
from ehbilayer.units import HBAR2_PER_M0, K_B

__all__ = ["drag_coefficients"]

# Nodes and directions taken away, and spacing multiplied, for the error estimate.
_FEWER, _FEWER_ANGLES, _WIDER = 2, 2, 1.3


def drag_coefficients(
    *,
    T: float = 10.0,
    E_F_e: float = 10.0,
    E_F_h: float = 10.0,
    m_e: float = 0.2,
    m_h: float = 0.2,
    d: float = 20.0,
    eps_r: float = 5.0,
    lam: float = 50.0,
    J: float = 10.0,
    B: float = 2.585,
    screening: str = "thomas-fermi",
    local_field: str = "none",
    degeneracy: int = 1,
    ansatz: str = "linearised",
    overlap: bool = False,
    screen_drifts: bool = False,
    order: int = 8,
    angles: int = 8,
    spacing: float | None = None,
    estimate_error: bool = True,
) -> DragCoefficients:
    r"""Drag times and second-order coefficients of a Rashba electron layer and a parabolic hole layer.

    With :math:`F` the force on a hole (paper B, Eqs. 32 and 41 with the corrections of the derivation chapter),

    .. math:: F/\hbar = u_1/\tau_{D1} - u_2/\tau_{D2} + K_{11}u_1^2 + K_{12}u_1u_2 + K_{22}u_2^2, \quad
       u_1 = \bar m_e v_1/\hbar, \; u_2 = m_h v_2/\hbar .

    Parameters
    ----------
    T : float
        Temperature in K, greater than zero.
    E_F_e, E_F_h : float
        Chemical potentials above the band minima in meV, at least -8 k_B T.
    m_e, m_h : float
        Masses in m_0, greater than zero; m_e that of the band without spin-orbit coupling.
    d : float
        Spacing of the layers in nm, zero or more.
    eps_r : float
        Relative permittivity, greater than zero.
    lam : float
        Rashba parameter in meV nm, of either sign; with 0 the electrons' band is a parabola.
    J, B : float
        Zeeman energies across and in the plane in meV, of either sign.
    screening : {"none", "thomas-fermi", "static-rpa", "dynamic-rpa"}
        Response of the layers that screens the interaction; Thomas-Fermi is dn/dmu at T.
    local_field : {"none", "hubbard", "monte-carlo"}
        Exchange among the carriers of a layer in its response, or exchange and correlation as quantum Monte Carlo gives
        them (`ehbilayer.drag.local_field`), with static screening. It counts where r_s is not small. The latter knows
        one or two species.
    degeneracy : int
        Number of equal species, spins and valleys, in each layer, at least 1; `E_F_e` and `E_F_h` are those of one.
    ansatz : {"linearised", "shifted", "relaxation-time", "drifting"}
        The drifting distribution (see `ehbilayer.drag.ANSATZE`). The first three agree to first order and differ in K11
        and K22 only; the drifting equilibrium of a band that is no parabola also differs in tau_D1 and K12.
    overlap : bool
        Include the overlap of the electrons' spinors in the collision integral and in their static response.
    screen_drifts : bool
        With ``screening="static-rpa"`` without overlaps: let the response of the electrons follow their drift to first
        order, which changes K11 and K12. Otherwise the layers at rest screen.
    order : int
        Gauss-Legendre nodes per panel, at least 4.
    angles : int
        Directions of the transferred momentum in a quarter turn, at least 3 (Rashba layer).
    spacing : float, optional
        Spacing of the electrons' grid in nm^-1 (Rashba layer); by default 0.7 times the coarsest that resolves T, and
        with dynamic screening that of 0.09 E_F_e/k_B where T is higher.
    estimate_error : bool
        Repeat on a coarser grid.

    Returns
    -------
    DragCoefficients

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.
    GridTooCoarse
        If the spacing is too coarse for T, or the grid that T needs too large.

    Notes
    -----
    The sums over omega and k do not depend on a static interaction; the last few are kept, so that further values of
    `d`, `eps_r` and `screening` cost little.

    Examples
    --------
    >>> c = drag_coefficients(T=10, E_F_e=10, E_F_h=10, lam=0, d=20)
    >>> print(f"{c.tau_D1:.3e} s, zeta = {c.drag_ratio(1e-9):.4f}")
    1.057e-07 s, zeta = -0.0094
    """
    given = {"T": T, "m_e": m_e, "m_h": m_h, "eps_r": eps_r}
    given = {name: validation.real(name, value, low=1e-6, high=1e6) for name, value in given.items()}
    lowest = LOWEST_LEVEL * K_B * given["T"]
    levels = {"E_F_e": E_F_e, "E_F_h": E_F_h}
    given |= {name: validation.real(name, level, low=lowest, high=1e6) for name, level in levels.items()}
    given["d"] = validation.real("d", d, low=0.0, high=1e6)
    given |= {name: validation.real(name, x, low=-1e5, high=1e5) for name, x in {"lam": lam, "J": J, "B": B}.items()}
    kind = validation.option("screening", screening, SCREENINGS)
    exchange = checked_exchange(local_field, degeneracy, kind)
    validation.option("ansatz", ansatz, ANSATZE)
    order = validation.integer("order", order, low=4, high=64)
    angles = validation.integer("angles", angles, low=3, high=256)
    for name, value in {"overlap": overlap, "screen_drifts": screen_drifts, "estimate_error": estimate_error}.items():
        if not isinstance(value, bool):
            raise TypeError(f"{name} = {value!r} is not allowed: need True or False, got {type(value).__name__}")
    if screen_drifts and (kind != "static-rpa" or overlap):
        raise ArgumentError("screen_drifts", True, "False unless with screening = 'static-rpa' and overlap = False")
    holes = ParabolicLayer(given["m_h"], given["E_F_h"], given["T"])
    # Without spin-orbit coupling the spinors do not depend on k: a parabola, and overlaps of one.
    if given["lam"] == 0.0:
        electrons = ParabolicLayer(given["m_e"], given["E_F_e"], given["T"])
    else:
        electrons = RashbaLayer(given["m_e"], given["E_F_e"], given["T"], lam=given["lam"], J=given["J"], B=given["B"])
    evaluate, grid, coarse = graded_rates(
        electrons,
        holes,
        kind,
        ansatz=ansatz,
        overlap=overlap,
        order=order,
        angles=angles,
        spacing=spacing,
        degeneracy=degeneracy,
        exchange=exchange,
        screen_drifts=screen_drifts,
    )
    place = [given["d"]], [given["eps_r"]]
    values = evaluate(*place, **grid)[0, 0]
    errors = {}
    if estimate_error:
        change = np.abs(evaluate(*place, **coarse)[0, 0] - values)
        largest = np.abs(values[2:]).max()
        errors = {
            "tau_D1": float(change[0] / values[0]),
            "tau_D2": float(change[1] / values[1]),
            "K": float(change[2:].max() / largest) if largest > 0 else 0.0,
        }
    parameters = given | {"screening": kind, "local_field": local_field, "degeneracy": degeneracy}
    parameters |= {"ansatz": ansatz, "overlap": overlap, "screen_drifts": screen_drifts}
    return assemble(values, electrons, holes, errors, grid, parameters)


def graded_rates(
    electrons: ParabolicLayer | RashbaLayer,
    holes: ParabolicLayer,
    kind: str,
    *,
    ansatz: str,
    overlap: bool,
    order: int,
    angles: int,
    spacing: float | None = None,
    fewer_angles: int = _FEWER_ANGLES,
    degeneracy: int = 1,
    exchange: LocalField = NO_FIELD,
    screen_drifts: bool = False,
) -> tuple[Callable[..., NDArray], dict[str, Any], dict[str, Any]]:
    """Function that gives the rates of a pair of layers, and two grids for it.

    With g equal species in each layer the screened interaction is 1/g of that of one species with the permittivity
    eps_r/g, and the force on a hole g times as large for a given interaction.

    Parameters
    ----------
    electrons : ParabolicLayer or RashbaLayer
    holes : ParabolicLayer
    kind : str
        Way of screening.
    ansatz, overlap, order, angles, spacing
        As in `drag_coefficients`.
    fewer_angles : int
        Directions that the coarser grid lacks.
    degeneracy : int
        As in `drag_coefficients`.
    exchange : LocalField
        From `checked_exchange`.
    screen_drifts : bool
        As in `drag_coefficients`.

    Returns
    -------
    evaluate : callable
        Of spacings and permittivities, with the entries of a grid as keywords: ndarray, shape (d, eps_r, 5).
    grid, coarse : dict
        The grid that was asked for, and a coarser one that shows its error.
    """
    if isinstance(electrons, ParabolicLayer):
        evaluate = _of_species(partial(parabolic_rates, electrons, holes, kind=kind, exchange=exchange), degeneracy)
        return evaluate, {"order": order}, {"order": order - _FEWER}
    spacing = checked_spacing(spacing, electrons, kind, order, angles)
    rates = partial(rashba_rates, electrons, holes, kind=kind, ansatz=ansatz, overlap=overlap, exchange=exchange)
    rates = partial(rates, screen_drifts=screen_drifts)
    evaluate = _of_species(rates, degeneracy)
    grid = {"order": order, "angles": angles, "spacing": spacing}
    coarse = {"order": order - _FEWER, "angles": angles - fewer_angles, "spacing": _WIDER * spacing}
    return evaluate, grid, coarse


def _of_species(rates, degeneracy):
    def evaluate(d, eps_r, **grid):
        return rates(d, [eps / degeneracy for eps in eps_r], **grid) / degeneracy

    return evaluate


def checked_exchange(local_field: str, degeneracy: int, kind: str) -> LocalField:
    """The local field of a layer.

    Parameters
    ----------
    local_field, degeneracy
        As in `drag_coefficients`.
    kind : str
        Way of screening.

    Returns
    -------
    LocalField

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or there is no such local field with this screening or
        this number of species.

    Examples
    --------
    >>> checked_exchange("hubbard", 2, "static-rpa")
    LocalField(kind='hubbard', species=2)
    """
    degeneracy = validation.integer("degeneracy", degeneracy, low=1)
    if validation.option("local_field", local_field, LOCAL_FIELDS) == "none":
        return NO_FIELD
    if kind not in ("thomas-fermi", "static-rpa"):
        raise ArgumentError("local_field", local_field, "'none' without static screening")
    if local_field == "monte-carlo" and degeneracy > 2:
        raise ArgumentError("local_field", local_field, "'none' or 'hubbard' with more than two species")
    return LocalField(local_field, degeneracy)


def assemble(
    values: NDArray,
    electrons: ParabolicLayer | RashbaLayer,
    holes: ParabolicLayer,
    errors: dict[str, float],
    grid: dict[str, Any],
    parameters: dict[str, Any],
) -> DragCoefficients:
    """Result from rates and the layers for which they hold.

    Parameters
    ----------
    values : ndarray, shape (5,)
        1/tau_D1 and 1/tau_D2 in 1/ps, K11, K12 and K22 in nm/ps.
    electrons : ParabolicLayer or RashbaLayer
    holes : ParabolicLayer
    errors, grid, parameters : dict
        As in `DragCoefficients`.

    Returns
    -------
    DragCoefficients
    """
    degeneracy = parameters["degeneracy"]
    # The mean velocity of the drifting equilibrium is w, exactly.
    bend = 0.0 if parameters["ansatz"] == "drifting" else ANSATZE[parameters["ansatz"]]
    shift = bend * electrons.average_third_derivative * electrons.average_mass / HBAR2_PER_M0
    return DragCoefficients(
        PS / float(values[0]),
        PS / float(values[1]),
        *map(float, values[2:]),
        density_e=degeneracy * electrons.density * PER_CM2,
        density_h=degeneracy * holes.density * PER_CM2,
        mass_e=electrons.average_mass,
        current_shift=shift,
        errors=errors,
        grid=grid,
        parameters=parameters,
    )
