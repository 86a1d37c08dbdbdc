"""A bilayer in laboratory units: what the theories say about it, and how far each of them can be trusted."""

from ehbilayer.device.answers import CAUTION, FLAGS, INVALID, LABELS, RESULT_UNITS, Answer, Answers
from ehbilayer.device.asymmetry import PlateauAsymmetry, asymmetry_at
from ehbilayer.device.bilayer import OUTSIDE, UNITS, Bilayer, gate_density
from ehbilayer.device.bose import bose_current, pair_repulsion, sound_velocity
from ehbilayer.device.curve import Device
from ehbilayer.device.drag_curve import (
    antisymmetric_share,
    branch_currents,
    expansion_currents,
    joined_curve,
    plateau_asymmetry,
)
from ehbilayer.device.export import answers_csv, answers_json, answers_table, write_answers
from ehbilayer.device.laboratory import PARTS, answer, answer_point, read_point
from ehbilayer.device.ladder_map import ladder_map
from ehbilayer.device.one_interaction import device_ladder, ladder_curve, ladder_drag
from ehbilayer.device.outlook import Sight, outlook
from ehbilayer.device.presets import PRESETS, Preset, device_bilayer, preset_point
from ehbilayer.device.stability import NormalStability, normal_stability, parabolic_edge

__all__ = [
    "CAUTION",
    "FLAGS",
    "INVALID",
    "LABELS",
    "OUTSIDE",
    "PARTS",
    "PRESETS",
    "RESULT_UNITS",
    "UNITS",
    "Answer",
    "Answers",
    "Bilayer",
    "Device",
    "NormalStability",
    "PlateauAsymmetry",
    "Preset",
    "Sight",
    "answer",
    "answer_point",
    "answers_csv",
    "answers_json",
    "answers_table",
    "antisymmetric_share",
    "asymmetry_at",
    "bose_current",
    "branch_currents",
    "device_bilayer",
    "device_ladder",
    "expansion_currents",
    "gate_density",
    "joined_curve",
    "ladder_curve",
    "ladder_drag",
    "ladder_map",
    "normal_stability",
    "outlook",
    "pair_repulsion",
    "parabolic_edge",
    "plateau_asymmetry",
    "preset_point",
    "read_point",
    "sound_velocity",
    "write_answers",
]
