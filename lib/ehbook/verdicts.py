"""From a computed value to a verdict on a claim, by rules that do not know the claim."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ehbilayer import validation
from ehbilayer.errors import ArgumentError
from ehbook.claim_data import CLAIMS, Claim

__all__ = ["NOT_JUDGED", "VERDICTS", "Verdict", "judge"]

#: Verdicts on a claim of a paper, from best to worst.
VERDICTS = ("reproduced", "reproduced under stated conditions", "sensitive", "not reproduced", "erratum")
REPRODUCED, CONDITIONAL, SENSITIVE, NOT_REPRODUCED, ERRATUM = VERDICTS
#: What a claim gets at other parameters than its own.
NOT_JUDGED = "not judged at these parameters"


@dataclass(frozen=True)
class Verdict:
    """What this book computes for a claim, and what follows; made by `judge`.

    Parameters
    ----------
    key : str
        Of a claim in `CLAIMS`.
    computed : str
        Our value with its error, as shown.
    verdict : str
        One of `VERDICTS` or `NOT_JUDGED`; ``"erratum"`` only where the claim has a printed and a corrected form.
    reason : str
        On what the verdict rests, in a few words.
    evidence : str
        Label of the figure, table or section of the same page that shows it.
    condition : str
        What the value supposes that the paper does not state.
    values : mapping of str to float or bool
        What was judged, for each admissible choice; the only one is called "".
    error : float
        Of the values.
    at : mapping
        Parameters of the values.

    Raises
    ------
    ValueError
        If there is no such claim or verdict, or an erratum has no corrected form or the reverse.
    """

    key: str
    computed: str
    verdict: str
    reason: str = ""
    evidence: str = ""
    condition: str = ""
    values: Mapping[str, float | bool] = field(default_factory=dict)
    error: float = 0.0
    at: Mapping[str, float | str] = field(default_factory=dict)

    def __post_init__(self):
        validation.option("key", self.key, CLAIMS)
        validation.option("verdict", self.verdict, (*VERDICTS, NOT_JUDGED))
        if self.verdict == ERRATUM and not CLAIMS[self.key].erratum:
            raise ArgumentError("verdict", self.verdict, f"another one: claim {self.key!r} has no corrected form")

    def __str__(self):
        return self.verdict

    def stored(self) -> dict[str, Any]:
        """Its attributes, with values and error to the digits that a stored output can promise on any machine.

        An error too small for them is stored as the least that they show, and zero only where there is none.
        """
        claim = CLAIMS[self.key]
        size = max(abs(claim.number or 0.0), claim.tolerance)
        # Far below a bound a value is rounding noise.
        least = (1e-4 if claim.relation == "equal" else 1e-2) * size
        values = {name: x if isinstance(x, bool) else _rounded(x, 4, least) for name, x in self.values.items()}
        error = max(_rounded(self.error, 1, 1e-4 * size), _rounded(1e-4 * size, 1, 0.0)) if self.error else 0.0
        return asdict(self) | {"values": values, "error": error}

    @property
    def because(self) -> str:
        """Condition and reason."""
        return "; ".join(filter(None, (self.condition, self.reason)))

    @property
    def link(self) -> str:
        """MyST role that leads to the evidence, with its number, or the title of a section."""
        if self.evidence.startswith(("fig-", "tab-")):
            return f"{{numref}}`{self.evidence}`"
        return f"{{ref}}`{self.evidence}`"


def judge(
    claim: str,
    value: Any = None,
    error: float = 0.0,
    at: Mapping[str, Any] | None = None,
    *,
    condition: str | None = None,
    computed: str = "",
    reason: str | None = None,
    evidence: str | None = None,
) -> Verdict:
    """Verdict on a claim from what was computed for it.

    The rules, in this order:

    1. Off the claim's own parameters nothing is judged.
    2. An erratum needs to know whether the printed and the corrected form hold; a typo is read, not computed.
    3. A value agrees if it lies within error and tolerance of the claimed number, or on its side of a bound; a
       boolean agrees if it is true.
    4. Given several values, one for each choice that the paper leaves open, the claim is sensitive if some agree and
       others do not, or none does but the claimed number lies between them.
    5. What agrees is reproduced, and under stated conditions where there is a condition.

    Parameters
    ----------
    claim : str
        Key in `CLAIMS`.
    value : float, bool, sequence of those, mapping of str to those, or None
        Computed value, or for a qualitative claim whether it holds; several of them for admissible choices. For a
        erratum a mapping with the booleans "printed" and "corrected"; None only for a typo.
    error : float
        Estimated error of the values, in the unit of the claim.
    at : mapping, optional
        Parameters of the values, by the claim's names; those not named are taken to be the claim's.
    condition : str, optional
        What the values suppose that the paper does not state, or the part of the stated range in which they hold;
        by default the claim's, and "" for none.
    computed : str
        For the table, the value as text; made from value and error where it is left out.
    reason, evidence : str, optional
        For the table, a remark and a label; by default the claim's.

    Returns
    -------
    Verdict

    Raises
    ------
    TypeError
        If a value is no number where the claim has one, or no boolean where it has none.
    ValueError
        If there is no such claim, an error is negative, or a value is missing or not a number.

    Examples
    --------
    >>> judge("tc-headline", 10.06, 0.01).verdict, judge("tc-headline", 0.24, 0.01).verdict
    ('reproduced', 'not reproduced')
    >>> judge("tc-headline", 10.06, 0.01, condition="with α = 0.3 as an input").verdict
    'reproduced under stated conditions'
    >>> print(judge("tc-headline", 10.06, at={"alpha": 0.4}))
    not judged at these parameters
    >>> print(judge("electron-mass", {"narrow window": 0.79, "wide window": 0.95}))
    sensitive
    """
    validation.option("claim", claim, CLAIMS)
    subject = CLAIMS[claim]
    at = dict(at or {})
    error = validation.real("error", float(error), low=0.0)
    values = _values(subject, value)
    condition, reason, evidence = (
        default if given is None else given
        for given, default in (
            (condition, subject.condition),
            (reason, subject.remark),
            (evidence, subject.evidence),
        )
    )
    if not subject.holds_at(at):
        verdict, condition, reason = NOT_JUDGED, "", f"the claim is about {subject.where}"
    elif subject.erratum:
        verdict = _erratum(subject, values)
    else:
        verdict = _judged(subject, values, error)
        if verdict == REPRODUCED and condition:
            verdict = CONDITIONAL
    return Verdict(
        claim,
        computed or _text(subject, values, error),
        verdict,
        reason,
        evidence,
        condition if verdict == CONDITIONAL else "",
        values,
        error,
        {name: at[name] if isinstance(at[name], str) else float(at[name]) for name in subject.at if name in at},
    )


def _values(claim: Claim, value) -> dict[str, float | bool]:
    if value is None:
        if claim.erratum == "typo":
            return {}
        raise ArgumentError("value", value, f"what was computed for claim {claim.key!r}")
    if isinstance(value, Mapping):
        values = {str(name): item for name, item in value.items()}
    elif isinstance(value, Iterable) and not isinstance(value, str):
        values = {str(place): item for place, item in enumerate(value)}
    else:
        values = {"": value}
    if not values:
        raise ArgumentError("value", value, f"one value or more for claim {claim.key!r}")
    if claim.erratum and set(values) != {"printed", "corrected"}:
        raise ArgumentError("value", value, f"whether the 'printed' and the 'corrected' form of {claim.key!r} hold")
    return {name: _checked(claim, item) for name, item in values.items()}


def _checked(claim, item):
    if claim.number is None:
        if not isinstance(item, bool | np.bool_):
            raise TypeError(f"value = {item!r} is not allowed: need a boolean for claim {claim.key!r}")
        return bool(item)
    if isinstance(item, bool | np.bool_):
        raise TypeError(f"value = {item!r} is not allowed: need a number for claim {claim.key!r}")
    return validation.real("value", float(item))


def _erratum(claim, values):
    if not values:
        return ERRATUM
    if values["printed"]:
        return REPRODUCED
    return ERRATUM if values["corrected"] else NOT_REPRODUCED


def _judged(claim, values, error):
    if claim.number is None:
        agree = list(values.values())
        between = False
    else:
        window = claim.tolerance + error
        # An ulp of room, so that a value on the edge of the tolerance agrees whichever way it was rounded.
        window += 4 * np.finfo(float).eps * max(abs(claim.number), window)
        off = [number - claim.number for number in values.values()]
        agree = [
            {"equal": abs(x) <= window, "at least": x >= -window, "at most": x <= window}[claim.relation] for x in off
        ]
        between = claim.relation == "equal" and min(off) < 0 < max(off)
    if all(agree):
        return REPRODUCED
    return SENSITIVE if any(agree) or between else NOT_REPRODUCED


def _rounded(number, digits, least):
    number = round(number / least) * least if least else number
    return float(f"{number:.{digits}g}") + 0.0


def _text(claim, values, error):
    if not values:
        return "by reading"
    numbers = sorted(set(values.values()))
    if claim.number is None:
        return ", ".join(
            f"{name + ': ' if name else ''}{'true' if holds else 'false'}" for name, holds in values.items()
        )
    text = " to ".join(f"{number:.4g}" for number in dict.fromkeys((numbers[0], numbers[-1])))
    return f"{text}{f' ± {error:.1g}' if error else ''}{f' {claim.unit}' if claim.unit else ''}"
