"""Result of the condensate solvers."""

from dataclasses import dataclass

import numpy as np

from ehbilayer.formatting import numbers_first

__all__ = ["UNITS", "CondensateState"]

#: Units of the numbers that the solvers take.
UNITS = {"d": "a_h", "r_s": "a_h", "cutoff": "|b|"}


@numbers_first("energy_per_pair")
@dataclass(frozen=True, eq=False)
class CondensateState:
    r"""Homogeneous condensate of electron-hole pairs at one density.

    Energies in Ha_h, lengths in a_h. Per pair, without the q = 0 capacitance energy 2 pi n d, which every
    neutral state of the bilayer has in common.

    Attributes
    ----------
    parameters : dict
        The arguments.
    units : dict of str to str
        Units of those that have one.
    energy_parts : dict of str to float
        ``"kinetic"``, ``"exchange"`` (both layers) and ``"pairing"`` energy per pair, Ha_h.
    chemical_potential : float
        2 mu = d(n E)/dn, energy to add a pair, Ha_h.
    gap : float
        Smallest mean energy :math:`R_k/2` of the two quasi-particles at one k, Ha_h; for equal masses that of either.
    pair_breaking_gap : float
        Energy of the cheapest electron-like and hole-like quasi-particle together, Ha_h. For unequal masses they
        lie at different k; their sum, unlike each alone, does not depend on mu_e - mu_h.
    condensate_fraction : float
        :math:`\sum u^2 v^2/\sum v^2`: the macroscopic eigenvalue of the pair density matrix per pair.
    wave_numbers : ndarray, shape (n,)
        k in 1/a_h, increasing.
    weights : ndarray, shape (n,)
        Of each k in a sum over states per pair: ``weights @ occupations`` is 1.
    occupations : ndarray, shape (n,)
        :math:`n_k = v^2 = \sin^2\theta_k`, the same for electrons and holes.
    anomalous : ndarray, shape (n,)
        :math:`\langle b_{-k} a_k\rangle = uv = \sin(2\theta_k)/2`.
    gap_function : ndarray, shape (n,)
        :math:`\Delta_k = \sum_{k'} V_1(k-k') \sin 2\theta_{k'}` in Ha_h, twice the usual order parameter.
    quasiparticle_energies : ndarray, shape (n,)
        :math:`R_k/2` in Ha_h.
    separation_derivative : float
        dE/dd at fixed density in Ha_h/a_h, by the Hellmann-Feynman theorem.
    residual : float
        Largest change of the mean fields in one more iteration, relative to their maxima.
    iterations : int
        Of the self-consistency loop, on the final grid.
    converged : bool
        Whether the residual met the tolerance on a grid that resolves the smearing of the Fermi edge.
    errors : dict of str to float
        Estimates for ``"energy_per_pair"``, ``"chemical_potential"``, ``"gap"`` and ``"condensate_fraction"`` from
        their change between a coarser grid and this one. Without meaning where `converged` is False.
    """

    parameters: dict
    units: dict
    energy_parts: dict
    chemical_potential: float
    gap: float
    pair_breaking_gap: float
    condensate_fraction: float
    wave_numbers: np.ndarray
    weights: np.ndarray
    occupations: np.ndarray
    anomalous: np.ndarray
    gap_function: np.ndarray
    quasiparticle_energies: np.ndarray
    separation_derivative: float
    residual: float
    iterations: int
    converged: bool
    errors: dict

    @property
    def energy_per_pair(self) -> float:
        """Energy per electron-hole pair, Ha_h."""
        return sum(self.energy_parts.values())

    @property
    def energy_error(self) -> float:
        """Discretisation error of `energy_per_pair`, Ha_h (see `errors`)."""
        return self.errors["energy_per_pair"]

    @property
    def virial_residual(self) -> float:
        r"""2 mu - [E + (2 T + V + d dE/dd)/2] in Ha_h: zero in the thermodynamic limit.

        E(r_s, d) scales as T/r_s^2 + V(d/r_s)/r_s, so that 2 mu = E - (r_s/2) dE/dr_s is fixed by the
        energies of one state. What remains measures discretisation (and, on a finite grid, finite size).
        """
        virial = self.energy_parts["kinetic"] + self.energy_per_pair
        virial += self.parameters["d"] * self.separation_derivative
        return self.chemical_potential - self.energy_per_pair - virial / 2

    @property
    def edge_occupation(self) -> float:
        """n_k at the largest k, where it must have died out."""
        return float(self.occupations[-1])


def summarise(functional, solution):
    """Scalars that the coarser and the finer solution have in common."""
    kinetic, exchange, pairing, slope = functional.parts(solution.occupation, solution.sine)
    return {
        "parts": {"kinetic": kinetic, "exchange": exchange, "pairing": pairing},
        "energy_per_pair": kinetic + exchange + pairing,
        "chemical_potential": solution.chemical_potential,
        "condensate_fraction": float(functional.weights @ solution.sine**2) / 4,
        "separation_derivative": slope,
    }


def build(parameters, functional, solution, wave_numbers, gaps, coarse, coarse_gaps, *, caution=1.0, resolved=True):
    """State from a solution and the scalars of a coarser one; gaps are (gap, pair_breaking_gap).

    The errors are the changes from the coarser solution times `caution`.
    """
    fine = summarise(functional, solution)
    changes = {
        name: fine[name] - coarse[name] for name in ("energy_per_pair", "chemical_potential", "condensate_fraction")
    }
    changes["gap"] = gaps[0] - coarse_gaps[0]
    errors = {name: caution * abs(change) for name, change in changes.items()}
    arrays = {
        "wave_numbers": wave_numbers,
        "weights": functional.weights,
        "occupations": solution.occupation,
        "anomalous": solution.sine / 2,
        "gap_function": solution.fields[1],
        "quasiparticle_energies": solution.excitation / 2,
    }
    for array in arrays.values():
        array.setflags(write=False)
    return CondensateState(
        parameters,
        {name: unit for name, unit in UNITS.items() if name in parameters},
        fine["parts"],
        fine["chemical_potential"],
        gap=gaps[0],
        pair_breaking_gap=gaps[1],
        condensate_fraction=fine["condensate_fraction"],
        **arrays,
        separation_derivative=fine["separation_derivative"],
        residual=solution.residual,
        iterations=solution.iterations,
        converged=solution.converged and resolved,
        errors=errors,
    )
