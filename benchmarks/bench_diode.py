"""The exciton diode: sums over momentum, maps, field dependence, mean-field points; twins in plain NumPy."""

import numpy as np

from benchmarks.timing import Case
from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.ginzburg_landau import coefficient_map
from ehbilayer.diode.mean_field_sums import state_sums
from ehbilayer.diode.momentum_cells import MomentumCells
from ehbilayer.diode.momentum_grid import COARSE, FINE, Resolution, momentum_grid
from ehbilayer.diode.momentum_sums import momentum_sums
from ehbilayer.diode.nonreciprocity import diode

SET = dict(E_F=11.6, lam=1.0, J=14.808, convention="literal")
STRONG = dict(E_F=11.6, lam=2.0, J=6.0, B=12.0)
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
        return np.array(momentum_sums(BANDS, grid, 0.2, 0.0, T)).ravel()

    return run, lambda: numpy_sums(BANDS, grid, 0.2, T)


def exponentials(bands, grid, q, temperature):
    """Exponentials of the library's sums at one q: none far above the Fermi level, else one to three a momentum."""
    cosine, sine = grid.half_circle()
    p_x, p_y = grid.p[:, None] * cosine, grid.p[:, None] * sine
    xi_e, xi_h = bands.electron(p_x + q, p_y), bands.hole(-p_x, -p_y)
    s, d = np.abs(xi_e + xi_h) / (2 * temperature), np.abs(xi_e - xi_h) / (2 * temperature)
    return int(np.select([s - d > 40, s < 0.15, s >= d], [0, 1, 3], 2).sum())


def numpy_states(bands, grid, q, temperature, squares):
    """Sums over K(E) and electron currents at several Delta^2, on a product grid with arrays over all momenta."""
    cosine, sine = grid.half_circle()
    p_x, p_y = grid.p[:, None] * cosine, grid.p[:, None] * sine
    xi_e, xi_h = bands.electron(p_x + q, p_y), bands.hole(-p_x, -p_y)
    xi, delta = (xi_e + xi_h) / 2, (xi_e - xi_h) / 2
    root = np.sqrt((bands.lam_e * (p_x + q) + bands.B) ** 2 + (bands.lam_e * p_y) ** 2 + bands.J**2)
    velocity = p_x + q - bands.lam_e * (bands.lam_e * (p_x + q) + bands.B) / root
    weights = grid.weights / grid.angles
    rows = []
    for x in squares:
        E = np.sqrt(xi**2 + x)
        plus, minus = (0.5 - 0.5 * np.tanh((E + s * delta) / (2 * temperature)) for s in (1, -1))
        K = (1 - plus - minus) / (2 * E) - grid.counter[:, None]
        # 1 - xi/E without cancellation far above the Fermi level
        coherence = np.where(xi > 0, x / (E * (E + np.abs(xi))), 1 - xi / E)
        n_e = 0.5 * (coherence + xi / E * (plus + minus) - minus + plus)
        rows.append([weights @ K.sum(axis=1) - grid.log_start, weights @ (n_e * velocity).sum(axis=1)])
    return np.array(rows)


def mean_field_sums(temperature, q=2.1):
    """K and the current at six Delta^2 in the strong-coupling set: adaptive cells, and a converged product grid."""
    layers = isolated_bands(**STRONG)
    cells = MomentumCells(layers)
    squares = np.array([3.0, 3.1, 3.2, 3.3, 3.35, 3.4])
    grid = momentum_grid(layers, temperature, (q - 0.01, q), resolution=Resolution(angle_factor=1.5))

    def run():
        nodes = cells.nodes((q, 0.0), temperature, [squares[0], squares[-1]], 1e-12)
        states = [state_sums(nodes.table, temperature, x) for x in squares]
        return np.array([[state.K - nodes.log_start, state.electron_x] for state in states])

    return run, lambda: numpy_states(layers, grid, q, temperature, squares)


def cases():
    """All timed cases."""
    coupling = coupling_at_T_c(BANDS)
    x, y = np.linspace(-0.3, 0.7, 101), np.linspace(-0.5, 0.5, 101)
    fields = np.linspace(0, 12, 41)
    listed = []
    for name, resolution, goal in (
        ("α and β at one q, 10⁻⁷", Resolution(order=8, angle_factor=0.7), 0.3),
        ("α and β at one q, 10⁻⁸", COARSE, 1.5),
        ("α and β at one q, default", FINE, 1.5),
    ):
        run, twin = one_momentum(resolution)
        listed.append(Case(name, run, twin, goal_ms=goal))
    for temperature in (0.9, 0.1, 0.05):
        run, twin = mean_field_sums(temperature)
        listed.append(Case(f"mean-field sums at one q, six Δ, {temperature} T_c", run, twin))
    listed += [
        Case(
            "maps of 101 x 101 momenta",
            lambda: coefficient_map(BANDS, x, y, T=T, coupling=coupling).alpha.values,
            goal_ms=300.0,
        ),
        Case(
            "eta at 41 fields",
            lambda: [diode(**SET, B=float(b), T=T).efficiency for b in fields],
            goal_ms=3000.0,
            once=True,
        ),
    ]
    for name, layers, temperatures in (
        ("", {**SET, "B": 3.0}, (0.9, 0.3, 0.05)),
        ("strong coupling, ", STRONG, (0.9, 0.1, 0.05)),
    ):
        for temperature in temperatures:
            listed.append(
                Case(
                    f"mean-field critical currents, {name}{temperature} T_c",
                    lambda layers=layers, temperature=temperature: (
                        diode(**layers, T=temperature, theory="mean-field").efficiency
                    ),
                    goal_ms=1000.0,
                    # The first one loads the kernels of all.
                    once=temperature < 0.5,
                )
            )
    return listed


__all__ = ["cases", "exponentials", "mean_field_sums", "numpy_kernels", "numpy_states", "numpy_sums", "one_momentum"]
