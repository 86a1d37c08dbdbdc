"""Answers as tables and files, with their units, their flags and the parameters they belong to."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

from ehbilayer import validation
from ehbilayer.device.answers import LABELS, Answers
from ehbilayer.device.bilayer import UNITS
from ehbilayer.errors import ArgumentError, shown
from ehbilayer.files import replacing

__all__ = ["answers_csv", "answers_json", "answers_table", "write_answers"]

_COLUMNS: tuple[str, ...] = ("name", "value", "unit", "validity", "flags", "message")


def answers_table(answers: Answers) -> list[dict[str, Any]]:
    """The answers as rows of plain values.

    Parameters
    ----------
    answers : Answers
        What `ehbilayer.device.answer` returns.

    Returns
    -------
    list of dict
        For each quantity ``"name"``, ``"label"``, ``"value"`` (float, str or None), ``"unit"`` (empty for a name or a
        pure number), ``"validity"`` (``"valid"``, ``"caution"`` or ``"not valid"``), ``"flags"`` (list of str) and
        ``"message"``, the flags in words.

    Raises
    ------
    TypeError
        If `answers` is anything else.

    Examples
    --------
    >>> from ehbilayer.device import Bilayer, answer
    >>> bilayer = Bilayer(m_e=0.2, m_h=0.2, eps_r=5, d=20, density=4.2e11, J=20, T=10, tau=1000)
    >>> row = answers_table(answer(bilayer, parts=["drag"]))[1]
    >>> row["name"], f"{row['value']:.4f}", row["unit"], row["validity"], row["flags"]
    ('drag_ratio', '-0.0093', '', 'valid', [])
    """
    return [
        {
            "name": name,
            "label": LABELS[name],
            "value": found.value,
            "unit": found.unit,
            "validity": found.validity,
            "flags": list(found.flags),
            "message": found.statement,
        }
        for name, found in validation.instance("answers", answers, Answers).quantities.items()
    ]


def answers_json(answers: Answers) -> str:
    """The answers as a JSON text.

    Parameters
    ----------
    answers : Answers

    Returns
    -------
    str
        An object with ``"parameters"``, by name an object with value and unit, and ``"answers"``, the rows of
        `answers_table`. Numbers have all their digits; there is no NaN.

    Examples
    --------
    >>> from ehbilayer.device import Bilayer, answer
    >>> bilayer = Bilayer(m_e=0.2, m_h=0.2, eps_r=5, d=20, density=4.2e11, J=20, T=10, tau=1000)
    >>> json.loads(answers_json(answer(bilayer, parts=["drag"])))["parameters"]["d"]
    {'value': 20.0, 'unit': 'nm'}
    """
    rows = answers_table(answers)
    parameters = {name: {"value": value, "unit": unit} for name, value, unit in _parameters(answers)}
    return json.dumps({"parameters": parameters, "answers": rows}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def answers_csv(answers: Answers) -> str:
    """The answers as a CSV text.

    Parameters
    ----------
    answers : Answers

    Returns
    -------
    str
        With a header: name, value, unit, validity, flags (with blanks between), message. The parameters come first,
        with ``"given"`` in place of a validity; a missing value is empty.

    Examples
    --------
    >>> from ehbilayer.device import Bilayer, answer
    >>> bilayer = Bilayer(m_e=0.2, m_h=0.2, eps_r=5, d=20, density=4.2e11, J=20, T=10, tau=1000)
    >>> print(answers_csv(answer(bilayer, parts=["drag"])).splitlines()[0])
    name,value,unit,validity,flags,message
    """
    rows = [
        {"name": name, "value": " ".join(value) if name == "outside" else value, "unit": unit, "validity": "given"}
        for name, value, unit in _parameters(answers)
    ]
    rows += [{**row, "flags": " ".join(row["flags"])} for row in answers_table(answers)]
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_answers(answers: Answers, path: str | os.PathLike[str]) -> None:
    """Write the answers into a file, whole or not at all.

    Parameters
    ----------
    answers : Answers
    path : str or path-like
        The ending says the format: ``.csv`` or ``.json``; see `answers_csv` and `answers_json`.

    Raises
    ------
    TypeError, ArgumentError
        If `answers` is anything else, or the ending another.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from ehbilayer.device import Bilayer, answer
    >>> bilayer = Bilayer(m_e=0.2, m_h=0.2, eps_r=5, d=20, density=4.2e11, J=20, T=10, tau=1000)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_answers(answer(bilayer, parts=["drag"]), f"{folder}/device.csv")
    ...     print(Path(folder, "device.csv").read_text().partition(",")[0])
    name
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path = {shown(path)} is not allowed: need the name of a file, got {type(path).__name__}")
    formats = {".csv": answers_csv, ".json": answers_json}
    suffix = Path(os.fsdecode(path)).suffix.lower()
    if suffix not in formats:
        raise ArgumentError("path", str(path), "a name that ends in .csv or .json")
    text = formats[suffix](answers)
    with replacing(path) as file:
        file.write_text(text, encoding="utf-8")


def _parameters(answers):
    """Name, value and unit of each parameter that the bilayer has."""
    given = validation.instance("answers", answers, Answers).bilayer.parameters.items()
    return [(name, value, UNITS.get(name, "")) for name, value in given if value is not None and value != ()]
