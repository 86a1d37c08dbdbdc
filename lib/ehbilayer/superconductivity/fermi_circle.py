"""Quadrature over the scattering angle on the Fermi circle."""

import math

import numpy as np

from ehbilayer import validation
from ehbilayer.compilation import kernel
from ehbilayer.numerics.exponential import exponentials, exponentials_less_one
from ehbilayer.numerics.quadrature import gauss_legendre

#: Treatments of momentum transfers outside the first zone; see `coupling_constant`.
UMKLAPP = ("frozen", "folded", "projected", "none")

#: Exponent beyond which a factor is left out: exp(-40) is below the last digit of the integrals.
EXPONENT = 40.0

#: Nodes of each integral over theta, and over the orientation of the crystal.
ORDER = 32
NODES, WEIGHTS = (0.5 * (gauss_legendre(ORDER)[0] + 1), 0.5 * gauss_legendre(ORDER)[1])


def checked_arguments(r_s, alpha, beta):
    return (
        validation.reals("r_s", r_s, low=1e-12, high=1e12),
        validation.reals("alpha", alpha, low=1e-12, high=1e12),
        validation.reals("beta", beta, low=0.0),
    )


def like(result, *arguments):
    """A float if every argument is a plain number, else an array."""
    if all(np.ndim(argument) == 0 and not isinstance(argument, np.ndarray) for argument in arguments):
        return float(result)
    return np.asarray(result)


@kernel
def normal_rule(a, c, edge, nodes, weights):
    """sin(theta) and contributions to alpha^2 lambda of the region with q = k~."""
    # With sin(theta) = a (e^t - 1), d theta/(sin + a)^2 = e^-t dt/(a cos(theta)): smooth on the scale 1 in t
    # for every a and c. t = T u^3 makes averages of ln(sin(theta)) converge as fast.
    s, w = np.empty(len(nodes)), np.empty(len(nodes))
    if edge < 1.0:
        top = min(math.log1p(edge / a), EXPONENT)
        if c * a > 0:
            top = min(top, math.log1p(EXPONENT / (c * a)))
        for i in range(len(nodes)):
            s[i] = top * nodes[i] ** 3
        exponentials_less_one(s)
        for i in range(len(nodes)):
            s[i] *= a
            w[i] = -c * s[i]
        exponentials(w)
        for i in range(len(nodes)):
            slope = 3 * a * a / math.pi * top * nodes[i] ** 2 * weights[i] / (s[i] + a)
            w[i] *= slope / math.sqrt(1 - s[i] * s[i])
        return s, w
    # The same substitution for theta itself: cos(theta) does not appear.
    top = min(math.log1p(0.5 * math.pi / a), EXPONENT)
    if c * a > 0:
        top = min(top, math.log1p(0.5 * math.pi * EXPONENT / (c * a)))
    for i in range(len(nodes)):
        u = nodes[i]
        t = top * u**3
        theta = a * math.expm1(t)
        x = math.sin(theta)
        s[i] = x
        w[i] = 3 * a**3 / math.pi * top * u**2 * weights[i] * math.exp(t - c * x) / (x + a) ** 2
    return s, w
