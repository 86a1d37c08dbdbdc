"""Entry point: times and nonlinear coefficients of the frictional drag, and what two set-ups measure from them."""

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import constants
from scipy.special import zeta

from ehbilayer import validation
from ehbilayer.drag import dynamic, linear, nonlinear, screening
from ehbilayer.drag.layers import ParabolicLayer, RashbaLayer
from ehbilayer.model import lindhard
from ehbilayer.units import CHARGE, COULOMB, HBAR, HBAR2_PER_M0

ANSATZE = {"linearised": 0.0, "shifted": 0.5, "relaxation-time": 1.0}
"""Coefficient s of u^2 d^2f_0/dk_x^2 in the drifting distribution: Eq. 22 as it stands, a shifted Fermi-Dirac function,
and the second order in the field of a relaxation-time approximation."""

_PS, _PER_CM2 = 1e-12, 1e14
_COARSER = (2, 2, 1.3)  # nodes and directions taken away, and spacing multiplied, for the error estimate
_MAX_POINTS = 4e9
# Thermal plasmons lie where the damping is exponentially small and its relative error counts: from this k_B T/E_F on,
# the grid is no longer coarsened with T.
_PLASMONS = 0.09


@dataclass(frozen=True)
class DragCoefficients:
    """Frictional drag of the holes (layer 2) by the electrons (layer 1) to second order in the drift.

    The force on a hole along x is F/hbar = u1/tau_D1 - u2/tau_D2 + K11 u1^2 + K12 u1 u2 + K22 u2^2 with
    u1 = mass_e v1/hbar and u2 = m_h v2/hbar.

    Attributes
    ----------
    tau_D1, tau_D2 : float
        Drag times in s.
    K11, K12, K22 : float
        In nm/ps.
    density_e, density_h : float
        In cm^-2.
    mass_e : float
        Average mass of the electrons along x (Eq. 10) in m_0.
    current_shift : float
        c in v1 = hbar (u1 + c u1^2)/mass_e, the mean velocity of the chosen drifting distribution, in nm; 0 for the linearised one.
    error : dict of float
        Estimated relative error of 1/tau_D1, 1/tau_D2 and of the K's (of the largest of them): the change from a coarser
        grid. Empty if no estimate was asked for.
    grid : dict of float
        Numerical grid: ``order``, and for the Rashba layer ``angles`` and ``spacing`` (nm^-1).
    parameters : dict
        The arguments, with T in K, energies in meV, lengths in nm, masses in m_0, lam in meV nm.
    """

    tau_D1: float
    tau_D2: float
    K11: float
    K12: float
    K22: float
    density_e: float
    density_h: float
    mass_e: float
    current_shift: float
    error: dict = field(repr=False)
    grid: dict = field(repr=False)
    parameters: dict = field(repr=False)

    @property
    def mass_h(self):
        """Mass of the holes in m_0."""
        return self.parameters["m_h"]

    @property
    def resistivity(self):
        """Drag resistivity E2/j1 with the holes' layer open, in ohms (Eq. 37 with v2 = 0); positive for an electron-hole pair."""
        # m v/(n e^2 tau): hbar^2/(meV nm^2 m_0) cancels; CHARGE is in µA ps.
        mass = self.mass_e * HBAR**2 / HBAR2_PER_M0  # meV ps^2/nm^2
        density = self.density_e / _PER_CM2
        mev_per_e_ps = CHARGE * 1e-6  # V (meV/e) is 1e-3 V, e/ps is CHARGE µA
        return mass / (self.tau_D1 / _PS * density) * 1e-3 / mev_per_e_ps

    @property
    def low_temperature_law(self):
        """Limit of the drag resistivity for T -> 0, k_F d >> 1, q_TF d >> 1 of two parabolic layers, in ohms.

        (h/e^2)(pi zeta(3)/8) (k_B T)^2/(E_F1 E_F2)/(k_F1 d k_F2 d q_1 d q_2 d), q_i = 2 pi e^2 nu_i/eps_r; infinite at d = 0.
        """
        p = self.parameters
        if p["d"] == 0.0:
            return math.inf
        layers = [ParabolicLayer(p[f"m_{name}"], p[f"E_F_{name}"], p["T"]) for name in ("e", "h")]
        lengths = [
            k * p["d"]
            for layer in layers
            for k in (layer.fermi_wave_number, 2 * math.pi * COULOMB * layer.density_of_states / p["eps_r"])
        ]
        energies = [layer.E_F / layer.thermal_energy for layer in layers]
        quantum = constants.h / constants.e**2
        return quantum * math.pi * float(zeta(3)) / 8 / math.prod(energies) / math.prod(lengths)

    def drag_ratio(self, tau_2):
        """Linear drag ratio zeta = j2/j1 with the holes' layer short-circuited (Eqs. 10 and 53).

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s, greater than zero.

        Returns
        -------
        float
            Negative for an electron-hole pair.

        Raises
        ------
        TypeError, ValueError
            If `tau_2` is not a finite number greater than zero.
        """
        tau_2 = validation.positive("tau_2", tau_2)
        resistance = self.tau_D1 / tau_2 + self.tau_D1 / self.tau_D2
        return -self.density_h * self.mass_e / (self.density_e * self.mass_h * resistance)

    def nonreciprocity(self, tau_2, current=1.0):
        """Relative change zeta^(1)/zeta^(0) of the drag ratio at a drive current, to first order (Eq. 54, corrected).

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s.
        current : float
            Drive current per width in A/m, the same as µA/µm; of either sign.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            If an argument is not a finite number in its range.
        """
        inverse = 1 / self._resistance(tau_2)
        quadratic = self.K11 + self.K12 * inverse + self.K22 * inverse**2
        return (self.tau_D1 / _PS * quadratic - self.current_shift) * self._velocity(current)

    def drag_ratio_at(self, tau_2, current):
        """Drag ratio at a finite drive current: the exact root of the quadratic force balance (Eq. 49).

        Parameters
        ----------
        tau_2 : float
            Relaxation time of the holes in s.
        current : float
            Drive current per width in A/m, not zero.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            If an argument is not a finite number in its range, or the balance has no real root.
        """
        velocity = self._velocity(current)
        if velocity == 0.0:
            return self.drag_ratio(tau_2)
        bend = 1 + 4 * self.current_shift * velocity
        if bend < 0:
            raise ValueError(f"current = {current!r} is not allowed: the drifting distribution does not carry it")
        u1 = 2 * velocity / (1 + math.sqrt(bend))
        time = self.tau_D1 / _PS
        # u2 = r u1: time K22 u1 r^2 - (D - time K12 u1) r + (1 + time K11 u1) = 0, the root that is 1/D for u1 -> 0.
        square, line = time * self.K22 * u1, self._resistance(tau_2) - time * self.K12 * u1
        constant = 1 + time * self.K11 * u1
        root = line**2 - 4 * square * constant
        if root < 0 or line <= 0:
            raise ValueError(
                f"current = {current!r} is not allowed: the second-order force balance has no solution there"
            )
        ratio = 2 * constant / (line + math.sqrt(root))
        return -self.density_h * self.mass_e / (self.density_e * self.mass_h) * ratio * u1 / velocity

    def _resistance(self, tau_2):
        tau_2 = validation.positive("tau_2", tau_2)
        return self.tau_D1 / tau_2 + self.tau_D1 / self.tau_D2

    def _velocity(self, current):
        """m v1/hbar in nm^-1 at a current in A/m, carried by charges -e."""
        velocity = -validation.real("current", current) * 1e-3 / (CHARGE * self.density_e / _PER_CM2)  # nm/ps
        return self.mass_e * HBAR / HBAR2_PER_M0 * velocity


def mobility(tau, mass):
    """Mobility e tau/m of carriers with one relaxation time.

    Parameters
    ----------
    tau : float
        Relaxation time in s, greater than zero.
    mass : float
        In m_0, greater than zero.

    Returns
    -------
    float
        In m^2/(V s).

    Raises
    ------
    TypeError, ValueError
        If an argument is not a finite number greater than zero.

    Examples
    --------
    >>> print(f"{mobility(1e-9, 0.2):.0f}")
    879
    """
    return constants.e * validation.positive("tau", tau) / (validation.positive("mass", mass) * constants.m_e)


def drag_coefficients(
    *,
    T=10.0,
    E_F_e=10.0,
    E_F_h=10.0,
    m_e=0.2,
    m_h=0.2,
    d=20.0,
    eps_r=5.0,
    lam=50.0,
    J=10.0,
    B=2.585,
    screening="thomas-fermi",
    ansatz="linearised",
    overlap=False,
    order=8,
    angles=8,
    spacing=None,
    estimate_error=True,
):
    r"""Drag times and second-order coefficients of a Rashba electron layer and a parabolic hole layer.

    With :math:`F` the force on a hole (paper B, Eqs. 32 and 41 with the corrections of the derivation chapter),

    .. math:: F/\hbar = u_1/\tau_{D1} - u_2/\tau_{D2} + K_{11}u_1^2 + K_{12}u_1u_2 + K_{22}u_2^2, \quad
       u_1 = \bar m_e v_1/\hbar, \; u_2 = m_h v_2/\hbar .

    Parameters
    ----------
    T : float
        Temperature in K, greater than zero.
    E_F_e, E_F_h : float
        Chemical potentials above the band minima in meV, greater than zero.
    m_e, m_h : float
        Masses in m_0, greater than zero; m_e that of the band without spin-orbit coupling.
    d : float
        Spacing of the layers in nm, zero or more.
    eps_r : float
        Relative permittivity, greater than zero.
    lam : float
        Rashba parameter in meV nm, of either sign; with 0 the electrons' band is a parabola.
    J, B : float
        Zeeman energies across and in the plane in meV, of either sign.
    screening : {"none", "thomas-fermi", "static-rpa", "dynamic-rpa"}
        Response of the layers that screens the interaction; Thomas-Fermi is dn/dmu at T.
    ansatz : {"linearised", "shifted", "relaxation-time"}
        Second order of the drifting distribution (see `ANSATZE`). It changes K11 and K22 only.
    overlap : bool
        Include the overlap of the electrons' spinors in the collision integral and in their static response.
    order : int
        Gauss-Legendre nodes per panel, at least 4.
    angles : int
        Directions of the transferred momentum in a quarter turn, at least 3 (Rashba layer).
    spacing : float, optional
        Spacing of the electrons' grid in nm^-1 (Rashba layer); by default 0.7 times the coarsest that resolves T, and with
        dynamic screening that of 0.09 E_F_e/k_B where T is higher.
    estimate_error : bool
        Repeat on a coarser grid.

    Returns
    -------
    DragCoefficients

    Raises
    ------
    TypeError
        If an argument is of the wrong type.
    ValueError
        If an argument is outside its range, the spacing too coarse for T, or the grid that T needs too large.

    Notes
    -----
    The sums over omega and k do not depend on a static interaction; the last few are kept, so that further values of
    `d`, `eps_r` and `screening` cost little.

    Examples
    --------
    >>> c = drag_coefficients(T=10, E_F_e=10, E_F_h=10, lam=0, d=20)
    >>> print(f"{c.tau_D1:.3e} s, zeta = {c.drag_ratio(1e-9):.4f}")
    1.057e-07 s, zeta = -0.0094
    """
    given = {"T": T, "E_F_e": E_F_e, "E_F_h": E_F_h, "m_e": m_e, "m_h": m_h, "eps_r": eps_r}
    given = {name: validation.positive(name, value) for name, value in given.items()}
    given["d"] = validation.real("d", d, low=0.0)
    given |= {name: validation.real(name, value) for name, value in {"lam": lam, "J": J, "B": B}.items()}
    kind = validation.option("screening", screening, _SCREENINGS)
    validation.option("ansatz", ansatz, ANSATZE)
    order = validation.integer("order", order, low=4, high=64)
    angles = validation.integer("angles", angles, low=3, high=256)
    for name, value in {"overlap": overlap, "estimate_error": estimate_error}.items():
        if not isinstance(value, bool):
            raise TypeError(f"{name} = {value!r} is not allowed: need True or False, got {type(value).__name__}")
    holes = ParabolicLayer(given["m_h"], given["E_F_h"], given["T"])
    parabolic = given["lam"] == 0.0
    # Without spin-orbit coupling the spinors do not depend on k: a parabola, and overlaps of one.
    if parabolic:
        electrons = ParabolicLayer(given["m_e"], given["E_F_e"], given["T"])
        evaluate, arguments, grid = _parabolic, (electrons, holes, given["d"], given["eps_r"], kind), {"order": order}
        coarse = {"order": order - _COARSER[0]}
    else:
        electrons = RashbaLayer(given["m_e"], given["E_F_e"], given["T"], given["lam"], given["J"], given["B"])
        spacing = checked_spacing(spacing, electrons, kind, order, angles)
        evaluate, arguments = rashba, (electrons, holes, given["d"], given["eps_r"], kind, ANSATZE[ansatz], overlap)
        grid = {"order": order, "angles": angles, "spacing": spacing}
        coarse = {"order": order - _COARSER[0], "angles": angles - _COARSER[1], "spacing": spacing * _COARSER[2]}
    values = evaluate(*arguments, **grid)
    error = {}
    if estimate_error:
        rough = evaluate(*arguments, **coarse)
        largest = np.abs(values[2:]).max()
        change = np.abs(rough - values)
        error = {
            "tau_D1": float(change[0] / values[0]),
            "tau_D2": float(change[1] / values[1]),
            "K": float(change[2:].max() / largest) if largest > 0 else 0.0,
        }
    parameters = given | {"screening": kind, "ansatz": ansatz, "overlap": overlap}
    return assemble(values, electrons, holes, error, grid, parameters)


def assemble(values, electrons, holes, error, grid, parameters):
    """Result from 1/tau_D1 and 1/tau_D2 in 1/ps, the K's in nm/ps, and the layers for which they hold."""
    shift = ANSATZE[parameters["ansatz"]] * electrons.average_third_derivative * electrons.average_mass / HBAR2_PER_M0
    return DragCoefficients(
        _PS / float(values[0]),
        _PS / float(values[1]),
        *map(float, values[2:]),
        electrons.density * _PER_CM2,
        holes.density * _PER_CM2,
        electrons.average_mass,
        shift,
        error,
        grid,
        parameters,
    )


_SCREENINGS = screening.SCREENINGS


def checked_spacing(spacing, electrons, kind, order, angles):
    """Spacing of the electrons' grid that resolves T and costs no more than allowed."""
    needed = electrons.spacing()
    if spacing is None:
        spacing = 0.7 * needed
        if kind == "dynamic-rpa":
            spacing *= min(1.0, _PLASMONS * electrons.E_F / electrons.thermal_energy)
    spacing = validation.positive("spacing", spacing)
    if spacing > needed:
        raise ValueError(
            f"spacing = {spacing!r} is not allowed: too coarse for T = {electrons.T:g} K, need spacing <= {needed:.3g} nm^-1"
        )
    points = (2 * electrons.reach() / spacing) ** 2 * 5 * order * angles
    if points > _MAX_POINTS:
        raise ValueError(
            f"T = {electrons.T:g} is not allowed: the electrons' grid would need {points:.1e} points, more than {_MAX_POINTS:.0e};"
            " need a higher T, or spacing, order or angles to match"
        )
    return spacing


def _parabolic(electrons, holes, d, eps_r, kind, *, order):
    gamma = linear.linear_friction(electrons, holes, d=d, eps_r=eps_r, screening_kind=kind, order=order)
    return np.array([gamma * electrons.curvature, gamma * holes.curvature, 0.0, 0.0, 0.0])


def rashba(electrons, holes, d, eps_r, kind, s, overlap, *, order, angles, spacing):
    """1/tau_D1, 1/tau_D2, K11, K12, K22 of a Rashba and a parabolic layer, in 1/ps and nm/ps."""
    grid = nonlinear.make_grid(electrons, holes, d=d, order=order, angles=angles, spacing=spacing)
    if kind == "dynamic-rpa":
        values, interaction = dynamic.sums(electrons, holes, grid, d, eps_r, overlap), np.ones((1, 1))
    else:
        values, static = kept_sums(electrons, holes, grid, overlap)
        interaction = static_interaction(electrons, holes, grid, static, kind, d, eps_r)
    return with_ansatz(nonlinear.coefficients(electrons, holes, grid, values, interaction), s)


def with_ansatz(sums, s):
    """1/tau_D1, 1/tau_D2, K11, K12, K22 from the seven sums of `nonlinear.coefficients`."""
    return np.array([sums[0], sums[1], sums[2] + s * sums[5], sums[3], sums[4] + s * sums[6]])


def static_interaction(electrons, holes, grid, static, kind, d, eps_r):
    """U on the grid for one of the static ways of screening, in meV nm^2, shape (q, 1) or (q, angles)."""
    q = grid.panels.nodes
    chi = {
        "none": (0.0, 0.0),
        "thomas-fermi": (electrons.compressibility, holes.compressibility),
        "static-rpa": (static, lindhard.response(holes, q).real[:, None]),
    }[kind]
    return screening.interlayer_interaction(q[:, None], d, eps_r, *chi)


@lru_cache(maxsize=8)
def kept_sums(electrons, holes, grid, overlap):
    """`nonlinear.sums`, the last few of which are kept."""
    values, static = nonlinear.sums(electrons, holes, grid, overlap)
    for array in (values, static):
        array.setflags(write=False)
    return values, static
