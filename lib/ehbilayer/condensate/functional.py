"""The BCS functional of electron-hole pairs and its self-consistent minimum.

With n = sin^2 theta and s = sin 2 theta, the energy per pair (S3 of paper A, without -2 mu N) is

    E = sum_i w_i [t_i n_i - n_i (X n)_i - s_i (P s)_i/4],      sum_i w_i n_i = 1,

t the kinetic energy of a pair, X and P the matrices of sum_k' V0(k - k') and sum_k' V1(k - k'). Its
stationary points obey xi s = Delta cos 2 theta with xi = t - 2 mu - 2 X n and Delta = P s, that is

    n = (1 - xi/R)/2,   s = Delta/R,   R = sqrt(xi^2 + Delta^2).

The radial and the finite grid differ in w, t, X and P alone. All energies in Ha_h.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from ehbilayer.compilation import kernel


@dataclass(frozen=True, eq=False)
class PairFunctional:
    """Discretised functional.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Weight w of each point per pair.
    kinetic : ndarray, shape (n,)
        Kinetic energy t of an electron and a hole, Ha_h.
    exchange, pairing, pairing_slope : ndarray, shape (n, n)
        X, P and -dP/dd, in Ha_h and Ha_h/a_h.
    """

    weights: np.ndarray
    kinetic: np.ndarray
    exchange: np.ndarray
    pairing: np.ndarray
    pairing_slope: np.ndarray

    def parts(self, n, s):
        """Kinetic, exchange and pairing energy per pair (Ha_h), and dE/dd (Ha_h/a_h)."""
        w = self.weights
        return (
            float(w @ (self.kinetic * n)),
            -float((w * n) @ (self.exchange @ n)),
            -0.25 * float((w * s) @ (self.pairing @ s)),
            0.25 * float((w * s) @ (self.pairing_slope @ s)),
        )

    def fields(self, n, s):
        """Self-energy X n and gap function P s, stacked, shape (2, n)."""
        return np.stack([self.exchange @ n, self.pairing @ s])

    def fill(self, fields, guess):
        """2 mu at which one pair is present, and n, s, R there."""
        return _fill(self.kinetic - 2 * fields[0], np.ascontiguousarray(fields[1]), self.weights, guess)


@dataclass(frozen=True, eq=False)
class Solution:
    """Fixed point of the self-consistency map.

    Attributes
    ----------
    chemical_potential : float
        2 mu in Ha_h.
    occupation, sine, excitation : ndarray, shape (n,)
        n, s = sin 2 theta, and R in Ha_h.
    fields : ndarray, shape (2, n)
    residual : float
        Largest change of the fields in one more iteration, each relative to its own maximum.
    iterations : int
    converged : bool
    """

    chemical_potential: float
    occupation: np.ndarray
    sine: np.ndarray
    excitation: np.ndarray
    fields: np.ndarray
    residual: float
    iterations: int
    converged: bool


def solve(functional, fields, *, tolerance, max_iterations, history=8):
    """Iterate the stationarity condition with Anderson mixing.

    Parameters
    ----------
    functional : PairFunctional
    fields : ndarray, shape (2, n)
        Start; the gap function must not vanish.
    tolerance : float
        Bound on the residual.
    max_iterations : int
    history : int
        Earlier iterates that enter a step; 0 is plain iteration.

    Returns
    -------
    Solution
        With ``converged`` False where `max_iterations` did not suffice.
    """
    x = fields
    steps, changes = deque(maxlen=history), deque(maxlen=history)
    last = None
    guess = float(functional.kinetic[0] - 2 * fields[0, 0])
    for iteration in range(1, max_iterations + 1):
        guess, n, s, r = functional.fill(x, guess)
        image = functional.fields(n, s)
        scale = np.abs(image).max(axis=1, keepdims=True)
        difference = image - x
        residual = float((np.abs(difference) / scale).max())
        if residual <= tolerance:
            break
        # Both fields enter the least-squares problem relative to their size.
        flat = (difference / scale).reshape(-1)
        if last is not None:
            steps.append(x - last[0])
            changes.append(difference - last[1])
        last = (x, difference)
        new = x + difference
        if changes:
            matrix = np.stack([(c / scale).reshape(-1) for c in changes], axis=1)
            mix = np.linalg.lstsq(matrix, flat, rcond=1e-12)[0]
            new = new - sum(m * (a + b) for m, a, b in zip(mix, steps, changes, strict=True))
        # V1 > 0 makes the gap function of the ground state positive; an extrapolation that is not has gone astray.
        if not new[1, np.argmax(image[1])] > 0:
            new = image
            steps.clear()
            changes.clear()
            last = None
        x = new
    return Solution(guess, n, s, r, x, residual, iteration, residual <= tolerance)


@kernel
def _fill(level, gap, weights, guess):
    """Chemical potential of one pair by Newton steps inside a bracket; level = t - 2 X n."""
    n, s, r = np.empty_like(level), np.empty_like(level), np.empty_like(level)
    low, high = -np.inf, np.inf
    reach = max(gap.max(), 1e-300)
    two_mu = guess
    for _ in range(400):
        total, slope = 0.0, 0.0
        for i in range(len(level)):
            xi = level[i] - two_mu
            r[i] = np.sqrt(xi * xi + gap[i] * gap[i])
            # The form without cancellation keeps the tail of a dilute gas.
            small = 0.5 * gap[i] * gap[i] / (r[i] * (r[i] + abs(xi))) if r[i] > 0 else 0.5
            n[i] = small if xi > 0 else 1.0 - small
            s[i] = gap[i] / r[i] if r[i] > 0 else 0.0
            total += weights[i] * n[i]
            slope += weights[i] * 0.5 * gap[i] * s[i] / (r[i] * r[i]) if r[i] > 0 else 0.0
        error = total - 1.0
        if error > 0:
            high = min(high, two_mu)
        else:
            low = max(low, two_mu)
        if abs(error) < 1e-14:
            break
        step = -error / slope if slope > 0 else np.inf
        new = two_mu + step
        if np.isinf(low):
            new = max(new, two_mu - reach) if error > 0 and np.isfinite(new) else two_mu - reach
            reach *= 2
        elif np.isinf(high):
            new = min(new, two_mu + reach) if np.isfinite(new) else two_mu + reach
            reach *= 2
        elif not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - two_mu) <= 4e-16 * abs(two_mu):
            break
        two_mu = new
    return two_mu, n, s, r
