r"""The uniform two-dimensional electron gas: Hartree-Fock energies, and the correlation energy of quantum Monte Carlo.

Attaccalite, Moroni, Gori-Giorgi and Bachelet (Phys. Rev. Lett. 88, 256601, 2002) fitted theirs for any polarisation
zeta by

.. math:: \varepsilon_c = \alpha_0 + \alpha_1\zeta^2 + \alpha_2\zeta^4 + (e^{-\beta r_s} - 1)\,\varepsilon_x^{(6)},
   \quad \alpha_i = A_i + (B_ir_s + C_ir_s^2 + D_ir_s^3)\ln\Bigl[1 +
   \frac{1}{E_ir_s + F_ir_s^{3/2} + G_ir_s^2 + H_ir_s^3}\Bigr], \quad D_i = -A_iH_i ,

with the orders of the exchange energy from zeta^6 on in the last term of the first. The numbers are those of the libxc
library (``lda_c_2d_amgb``).
"""

import math

from ehbilayer import validation
from ehbilayer.checked import checked

__all__ = ["correlation_energy", "local_field_slope", "uniform_gas_energy"]

# Columns alpha_0, alpha_1, alpha_2; rows A, B, C, E, F, G, H.
_FIT = (
    (-0.1925, 0.117331, 0.0234188),
    (0.0863136, -3.394e-2, -0.037093),
    (0.0572384, -7.66765e-3, 0.0163618),
    (1.0022, 0.4133, 1.424301),
    (-0.02069, 0.0, 0.0),
    (0.33997, 6.68467e-2, 0.0),
    (1.747e-2, 7.799e-4, 1.163099),
)
_BETA = 1.3386


@checked
def uniform_gas_energy(r_s: float, spin: int = 1) -> tuple[float, float]:
    """Kinetic and exchange energy per carrier of the uniform gas.

    ``1/(s r_s^2)`` and ``-8/(3 pi sqrt(s) r_s)`` for s equally filled spin components: averages over the Fermi
    disc of k^2/2 and of half the exchange self-energy (Giuliani and Vignale, chapter 1).

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius, > 0.
    spin : int
        Spin components: 1 polarised, 2 unpolarised.

    Returns
    -------
    kinetic, exchange : float
        In Ha.

    Examples
    --------
    >>> [f"{value:.10f}" for value in uniform_gas_energy(1.0)]
    ['1.0000000000', '-0.8488263632']
    >>> [f"{value:.10f}" for value in uniform_gas_energy(1.0, spin=2)]
    ['0.5000000000', '-0.6002108774']
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e6)
    spin = validation.integer("spin", spin, low=1, high=2)
    return 1 / (spin * r_s**2), -8 / (3 * math.pi * math.sqrt(spin) * r_s)


@checked
def correlation_energy(r_s: float, spin: int = 1) -> float:
    """Correlation energy per carrier from quantum Monte Carlo, by the fit of the module's head.

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius, from 1e-3 to 1e3.
    spin : int
        Spin components: 1 polarised, 2 unpolarised.

    Returns
    -------
    float
        In Ha.

    Examples
    --------
    >>> f"{correlation_energy(1.0, spin=2):.4f} {correlation_energy(1.0):.4f}"
    '-0.1105 -0.0254'
    """
    r_s = validation.real("r_s", r_s, low=1e-3, high=1e3)
    polarised = validation.integer("spin", spin, low=1, high=2) == 1
    alphas = [_alpha(r_s, *column) for column in zip(*_FIT, strict=True)]
    if not polarised:
        return alphas[0]
    # Exchange energy of the polarised gas over that of the unpolarised one, less the orders of zeta below the sixth.
    high_orders = -4 * math.sqrt(2) / (3 * math.pi * r_s) * (math.sqrt(2) - 1 - 3 / 8 - 3 / 128)
    return sum(alphas) + math.expm1(-_BETA * r_s) * high_orders


@checked
def local_field_slope(r_s: float, spin: int = 1) -> float:
    r"""Slope of the static local field G(q) at q = 0, by the compressibility sum rule.

    :math:`G = \frac{r_s^3}{8}(\varepsilon_{xc}' - r_s\varepsilon_{xc}'')\,q` with q in inverse Bohr radii and the
    exchange and correlation energy per carrier in hartree (Giuliani and Vignale, chapter 5).

    Parameters
    ----------
    r_s : float
        Wigner-Seitz radius, from 0.01 to 100.
    spin : int
        Spin components: 1 polarised, 2 unpolarised.

    Returns
    -------
    float
        In Bohr radii.

    Examples
    --------
    >>> f"{local_field_slope(2.0, spin=2):.3f}"
    '0.491'
    """
    r_s = validation.real("r_s", r_s, low=1e-2, high=1e2)

    def energy(x: float) -> float:
        return uniform_gas_energy(x, spin)[1] + correlation_energy(x, spin)

    h = 1e-3 * r_s
    below, here, above = (energy(r_s + shift) for shift in (-h, 0.0, h))
    slope, bend = (above - below) / (2 * h), (above - 2 * here + below) / h**2
    return r_s**3 / 8 * (slope - r_s * bend)


def _alpha(r_s, A, B, C, E, F, G, H):
    inside = E * r_s + F * r_s**1.5 + G * r_s**2 + H * r_s**3
    return A + (B * r_s + C * r_s**2 - A * H * r_s**3) * math.log1p(1 / inside)
