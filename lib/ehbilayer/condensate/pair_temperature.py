r"""Temperature at which the normal bilayer becomes unstable to electron-hole pairing, for the long-range interaction.

With the normal state's energies :math:`\xi_e, \xi_h` counted from each layer's chemical potential and occupations f,
pairs form where the largest eigenvalue of

.. math:: \Delta_k = \sum_{k'} V_1(k - k')\,
    \frac{1 - f(\xi_{e,k'}) - f(\xi_{h,k'})}{\xi_{e,k'} + \xi_{h,k'}}\, \Delta_{k'}

is 1 (Thouless' criterion), the finite-temperature end of the condensate in `ehbilayer.condensate`. Hole atomic units.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ehbilayer import validation
from ehbilayer.condensate import kernel
from ehbilayer.condensate.radial import panel_edges, radial_functional
from ehbilayer.errors import ArgumentError, NotConverged
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.numerics.roots import root as root_of

__all__ = [
    "INTERACTIONS",
    "UNITS",
    "PairTemperature",
    "PairingProblem",
    "pair_temperature",
]

#: Interactions between electrons and holes that the pairing instability can take.
INTERACTIONS = ("bare", "screened")
#: Units of the numbers that :func:`pair_temperature` takes and gives.
UNITS = {"d": "a_h", "r_s": "a_h", "temperature": "Ha_h", "error": "Ha_h", "chemical_potential": "Ha_h"}

# Lowest temperature looked for, in the carriers' mean Fermi energy, and the halvings of panels that resolve it.
_FLOOR, _MOST_LEVELS = 1e-4, 16

# Last panel for d = 0, in the scale of the pairs.
_FAR = 1e4

# The error compares with this many nodes fewer per panel.
_ORDER_STEP = 2

# Nodes of the angular average of the screened interaction.
_ANGLES = 48


@dataclass(frozen=True)
class PairTemperature:
    """Result of `pair_temperature`.

    Attributes
    ----------
    parameters, units : dict
        The arguments, and units of arguments and results.
    temperature : float
        k_B T_c in Ha_h; 0.0 where there is no instability above 1e-4 of the mean Fermi energy.
    error : float
        Change on a grid with fewer nodes, in Ha_h.
    temperature_ratio : float
        k_B T_c over the mean Fermi energy of the layers, (1 + m_h/m_e)/r_s^2 with one species. Far below 1 pairing and
        condensation coincide; near 1 and above, pairs form without condensing.
    chemical_potential : float
        mu_e + mu_h at T_c; in the dilute limit minus the binding energy of one pair.
    """

    parameters: dict
    units: dict
    temperature: float
    error: float
    temperature_ratio: float
    chemical_potential: float


def pair_temperature(
    *,
    mass_ratio: float = 4,
    d: float = 1.0,
    r_s: float = 5.0,
    interaction: str = "bare",
    order: int = 10,
    degeneracy: int = 1,
) -> PairTemperature:
    r"""Mean-field temperature of electron-hole pairing in a bilayer of polarised carriers.

    ``"bare"``: the interaction :math:`2\pi e^{-qd}/q`, and Hartree-Fock energies of the normal state at the same
    temperature. ``"screened"``: free carriers, and the attraction screened by the static Thomas-Fermi
    response of both normal layers (inverse lengths :math:`q_e = m_e/m_h`, :math:`q_h = 1` in 1/a_h for one species),

    .. math:: V_s(q) = \frac{2\pi\, q\, e^{-qd}}{(q + q_e)(q + q_h) - q_e q_h e^{-2qd}} .

    The condensate itself screens less than the normal state, so that the second lies below and the first, which leaves
    screening out, above what a theory with self-consistent screening gives.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e, from 1e-4 to 1e4.
    d : float
        Layer distance in a_h, from 0 to 100 r_s.
    r_s : float
        Wigner-Seitz radius in a_h, from 1e-2 to 1e5.
    interaction : {"bare", "screened"}
    order : int
        Gauss-Legendre nodes per panel, from 6 to 24.
    degeneracy : int
        Equal species of each layer, spins and valleys, from 1 to 64, of which each pairs with one of the other layer:
        it exchanges with its own kind, and is screened by all. `r_s` is that of all.

    Returns
    -------
    PairTemperature

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the Hartree-Fock normal state has a first-order transition of its own where pairing would set in.

    Examples
    --------
    >>> result = pair_temperature(mass_ratio=1, d=1.0, r_s=1.0)
    >>> print(f"{result.temperature:.4f} {result.temperature_ratio:.3f} {result.error < 1e-6}")
    0.0337 0.017 True
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1e-4, high=1e4)
    r_s = validation.real("r_s", r_s, low=1e-2, high=1e5)
    d = validation.real("d", d, low=0.0)
    if d > 100 * r_s:
        raise ArgumentError("d", d, f"d <= 100 r_s = {100 * r_s:g}")
    interaction = validation.option("interaction", interaction, INTERACTIONS)
    order = validation.integer("order", order, low=6 + _ORDER_STEP, high=24)
    degeneracy = validation.integer("degeneracy", degeneracy, low=1, high=64)
    parameters = {"mass_ratio": mass_ratio, "d": d, "r_s": r_s, "interaction": interaction, "order": order}
    parameters["degeneracy"] = degeneracy
    # Of one species.
    r_s *= math.sqrt(degeneracy)
    # Of both layers with their mean inverse mass.
    fermi = (1 + mass_ratio) / r_s**2
    levels = 6
    while True:
        problem = PairingProblem(
            mass_ratio, d, r_s, interaction, panel_edges(mass_ratio, d, r_s, levels, far=_FAR), order, degeneracy
        )
        temperature = problem.root(fermi)
        # The smearing of the Fermi edge, about temperature/fermi in k/k_F, must span a panel.
        needed = math.ceil(-math.log2(max(temperature / fermi, _FLOOR)))
        if (temperature > 0 and needed <= levels) or levels == _MOST_LEVELS:
            break
        levels = _MOST_LEVELS if temperature == 0 else min(needed + 1, _MOST_LEVELS)
    if temperature == 0:
        return PairTemperature(parameters, UNITS, 0.0, 0.0, 0.0, sum(problem.normal_state(_FLOOR * fermi)[1]))
    edges = panel_edges(mass_ratio, d, r_s, levels, far=_FAR)
    coarse = PairingProblem(mass_ratio, d, r_s, interaction, edges, order - _ORDER_STEP, degeneracy)
    log_step = 1e-3
    slope = (problem.excess(temperature * math.exp(log_step)) - problem.excess(temperature * math.exp(-log_step))) / (
        2 * log_step
    )
    error = temperature * abs(coarse.excess(temperature) / slope)
    chemical = sum(problem.normal_state(temperature)[1])
    return PairTemperature(parameters, UNITS, temperature, error, temperature / fermi, chemical)


class PairingProblem:
    """The criterion on one radial grid.

    Parameters
    ----------
    mass_ratio, d, r_s, interaction, order
        As in `pair_temperature`.
    edges : tuple of float
        Panel edges in 1/r_s (see `ehbilayer.condensate.radial.panel_edges`), where `r_s` is that of one species.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Of each node per pair.
    kinetic : ndarray, shape (2, n)
        Of electrons and holes, in Ha_h.
    exchange : ndarray, shape (n, n), or None
        Matrix of the exchange self-energy; None for free carriers.
    attraction : ndarray, shape (n, n)
        Matrix of sum_k' V(k - k') f(k').
    """

    def __init__(
        self,
        mass_ratio: float,
        d: float,
        r_s: float,
        interaction: str,
        edges: tuple[float, ...],
        order: int,
        degeneracy: int = 1,
    ) -> None:
        functional = radial_functional(mass_ratio, d, r_s, edges, order)
        k = kernel.radial_grid(edges, order).k
        self.weights = functional.weights
        self.kinetic = np.stack([mass_ratio * k**2, k**2]) / (2 * r_s**2)
        bare = interaction == "bare"
        self.exchange = functional.exchange if bare else None
        self.attraction = functional.pairing
        if not bare:
            self.attraction = screened_attraction(k, functional.weights, mass_ratio, d, r_s, degeneracy)

    def normal_state(self, temperature: float) -> tuple[NDArray, list[float]]:
        """Energies above the chemical potentials, shape (2, n), and the chemical potentials of electrons and holes."""
        occupation = np.zeros_like(self.kinetic)
        # Exchange feeds back positively: no oscillation, but slow where it is about to contract the Fermi sea.
        for _ in range(500):
            shift = occupation @ self.exchange.T if self.exchange is not None else 0.0
            levels = self.kinetic - shift
            chemical = [self._chemical_potential(level, temperature) for level in levels]
            xi = levels - np.array(chemical)[:, None]
            new = expit(-xi / temperature)
            if self.exchange is None or np.abs(new - occupation).max() < 1e-10:
                return xi, chemical
            occupation = new
        raise NotConverged(
            f"exchange makes the normal state jump near T = {temperature:.3g} Ha_h, where pairing would set in"
        )

    def _chemical_potential(self, level, temperature):
        def surplus(mu):
            return self.weights @ expit((mu - level) / temperature) - 1

        low, high = level.min() - temperature, level.min() + temperature
        while surplus(low) > 0:
            low -= 2 * (high - low)
        while surplus(high) < 0:
            high += 2 * (high - low)
        return root_of(surplus, low, high, absolute=1e-14 * max(temperature, abs(low)), relative=1e-15)

    def excess(self, temperature: float) -> float:
        """Largest eigenvalue minus 1."""
        (e, h), _ = self.normal_state(temperature)
        # 1 - f(x) - f(y) = sinh(s)/(cosh(s) + cosh(t)) with s, t = (x +- y)/2T; its ratio to x + y without 0/0.
        s, t = np.abs(e + h) / (2 * temperature), np.abs(e - h) / (2 * temperature)
        small = s < 1e-6
        safe = np.where(small, 1.0, s)
        top = np.maximum(safe, t)
        ratio = np.exp(safe - top) * -np.expm1(-2 * safe)
        ratio /= np.exp(safe - top) * (1 + np.exp(-2 * safe)) + np.exp(t - top) * (1 + np.exp(-2 * t))
        limit = 1 / (1 + np.cosh(np.minimum(t, 350.0)))
        pair = np.where(small, limit, ratio / safe) / (2 * temperature)
        return _largest(self.attraction * pair) - 1

    def root(self, fermi: float) -> float:
        """Temperature where the excess vanishes; 0.0 if it is negative at the floor."""
        if self.excess(_FLOOR * fermi) < 0:
            return 0.0
        low = high = math.log(0.1 * fermi)
        step = 1.0
        while self.excess(math.exp(high)) > 0:
            low, high, step = high, high + step, 2 * step
        step = 1.0
        while low == high or self.excess(math.exp(low)) < 0:
            high, low, step = low, max(low - step, math.log(_FLOOR * fermi)), 2 * step
        return math.exp(root_of(lambda x: self.excess(math.exp(x)), low, high, absolute=1e-10))


def screened_attraction(
    k: NDArray, weights: NDArray, mass_ratio: float, d: float, r_s: float, degeneracy: int = 1
) -> NDArray:
    """Matrix of sum_k' V_s(k - k') f(k') for the screened interaction of `pair_temperature`.

    V_s is finite at q = 0, so that plain quadrature serves.

    Parameters
    ----------
    k, weights : ndarray, shape (n,)
        Wave numbers in 1/r_s, and their weights per pair.
    mass_ratio, d, r_s : float
        d and r_s, that of one species, in a_h.
    degeneracy : int
        Species that screen.

    Returns
    -------
    ndarray, shape (n, n)
        In Ha_h.
    """
    x, w = gauss_legendre(_ANGLES)
    # phi = pi y^2 puts nodes where q is small.
    y, w = (x + 1) / 2, w / 2
    matrix = np.zeros((len(k), len(k)))
    q_e, q_h = degeneracy * r_s / mass_ratio, degeneracy * r_s
    for node, weight in zip(y, w, strict=True):
        phi = np.pi * node**2
        q = np.hypot(k[:, None] - k, 2 * np.sqrt(np.outer(k, k)) * math.sin(phi / 2))
        q = np.maximum(q, 1e-12)
        decay = np.exp(-q * d / r_s)
        # (q + q_e)(q + q_h) - q_e q_h exp(-2qd) without cancellation at small q.
        screen = q**2 + q * (q_e + q_h) - q_e * q_h * np.expm1(-2 * q * d / r_s)
        matrix += 2 * node * weight * q * decay / screen
    # sum_k' V f = int k' dk' <V/2 pi> f in Ha_h, lengths in r_s; the weights per pair are k dk/2.
    return matrix * 2 * weights / r_s


def _largest(matrix):
    """Largest eigenvalue of a matrix with positive entries, by power iteration."""
    vector = matrix.sum(axis=1)
    last = 0.0
    for _ in range(5000):
        vector /= np.abs(vector).max()
        new = matrix @ vector
        value = float(new @ vector / (vector @ vector))
        if abs(value - last) < 1e-13 * abs(value):
            return value
        vector, last = new, value
    return value
