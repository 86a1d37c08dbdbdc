import itertools

import numpy as np
import pytest
from scipy.integrate import quad

from ehbilayer.numerics.fermi_integral import fermi_integral


@pytest.mark.parametrize("eta", [-50.0, -36.0, -3.3, 0.0, 0.5, 7.0, 63.99, 64.0, 64.01, 300.0])
def test_fermi_integral(eta):
    edge = np.sqrt(max(eta, 0.0))
    points = sorted({0.0, max(edge - 4, 0), edge, edge + 1, edge + 8})
    exact = 2 * sum(
        quad(lambda x: 1 / (1 + np.exp(x * x - eta)), a, b, epsabs=0, epsrel=1e-13)[0]
        for a, b in itertools.pairwise(points)
    )
    assert fermi_integral(eta) == pytest.approx(exact, rel=2e-12)
