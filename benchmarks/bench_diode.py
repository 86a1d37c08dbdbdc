"""The exciton diode: sums over momentum, maps, field dependence, mean-field points; twins in plain NumPy."""

import numpy as np

from benchmarks.timing import Case
from ehbilayer import ginzburg_landau as gl
from ehbilayer import mean_field as mf
from ehbilayer.bands import isolated_bands
from ehbilayer.diode import diode
from ehbilayer.momentum_grid import COARSE, FINE, Resolution, momentum_grid

SET = dict(E_F=11.6, lam=1.0, J=14.808, convention="literal")
BANDS = isolated_bands(**SET, B=3.0)
T = 0.9


def numpy_kernels(xi, delta, temperature=1.0):
    """K and G with np.where instead of branches; good where xi is not small."""
    s, d = np.abs(xi) / temperature, np.abs(delta) / temperature
    plus, minus = np.exp(-(s + d)), np.exp(-np.abs(s - d))
    product = 1 / ((1 + plus) * (1 + minus))
    R = np.where(s >= d, -np.expm1(-2 * s), minus - plus) * product
    slope = plus / (1 + plus) ** 2 + minus / (1 + minus) ** 2
    return R / (2 * s * temperature), (R - s * slope) / (4 * s**3 * temperature**3)


def numpy_sums(bands, grid, q, temperature):
    """The library's sums on its grid at q along x, with arrays over all momenta."""
    cosine, sine = grid.half_circle()
    p_x, p_y = grid.p[:, None] * cosine, grid.p[:, None] * sine
    xi_e, xi_h = bands.electron(p_x + q, p_y), bands.hole(-p_x, -p_y)
    K, G = numpy_kernels((xi_e + xi_h) / 2, (xi_e - xi_h) / 2, temperature)
    weights = grid.weights / grid.angles
    return np.array([weights @ (K - grid.counter[:, None]).sum(axis=1) - grid.log_start, weights @ G.sum(axis=1)])


def one_momentum(resolution):
    """alpha's and beta's sums at one q: kernel and twin on the same grid."""
    grid = momentum_grid(BANDS, T, (-0.4, 0.8), resolution=resolution)

    def run():
        return np.array(gl._evaluate(BANDS, grid, 0.2, 0.0, T)).ravel()

    return run, lambda: numpy_sums(BANDS, grid, 0.2, T)


def mean_field_state(temperature=0.9, q=0.43, **bands):
    """dOmega/dDelta^2 at given Delta: kernel and twin on the same grid."""
    layers = isolated_bands(**{**SET, "B": 3.0, **bands})
    grid = momentum_grid(layers, temperature, (-0.4, 0.8), resolution=FINE)
    circle, x = grid.half_circle(), 0.6
    numbers = (layers.lam_e, layers.lam_h, layers.B, layers.J, layers.mu_e, layers.mu_h)

    def run():
        sums = mf._slope_sums(grid.p, grid.weights, grid.counter, *circle, q, 0.0, temperature, x, *numbers)
        return np.array(sums)

    def twin():
        cosine, sine = circle
        p_x, p_y = grid.p[:, None] * cosine, grid.p[:, None] * sine
        xi_e, xi_h = layers.electron(p_x + q, p_y), layers.hole(-p_x, -p_y)
        K, G = numpy_kernels(np.sqrt(((xi_e + xi_h) / 2) ** 2 + x), (xi_e - xi_h) / 2, temperature)
        weights = grid.weights / grid.angles
        return np.array([weights @ (K - grid.counter[:, None]).sum(axis=1), weights @ G.sum(axis=1)])

    return run, twin


def cases():
    """All timed cases."""
    coupling = gl.coupling_at_T_c(BANDS)
    x, y = np.linspace(-0.3, 0.7, 101), np.linspace(-0.5, 0.5, 101)
    fields = np.linspace(0, 12, 41)
    listed = []
    for name, resolution, goal in (
        ("alpha and beta at one q, 1e-7", Resolution(order=8, angle_factor=0.7), 0.3),
        ("alpha and beta at one q, 1e-8", COARSE, 1.5),
        ("alpha and beta at one q, default", FINE, 1.5),
    ):
        run, twin = one_momentum(resolution)
        listed.append(Case(name, run, twin, goal_ms=goal))
    run, twin = mean_field_state()
    listed.append(Case("gap equation at one q and Delta", run, twin))
    listed += [
        Case("maps of 101 x 101 momenta", lambda: gl.coefficient_map(BANDS, x, y, T=T, coupling=coupling).alpha.values, goal_ms=300.0),
        Case("eta at 41 fields", lambda: [diode(**SET, B=float(b), T=T).efficiency for b in fields], goal_ms=3000.0),
    ]
    for temperature in (0.9, 0.3, 0.05):
        listed.append(
            Case(
                f"mean-field critical currents at {temperature} T_c",
                lambda temperature=temperature: diode(**SET, B=3.0, T=temperature, theory="mean-field").efficiency,
                goal_ms=1000.0,
            )
        )
    return listed


__all__ = ["cases", "mean_field_state", "numpy_kernels", "numpy_sums", "one_momentum"]
