"""alpha^2: stencil, virial theorem, zero mode, decoupled limit, cutoff, lines, bad input."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.phases.liquid import shell_correction
from ehbilayer.superconductivity import compressibility
from ehbilayer.superconductivity.box_map import box_map, plane_waves
from ehbilayer.superconductivity.box_shifts import madelung_shift, shell_shift
from ehbilayer.superconductivity.box_sizes import size_dependence
from ehbilayer.superconductivity.compressibility import alpha_squared, bulk_modulus
from ehbilayer.superconductivity.density_line import fit_line
from ehbilayer.superconductivity.layer_limits import decoupled_layers, gas_by_difference, uniform_gas


# Computed once by an independent program: V(0) = 0, 36 pairs, d = a_e, mass ratio 10, second difference of step 0.01.
@pytest.mark.parametrize(
    ("r_s", "value"), [(0.5, 0.7806), (0.7, 0.6207), (1.0, 0.3768), (1.2, 0.2104), (1.4, 0.0408), (1.6, -0.1318)]
)
def test_reference_values(r_s, value):
    result = bulk_modulus(mass_ratio=10, d=1.0, r_s=r_s, mesh=6)
    assert result.from_energies == pytest.approx(value, abs=6e-5)
    assert result.alpha_squared == pytest.approx(value, abs=1e-4)
    assert alpha_squared(mass_ratio=10, d=1.0, r_s=r_s, mesh=6) == result.alpha_squared


def test_error_is_of_fourth_order_in_the_step():
    exact = bulk_modulus(r_s=1.0, step=0.005).alpha_squared
    coarse = [bulk_modulus(r_s=1.0, step=h) for h in (0.04, 0.08)]
    errors = [abs(r.alpha_squared - exact) for r in coarse]
    assert 12 < errors[1] / errors[0] < 20
    plain = [abs(r.from_energies - exact) for r in coarse]
    assert 3.5 < plain[1] / plain[0] < 4.5
    # The estimate is that of the plain difference, an upper bound.
    assert errors[1] < 0.1 * coarse[1].error and plain[1] == pytest.approx(coarse[1].error, rel=0.1)


@pytest.mark.parametrize(("d", "r_s"), [(0.0, 0.4), (0.3, 1.2), (1.0, 2.0), (5.0, 1.6)])
def test_energies_and_virials_agree(d, r_s):
    result = bulk_modulus(d=d, r_s=r_s, mesh=4, step=0.01)
    # h^2 e''''/12 against h^2 e''''/6: the virial value lies twice as far off, on the same side.
    assert result.from_virial - result.alpha_squared == pytest.approx(
        2 * (result.from_energies - result.alpha_squared), rel=1e-9
    )
    fine = bulk_modulus(d=d, r_s=r_s, mesh=4, step=0.005)
    assert fine.from_virial == pytest.approx(
        result.alpha_squared, abs=0.4 * abs(result.from_virial - result.alpha_squared) + 1e-6
    )
    assert abs(result.from_virial - result.from_energies) < 5e-4


def test_default_step_is_converged():
    for r_s in (0.5, 1.6):
        assert bulk_modulus(r_s=r_s).alpha_squared == pytest.approx(
            bulk_modulus(r_s=r_s, step=0.0025).alpha_squared, abs=2e-6
        )


@pytest.mark.parametrize(
    ("d", "r_s", "change"), [(1.0, 1.6, 1e-6), (1.0, 2.2, 1e-6), (0.5, 1.6, 1e-5), (0.3, 1.2, 1e-4)]
)
def test_default_cutoff_is_converged(d, r_s, change):
    assert bulk_modulus(d=d, r_s=r_s, mesh=4).alpha_squared == pytest.approx(
        bulk_modulus(d=d, r_s=r_s, mesh=4, cutoff=4.0).alpha_squared, abs=change
    )


def test_madelung_correction_is_exact():
    """The shift in closed form against second differences of corrected energies."""
    ratio, d, r_s, h, mesh = 10, 1.0, 1.6, 0.01, 6

    def energy(x):
        state = solve_crystal(
            mass_ratio=ratio,
            d=ratio * d,
            r_s=ratio * r_s * math.sqrt(x),
            mesh=mesh,
            zero_mode="madelung",
            tolerance=1e-9,
        )
        return state.energy_per_pair / (ratio / (ratio * r_s) ** 2)

    difference = (energy(1 + h) - 2 * energy(1) + energy(1 - h)) / h**2
    result = bulk_modulus(mass_ratio=ratio, d=d, r_s=r_s, mesh=mesh, zero_mode="madelung")
    assert difference == pytest.approx(result.from_energies, abs=5e-5)
    assert result.alpha_squared == pytest.approx(-0.574, abs=1e-3)
    slope = (energy(1 + h) - energy(1 - h)) / (2 * h)
    assert -slope == pytest.approx(result.pressure, abs=1e-4)


def test_capacitance_adds_four_d():
    plain, charged = (bulk_modulus(d=0.7, r_s=1.2, mesh=4, capacitance=flag) for flag in (False, True))
    assert charged.alpha_squared - plain.alpha_squared == pytest.approx(2.8, abs=1e-12)
    # The energy 2 pi n d = 2 d/r_s^2 per pair and its pressure, in eps_F = 1/r_s^2.
    assert charged.pressure - plain.pressure == pytest.approx(1.4, abs=1e-12)
    assert charged.error == plain.error


def test_layers_decouple_at_large_distance():
    far = [bulk_modulus(d=d, r_s=1.6, mesh=4).alpha_squared for d in (3.0, 5.0, 10.0)]
    assert far[1] == pytest.approx(far[2], abs=1e-6)
    assert abs(far[0] - far[2]) < 5e-3


@pytest.mark.slow
def test_decoupled_crystal_approaches_its_limit():
    """At low density the corrections to Madelung and Einstein energies vanish relative to them."""
    gaps = []
    for r_s in (2.0, 8.0):
        value = bulk_modulus(mass_ratio=10, d=10 * r_s, r_s=r_s, mesh=8, zero_mode="madelung", cutoff=4.5).alpha_squared
        gaps.append(abs(value / decoupled_layers(r_s, 10) - 1))
    # The electrons' shell filling at N = 64 leaves some per cent.
    assert gaps[0] < 0.1 and gaps[1] < 0.02


def test_uniform_limits():
    # Both layers uniform: E = (1/2 + 1/ratio) eps_F/x - (0.6002 + 0.8488) r_s eps_F/sqrt(x).
    ratio, r_s = 10.0, 0.9
    kinetic, exchange = 0.5 + 1 / ratio, 4 * math.sqrt(2) / (3 * math.pi) + 8 / (3 * math.pi)
    assert decoupled_layers(r_s, ratio, "liquid") == pytest.approx(2 * kinetic - 0.75 * exchange * r_s, rel=1e-12)
    assert uniform_gas(math.pi / math.sqrt(2)) == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(uniform_gas([1e-9, 1.0]), [1, 1 - math.sqrt(2) / math.pi])


@pytest.mark.parametrize("r_s", [0.3, 1.6, 5.0])
def test_the_gas_by_difference_is_off_in_second_order(r_s):
    errors = [gas_by_difference(r_s, h) - uniform_gas(r_s) for h in (0.01, 0.02)]
    assert 0 < abs(errors[0]) < 1e-3 and errors[1] / errors[0] == pytest.approx(4, rel=0.02)


def test_box_map_is_its_points(tmp_path):
    boxes = box_map(r_s=[0.5, 1.2], d=[1.0, 0.25], mass_ratio=[10.0], meshes=(3, 4), store=tmp_path)
    assert boxes.N.values.tolist() == [9, 16] and not [
        name for name in boxes.data_vars if boxes[name].dims[:1] != ("d",)
    ]
    cutoff, fine = plane_waves(0.25)
    single = size_dependence(d=0.25, r_s=1.2, meshes=(3, 4), cutoff=cutoff, fine_cutoff=fine)
    point = boxes.sel(d=0.25, mass_ratio=10.0, r_s=1.2)
    assert float(point.limit) == single.limit and np.array_equal(point.dropped, single.dropped)
    assert float(point.cutoff_change) != 0
    coarse = box_map(r_s=[1.2], d=[0.25], meshes=(3, 4), cutoffs=(2.5, 2.5), store=tmp_path)
    assert float(coarse.cutoff_change.squeeze()) == 0 and float(coarse.limit.squeeze()) != single.limit
    assert {boxes[name].attrs["units"] for name in ("limit", "dropped")} == {"1"} and boxes.d.attrs["units"] == "a_e"
    with pytest.raises(ArgumentError, match="r_s"):
        box_map(r_s=[])


def test_madelung_shift_vanishes_in_large_boxes():
    assert madelung_shift(1.0, 12) == pytest.approx(madelung_shift(1.0, 6) / 2, rel=1e-12)
    assert madelung_shift(1.0, 1) == pytest.approx(-0.75 * 2 * 1.1061025867, rel=1e-9)


def test_shell_shift_is_what_a_uniform_gas_lacks():
    """Second differences of the energy of free electrons in the box, Madelung-corrected, against the closed form."""
    r_s, h, mesh = 1.3, 1e-3, 6
    energies = [shell_correction(r_s * math.sqrt(x), mesh, 1.0, False) * r_s**2 for x in (1 - h, 1.0, 1 + h)]
    assert shell_shift(r_s, mesh) == pytest.approx((energies[0] - 2 * energies[1] + energies[2]) / h**2, abs=1e-5)
    assert abs(shell_shift(1.3, 14)) < 0.3 * abs(shell_shift(1.3, 6))


@pytest.mark.parametrize(("d", "r_s"), [(1.0, 1.6), (5.0, 0.7)])
def test_corrected_values_know_no_box(d, r_s):
    """From 16 to 100 pairs V(0) = 0 moves alpha^2 by 0.2 to 0.4; what both corrections leave is a few thousandths."""
    result = size_dependence(d=d, r_s=r_s, meshes=(4, 6, 8, 10), cutoff=2.0)
    assert np.ptp(result.dropped) > 0.15 and np.ptp(result.corrected[1:]) < 2e-3
    assert result.limit == result.corrected[-1] and result.limit_error < 3e-3
    # Either uncorrected series alone agrees within the scatter of its shells.
    assert result.dropped_limit == pytest.approx(result.limit, abs=0.03)
    assert result.madelung_limit == pytest.approx(result.limit, abs=0.03)


def test_limit_estimated_from_small_boxes_holds_in_larger_ones():
    small, large = size_dependence(meshes=(4, 6, 8), cutoff=2.0), size_dependence(meshes=(10, 14), cutoff=2.0)
    assert abs(small.limit - large.limit) < small.limit_error + large.limit_error


def test_cutoff_change_of_the_smallest_box_serves_all():
    """At d = 0 and low density, where it is largest."""
    change = [
        bulk_modulus(d=0.0, r_s=1.9, mesh=mesh, cutoff=4.0).alpha_squared
        - bulk_modulus(d=0.0, r_s=1.9, mesh=mesh, cutoff=2.5).alpha_squared
        for mesh in (4, 6)
    ]
    result = size_dependence(d=0.0, r_s=1.9, meshes=(4, 6), cutoff=2.5, fine_cutoff=4.0)
    assert result.cutoff_change == pytest.approx(change[0], rel=1e-6)
    assert abs(change[1] - change[0]) < result.cutoff_error
    assert result.dropped[1] == pytest.approx(
        bulk_modulus(d=0.0, r_s=1.9, mesh=6, cutoff=4.0).alpha_squared, abs=result.cutoff_error
    )


def test_heavy_holes_approach_point_charges():
    """alpha^2 falls with the zero-point energy, like the inverse root of the mass, to a finite limit."""
    ratios = np.array([100.0, 400.0, 1600.0])
    values = [size_dependence(mass_ratio=m, d=2.0, r_s=1.6, meshes=(4, 6), cutoff=3.0).limit for m in ratios]
    slopes = np.diff(values) / np.diff(ratios**-0.5)
    assert slopes[0] == pytest.approx(slopes[1], rel=0.1)
    # 21/16 of the Einstein energy, an estimate from above.
    assert 0.8 < slopes[1] / (21 / 16 * 0.8936 * math.sqrt(1.6)) < 1.05


def test_bad_sizes():
    for meshes in ((6,), (6, 4), (2, 4)):
        with pytest.raises(ValueError, match="^meshes = "):
            size_dependence(meshes=meshes)
    with pytest.raises(TypeError, match="^meshes"):
        size_dependence(meshes=6)
    with pytest.raises(ValueError, match="^fine_cutoff = "):
        size_dependence(meshes=(4, 6), cutoff=3.0, fine_cutoff=2.0)


def test_crystal_order_grows_with_r_s():
    orders = [bulk_modulus(r_s=r_s, mesh=4).crystal_order for r_s in (0.3, 1.0, 2.0)]
    assert 0 < orders[0] < orders[1] < orders[2] < 1


def test_result_echoes_its_parameters():
    result = bulk_modulus(mass_ratio=4, d=0.5, r_s=1.5, mesh=4, zero_mode="madelung", step=0.02)
    assert result.parameters["mass_ratio"] == 4 and result.parameters["zero_mode"] == "madelung"
    assert result.units["r_s"] == "a_e" and result.stable == (result.alpha_squared > 0)


def test_a_state_that_does_not_converge_raises(monkeypatch):
    class Stuck:
        converged, gradient_norm = False, 1.0
        state = property(lambda self: self)

    monkeypatch.setattr(compressibility, "solve_crystal", lambda **_: Stuck())
    with pytest.raises(RuntimeError, match="did not converge"):
        alpha_squared()


def test_states_on_different_branches_are_refused(monkeypatch):
    monkeypatch.setattr(compressibility, "compressed", lambda state, _: state)
    with pytest.raises(RuntimeError, match="different branches"):
        bulk_modulus(mass_ratio=10, d=0.25, r_s=0.8, mesh=4, cutoff=2.0)


def test_crossing_levels_do_not_change_the_branch():
    # Solved from the start at each area, the states of this box end on two branches.
    found = bulk_modulus(mass_ratio=10, d=0.25, r_s=1.6, mesh=14, cutoff=2.0)
    smaller, larger = (alpha_squared(mass_ratio=10, d=0.25, r_s=1.6, mesh=mesh, cutoff=2.0) for mesh in (12, 16))
    assert larger < found.alpha_squared < smaller and found.error < 1e-4


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"mass_ratio": 0.5}, "mass_ratio"),
        ({"d": -1.0}, "d"),
        ({"r_s": 0.0}, "r_s"),
        ({"r_s": math.nan}, "r_s"),
        ({"mesh": 1}, "mesh"),
        ({"zero_mode": "none"}, "zero_mode"),
        ({"cutoff": 0.5}, "cutoff"),
        ({"step": 0.5}, "step"),
        ({"electrons": "gas"}, "electrons"),
    ],
)
def test_bad_values_are_named(arguments, name):
    with pytest.raises(ValueError, match=f"^{name} = "):
        alpha_squared(**arguments)


def test_bad_types_are_named():
    with pytest.raises(TypeError, match="^mesh"):
        alpha_squared(mesh=6.0)
    with pytest.raises(TypeError, match="^capacitance"):
        bulk_modulus(capacitance=1)
    with pytest.raises(ValueError, match="^holes"):
        decoupled_layers(1.0, 10, "gas")


@settings(max_examples=15)
@given(st.floats(0.3, 2.0), st.floats(0.3, 5.0), st.floats(3, 30), st.sampled_from(["dropped", "madelung"]))
def test_valid_input_gives_numbers(r_s, d, ratio, mode):
    result = bulk_modulus(mass_ratio=ratio, d=d, r_s=r_s, mesh=3, zero_mode=mode, cutoff=2.0)
    assert all(math.isfinite(v) for v in (result.alpha_squared, result.error, result.pressure, result.crystal_order))


def test_fit_line():
    r_s = np.linspace(0.3, 2, 8)
    bump = np.where(np.arange(8) == 3, 0.01, 0.0)
    line = fit_line(r_s, 1.2 - 0.8 * r_s + bump)
    assert line.slope == pytest.approx(-0.8, abs=0.01) and line.root == pytest.approx(1.5, abs=0.01)
    assert 0.005 < line.residual < 0.01
    np.testing.assert_allclose(line(r_s), line.intercept + line.slope * r_s)
    other = line.through(1.6, 0.09)
    assert other(1.6) == pytest.approx(0.09) and other(0.0) == pytest.approx(line.intercept)
    with pytest.raises(ValueError, match="^values"):
        fit_line([1.0, 2.0], [1.0, 2.0])
