r"""Linear frictional drag between two parabolic layers (paper B, Eqs. 37-40).

.. math:: \frac{1}{\tau_{D,i}} = \frac{\beta\hbar}{m_i n_2}\,\pi \int\frac{d^2q}{(2\pi)^2} \frac{q^2}{2}
   \int_{-\infty}^{\infty} d\omega\, |U|^2\, \frac{S_1 S_2}{4\sinh^2(\beta\omega/2)}

with S = Im chi/pi and energies omega. The force on a carrier of layer 2 is
F/hbar = u_1/tau_D1 - u_2/tau_D2, u = m v/hbar.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer.drag.frequency_sums import dynamic_sums, static_sums
from ehbilayer.drag.screening import interlayer_interaction
from ehbilayer.model import lindhard
from ehbilayer.model.layers import OCCUPATION_TAIL, ParabolicLayer
from ehbilayer.numerics.quadrature import Panels
from ehbilayer.units import HBAR

# Panel edges about q = 2 k_F, in units of its thermal width.
_BACKSCATTERING = (-400, -64, -8, 0, 8, 64, 400)


@dataclass(frozen=True)
class Overlaps:
    """The omega integral of the parabolic drag at each wave number, before the interaction enters.

    Attributes
    ----------
    q, weights : ndarray, shape (n,)
        Nodes and weights of the integral over q in nm^-1.
    values : ndarray, shape (n,)
        int domega S_1 S_2/(4 sinh^2(beta omega/2)) over all omega, in 1/(meV nm^4).
    """

    q: NDArray
    weights: NDArray
    values: NDArray


def wave_numbers(layer_1: ParabolicLayer, layer_2: ParabolicLayer, d: float, order: int) -> Panels:
    """Panels of the integral over q, up to where the integrand is below 1e-14.

    They shrink geometrically towards zero and have edges at 2 k_F.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
    d : float
        Smallest spacing of the layers in nm for which they serve.
    order : int
        Nodes per panel.

    Returns
    -------
    Panels
    """
    top = 2 * min(layer_1.reach(), layer_2.reach())
    if d > 0:
        top = min(top, 0.5 * OCCUPATION_TAIL / d)
    # Below q = k_B T/v the frequencies are those of the continuum, above those of temperature.
    thermal = min(layer.strip / math.pi for layer in (layer_1, layer_2))
    count = max(4, int(math.ceil(math.log(top / thermal, 4))) + 2)
    edges = {0.0, top} | {top * 4.0**-n for n in range(1, count)} | {top * x for x in (0.1, 0.4, 0.55, 0.75)}
    for layer in (layer_1, layer_2):
        k = layer.fermi_wave_number
        width = layer.strip / math.pi
        edges |= {2 * k + shift * width for shift in _BACKSCATTERING if 0 < 2 * k + shift * width < top}
    ordered = sorted(edges)
    # Edges closer than rounding would make empty panels.
    return Panels(tuple(e for i, e in enumerate(ordered) if i == 0 or e - ordered[i - 1] > 1e-9 * top), order)


def overlaps(layer_1: ParabolicLayer, layer_2: ParabolicLayer, d: float = 0.0, order: int = 12) -> Overlaps:
    """Integrals over omega that do not depend on the interaction.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
        At one temperature.
    d : float
        Smallest spacing of the layers in nm for which they will be used.
    order : int
        Gauss-Legendre nodes per panel, in q and omega.

    Returns
    -------
    Overlaps
    """
    panels = wave_numbers(layer_1, layer_2, d, order)
    return Overlaps(panels.nodes, panels.weights, static_sums(layer_1, layer_2, panels.nodes, order))


def friction(layer_1: ParabolicLayer, layer_2: ParabolicLayer, table: Overlaps, interaction: ArrayLike) -> float:
    """gamma in 1/tau_i = gamma/m_i: the linear drag for a static interaction.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
    table : Overlaps
    interaction : array_like
        U at ``table.q`` in meV nm^2.

    Returns
    -------
    float
        In 1/(meV nm^2 ps): times hbar^2/m it is a rate in 1/ps.
    """
    total = float(table.weights @ (table.q**3 * np.abs(interaction) ** 2 * table.values)) / (4 * math.pi)
    return math.pi / (HBAR * layer_2.density * layer_2.thermal_energy) * total


def static_response(layer: ParabolicLayer, q: ArrayLike, kind: str) -> float | NDArray:
    """chi(q) of a layer in 1/(meV nm^2) for one of the static ways of screening.

    Parameters
    ----------
    layer : ParabolicLayer
    q : array_like
    kind : {"none", "thomas-fermi", "static-rpa"}

    Returns
    -------
    float or ndarray
    """
    if kind == "none":
        return 0.0
    return layer.compressibility if kind == "thomas-fermi" else lindhard.response(layer, q).real


def linear_friction(
    layer_1: ParabolicLayer,
    layer_2: ParabolicLayer,
    *,
    d: float,
    eps_r: float,
    screening_kind: str,
    order: int = 12,
) -> float:
    """gamma of `friction` with any of the ways of screening.

    Parameters
    ----------
    layer_1, layer_2 : ParabolicLayer
        Drive and drag layer at one temperature.
    d : float
        Spacing in nm.
    eps_r : float
        Relative permittivity.
    screening_kind : str
        One of `ehbilayer.drag.screening.SCREENINGS`.
    order : int
        Gauss-Legendre nodes per panel.

    Returns
    -------
    float
        In 1/(meV nm^2 ps).

    Examples
    --------
    >>> layer = ParabolicLayer(0.2, 10, 10)
    >>> gamma = linear_friction(layer, layer, d=20, eps_r=5, screening_kind="thomas-fermi")
    >>> print(f"{1e-12 / (gamma * layer.curvature):.3e} s")
    1.057e-07 s
    """
    if screening_kind == "dynamic-rpa":
        panels = wave_numbers(layer_1, layer_2, d, order)
        values = dynamic_sums(layer_1, layer_2, panels.nodes, order, d=d, eps_r=eps_r)
        return friction(layer_1, layer_2, Overlaps(panels.nodes, panels.weights, values), 1.0)
    table = overlaps(layer_1, layer_2, d, order)
    chi_1, chi_2 = (static_response(layer, table.q, screening_kind) for layer in (layer_1, layer_2))
    return friction(layer_1, layer_2, table, interlayer_interaction(table.q, d, eps_r, chi_1, chi_2))
