"""Widths of the Gaussians from which crystals start."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import erfcx

from ehbilayer.model.lattice_sums import einstein_frequency


def oscillator_length(mass: float, r_s: float) -> float:
    """Length of the Einstein oscillator of one carrier in its Wigner cell, in r_s, for a mass in m_h."""
    return (einstein_frequency() * np.sqrt(mass * r_s)) ** -0.5


def pair_lengths(mass: float, d: float, r_s: float) -> tuple[float, float]:
    """Lengths of the Gaussians of an electron above a hole in one Wigner cell, in r_s.

    Minimum of their kinetic energies, the harmonic potential of each layer's lattice and the attraction between
    the two charge clouds. At low density the pair is an exciton much smaller than its cell: an SCF
    iteration that starts from the lattice's oscillator lengths then ends in excited states.

    Parameters
    ----------
    mass : float
        Of the electron, in m_h.
    d, r_s : float
        In a_h.

    Returns
    -------
    electron, hole : float
    """
    spring = einstein_frequency() ** 2 / r_s

    def energy(logarithms):
        squares = np.exp(2 * logarithms)
        size = np.sqrt(squares.sum())
        kinetic = (1 / mass / squares[0] + 1 / squares[1]) / (2 * r_s**2)
        attraction = np.sqrt(np.pi) / (size * r_s) * erfcx(d / (size * r_s))
        return kinetic + 0.5 * spring * squares.sum() - attraction

    start = np.log([oscillator_length(mass, r_s), oscillator_length(1.0, r_s)])
    return tuple(np.exp(minimize(energy, start, method="Nelder-Mead").x))
