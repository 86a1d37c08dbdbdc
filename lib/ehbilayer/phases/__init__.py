"""Which state lies lowest: candidate states, phase points, boundaries and crystallisation."""

from ehbilayer.phases.candidates import candidate_states
from ehbilayer.phases.correlated import correlated_point
from ehbilayer.phases.monolayer import monolayer_crystallisation
from ehbilayer.phases.point import phase_point

__all__ = ["candidate_states", "correlated_point", "monolayer_crystallisation", "phase_point"]
