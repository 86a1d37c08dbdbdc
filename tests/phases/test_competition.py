"""The plane of Fig. 4b in electron units: signs of its margins against the phases, units, bad input."""

import numpy as np
import pytest

from ehbilayer.errors import ArgumentError
from ehbilayer.phases import phase_point
from ehbilayer.phases.competition import competition_map


def test_margins_have_the_signs_of_the_phases():
    found = competition_map(mass_ratio=10, d=[0.0, 0.2, 1.0], density=[1.0, 4.0], mesh=4)
    assert found.condensate_gain.dims == ("d", "density") and found.converged.all()
    assert ((found.condensate_gain > 0) == (found.phase == "condensate")).all()
    hartree_fock = found.phase.where(found.phase != "condensate", drop=False)
    crystal = (hartree_fock == "coupled crystal") | ((found.phase == "condensate") & (found.crystal_margin > 0))
    assert ((found.crystal_margin > 0) == crystal).all()
    assert {"condensate", "EL-HC"} <= set(np.unique(found.phase.values))


def test_units_are_the_electrons():
    """r_s in a_h is the mass ratio times that in a_e, and so is d; n_e* is the density at r_s = 2 a_e."""
    found = competition_map(mass_ratio=5, d=[0.5], density=[2.25], mesh=4).squeeze()
    same = phase_point(mass_ratio=5, d=2.5, density_ratio=1.0, mesh=4, r_s_star=5 * 2 / 1.5)
    assert float(found.condensate_gain) == pytest.approx(same["energy_hf"] - same["energy_condensate"], abs=1e-12)
    assert found.d.attrs["units"] == "a_e" and float(found.d) == 0.5


@pytest.mark.parametrize("bad", [{"d": []}, {"density": []}, {"d": [-1.0]}, {"mass_ratio": 0.5}])
def test_bad_values_are_named(bad):
    with pytest.raises(ArgumentError, match=next(iter(bad))):
        competition_map(**({"mass_ratio": 10, "d": [1.0], "density": [1.0]} | bad))
