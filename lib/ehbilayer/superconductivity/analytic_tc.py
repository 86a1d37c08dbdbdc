"""Closed formulas for the transition temperature: McMillan, Allen and Dynes."""

import math

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.superconductivity.coupling import CouplingSpectrum

__all__ = ["allen_dynes", "mcmillan"]


@checked
def mcmillan(
    spectrum: CouplingSpectrum, mu_star: float, prefactor: str = "logarithmic", debye: float | None = None
) -> float:
    r"""McMillan's :math:`T_c = \frac{\Omega}{c}\exp[-1.04(1+\lambda)/(\lambda - \mu^*(1 + 0.62\lambda))]`.

    Parameters
    ----------
    spectrum : CouplingSpectrum
    mu_star : float
        >= 0.
    prefactor : {"logarithmic", "debye"}
        :math:`\omega_{\log}/1.2` or :math:`\omega_D/1.45`.
    debye : float, optional
        :math:`\omega_D` in the unit of the spectrum's frequencies, > 0; by default the highest of them.

    Returns
    -------
    float
        In the unit of the spectrum's frequencies; 0 where the exponent's denominator is not positive.

    Examples
    --------
    >>> from ehbilayer.superconductivity.coupling import CouplingSpectrum
    >>> print(f"{mcmillan(CouplingSpectrum.einstein(0.5), 0.1):.5f}")
    0.01216
    """
    mu_star = validation.real("mu_star", mu_star, low=0.0)
    debye = float(spectrum.frequencies[-1]) if debye is None else validation.positive("debye", debye)
    scale = {"logarithmic": spectrum.logarithmic_mean / 1.2, "debye": debye / 1.45}
    coupling = spectrum.coupling
    net = coupling - mu_star * (1 + 0.62 * coupling)
    scale = scale[validation.option("prefactor", prefactor, scale)]
    return scale * math.exp(-1.04 * (1 + coupling) / net) if net > 0 else 0.0


@checked
def allen_dynes(spectrum: CouplingSpectrum, mu_star: float) -> float:
    """McMillan's formula with the strong-coupling and shape corrections of Allen and Dynes (1975).

    Parameters
    ----------
    spectrum : CouplingSpectrum
    mu_star : float
        >= 0.

    Returns
    -------
    float
        In omega_D.

    Examples
    --------
    >>> from ehbilayer.superconductivity.coupling import CouplingSpectrum
    >>> print(f"{allen_dynes(CouplingSpectrum.einstein(1.0), 0.0):.4f}")
    0.1124
    """
    mu_star = validation.real("mu_star", mu_star, low=0.0)
    coupling, ratio = spectrum.coupling, spectrum.root_mean_square / spectrum.logarithmic_mean
    first = (1 + (coupling / (2.46 * (1 + 3.8 * mu_star))) ** 1.5) ** (1 / 3)
    second = 1 + (ratio - 1) * coupling**2 / (coupling**2 + (1.82 * (1 + 6.3 * mu_star) * ratio) ** 2)
    return first * second * mcmillan(spectrum, mu_star)
