import pytest

from ehbilayer.validation import integer, option, real
from ehbook.parameters import sequence


def test_values_are_checked_one_by_one():
    assert sequence("d", (0, 1), real, low=0.0) == [0.0, 1.0]
    assert sequence("d", [], real, least=0) == []
    assert sequence("kinds", ["a"], option, allowed=("a", "b")) == ["a"]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (4, TypeError, "meshes = 4 is not allowed: need a list of values, got int"),
        ("46", TypeError, "meshes = '46' is not allowed: need a list of values, got str"),
        ([], ValueError, r"meshes = \[\] is not allowed: need 2 or more values"),
        ([4, 1], ValueError, "meshes = 1 is not allowed: need an integer with meshes >= 2 and meshes <= 1000000"),
        ([4, 6.0], TypeError, "meshes = 6.0 is not allowed: need an integer, got float"),
    ],
)
def test_what_is_refused_is_named(values, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        sequence("meshes", values, integer, low=2, least=2)
