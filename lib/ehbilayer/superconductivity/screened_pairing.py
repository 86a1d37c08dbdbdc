"""Static interaction of two electrons, screened by both layers, and the pairing that it leaves.

Units and responses as in `plasmon`.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.model.rpa import apart, within
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.plasmon import Bilayer, lindhard
from ehbilayer.superconductivity.rpa_interaction import LOCAL_FIELDS, screened_interaction

__all__ = ["static_interaction", "static_pairing_strength"]


@checked
def static_interaction(
    q: ArrayLike, *, r_s: float, d: float, mass_ratio: float, holes: str = "crystal", local_field: str = "none"
) -> float | NDArray:
    r"""Interaction of two electrons at zero frequency, screened by both layers.

    .. math:: V_{ee} = \frac{V - (V^2 - V_1^2)\chi_h}{\varepsilon}

    With static responses :math:`\chi \le 0` it is positive at every q.

    Parameters
    ----------
    q : float or array_like
        Wave number in 1/a_e, > 0.
    r_s, d, mass_ratio, holes
        As in `plasmon.acoustic_velocity`. Crystallised holes give way without limit, :math:`\chi_h \to -\infty`.
    local_field : {"none", "exchange", "charge", "monte-carlo"}
        As in `ehbilayer.superconductivity.rpa_pairing.eigenvalue`; with one the interaction, of a singlet pair, may
        attract.

    Returns
    -------
    float or ndarray
        In Ha_e a_e^2.

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ArgumentError
        If an argument is outside its range.

    Examples
    --------
    >>> print(f"{static_interaction(1.25, r_s=1.6, d=1.0, mass_ratio=10):.3f}")
    1.869
    """
    r_s, d, mass_ratio, holes, _ = Bilayer.checked(r_s, d, mass_ratio, holes)
    q = np.asarray(validation.reals("q", q, low=0.0, low_open=True))
    if validation.option("local_field", local_field, LOCAL_FIELDS) != "none":
        found = (
            2
            * math.pi
            * np.asarray(
                screened_interaction(
                    q * r_s / math.sqrt(2),
                    0.0,
                    r_s=r_s,
                    d=d,
                    mass_ratio=mass_ratio,
                    holes=holes,
                    local_field=local_field,
                )
            )
        )
        return float(found) if found.ndim == 0 else found
    v = 2 * math.pi / q
    electrons = -v * lindhard(q, 0.0, r_s=r_s).real
    if holes == "crystal":
        result = v * within(electrons, 1.0, apart(q, d), 0.0)
    else:
        other = -v * lindhard(q, 0.0, r_s=r_s, degeneracy=1, mass=mass_ratio).real
        result = v * within(electrons, other, apart(q, d))
    return float(result) if np.ndim(result) == 0 else result


@checked
def static_pairing_strength(
    *,
    r_s: float,
    d: float,
    mass_ratio: float = 10.0,
    holes: str = "crystal",
    local_field: str = "none",
    order: int = 48,
) -> float:
    r"""Fermi-surface average g_0 V of `static_interaction`, normalised as in Eq. 4, without Umklapp.

    Parameters
    ----------
    r_s, d, mass_ratio, holes, local_field
        As in `static_interaction`.
    order : int
        Quadrature nodes.

    Returns
    -------
    float

    Examples
    --------
    >>> print(f"{static_pairing_strength(r_s=1.6, d=1.0):.3f}")
    0.309
    """
    r_s = validation.real("r_s", r_s, low=1e-6, high=1e6)
    nodes, weights = gauss_legendre(validation.integer("order", order, low=4))
    theta, weight = math.pi / 4 * (nodes + 1), math.pi / 4 * weights
    q = 2 * math.sqrt(2) / r_s * np.sin(theta)
    values = static_interaction(q, r_s=r_s, d=d, mass_ratio=mass_ratio, holes=holes, local_field=local_field)
    return float(weight @ values) / math.pi**2
