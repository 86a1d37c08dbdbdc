"""The diode in all forms of its theory, densities held or not and with overlaps or not, over unequal layers."""

from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.errors import ArgumentError
from ehbilayer.sweep import sweep

__all__ = ["FORMS", "case_point", "case_sweep", "form_point", "form_sweep"]

#: What is held and what the attraction knows of spins: arguments of `ehbilayer.diode.nonreciprocity.diode` by name.
FORMS: dict[str, dict[str, Any]] = {
    "neither": {},
    "held densities": {"hold": "density"},
    "overlaps": {"overlaps": True},
    "both": {"hold": "density", "overlaps": True},
}
_KEPT = ("q0", "q0_y", "J_plus", "J_minus", "efficiency", "delta", "runner_up", "error")
_KEPT += ("stable", "valid", "one_band")
_NEEDED = ("E_F", "lam", "J")


@checked
def form_point(*, form: str, **parameters: Any) -> dict[str, Any]:
    """The diode in one form, as a function of numbers for sweeps.

    Parameters
    ----------
    form : str
        Key of `FORMS`.
    **parameters
        Of `ehbilayer.diode.nonreciprocity.diode`.

    Returns
    -------
    dict
        q0, q0_y, J_plus, J_minus, efficiency, delta, runner_up, error, stable, valid, one_band and converged; None for
        what there is not.

    Examples
    --------
    >>> point = dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9, convention="literal")
    >>> found = [form_point(form=form, **point)["efficiency"] for form in ("neither", "held densities")]
    >>> print(", ".join(f"{x:.4%}" for x in found))
    0.0280%, 0.0260%
    """
    result = diode(**FORMS[validation.option("form", form, FORMS)], **parameters)
    return {name: getattr(result, name) for name in (*_KEPT, "converged")}


@checked
def form_sweep(
    point: Mapping[str, Any],
    forms: Sequence[str],
    *,
    T: Sequence[float],
    B: Sequence[float],
    imbalance: Sequence[float],
    store: str | None = None,
    executor: Any = None,
) -> xr.Dataset:
    """The diode over forms, temperature, field and imbalance.

    Parameters
    ----------
    point : mapping
        The other arguments of `ehbilayer.diode.nonreciprocity.diode`.
    forms : sequence of str
        Keys of `FORMS`, at least one.
    T, B, imbalance : sequence of float
        As in `ehbilayer.diode.nonreciprocity.diode`.
    store, executor
        As `ehbilayer.sweep.sweep` takes them.

    Returns
    -------
    xarray.Dataset
        What `form_point` returns, over form, T, B and imbalance.

    Examples
    --------
    >>> axes = dict(T=[0.9], B=[0.0, 3.0], imbalance=[0.1])
    >>> found = form_sweep(dict(E_F=11.6, lam=1.0, J=14.0), ["neither"], **axes, executor="serial")
    >>> found.efficiency.shape, bool(found.stable.all())
    ((1, 1, 2, 1), True)
    """
    forms = validation.options("forms", forms, FORMS)
    if not forms:
        raise ArgumentError("forms", forms, f"at least one of {', '.join(FORMS)}")
    missing = [name for name in _NEEDED if name not in point]
    if missing:
        raise ArgumentError("point", dict(point), f"also {', '.join(missing)}")
    numbers = {"T": T, "B": B, "imbalance": imbalance}
    axes = {"form": list(forms), **{name: [float(x) for x in values] for name, values in numbers.items()}}
    return sweep(form_point, axes, fixed=dict(point), unconverged="keep", executor=executor, store=store)


@checked
def case_point(*, case: str, form: str, cases: Mapping[str, Any]) -> dict[str, Any]:
    """One of several sets of arguments in one form, as a function for sweeps.

    Parameters
    ----------
    case : str
        Key of `cases`.
    form : str
        Key of `FORMS`.
    cases : mapping
        Arguments of `ehbilayer.diode.nonreciprocity.diode` by name of a case.

    Returns
    -------
    dict
        As `form_point`.

    Examples
    --------
    >>> cases = {"weak": dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9)}
    >>> case_point(case="weak", form="neither", cases=cases)["stable"]
    True
    """
    return form_point(form=form, **cases[validation.option("case", case, cases)])


@checked
def case_sweep(cases: Mapping[str, Any], store: str | None = None, executor: Any = None) -> xr.Dataset:
    """Several sets of arguments in all forms.

    Parameters
    ----------
    cases : mapping
        As in `case_point`.
    store, executor
        As `ehbilayer.sweep.sweep` takes them.

    Returns
    -------
    xarray.Dataset
        What `form_point` returns, over case and form.

    Examples
    --------
    >>> cases = {"weak": dict(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9)}
    >>> case_sweep(cases, executor="serial").efficiency.shape
    (1, 4)
    """
    if not cases:
        raise ArgumentError("cases", cases, "at least one")
    axes = {"case": list(cases), "form": list(FORMS)}
    fixed = {"cases": {name: dict(values) for name, values in cases.items()}}
    return sweep(case_point, axes, fixed=fixed, unconverged="keep", executor=executor, store=store)
