"""Rows of the gallery's table of minima, and radii at densities in units of n*.

`survey_supercell` of `ehbilayer.hartree_fock.supercell` finds the states.
"""

from collections.abc import Sequence

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbilayer.hartree_fock import SupercellState
from ehbilayer.hartree_fock.structure import summary

__all__ = ["minima_rows", "radius_at"]


def radius_at(density_ratio: float, r_s_star: float) -> float:
    """Wigner-Seitz radius at a density in units of n*, r_s = r_s* (n*/n)^(1/2).

    Parameters
    ----------
    density_ratio : float
        n/n*, > 0.
    r_s_star : float
        Radius at the density n*, in any unit, > 0.

    Returns
    -------
    float
        r_s in the unit of `r_s_star`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a positive number.

    Examples
    --------
    >>> radius_at(0.25, 3.0)
    6.0
    """
    return validation.positive("r_s_star", r_s_star) / validation.positive("density_ratio", density_ratio) ** 0.5


def minima_rows(where: str, states: Sequence[SupercellState]) -> list[dict[str, str]]:
    """Start, seed, energy and order of each state, for `ehbook.page.table`.

    Parameters
    ----------
    where : str
        First cell of each row: the point at which the states were found.
    states : sequence of SupercellState
        Lowest first, as `survey_supercell` returns them.

    Returns
    -------
    list of dict of str to str
        *Bragg*, *other* and *spin* are those of `ehbilayer.hartree_fock.structure.summary`; *above* is the energy
        above the first state in 1e-5 Ha_h per pair.

    Raises
    ------
    ValueError
        If there is no state, or the first is not the lowest.

    Examples
    --------
    >>> from ehbilayer.hartree_fock.supercell import survey_supercell
    >>> states = survey_supercell(starts=["crystal"], seeds=[0], cells=(2, 2), r_s=12.0, mass_ratio=4)
    >>> [row["start, seed"] for row in minima_rows("here", states)]
    ['crystal, 0']
    """
    states = list(states)
    if not states or min(state.energy_per_pair for state in states) < states[0].energy_per_pair:
        raise ArgumentError("states", states, "at least one state, the lowest first")
    rows = []
    for state in states:
        order = summary(state)
        rows.append(
            {
                "point": where,
                "start, seed": f"{state.parameters['start']}, {state.parameters['seed']}",
                r"energy ($\mathrm{Ha}_{\mathrm h}$)": f"{state.energy_per_pair:.5f}",
                "above (10⁻⁵)": f"{1e5 * (state.energy_per_pair - states[0].energy_per_pair):.0f}",
                "converged": "yes" if state.converged else "no",
                "Bragg": f"{order['bragg']:.2f}",
                # The gradient's tolerance leaves about 0.01 of these open where minima are shallow.
                "other": f"{order['other']:.1f}",
                "spin": f"{order['spin']:.1f}",
            }
        )
    return rows
