"""Frictional Coulomb drag between an electron and a hole layer (paper B, Eq. 10 and S-III)."""

from ehbilayer.drag.coefficients import ANSATZE, DragCoefficients, drag_coefficients, mobility
from ehbilayer.drag.layers import ParabolicLayer, RashbaLayer
from ehbilayer.drag.maps import drag_column, drag_map, local_exponent

__all__ = [
    "ANSATZE",
    "DragCoefficients",
    "ParabolicLayer",
    "RashbaLayer",
    "drag_coefficients",
    "drag_column",
    "drag_map",
    "local_exponent",
    "mobility",
]
