"""Forms of the theory over unequal layers: points as the diode has them, and where minima are exchanged."""

import numpy as np
import pytest

from ehbilayer.diode.forms import FORMS, case_sweep, exchanges, form_point, form_sweep
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.errors import ArgumentError

POINT = dict(E_F=11.6, lam=2.0, J=6.0)


def test_points_are_those_of_the_diode():
    found = form_sweep(POINT, list(FORMS), T=[0.9], B=[12.0], imbalance=[0.0, 0.1], executor="serial")
    assert dict(found.sizes) == {"form": 4, "T": 1, "B": 1, "imbalance": 2}
    for form, options in FORMS.items():
        r = diode(**POINT, T=0.9, B=12.0, imbalance=0.1, **options)
        here = found.sel(form=form, T=0.9, B=12.0, imbalance=0.1)
        assert float(here.efficiency) == r.efficiency and float(here.q0) == r.q0 and bool(here.stable) == r.stable
    assert len({float(x) for x in found.efficiency.values.ravel()}) == 8
    with pytest.raises(ArgumentError, match="^form = 'all'"):
        form_point(form="all", **POINT, T=0.9, B=12.0)


def test_an_exchange_lies_where_both_potentials_meet():
    x = np.linspace(0.0, 3.0, 4)
    # Two minima whose potentials cross at 1.2.
    potentials = np.stack([-2.0 - 0.0 * x, -2.0 - 0.3 * (x - 1.2)])
    lower = potentials.argmin(axis=0)
    q = np.array([[0.0, 0.0], [1.0, 0.5]])[lower]
    ratio = np.sort(potentials, axis=0)[1] / potentials.min(axis=0)
    assert exchanges(x, q, ratio) == pytest.approx([1.2], abs=0.02)
    assert not exchanges(x, q, np.where(lower, ratio, 0.0)).size
    assert not exchanges(x, q, ratio, step=2.0).size and not exchanges(x, np.zeros((4, 2)), ratio).size
    with pytest.raises(ArgumentError, match="^q = "):
        exchanges(x, q[:3], ratio)
    # Without a condensate nothing is exchanged.
    missing = np.where(np.arange(4)[:, None] == 3, np.nan, q), np.where(np.arange(4) == 3, np.nan, ratio)
    assert exchanges(x, *missing) == exchanges(x, q, ratio)
    for wrong in (q + 1j, np.full((4, 2), np.inf), "x"):
        with pytest.raises((TypeError, ArgumentError), match=r"^q\b"):
            exchanges(x, wrong, ratio)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("forms", lambda axes: form_sweep(POINT, [], **axes)),
        ("forms", lambda axes: form_sweep(POINT, ["all"], **axes)),
        ("point", lambda axes: form_sweep({"E_F": 11.6}, ["neither"], **axes)),
        ("cases", lambda axes: case_sweep({})),
    ],
)
def test_what_is_missing_is_named_before_anything_runs(name, call):
    with pytest.raises(ArgumentError, match=f"^{name} = .* is not allowed: need "):
        call({"T": [0.9], "B": [3.0], "imbalance": [0.0]})
