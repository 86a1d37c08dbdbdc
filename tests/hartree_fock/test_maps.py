"""Labelled densities against the states they come from."""

import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_supercell
from ehbilayer.hartree_fock.maps import density_maps, momentum_maps

ARGUMENTS = dict(cells=(2, 2), r_s=12.0, mass_ratio=4, start="coupled crystal", cutoff=1.5)


@pytest.mark.parametrize("spin", ["restricted", "unrestricted", "polarised"])
def test_densities_add_up(spin):
    result = solve_supercell(spin=spin, **ARGUMENTS)
    maps = density_maps(result)
    inner = maps.isel(u=slice(0, -1), v=slice(0, -1))
    assert float(inner["holes"].mean()) == pytest.approx(1.0)
    shares = {"restricted": (0.5, 0.5), "unrestricted": (0.5, 0.5), "polarised": (1.0, 0.0)}[spin]
    for name, share in zip(("electrons up", "electrons down"), shares, strict=True):
        assert float(inner[name].mean()) == pytest.approx(share, abs=1e-9)
        assert float(inner[name].min()) > -1e-9
    electrons = inner["electrons up"] + inner["electrons down"]
    np.testing.assert_allclose(inner["charge"], inner["holes"] - electrons, atol=1e-12)
    assert float(np.abs(inner["charge"]).max()) > 1e-3
    np.testing.assert_allclose(inner["holes"], result.state.density(len(result.state.functional.species) - 1))


def test_spins_of_an_unrestricted_state_are_its_species():
    result = solve_supercell(spin="unrestricted", **ARGUMENTS)
    maps = density_maps(result, repeats=2)
    n1, n2 = result.state.grid.shape
    np.testing.assert_allclose(maps["electrons up"].values[:n1, n2 : 2 * n2], result.state.density(0), atol=1e-12)
    assert maps["x"].shape == (2 * n1 + 1, 2 * n2 + 1)
    np.testing.assert_allclose(maps["x"].values[n1, 0], result.state.functional.box.vectors[0, 0])


def test_momentum_occupations():
    result = solve_supercell(spin="unrestricted", **ARGUMENTS)
    maps = momentum_maps(result)
    assert float(maps["holes"].sum()) == pytest.approx(4.0) and float(maps["electrons"].sum()) == pytest.approx(2.0)
    assert float(maps["electrons"].min()) >= 0 and float(maps["electrons"].max()) <= 1 + 1e-12
    length = np.hypot(maps["k_x"], maps["k_y"])
    assert float(length.max()) == pytest.approx(1.5)
    np.testing.assert_allclose(maps["holes"], result.state.momentum_distribution(2))
