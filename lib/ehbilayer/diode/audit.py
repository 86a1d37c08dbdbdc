"""What grids do to the diode efficiency, and what a printed current would need: numbers of the convergence audit."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.coarse import coarse_diode
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.errors import ArgumentError

__all__ = ["fermi_energies_for", "largest_error", "lattice_error", "sign_changes"]


@checked
def sign_changes(values: Sequence | np.ndarray, smallest: float = 1e-9) -> int:
    """How often a curve changes its sign.

    Parameters
    ----------
    values : sequence of float
        In order; NaN and None count as missing.
    smallest : float
        Values of this absolute value or less count as zero and are passed over.

    Returns
    -------
    int

    Examples
    --------
    >>> sign_changes([0.0, 1.0, float("nan"), -2.0, 1e-12, 3.0])
    2
    """
    smallest = validation.real("smallest", smallest, low=0.0)
    try:
        numbers = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise ArgumentError("values", values, "numbers, or None where one is missing") from None
    return int(np.count_nonzero(np.diff(np.sign(numbers[np.abs(numbers) > smallest]))))


@checked
def largest_error(
    fields: ArrayLike, *, T: float, k_step: float | None = None, q_step: float | None = None, **bands: Any
) -> float:
    """Largest error of the efficiency on a coarse grid, over some fields.

    Parameters
    ----------
    fields : array_like
        In-plane Zeeman fields B in k_B T_c.
    T : float
        Temperature in T_c.
    k_step, q_step : float, optional
        Spacings as in `ehbilayer.diode.coarse.coarse_diode`.
    **bands
        E_F, lam, J and convention, as there.

    Returns
    -------
    float
        A fraction; NaN where the grid has no efficiency at one of the fields.

    Examples
    --------
    >>> bands = dict(E_F=11.6, lam=1.0, J=14.808, convention="literal")
    >>> 1e-3 < largest_error([3.0], T=0.9, k_step=0.75, **bands) < 0.05
    True
    """
    checked_fields = np.atleast_1d(validation.reals("fields", fields, low=-1e4, high=1e4))
    if checked_fields.ndim != 1 or not checked_fields.size:
        raise ArgumentError("fields", fields, "one field or more")
    errors = [
        abs(coarse_diode(**bands, B=B, T=T, k_step=k_step, q_step=q_step).efficiency - _converged(bands, B, T))
        for B in map(float, checked_fields)
    ]
    return float(np.max(errors))


def _converged(bands, B, T):
    found = diode(**bands, B=B, T=T).efficiency
    return math.nan if found is None else found


@checked
def lattice_error(E_F: float, T: float, k_step: float) -> float:
    r"""How much of a Fermi edge a lattice sum misses, :math:`\exp(-2\pi^2 T/v_{\mathrm F}h)`.

    Parameters
    ----------
    E_F : float
        Fermi energy in k_B T_c, for a mass of 1.
    T : float
        Temperature in T_c.
    k_step : float
        Spacing h of the lattice in 1/l_u.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{lattice_error(11.6, 0.9, 0.75):.4f}")
    0.0073
    """
    E_F, T, k_step = (validation.positive(name, x) for name, x in (("E_F", E_F), ("T", T), ("k_step", k_step)))
    return math.exp(-2 * math.pi**2 * T / (math.sqrt(2 * E_F) * k_step))


@checked
def fermi_energies_for(current: float, delta: float) -> tuple[float, float]:
    """Fermi energies at which the two bounds of `ehbilayer.diode.figures_of_merit.landau_bounds` reach a current.

    Parameters
    ----------
    current : float
        In J_u, greater than zero.
    delta : float
        Order parameter in k_B T_c, greater than zero.

    Returns
    -------
    landau, ballistic : float
        Where n delta/k_F and n v_F are that large, for equal masses, in k_B T_c.

    Examples
    --------
    >>> landau, ballistic = fermi_energies_for(98.4, 1.764)
    >>> print(f"{landau:.0f} {ballistic:.1f}")
    245687 57.6
    """
    current, delta = validation.positive("current", current), validation.real("delta", delta, low=1e-9)
    # n = k_F^2/4 pi and v_F = k_F.
    return (4 * math.pi * current / delta) ** 2 / 2, (4 * math.pi * current) ** (2 / 3) / 2
