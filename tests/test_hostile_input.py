"""What users and a hostile tester met: refused by name, and before anything is computed.

The generated inputs of test_fuzz.py, which takes long, hold the same for every public function.
"""

import numpy as np
import pytest

from ehbilayer.diode import current_curve
from ehbilayer.diode.bands import Bands, density, isolated_bands
from ehbilayer.diode.brackets import pocket_bracket
from ehbilayer.diode.coarse import coarse_diode
from ehbilayer.diode.coupling import coupling_at_T_c
from ehbilayer.diode.momentum_grid import momentum_grid
from ehbilayer.diode.nonreciprocity import diode
from ehbilayer.diode.pocket import critical_currents
from ehbilayer.diode.valleys import jump_temperature
from ehbilayer.drag import ParabolicLayer, RashbaLayer, drag_coefficients, drag_map
from ehbilayer.drag.collision import CollisionIntegral
from ehbilayer.drag.ladder import Ladder
from ehbilayer.drag.ladder_stability import growth_time
from ehbilayer.drag.printed import evaluate_formulas
from ehbilayer.formatting import significant
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.bands import free_levels
from ehbilayer.phases.competition import competition_map
from ehbilayer.phases.liquid import shell_correction
from ehbilayer.phases.monolayer import CRYSTALS, crystal_state, monolayer_crystallisation
from ehbilayer.superconductivity import eliashberg, pairing
from ehbilayer.superconductivity.box_map import box_map
from ehbilayer.superconductivity.coupling import CouplingSpectrum
from ehbilayer.superconductivity.plasmon import coupling_with_velocity
from ehbilayer.sweep import refine_boundary
from ehbilayer.units import AtomicUnits

BANDS = isolated_bands(E_F=11.6, lam=1.0, J=14.808, B=3.0, convention="literal")
RASHBA = RashbaLayer(0.2, 10, 30, lam=50, J=10, B=2)
FLAT = RashbaLayer(0.2, 10, 30, lam=0, J=0, B=0)
LAYERS = (ParabolicLayer(0.2, 10.0, 30.0),) * 2
LADDER = Ladder(FLAT, LAYERS[1], inverse=4e-4, scale=0.86, angles=2)


@pytest.mark.parametrize("value", ["none", "False", 1, 0, None, 1.0])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("umklapp", lambda x: coupling_with_velocity(np.ones_like, r_s=1.6, d=1.0, umklapp=x)),
        ("overlap", lambda x: drag_map(T=30, d=20, E_F=10, overlap=x)),
        ("overlap", lambda x: drag_coefficients(T=30, overlap=x)),
        ("estimate_error", lambda x: drag_coefficients(T=30, estimate_error=x)),
        ("screened", lambda x: CollisionIntegral(*LAYERS, d=20, eps_r=5, screened=x)),
        ("polarised", lambda x: shell_correction(4.0, 4, 1.0, x)),
        ("plane", lambda x: coupling_at_T_c(BANDS, plane=x)),
        ("measure", lambda x: coarse_diode(E_F=11.6, lam=1.0, J=14.808, B=3.0, T=0.9, measure=x)),
    ],
)
def test_a_switch_is_not_taken_by_its_truth(name, call, value):
    with pytest.raises(TypeError, match=f"^{name} = .* need True or False"):
        call(value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: pairing.critical_temperature(1.6, 1.0, 0.3, 10),
        lambda: eliashberg.critical_temperature(1.6, 1.0, 0.3, 10),
        lambda: drag_coefficients(30, 10),
        lambda: solve_crystal(10, 1.0),
        lambda: diode(11.6, 1.0),
        lambda: Bands(1.0, 0.0, 3.0, 14.808, 1.0, 1.0),
        lambda: RashbaLayer(0.2, 10.0, 30.0, 50.0, 2.0, 10.0),
        lambda: RashbaLayer.from_density(0.2, 7e-3, 30.0, 50.0, 2.0, 10.0),
    ],
)
def test_numbers_that_could_change_places_have_no_positions(call):
    with pytest.raises(TypeError, match="positional"):
        call()


@pytest.mark.parametrize("T", [0.0, -1.0, 1e-6, 1e-300, float("nan")])
@pytest.mark.parametrize(
    "call",
    [
        lambda T: pocket_bracket(BANDS, T, 0.1),
        lambda T: critical_currents(BANDS, T, 0.1, (-0.4, 0.8)),
        lambda T: momentum_grid(BANDS, T, (-0.4, 0.8)),
        lambda T: current_curve(BANDS, 0.1, T, (-0.4, 0.8)),
        lambda T: density(BANDS, "e", T),
    ],
)
def test_temperatures_without_a_grid_are_refused_at_once(call, T):
    with pytest.raises(ValueError, match=r"^T = "):
        call(T)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("sections", lambda: refine_boundary(solve_crystal, "d", (0.5, 1.0), tolerance=0.1, sections=10**18)),
        ("digits", lambda: significant(1.0, 10**18)),
        ("mass", lambda: AtomicUnits(mass=1e300, eps_r=1.0)),
        ("mesh", lambda: solve_crystal(mesh=10**9)),
        ("mesh", lambda: monolayer_crystallisation(mesh=10**9)),
        ("mesh", lambda: monolayer_crystallisation(mesh=4)),
        ("mesh", lambda: crystal_state(r_s=8.0, mesh=3, crystal=CRYSTALS["unpolarised"]["square"])),
        ("tolerance", lambda: jump_temperature(BANDS, 0.1, [-0.1, 0.0, 0.1], 0.9, 0.98, tolerance=1e-300)),
        ("inverse", lambda: jump_temperature(BANDS, -1.0, [-0.1, 0.0, 0.1], 0.9, 0.98)),
        ("cutoff", lambda: solve_crystal(cutoff=1e9)),
        ("meshes", lambda: box_map(r_s=[1.2], meshes=None)),
        ("cutoffs", lambda: box_map(r_s=[1.2], cutoffs=[2.0])),
        ("density", lambda: competition_map(mass_ratio=10, d=[1.0], density=1e-300)),
        ("r_s", lambda: free_levels([[0.0, 0.0]], 1e-300)),
        ("fineness", lambda: evaluate_formulas(RASHBA, LAYERS[1], d=20, eps_r=5, fineness=1e-9)),
        ("order", lambda: drag_coefficients(T=30, order=10**18)),
        ("u1", lambda: growth_time(LADDER, u1=10**18)),
        ("u2", lambda: growth_time(LADDER, u2=2**70)),
    ],
)
def test_what_would_take_terabytes_or_was_not_given_is_named(name, call):
    with pytest.raises(ValueError, match=f"^{name} = .* is not allowed"):
        call()


@pytest.mark.parametrize(
    ("frequencies", "weights"),
    [([0.1, np.nan], [1, 1]), (["a"], [1]), ([-1.0], [1]), ([1.0], [np.inf]), ([1.0, 2.0], [1]), ([], [])],
)
def test_a_spectrum_has_as_many_weights_as_frequencies_all_numbers(frequencies, weights):
    with pytest.raises((TypeError, ValueError), match=r"^(frequencies|weights)(\[\d\])?( = .*)? is not allowed"):
        CouplingSpectrum(np.array(frequencies), np.array(weights, dtype=float))


@pytest.mark.parametrize("call", [lambda: coupling_at_T_c(1.0), lambda: pocket_bracket("x", 0.9, 0.1)])
def test_an_object_of_another_kind_is_named(call):
    with pytest.raises(TypeError, match="^bands = .* need a Bands"):
        call()
