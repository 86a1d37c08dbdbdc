"""Static local fields within a layer of a drag experiment: those of `ehbilayer.model.local_field` in its units.

Hubbard's holds the exchange hole alone, with Hubbard's own length.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.screening import hubbard
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.model.local_field import crossing_field, local_field
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
    """Local field with the limits that quantum Monte Carlo gives (`ehbilayer.model.local_field`).

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
    limit, wave_number = local_field("monte-carlo", float(r_s), degeneracy)
    return q * crossing_field(q, limit, wave_number / bohr)
