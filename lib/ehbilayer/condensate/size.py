"""How large the pairs of the condensate are."""

import numpy as np

from ehbilayer.checked import checked
from ehbilayer.condensate.state import CondensateState
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.quadrature import gauss_legendre

__all__ = ["pair_size"]


@checked
def pair_size(state: CondensateState) -> float:
    r"""Root mean square distance of electron and hole along the layers, in one pair.

    With :math:`\psi_k = \langle b_{-k} a_k\rangle`, the wave function of a pair in the condensate,

    .. math:: \langle r^2\rangle = \frac{\int k\,dk\,(d\psi_k/dk)^2}{\int k\,dk\,\psi_k^2}.

    Parameters
    ----------
    state : CondensateState
        Of `solve_condensate`; plane waves of a box are too few for the derivative.

    Returns
    -------
    float
        In a_h.

    Raises
    ------
    TypeError, ValueError
        If `state` is not one on radial panels.

    Examples
    --------
    A dilute gas of excitons without separation of the layers: sqrt(3/8) of the pair's atomic unit, here 5 a_h.

    >>> from ehbilayer.condensate import solve_condensate
    >>> round(pair_size(solve_condensate(mass_ratio=4, d=0.0, r_s=1e4)) / 5, 4)
    0.6124
    """
    if "order" not in state.parameters:
        raise ArgumentError("state", state.parameters, "a state of solve_condensate, on radial panels")
    order = state.parameters["order"]
    nodes = gauss_legendre(order)[0]
    k = state.wave_numbers.reshape(-1, order)
    halves = (k[:, -1] - k[:, 0]) / (nodes[-1] - nodes[0])
    slopes = state.anomalous.reshape(-1, order) @ _differentiation(nodes).T / halves[:, None]
    square = state.weights @ slopes.ravel() ** 2 / (state.weights @ state.anomalous**2)
    return float(np.sqrt(square))


def _differentiation(nodes):
    """Matrix that takes values of a polynomial at the nodes to its derivative there."""
    difference = nodes[:, None] - nodes
    np.fill_diagonal(difference, 1.0)
    products = difference.prod(axis=1)
    matrix = products[:, None] / products / difference
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    return matrix
