"""General adaptive integrators of SciPy on the integrals of the book, with the tolerance that our rules have."""

import math

import numpy as np
from scipy.integrate import cubature, quad

from benchmarks.bench_diode import BANDS, T
from benchmarks.bench_drag import POINT
from benchmarks.timing import Case
from ehbilayer.diode import momentum_sums as diode_sums
from ehbilayer.diode.momentum_grid import momentum_grid
from ehbilayer.diode.pair_kernels import pair_kernels
from ehbilayer.drag import ParabolicLayer, drag_coefficients
from ehbilayer.drag.screening import interlayer_interaction
from ehbilayer.model import lindhard
from ehbilayer.superconductivity import pairing
from ehbilayer.units import HBAR

R_S = np.linspace(0.4, 2.0, 9)


def pairing_average():
    """g0 V of Eq. 4 at nine densities: our fixed rule against adaptive quadrature with quad."""
    alpha, d = 0.3, 1.0

    def peer():
        strengths = []
        for r_s in R_S:
            a, c = r_s / math.sqrt(2), 4 * math.sqrt(2) * d / r_s

            def frozen(theta, a=a, c=c):
                s = math.sin(theta)
                return math.exp(-c * s) / (s + a) ** 2

            def beyond(theta, frozen=frozen):
                return 2 * math.sin(theta) ** 2 * frozen(theta)

            total = sum(
                quad(f, low, low + math.pi / 4, epsabs=0, epsrel=1e-11)[0]
                for f, low in ((frozen, 0.0), (beyond, math.pi / 4))
            )
            strengths.append(pairing.coulomb_strength(r_s) - a**2 / math.pi * total / alpha**2)
        return np.array(strengths)

    return lambda: pairing.pairing_strength(R_S, alpha, d / R_S), peer


def momentum_sums(rtol=1e-8):
    """The sums behind alpha and beta at one pair momentum, without a cutoff, in polar coordinates."""
    q = 0.2

    def run():
        return np.array(diode_sums.momentum_sums(BANDS, momentum_grid(BANDS, T, (-0.4, 0.8)), q, 0.0, T)).ravel()

    def integrand(point):
        p, angle = point.T
        p_x, p_y = p * np.cos(angle), p * np.sin(angle)
        xi_e, xi_h = BANDS.electron(p_x + q, p_y), BANDS.hole(-p_x, -p_y)
        K, G = pair_kernels((xi_e + xi_h) / 2, (xi_e - xi_h) / 2, T)
        # The finite part of the logarithm: what is subtracted grows like ln(p)/2 pi.
        return (p / (2 * math.pi**2))[:, None] * np.stack([K - 1 / (p**2 + 1), G], axis=1)

    def peer():
        return cubature(integrand, [0, 0], [np.inf, math.pi], rtol=rtol, atol=0).estimate

    return run, peer


def thomas_fermi_drag(rtol=1e-8):
    """tau_D of two parabolic layers: the double integral over q and omega."""
    layer = ParabolicLayer(POINT["m_e"], POINT["E_F_e"], POINT["T"])

    def integrand(point):
        q, omega = point.T
        U = interlayer_interaction(q, POINT["d"], POINT["eps_r"], layer.compressibility, layer.compressibility)
        overlap = lindhard.spectral(layer, q, omega) ** 2 / (2 * np.sinh(0.5 * omega / layer.thermal_energy)) ** 2
        return 2 * q**3 * np.abs(U) ** 2 * overlap

    def peer():
        top = [2 * layer.fermi_wave_number + 20 / POINT["d"], 60 * layer.thermal_energy]
        total = cubature(integrand, [1e-9, 1e-9], top, rtol=rtol, atol=0).estimate / (4 * math.pi)
        return HBAR * layer.density * layer.thermal_energy / (math.pi * total * layer.curvature) * 1e-12

    return lambda: drag_coefficients(**POINT, lam=0.0, screening="thomas-fermi").tau_D1, peer


def cases():
    """All timed cases; the results must agree to the tolerance that both were asked for."""
    return [
        Case("peer: g0 V at nine densities, quad", *pairing_average(), rtol=1e-9),
        Case("peer: α and β at one q, cubature", *momentum_sums(), rtol=1e-7),
        Case("peer: Thomas-Fermi drag, cubature", *thomas_fermi_drag(), rtol=1e-6),
    ]


__all__ = ["cases", "momentum_sums", "pairing_average", "thomas_fermi_drag"]
