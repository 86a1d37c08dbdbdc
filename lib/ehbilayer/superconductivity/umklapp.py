"""Umklapp: averages over the Fermi circle with momenta folded into the Wigner-Seitz zone of the crystal of holes."""

import itertools
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.model.lattice import RECIPROCAL_LENGTH
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity.fermi_circle import NODES, UMKLAPP, WEIGHTS, like

__all__ = ["zone_average"]


_ORIENTATIONS = 24


@checked
def zone_average(sine: ArrayLike, umklapp: str = "folded") -> float | NDArray[np.float64]:
    r"""Average of :math:`\tilde k^2/q^2` over the direction of the momentum transfer.

    Parameters
    ----------
    sine : float or array_like
        :math:`\tilde k/2k_F` from 0 to 1.
    umklapp : {"frozen", "folded", "projected", "none"}
        See `coupling_constant`.

    Returns
    -------
    float or ndarray
        1 as long as the transfer lies inside the first zone.

    Examples
    --------
    >>> [f"{zone_average(1.0, umklapp=kind):.3f}" for kind in UMKLAPP]
    ['2.000', '5.007', '3.071', '1.000']
    """
    umklapp = validation.option("umklapp", umklapp, UMKLAPP)
    sine = validation.reals("sine", sine, low=0.0, high=1.0)
    s = np.atleast_1d(np.asarray(sine, dtype=float))
    if umklapp == "none":
        return like(np.ones_like(s).reshape(np.shape(sine)), sine)
    if umklapp == "frozen":
        return like(np.maximum(1.0, 2 * s**2).reshape(np.shape(sine)), sine)
    factor, _, weight = _orientations(s.ravel(), umklapp)
    return like((factor * weight).sum(axis=1).reshape(np.shape(sine)), sine)


def _orientations(s, umklapp):
    """k~^2/q^2 (or its longitudinal part), q/k_D and weights over directions for transfers s, shapes (n, m)."""
    transfer = 2 * math.sqrt(2) * s[:, None]
    half = RECIPROCAL_LENGTH / 2
    # By symmetry the direction runs from a reciprocal vector (0) to the corner between two (pi/6); a transfer
    # beyond the zone's face k_x = |b|/2 is folded by that vector.
    edge = np.arccos(np.clip(half / np.maximum(transfer, half), 0, 1))
    edge = np.minimum(edge, math.pi / 6)
    nodes, weights = gauss_legendre(_ORIENTATIONS)
    x, w = 0.5 * (nodes + 1), 0.5 * weights
    angle = np.concatenate([edge * x, edge + (math.pi / 6 - edge) * x], axis=1)
    weight = np.concatenate([edge * w, (math.pi / 6 - edge) * w], axis=1) * 6 / math.pi
    folded = np.arange(2 * _ORIENTATIONS) < _ORIENTATIONS
    square = transfer**2
    inner = np.where(folded, transfer * np.cos(angle) * 2 * half, 0.0)
    q2 = square + np.where(folded, (2 * half) ** 2, 0.0) - 2 * inner
    # k~ . q = k~^2 - k~ . b for the folded ones.
    along = (square - inner) ** 2 / np.where(q2 > 0, q2, 1.0)
    top = square * np.ones_like(angle) if umklapp == "folded" else np.where(folded, along, square)
    with np.errstate(invalid="ignore"):
        factor = np.where(q2 > 0, top / np.where(q2 > 0, q2, 1.0), 1.0)
    return factor, np.sqrt(q2) / 2, weight


def _zone_panels(umklapp):
    """theta nodes and weights beyond the inscribed circle of the zone, where q may differ from the transfer."""
    if umklapp == "frozen":
        ends = [math.pi / 4, math.pi / 2]
    else:
        face = RECIPROCAL_LENGTH / 2 / (2 * math.sqrt(2))
        ends = [math.asin(face), math.asin(face * 2 / math.sqrt(3)), math.pi / 2]
    nodes, weights = [], []
    for low, high in itertools.pairwise(ends):
        # Quadratic at the lower end, where the fraction of folded directions grows like a square root.
        nodes.append(low + (high - low) * NODES**2)
        weights.append(2 * (high - low) * NODES * WEIGHTS)
    return np.concatenate(nodes), np.concatenate(weights), math.sin(ends[0])


_RULES = {}


def zone_rule(umklapp):
    """sin(theta) and weights (with the zone average) of the outer region, and the sine where it begins."""
    if umklapp == "none":
        return np.zeros(0), np.zeros(0), 1.0
    if umklapp not in _RULES:
        theta, weight, edge = _zone_panels(umklapp)
        s = np.sin(theta)
        _RULES[umklapp] = (s, weight * zone_average(s, umklapp), edge)
    return _RULES[umklapp]


def zone_resolved(umklapp):
    """sin(theta), weights and q/k_D of the outer region, resolved by direction, all of shape (n,)."""
    theta, weight, _ = _zone_panels(umklapp)
    s = np.sin(theta)
    if umklapp == "frozen":
        return s, 2 * s**2 * weight, np.ones_like(s)
    factor, q, share = _orientations(s, umklapp)
    return np.repeat(s, share.shape[1]), (weight[:, None] * share * factor).ravel(), q.ravel()
