"""Run every benchmark and print one table: python -m benchmarks [name ...]"""

import importlib
import pkgutil
import sys

import pandas as pd

import benchmarks
from benchmarks.timing import growth_exponent, measure


def collect(names=(), *, long=True, **options):
    """Rows of all cases in the modules bench_*, or of those whose name contains one of `names`.

    Without `long`, cases that are timed once are left out; `options` are those of `measure`.
    """
    rows = []
    for module in sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name.startswith("bench_")):
        if names and not any(name in module for name in names):
            continue
        for case in importlib.import_module(f"benchmarks.{module}").cases():
            if long or not case.once:
                rows.append({"module": module.removeprefix("bench_"), **measure(case, **options)})
    return pd.DataFrame(rows)


def growth(table):
    """Growth exponent of every case timed at three or more sizes."""
    families = table.dropna(subset="N").groupby("case", sort=False)
    return {name: growth_exponent(rows["N"], rows["ours (ms)"]) for name, rows in families if len(rows) > 2}


if __name__ == "__main__":
    table = collect(sys.argv[1:])
    print(table.to_string(index=False, float_format=lambda value: f"{value:.3g}", na_rep=""))
    for name, exponent in growth(table).items():
        print(f"{name}: time ~ N^{exponent:.1f}")
