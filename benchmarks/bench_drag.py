"""Frictional drag: points with every way of screening, the Rashba layer's coefficients, a map of the drag ratio."""

import numpy as np
from scipy.special import expit

from benchmarks.timing import Case
from ehbilayer.device import Device, device_ladder
from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients, drag_map, linear, nonlinear
from ehbilayer.drag.frequency_sums import frequency_edges, static_sums
from ehbilayer.drag.holes_table import CUT, momenta, occupation_table
from ehbilayer.drag.rates import kept_static, kept_sums
from ehbilayer.model import lindhard

POINT = {
    "T": 10.0,
    "E_F_e": 10.0,
    "E_F_h": 10.0,
    "m_e": 0.2,
    "m_h": 0.2,
    "d": 20.0,
    "eps_r": 5.0,
    "estimate_error": False,
}
RASHBA_MAP = {
    "T": np.linspace(5, 43, 20),
    "d": np.linspace(10, 48, 20),
    "lam": 50.0,
    "J": 10.0,
    "B": 2.585,
    "order": 6,
    "angles": 4,
    "executor": "processes",
}


def transverse_grid():
    """Layer, wave numbers, mean and transverse momenta of the holes' tables."""
    holes = ParabolicLayer(0.2, 10, 10)
    grid = nonlinear.make_grid(
        RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585), holes, d=20.0, order=8, angles=8, spacing=0.01
    )
    q = grid.panels.nodes
    table = occupation_table(q, holes)
    p_max = table.p_max
    k = momenta(holes, cut=CUT, per_strip=1.0)[2]
    return holes, q, np.linspace(-p_max, p_max, table.values.shape[1]), k


def transverse_exponentials():
    """Exponentials that the holes' tables need: two wherever both occupations differ from 0 and 1 to rounding."""
    holes, q, p, k = transverse_grid()
    c, T = holes.curvature, holes.thermal_energy
    low, high = (0.5 * c * ((p[:, None] + s * q[:, None, None] / 2) ** 2 + k**2) - holes.E_F for s in (-1, 1))
    return 2 * int(np.count_nonzero((np.abs(low) + np.abs(high)) / T <= 2 * CUT + 8))


def transverse_sums():
    """The holes' tables: the kernel against one array expression in NumPy."""
    holes, q, p, k = transverse_grid()
    c, T = holes.curvature, holes.thermal_energy

    def twin():
        low, high = (0.5 * c * ((p[:, None] + s * q[:, None, None] / 2) ** 2 + k**2) - holes.E_F for s in (-1, 1))
        before, after = expit(-low / T), expit(-high / T)
        weight = np.sqrt(before * expit(low / T) * after * expit(high / T)) * np.where(k == 0, 0.5, 1.0)
        weight *= (2 * k[1] / (4 * np.pi**2 * c * q))[:, None, None]
        parts = [weight, weight * before, weight * after, weight * before * k**2, weight * after * k**2]
        return np.array([part.sum() for part in parts])

    return lambda: occupation_table(q, holes).values.sum(axis=(0, 1)), twin


def omega_sums():
    """The omega integrals of the parabolic drag: the kernel against panels with NumPy, over whole arrays of omega."""
    layer = ParabolicLayer(0.2, 10, 10)
    q = linear.wave_numbers(layer, layer, 20.0, 8).nodes
    numbers = lindhard.Parabola.of(layer)
    nodes, weights = np.polynomial.legendre.leggauss(8)

    def run():
        return static_sums(layer, layer, q, 8)

    def twin():
        out = np.empty(q.size)
        for i, x in enumerate(q):
            edges = frequency_edges(numbers, numbers, x)
            half = 0.5 * np.diff(edges)[:, None]
            omega = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * nodes).reshape(-1)
            s = lindhard.spectral(layer, x, omega) ** 2
            out[i] = 2 * (half * weights).reshape(-1) @ (s / (4 * np.sinh(omega / (2 * layer.thermal_energy)) ** 2))
        return out

    return run, twin


def rashba_point(**options):
    """All coefficients from nothing: the sums kept from earlier calls are dropped."""

    def run():
        kept_sums.cache_clear()
        kept_static.cache_clear()
        c = drag_coefficients(**POINT, lam=50.0, J=10.0, B=2.585, **options)
        return np.array([c.tau_D1, c.tau_D2, c.K11, c.K12, c.K22])

    return run


def rashba_ladder():
    """Drag ratio by repeated scattering at one temperature."""
    return device_ladder(Device(), 15.0, order=4, angles=6).drag(1e-9).ratio


def ratio_map(**options):
    """zeta at 20 temperatures, 20 spacings and 4 densities; the sums of a pair of T and n serve all spacings."""

    def run():
        axes = {"T": np.linspace(2, 40, 20), "d": np.linspace(5, 43, 20), "density": [2e11, 4e11, 6e11, 8e11]}
        return drag_map(**axes | options).zeta.values

    return run


def cases():
    """What `python -m benchmarks drag` times."""
    return [
        Case("drag: holes' tables", *transverse_sums()),
        Case("drag: omega sums", *omega_sums()),
        *(
            Case(
                f"drag: parabolic layers, {name}",
                lambda kind=kind: drag_coefficients(**POINT, lam=0.0, screening=kind).tau_D1,
                goal_ms=goal,
            )
            for kind, name, goal in (
                ("thomas-fermi", "Thomas–Fermi", 20.0),
                ("static-rpa", "static RPA", 60.0),
                ("dynamic-rpa", "dynamic RPA", 1000.0),
            )
        ),
        Case("drag: Rashba layer, Thomas–Fermi", rashba_point(), goal_ms=1000.0),
        Case("drag: Rashba layer, static RPA", rashba_point(screening="static-rpa"), goal_ms=5000.0),
        Case("drag: Rashba layer, dynamic RPA", rashba_point(screening="dynamic-rpa")),
        Case("drag: ladder of the Rashba layer", rashba_ladder, goal_ms=10000.0),
        Case("drag: 20 x 20 x 4 map of zeta", ratio_map(), goal_ms=30000.0),
        Case("drag: 20 x 20 x 4 map of zeta, Rashba layer", ratio_map(**RASHBA_MAP), goal_ms=30000.0, once=True),
    ]
