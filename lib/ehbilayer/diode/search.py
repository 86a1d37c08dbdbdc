"""Parameters for which mean-field theory has a given condensate momentum and diode efficiency (paper B states none)."""

import contextlib
import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.bands import CONVENTIONS, density
from ehbilayer.diode.nonreciprocity import COUPLINGS, DiodeResult, diode
from ehbilayer.errors import ArgumentError

__all__ = ["ClosestSet", "closest_set"]

_LARGEST = {"E_F": 60.0, "J": 120.0}
# Distance on the axis from which a search in the plane is worth its time.
_NEAR = 0.1


@dataclass(frozen=True)
class ClosestSet:
    """Result of `closest_set`, in units k_B T_c = m = hbar = 1.

    Attributes
    ----------
    E_F, J : float
        Fermi energy and Zeeman field across the layers, in k_B T_c.
    q0, J_plus, J_minus, efficiency, delta : float
        Of the set, in 1/l_u, J_u and k_B T_c, see `ehbilayer.diode.nonreciprocity.DiodeResult`; the efficiency is a
        fraction.
    distance : float
        Root of the sum of squares of the relative deviations of momentum and efficiency from their targets.
    imbalance : float
        n_e/n_h - 1.
    one_band : bool
        Whether one band in each layer holds the carriers.
    expansion : bool
        Whether Ginzburg-Landau theory has a minimum in the whole pocket (beta > 0).
    q0_y : float
        Momentum across the axis; other than 0 where no set close to the targets has its ground state on the axis.
    stable : bool
        Whether the state is a minimum in the plane.
    evaluations : int
        Mean-field calculations that it took.
    """

    E_F: float
    J: float
    q0: float
    J_plus: float
    J_minus: float
    efficiency: float
    delta: float
    distance: float
    imbalance: float
    one_band: bool
    expansion: bool
    q0_y: float
    stable: bool
    evaluations: int


@checked
def closest_set(
    *,
    lam: float,
    q0: float,
    efficiency: float,
    B: float,
    T: float,
    convention: str = "literal",
    coupling: str = "each-field",
    E_F: float = 20.0,
    evaluations: int = 40,
) -> ClosestSet:
    r"""Search E_F and J at fixed spin-orbit strength for a momentum and an efficiency, by least squares.

    The search starts at the given E_F and at the J for which the shift of the Fermi contour,
    :math:`\lambda B/\sqrt{\lambda^2 k_F^2 + B^2 + J^2}`, equals q0. It minimises the squares of the relative deviations
    and stays below E_F = 60 and J = 120. It begins with states of q_y = 0, which cost little. What it returns is a
    ground state among all pair momenta, with the coupling of the plane, in which it goes on if it came closer than 0.1.

    Parameters
    ----------
    lam : float
        Rashba strength of the electron layer in E_u l_u, greater than zero.
    q0, efficiency : float
        Targets, greater than zero; the efficiency as a fraction.
    B, T : float
        Zeeman field in the plane in k_B T_c, greater than zero, and temperature in T_c, from 0.02 to 0.99.
    convention : {"balanced", "literal"}
    coupling : {"each-field", "zero-field"}
    E_F : float
        Where to start, from 1 to 60 k_B T_c.
    evaluations : int
        Largest number of mean-field calculations on the axis, and again in the plane.

    Returns
    -------
    ClosestSet

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range, or no field J gives the contour such a shift.

    Examples
    --------
    >>> near = closest_set(lam=0.5, q0=0.2, efficiency=0.0186, B=3.0, T=0.9, convention="balanced", evaluations=4)
    >>> abs(near.q0 / 0.2 - 1) < 0.1 and near.efficiency < 0.001
    True
    """
    lam, q0, B = (
        validation.real(name, value, low=1e-6, high=1e3) for name, value in (("lam", lam), ("q0", q0), ("B", B))
    )
    efficiency = validation.real("efficiency", efficiency, low=1e-9, high=1.0)
    T = validation.real("T", T, low=0.02, high=0.99)
    validation.option("convention", convention, CONVENTIONS)
    validation.option("coupling", coupling, COUPLINGS)
    E_F = validation.real("E_F", E_F, low=1.0, high=_LARGEST["E_F"])
    evaluations = validation.integer("evaluations", evaluations, low=4)
    square = (lam * B / q0) ** 2 - 2 * lam**2 * E_F - B**2
    if square <= 0:
        raise ArgumentError("q0", q0, f"a smaller one: at E_F = {E_F!r} no J shifts the contour by so much")

    def calculate(E_F, J, theory, plane):
        given = {"E_F": E_F, "J": J, "lam": lam, "B": B, "T": T}
        return diode(**given, convention=convention, coupling=coupling, theory=theory, plane=plane)

    best: tuple[float, float, float, DiodeResult] | None = None
    calls = 0

    def deviations(logarithms, plane, most):
        nonlocal best, calls
        energy, field = (float(x) for x in np.exp(logarithms))
        result = calculate(energy, field, "mean-field", plane)
        calls += 1
        if result.q0 is None or result.efficiency is None:
            return np.array([10.0, 10.0])
        found = np.array([result.q0 / q0 - 1, result.efficiency / efficiency - 1])
        if best is None or found @ found < best[0]:
            best = (float(found @ found), energy, field, result)
        if calls >= most or found @ found < 1e-6:
            raise _Finished
        return found

    bounds = (np.log([1.0, 0.1]), np.log(list(_LARGEST.values())))
    options = {"bounds": bounds, "diff_step": 2e-3, "xtol": 1e-5, "ftol": 1e-5}
    with contextlib.suppress(_Finished):
        start = np.log([E_F, math.sqrt(square)])
        optimize.least_squares(deviations, start, args=(False, evaluations), **options)
    if best is None:
        raise ArgumentError("lam", lam, "a condensate where the search starts")
    near, energy, field, _ = best
    start, best, most = np.log([energy, field]), None, calls + evaluations
    with contextlib.suppress(_Finished):
        if near > _NEAR**2:
            deviations(start, True, most)
        else:
            optimize.least_squares(deviations, start, args=(True, most), **options)
    if best is None:
        raise ArgumentError("lam", lam, "a condensate in the plane where the search ends")
    distance, energy, field, result = best
    expansion = calculate(energy, field, "ginzburg-landau", True).efficiency is not None
    return ClosestSet(
        E_F=energy,
        J=field,
        q0=result.q0,
        J_plus=result.J_plus,
        J_minus=result.J_minus,
        efficiency=result.efficiency,
        delta=result.delta,
        distance=math.sqrt(distance),
        imbalance=density(result.bands, "e") / density(result.bands, "h") - 1,
        one_band=result.one_band,
        expansion=expansion,
        q0_y=result.q0_y,
        stable=result.stable,
        evaluations=calls,
    )


class _Finished(Exception):
    """Ends the least-squares search: close enough, or no evaluations left."""
