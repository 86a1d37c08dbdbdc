"""What the two papers state, where, and by which number or criterion it is judged: the data of claims.json."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from ehbilayer import validation
from ehbilayer.errors import ArgumentError

__all__ = ["CLAIMS", "ERRATA", "IMPORTANCE", "RELATIONS", "Claim"]

#: Weights of a claim, what the papers rest on first.
IMPORTANCE = ("headline", "result", "detail")
#: Kinds of errata.
ERRATA = ("typo", "sign", "algebra", "argument")
#: How a value has to stand to the claim's number.
RELATIONS = ("equal", "at least", "at most")


@dataclass(frozen=True)
class Claim:
    """One statement of a paper.

    Attributes
    ----------
    key : str
        Short name by which notebooks refer to it.
    place : str
        Paper and where in it.
    statement : str
        What is claimed, in our words.
    importance : {"headline", "result", "detail"}
        What the paper rests on, what it adds, and what a reader meets on the way.
    value : str
        The claimed value with its unit, as shown; empty for a qualitative statement.
    number : float, optional
        The claimed value as a number, or the bound by which we read a qualitative statement.
    tolerance : float
        Half of the last digit printed, or what the word "about" allows; zero for a bound.
    unit : str
        Of `number`, `tolerance` and the values judged.
    relation : {"equal", "at least", "at most"}
        How a value has to stand to `number`.
    criterion : str
        For a qualitative statement, what has to be true of a calculation for it to hold; ours, not the paper's.
    at : mapping of str to float or str
        Parameters for which it is made, by their names on the page that judges it; empty where it is general.
    erratum : {"", "typo", "sign", "algebra", "argument"}
        Kind of erratum: of notation only, of a sign, of a formula, or a formula that follows from a wrong argument.
    printed, corrected : str
        For an erratum: the printed form and the one that we find right, as LaTeX without dollar signs; otherwise empty.
    condition : str
        What our value supposes that the paper does not state, or the part of the stated range in which it holds.
    remark : str
        On what the verdict rests, in a few words.
    evidence : str
        Label of the figure, table or section that shows our value, on the page that judges it.
    exact : str
        Why our value has no error, for a claim with a number whose value is no estimate; otherwise empty.

    Raises
    ------
    TypeError
        If an attribute is of another type than its annotation.
    ValueError
        If one has a value that is not allowed, or two contradict each other.
    """

    key: str
    place: str
    statement: str
    importance: str
    value: str = ""
    number: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    relation: str = "equal"
    criterion: str = ""
    at: Mapping[str, float | str] = field(default_factory=dict)
    erratum: str = ""
    printed: str = ""
    corrected: str = ""
    condition: str = ""
    remark: str = ""
    evidence: str = ""
    exact: str = ""

    def __post_init__(self):
        texts = ("key", "place", "statement", "value", "unit", "criterion", "printed", "corrected")
        for name in (*texts, "condition", "remark", "evidence", "exact"):
            if not isinstance(getattr(self, name), str):
                raise TypeError(f"{name} = {getattr(self, name)!r} is not allowed: need a text")
        validation.option("importance", self.importance, IMPORTANCE)
        validation.option("relation", self.relation, RELATIONS)
        validation.option("erratum", self.erratum, ("", *ERRATA))
        validation.real("tolerance", self.tolerance, low=0.0)
        if self.number is not None:
            validation.real("number", self.number)
        for name in ("key", "place", "statement"):
            if not getattr(self, name):
                raise ArgumentError(name, "", "a text")
        if not isinstance(self.at, Mapping):
            raise TypeError(f"at = {self.at!r} is not allowed: need a mapping of names to values")
        for name, wanted in self.at.items():
            if not isinstance(wanted, str):
                validation.real(f"at[{name!r}]", wanted)
        if not bool(self.printed) == bool(self.corrected) == bool(self.erratum):
            raise ArgumentError(
                "corrected", self.corrected, "a printed and a corrected form with a kind for an erratum"
            )
        if self.number is None and (self.tolerance or self.unit or self.relation != "equal"):
            raise ArgumentError("number", None, "a number where there is a tolerance, a unit or a relation")
        if self.number is None and not (self.criterion or self.erratum):
            raise ArgumentError("criterion", "", "what has to be true, for a claim without number and without erratum")
        if self.number is None and self.exact:
            raise ArgumentError("exact", self.exact, "a number that it is about")
        if self.number is not None and (self.erratum or not (self.value or self.criterion)):
            raise ArgumentError("number", self.number, "a value or a criterion that it belongs to, and no erratum")

    def holds_at(self, at: Mapping[str, Any]) -> bool:
        """Whether the claim is about these parameters; those that `at` does not name are taken to be the claim's.

        Examples
        --------
        >>> CLAIMS["hole-gap"].holds_at({"mass_ratio": 10, "d": 1.0}), CLAIMS["hole-gap"].holds_at({"mass_ratio": 4})
        (True, False)
        """
        return all(_same(at[name], wanted) for name, wanted in self.at.items() if name in at)

    @property
    def where(self) -> str:
        """Its parameters as text."""
        return ", ".join(
            f"{name} = {value if isinstance(value, str) else f'{value:g}'}" for name, value in self.at.items()
        )


def _same(given, wanted):
    if isinstance(wanted, str) or isinstance(given, str):
        return given == wanted
    return math.isclose(given, wanted, rel_tol=1e-9, abs_tol=1e-12)


#: Every claim by its key, from claims.json.
CLAIMS = {
    claim["key"]: Claim(**claim)
    for claim in json.loads(files("ehbook").joinpath("claims.json").read_text(encoding="utf-8"))
}
