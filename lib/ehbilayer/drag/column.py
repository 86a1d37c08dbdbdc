"""Frictional drag at one temperature and filling for many spacings, permittivities and relaxation times.

The sums over omega and over the electrons' momenta depend on the temperature and the fillings only, as long as the
screening is static: they are done once, and the interaction with its spacing and permittivity enters afterwards.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer import validation
from ehbilayer.drag.coefficients import assemble, checked_exchange, graded_rates
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.rates import ANSATZE
from ehbilayer.drag.result import PER_CM2, DragCoefficients
from ehbilayer.drag.screening import SCREENINGS
from ehbilayer.errors import ArgumentError
from ehbilayer.model.layers import ParabolicLayer

__all__ = ["drag_column", "one_filling"]


def drag_column(
    *,
    T: float,
    d: Sequence[float],
    eps_r: Sequence[float],
    tau_2: Sequence[float],
    E_F: float | None = None,
    density: float | None = None,
    imbalance: float = 1.0,
    m_e: float = 0.2,
    m_h: float = 0.2,
    lam: float = 0.0,
    J: float = 0.0,
    B: float = 0.0,
    screening: str = "thomas-fermi",
    local_field: str = "none",
    degeneracy: int = 1,
    ansatz: str = "linearised",
    overlap: bool = False,
    order: int = 8,
    angles: int = 8,
) -> dict[str, Any]:
    """Drag at one temperature and filling for all spacings, permittivities and relaxation times.

    Parameters
    ----------
    T : float
        In K.
    d, eps_r, tau_2 : sequence of float
        Spacings in nm, relative permittivities, relaxation times of the holes in s.
    E_F : float, optional
        Chemical potential above the band minimum in meV, of both layers.
    density : float, optional
        Carriers of one species per cm^2 in each layer; give either this or `E_F`.
    imbalance : float
        What the holes have of the one that is given over what the electrons have, greater than zero.
    m_e, m_h : float
        In m_0.
    lam : float
        Rashba parameter of the electrons in meV nm; with 0 both layers are parabolic.
    J, B : float
        Zeeman energies in meV.
    screening, local_field, degeneracy, ansatz, overlap, order, angles
        As in `ehbilayer.drag.drag_coefficients`.

    Returns
    -------
    dict
        ``tau_D1``, ``tau_D2``, ``rho_D`` and ``error``, the change of 1/tau_D1 from a coarser grid, over (d, eps_r);
        ``zeta`` over (d, eps_r, tau_2); the numbers ``E_F_e``, ``E_F_h``, ``density_e``, ``density_h``, ``mass_e``. For
        two parabolas also ``law``, the limit of low temperature; for a Rashba layer ``K11``, ``K12``, ``K22`` over
        (d, eps_r) and ``nonreciprocity`` at 1 A/m over (d, eps_r, tau_2).

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> column = drag_column(T=10, E_F=10, d=[10, 20], eps_r=[5], tau_2=[1e-9])
    >>> [f"{time:.3e}" for time in column["tau_D1"][:, 0]]
    ['8.849e-09', '1.057e-07']
    """
    d, eps_r, tau_2 = _numbers("d", d, 0.0), _numbers("eps_r", eps_r, 1e-6), _numbers("tau_2", tau_2, 1e-30)
    T = validation.real("T", T, low=1e-6, high=1e6)
    m_e, m_h = validation.real("m_e", m_e, low=1e-6, high=1e6), validation.real("m_h", m_h, low=1e-6, high=1e6)
    kind = validation.option("screening", screening, SCREENINGS)
    validation.option("ansatz", ansatz, ANSATZE)
    validation.boolean("overlap", overlap)
    order = validation.integer("order", order, low=4, high=64)
    angles = validation.integer("angles", angles, low=3, high=256)
    electrons, holes = _layers(T, E_F, density, imbalance, m_e, m_h, (lam, J, B))
    # A column's coarser grid lacks one direction only: it may be asked for three.
    evaluate, grid, coarse = graded_rates(
        electrons,
        holes,
        kind,
        ansatz=ansatz,
        overlap=overlap,
        order=order,
        angles=angles,
        fewer_angles=1,
        degeneracy=degeneracy,
        exchange=checked_exchange(local_field, degeneracy, kind),
    )
    values, rough = evaluate(d, eps_r, **grid), evaluate(d, eps_r, **coarse)
    given = {
        "T": electrons.T,
        "E_F_e": electrons.E_F,
        "E_F_h": holes.E_F,
        "m_e": electrons.mass,
        "m_h": holes.mass,
        "lam": lam,
        "J": J,
        "B": B,
        "screening": kind,
        "local_field": local_field,
        "degeneracy": degeneracy,
        "ansatz": ansatz,
        "overlap": overlap,
    }
    points = [
        [
            assemble(values[i, j], electrons, holes, {}, grid, given | {"d": x, "eps_r": eps})
            for j, eps in enumerate(eps_r)
        ]
        for i, x in enumerate(d)
    ]

    def table(read: Callable[[DragCoefficients], Any]) -> NDArray:
        return np.array([[read(point) for point in row] for row in points])

    out = {name: table(attrgetter(name)) for name in ("tau_D1", "tau_D2")}
    out["rho_D"] = table(attrgetter("resistivity"))
    out["zeta"] = table(lambda point: [point.drag_ratio(tau) for tau in tau_2])
    out["error"] = np.abs(rough[..., 0] / values[..., 0] - 1)
    if isinstance(electrons, RashbaLayer):
        out |= {name: table(attrgetter(name)) for name in ("K11", "K12", "K22")}
        out["nonreciprocity"] = table(lambda point: [point.nonreciprocity(tau) for tau in tau_2])
    else:
        out["law"] = table(attrgetter("low_temperature_law"))
    corner = points[0][0]
    return out | {
        "E_F_e": electrons.E_F,
        "E_F_h": holes.E_F,
        "density_e": corner.density_e,
        "density_h": corner.density_h,
        "mass_e": corner.mass_e,
    }


def one_filling(E_F: object, density: object) -> None:
    """Check that just one of chemical potential and density is given.

    Parameters
    ----------
    E_F, density : object
        In meV and cm^-2; None if not given.

    Raises
    ------
    ArgumentError
        If both or none are.

    Examples
    --------
    >>> one_filling(10.0, None)
    """
    if (E_F is None) == (density is None):
        raise ArgumentError("(E_F, density)", (E_F, density), "just one of them")


def _numbers(name: str, values: Sequence[float], low: float) -> list[float]:
    if not isinstance(values, tuple | list | np.ndarray) or not len(values):
        raise ArgumentError(name, values, "a sequence of at least one number")
    return [validation.real(name, value, low=low, high=1e6) for value in values]


def _layers(
    T: float,
    E_F: float | None,
    density: float | None,
    imbalance: float,
    m_e: float,
    m_h: float,
    spin: tuple[float, float, float],
) -> tuple[ParabolicLayer | RashbaLayer, ParabolicLayer]:
    lam, J, B = (
        validation.real(name, value, low=-1e5, high=1e5) for name, value in zip(("lam", "J", "B"), spin, strict=True)
    )
    imbalance = validation.real("imbalance", imbalance, low=1e-6, high=1e6)
    one_filling(E_F, density)
    if E_F is not None:
        E_F = validation.real("E_F", E_F, high=1e6)
        electrons = ParabolicLayer(m_e, E_F, T) if lam == 0.0 else RashbaLayer(m_e, E_F, T, lam=lam, J=J, B=B)
        return electrons, ParabolicLayer(m_h, imbalance * E_F, T)
    per_nm2 = validation.positive("density", density) / PER_CM2
    if lam == 0.0:
        electrons = ParabolicLayer.from_density(m_e, per_nm2, T)
    else:
        electrons = RashbaLayer.from_density(m_e, per_nm2, T, lam=lam, J=J, B=B)
    return electrons, ParabolicLayer.from_density(m_h, imbalance * per_nm2, T)
