"""Symbols in plain text, as registries and notebooks write them, set as mathematics."""

import re

__all__ = ["numbers_in_print", "typeset"]

_NAMES = "alpha beta gamma delta varepsilon zeta eta theta kappa lambda mu mu nu xi pi rho sigma tau phi chi psi omega"
_GREEK = dict(zip("αβγδεζηθκλμµνξπρστφχψω", _NAMES.split(), strict=True)) | {"Δ": "Delta"}
_SUBSCRIPT = r"bottom|D[12]|F[eh]|[vc],[+−-]|c[+−-]|\d+|[A-Za-zµμ]|\{[^{}]*\}"
_SYMBOL = rf"(?:Ha|tau|[A-Za-zα-ωΔµ])_(?:{_SUBSCRIPT})(?:\^(?:II|I|[A-Za-z\d])|\*)?"
# Next to each other or divided by each other they are one formula.
_FORMULA = re.compile(rf"(?<![\\$`<\w-]){_SYMBOL}(?:/?{_SYMBOL})*(?![`>_-])|(?<=[\dN₀-₉]){_SYMBOL}(?:/?{_SYMBOL})*")
_PARTS = re.compile(rf"(Ha|tau|[A-Za-zα-ωΔµ])_({_SUBSCRIPT})(?:\^(II|I|[A-Za-z\d])|(\*))?")
# What Python writes of numbers and truth, outside of formulas and code.
_WRITTEN = re.compile(
    r"(?P<kept>\$[^$]*\$|`[^`]*`)|(?P<minus>(?<![\w.)\]-])-)?(?P<digits>\b\d+(?:\.\d+)?)e(?P<sign>[+−-]?)0*(?P<power>\d+)\b"
    r"|(?<![\w.)\]-])-(?=\.?\d)|\b(?P<truth>True|False)\b"
)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# Indices that are numbers, momenta or directions; the others abbreviate words and stand upright.
_SLOPING = set("sklqxymµμ")


def _letter(text):
    return f"\\{_GREEK[text]}" if text in _GREEK else {"Ha": r"\mathrm{Ha}", "tau": r"\tau"}.get(text, text)


def _index(text):
    text = text.strip("{}").replace("−", "-")
    if text in _GREEK or text in _SLOPING or text.isdigit():
        return _letter(text)
    return rf"\mathrm{{{text}}}"


def _symbol(match):
    base, below, above, star = match.groups()
    raised = rf"^{{{_index(above)}}}" if above else "^*" if star else ""
    return rf"{_letter(base)}_{{{_index(below)}}}{raised}"


def _written(match):
    if match["kept"]:
        return match.group()
    if match["truth"]:
        return "yes" if match["truth"] == "True" else "no"
    if not match["digits"]:
        return "−"
    sign = "⁻" if match["sign"] in {"-", "−"} else ""
    return f"{'−' if match['minus'] else ''}{match['digits']} × 10{sign}{match['power'].translate(_RAISED)}"


def typeset(text: str) -> str:
    r"""Set symbols with indices between dollar signs, numbers and truth as in print, and leave the rest as it is.

    Parameters
    ----------
    text : str
        Plain text, with symbols such as ``m_h/m_e``, ``r_s^h``, ``k_BT_c`` or ``ε_F``.

    Returns
    -------
    str
        The same for MyST.

    Examples
    --------
    >>> print(typeset("m_h/m_e ≳ 2 at r_s^h = 7, in 10 k_BT_c"))
    $m_{\mathrm{h}}/m_{\mathrm{e}}$ ≳ 2 at $r_{s}^{\mathrm{h}}$ = 7, in 10 $k_{\mathrm{B}}T_{\mathrm{c}}$
    >>> print(typeset("-0.13 ± 2e-04, below zero: True"))
    −0.13 ± 2 × 10⁻⁴, below zero: yes
    """
    text = _FORMULA.sub(lambda found: f"${_PARTS.sub(_symbol, found.group())}$", text)
    return _WRITTEN.sub(_written, text)


def numbers_in_print(text: str) -> str:
    """Set the numbers of a text that holds no formula as in print, and leave its words as they are.

    Parameters
    ----------
    text : str
        Prose or the cell of a table, with numbers as Python writes them.

    Returns
    -------
    str

    Examples
    --------
    >>> numbers_in_print("True to -1.3e-07")
    'True to −1.3 × 10⁻⁷'
    """
    return _WRITTEN.sub(lambda match: match.group() if match["truth"] else _written(match), text)
