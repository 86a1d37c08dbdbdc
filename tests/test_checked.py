"""Arguments are refused by what the signature says, and nothing else changes."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from ehbilayer.checked import checked
from ehbilayer.errors import ArgumentError


@dataclass
class Layer:
    mass: float


@checked
def everything(
    number: float = 1.0,
    count: int = 1,
    flag: bool = False,
    text: str = "a",
    layer: Layer = Layer(1.0),  # noqa: B008
    values: ArrayLike = 1.0,
    array: NDArray[np.float64] = np.ones(2),  # noqa: B008
    either: float | NDArray[np.float64] = 1.0,
    maybe: float | None = None,
    function: Callable = abs,
    anything: Any = None,
    **options: float,
):
    """Doc."""
    return number, values, options


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("number", "1"),
        ("number", True),
        ("number", np.nan),
        ("number", 10**400),
        ("number", None),
        ("count", 1.5),
        ("count", True),
        ("count", 2**70),
        ("flag", "no"),
        ("flag", 1),
        ("text", 1),
        ("layer", 1.5),
        ("values", "x"),
        ("values", [1.0, np.inf]),
        ("values", [1.0 + np.inf * 1j]),
        ("values", [[1.0], [1.0, 2.0]]),
        ("array", [1.0]),
        ("array", np.array(["a"])),
        ("either", object()),
        ("maybe", "x"),
        ("function", 1),
    ],
)
def test_what_the_annotation_does_not_allow_is_refused_by_name(name, bad):
    with pytest.raises((TypeError, ArgumentError), match=rf"^{name}\b.* is not allowed: need "):
        everything(**{name: bad})


def test_what_it_allows_arrives_as_it_was_given():
    number, values = np.float64(2.0), [1, 2j]
    result = everything(number, values=values, maybe=None, anything=object(), more="x")
    assert result[0] is number and result[1] is values and result[2] == {"more": "x"}


def test_signature_and_documentation_stay():
    assert everything.__doc__ == "Doc." and everything.__name__ == "everything"
    assert everything.__wrapped__ is not everything


def test_a_call_that_does_not_fit_the_signature_is_pythons_own_error():
    with pytest.raises(TypeError, match="too many positional|multiple values|missing"):
        everything(*range(20))


@checked
def containers(
    numbers: Sequence[float] = (1.0,),
    plain: Sequence = (),
    pair: tuple[float, float] = (0.0, 1.0),
    words: tuple[str, ...] = (),
    counts: list[int] | None = None,
    named: Mapping[str, float] = {},
    table: dict[tuple[float, float], list[str]] = {},  # noqa: B006
    parts: Iterable[str] = (),
    either: str | Sequence[int] = "",
):
    return numbers, plain, pair, words, counts, named, table, parts, either


@pytest.mark.parametrize(
    ("name", "where", "bad"),
    [
        ("numbers", "", 1.0),
        ("numbers", "", None),
        ("numbers", "", "12"),
        ("numbers", "", b"12"),
        ("numbers", "", {1.0: 2.0}),
        ("numbers", "", {1.0}),
        ("numbers", "", np.array(1.0)),
        ("numbers", "", list),
        ("numbers", "[1]", [1.0, "2"]),
        ("numbers", "[0]", [True]),
        ("numbers", "[1]", np.array([1.0, np.nan])),
        ("numbers", "[1]", np.ma.masked_array([1.0, 2.0], [0, 1])),
        ("numbers", "[0]", [[1.0]]),
        ("plain", "", "x"),
        ("plain", "", 1),
        ("pair", "", (1.0,)),
        ("pair", "", [1.0, 2.0, 3.0]),
        ("pair", "", 1.0),
        ("pair", "[1]", (1.0, None)),
        ("words", "", "x"),
        ("words", "[1]", ("x", 1)),
        ("counts", "[0]", [1.5]),
        ("counts", "", 3),
        ("named", "", [("a", 1.0)]),
        ("named", "['a']", {"a": "x"}),
        ("named", " (a key)", {1: 1.0}),
        ("table", " (a key)", {1.0: ["x"]}),
        ("table", "[(1.0, 2.0)]", {(1.0, 2.0): "x"}),
        ("table", "[(1.0, 2.0)][0]", {(1.0, 2.0): [1]}),
        ("parts", "", "x"),
        ("parts", "", 1),
        ("parts", "[1]", ["x", 1]),
        ("either", "", 1.5),
        ("either", "", object()),
    ],
)
def test_containers_and_what_they_hold_are_refused_by_name(name, where, bad):
    with pytest.raises((TypeError, ArgumentError), match=rf"^{re.escape(name + where)} .*is not allowed: need "):
        containers(**{name: bad})


def test_containers_arrive_as_they_were_given():
    given = {
        "numbers": np.array([1.0, 2.0]),
        "plain": [object(), "x"],
        "pair": [0.0, np.float64(1.0)],
        "words": ["x", "y"],
        "counts": range(3),
        "named": {"a": 1},
        "table": {(1, 2.0): ["x"]},
        "parts": (word for word in ("x", "y")),
        "either": (1, 2),
    }
    found = containers(**given)
    assert all(mine is theirs for mine, theirs in zip(found, given.values(), strict=True))
    assert list(given["parts"]) == ["x", "y"], "the check used up what can be read once"
    assert containers(either="x")[-1] == "x"
