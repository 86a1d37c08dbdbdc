"""Gap function of Eliashberg theory below T_c, on the imaginary axis."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import root_scalar

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.errors import NotConverged
from ehbilayer.formatting import numbers_first
from ehbilayer.superconductivity.analytic_tc import allen_dynes
from ehbilayer.superconductivity.coupling import CouplingSpectrum
from ehbilayer.superconductivity.eliashberg import Problem, checked_problem, leading

__all__ = ["Continuation", "GapFunction", "gap_function"]


class Continuation(NamedTuple):
    """Padé continuation of a gap function, in the spectrum's unit of energy.

    Attributes
    ----------
    gap, renormalisation : ndarray of complex, shape (n,)
        Retarded functions at energy + i broadening.
    spread : ndarray, shape (n,)
        Change of the gap when four frequencies fewer, or as many in a row from the first on, are used, whichever
        is larger: an error estimate, infinite where the grid has fewer than eight.
    valid : ndarray of bool, shape (n,)
        Whether the spread is below the tolerance. Where it is not, the continuation is no result; beyond sharp modes
        it never is.
    """

    gap: NDArray[np.complex128]
    renormalisation: NDArray[np.complex128]
    spread: NDArray[np.float64]
    valid: NDArray[np.bool_]


@numbers_first()
@dataclass(frozen=True, eq=False)
class GapFunction:
    r"""Gap function and renormalisation on the Matsubara axis below T_c, in the spectrum's unit of energy.

    Attributes
    ----------
    temperature : float
    indices : ndarray of int, shape (n,)
        Matsubara indices, ascending.
    frequencies : ndarray, shape (n,)
        :math:`\omega_n = (2n + 1)\pi T`.
    gap : ndarray, shape (n,)
        :math:`\Delta_n`.
    renormalisation : ndarray, shape (n,)
        :math:`Z_n`.
    asymptote : float
        :math:`\Delta_\infty`, from the repulsion alone.
    residual : float
        Largest violation of the equations relative to the largest gap.
    converged : bool
    """

    temperature: float
    indices: np.ndarray
    frequencies: np.ndarray
    gap: np.ndarray
    renormalisation: np.ndarray
    asymptote: float
    residual: float
    converged: bool

    @checked
    def continued(
        self, energies: ArrayLike, points: int = 24, broadening: float = 0.0, tolerance: float = 0.01
    ) -> Continuation:
        r"""Padé continuation to real energies (Vidberg and Serene 1977).

        Parameters
        ----------
        energies : array_like, shape (n,)
            Real, >= 0.
        points : int
            Matsubara frequencies used, spread geometrically over the grid; from 8 to 60.
        broadening : float
            Distance from the real axis, >= 0. A spectrum of discrete modes gives functions with thresholds at each
            of them, which only a line above the axis smooths.
        tolerance : float
            Largest spread of a valid gap, over the gap at the lowest Matsubara frequency, > 0.

        Returns
        -------
        Continuation
            `ehbilayer.superconductivity.real_axis.continue_gap` is exact at all energies.
        """
        energies = np.atleast_1d(validation.reals("energies", energies, low=0.0))
        points = validation.integer("points", points, low=8, high=60)
        broadening = validation.real("broadening", broadening, low=0.0)
        tolerance = validation.positive("tolerance", tolerance)
        targets = energies + 1j * broadening

        def continuation(values, chosen):
            # In i omega, not in its square: the function of the upper half plane has a term linear in omega, from
            # plasmons softer than T, which its mirror image below the axis has with the opposite sign.
            return _pade(1j * self.frequencies[chosen], values[chosen], targets)

        chosen, fewer = self._spread(points), self._spread(points - 4)
        if len(fewer) > len(chosen) - 4:
            # A short grid has no more than these frequencies: the same ones would agree with themselves.
            fewer = chosen[np.rint(np.linspace(0, len(chosen) - 1, max(len(chosen) - 4, 0))).astype(int)]
        gap = continuation(self.gap, chosen)
        spread = np.abs(gap - continuation(self.gap, fewer)) if len(fewer) >= 4 else np.full(len(gap), np.inf)
        # Sets that reach as far agree on what none of them resolves; the first frequencies in a row do not.
        row = np.arange(len(chosen))
        if not np.array_equal(row, chosen):
            spread = np.maximum(spread, np.abs(gap - continuation(self.gap, row)))
        valid = spread <= tolerance * abs(self.gap[0])
        return Continuation(gap, continuation(self.renormalisation, chosen), spread, valid)

    def _spread(self, count):
        """Positions on the grid of about `count` frequencies in geometric order."""
        # Beyond, the functions are constant to the accuracy of the grid.
        last = int(np.searchsorted(self.frequencies, self.frequencies[-1] / 64))
        wanted = np.linspace(0, math.log(self.indices[last] + 1), 4 * count)
        near = np.unique(np.searchsorted(self.indices, np.expm1(wanted)))
        return near[np.unique(np.rint(np.linspace(0, len(near) - 1, min(count, len(near)))).astype(int))]

    @checked
    def edge(self, points: int = 24) -> float:
        r"""Gap edge :math:`\Delta_0 = \mathrm{Re}\,\Delta(\Delta_0)` from the Padé continuation.

        Parameters
        ----------
        points : int
            As in `continued`.

        Returns
        -------
        float

        Raises
        ------
        NotConverged
            If the continuation is not valid there, or has no edge from half to twice the lowest gap.
        """
        guess = self.gap[0]

        def difference(energy):
            return float(self.continued([energy], points).gap[0].real - energy)

        low, high = 0.5 * guess, 2.0 * guess
        if difference(low) * difference(high) > 0:
            raise NotConverged(f"the Padé continuation has no gap edge from {low:.3g} to {high:.3g}")
        edge = root_scalar(difference, bracket=(low, high), method="brentq", xtol=1e-10 * guess).root
        if not self.continued([edge], points).valid[0]:
            raise NotConverged(f"the Padé continuation cannot be trusted at the gap edge that it has at {edge:.3g}")
        return edge


@checked
def gap_function(
    spectrum: CouplingSpectrum,
    temperature: float,
    *,
    coulomb: float = 0.0,
    fermi: float | None = None,
    order: int = 12,
    tolerance: float = 1e-10,
) -> GapFunction:
    """Solve the Eliashberg equations below T_c by Newton's method.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    temperature : float
        k_B T in omega_D, below T_c.
    coulomb : float
        mu >= 0.
    fermi : float, optional
        Fermi energy in omega_D; needed if `coulomb` is not 0.
    order : int
        Points per panel, from 6 to 14.
    tolerance : float
        Of the residual relative to the largest gap.

    Returns
    -------
    GapFunction

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, or the temperature is not below T_c.

    Examples
    --------
    >>> from ehbilayer.superconductivity.coupling import CouplingSpectrum
    >>> state = gap_function(CouplingSpectrum.einstein(1.0), 0.02)
    >>> state.converged, f"{state.edge():.4f}"
    (True, '0.2424')
    """
    order = validation.integer("order", order, low=6, high=14)
    spectrum, coulomb, fermi, order = checked_problem(spectrum, coulomb, fermi, order)
    temperature = validation.real("temperature", temperature, low=1e-12, high=1e3)
    tolerance = validation.real("tolerance", tolerance, low=1e-13, high=1e-2)
    problem = Problem(spectrum, coulomb, fermi, temperature, order)
    value, shape = leading(problem)
    response = problem.response
    shape = shape + response @ shape
    # Delta_inf = response @ (f - Delta_inf) solved for it, f being the gap over sqrt(1 + (Delta/omega)^2).
    tail = response / (1 + response.sum())
    plus = problem.plus + np.outer(problem.constant - problem.plus.sum(axis=1), tail)
    if value <= 1:
        raise ValueError(f"temperature = {temperature!r} is not allowed: need a temperature below T_c")
    omega = problem.odd * math.pi * temperature
    # From above: with a large gap the iteration cannot fall onto the trivial solution.
    delta = shape / shape[0] * 2.0 * max(math.pi * temperature, allen_dynes(spectrum, 0.0))
    for _ in range(100):
        root = np.hypot(omega, delta)
        f, slope = delta * omega / root, (omega / root) ** 3
        z = (problem.normal - problem.minus @ (1 - omega / root)) / problem.odd
        residual = delta * z - plus @ f
        size = np.abs(residual).max() / np.abs(delta).max()
        if size < tolerance:
            break
        dz = problem.minus * (-omega * delta / root**3) / problem.odd[:, None]
        jacobian = np.diag(z) + delta[:, None] * dz - plus * slope
        update = np.linalg.solve(jacobian, residual)
        delta = delta - update * min(1.0, 0.5 * np.abs(delta).max() / np.abs(update).max())
    sign = 1.0 if delta[0] > 0 else -1.0
    return GapFunction(
        temperature, problem.points, omega, sign * delta, z, sign * float(tail @ f), float(size), bool(size < tolerance)
    )


def _pade(nodes, values, targets):
    """Thiele's continued fraction through (nodes, values) at `targets`."""
    table = values.astype(complex)
    coefficients = [table[0]]
    for i in range(1, len(nodes)):
        table = (coefficients[-1] - table[1:]) / ((nodes[i:] - nodes[i - 1]) * table[1:])
        coefficients.append(table[0])
    result = np.zeros_like(targets)
    for i in range(len(nodes) - 1, 0, -1):
        result = coefficients[i] * (targets - nodes[i - 1]) / (1 + result)
    return coefficients[0] / (1 + result)
