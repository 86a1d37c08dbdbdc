"""Dynamic RPA pairing: response functions, a static potential, quasiparticle weights, limits, convergence, bad input."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from ehbilayer import rpa_pairing
from ehbilayer.plasmon import lindhard, static_interaction
from ehbilayer.rpa_pairing import HOLES, eigenvalue, renormalisation, screened_interaction, transition

POINT = dict(r_s=1.6, d=1.0, mass_ratio=10)


@pytest.mark.parametrize("holes", ["crystal", "liquid"])
def test_static_limit(holes):
    k_f = math.sqrt(2) / 1.6
    q = np.array([0.1, 0.7, 1.5, 2.5])
    expected = static_interaction(q * k_f, **POINT, holes=holes) / (2 * math.pi)
    np.testing.assert_allclose(screened_interaction(q, 0.0, **POINT, holes=holes), expected, rtol=1e-12)


@pytest.mark.parametrize("holes", HOLES)
def test_dynamic_interaction_from_independent_responses(holes):
    """The two-layer formula with `plasmon.lindhard` in atomic units."""
    r_s, d, ratio = 1.6, 1.0, 10
    k_f, fermi = math.sqrt(2) / r_s, 1 / r_s**2
    for q, nu in ((0.3, 0.02), (1.0, 0.5), (2.4, 7.0)):
        v = 2 * math.pi / (q * k_f)
        across = v * math.exp(-q * k_f * d)
        electrons = lindhard(q * k_f, 1j * nu * fermi, r_s=r_s).real
        if holes == "crystal":
            other = -((q * k_f) ** 2) / (math.pi * r_s**2 * ratio * (nu * fermi) ** 2)
        elif holes == "liquid":
            other = lindhard(q * k_f, 1j * nu * fermi, r_s=r_s, degeneracy=1, mass=ratio).real
        else:
            other = 0.0
        # The electron line dressed by the holes, then screened by the electrons themselves.
        effective = v + across**2 * other / (1 - v * other)
        expected = effective / (1 - effective * electrons) / (2 * math.pi)
        assert screened_interaction(q, nu, **POINT, holes=holes) == pytest.approx(expected, rel=1e-10)


def test_bare_interaction_at_high_frequency_and_large_distance():
    for holes in HOLES:
        assert screened_interaction(1.0, 1e8, **POINT, holes=holes) == pytest.approx(1.6 / math.sqrt(2), rel=1e-6)
    alone, far = (screened_interaction(0.7, 0.3, r_s=1.6, d=50.0, mass_ratio=10, holes=h) for h in ("none", "liquid"))
    assert alone == pytest.approx(far, rel=1e-12)
    assert eigenvalue(0.1, r_s=1.6, d=60.0, holes="liquid") == pytest.approx(eigenvalue(0.1, r_s=1.6, d=1.0, holes="none"), rel=1e-4)


# G_0 W_0 in RPA, two dimensions: table 8.6 of Giuliani and Vignale (2005) has 0.66 and 0.52.
@pytest.mark.parametrize(("r_s", "weight"), [(1.0, 0.662), (2.0, 0.519)])
def test_quasiparticle_weight_of_the_electron_gas(r_s, weight):
    assert 1 / renormalisation(1e-3, r_s=r_s, d=1.0, holes="none") == pytest.approx(weight, abs=2e-3)


def test_angular_average():
    """Against adaptive quadrature, off the diagonal; on it the average over the cell."""
    momenta, _, widths = rpa_pairing._momenta(1, 6)
    bilayer = (1.6, 1.0, 10.0, 1)
    grid, table = rpa_pairing._table(bilayer, 1, 6)
    n = int(np.searchsorted(grid, 0.1))
    for i, j in ((5, 40), (len(momenta) - 4, 30), (8, 12)):
        def integrand(angle):
            q = math.sqrt(momenta[i] ** 2 + momenta[j] ** 2 - 2 * momenta[i] * momenta[j] * math.cos(angle))
            return screened_interaction(q, float(grid[n]), **POINT) / math.pi

        assert table[i, j, n] == pytest.approx(quad(integrand, 0, math.pi, points=[1e-3, 0.1], limit=400, epsrel=1e-6)[0], rel=1e-4)
    assert table[8, 8, n] > table[8, 12, n]


def test_static_potential_has_the_bcs_kernel(monkeypatch):
    """For an interaction without frequency the sum over Matsubara frequencies is tanh(xi/2T)/2 xi."""
    temperature = 0.02
    momenta, measure, widths = rpa_pairing._momenta(1, 6)
    energies = momenta**2 - 1
    potential = -1.5 / (1 + (momenta[:, None] - momenta) ** 2)
    grid = rpa_pairing._table((1.6, 1.0, 10.0, 2), 1, 6)[0]
    monkeypatch.setattr(rpa_pairing, "_table", lambda *_: (grid, np.repeat(potential[:, :, None], len(grid), axis=2)))
    kernel = np.sqrt(measure * np.tanh(energies / (2 * temperature)) / (2 * energies))
    expected = np.linalg.eigvalsh(-kernel[:, None] * potential * kernel)[-1]
    assert eigenvalue(temperature, r_s=1.6, d=1.0) == pytest.approx(expected, rel=2e-3)


def test_strength_falls_with_temperature_and_density():
    values = [eigenvalue(t, r_s=2.0, d=1.0) for t in (0.2, 0.05, 0.0125)]
    assert values[0] < values[1] < values[2]
    assert eigenvalue(0.05, r_s=1.0, d=1.0) < values[1]


@pytest.mark.slow
def test_defaults_are_converged(monkeypatch):
    point = dict(r_s=4.0, d=1.0, holes="liquid")
    here = eigenvalue(0.05, **point)
    assert eigenvalue(0.05, **point, fineness=2) == pytest.approx(here, abs=2e-3)
    for name, value in (("_EXPLICIT", 32), ("_TOP", 3e4), ("_BAND", 1600.0), ("_ANGLES", 32), ("_PER_DECADE", 14)):
        with monkeypatch.context() as patch:
            patch.setattr(rpa_pairing, name, value)
            rpa_pairing._table.cache_clear()
            rpa_pairing._momenta.cache_clear()
            assert eigenvalue(0.05, **point) == pytest.approx(here, abs=1e-3), name
    rpa_pairing._table.cache_clear()
    rpa_pairing._momenta.cache_clear()


def test_transition_is_where_the_eigenvalue_is_one():
    point = dict(r_s=6.0, d=1.0, holes="crystal")
    found = transition(**point, floor=0.01)
    assert eigenvalue(found.temperature, **point) == pytest.approx(1, abs=1e-3)
    none = transition(r_s=0.7, d=1.0, floor=0.01)
    assert none.temperature == 0.0 and none.eigenvalue_at_floor < 1


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"r_s": 0.0}, "r_s"), ({"d": -1.0}, "d"), ({"mass_ratio": 0.5}, "mass_ratio"), ({"holes": "gas"}, "holes"),
        ({"floor": 1e-7}, "floor"), ({"fineness": 0}, "fineness"),
    ],
)
def test_bad_values_are_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        transition(**({"r_s": 1.6, "d": 1.0} | arguments))


def test_bad_temperature():
    with pytest.raises(ValueError, match="^temperature = "):
        eigenvalue(1e-7, r_s=1.6, d=1.0)
    with pytest.raises(ValueError, match="^nu"):
        screened_interaction(1.0, -1.0, **POINT)
