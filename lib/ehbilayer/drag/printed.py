"""The second-order drag formulas as printed in paper B's supplement beside the corrected ones, in plain NumPy.

Also an independent twin of `ehbilayer.drag.nonlinear`: same grid, other code (splines, arrays).
"""

import math
from typing import Any

import numpy as np
from scipy.interpolate import make_interp_spline

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.drag import nonlinear, screening
from ehbilayer.drag.holes_table import occupation_table
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.result import DragCoefficients
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer
from ehbilayer.units import HBAR

__all__ = [
    "NAMES",
    "bracket",
    "differences",
    "evaluate_formulas",
    "expanded_bracket",
    "printed_band",
    "printed_cross_term",
    "printed_nonreciprocity",
]

NAMES = ("rate_1", "rate_2", "K11", "K12", "K22")
"""1/tau_D1 and 1/tau_D2 in 1/ps, K's in nm/ps."""


def bracket(f_1: Any, f_1_after: Any, f_2: Any, f_2_after: Any) -> Any:
    """Occupation factors of a collision minus those of the reversed one (Eq. 25).

    Parameters
    ----------
    f_1, f_1_after, f_2, f_2_after : float, ndarray or symbol
        Occupations of the states of both layers before and after the collision; plain arithmetic, so that SymPy can
        take it too.

    Returns
    -------
    Of the type of the arguments.

    Examples
    --------
    >>> bracket(1.0, 0.0, 1.0, 0.0), bracket(0.0, 1.0, 0.0, 1.0)
    (1.0, -1.0)
    """
    return f_1 * (1 - f_1_after) * f_2 * (1 - f_2_after) - f_1_after * (1 - f_1) * f_2_after * (1 - f_2)


def expanded_bracket(
    f_1: Any, f_1_after: Any, f_2: Any, f_2_after: Any, g_1: Any, g_1_after: Any, g_2: Any, g_2_after: Any
) -> Any:
    """`bracket` of the drifting distributions f + f (1 - f) g over its equilibrium factor (Eqs. 36, 41), not expanded.

    Parameters
    ----------
    f_1, f_1_after, f_2, f_2_after : float, ndarray or symbol
        Equilibrium occupations.
    g_1, g_1_after, g_2, g_2_after : float, ndarray or symbol
        Relative drifts beta u d xi/dk_x.

    Returns
    -------
    Of the type of the arguments.

    Examples
    --------
    Without drift the collisions balance:

    >>> expanded_bracket(0.2, 0.1, 0.6, 0.7, 0, 0, 0, 0)
    0.0
    """

    def filled(f, g):
        return 1 + (1 - f) * g

    def empty(f, g):
        return 1 - f * g

    forward = filled(f_1, g_1) * empty(f_1_after, g_1_after) * filled(f_2, g_2) * empty(f_2_after, g_2_after)
    backward = filled(f_1_after, g_1_after) * empty(f_1, g_1) * filled(f_2_after, g_2_after) * empty(f_2, g_2)
    return forward - backward


def printed_cross_term(
    f_1: Any, f_1_after: Any, f_2: Any, f_2_after: Any, g_1: Any, g_1_after: Any, g_2: Any, g_2_after: Any
) -> Any:
    """The part of the bracket proportional to both drifts as Eqs. 47 and 61 have it.

    Parameters
    ----------
    f_1, f_1_after, f_2, f_2_after, g_1, g_1_after, g_2, g_2_after : float, ndarray or symbol
        As in `expanded_bracket`.

    Returns
    -------
    Of the type of the arguments.

    Examples
    --------
    >>> printed_cross_term(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0)
    1.0
    """
    return (
        g_1 * g_2 * (1 - f_1 * f_2)
        - g_1_after * g_2_after * (1 - f_1_after * f_2_after)
        + g_1 * g_2_after * (f_1 - f_2_after)
        - g_1_after * g_2 * (f_1_after - f_2)
    )


@checked
def printed_band(electrons: RashbaLayer, k_x: float, k_y: float) -> dict[str, float]:
    """Energy of the electrons' band above that of k = 0 without any field, with the root as printed before Eq. 41.

    Parameters
    ----------
    electrons : RashbaLayer
    k_x, k_y : float
        Wave vector in nm^-1.

    Returns
    -------
    dict of float
        "printed": with J^2 under the root, numbers in meV and nm; "corrected": with (J/lam)^2; "eigenvalue": the lower
        one of Eq. 2, from its matrix. In meV.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type, or the layer has no spin-orbit coupling.

    Examples
    --------
    >>> energies = printed_band(RashbaLayer(0.2, 10, 10, lam=50, J=10, B=2.585), 0.1, 0.05)
    >>> {name: round(energy, 2) for name, energy in energies.items()}
    {'printed': -497.68, 'corrected': -10.42, 'eigenvalue': -10.42}
    """
    lam, J, B = electrons.lam, electrons.J, electrons.B
    if lam == 0.0:
        raise ArgumentError("electrons.lam", lam, "spin-orbit coupling other than zero")
    kinetic = electrons.curvature * (k_x**2 + k_y**2) / 2
    across, along = lam * k_x + B, lam * k_y
    matrix = np.array([[J, -1j * across - along], [1j * across - along, -J]])
    energies = {"printed": J, "corrected": J / lam}
    shifted = (k_x + B / lam) ** 2 + k_y**2
    found = {name: float(kinetic - abs(lam) * np.sqrt(shifted + x**2)) for name, x in energies.items()}
    return found | {"eigenvalue": float(kinetic + np.linalg.eigvalsh(matrix)[0])}


@checked
def differences(found: dict[str, float], reference: dict[str, float]) -> dict[str, float]:
    """Relative differences of drag coefficients: of a rate to itself, of a K to the largest of the reference's K's.

    Parameters
    ----------
    found, reference : dict of float
        Keyed by `NAMES`.

    Returns
    -------
    dict of float
        Keyed by `NAMES`, none below zero.

    Raises
    ------
    TypeError
        If an argument is no dictionary.
    ArgumentError
        If one has other keys, or the reference's rates or all its K's are zero.

    Examples
    --------
    >>> reference = {"rate_1": 2.0, "rate_2": 1.0, "K11": 4.0, "K12": 0.0, "K22": 1.0}
    >>> differences(reference | {"rate_1": 1.0, "K12": 1.0}, reference)
    {'rate_1': 0.5, 'rate_2': 0.0, 'K11': 0.0, 'K12': 0.25, 'K22': 0.0}
    """
    for name, values in {"found": found, "reference": reference}.items():
        if set(validation.instance(name, values, dict)) != set(NAMES):
            raise ArgumentError(name, sorted(map(str, values)), f"the keys {NAMES}")
    largest = max(abs(reference[name]) for name in NAMES[2:])
    scale = {name: abs(reference[name]) if name in NAMES[:2] else largest for name in NAMES}
    if min(scale.values()) == 0.0:
        raise ArgumentError("reference", reference, "rates other than zero, and a K")
    return {name: abs(found[name] - reference[name]) / scale[name] for name in NAMES}


@checked
def printed_nonreciprocity(result: DragCoefficients, K12: float, K22: float, current: float = 1.0) -> float:
    """zeta^(1)/zeta^(0) from Eqs. 54 and 57 as printed: tau_D1 (K12 - K22) u_1.

    Parameters
    ----------
    result : DragCoefficients
        For the drag time, the density and the mass.
    K12, K22 : float
        In nm/ps.
    current : float
        In A/m.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number.

    Examples
    --------
    >>> from ehbilayer.drag import drag_coefficients
    >>> c = drag_coefficients(T=30, order=4, angles=4, estimate_error=False)
    >>> print(f"{printed_nonreciprocity(c, 2e-6, 1e-6):.1e}")
    -5.7e-05
    """
    K12, K22 = validation.real("K12", K12), validation.real("K22", K22)
    return 1e12 * result.tau_D1 * (K12 - K22) * result.drift(current)


@checked
def evaluate_formulas(
    electrons: RashbaLayer,
    holes: ParabolicLayer,
    *,
    d: float,
    eps_r: float,
    order: int = 5,
    angles: int = 6,
    fineness: float = 0.9,
) -> tuple[dict[str, float], dict[str, float]]:
    """Drag coefficients from the printed and from the corrected formulas, Thomas-Fermi screening, linearised ansatz.

    The printed forms: Im chi with the sign of the printed definition in Eqs. 43-45; ``q^2`` for ``2 q_x^2`` in Eq. 45;
    ``1 - f_1 f_2`` in Eq. 47; the overall sign of Eq. 48.  K11 is printed as zero (text after Eq. 48).

    Parameters
    ----------
    electrons : RashbaLayer
    holes : ParabolicLayer
    d : float
        Spacing in nm, zero or more.
    eps_r : float
        Relative permittivity.
    order, angles : int
        Nodes per panel of q and directions in a quarter turn.
    fineness : float
        Grid spacing over the one that just resolves T, from 0.1 to 1.

    Returns
    -------
    printed, corrected : dict of float
        Keyed by `NAMES`; ``rate_2`` of `printed` differs by ``q^2`` only, its sign is that of ``rate_1``.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> layers = RashbaLayer(0.2, 10, 30, lam=50, J=10, B=2.585), ParabolicLayer(0.2, 10, 30)
    >>> printed, corrected = evaluate_formulas(*layers, d=20, eps_r=5, order=2, angles=2)
    >>> printed["rate_1"] == -corrected["rate_1"], printed["K22"] == -corrected["K22"]
    (True, True)
    """
    if not isinstance(electrons, RashbaLayer) or not isinstance(holes, ParabolicLayer):
        raise TypeError("electrons and holes are not allowed: need a RashbaLayer and a ParabolicLayer")
    d = validation.real("d", d, low=0.0)
    fineness = validation.real("fineness", fineness, low=0.1, high=1.0)
    grid = nonlinear.make_grid(
        electrons,
        holes,
        d=d,
        order=validation.integer("order", order, low=2),
        angles=validation.integer("angles", angles, low=2),
        spacing=fineness * electrons.spacing(),
    )
    q = grid.panels.nodes
    U = screening.interlayer_interaction(q, d, eps_r, electrons.compressibility, holes.compressibility)
    table = occupation_table(q, holes)
    p_max = table.p_max
    p_axis = np.linspace(-p_max, p_max, table.values.shape[1])
    n = math.ceil(grid.reach / grid.spacing)
    axis = grid.spacing * np.arange(-n, n + 1)
    kx, ky = (k.reshape(-1) for k in np.meshgrid(axis, axis, indexing="ij"))
    beta, c = 1 / electrons.thermal_energy, holes.curvature
    corrected: dict[str, float] = dict.fromkeys(NAMES, 0.0)
    printed = corrected.copy()
    for i, length in enumerate(q):
        spline = make_interp_spline(p_axis, table.values[i], k=5)
        for phi in grid.directions:
            x, y = 0.5 * length * np.cos(phi), 0.5 * length * np.sin(phi)
            xi, w = electrons.derivatives(kx + x, ky + y)[:2]
            after, w_after = electrons.derivatives(kx - x, ky - y)[:2]
            p = (xi - after) / (c * length)
            keep = (abs(p) < p_max) & (abs(xi) + abs(after) < 44 / beta)
            xi, w, after, w_after, p = (a[keep] for a in (xi, w, after, w_after, p))
            weight = (
                1 / (4 * np.cosh(0.5 * beta * xi) * np.cosh(0.5 * beta * after)) * (grid.spacing / (2 * np.pi)) ** 2
            )
            f, f_after = (0.5 * (1 - np.tanh(0.5 * beta * e)) for e in (xi, after))
            t0, t1, t2, t3, t4 = spline(p).T
            a, b = (p - length / 2) * np.cos(phi), (p + length / 2) * np.cos(phi)
            # g = beta w u for the electrons, beta c k_x u for the holes.
            crossed = w * b * (f * t0 - t2) - w_after * a * (f_after * t0 - t1)
            right = w * a * ((1 - f) * t0 - t1) - w_after * b * ((1 - f_after) * t0 - t2) + crossed
            wrong = w * a * (t0 - f * t1) - w_after * b * (t0 - f_after * t2) + crossed
            K22 = (beta * c) ** 2 * weight @ (a * b * (t1 - t2) + np.sin(phi) ** 2 * (t3 - t4))
            rate_1 = beta * weight @ ((w - w_after) * t0)
            rate_2 = beta * c * weight @ t0
            measure = grid.panels.weights[i] * length * (2 * np.pi / angles) / (4 * np.pi**2) * U[i] ** 2
            measure *= np.pi / (HBAR * holes.density)
            x_part = length * np.cos(phi)
            for target, values in (
                (
                    corrected,
                    (
                        x_part * rate_1,
                        x_part**2 * rate_2,
                        x_part * beta**2 * weight @ (w * w_after * (f - f_after) * t0),
                        x_part * beta**2 * c * weight @ right,
                        x_part * K22,
                    ),
                ),
                (
                    printed,
                    (
                        -x_part * rate_1,
                        length**2 / 2 * rate_2,
                        0.0,
                        x_part * beta**2 * c * weight @ wrong,
                        -x_part * K22,
                    ),
                ),
            ):
                for name, value in zip(NAMES, values, strict=True):
                    target[name] += float(measure * value)
    return printed, corrected
