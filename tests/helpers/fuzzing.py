"""Calls that every public function must refuse by name or answer with a number: valid ones with one argument spoilt."""

import contextlib
import doctest
import importlib
import inspect
import io
import json
import numbers
import os
import pkgutil
import re
import resource
import signal
import subprocess
import sys
import warnings
from collections import Counter
from dataclasses import dataclass, field

import numba
import numpy as np

import ehbilayer
from ehbilayer.sweep import executors

#: Seconds of the processor after which a call counts as hanging, and bytes beyond those in use before it.
PATIENCE, MEMORY = 60, 2 * 2**30
#: Seconds on a clock after which a call that only waits counts as hanging too, on a machine as busy as may be.
LONGEST = 20 * PATIENCE
#: Seconds of the processor for all calls of one function; values that come later are left out, and counted.
BUDGET = 20


#: Functions whose documentation says when they give NaN.
SAYS_NAN = {"free_energy", "ladder_curve", "largest_error", "optical_frequency", "single_steps"}

#: Plain arithmetic for symbols as well as numbers, which looks at no argument.
SYMBOLIC = {"bracket", "expanded_bracket", "filled", "empty", "printed_cross_term"}


class Odd:
    """An object that no function expects."""

    def __repr__(self):
        return "Odd()"


SPOILT = [
    None,
    True,
    "x",
    "",
    b"x",
    float("nan"),
    float("inf"),
    -float("inf"),
    -1.0,
    -0.0,
    0,
    -1,
    1.5,
    1e300,
    -1e300,
    1e-300,
    10**400,
    10**18,
    2**70,
    2 + 1j,
    [],
    {},
    (),
    [float("nan")],
    ["x"],
    [[1.0], [1.0, 2.0]],
    np.array([]),
    np.array([np.nan, 1.0]),
    np.array([1.0, 1e300]),
    np.ma.masked_array([1.0, 2.0], [0, 1]),
    np.datetime64("2020"),
    np.timedelta64(1, "s"),
    object,
    Odd(),
    print,
]


class _Late(BaseException):
    """The patience is over; no library catches it."""


class _Here(executors.Runner):
    """Points of a sweep in this process: workers begin with seconds of imports, and their memory is not limited."""

    def __init__(self, executor, workers):
        super().__init__("serial" if executor is None else executor, workers)


@dataclass
class Record:
    """What the spoilt calls of a module came to."""

    counts: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)


def modules():
    """Modules of the library that list public names, without those that only hand them on."""
    for found in pkgutil.walk_packages(ehbilayer.__path__, "ehbilayer."):
        if found.name == "ehbilayer.validation":
            continue  # its functions name what their caller tells them; tests/test_validation.py
        if not found.ispkg and not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            if any(getattr(getattr(module, name), "__module__", None) == found.name for name in _names(module)):
                yield found.name


def _names(module):
    return getattr(module, "__all__", ())


def public(module):
    """Functions and classes that a module defines and lists, without errors and compiled kernels."""
    for name in _names(module):
        what = getattr(module, name)
        if not callable(what) or getattr(what, "__module__", None) != module.__name__:
            continue
        error = inspect.isclass(what) and issubclass(what, Exception)
        if not error and name not in SYMBOLIC and not isinstance(what, numba.core.dispatcher.Dispatcher):
            yield name, what


def example(module, name, function):
    """Arguments of the last valid call in the doctest of a function; None without one."""
    calls = []

    def recorded(*args, **kwargs):
        result = function(*args, **kwargs)
        calls.append((args, kwargs))
        return result

    test = doctest.DocTestParser().get_doctest(function.__doc__ or "", dict(vars(module)), name, None, None)
    test.globs |= {module.__name__.rpartition(".")[2]: module, name: recorded}
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
        runner.run(test, out=lambda text: None, clear_globs=False)
    for args, kwargs in reversed(calls):
        with contextlib.suppress(TypeError):
            bound = inspect.signature(function).bind(*args, **kwargs)
            bound.apply_defaults()
            return bound
    return None


def spoilt(function, valid):
    """Pairs of an argument's name and a call in which only that argument is another."""
    signature = inspect.signature(function)
    for name, given in valid.arguments.items():
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            continue
        for key in given if kind is inspect.Parameter.VAR_KEYWORD else (name,):
            for value in SPOILT:
                call = inspect.BoundArguments(signature, dict(valid.arguments))
                call.arguments[name] = value if key == name else {**given, key: value}
                yield key, value, call


def try_out(module):
    """Call every public function of a module with spoilt arguments."""
    module, record = importlib.import_module(module), Record()
    for name, function in public(module):
        valid = example(module, name, function)
        if valid is None:
            record.counts["without example"] += 1
            continue
        record.counts["callables"] += bool(next(spoilt(function, valid), None))
        begun = _spent()
        # Numbers that may be taken come last, since only they cost time.
        for argument, value, call in sorted(spoilt(function, valid), key=lambda item: _plausible(item[1])):
            if _spent() - begun > BUDGET:
                record.counts["left out"] += 1
                continue
            record.counts["inputs"] += 1
            outcome, said = _outcome(function, call, argument)
            if outcome == "answered" and _mistaken(function, argument, value):
                outcome = "takes another type"
            record.counts[outcome] += 1
            if outcome not in ("answered", "refused"):
                record.failures.append(f"{name}({argument}={value!r:.60}): {outcome} {said:.120}")
    return record


def try_out_alone(module, folder):
    """The record of a module whose calls run in a process of their own: stopped kernels leave locks behind."""
    command = [sys.executable, __file__, module]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{module}: exit status {done.returncode}\n{done.stderr[-2000:]}")
    counts, failures = json.loads(done.stdout.splitlines()[-1])
    return Record(Counter(counts), failures)


def _plausible(value):
    """Whether a value is a number that one could mean."""
    return isinstance(value, int | float) and abs(value) < 1e9


def _mistaken(function, argument, value):
    """Whether an argument that is annotated as one boolean, integer or number has been taken for one."""
    kinds = {bool: bool | np.bool_, int: numbers.Integral, float: numbers.Real}
    parameter = inspect.signature(function).parameters.get(argument)
    kind = kinds.get(parameter.annotation) if parameter else None  # none of its own where it is one of many keywords
    return kind is not None and not isinstance(value, kind)


def _outcome(function, call, argument):
    begun = _spent()
    outcome = _tried(function, call, argument)
    return ("hangs", "") if _spent() - begun > PATIENCE else outcome


def _tried(function, call, argument):
    try:
        with _limits(), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            result = function(*call.args, **call.kwargs)
    except (_Late, SystemError):  # a kernel turns the one into the other
        return "hangs", ""
    except MemoryError as error:
        return "exceeds memory", str(error)
    except Exception as error:
        # Where two arguments contradict each other, the message may begin with either.
        first = re.match(r"\w+", str(error))
        named = re.search(rf"\b{re.escape(argument)}\b", str(error)) or (
            first and first.group() in {*call.arguments, *call.kwargs}
        )
        return ("refused" if named else "does not name"), f"{type(error).__name__}: {error}"
    return ("gives NaN" if function.__name__ not in SAYS_NAN and _has_nan(result) else "answered"), ""


def _spent():
    """Seconds of the processor that this process and those it waited for have taken."""
    return sum(os.times()[:4])


@contextlib.contextmanager
def _limits():
    def late(*_):
        raise _Late

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as stream:
        used = int(stream.read().split()[0]) * resource.getpagesize()
    before = {number: signal.signal(number, late) for number in (signal.SIGPROF, signal.SIGALRM)}
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))
    # Again every second: a sweep takes the first interruption of a kernel for the failure of one point.
    signal.setitimer(signal.ITIMER_PROF, PATIENCE, 1)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        for number, handler in before.items():
            signal.signal(number, handler)


def _has_nan(value, depth=0):
    if isinstance(value, float | np.floating | complex):
        return bool(np.isnan(value))
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc" and bool(np.isnan(value).any())
    if depth < 2 and isinstance(value, tuple | list):
        return any(_has_nan(item, depth + 1) for item in value)
    if depth < 2 and isinstance(value, dict):
        return any(_has_nan(item, depth + 1) for item in value.values())
    return False


if __name__ == "__main__":
    executors.Runner = _Here
    found = try_out(sys.argv[1])
    print(json.dumps([found.counts, found.failures]))
