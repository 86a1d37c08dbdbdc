"""The moving elements of the page on the reader's own device, and its answers as files."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from IPython.display import HTML

from ehbilayer import validation
from ehbilayer.device import FLAGS, LABELS, PRESETS, RESULT_UNITS, Answers, Bilayer, write_answers
from ehbilayer.units import MU_B
from ehbook.calculator import calculator_html
from ehbook.explorer import explorer_html
from ehbook.formulas import INPUTS
from ehbook.phase_map import PHASES, SHADES
from ehbook.plotting import FOLDER_VARIABLE

__all__ = ["device_calculator", "device_explorer", "save_answers"]

_AXES = {
    "density": ("density of each layer", "cm⁻²"),
    "d": ("spacing", "nm"),
    "B": ("in-plane Zeeman energy", "meV"),
    "T": ("temperature", "K"),
}


def device_calculator(bilayer: Bilayer) -> HTML:
    """Closed forms under sliders that begin at a bilayer and can be set to each preset.

    Parameters
    ----------
    bilayer : Bilayer
        What lies outside the ranges of the sliders moves to their ends.

    Returns
    -------
    IPython.display.HTML

    Raises
    ------
    TypeError
        If `bilayer` is anything else.
    """
    bilayer = validation.instance("bilayer", bilayer, Bilayer)
    listed = {preset.name: _inputs(preset.bilayer) for preset in PRESETS.values()}
    start = {name: min(max(x, INPUTS[name].low), INPUTS[name].high) for name, x in _inputs(bilayer).items()}
    return HTML(calculator_html(name="calculator", title="Move masses, spacing, density", presets=listed, start=start))


def device_explorer(
    data: xr.Dataset,
    shown: Sequence[str],
    *,
    name: str,
    title: str,
    start: Mapping[str, float],
    map_of: str | None = None,
    tesla: float | None = None,
) -> HTML:
    """Sliders over a sweep of `ehbilayer.device.answer_point`, with what is to be said against each answer.

    Parameters
    ----------
    data : xarray.Dataset
        Over some of density, d, B and T, with the flags of each answer.
    shown : sequence of str
        Names of answers.
    name, title, map_of
        As for `ehbook.explorer.explorer_html`.
    start : mapping of str to float
        Where the sliders begin: the nearest values of the grid.
    tesla : float, optional
        Field in tesla of a Zeeman energy of 1 meV, to be said beside the field's slider.

    Returns
    -------
    IPython.display.HTML

    Raises
    ------
    TypeError, ValueError
        As `ehbook.explorer.explorer_html`.
    """
    shown = validation.options("shown", shown, LABELS)
    axes = {axis: label for axis, label in _AXES.items() if axis in data.sizes}
    if tesla is not None and "B" in axes:
        axes["B"] = (f"{_AXES['B'][0]} (1 meV is {validation.positive('tesla', tesla):.3g} T)", _AXES["B"][1])
    begin = {axis: int(np.argmin(abs(data[axis].values - value))) for axis, value in start.items() if axis in axes}
    return HTML(
        explorer_html(
            data[[*shown, *(f"{answer}_flags" for answer in shown)]],
            name=name,
            title=title,
            axes=axes,
            rows={answer: (LABELS[answer], RESULT_UNITS.get(answer, "")) for answer in shown},
            notes={flag: sentence for flag, (_, sentence) in FLAGS.items()},
            map_of=map_of,
            colors=dict(zip((*PHASES, ""), (*SHADES.colors, "#ffffff"), strict=True)) if map_of else None,  # type: ignore[misc]
            start=begin,
        )
    )


def save_answers(answers: Answers, name: str) -> None:
    """Write answers as CSV and JSON beside the figures' data, for download.

    Parameters
    ----------
    answers : Answers
    name : str
        Of the files, without suffix.

    Raises
    ------
    TypeError
        If `answers` is anything else.
    OSError
        If a file cannot be written.
    """
    folder = Path(os.environ.get(FOLDER_VARIABLE) or "figures")
    folder.mkdir(parents=True, exist_ok=True)
    for ending in ("csv", "json"):
        write_answers(answers, folder / f"{name}.{ending}")


def _inputs(bilayer):
    """Inputs of the calculator; one without a value in the bilayer, such as alpha, is left alone."""
    given = {
        "m_e": bilayer.m_e,
        "m_h": bilayer.m_h,
        "eps_r": bilayer.permittivity,
        "d": bilayer.distance,
        "density": bilayer.carriers,
        "T": bilayer.T,
        "tau": 1e12 * bilayer.relaxation_time,
        "field": abs(bilayer.zeeman[1]) / (bilayer.g_factor * MU_B / 2),
        "g_factor": bilayer.g_factor,
    }
    if bilayer.alpha is not None:
        given["alpha"] = bilayer.alpha
    return {name: float(f"{x:.6g}") for name, x in given.items()}
