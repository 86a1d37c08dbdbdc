r"""Static local fields within a layer: how exchange and correlation keep its carriers apart.

Hubbard's holds the exchange hole alone, :math:`G = q/(g\sqrt{q^2 + k_F^2})` for g equal species. The other has the
same form, :math:`G = Bq/\sqrt{q^2 + (B/A)^2}`, with the slope A at long waves from the compressibility of quantum Monte
Carlo (`ehbilayer.model.quantum_liquid`) and the limit B = 1 - g(0) of short ones, g(0) being the chance
to find two carriers at one place over that without correlation: none in a polarised layer, and with two spins the fit
of Polini, Sica, Davoudi and Tosi (J. Phys.: Condens. Matter 13, 3591, 2001) to quantum Monte Carlo. Between the limits
it interpolates. The data are those of zero temperature and of parabolic bands.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.screening import hubbard
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.model.quantum_liquid import exchange_correlation_stiffness
from ehbilayer.units import COULOMB

LOCAL_FIELDS = ("none", "hubbard", "monte-carlo")
"""The local fields within a layer."""

_MOST_SPECIES = 2


class LocalField(NamedTuple):
    """A local field and the number of equal species in a layer.

    Attributes
    ----------
    kind : str
        One of `LOCAL_FIELDS`.
    species : int
    """

    kind: str = "none"
    species: int = 1

    def of(self, layer: ParabolicLayer | RashbaLayer, q: ArrayLike, eps_r: float) -> NDArray | float:
        """G of a layer, that of one of the species.

        Parameters
        ----------
        layer : ParabolicLayer or RashbaLayer
            The Monte Carlo data take its mass without spin-orbit coupling.
        q : array_like
            Wave numbers in nm^-1.
        eps_r : float
            Relative permittivity.

        Returns
        -------
        ndarray, or the number 0 without a local field

        Examples
        --------
        >>> layer = ParabolicLayer(0.2, 10, 10)
        >>> [f"{LocalField(kind).of(layer, 0.1, 5.0):.3f}" for kind in LOCAL_FIELDS]
        ['0.000', '0.400', '0.277']
        """
        if self.kind == "none":
            return 0.0
        if self.kind == "hubbard":
            return hubbard(q, layer.density, self.species)
        return monte_carlo(q, layer.density, self.species, bohr=layer.curvature * eps_r / COULOMB)


NO_FIELD = LocalField()
"""Carriers that respond as free ones to the mean field."""


def monte_carlo(q: ArrayLike, density: float, degeneracy: int = 1, *, bohr: float) -> NDArray:
    """Local field with the limits that quantum Monte Carlo gives (see the module's head).

    Parameters
    ----------
    q : array_like
        Wave numbers in nm^-1.
    density : float
        Of one species in nm^-2, greater than zero.
    degeneracy : int
        1 for polarised carriers, 2 for two spins.
    bohr : float
        Effective Bohr radius in nm.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError, ArgumentError
        If an argument is outside its range; r_s must be from 0.01 to 100.

    Examples
    --------
    >>> [f"{x:.3f}" for x in monte_carlo([0.0, 0.1, 1e6], 4e-3, degeneracy=2, bohr=10.0)]
    ['0.000', '0.142', '0.737']
    """
    q = np.asarray(q, dtype=float)
    degeneracy = validation.integer("degeneracy", degeneracy, low=1, high=_MOST_SPECIES)
    total = degeneracy * validation.positive("density", density)
    r_s = 1 / (validation.positive("bohr", bohr) * np.sqrt(np.pi * total))
    if not 0.01 <= r_s <= 100.0:
        raise ArgumentError("density", density, f"r_s from 0.01 to 100, this is {r_s:.3g}")
    # The compressibility sum rule: V G tends to minus the second derivative of the energy of exchange and correlation.
    slope = -bohr * exchange_correlation_stiffness(r_s, 2.0 - degeneracy) / (2 * np.pi)
    limit = 1.0 if degeneracy == 1 else 1 - 0.5 / (1 + 1.372 * r_s + 0.0830 * r_s**2)
    return limit * q / np.sqrt(q**2 + (limit / slope) ** 2)
