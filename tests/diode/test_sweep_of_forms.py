"""Forms of the theory over unequal layers: points as the diode has them."""

import pytest

from ehbilayer.diode.forms import FORMS, case_sweep, form_point, form_sweep
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
