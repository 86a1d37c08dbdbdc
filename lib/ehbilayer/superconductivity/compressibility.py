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
from ehbilayer.errors import NotConverged
from ehbilayer.hartree_fock import solve_crystal
from ehbilayer.model.coulomb import ZeroMode, madelung_potential
from ehbilayer.model.lattice import RECIPROCAL_LENGTH, Box
from ehbilayer.model.lattice_sums import einstein_frequency
from ehbilayer.phases.candidates import shell_correction

__all__ = [
    "UNITS",
    "BulkModulus",
    "Line",
    "SizeDependence",
    "alpha_squared",
    "bulk_modulus",
    "decoupled_layers",
    "fit_line",
    "madelung_shift",
    "shell_shift",
    "size_dependence",
    "uniform_gas",
]

UNITS = {"d": "a_e", "r_s": "a_e", "cutoff": "|b|"}

#: Second derivative of x^(-1/2) at 1: the weight of a 1/r_s energy in alpha^2.
_COULOMB = 0.75

#: Largest difference of the two second derivatives, relative to 1 + alpha^2, that a finite step explains.
_ONE_BRANCH = 0.1


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
    *,
    mass_ratio=10,
    d=1.0,
    r_s=1.6,
    mesh=6,
    zero_mode="dropped",
    cutoff=3.0,
    electrons="liquid",
    step=0.01,
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
        See `ehbilayer.model.coulomb.ZeroMode`. The two differ by ``madelung_shift(r_s, mesh)`` exactly.
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
        If one of the three states did not converge, or they do not lie on one branch: in large boxes another filling of
        the electrons' open shell may be found at one of the areas.

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
        "mass_ratio": mass_ratio,
        "d": d,
        "r_s": r_s,
        "mesh": validation.integer("mesh", mesh, low=2),
        "zero_mode": mode.value,
        "cutoff": validation.real("cutoff", cutoff, low=1.0),
        "electrons": electrons,
        "step": step,
        "capacitance": capacitance,
    }

    def state(x):
        # The zero mode is added below in closed form: it moves no orbital of these states.
        result = solve_crystal(
            mass_ratio=mass_ratio,
            d=mass_ratio * d,
            r_s=mass_ratio * r_s * math.sqrt(x),
            mesh=mesh,
            cutoff=cutoff,
            electrons=electrons,
            zero_mode="dropped",
            tolerance=1e-9,
        )
        if not result.converged:
            raise NotConverged(
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
    # On one branch of states the two differ by a term of order h^2 only.
    if abs(from_energies - from_virial) > _ONE_BRANCH * (1 + abs(from_virial)):
        raise NotConverged(
            f"the states at mass_ratio = {mass_ratio}, d = {d}, r_s = {r_s}, mesh = {mesh} and relative areas 1 -+ {step} lie on "
            f"different branches: alpha^2 = {from_energies:.2f} from energies, {from_virial:.2f} from slopes; change step or mesh"
        )
    shift = (madelung_shift(r_s, mesh) if mode is ZeroMode.MADELUNG else 0.0) + (4 * d if capacitance else 0.0)
    # A 1/sqrt(x) energy with second derivative s has the slope -s/1.5; the capacitance energy 2 d/x has -2 d.
    pressure = -slopes[1] + (madelung_shift(r_s, mesh) / 1.5 if mode is ZeroMode.MADELUNG else 0.0)
    pressure += 2 * d if capacitance else 0.0
    return BulkModulus(
        parameters,
        UNITS,
        value + shift,
        abs(value - from_energies),
        from_energies + shift,
        from_virial + shift,
        pressure,
        _crystal_order(here),
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
    return bulk_modulus(mass_ratio=mass_ratio, d=d, r_s=r_s, mesh=mesh, zero_mode=zero_mode, **options).alpha_squared


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


def shell_shift(r_s, mesh):
    r"""Change of alpha^2 on replacing the electrons' shells of the box by their thermodynamic limit.

    Beyond the zero mode a finite box changes the kinetic and exchange energy of the electron liquid. For free
    electrons both are known exactly (`ehbilayer.phases.candidates.shell_correction`):
    :math:`\Delta E = K/r_s^2 + X/r_s` per pair adds :math:`2K + \tfrac34 X r_s` to alpha^2.

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
    >>> print(f"{shell_shift(1.6, 6):.4f} {shell_shift(1.6, 12):.4f}")
    0.0312 -0.0045
    """
    r_s = validation.reals("r_s", r_s, low=0.0, low_open=True)
    one, two = (shell_correction(x, mesh, 1.0, False) for x in (1.0, 2.0))
    exchange = 4 * two - one
    return 2 * (one - exchange) + _COULOMB * exchange * r_s


@dataclass(frozen=True, eq=False)
class SizeDependence:
    """Result of `size_dependence`; arrays run over ``parameters["meshes"]``.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    dropped, madelung : ndarray, shape (n,)
        alpha^2 with V(0) = 0 and with the Madelung correction.
    corrected : ndarray, shape (n,)
        Madelung-corrected and with `shell_shift`.
    limit : float
        `corrected` in the largest box: the estimate for infinitely many pairs.
    limit_error : float
        Its distance from the other boxes of 36 pairs or more (or from the next smaller one), plus `step_error` and
        `cutoff_error`.
    dropped_limit, madelung_limit : float
        What the uncorrected values alone extrapolate to: the intercept of a straight line in N^(-1/2) through `dropped`,
        and the mean of `madelung`.
    step_error : float
        Largest `BulkModulus.error`.
    cutoff_change : float
        What the plane waves up to `fine_cutoff` add, computed in the smallest box and added to all.
    cutoff_error : float
        A twentieth of it, which is how far it varies with the size of the box.
    crystal_order : float
        Of the largest box, see `BulkModulus`.
    """

    parameters: dict
    units: dict
    dropped: np.ndarray
    madelung: np.ndarray
    corrected: np.ndarray
    limit: float
    limit_error: float
    dropped_limit: float
    madelung_limit: float
    step_error: float
    cutoff_change: float
    cutoff_error: float
    crystal_order: float


def size_dependence(
    *,
    mass_ratio=10,
    d=1.0,
    r_s=1.6,
    meshes=(4, 6, 8, 12),
    cutoff=2.5,
    fine_cutoff=None,
    step=0.01,
):
    """alpha^2 of the EL-HC state in boxes of increasing size, and its limit.

    The plane-wave cutoff matters through the shape of one hole's cloud, which hardly knows the size of the box: the
    change on going to `fine_cutoff` is computed for the smallest box and added to all.

    Parameters
    ----------
    mass_ratio, d, r_s, step
        As in `bulk_modulus`.
    meshes : sequence of int
        At least two, increasing; boxes of ``mesh**2`` pairs.
    cutoff : float
        For all boxes, in ``|b|``.
    fine_cutoff : float, optional
        For the smallest box, >= `cutoff`; by default `cutoff`. Needed below d = 0.5 a_e: 4 at d = 0.25 a_e, 6 at d = 0.

    Returns
    -------
    SizeDependence

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.
    RuntimeError
        If a state did not converge.

    Examples
    --------
    >>> result = size_dependence(mass_ratio=10, d=1.0, r_s=1.6, meshes=(4, 6, 8))
    >>> print(f"{result.limit:.3f}", result.limit_error < 2e-3)
    -0.542 True
    """
    if isinstance(meshes, str) or not hasattr(meshes, "__iter__"):
        raise TypeError(f"meshes = {meshes!r} is not allowed: need a sequence of integers")
    meshes = tuple(validation.integer("meshes", mesh, low=3) for mesh in meshes)
    if len(meshes) < 2 or list(meshes) != sorted(set(meshes)):
        raise ValueError(f"meshes = {meshes!r} is not allowed: need two or more increasing integers")
    cutoff = validation.real("cutoff", cutoff, low=1.0)
    fine_cutoff = cutoff if fine_cutoff is None else validation.real("fine_cutoff", fine_cutoff, low=cutoff)
    point = dict(mass_ratio=mass_ratio, d=d, r_s=r_s, step=step)
    results = [bulk_modulus(**point, mesh=mesh, cutoff=cutoff) for mesh in meshes]
    change = 0.0
    if fine_cutoff > cutoff:
        change = bulk_modulus(**point, mesh=meshes[0], cutoff=fine_cutoff).alpha_squared - results[0].alpha_squared
    dropped = np.array([result.alpha_squared for result in results]) + change
    madelung = dropped + np.array([madelung_shift(r_s, mesh) for mesh in meshes])
    corrected = madelung + np.array([shell_shift(r_s, mesh) for mesh in meshes])
    others = [value for value, mesh in zip(corrected[:-1], meshes[:-1], strict=True) if mesh >= 6] or [corrected[-2]]
    step_error = max(result.error for result in results)
    cutoff_error = abs(change) / 20
    error = max(abs(corrected[-1] - value) for value in others) + step_error + cutoff_error
    dropped_limit = np.polyfit(1 / np.array(meshes, dtype=float), dropped, 1)[1]
    parameters = results[0].parameters | {"meshes": meshes, "fine_cutoff": fine_cutoff}
    for name in ("mesh", "zero_mode", "electrons", "capacitance"):
        del parameters[name]
    return SizeDependence(
        parameters,
        UNITS | {"fine_cutoff": "|b|"},
        dropped,
        madelung,
        corrected,
        float(corrected[-1]),
        float(error),
        float(dropped_limit),
        float(madelung.mean()),
        step_error,
        float(change),
        cutoff_error,
        results[-1].crystal_order,
    )


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
    :math:`-\tfrac34 \cdot 1.1061\, r_s + \tfrac{21}{16}\, 0.8936 \sqrt{r_s m_e/m_h}`, with corrections of relative
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
    return electrons + lattice + 21 / 16 * einstein_frequency() * np.sqrt(r_s / mass_ratio)


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
        raise ValueError(
            f"values is not allowed: need as many as r_s and three or more, got {values.shape} and {r_s.shape}"
        )
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
    holes = next(i for i, s in enumerate(block.functional.species) if s.layer == "h")
    return float(abs(block.density_components(holes)[shortest])) / state.pairs
