import numpy as np
import pytest

from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.twists import twist_average, twist_grid
from ehbilayer.model.uniform_gas import uniform_gas_energy

CRYSTAL = dict(mass_ratio=10, d=1.0, r_s=7.0, mesh=4, cutoff=2.0)


def test_shells_of_the_free_gas_average_out():
    # Both layers liquid: the kinetic energy is that of free electrons.
    errors = {}
    for mesh in (6, 10):
        liquid = dict(mass_ratio=10, d=1.0, r_s=2.0, mesh=mesh, cutoff=1.0, holes="liquid")
        exact = 10 * uniform_gas_energy(2.0, 2)[0]
        centred = solve_crystal(**liquid).state.energy.kinetic["e"] / mesh**2
        errors[mesh] = centred / exact - 1, twist_average(count=5, **liquid).kinetic["e"] / exact - 1
    assert all(abs(twisted) < 0.3 * abs(centred) for centred, twisted in errors.values())
    assert abs(errors[6][1]) < 4e-3 and abs(errors[10][1]) < 1e-3


def test_no_twist_is_the_centred_mesh():
    (twist,) = twist_grid(1)
    assert twist == (0.0, 0.0)
    average = twist_average(count=1, **CRYSTAL)
    assert average.energy_per_pair == pytest.approx(solve_crystal(**CRYSTAL).energy_per_pair, abs=1e-9)
    assert average.spread == 0.0 and average.twists == 1


def test_opposite_and_rotated_twists_have_one_energy():
    # Rotated by 60 degrees the reciprocal vectors go into b2 and b2 - b1, up to the choice of the basis.
    twists = [(0.2, 0.1), (-0.2, -0.1), (0.1, 0.2)]
    energies = [solve_crystal(twist=twist, **CRYSTAL).energy_per_pair for twist in twists]
    np.testing.assert_allclose(energies, energies[0], atol=1e-9)
    assert abs(energies[0] - solve_crystal(**CRYSTAL).energy_per_pair) > 1e-5


def test_localised_carriers_do_not_feel_the_boundary():
    far = dict(mass_ratio=1, d=10.0, r_s=20.0, mesh=4, cutoff=3.0, electrons="crystal")
    assert twist_average(count=2, **far).spread < 1e-7


def test_the_grid_covers_the_zone_evenly():
    for count in (1, 2, 3, 4):
        grid = twist_grid(count)
        assert sum(grid.values()) == count**2
        assert np.abs(np.array(list(grid))).max() <= 0.5


@pytest.mark.parametrize("arguments, name", [({"count": 0}, "count"), ({"twist": (0.7, 0.0)}, "twist")])
def test_bad_arguments_are_named(arguments, name):
    with pytest.raises(ValueError, match=f"{name} = "):
        twist_average(**arguments) if "count" in arguments else solve_crystal(**arguments)
