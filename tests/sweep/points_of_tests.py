"""Functions that the tests sweep."""

import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ehbilayer.sweep import quantities


def note():
    """Leave a line for every call."""
    if "CALLS" in os.environ:
        with open(os.environ["CALLS"], "a") as file:
            file.write(f"{os.getpid()}\n")


def process(x):
    return os.getpid()


def total(x, y=0.0):
    note()
    return x / 3 + y


def slow(x):
    note()
    time.sleep(float(os.environ.get("PAUSE", "0.05")))
    return {"root": np.sqrt(x), "wave": np.sin(x * np.arange(3))}


def many(x, name):
    return {
        "number": x,
        "text": name * x,
        "flag": x > 1,
        "wave": np.arange(2) * 1j,
        "odd": x if x % 2 else None,
        "even": x % 2 == 0 if x > 1 else None,
        "parts": {"e": 1, "h": 2.5},
        "size": np.float32(x),
    }


def troubled(x):
    note()
    if x == 1:
        raise ZeroDivisionError(f"at {object()}")
    if x == 2:
        sys.exit("no")
    return {"value": float(x), "converged": x != 3}


def deadly(x):
    if x == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return float(x)


def repaired(x):
    note()
    if x == 1 and not os.path.exists(os.environ["REPAIRED"]):
        raise RuntimeError("broken")
    return float(x)


@dataclass(frozen=True)
class Result:
    energy: float
    moments: dict
    converged: bool

    @classmethod
    def at(cls, x):
        return cls(x**2, {"e": x, "h": 2 * x}, x < 2)


def solve(x):
    return Result.at(x)


def keep(result):
    return {"twice": 2 * result.energy}


def threads(x):
    return {name: int(os.environ.get(name, 0)) for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS")}


def ragged(x):
    return np.zeros(x)


def fickle(x):
    return {"a": 1.0} if x else {"b": 1.0}


def mixed(x):
    return {"a": "text" if x else 1.0}


def interrupted(x):
    note()
    if x == 2 and not os.path.exists(os.environ["REPAIRED"]):
        raise KeyboardInterrupt
    return float(x)


def phase(x, shift=0.0):
    note()
    return "liquid" if x < 1 + shift else "crystal" if x < 1.3 + 3 * shift else "condensate"


def energies(x):
    if 1.4 < x < 1.45:
        raise ArithmeticError("no solution")
    return {"difference": x**2 - 2, "missing": None, "wave": [1, 2], "other": 1.0}


def ready(x):
    return x + 0.25 >= 1 / 3


@quantities(x="nm", y="K", length="nm", parts_e="eV", absent="m")
def measured(x, y):
    return {"length": x, "plain": y, "parts": {"e": 1.0}}


class Measured:
    units: ClassVar = {"x": "cm", "twice": "cm", "other": 3}

    def __init__(self, x):
        self.twice = 2 * x


def kinds(x, y):
    return {"x_type": type(x).__name__, "y_type": type(y).__name__}


def overlapping(x):
    return {"a": {"b": 1}, "a_b": 2}


def whole(x):
    note()
    if not isinstance(x, int):
        raise TypeError(f"x = {x!r}")
    return x


def killing():
    os.kill(os.getpid(), signal.SIGKILL)
