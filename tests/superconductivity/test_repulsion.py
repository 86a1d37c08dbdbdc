"""Repulsion without cutoff: isotropic Eliashberg theory, Eq. 4, the RPA of one layer, convergence, bad input."""

import math

import numpy as np
import pytest

from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.superconductivity import repulsion
from ehbilayer.superconductivity.coupling import CouplingSpectrum
from ehbilayer.superconductivity.eliashberg import transition
from ehbilayer.superconductivity.gap_operator import gap_operator
from ehbilayer.superconductivity.pairing import pairing_strength
from ehbilayer.superconductivity.repulsion import TREATMENTS, resolved_eigenvalue, resolved_transition
from ehbilayer.superconductivity.rpa_interaction import Bilayer, Resolution, frequency_grid, interaction_table
from ehbilayer.superconductivity.rpa_pairing import eigenvalue

HEADLINE = dict(r_s=1.6, alpha=0.3, d=1.0, mass_ratio=10)


def table_of(values):
    """A table with `values` over frequency for every pair of momenta."""
    frame = interaction_table(Bilayer(1.6, 1.0, 10.0, 2), Resolution(), 8)
    return frame._replace(values=np.broadcast_to(values, frame.values.shape).copy())


def test_one_mode_in_a_wide_band_is_isotropic_eliashberg_theory():
    """No repulsion, a mode far below the Fermi energy: half of the band's width on each side matters little."""
    frequency, coupling = 0.01, 1.0
    values = -coupling * frequency**2 / (frequency**2 + frequency_grid(Resolution()) ** 2)
    expected = transition(CouplingSpectrum.einstein(coupling, frequency)).temperature
    assert gap_operator(expected, table_of(values)).largest() == pytest.approx(1, abs=5e-3)


@pytest.mark.parametrize("treatment", ["momentum-resolved", "full bandwidth"])
def test_static_interaction_on_the_fermi_surface_is_equation_four(treatment):
    """Averaged over the circle by independent sums of the table's function."""
    plasmon = repulsion.checked_plasmon(**HEADLINE, treatment=treatment)
    nodes, weights = gauss_legendre(200)
    q = 2 * np.sin(math.pi / 4 * (nodes + 1))
    values = np.array([repulsion.interaction(x, 0.0, plasmon) for x in q])
    average = 0.5 * weights @ values
    strength = pairing_strength(1.6, 0.3, 1.0 / 1.6)
    coupling = 0.756175 if treatment == "full bandwidth" else 0.0
    assert average - coupling == pytest.approx(strength, abs=2e-5)


def test_without_plasmons_the_electrons_are_those_of_rpa():
    """A stiff lattice does not attract: what is left is one layer's dynamic interaction."""
    stiff = dict(r_s=4.0, alpha=1e5, d=1.0, mass_ratio=10, treatment="dynamic electrons")
    assert resolved_eigenvalue(0.02, **stiff) == pytest.approx(eigenvalue(0.02, r_s=4.0, d=1.0, holes="none"), abs=1e-5)


def test_retarded_repulsion_hurts_least():
    found = {name: resolved_transition(**HEADLINE, treatment=name, estimate=False).temperature for name in TREATMENTS}
    assert found["dynamic electrons"] > 2 * found["momentum-resolved"]
    assert found["full bandwidth"] == pytest.approx(found["momentum-resolved"], rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_defaults_are_converged(treatment):
    coarse = resolved_transition(**HEADLINE, treatment=treatment)
    fine = resolved_transition(**HEADLINE, treatment=treatment, fineness=3, estimate=False)
    assert coarse.temperature == pytest.approx(fine.temperature, rel=6e-3)
    assert abs(coarse.temperature - fine.temperature) < 2 * coarse.error + 1e-3 * fine.temperature


def test_softer_plasmons_pair_at_higher_temperature():
    values = [resolved_eigenvalue(1e-3, **HEADLINE | {"alpha": x}) for x in (0.15, 0.3, 0.6)]
    assert values[0] > values[1] > values[2]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"alpha": 0.0}, "alpha"),
        ({"d": -1.0}, "d"),
        ({"r_s": math.nan}, "r_s"),
        ({"mass_ratio": 0.5}, "mass_ratio"),
        ({"treatment": "exact"}, "treatment"),
        ({"floor": 1e-9}, "floor"),
        ({"fineness": 9}, "fineness"),
    ],
)
def test_bad_values_are_named(change, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        resolved_transition(**HEADLINE | change)
