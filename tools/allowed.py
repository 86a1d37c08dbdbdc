"""Which values a page's parameters may have, asked of the cell that checks them.

Each parameter is given an impossible value in turn; the error names what is allowed. A page need not say it twice.
"""

import ast
import math
import re

from ehbilayer.errors import ArgumentError

_BOUND = re.compile(r"(>=|<=|>|<) (\S+)")


def impossible(value):
    """A value of the same kind that no check lets pass, None where there is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, list):
        inner = impossible(value[0]) if value else "\0"
        return None if inner is None else [inner] * max(len(value), 2)
    if isinstance(value, str):
        return "\0"
    # A parameter without a value is a number that the page can do without.
    return 10**30 if isinstance(value, int) else math.inf


def in_words(needed):
    """What an error says is needed, in few words; empty for any number and for what has no bounds."""
    if needed.startswith("one of "):
        return needed.replace(" | ", ", ")
    bounds = dict(_BOUND.findall(needed))
    texts = {sign: _short(bound) for sign, bound in bounds.items()}
    if set(texts) == {">=", "<="}:
        low, high = texts[">="], texts["<="]
        return f"{low} to {high}" if low != high else low
    return ", ".join(f"{sign.replace('>=', '≥').replace('<=', '≤')} {text}" for sign, text in texts.items())


def _short(number):
    text = f"{float(number):g}"
    return re.sub(r"e([+-])0*", lambda found: f"e{found[1].strip('+')}", text)


def values(parameters):
    """Names and values that a cell of parameters sets."""
    assigned = (statement for statement in ast.parse(parameters).body if isinstance(statement, ast.Assign))
    return {statement.targets[0].id: ast.literal_eval(statement.value) for statement in assigned}


def ranges(parameters, checks):
    """For each parameter what is allowed, in words, from the source of the cell that sets them and of the next one."""
    found, code = {}, compile(checks, "checks", "exec")
    for name, value in (given := values(parameters)).items():
        wrong = impossible(value)
        if wrong is None:
            continue
        try:
            exec(code, {**given, name: wrong})
        except ArgumentError as error:
            if error.name == name and (words := in_words(str(error.allowed))):
                found[name] = words
        except (TypeError, ValueError):
            pass
    return found


def beside(parameters, checks):
    """Source of the cell of parameters with what is allowed at the end of each line, in its comment."""
    lines = parameters.splitlines()
    allowed = ranges(parameters, checks)
    for statement in ast.parse(parameters).body:
        words = allowed.get(statement.targets[0].id) if isinstance(statement, ast.Assign) else None
        place = (statement.end_lineno or 1) - 1
        comment = lines[place][statement.end_col_offset :]
        if words and not _said(words, comment):
            lines[place] += f" ({words})" if comment.strip() else f"  # {words}"
    return "\n".join(lines)


def _said(words, comment):
    """Whether a comment lists the choices itself."""
    choices = re.findall(r"'([^']+)'", words) if words.startswith("one of ") else []
    return bool(choices) and all(choice in comment for choice in choices)
