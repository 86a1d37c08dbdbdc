"""What the two papers state and where; the executed notebooks supply the computed values and the verdicts."""

from dataclasses import dataclass

from ehbilayer import validation

VERDICTS = ("reproduced", "reproduced under stated conditions", "sensitive", "not reproduced", "misprint")


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
    value : str
        The claimed value with its unit; empty for a qualitative statement.
    """

    key: str
    place: str
    statement: str
    value: str = ""


CLAIMS = {
    claim.key: claim
    for claim in (
        Claim(
            "hole-gap",
            "A, Fig. 3",
            "Hartree–Fock hole gap of the EL-HC state at m_h/m_e = 10, d = a_h, r_s^h = 7, 36 holes",
            "0.74 ε_F",
        ),
        Claim("electron-mass", "A, Fig. 3", "Electron band of the same state is that of free particles of mass m*", "0.93 m_e"),
        Claim("homogeneous-electrons", "A, main text", "The electrons form a nearly homogeneous liquid around the hole crystal"),
        Claim("hole-exchange", "A, main text", "The exchange energy between localised hole spins is very small"),
        Claim("restricted-similar", "A, supplement", "Unrestricted and restricted calculations of the electron liquid give similar results"),
        Claim("cutoff-criterion", "A, supplement", "A plane-wave cutoff where occupations fall below 1 % suffices", "1 %"),
        Claim("el-hc-ratio", "A, main text", "EL-HC appears robustly for sufficiently heavy holes", "m_h/m_e ≳ 2"),
        Claim("mott-direct", "A, Fig. 2", "At d = a_h a Mott transition connects liquid and condensate directly"),
        Claim("r-s-star", "A, supplement", "Hartree–Fock crystallises electrons near this radius", "r_s* ≃ 2"),
        Claim("ec-hl", "A, Fig. 2 right", "The pure Hartree–Fock diagram contains an electron-crystal hole-liquid phase"),
        Claim(
            "crystallisation-enhanced",
            "A, main text",
            "The other layer promotes crystallisation for d ≲ a_h; for d ≳ 3 a_h each layer follows its own density",
        ),
    )
}


@dataclass(frozen=True)
class Verdict:
    """What this book computes for a claim, and what follows.

    Parameters
    ----------
    key : str
        Of a claim in `CLAIMS`.
    computed : str
        Our value with its error.
    verdict : {"reproduced", "reproduced under stated conditions", "sensitive", "not reproduced", "misprint"}
    reason : str
        On what the verdict rests, in a few words.

    Raises
    ------
    ValueError
        If there is no such claim or verdict.

    Examples
    --------
    >>> Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "depends on the window of the fit").verdict
    'sensitive'
    """

    key: str
    computed: str
    verdict: str
    reason: str

    def __post_init__(self):
        validation.option("key", self.key, CLAIMS)
        validation.option("verdict", self.verdict, VERDICTS)


def verdict_rows(verdicts):
    """Rows of a table: place, statement, claimed, computed, verdict with its reason.

    Parameters
    ----------
    verdicts : sequence of Verdict

    Returns
    -------
    list of tuple of str

    Examples
    --------
    >>> verdict = Verdict("electron-mass", "0.79 to 0.95 m_e", "sensitive", "depends on the fit window")
    >>> verdict_rows([verdict])[0][2:]
    ('0.93 m_e', '0.79 to 0.95 m_e', 'sensitive: depends on the fit window')
    """
    rows = []
    for verdict in verdicts:
        claim = CLAIMS[verdict.key]
        rows.append((claim.place, claim.statement, claim.value or "qualitative", verdict.computed, f"{verdict.verdict}: {verdict.reason}"))
    return rows
