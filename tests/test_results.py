"""What results print: their numbers first, neither arrays nor whole states."""

import dataclasses
import importlib
import pkgutil

import numpy as np
import pytest

import ehbilayer
from ehbilayer.condensate import solve_condensate
from ehbilayer.diode.bands import isolated_bands
from ehbilayer.diode.ginzburg_landau import coefficients
from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock import solve_crystal

FILLS_THE_SCREEN = ("ndarray", "NDArray", "DataArray", "BlochState", "OrbitalState", "CrystalState", "Functional")


def public_dataclasses():
    for found in pkgutil.walk_packages(ehbilayer.__path__, "ehbilayer."):
        module = importlib.import_module(found.name)
        for name in getattr(module, "__all__", ()):
            what = getattr(module, name)
            if dataclasses.is_dataclass(what) and what.__module__ == found.name:
                yield what


def test_no_result_prints_arrays():
    kinds = set(public_dataclasses())
    large = {
        kind
        for kind in kinds
        if any(word in str(field.type) for field in dataclasses.fields(kind) for word in FILLS_THE_SCREEN)
    }
    assert len(large) > 20
    assert {kind.__name__ for kind in large if kind.__repr__.__module__ != numbers_first.__module__} == set()


@pytest.mark.parametrize(
    ("calculate", "begin"),
    [
        (lambda: solve_crystal(mesh=2, cutoff=1.0), "CrystalState(energy_per_pair=0."),
        (lambda: solve_condensate(mass_ratio=1, d=1, r_s=4), "CondensateState(energy_per_pair=-0."),
    ],
)
def test_a_state_prints_its_numbers_and_then_its_arguments(calculate, begin):
    text = repr(calculate())
    assert text.startswith(begin) and len(text) < 800 and text.endswith("...)")
    assert text.index("converged=True") < text.index("parameters={") < text.index("'r_s': ")


def test_the_text_of_a_result_computes_nothing():
    state = solve_crystal(mesh=2, cutoff=1.0)
    assert str(state) == repr(state) and "lower_branch" not in vars(state)


def test_arrays_stay_in_the_result():
    bands = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0)
    found = coefficients(bands, np.linspace(-1, 1, 50), T=0.9)
    assert repr(found) == f"Coefficients(error=None, nodes={found.nodes}, ...)" and found.beta.shape == (50,)
