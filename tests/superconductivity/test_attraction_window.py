"""Window of attraction by Hartree-Fock's own plasmon: exact cases of the interpolation, roots, independent averages."""

import math

import numpy as np
import pytest
import xarray as xr

from ehbilayer.errors import ArgumentError
from ehbilayer.superconductivity import eliashberg
from ehbilayer.superconductivity.attraction_window import OwnPlasmon, attraction_window, own_plasmon
from ehbilayer.superconductivity.coupling import coupling_spectrum
from ehbilayer.superconductivity.pairing import coulomb_strength, debye_temperature
from ehbilayer.superconductivity.plasmon import coupling_with_velocity, static_velocity_squared
from ehbilayer.superconductivity.screened_pairing import static_pairing_strength
from ehbilayer.superconductivity.static_response import line_waves, response_lines, static_response
from ehbilayer.superconductivity.velocity_coupling import velocity_spectrum
from ehbilayer.units import fermi_energy

R_S = 1.6


def made_up(function, distances, mesh=8):
    """An `OwnPlasmon` whose alpha^2 is a given function of q and d."""
    _, q, along_k = line_waves(mesh)
    values = np.array([function(q / R_S, d) for d in distances])
    data = xr.DataArray(values, dims=("d", "wave"), coords={"d": list(distances)})
    return OwnPlasmon({"r_s": R_S, "mass_ratio": 10.0, "mesh": mesh}, {}, data, q, along_k)


def test_lines_end_beyond_the_largest_momentum_transfer():
    for mesh in (4, 6, 9):
        waves, q, along_k = line_waves(mesh)
        for line in (~along_k, along_k):
            assert q[line].max() > 2 * math.sqrt(2) > np.sort(q[line])[-2]
        assert all(w[1] == 0 for w, k in zip(waves, along_k, strict=True) if not k)
    # K is at 4 pi/3 over the lattice constant, a corner of the zone, M at the middle of its edge.
    waves, q, _ = line_waves(6)
    lattice = math.sqrt(2 * math.pi / math.sqrt(3))
    assert math.isclose(q[waves.index((2, -2))], 4 * math.pi / (3 * lattice))
    assert math.isclose(q[waves.index((3, 0))], 2 * math.pi / (math.sqrt(3) * lattice))


def test_lines_are_single_responses():
    lines = response_lines(d=0.5, mesh=4)
    waves = line_waves(4)[0]
    for index in (1, 3):
        single = static_response(d=0.5, mesh=4, wave=waves[index], cutoff=2.0)
        assert math.isclose(lines.alpha_squared[index], single.alpha_squared, rel_tol=1e-9)
        assert math.isclose(lines.q_r_s[index], single.q_r_s)


@pytest.mark.parametrize("d", [0.1, 0.35])
def test_clouds_of_the_holes_need_no_more_plane_waves(d):
    few, many = (response_lines(d=d, r_s=1.0, mesh=4, cutoff=cutoff).alpha_squared for cutoff in (2.0, 3.0))
    assert np.allclose(few, many, atol=1e-3)


def test_rpa_velocities_give_back_the_static_interaction():
    plasmon = made_up(lambda q, d: static_velocity_squared(q, r_s=R_S, d=d), (0.3, 0.6, 1.0))
    assert math.isclose(plasmon.strength(0.6, umklapp=False), static_pairing_strength(r_s=R_S, d=0.6), abs_tol=1e-9)


def test_a_softer_rpa_is_that_velocity_in_equation_four():
    # The difference to RPA is what is interpolated: a constant one exactly.
    def softer(q, d):
        return static_velocity_squared(q, r_s=R_S, d=d) - 0.8

    plasmon = made_up(softer, (0.5, 0.7, 1.0))
    for d, umklapp in ((0.5, True), (0.7, False), (1.0, True)):
        expected = coulomb_strength(R_S) - coupling_with_velocity(
            lambda q, d=d: softer(q, d), r_s=R_S, d=d, umklapp=umklapp
        )
        assert math.isclose(plasmon.strength(d, umklapp), float(expected), rel_tol=1e-9)


def test_a_constant_gives_the_papers_spectrum_and_temperature():
    spectrum = velocity_spectrum(lambda q: np.full((3, len(q)), 0.09), r_s=R_S, d=1.0, mass_ratio=10)
    frozen = coupling_spectrum(R_S, 0.3, 1 / R_S)
    assert math.isclose(spectrum.coupling, frozen.coupling, rel_tol=1e-8)
    coulomb, fermi = float(coulomb_strength(R_S)), float(fermi_energy(R_S))
    ours = eliashberg.transition(spectrum, coulomb=coulomb, fermi=fermi).temperature
    assert math.isclose(ours, eliashberg.critical_temperature(r_s=R_S, alpha=0.3, d=1.0, mass_ratio=10), rel_tol=1e-3)


def test_temperatures_take_the_velocity_at_the_debye_wave_number():
    plasmon = made_up(lambda q, d: static_velocity_squared(q, r_s=R_S, d=d) - 0.5, (0.05, 0.1, 0.2))
    bcs, full = plasmon.transition_temperatures(0.1)
    at_debye = static_velocity_squared(2 / R_S, r_s=R_S, d=0.1) - 0.5
    debye = float(debye_temperature(R_S, math.sqrt(at_debye), 10))
    assert math.isclose(math.log(bcs / (1.13 * debye)), 1 / plasmon.strength(0.1), rel_tol=1e-9)
    assert 0 < full < bcs


def test_directions_are_averaged_in_the_coupling():
    def coupling(velocity_squared):
        return velocity_spectrum(velocity_squared, r_s=R_S, d=1.0, mass_ratio=10).coupling

    both = coupling(lambda q: np.stack([np.full_like(q, 0.1), np.full_like(q, 0.4)]))
    each = [coupling(lambda q, x=x: np.full_like(q, x)) for x in (0.1, 0.4)]
    assert math.isclose(both, sum(each) / 2, rel_tol=1e-12)


def test_window_lies_between_instability_and_repulsion():
    distances = np.linspace(0.1, 1.0, 19)
    plasmon = made_up(lambda q, d: np.full_like(q, 2 * (d - 0.303)), distances, mesh=30)
    lower, upper = plasmon.window()
    assert abs(plasmon.softest(lower)) < 1e-4
    assert abs(plasmon.strength(upper)) < 1e-4
    assert plasmon.strength(lower - 1e-3) == -math.inf
    assert plasmon.strength(upper - 0.01) < 0 < plasmon.strength(upper + 0.01)
    assert all(math.isnan(T) for T in plasmon.transition_temperatures(lower - 1e-3))
    assert plasmon.transition_temperatures(1.0) == (0.0, 0.0)


def test_stable_and_repulsive_everywhere_is_no_window():
    plasmon = made_up(lambda q, d: np.full_like(q, 3.0), (0.2, 0.5, 1.0))
    assert plasmon.window() == (0.2, 0.2)
    with pytest.raises(ArgumentError, match="^d = "):
        made_up(lambda q, d: np.full_like(q, 0.02), (0.2, 0.5, 1.0)).window()
    with pytest.raises(ArgumentError, match="^d = "):
        plasmon.velocity_squared(np.array([1.0]), 1.5)
    with pytest.raises(ArgumentError, match="^plasmons = "):
        attraction_window([])


def test_errors_hold_boxes_and_temperatures():
    distances = np.linspace(0.1, 1.0, 19)

    def box(shift, mesh):
        return made_up(lambda q, d: np.full_like(q, 2 * (d - shift)), distances, mesh=mesh)

    found = attraction_window([box(0.35, 12), box(0.3, 10)], box(0.31, 10))
    assert list(found.boxes) == [100, 144]
    assert found.lower == found.boxes[144][0]
    assert math.isclose(found.lower_error, 0.06, abs_tol=2e-3)
    with pytest.raises(ArgumentError, match="^warmer = "):
        attraction_window([box(0.35, 12)], box(0.3, 10))


def test_hartree_fock_attracts_in_a_narrow_window_only():
    found = attraction_window([own_plasmon(d=[0.25, 0.3, 0.35, 0.4, 0.5, 1.0], mesh=4)])
    assert 0.25 < found.lower < found.upper < 0.45


@pytest.mark.slow
def test_finer_distances_do_not_move_the_window():
    coarse = own_plasmon(d=[0.25, 0.3, 0.35, 0.4, 0.5, 0.7, 1.0], mesh=6).window()
    fine = own_plasmon(d=[*np.arange(0.25, 0.451, 0.02), 0.7, 1.0], mesh=6).window()
    assert np.allclose(coarse, fine, atol=3e-3)
