import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from ehbilayer.model.uniform_gas import uniform_gas_energy


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
