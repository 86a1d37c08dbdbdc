"""What one would see in an experiment on a bilayer, drawn from the answers of all theories together."""

from typing import NamedTuple

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.answers import CAUTION, FLAGS, INVALID, Answer, Answers
from ehbilayer.device.laboratory import PARTS
from ehbilayer.errors import ArgumentError

__all__ = ["Sight", "outlook"]


class Sight(NamedTuple):
    """One experiment.

    Attributes
    ----------
    experiment : str
    expected : str
        What it would show, with numbers and units.
    validity : str
        ``"valid"``, ``"caution"`` or ``"not valid"``: the worst of the answers behind it.
    because : str
        What is to be said against those, the broken assumptions only where there are any.
    """

    experiment: str
    expected: str
    validity: str
    because: str


@checked
def outlook(answers: Answers) -> list[Sight]:
    """Drag, diode, warming, superconductivity and structure as an experiment would meet them.

    Parameters
    ----------
    answers : Answers
        With all parts.

    Returns
    -------
    list of Sight
        Below the BKT temperature the layers show perfect drag between the critical currents; between it and the
        pairing temperature pairs without phase coherence; above, friction.

    Raises
    ------
    TypeError, ArgumentError
        If `answers` is anything else, or a part is missing.

    Examples
    --------
    >>> from ehbilayer.device import Answer, Answers, Bilayer
    >>> bilayer = Bilayer(m_e=0.2, m_h=0.2, eps_r=5, d=20, density=4e11, T=5, tau=1000)
    >>> names = ("phase", "margin", "alpha_squared", "alpha", "T_c_bcs", "T_c_eliashberg", "T_c_rpa")
    >>> names += ("exciton_binding", "T_mean_field", "T_screened", "T_bkt", "q_0", "current_minus", "current_plus")
    >>> none = dict.fromkeys((*names, "efficiency", "tau_D"), Answer(None))
    >>> print(outlook(Answers(bilayer=bilayer, **none, drag_ratio=Answer(-0.002)))[0].expected)
    friction of two liquids, ζ = −0.002
    """
    answers = validation.instance("answers", answers, Answers)
    missing = [name for name in answers.__dataclass_fields__ if getattr(answers, name) is None]
    if missing:
        raise ArgumentError("answers", missing, f"all parts, {', '.join(PARTS)}")
    return [_drag(answers), _diode(answers), _warming(answers), _superconductor(answers), _structure(answers)]


def _number(answer: Answer) -> float:
    return answer.value if isinstance(answer.value, float) else 0.0


def _chosen(answers):
    return answers.T_mean_field if answers.bilayer.pairing == "bare" else answers.T_screened


def _condensed(answers):
    return _number(answers.T_bkt) > answers.bilayer.T


def _sight(experiment, expected, *sources):
    flags = tuple(dict.fromkeys(flag for answer in sources for flag in answer.flags))
    joined = Answer(0.0, flags=flags)
    severity = INVALID if joined.validity == INVALID else CAUTION
    told = [FLAGS[flag][1] for flag in flags if FLAGS[flag][0] == severity]
    return Sight(experiment, expected, joined.validity, "; ".join(told))


def _drag(answers):
    name = f"drag at {answers.bilayer.T:g} K, second layer shorted"
    low, high = answers.current_minus, answers.current_plus
    if _condensed(answers):
        expected = "exciton condensate: perfect drag, ζ = −1"
        if low.value is None or high.value is None:
            return _sight(name, expected, answers.T_bkt)
        return _sight(name, f"{expected}, from {low.text} to {high.text}", answers.T_bkt, low, high)
    pairs = _chosen(answers)
    if _number(pairs) > answers.bilayer.T:
        return _sight(name, "pairs without phase coherence: large drag, no critical current", pairs)
    friction = answers.drag_ratio
    return _sight(name, f"friction of two liquids, ζ = {friction.number}", friction)


def _diode(answers):
    name, efficiency = "reversing the current", answers.efficiency
    if _condensed(answers) and efficiency.value is None:
        return _sight(name, "critical currents are outside this theory", efficiency)
    if not _condensed(answers):
        return _sight(name, "no condensate, so no diode", answers.T_bkt)
    if not efficiency.value:
        return _sight(name, "no diode: no Rashba coupling or no field in the plane", efficiency)
    stronger = "positive" if _number(efficiency) > 0 else "negative"
    share = f"{float(f'{100 * abs(_number(efficiency)):.3g}'):g}"
    return _sight(name, f"the larger critical current is the {stronger} one, by {share} % of their sum", efficiency)


def _warming(answers):
    name, pairs = "warming", _chosen(answers)
    if not _number(pairs):
        return _sight(name, "no pairs at any temperature", pairs)
    if not _number(answers.T_bkt):
        return _sight(name, f"pairs up to {pairs.text}", pairs)
    expected = f"perfect drag up to {answers.T_bkt.text}, pairs up to {pairs.text}"
    return _sight(name, expected, answers.T_bkt, pairs)


def _superconductor(answers):
    name, T_c = "resistance of the layer of lighter carriers", answers.T_c_eliashberg
    if _number(T_c):
        return _sight(name, f"superconducting below {T_c.text}", T_c)
    return _sight(name, "normal: no superconductivity by plasmons", T_c)


def _structure(answers):
    name = "order at zero temperature"
    if answers.phase.value is None:
        return _sight(name, "not known", answers.phase)
    margin = f", {answers.margin.text} per pair below the next state" if _number(answers.margin) else ""
    return _sight(name, f"{answers.phase.value}{margin}", answers.phase)
