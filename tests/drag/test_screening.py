import numpy as np
import pytest

from ehbilayer.drag.screening import hubbard, interlayer_interaction
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


def test_local_field():
    """The matrix form again, with V (1 - G) where a layer's own carriers respond."""
    q = np.array([0.01, 0.1, 1.0])
    chi, density = (3e-4, 5e-4), (4e-3, 7e-3)
    for x in q:
        G = [float(hubbard(x, n, 2)) for n in density]
        v = 2 * np.pi * COULOMB / (5 * x)
        V = v * np.array([[1 - G[0], np.exp(-20 * x)], [np.exp(-20 * x), 1 - G[1]]])
        # The response of the layers to fields in them is off the diagonal -chi_1 U chi_2.
        response = np.linalg.inv(np.linalg.inv(np.diag(chi)) + V)
        expected = -response[0, 1] / (chi[0] * chi[1])
        assert interlayer_interaction(x, 20, 5, *chi, local_fields=(G[0], G[1])) == pytest.approx(expected, rel=1e-10)
    np.testing.assert_allclose(
        interlayer_interaction(q, 20, 5, *chi, local_fields=(0.0, 0.0)),
        interlayer_interaction(q, 20, 5, *chi),
        rtol=1e-12,
    )


def test_hubbard_limits():
    for g in (1, 2, 4):
        k_F = np.sqrt(4 * np.pi * 4e-3)
        assert hubbard(1e5, 4e-3, g) == pytest.approx(1 / g, rel=1e-9)
        assert hubbard(1e-6, 4e-3, g) == pytest.approx(1e-6 / (g * k_F), rel=1e-9)


def test_layers_unstable_with_a_local_field_are_refused():
    with pytest.raises(ValueError, match="local_field = 0.95"):
        interlayer_interaction(0.3, 0.5, 1, 1e-3, 1e-3, (0.95, 0.95))
