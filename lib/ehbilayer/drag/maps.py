"""Frictional drag on grids of temperature, filling, spacing, permittivity and relaxation time.

The sums over omega and over the electrons' momenta depend on the temperature and the fillings only, as long as the screening is
static: they are done once for each pair of those, and the interaction with its spacing and permittivity enters afterwards.
"""

import numpy as np

from ehbilayer import validation
from ehbilayer.drag import coefficients, linear, nonlinear, screening
from ehbilayer.drag.coefficients import ANSATZE
from ehbilayer.drag.layers import ParabolicLayer, RashbaLayer
from ehbilayer.sweep import sweep

_UNITS = {
    "T": "K",
    "E_F": "meV",
    "density": "cm^-2",
    "tau_D1": "s",
    "tau_D2": "s",
    "rho_D": "ohm",
    "law": "ohm",
    "zeta": "1",
    "nonreciprocity": "m/A",
    "K11": "nm/ps",
    "K12": "nm/ps",
    "K22": "nm/ps",
    "error": "1",
    "E_F_e": "meV",
    "E_F_h": "meV",
    "density_e": "cm^-2",
    "density_h": "cm^-2",
    "mass_e": "m_0",
}
_COLUMN = {"d": "nm", "eps_r": "1", "tau_2": "s"}
_PER_CM2 = 1e14


def drag_column(
    *,
    T,
    d,
    eps_r,
    tau_2,
    E_F=None,
    density=None,
    m_e=0.2,
    m_h=0.2,
    lam=0.0,
    J=0.0,
    B=0.0,
    screening="thomas-fermi",
    ansatz="linearised",
    overlap=False,
    order=8,
    angles=8,
):
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
        Carriers per cm^2 in each layer; give either this or `E_F`.
    m_e, m_h : float
        In m_0.
    lam : float
        Rashba parameter of the electrons in meV nm; with 0 both layers are parabolic.
    J, B : float
        Zeeman energies in meV.
    screening, ansatz, overlap, order, angles
        As in `ehbilayer.drag.drag_coefficients`.

    Returns
    -------
    dict
        ``tau_D1``, ``tau_D2``, ``rho_D`` and ``error``, the change of 1/tau_D1 from a coarser grid, over (d, eps_r);
        ``zeta`` over (d, eps_r, tau_2); the numbers ``E_F_e``, ``E_F_h``, ``density_e``, ``density_h``, ``mass_e``. For two parabolas
        also ``law``, the limit of low temperature; for a Rashba layer ``K11``, ``K12``, ``K22`` over (d, eps_r) and
        ``nonreciprocity`` at 1 A/m over (d, eps_r, tau_2).

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> column = drag_column(T=10, E_F=10, d=[10, 20], eps_r=[5], tau_2=[1e-9])
    >>> [f"{time:.3e}" for time in column["tau_D1"][:, 0]]
    ['8.849e-09', '1.057e-07']
    """
    d = [validation.real("d", value, low=0.0) for value in d]
    eps_r, tau_2 = (
        [validation.positive(name, x) for x in values] for name, values in (("eps_r", eps_r), ("tau_2", tau_2))
    )
    kind = validation.option("screening", screening, _SCREENINGS)
    validation.option("ansatz", ansatz, ANSATZE)
    order = validation.integer("order", order, low=4, high=64)
    angles = validation.integer("angles", angles, low=3, high=256)
    electrons, holes = _layers(T, E_F, density, m_e, m_h, lam, J, B)
    grids = [{"order": order}, {"order": order - 2}]
    if isinstance(electrons, RashbaLayer):
        spacing = coefficients.checked_spacing(None, electrons, kind, order, angles)
        grids[0] |= {"angles": angles, "spacing": spacing}
        grids[1] |= {"angles": angles - 1, "spacing": 1.3 * spacing}
    values, rough = (_values(electrons, holes, d, eps_r, kind, ANSATZE[ansatz], overlap, **grid) for grid in grids)
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
        "ansatz": ansatz,
        "overlap": overlap,
    }
    points = [
        [
            coefficients.assemble(values[i, j], electrons, holes, {}, grids[0], given | {"d": x, "eps_r": eps})
            for j, eps in enumerate(eps_r)
        ]
        for i, x in enumerate(d)
    ]

    def table(read):
        return np.array([[read(point) for point in row] for row in points])

    out = {name: table(lambda point, name=name: getattr(point, name)) for name in ("tau_D1", "tau_D2")}
    out["rho_D"] = table(lambda point: point.resistivity)
    out["zeta"] = table(lambda point: [point.drag_ratio(tau) for tau in tau_2])
    out["error"] = np.abs(rough[..., 0] / values[..., 0] - 1)
    if isinstance(electrons, RashbaLayer):
        out |= {name: table(lambda point, name=name: getattr(point, name)) for name in ("K11", "K12", "K22")}
        out["nonreciprocity"] = table(lambda point: [point.nonreciprocity(tau) for tau in tau_2])
    else:
        out["law"] = table(lambda point: point.low_temperature_law)
    corner = points[0][0]
    return out | {
        "E_F_e": electrons.E_F,
        "E_F_h": holes.E_F,
        "density_e": corner.density_e,
        "density_h": corner.density_h,
        "mass_e": corner.mass_e,
    }


def drag_map(
    *,
    T,
    d,
    E_F=None,
    density=None,
    eps_r=5.0,
    tau_2=1e-9,
    m_e=0.2,
    m_h=0.2,
    lam=0.0,
    J=0.0,
    B=0.0,
    screening="thomas-fermi",
    ansatz="linearised",
    overlap=False,
    order=8,
    angles=8,
    executor="serial",
    store=None,
    workers=None,
):
    """Drag times, drag resistivity and drag ratio on a grid.

    Parameters
    ----------
    T : float or sequence of float
        Temperatures in K.
    d : float or sequence of float
        Spacings of the layers in nm.
    E_F : float or sequence of float, optional
        Chemical potentials above the band minima in meV, the same in both layers.
    density : float or sequence of float, optional
        Carriers per cm^2, the same in both layers; give either this or `E_F`.
    eps_r : float or sequence of float
        Relative permittivities.
    tau_2 : float or sequence of float
        Relaxation times of the holes in s.
    m_e, m_h : float
        In m_0.
    lam : float
        Rashba parameter of the electrons in meV nm; with 0 both layers are parabolic.
    J, B : float
        Zeeman energies in meV, of no effect if `lam` is 0.
    screening, ansatz, overlap, order, angles
        As in `ehbilayer.drag.drag_coefficients`. With dynamic screening every spacing and permittivity costs sums of its own.
    executor, store, workers
        As in `ehbilayer.sweep.sweep`; a point of the sweep is a temperature with a filling.

    Returns
    -------
    xarray.Dataset
        Over those of T, E_F or density, d, eps_r and tau_2 that were sequences; the others are scalar coordinates.
        Variables with their units as in `drag_column`.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong type or outside its range, at any point of the grid.

    Examples
    --------
    >>> ds = drag_map(T=[5, 10, 20], d=[10, 20], E_F=10)
    >>> ds.zeta.dims, ds.tau_D1.attrs["units"], round(float(ds.zeta.sel(T=10, d=20)), 4)
    (('T', 'd'), 's', -0.0094)
    """
    if (E_F is None) == (density is None):
        raise ValueError(f"E_F = {E_F!r}, density = {density!r} is not allowed: need just one of them")
    name, filling = ("E_F", E_F) if density is None else ("density", density)
    given = {"T": T, name: filling, "d": d, "eps_r": eps_r, "tau_2": tau_2}
    axes = {key: np.atleast_1d(validation.reals(key, values)).tolist() for key, values in given.items()}
    if bad := [key for key, values in given.items() if np.ndim(values) > 1 or np.size(values) == 0]:
        raise ValueError(f"{bad[0]} is not allowed: need a number or a sequence of numbers")
    outer, inner = ({key: axes[key] for key in keys} for keys in (("T", name), tuple(_COLUMN)))
    fixed = {
        "m_e": m_e,
        "m_h": m_h,
        "lam": lam,
        "J": J,
        "B": B,
        "screening": screening,
        "ansatz": ansatz,
        "overlap": overlap,
        "order": order,
        "angles": angles,
    }
    # One column beforehand: bad arguments show as such, and the kernels are compiled before workers start.
    first = drag_column(**{key: values[0] for key, values in outer.items()}, **inner, **fixed)
    dims = {key: tuple(_COLUMN)[: value.ndim] for key, value in first.items() if np.ndim(value)}
    ds = sweep(
        drag_column,
        outer,
        fixed=fixed | inner,
        dims=dims,
        units={key: _UNITS[key] for key in (*outer, *first)},
        executor=executor,
        store=store,
        workers=workers,
        allow_failed=True,
    )
    if failed := [message for message in ds.message.values.ravel().tolist() if message]:
        raise ValueError(failed[0].partition(": ")[2] or failed[0])
    ds = ds.drop_vars(["status", "converged", "message"])
    ds = ds.assign_coords({key: (key, values, {"units": _COLUMN[key]}) for key, values in inner.items()})
    return ds.squeeze([key for key, values in given.items() if np.ndim(values) == 0])


def local_exponent(y, x, at=None):
    """Exponent n of y ~ x^n: central differences of the logarithms.

    Parameters
    ----------
    y : xarray.DataArray
        Positive values.
    x : str
        Name of the coordinate along which to differentiate, with at least two positive values.
    at : float, optional
        Value of the coordinate at which to read the exponent, by linear interpolation in ln x; by default all of them.

    Returns
    -------
    xarray.DataArray

    Raises
    ------
    ValueError
        If there is no such dimension, or `at` is outside its range.

    Examples
    --------
    >>> ds = drag_map(T=[9, 10, 11], d=20, E_F=10)
    >>> print(f"{local_exponent(ds.rho_D, 'T', 10).item():.2f}")
    2.14
    """
    validation.option("x", x, y.dims)
    places = y[x]
    slope = np.log(y).assign_coords({x: np.log(places)}).differentiate(x)
    if at is None:
        return slope.assign_coords({x: places})
    at = validation.real("at", at, low=float(places.min()), high=float(places.max()))
    return slope.interp({x: np.log(at)}).drop_vars(x)


_SCREENINGS = screening.SCREENINGS


def _layers(T, E_F, density, m_e, m_h, lam, J, B):
    lam, J, B = (validation.real(name, value) for name, value in (("lam", lam), ("J", J), ("B", B)))
    if (E_F is None) == (density is None):
        raise ValueError(f"E_F = {E_F!r}, density = {density!r} is not allowed: need just one of them")
    if density is None:
        electrons = ParabolicLayer(m_e, E_F, T) if lam == 0.0 else RashbaLayer(m_e, E_F, T, lam, J, B)
        return electrons, ParabolicLayer(m_h, E_F, T)
    density = validation.positive("density", density) / _PER_CM2
    if lam == 0.0:
        electrons = ParabolicLayer.from_density(m_e, density, T)
    else:
        electrons = RashbaLayer.from_density(m_e, density, T, lam, J, B)
    return electrons, ParabolicLayer.from_density(m_h, density, T)


def _values(electrons, holes, d, eps_r, kind, s, overlap, **grid):
    """1/tau_D1, 1/tau_D2, K11, K12, K22, shape (d, eps_r, 5)."""
    rows = _parabolic if isinstance(electrons, ParabolicLayer) else _rashba
    return rows(electrons, holes, d, eps_r, kind, s, overlap, **grid)


def _parabolic(electrons, holes, d, eps_r, kind, s, overlap, *, order):
    out = np.zeros((len(d), len(eps_r), 5))
    if kind == "dynamic-rpa":
        gamma = [
            [linear.linear_friction(electrons, holes, d=x, eps_r=e, screening_kind=kind, order=order) for e in eps_r]
            for x in d
        ]
    else:
        table = linear.overlaps(electrons, holes, min(d), order)
        chi = [linear.static_response(layer, table.q, kind) for layer in (electrons, holes)]
        gamma = [
            [
                linear.friction(electrons, holes, table, screening.interlayer_interaction(table.q, x, e, *chi))
                for e in eps_r
            ]
            for x in d
        ]
    out[..., :2] = np.array(gamma)[..., None] * [electrons.curvature, holes.curvature]
    return out


def _rashba(electrons, holes, d, eps_r, kind, s, overlap, **grid):
    out = np.empty((len(d), len(eps_r), 5))
    if kind != "dynamic-rpa":
        shared = nonlinear.make_grid(electrons, holes, d=min(d), d_max=max(d), **grid)
        values, static = nonlinear.sums(electrons, holes, shared, overlap)
    for i, x in enumerate(d):
        for j, e in enumerate(eps_r):
            if kind == "dynamic-rpa":
                out[i, j] = coefficients.rashba(electrons, holes, x, e, kind, s, overlap, **grid)
            else:
                interaction = coefficients.static_interaction(electrons, holes, shared, static, kind, x, e)
                out[i, j] = coefficients.with_ansatz(
                    nonlinear.coefficients(electrons, holes, shared, values, interaction), s
                )
    return out
