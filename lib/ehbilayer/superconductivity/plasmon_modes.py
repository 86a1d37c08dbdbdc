r"""Hartree-Fock's own plasmon in time: modes of the EL-HC state by time-dependent Hartree-Fock, V(0) = 0 throughout.

The displacement of the holes has :math:`\int d\omega\,\omega\,\mathrm{Im}\,\chi_{hh} \propto q^2/m_h` (f-sum rule) and
:math:`\int d\omega\,\mathrm{Im}\,\chi_{hh}/\omega` from the static response, so that alpha^2(q) of
`ehbilayer.superconductivity.static_response` is exactly the mean of :math:`\omega^2/(v_0q)^2` over the modes, each
weighted with its share of the static response. What is spread over pairs of electrons, which follow at a finite speed,
lies above the mean; the plasmon itself lies below it.

The functions take r_s and d in units of the electrons' Bohr radius a_e.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehbilayer.formatting import numbers_first
from ehbilayer.hartree_fock.modes import density_modes
from ehbilayer.superconductivity.compressibility import UNITS
from ehbilayer.superconductivity.static_response import checked, checked_wave, thermal_state

__all__ = ["PlasmonModes", "plasmon_modes"]


@numbers_first()
@dataclass(frozen=True, eq=False)
class PlasmonModes:
    """Result of `plasmon_modes`: excitations of one wave vector.

    Attributes
    ----------
    parameters, units : dict
        The arguments by name, and their units.
    q_r_s : float
        Wave number times r_s.
    squares : ndarray, shape (n,)
        (omega/v_0 q)^2, ascending; negative ones belong to instabilities.
    along, across : ndarray, shape (n,)
        Share of each mode in the static displacement of the holes by a force along q or across it; sums to 1.
    alpha_squared, across_squared : float
        Static stiffness for both, in which electron levels that coincide do not answer; times `sum_rule` the mean of
        `squares` with the shares `along`.
    sum_rule : float
        Left-hand side over right-hand side of the f-sum rule for the holes; far from 1 their orbitals, narrow for heavy
        ones, need a larger cutoff.
    """

    parameters: dict[str, Any]
    units: dict[str, str]
    q_r_s: float
    squares: NDArray
    along: NDArray
    across: NDArray
    alpha_squared: float
    across_squared: float
    sum_rule: float

    @property
    def stable(self) -> bool:
        """Whether no mode grows."""
        return bool(self.squares[0] > 0)

    @property
    def plasmon(self) -> tuple[float, float]:
        """Squared velocity over v_0^2 of the longitudinal mode with the largest share, and the share."""
        return self._largest(self.along)

    @property
    def shear_wave(self) -> tuple[float, float]:
        """The same of the transverse modes."""
        return self._largest(self.across)

    @property
    def spread(self) -> tuple[float, float]:
        """Mean of omega/(v_0 q) over the modes with the shares `along`, and the standard deviation.

        Modes that grow count as zero. Damping by a continuum of pairs, which a box breaks into modes, spreads them by
        its width; what they are spread by includes all else that the force excites.
        """
        frequencies = np.sqrt(np.maximum(self.squares, 0.0))
        mean = float(self.along @ frequencies)
        return mean, math.sqrt(float(self.along @ (frequencies - mean) ** 2))

    def _largest(self, shares: NDArray) -> tuple[float, float]:
        place = int(np.argmax(shares))
        return float(self.squares[place]), float(shares[place])


def plasmon_modes(
    *,
    mass_ratio: float = 10,
    d: float = 1.0,
    r_s: float = 1.6,
    mesh: int = 4,
    wave: tuple[int, int] = (1, 0),
    cutoff: float = 2.0,
    smearing: float = 0.1,
) -> PlasmonModes:
    """Modes of the restricted EL-HC state at a wave vector of the box, by time-dependent Hartree-Fock.

    Parameters
    ----------
    mass_ratio, d, r_s, mesh, wave, cutoff, smearing
        As in `ehbilayer.superconductivity.static_response.static_response`. The effort grows like the third power of
        the number of pairs: a second for 36, 4 s for 64, half a minute and 1.5 GB for 144.

    Returns
    -------
    PlasmonModes

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.
    NotConverged
        If the state did not converge or is unstable against currents.

    Examples
    --------
    >>> modes = plasmon_modes(mass_ratio=10, d=1.0, r_s=1.6, mesh=4, wave=(1, 0))
    >>> print(f"{modes.alpha_squared:.2f}: {modes.plasmon[0]:.2f}, {100 * modes.plasmon[1]:.0f} %")
    1.88: 1.72, 97 %
    """
    parameters = checked(mass_ratio, d, r_s, mesh, cutoff, smearing)
    parameters["wave"] = checked_wave(wave, mesh)
    state, heat = thermal_state(
        float(mass_ratio), float(d), float(r_s), parameters["mesh"], float(cutoff), float(smearing)
    )
    found = density_modes(state, parameters["wave"], (heat, 0.0))
    q = float(np.linalg.norm(np.array(parameters["wave"]) @ state.functional.box.reciprocal))
    # v_0 q with v_0 = sqrt(eps_F/m_h), in Ha_h; lengths in a_h.
    unit = math.sqrt(mass_ratio) / (mass_ratio * r_s) * q / (mass_ratio * r_s)
    squares = found.squares / unit**2
    along, across = (x[1] ** 2 / squares for x in (found.longitudinal, found.transverse))
    return PlasmonModes(
        parameters,
        UNITS,
        q,
        squares,
        along / along.sum(),
        across / across.sum(),
        float(1 / along.sum()),
        float(1 / across.sum()),
        float(np.sum(found.longitudinal[1] ** 2)),
    )
