import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy.optimize import brentq

from ehbilayer.model.uniform_gas import correlation_energy, local_field_slope, uniform_gas_energy


def test_uniform_gas_by_integration():
    # Exchange in the Fermi disc: -(1/2) int_0^{2 k_F} V(q) S(q) q dq/(2 pi n), S the overlap of two discs.
    for spin in (1, 2):
        k_F = 2 / math.sqrt(spin)  # r_s = 1

        def overlap(q, k_F=k_F):
            x = q / (2 * k_F)
            return 2 / math.pi * (math.acos(x) - x * math.sqrt(1 - x * x))

        exchange = -0.5 * integrate.quad(lambda q: 2 * math.pi / q * overlap(q) * q / (2 * math.pi), 0, 2 * k_F)[0]
        kinetic = k_F**2 / 4
        assert uniform_gas_energy(1.0, spin) == pytest.approx((kinetic, exchange), rel=1e-8)
    assert uniform_gas_energy(4.0) == pytest.approx((1 / 16, -0.8488263632 / 4), rel=1e-9)


@given(r_s=st.floats(1e-3, 1e3), spin=st.sampled_from([1, 2]))
def test_kinetic_and_exchange_energy_scale_with_the_density(r_s, spin):
    kinetic, exchange = uniform_gas_energy(r_s, spin)
    unit = uniform_gas_energy(1.0, spin)
    assert kinetic > 0 > exchange
    assert (kinetic * r_s**2, exchange * r_s) == pytest.approx(unit, rel=1e-12)


@pytest.mark.parametrize(
    "r_s, spin, message", [(0.0, 1, "r_s = 0.0"), (math.nan, 1, "r_s = nan"), (1.0, 3, "spin = 3")]
)
def test_bad_input_is_refused(r_s, spin, message):
    with pytest.raises(ValueError, match=message):
        uniform_gas_energy(r_s, spin)


def test_correlation_of_the_dense_gas():
    """Rings and second-order exchange (Rajagopal and Kimball): one spin has half the rings and the same exchange."""
    exchange = 0.1144
    rings = -0.1925 - exchange
    assert correlation_energy(1e-3, 2) == pytest.approx(rings + exchange, abs=1e-3)
    assert correlation_energy(1e-3, 1) == pytest.approx(rings / 2 + exchange, abs=3e-4)


def test_dilute_gas_is_polarised_shortly_before_it_crystallises():
    """Attaccalite et al. (2002): the polarised liquid is the lower one beyond r_s = 26."""

    def gain(r_s):
        return (
            sum(uniform_gas_energy(r_s))
            + correlation_energy(r_s)
            - sum(uniform_gas_energy(r_s, 2))
            - (correlation_energy(r_s, 2))
        )

    assert brentq(gain, 5, 35) == pytest.approx(26, abs=0.6)


def test_slope_of_the_local_field():
    """Exchange alone leaves 1/(pi k_F) for two spins and 2/(pi k_F) for one where the gas is dense."""
    for spin in (1, 2):
        k_F = 2 / (0.01 * np.sqrt(spin))
        assert local_field_slope(0.01, spin) * k_F == pytest.approx(2 / (np.pi * spin), rel=3e-3)
    # A classical crystal's energy, -c/r_s, has three halves of the slope per c: the field grows with r_s.
    slopes = [local_field_slope(r_s) / r_s for r_s in (1, 5, 20)]
    assert slopes == sorted(slopes)


@pytest.mark.parametrize("call", [correlation_energy, local_field_slope])
def test_bad_input_of_the_correlated_gas_is_refused(call):
    with pytest.raises(ValueError, match="r_s = 0"):
        call(0.0)
    with pytest.raises(ValueError, match="spin = 3"):
        call(1.0, 3)
