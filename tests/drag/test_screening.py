import numpy as np
import pytest

from ehbilayer.drag.screening import interlayer_interaction
from ehbilayer.units import COULOMB


def test_interaction():
    q = np.array([0.01, 0.1, 1.0])
    bare = 2 * np.pi * COULOMB / (5 * q)
    np.testing.assert_allclose(interlayer_interaction(q, 20, 5), bare * np.exp(-20 * q), rtol=1e-14)
    # The matrix form: U is the off-diagonal element of (1 + V chi)^-1 V.
    chi = np.array([3e-4, 5e-4 + 1e-4j])
    for x, v in zip(q, bare, strict=True):
        V = v * np.array([[1, np.exp(-20 * x)], [np.exp(-20 * x), 1]])
        assert interlayer_interaction(x, 20, 5, *chi) == pytest.approx(
            np.linalg.solve(np.eye(2) + V @ np.diag(chi), V)[0, 1], rel=1e-12
        )
    with pytest.raises(ValueError, match=r"d = -1 is not allowed"):
        interlayer_interaction(0.1, -1, 5)
    with pytest.raises(ValueError, match=r"q = 0.0 is not allowed"):
        interlayer_interaction(0.0, 1, 5)
