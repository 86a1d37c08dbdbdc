"""Root of a function in a bracket, by Brent's method."""

from collections.abc import Callable

from scipy.optimize import root_scalar


def root(
    function: Callable[[float], float], low: float, high: float, *, absolute: float = 2e-12, relative: float = 8.9e-16
) -> float:
    """Where a function changes sign.

    Parameters
    ----------
    function : callable
    low, high : float
        Its values there have opposite signs.
    absolute, relative : float
        Largest errors of the root: the sum of the first, and the second times the root.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the signs are equal.

    Examples
    --------
    >>> print(f"{root(lambda x: x * x - 2, 0.0, 2.0):.10f}")
    1.4142135624
    """
    found = root_scalar(function, bracket=(low, high), method="brentq", xtol=absolute, rtol=relative)
    return float(found.root)
