"""Grids of parameters."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.sweep import points
from ehbilayer.sweep.engine import Engine, gather

__all__ = ["UNCONVERGED", "sweep"]

#: What a sweep does with numbers that did not converge.
UNCONVERGED = ("mask", "keep")


def sweep(
    function: Callable[..., Any],
    axes: Mapping[str, Iterable[Any]],
    *,
    store: str | os.PathLike | None = None,
    executor: Any = None,
    progress: bool | None = None,
    fixed: Mapping[str, Any] | None = None,
    extract: Sequence[str] | Callable[[Any], Any] | None = None,
    units: Mapping[str, str] | None = None,
    dims: Mapping[str, Sequence[str]] | None = None,
    unconverged: str = "mask",
    retry_failed: bool = False,
    allow_failed: bool = False,
    workers: int | None = None,
) -> xr.Dataset:
    """Evaluate a function on a grid of parameters, in parallel, into a labelled dataset.

    A sweep with a `store` can be interrupted at any instant and called again: it computes what is missing
    and ends with the same dataset, bit for bit, as an uninterrupted one, for any number and order of workers,
    as long as the function itself is deterministic. Points are kept under their parameters and the sources that the
    function depends on (see `dependencies`), so a changed grid reuses what it shares with the old one and results of
    older code are left aside. Numbers that are equal, as 1 and 1.0, are one point. Several sweeps may use one store
    at once.

    Parameters
    ----------
    function : callable
        Function of keyword arguments, importable by its name. It returns a number, a string, an array, or a
        dictionary of them with the same names and shapes at every point; None stands for a quantity that does not
        exist at this point, and names of nested dictionaries are joined by ``_``. A boolean ``converged`` in
        the dictionary, or as an attribute of the result, tells whether the point converged.
    axes : dict
        For each axis its values: a sequence of different numbers or strings. If one of the numbers is a float, all
        are passed as floats.
    store : path_like, optional
        Directory that keeps every finished point; ``~`` is the home. Without it nothing is kept. See `entries` and
        `prune` for what is in it.
    executor : optional
        - None or ``"processes"``: worker processes on this machine, of one thread each;
        - ``"serial"``: this process;
        - any object with the interface of `concurrent.futures.Executor`;
        - a ``dask.distributed`` client, or the address of a dask scheduler, for a cluster (see Notes).
    progress : bool, optional
        Whether to show a bar with the remaining time on stderr. By default on terminals and in notebooks that
        somebody has open, not in files and built books; the environment variable EHBILAYER_PROGRESS = 0 or 1 overrides
        this.
    fixed : dict, optional
        Further arguments of the function, the same at all points: numbers, strings, None, and lists, tuples,
        arrays or dictionaries of them.
    extract : list of str or callable, optional
        What to keep of a result that is none of the above, for instance a dataclass: names of
        its attributes, or an importable function of it. It is applied by the worker.
    units : dict, optional
        Units of axes, fixed arguments and results, kept as the attribute ``units``, where the function does not know
        them itself (see `quantities`) or others are meant.
    dims : dict, optional
        For each result that is an array, the names of its dimensions; by default ``name_0``, ``name_1``, ...
    unconverged : {"mask", "keep"}
        Whether unconverged points show NaN or their values.
    retry_failed : bool
        Whether to compute failed and unconverged points of the store again.
    allow_failed : bool
        Whether failed points are expected, and said in the dataset alone. By default some of them give a warning, and a
        sweep whose points all failed raises.
    workers : int, optional
        Number of worker processes if `executor` makes them; by default EHBILAYER_WORKERS, else at most 2.

    Returns
    -------
    xarray.Dataset
        The axes as coordinates, the results as variables over them, and at every point ``status`` ("ok",
        "unconverged", by the result's attribute ``settled`` or else ``converged``, or "failed"), ``converged`` (whether
        the status is "ok") and ``message`` (the exception of a failed point). Missing values are NaN, or empty strings;
        integers and booleans become floats where one is missing. The attributes hold function, fixed parameters with
        their units, versions, the source key, and the numbers of points and of those not ok.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or not allowed.
    SweepError
        If all points failed, with the first exception; if the function returns what a sweep cannot hold, or workers do
        not start or run other sources.
    OSError
        If the store cannot be read or written (read-only, disk full); what is in it stays intact.

    Warns
    -----
    RuntimeWarning
        For each entry of the store that is damaged; it is computed again.
    PointsFailed
        If some points failed, with their number and the first exception.

    Notes
    -----
    An exception at a point is recorded as its outcome. So is the death of a local worker process (memory, crash):
    the points that were running are tried again one by one to find the one at fault. Everything else stops
    the sweep, and the points that are finished stay in the store.

    On a SLURM cluster, with the extra dependencies of ``pip install 'ehbilayer[cluster]'`` and the library
    installed where all nodes see it::

        from dask.distributed import Client
        from dask_jobqueue import SLURMCluster

        from ehbilayer.hartree_fock import solve_crystal
        from ehbilayer.sweep import sweep

        if __name__ == "__main__":
            cluster = SLURMCluster(cores=16, processes=16, memory="64GB", walltime="08:00:00", queue="compute")
            cluster.adapt(maximum_jobs=20)
            ds = sweep(
                solve_crystal, {"mass_ratio": range(1, 11), "r_s": [5.0, 6.0, 7.0]},
                extract=["energy_per_pair"], store="crystal", executor=Client(cluster),
            )
            ds.to_netcdf("crystal.nc")

    Run this script on a node that may stay up; if it is killed, run it again. Jobs that end are replaced and their
    points repeated. With ``processes`` equal to ``cores`` each worker has one thread. Only this script writes
    to the store.

    Examples
    --------
    >>> from ehbilayer.hartree_fock import solve_crystal
    >>> ds = sweep(
    ...     solve_crystal, {"d": [0.5, 1.0], "r_s": [6.0]}, fixed={"mesh": 2, "cutoff": 1.0}, executor="serial",
    ...     extract=["energy_per_pair"], units={"d": "a_h", "r_s": "a_h", "energy_per_pair": "Ha_h"},
    ... )
    >>> ds.energy_per_pair.dims, ds.energy_per_pair.units, ds.status.values.tolist()
    (('d', 'r_s'), 'Ha_h', [['ok'], ['ok']])
    """
    values = check_axes("axes", axes)
    names = _check_dims(dims)
    validation.option("unconverged", unconverged, UNCONVERGED)
    with Engine(
        function,
        values,
        store=store,
        executor=executor,
        progress=progress,
        fixed=fixed,
        extract=extract,
        units=units,
        retry_failed=retry_failed,
        allow_failed=allow_failed,
        workers=workers,
    ) as engine:
        places = [dict(zip(values, point, strict=True)) for point in product(*values.values())]
        found = engine.evaluate(places)
        engine.report()
        return _dataset(engine, values, found, names, unconverged)


def check_axes(argument: str, axes: Any) -> dict[str, list]:
    """Axes as lists of plain, different values; `argument` is the name in the error message."""
    if not isinstance(axes, Mapping) or not all(isinstance(name, str) and name.isidentifier() for name in axes):
        raise TypeError(
            f"{argument} = {axes!r} is not allowed: need a dictionary from names of arguments to their values"
        )
    if not axes:
        raise ArgumentError(argument, axes, "at least one axis")
    return {name: _check_axis(f"{argument}[{name!r}]", values) for name, values in axes.items()}


def _check_axis(argument: str, values: Any) -> list:
    if isinstance(values, (str, bytes, Mapping, set, frozenset)) or (
        np.ndim(values) == 0 and not hasattr(values, "__iter__")
    ):
        raise TypeError(f"{argument} = {values!r} is not allowed: need a sequence of numbers or strings")
    plain = [points.plain(f"{argument}[{index}]", value) for index, value in enumerate(values)]
    for index, value in enumerate(plain):
        if not isinstance(value, (bool, int, float, str)):
            raise TypeError(f"{argument}[{index}] = {value!r} is not allowed: need a number or a string")
    if len({isinstance(value, str) for value in plain}) > 1 or len({isinstance(value, bool) for value in plain}) > 1:
        raise TypeError(f"{argument} = {plain!r} is not allowed: need values of one type")
    if not plain:
        raise ArgumentError(argument, plain, "at least one value")
    twice = [value for index, value in enumerate(plain) if value in plain[:index]]
    if twice:
        raise ArgumentError(argument, plain, f"different values: it holds {twice[0]!r} twice")
    if any(isinstance(value, float) for value in plain):
        # As in an array, but for integers that no float is equal to.
        plain = [float(value) if abs(value) <= 2**53 else value for value in plain]
    return plain


def _check_dims(dims: Any) -> dict[str, tuple[str, ...]]:
    if dims is None:
        return {}
    if not isinstance(dims, Mapping) or not all(
        isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names) for names in dims.values()
    ):
        raise TypeError(f"dims = {dims!r} is not allowed: need a dictionary from results to lists of names")
    return {name: tuple(names) for name, names in dims.items()}


def _dataset(
    engine: Engine, axes: dict[str, list], found: list[points.Point], dims: dict[str, tuple[str, ...]], unconverged: str
) -> xr.Dataset:
    shape = tuple(map(len, axes.values()))
    kept = [point.values if unconverged == "keep" or point.status == "ok" else {} for point in found]
    unknown = sorted(dims.keys() - engine.shapes.keys()) if engine.shapes else []
    if unknown:
        raise ArgumentError(f"dims[{unknown[0]!r}]", dims[unknown[0]], f"one of {', '.join(engine.shapes)}")
    variables: dict[str, Any] = {}
    for name, inner in engine.shapes.items():
        labels = dims.get(name, tuple(f"{name}_{index}" for index in range(len(inner))))
        if len(labels) != len(inner):
            raise ArgumentError(f"dims[{name!r}]", labels, f"as many names as {name} has dimensions: {len(inner)}")
        array = gather([values.get(name) for values in kept], inner, name).reshape((*shape, *inner))
        variables[name] = ((*axes, *labels), array, engine.describe(name))
    status = np.array([point.status for point in found]).reshape(shape)
    variables["status"] = (tuple(axes), status, {"description": "ok | unconverged | failed"})
    variables["converged"] = (tuple(axes), status == "ok", {})
    variables["message"] = (tuple(axes), np.array([point.message for point in found]).reshape(shape), {})
    coordinates = {name: (name, np.array(values), engine.describe(name)) for name, values in axes.items()}
    counts = {f"points_{kind}": int(np.sum(status == kind)) for kind in ("unconverged", "failed")}
    return xr.Dataset(variables, coordinates, {**engine.attributes(), "points": status.size, **counts})
