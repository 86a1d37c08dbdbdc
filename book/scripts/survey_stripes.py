"""Minima of the low-density bilayer from many starts and seeds (Fig. S8 of paper A).

    .venv/bin/python book/scripts/survey_stripes.py STORE

computes about half an hour on one core, resumes from the directory STORE if it was
interrupted, and writes book/data/stripes.csv with its provenance. More seeds:
SEEDS below.
"""

import sys
from pathlib import Path

from ehbilayer.hartree_fock import solve_supercell
from ehbilayer.hartree_fock.structure import summary
from ehbilayer.phases import monolayer_crystallisation
from ehbilayer.sweep import sweep

SEEDS = range(4)
STARTS = ["coupled crystal", "crystal", "random", "liquid"]
PATH = Path(__file__).parents[1] / "data" / "stripes.csv"

if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: survey_stripes.py STORE")
    r_s = monolayer_crystallisation(mesh=6) / 0.1**0.5
    data = sweep(
        solve_supercell,
        {"start": STARTS, "seed": list(SEEDS)},
        fixed={
            "mass_ratio": 8,
            "d": 1.0,
            "r_s": round(r_s, 4),
            "cells": [6, 6],
            "cutoff": 2.0,
            "spin": "unrestricted",
            "tolerance": 1e-5,
            "max_iterations": 1500,
        },
        extract=summary,
        store=sys.argv[1],
        unconverged="keep",
        units={"r_s": "a_h", "d": "a_h", "cutoff": "|b|", "energy": "Ha_h"},
    )
    table = data.to_dataframe().reset_index().sort_values("energy")
    PATH.parent.mkdir(exist_ok=True)
    with PATH.open("w") as file:
        for name in ("function", "fixed", "library", "software", "source_key"):
            file.write(f"# {name}: {data.attrs[name]}\n")
        table.to_csv(file, index=False, float_format="%.9g")
    print(table.to_string(index=False))
