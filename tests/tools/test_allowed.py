import pytest

from tools.allowed import beside, in_words, ranges

PARAMETERS = """\
mesh = 6  # per side
r = [1.0, 2.0]
kind = "a"
mode = "x"  # "x" or "y"
d = 2.0  # in nm
B = 3.0  # any field
gap = None  # in meV
long = False
"""
CHECKS = """\
from ehbilayer.validation import integer, option, positive, real
from ehbook.parameters import sequence
mesh = integer("mesh", mesh, low=2, high=8)
r = sequence("r", r, positive, least=2)
kind, mode = option("kind", kind, ("a", "b")), option("mode", mode, ("x", "y"))
d = real("d", d, low=mesh / 4, high=1e7)
B = real("B", B)
gap = None if gap is None else real("gap", gap, low=-1.0, high=1.0)
"""


def test_each_parameter_is_asked_of_the_checks():
    assert ranges(PARAMETERS, CHECKS) == {
        "mesh": "2 to 8",
        "r": "> 0",
        "kind": "one of 'a', 'b'",
        "mode": "one of 'x', 'y'",
        "d": "1.5 to 1e7",  # with the other parameters as they are
        "gap": "-1 to 1",
    }


def test_the_ranges_stand_in_the_comments_and_choices_only_once():
    assert beside(PARAMETERS, CHECKS).splitlines() == [
        "mesh = 6  # per side (2 to 8)",
        "r = [1.0, 2.0]  # > 0",
        "kind = \"a\"  # one of 'a', 'b'",
        'mode = "x"  # "x" or "y"',
        "d = 2.0  # in nm (1.5 to 1e7)",
        "B = 3.0  # any field",
        "gap = None  # in meV (-1 to 1)",
        "long = False",
    ]


def test_a_class_that_checks_is_asked_too():
    checks = "from ehbilayer.device import Device\nDevice(T_c=T_c, d=d)"
    assert ranges("T_c = 10.0\nd = 5.0", checks) == {"T_c": "> 0", "d": "≥ 0"}


def test_cells_without_checks_say_nothing():
    assert ranges("d = 1.0\ne = 2", "import numpy as np\nd = d + e") == {}


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        ("a finite number with d > 0 and d <= 2.5", "> 0, ≤ 2.5"),
        ("a finite number with d >= 1e-06 and d <= 1e+09", "1e-6 to 1e9"),
        ("an integer with n >= 6 and n <= 6", "6"),
        ("a finite number with d >= -40", "≥ -40"),
        ("a finite number", ""),
    ],
)
def test_words(needed, words):
    assert in_words(needed) == words
