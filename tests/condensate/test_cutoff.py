"""Cutoffs that the occupation alone decides."""

import numpy as np
import pytest

from ehbilayer.condensate import solve_condensate_grid
from ehbilayer.condensate.cutoff import cutoff_loss
from ehbilayer.errors import NotConverged


def test_the_cutoff_is_the_first_that_meets_the_bound_and_the_loss_that_of_its_energy():
    arguments = dict(mass_ratio=4, d=1.0, r_s=10.0, mesh=4)
    loss = cutoff_loss(**arguments, occupation=1e-3)
    below, at, best = (
        solve_condensate_grid(**arguments, cutoff=cutoff, zero_mode="madelung")
        for cutoff in (loss.cutoff - 0.25, loss.cutoff, 12.0)
    )
    assert at.edge_occupation < 1e-3 <= below.edge_occupation
    assert loss.edge_occupation == at.edge_occupation
    assert loss.energy == pytest.approx(at.energy_per_pair - best.energy_per_pair, abs=1e-12)
    assert loss.percent == pytest.approx(100 * loss.energy / -best.energy_per_pair)


def test_a_stricter_bound_costs_less_energy():
    losses = [cutoff_loss(r_s=10.0, mesh=4, occupation=bound) for bound in (1e-2, 1e-3, 1e-4)]
    assert (np.diff([loss.cutoff for loss in losses]) > 0).all()
    assert (np.diff([loss.energy for loss in losses]) < 0).all() and losses[-1].energy > 0


def test_a_bound_that_no_cutoff_meets_is_said():
    with pytest.raises(NotConverged, match="1e-12"):
        cutoff_loss(r_s=40.0, mesh=4, d=0.0, occupation=1e-12)


@pytest.mark.parametrize("bound", [0.0, 2.0, float("nan")])
def test_a_bound_outside_its_range_is_refused(bound):
    with pytest.raises(ValueError, match="occupation"):
        cutoff_loss(occupation=bound)
