"""Frictional Coulomb drag between an electron and a hole layer (paper B, Eq. 10 and S-III)."""

from ehbilayer.drag.coefficients import drag_coefficients
from ehbilayer.drag.column import drag_column
from ehbilayer.drag.ladder import Ladder, LadderDrag
from ehbilayer.drag.maps import drag_map, local_exponent
from ehbilayer.drag.rashba_layer import RashbaLayer
from ehbilayer.drag.rates import ANSATZE
from ehbilayer.drag.result import DragCoefficients, mobility
from ehbilayer.model.layers import ParabolicLayer

__all__ = [
    "ANSATZE",
    "DragCoefficients",
    "Ladder",
    "LadderDrag",
    "ParabolicLayer",
    "RashbaLayer",
    "drag_coefficients",
    "drag_column",
    "drag_map",
    "local_exponent",
    "mobility",
]
