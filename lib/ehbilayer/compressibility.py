r"""Bulk modulus of a hole crystal with its electrons: alpha^2 of paper A's Eq. 6.

:math:`\alpha^2 = B/B_0` with :math:`B = A\,\partial^2 E/\partial A^2` at fixed carrier number and fixed layer
distance, and :math:`B_0 = n \varepsilon_F` of free unpolarised electrons. In terms of the energy per pair e and
the relative area x = A/A_0, :math:`\alpha^2 = e''(1)/\varepsilon_F`.

The functions take r_s and d in units of the electrons' Bohr radius a_e.
"""

import math
from dataclasses import dataclass

import numpy as np

from ehbilayer import validation
from ehbilayer.coulomb import ZeroMode, madelung_potential
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.hartree_fock.crystal import EINSTEIN_FREQUENCY
from ehbilayer.lattice import RECIPROCAL_LENGTH, Box

UNITS = {"d": "a_e", "r_s": "a_e", "cutoff": "|b|"}

#: Second derivative of x^(-1/2) at 1: the weight of a 1/r_s energy in alpha^2.
_COULOMB = 0.75


@dataclass(frozen=True)
class BulkModulus:
    """Result of `bulk_modulus`.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    alpha_squared : float
        B/B_0, from energies and virials together; its discretisation error is of fourth order in the step.
    error : float
        Difference between `alpha_squared` and the plain central difference of energies.
    from_energies : float
        Central second difference of three energies.
    from_virial : float
        Central first difference of dE/dA, which the virial theorem gives at two areas.
    pressure : float
        -de/dx in the electrons' Fermi energy: the pressure times the area per pair.
    crystal_order : float
        ``|rho_h(b)|``/N: 0 for uniform holes, 1 for point charges.
    """

    parameters: dict
    units: dict
    alpha_squared: float
    error: float
    from_energies: float
    from_virial: float
    pressure: float
    crystal_order: float

    @property
    def stable(self):
        """Whether alpha^2 > 0; below, the plasmon velocity of Eq. 6 is imaginary."""
        return self.alpha_squared > 0


def bulk_modulus(
    *, mass_ratio=10, d=1.0, r_s=1.6, mesh=6, zero_mode="dropped", cutoff=3.0, electrons="liquid", step=0.01,
    capacitance=False,
):
    r"""alpha^2 of the translation-symmetric hole crystal with an error estimate.

    Hartree-Fock states at relative areas 1 - h, 1, 1 + h give energies e and, by the virial theorem
    :math:`2 x e' = -(2 T + V + d\,\partial e/\partial d)`, slopes. The second differences
    :math:`\delta_e = (e_+ - 2 e_0 + e_-)/h^2` and :math:`\delta_v = (e'_+ - e'_-)/2h` have the errors
    :math:`h^2 e''''/12` and :math:`h^2 e''''/6`, so that :math:`2\delta_e - \delta_v` is of fourth order.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d : float
        Layer distance in a_e, >= 0; held fixed while the area varies.
    r_s : float
        Wigner-Seitz radius in a_e, > 0.
    mesh : int
        The box holds ``mesh**2`` pairs; >= 2.
    zero_mode : {"dropped", "madelung"}
        See `ehbilayer.coulomb.ZeroMode`. The two differ by ``madelung_shift(r_s, mesh)`` exactly.
    cutoff : float
        Plane-wave cutoff in ``|b|``, >= 1.
    electrons : {"liquid", "polarised liquid", "crystal"}
        As in `ehbilayer.hartree_fock.solve_crystal`.
    step : float
        Relative change h of the area, from 1e-3 to 0.1.
    capacitance : bool
        Whether to add the energy 2 pi n d per pair of the uniform charges, that is 4 d/a_e to alpha^2.

    Returns
    -------
    BulkModulus

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    RuntimeError
        If one of the three states did not converge.

    Examples
    --------
    >>> result = bulk_modulus(mass_ratio=10, d=1.0, r_s=1.0, mesh=6)
    >>> print(f"{result.alpha_squared:.3f}", result.error < 2e-4, result.stable)
    0.377 True True
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0)
    d = validation.real("d", d, low=0.0)
    r_s = validation.positive("r_s", r_s)
    mode = ZeroMode.parse(zero_mode)
    step = validation.real("step", step, low=1e-3, high=0.1)
    electrons = validation.option("electrons", electrons, ("liquid", "polarised liquid", "crystal"))
    if not isinstance(capacitance, bool):
        raise TypeError(f"capacitance = {capacitance!r} is not allowed: need True or False")
    parameters = {
        "mass_ratio": mass_ratio, "d": d, "r_s": r_s, "mesh": validation.integer("mesh", mesh, low=2),
        "zero_mode": mode.value, "cutoff": validation.real("cutoff", cutoff, low=1.0), "electrons": electrons,
        "step": step, "capacitance": capacitance,
    }

    def state(x):
        # The zero mode is added below in closed form: it moves no orbital of these states.
        result = solve_crystal(
            mass_ratio=mass_ratio, d=mass_ratio * d, r_s=mass_ratio * r_s * math.sqrt(x), mesh=mesh, cutoff=cutoff,
            electrons=electrons, zero_mode="dropped", tolerance=1e-9,
        )
        if not result.converged:
            raise RuntimeError(
                f"the state at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}, relative area {x} did not converge: "
                f"gradient {result.gradient_norm:.1e} Ha_h"
            )
        return result

    below, here, above = (state(x) for x in (1 - step, 1.0, 1 + step))
    fermi = here.fermi_energy
    energies = [s.energy_per_pair / fermi for s in (below, here, above)]
    slopes = [_slope(s) / (x * fermi) for s, x in ((below, 1 - step), (here, 1.0), (above, 1 + step))]
    from_energies = (energies[2] - 2 * energies[1] + energies[0]) / step**2
    from_virial = (slopes[2] - slopes[0]) / (2 * step)
    value = 2 * from_energies - from_virial
    shift = (madelung_shift(r_s, mesh) if mode is ZeroMode.MADELUNG else 0.0) + (4 * d if capacitance else 0.0)
    # A 1/sqrt(x) energy with second derivative s has the slope -s/1.5; the capacitance energy 2 d/x has -2 d.
    pressure = -slopes[1] + (madelung_shift(r_s, mesh) / 1.5 if mode is ZeroMode.MADELUNG else 0.0)
    pressure += 2 * d if capacitance else 0.0
    return BulkModulus(
        parameters, UNITS, value + shift, abs(value - from_energies), from_energies + shift, from_virial + shift,
        pressure, _crystal_order(here),
    )


def alpha_squared(*, mass_ratio=10, d=1.0, r_s=1.6, mesh=6, zero_mode="dropped", **options):
    """Squared ratio of acoustic-plasmon and Bohm-Staver velocity by paper A's Eq. 6; see `bulk_modulus`.

    Parameters
    ----------
    mass_ratio : float
        m_h/m_e >= 1.
    d, r_s : float
        Layer distance and Wigner-Seitz radius in a_e.
    mesh : int
        The box holds ``mesh**2`` pairs.
    zero_mode : {"dropped", "madelung"}
    **options
        Further arguments of `bulk_modulus`.

    Returns
    -------
    float
        Negative where the bulk modulus is.

    Raises
    ------
    TypeError, ValueError, RuntimeError
        As `bulk_modulus`.

    Examples
    --------
    >>> print(f"{alpha_squared(mass_ratio=10, d=1.0, r_s=1.6, mesh=6, zero_mode='dropped'):.3f}")
    -0.132
    """
    return bulk_modulus(
        mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, zero_mode=zero_mode, **options
    ).alpha_squared


def madelung_shift(r_s, mesh):
    r"""Change of alpha^2 by the Madelung correction, :math:`-\tfrac34 v_M r_s` with v_M of the box.

    Each pair has the energy ``-v_M/r_s`` with its images, whatever the state.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    mesh : int
        The box holds ``mesh**2`` pairs.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{madelung_shift(1.6, 6):.4f}")
    -0.4424
    """
    r_s = validation.reals("r_s", r_s, low=0.0, low_open=True)
    mesh = validation.integer("mesh", mesh, low=1)
    return -_COULOMB * madelung_potential(Box.triangular(mesh, mesh)) * r_s


def uniform_gas(r_s):
    r"""alpha^2 of the uniform unpolarised electron gas in Hartree-Fock theory, :math:`1 - \sqrt2 r_s/\pi`.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{uniform_gas(1.0):.4f}")
    0.5498
    """
    return 1 - math.sqrt(2) / math.pi * validation.reals("r_s", r_s, low=0.0, low_open=True)


def decoupled_layers(r_s, mass_ratio, holes="crystal"):
    r"""alpha^2 at large layer distance: the uniform electron gas and the holes' own bulk modulus.

    A crystal adds its Madelung energy and the zero-point energy of Einstein oscillators,
    :math:`-\tfrac34 \cdot 2.2122\, r_s + \tfrac{21}{16}\, 0.8936 \sqrt{r_s m_e/m_h}`, with corrections of relative
    order :math:`(r_s m_h/m_e)^{-1/2}`. Polarised uniform holes add :math:`2 m_e/m_h - 2 r_s/\pi`.

    Parameters
    ----------
    r_s : float or array_like
        In a_e, > 0.
    mass_ratio : float
        m_h/m_e >= 1.
    holes : {"crystal", "liquid"}

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> print(f"{decoupled_layers(1.6, 10):.3f} {decoupled_layers(1.6, 10, 'liquid'):.3f}")
    -0.578 -0.539
    """
    mass_ratio = validation.real("mass_ratio", mass_ratio, low=1.0)
    electrons = uniform_gas(r_s)
    r_s = validation.reals("r_s", r_s, low=0.0, low_open=True)
    if validation.option("holes", holes, ("crystal", "liquid")) == "liquid":
        return electrons + 2 / mass_ratio - 2 * r_s / math.pi
    lattice = -_COULOMB * madelung_potential(Box.triangular(1, 1)) / 2 * r_s
    return electrons + lattice + 21 / 16 * EINSTEIN_FREQUENCY * np.sqrt(r_s / mass_ratio)


@dataclass(frozen=True)
class Line:
    """Straight line alpha^2 = intercept + slope r_s through computed points.

    Attributes
    ----------
    intercept, slope : float
    residual : float
        Largest distance of a point from the line.
    root : float
        r_s at which the line crosses zero.
    """

    intercept: float
    slope: float
    residual: float

    @property
    def root(self):
        return -self.intercept / self.slope

    def through(self, r_s, value):
        """The line with the same intercept through another point.

        Parameters
        ----------
        r_s, value : float
            r_s > 0 and alpha^2 there.

        Returns
        -------
        Line
            With a residual of 0.
        """
        r_s, value = validation.positive("r_s", r_s), validation.real("value", value)
        return Line(self.intercept, (value - self.intercept) / r_s, 0.0)

    def __call__(self, r_s):
        return self.intercept + self.slope * np.asarray(r_s, dtype=float)


def fit_line(r_s, values):
    """Least-squares line through alpha^2 against r_s.

    Parameters
    ----------
    r_s, values : array_like, shape (n,)
        At least three points.

    Returns
    -------
    Line

    Raises
    ------
    TypeError, ValueError
        If the shapes differ, there are fewer than three points or a value is not finite.

    Examples
    --------
    >>> line = fit_line([0.5, 1.0, 1.5], [0.8, 0.4, 0.0])
    >>> print(f"{line.intercept:.2f} {line.slope:.2f} {line.root:.2f}")
    1.20 -0.80 1.50
    """
    r_s = np.atleast_1d(validation.reals("r_s", r_s, low=0.0, low_open=True))
    values = np.atleast_1d(validation.reals("values", values))
    if r_s.ndim != 1 or r_s.shape != values.shape or len(r_s) < 3:
        raise ValueError(f"values is not allowed: need as many as r_s and three or more, got {values.shape} and {r_s.shape}")
    slope, intercept = np.polyfit(r_s, values, 1)
    return Line(float(intercept), float(slope), float(np.abs(values - intercept - slope * r_s).max()))


def _slope(state):
    """x de/dx at fixed layer distance, in Ha_h, from the virial theorem."""
    parts = state.state.energy
    kinetic = sum(parts.kinetic.values())
    return -(2 * kinetic + parts.potential + parts.separation_derivative) / (2 * state.pairs)


def _crystal_order(state):
    block = state.state
    shortest = int(np.argmin(np.abs(block.basis.lengths - RECIPROCAL_LENGTH)))
    holes = next(i for i, s in enumerate(block.functional.species) if s.name == "h")
    return float(abs(block.density_components(holes)[shortest])) / state.pairs
