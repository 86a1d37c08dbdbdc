"""The algebra of the drag derivation by SymPy: what each step leaves over, as paper B prints it and as corrected."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp

from ehbilayer.drag.printed import bracket, expanded_bracket, printed_cross_term

__all__ = [
    "Balance",
    "Residue",
    "exchange",
    "force_balance",
    "momentum_loss",
    "occupation",
    "on_the_shell",
    "second_order",
]


@dataclass(frozen=True)
class Residue:
    """Left side minus right side of one equation.

    Attributes
    ----------
    corrected : sympy expression
        With the corrected form; zero where that holds.
    printed : sympy expression or None
        With the printed form; None where the paper prints no formula of its own.
    """

    corrected: sp.Expr
    printed: sp.Expr | None = None

    @property
    def holds(self) -> dict[str, bool]:
        """Whether the printed and the corrected form are right, for `ehbook.claims.judge`."""
        return {"printed": self.printed == 0, "corrected": self.corrected == 0}


@dataclass(frozen=True)
class Balance:
    """The force balance of the short-circuited drag layer (Eq. 49), solved to second order in u_1.

    Attributes
    ----------
    ratio : sympy expression
        u_2/u_1 to first order.
    parabolic : sympy expression
        v_2/v_1 to first order for two parabolas, where m_1/tau_D1 = m_2/tau_D2 (Eq. 40).
    linear : Residue
        Of u_2/u_1 = 1/D, D = tau_D1/tau_2 + tau_D1/tau_D2 (Eqs. 10 and 53).
    second : Residue
        Of the relative change of that ratio over u_1: as printed (Eq. 54), and tau_D1 (K_11 + K_12/D + K_22/D^2).
    solved : Residue
        Of the balance solved for the u_2 of its linear terms (Eq. 50).
    """

    ratio: sp.Expr
    parabolic: sp.Expr
    linear: Residue
    second: Residue
    solved: Residue


def _states(letter):
    """Symbols of both layers before and after the collision."""
    return tuple(sp.Symbol(f"{letter}_{place}") for place in ("1", "{1'}", "2", "{2'}"))


def _fermi(energy):
    return 1 / (1 + sp.exp(energy))


@cache
def exchange() -> Residue:
    """The bracket of a collision plus that of the exchanged initial and final states (Eq. 31).

    Returns
    -------
    Residue
        As printed there is none, only the condition that f(k) = f(-k): printed is None.

    Examples
    --------
    >>> exchange().corrected
    0
    """
    a, b, c, e = _states("f")
    return Residue(sp.expand(bracket(a, b, c, e) + bracket(b, a, e, c)))


@cache
def occupation() -> Residue:
    """df_0/dxi plus beta f_0 times the last factor of Eq. 34.

    Returns
    -------
    Residue

    Examples
    --------
    >>> occupation().holds
    {'printed': False, 'corrected': True}
    """
    xi, beta = sp.symbols("xi beta", positive=True)
    f = _fermi(beta * xi)
    return Residue(*(sp.simplify(sp.diff(f, xi) + beta * f * last) for last in (1 - f, f)))


@cache
def momentum_loss() -> Residue:
    """First moment of u df_0/dk_x plus n u (Eqs. 26 and 27), for k_x^m times a Gaussian off the origin, m = 0 to 3.

    Returns
    -------
    Residue
        The sum of the absolute residues of the four.

    Examples
    --------
    >>> momentum_loss().corrected
    0
    """
    k = sp.Symbol("k_x", real=True)
    drift, width = sp.symbols("u s", positive=True)
    left = []
    for power in range(4):
        shape = k**power * sp.exp(-((k - 1) ** 2) / width)
        moment = sp.integrate(k * drift * sp.diff(shape, k), (k, -sp.oo, sp.oo))
        left.append(sp.simplify(moment + drift * sp.integrate(shape, (k, -sp.oo, sp.oo))))
    return Residue(sum((abs(item) for item in left), sp.Integer(0)))


@cache
def on_the_shell() -> dict[str, Residue]:
    """Equilibrium occupations of a collision minus other forms of them, where energy is conserved (Eq. 35).

    Returns
    -------
    dict of Residue
        "reversed": the reversed collision; "product": G_1 G_2; "spectral": the form with sinh.

    Examples
    --------
    >>> {name: residue.corrected for name, residue in on_the_shell().items()}
    {'reversed': 0, 'product': 0, 'spectral': 0}
    """
    x1, x2, w = sp.symbols("xi_1 xi_2 omega", real=True)  # energies in units of k_B T

    def cosh(energy):
        return 2 * sp.cosh(energy / 2)

    there = _fermi(x1) * _fermi(w - x1) * _fermi(x2) * _fermi(-x2 - w)
    others = {
        "reversed": _fermi(x1 - w) * _fermi(-x1) * _fermi(x2 + w) * _fermi(-x2),
        "product": 1 / (cosh(x1) * cosh(x1 - w) * cosh(x2) * cosh(x2 + w)),
        "spectral": (_fermi(x1 - w) - _fermi(x1)) * (_fermi(x2) - _fermi(x2 + w)) / (4 * sp.sinh(w / 2) ** 2),
    }
    return {name: Residue(sp.simplify((there - other).rewrite(sp.exp))) for name, other in others.items()}


@cache
def second_order() -> dict[str, Residue]:
    """Terms of the bracket of drifting distributions, over its equilibrium factor, minus the forms of the page.

    Returns
    -------
    dict of Residue
        "first": the terms of first order; "11", "22": those of second order in one drift; "12": the cross term, also
        as printed in Eqs. 47 and 61.

    Examples
    --------
    >>> {name: residue.corrected for name, residue in second_order().items()}
    {'first': 0, '11': 0, '22': 0, '12': 0}
    >>> second_order()["12"].printed == 0
    False
    """
    f1, f1p, f2, f2p = occupied = _states("f")
    g1, g1p, g2, g2p = drifts = _states("g")
    eps = sp.Symbol("epsilon")
    polynomial = sp.Poly(sp.expand(expanded_bracket(*occupied, *(eps * g for g in drifts))), eps)
    first, second = (polynomial.coeff_monomial(eps**n) for n in (1, 2))
    alone = {"11": dict.fromkeys((g2, g2p), 0), "22": dict.fromkeys((g1, g1p), 0)}
    found = {name: second.subs(still) for name, still in alone.items()}
    found["12"] = sp.expand(second - found["11"] - found["22"])
    forms = {
        "11": g1 * g1p * (f1 - f1p),
        "22": g2 * g2p * (f2 - f2p),
        "12": g1 * g2 * (1 - f1 - f2) - g1p * g2p * (1 - f1p - f2p) + g1 * g2p * (f1 - f2p) - g1p * g2 * (f1p - f2),
    }
    left = {name: sp.expand(found[name] - form) for name, form in forms.items()}
    printed: Any = sp.expand(printed_cross_term(*occupied, *drifts) - found["12"])
    printed = sp.collect(printed, [g1 * g2, g1p * g2p])
    return {
        "first": Residue(sp.expand(first - (g1 - g1p + g2 - g2p))),
        "11": Residue(left["11"]),
        "22": Residue(left["22"]),
        "12": Residue(left["12"], printed),
    }


@cache
def force_balance() -> Balance:
    """The force balance (Eq. 49), its solution and what Eqs. 40, 50 and 54 make of it.

    Returns
    -------
    Balance

    Examples
    --------
    >>> force_balance().parabolic
    tau_2/(tau_2 + tau_D2)
    >>> force_balance().solved.printed
    2*K_22*u_2**2
    """
    u1, t1, t2, tau = sp.symbols("u_1 tau_D1 tau_D2 tau_2", positive=True)
    k11, k12, k22, z0, z1, s2 = sp.symbols("K_11 K_12 K_22 z_0 z_1 u_2")
    m1, m2 = sp.symbols("m_1 m_2", positive=True)
    D = t1 / tau + t1 / t2
    loss = 1 / tau + 1 / t2

    def force(u2):
        return u1 / t1 - u2 * loss + k11 * u1**2 + k12 * u1 * u2 + k22 * u2**2

    expanded = sp.expand(force(z0 * u1 + z1 * u1**2))
    ratio = sp.solve(expanded.coeff(u1, 1), z0)[0]
    relative = sp.simplify(sp.solve(expanded.coeff(u1, 2), z1)[0].subs(z0, ratio) / ratio)
    ours, eq54 = t1 * (k11 + k12 / D + k22 / D**2), t1 * (k12 - k22)
    pull = u1 / t1 + k11 * u1**2 + k12 * u1 * s2
    mended, printed = (sp.simplify(force(s2) + s2 * (loss + sign * k22 * s2) - pull) for sign in (-1, 1))
    return Balance(
        ratio=ratio,
        parabolic=sp.simplify((m1 / m2 / D).subs(t1, t2 * m1 / m2)),
        linear=Residue(sp.simplify(ratio - 1 / D)),
        second=Residue(sp.simplify(relative - ours), sp.simplify(relative - eq54)),
        solved=Residue(mended, printed),
    )
