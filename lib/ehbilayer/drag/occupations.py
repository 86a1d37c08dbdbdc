"""Fermi functions in the forms that the kernels need."""

import math

from ehbilayer.compilation import kernel


@kernel(error_model="numpy")
def fermi(x):
    """Fermi function 1/(1 + exp(x)), a kernel.

    Parameters
    ----------
    x : float
        Energy above the chemical potential over k_B T.

    Returns
    -------
    float

    Examples
    --------
    >>> fermi(0.0), fermi(1e4) < 1e-300
    (0.5, True)
    """
    return 1.0 / (1.0 + math.exp(min(x, 700.0)))


@kernel(error_model="numpy")
def occupations(x, y, e, g):
    """Fermi functions f, f' at the energies x, y and sqrt(f(1 - f) f'(1 - f')), a kernel.

    Parameters
    ----------
    x, y : float
        Energies, of which the signs count.
    e, g : float
        ``exp(-|x|/2T)`` and ``exp(-|y|/2T)``.

    Returns
    -------
    f, f_after, product : float
    """
    a, b = e * e, g * g
    return (1.0 if x < 0.0 else a) / (1.0 + a), (1.0 if y < 0.0 else b) / (1.0 + b), e * g / ((1.0 + a) * (1.0 + b))
