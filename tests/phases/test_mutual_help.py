"""How much one layer's crystal helps the other, and the errors of that."""

import pytest

from ehbilayer.phases.crystallisation import electron_crystallisation
from ehbilayer.phases.mutual_help import electron_help, hole_help


def test_a_triangular_hole_crystal_helps_and_the_error_covers_a_larger_box():
    small, large = (electron_help(mass_ratios=[3.0], mesh=mesh) for mesh in (4, 8))
    here, there = (found.sel(d=1.0, mass_ratio=3.0) for found in (small, large))
    assert float(here.gain) > 1.05 + float(here.error)
    assert abs(float(here.gain - there.gain)) < float(here.error) + float(there.error)
    assert float(small.gain.sel(d=30.0).item()) == 1.0 and float(small.error.sel(d=30.0).item()) == 0.0


def test_electrons_that_choose_their_lattice_crystallise_sooner():
    rows, free = (
        electron_crystallisation(mass_ratio=2.0, d=1.0, mesh=4, lattice=name) for name in ("triangular", "any")
    )
    assert free.r_s < rows.r_s - rows.error and free.state in ("square coupled crystal", "separate crystals")
    assert free.error == pytest.approx(2.0 * 1e-3 + free.changes.total)
    with pytest.raises(ValueError, match="lattice = "):
        electron_crystallisation(lattice="any", finite_size="dropped")


def test_holes_are_not_helped_by_a_liquid():
    found = hole_help(mesh=6)
    assert abs(float(found.gain.sel(d=1.0)) - 1) < float(found.error.sel(d=1.0)) + 0.02


def test_bad_distances_are_named():
    with pytest.raises(ValueError, match="spacings = "):
        electron_help(spacings=[])
    with pytest.raises(ValueError, match="spacings = "):
        hole_help(spacings=[40.0])
