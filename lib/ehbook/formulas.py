"""Closed forms for a bilayer, written once and evaluated twice: in the page by JavaScript, in tests by Python.

An expression uses only what means the same in both languages: numbers, names, calls, + - * /, comparisons inside
``where``. An integral is a Gauss-Legendre sum with the same nodes in both.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import constants
from scipy.special import zeta

from ehbilayer.device import FLAGS
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.quadrature import gauss_legendre
from ehbilayer.units import COULOMB, HBAR, HBAR2_PER_M0, K_B, MU_B

__all__ = ["FORMULAS", "INPUTS", "NOTES", "Formula", "Input", "evaluate", "javascript"]

#: Nodes of each integral.
_ORDER = 40

#: Functions that an expression may call, with their Python and their JavaScript.
_FUNCTIONS = {
    "sqrt": (np.sqrt, "Math.sqrt"),
    "exp": (np.exp, "Math.exp"),
    "sin": (np.sin, "Math.sin"),
    "smaller": (np.minimum, "Math.min"),
    "larger": (np.maximum, "Math.max"),
    "where": (np.where, "function(c,a,b){return c?a:b}"),
}

_CONSTANTS = {
    "pi": float(np.pi),
    "hbar": HBAR,
    "hbar2_per_m0": HBAR2_PER_M0,
    "coulomb": COULOMB,
    "k_B": K_B,
    "mu_B": MU_B,
    "zeta3": float(zeta(3)),
    "resistance_quantum": constants.h / constants.e**2,
    "elementary_charge": constants.e,
    # e^2/epsilon_0 in meV nm, and epsilon_0 in nF/cm^2 times nm
    "epsilon_0": constants.epsilon_0 * 1e14,
}
"""Units: meV, nm, ps, K, T; the resistance quantum in ohms and the charge in coulombs."""


@dataclass(frozen=True)
class Input:
    """A quantity that the reader moves.

    Attributes
    ----------
    label, unit : str
    low, high, start : float
    logarithmic : bool
        Whether the slider moves in equal ratios.
    """

    label: str
    unit: str
    low: float
    high: float
    start: float
    logarithmic: bool = True


@dataclass(frozen=True)
class Formula:
    """A quantity that follows from the inputs and from the formulas before it.

    Attributes
    ----------
    expression : str
        Of the value, or with `over` of the integrand.
    label, unit : str
        Empty for what is not shown.
    over : str
        Variable of integration.
    low, high : str
        Expressions of its limits.
    """

    expression: str
    label: str = ""
    unit: str = ""
    over: str = ""
    low: str = ""
    high: str = ""


INPUTS = {
    "m_e": Input("mass of the electrons", "m₀", 0.02, 5.0, 0.1),
    "m_h": Input("mass of the holes", "m₀", 0.02, 50.0, 1.0),
    "eps_r": Input("relative permittivity", "", 1.0, 30.0, 5.0),
    "d": Input("spacing", "nm", 0.5, 100.0, 2.6459),
    "density": Input("density of each layer", "cm⁻²", 1e10, 1e14, 1.776e12),
    "alpha": Input("plasmon velocity over Bohm–Staver velocity, α", "", 0.05, 1.0, 0.3, logarithmic=False),
    "T": Input("temperature", "K", 0.1, 300.0, 4.0),
    "tau": Input("relaxation time of the holes", "ps", 0.1, 1e4, 1.0),
    "field": Input("magnetic field", "T", 0.0, 200.0, 10.0, logarithmic=False),
    "g_factor": Input("g factor", "", 0.1, 20.0, 2.0, logarithmic=False),
}
"""By name; the starting values are paper A's example at mass ratio 10."""

# Scattering angle 2 theta on the Fermi circle of the light carriers, from Eq. 4 of paper A with n = 1/(pi r_s^2);
# theta = u^4 resolves small angles, where screening and spacing cut the integrals off.
_SINE = "sin(u*u*u*u)"
_ATTRACTION = f"4*u*u*u*a*a/pi*exp(-4*sqrt(2)*beta*{_SINE})/(({_SINE} + a)*({_SINE} + a))"

FORMULAS = {
    "n": Formula("density*1e-14"),
    "m_light": Formula("smaller(m_e, m_h)"),
    "m_heavy": Formula("larger(m_e, m_h)"),
    "bohr_e": Formula("hbar2_per_m0*eps_r/(coulomb*m_e)", "Bohr radius of the electrons", "nm"),
    "bohr_h": Formula("hbar2_per_m0*eps_r/(coulomb*m_h)", "Bohr radius of the holes", "nm"),
    "hartree_e": Formula("m_e*(coulomb/eps_r)*(coulomb/eps_r)/hbar2_per_m0", "Hartree of the electrons", "meV"),
    "hartree_h": Formula("m_h*(coulomb/eps_r)*(coulomb/eps_r)/hbar2_per_m0", "Hartree of the holes", "meV"),
    "r_s_e": Formula("1/(bohr_e*sqrt(pi*n))", "r_s of the electrons"),
    "r_s_h": Formula("1/(bohr_h*sqrt(pi*n))", "r_s of the holes"),
    "d_e": Formula("d/bohr_e", "spacing in Bohr radii of the electrons"),
    "d_h": Formula("d/bohr_h", "spacing in Bohr radii of the holes"),
    "beta": Formula("d*sqrt(pi*n)", "spacing over the distance of the carriers, d√(πn)"),
    "k_F_2": Formula("sqrt(2*pi*n)", "k_F, two spins", "1/nm"),
    "k_F_1": Formula("sqrt(4*pi*n)", "k_F, one spin", "1/nm"),
    "E_F_e": Formula("pi*hbar2_per_m0*n/m_e", "Fermi energy of the electrons, two spins", "meV"),
    "T_F_e": Formula("E_F_e/k_B", "the same as a temperature", "K"),
    "E_F_h": Formula("2*pi*hbar2_per_m0*n/m_h", "Fermi energy of the holes, one spin", "meV"),
    "T_F_h": Formula("E_F_h/k_B", "the same as a temperature", "K"),
    "capacitance": Formula("epsilon_0*eps_r/d", "capacitance between the layers", "nF/cm²"),
    "voltage": Formula("4*pi*coulomb/eps_r*n*d", "voltage between the layers, end/ε", "mV"),
    "zeeman": Formula("g_factor*mu_B*field/2", "Zeeman energy of the field", "meV"),
    "zeeman_K": Formula("zeeman/k_B", "the same as a temperature", "K"),
    "polarising": Formula("2*E_F_e/(g_factor*mu_B)", "field that polarises free electrons", "T"),
    "T_bkt": Formula("pi/2*hbar2_per_m0*n/((m_e + m_h)*k_B)", "highest BKT temperature of pairs (all carriers)", "K"),
    "resistivity": Formula(
        "resistance_quantum*pi*zeta3/32*(k_B*T/E_F_e)*(k_B*T/(E_F_h/2))/(k_F_2*d*k_F_2*d*(2/bohr_e)*d*(2/bohr_h)*d)",
        "drag resistivity, limit of low temperature and large spacing, two spins",
        "Ω",
    ),
    "tau_D": Formula(
        "m_e*hbar*hbar/hbar2_per_m0/(n*resistivity)*(resistance_quantum/(2*pi*hbar))*1e-3", "drag time from it", "ns"
    ),
    "drag_ratio": Formula("1/(1 + 1e3*tau_D/tau*m_h/m_e)", "drag ratio −ζ from it, second layer shorted"),
    "a": Formula("smaller(r_s_e, r_s_h)/sqrt(2)"),
    "repulsion": Formula(
        f"4*u*u*u*a/({_SINE} + a)/pi", "repulsion μ (Eq. 4 of paper A)", over="u", low="0", high="sqrt(sqrt(pi/2))"
    ),
    "near": Formula(_ATTRACTION, over="u", low="0", high="sqrt(sqrt(pi/4))"),
    "far": Formula(f"2*{_SINE}*{_SINE}*{_ATTRACTION}", over="u", low="sqrt(sqrt(pi/4))", high="sqrt(sqrt(pi/2))"),
    "attraction": Formula("(near + far)/(alpha*alpha)", "attraction λ (Eq. 4)"),
    "strength": Formula("repulsion - attraction"),
    "T_D": Formula("2*alpha*sqrt(m_light/m_heavy)*pi*hbar2_per_m0*n/(m_light*k_B)", "Debye temperature (Eq. 5)", "K"),
    "migdal": Formula("2*alpha*sqrt(m_light/m_heavy)", "plasmon over Fermi energy, ω_D/ε_F"),
    "T_c": Formula(
        "where(strength < 0, 1.13*T_D*exp(1/smaller(strength, -1e-12)), 0)",
        "superconductivity of the lighter carriers, BCS (Eq. 5)",
        "K",
    ),
    "is_fast": Formula("where(migdal > 0.1, 1, 0)"),
    "is_strong": Formula("where(attraction > 0.2, 1, 0)"),
    "is_repulsive": Formula("where(strength > 0, 1, 0)"),
    "is_close": Formula("where(smaller(k_F_2, smaller(2/bohr_e, 2/bohr_h))*d < 3, 1, 0)"),
    "is_warm": Formula("where(T > 0.2*smaller(T_F_e, T_F_h/2), 1, 0)"),
}
"""In the order of evaluation."""

#: What is to be said against a result where a formula is not zero.
NOTES = {
    "T_c": {
        "is_fast": FLAGS["migdal"][1],
        "is_strong": FLAGS["renormalisation"][1],
        "is_repulsive": FLAGS["repulsive"][1],
    },
    "resistivity": {
        "is_close": "spacing below three screening lengths or 3/k_F: the law overestimates",
        "is_warm": "temperature above a fifth of a Fermi temperature: plasmons enhance drag",
    },
}


def evaluate(inputs: Mapping[str, float], formulas: Mapping[str, Formula] | None = None) -> dict[str, float]:
    """Values of the formulas, by Python.

    Parameters
    ----------
    inputs : mapping of str to float
        By the names of `INPUTS`.
    formulas : mapping of str to Formula, optional
        By default `FORMULAS`.

    Returns
    -------
    dict of str to float
        By name.

    Raises
    ------
    ValueError
        If an expression uses what the two languages do not share, or a name that is not defined before it.

    Examples
    --------
    >>> found = evaluate({name: item.start for name, item in INPUTS.items()})
    >>> print(f"r_s = {found['r_s_e']:.2f}, T_c = {found['T_c']:.2f} K")
    r_s = 1.60, T_c = 10.06 K
    """
    formulas = FORMULAS if formulas is None else formulas
    functions = {name: function for name, (function, _) in _FUNCTIONS.items()}
    values = {**_CONSTANTS, **{name: float(value) for name, value in inputs.items()}}
    found = {}
    nodes, weights = gauss_legendre(_ORDER)
    for name, formula in formulas.items():

        def value(expression, known):
            return eval(compile(_checked(expression, known), "<formula>", "eval"), {"__builtins__": {}}, known)

        known = {**functions, **values}
        if formula.over:
            low, high = value(formula.low, known), value(formula.high, known)
            points = {formula.over: (low + high) / 2 + (high - low) / 2 * nodes}
            result = (high - low) / 2 * np.sum(weights * value(formula.expression, known | points))
        else:
            result = value(formula.expression, known)
        values[name] = found[name] = float(result)
    return found


def javascript(formulas: Mapping[str, Formula] | None = None) -> str:
    """The formulas as the expression of a JavaScript function of an object of inputs that returns an object of values.

    Parameters
    ----------
    formulas : mapping of str to Formula, optional
        By default `FORMULAS`.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        As `evaluate`.

    Examples
    --------
    >>> "var area=pi*d*d;" in javascript({"area": Formula("pi*d*d")})
    True
    """
    formulas = FORMULAS if formulas is None else formulas
    nodes, weights = gauss_legendre(_ORDER)
    shared = {
        **{name: script for name, (_, script) in _FUNCTIONS.items()},
        **{k: repr(v) for k, v in _CONSTANTS.items()},
    }
    lines = ["(function(){", *(f"var {name}={script};" for name, script in shared.items())]
    lines += [f"var nodes={[float(x) for x in nodes]},weights={[float(w) for w in weights]};"]
    lines += [
        "function integral(f,low,high){var s=0,k;for(k=0;k<nodes.length;k++)"
        "{s+=weights[k]*f((low+high)/2+(high-low)/2*nodes[k])}return s*(high-low)/2}",
        "return function(i){",
        "var " + ",".join(f"{name}=i.{name}" for name in INPUTS) + ";",
    ]
    known = {*shared, *INPUTS}
    for name, formula in formulas.items():
        for expression in filter(None, (formula.low, formula.high)):
            _checked(expression, known)
        _checked(formula.expression, {*known, formula.over})
        if formula.over:
            script = f"integral(function({formula.over}){{return {formula.expression}}},{formula.low},{formula.high})"
        else:
            script = formula.expression
        lines.append(f"var {name}={script};")
        known.add(name)
    return "\n".join([*lines, "return {" + ",".join(f"{name}:{name}" for name in formulas) + "};", "}", "})()"])


_SHARED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div)
_SHARED = (*_SHARED, ast.Call, ast.Name, ast.Load, ast.Constant, ast.Compare, ast.Lt, ast.Gt)


def _checked(expression, known):
    """Syntax tree of an expression that both languages read in the same way."""
    tree = ast.parse(expression, mode="eval")
    for node in ast.walk(tree):
        if not isinstance(node, _SHARED):
            raise ArgumentError(
                "expression", expression, f"no {type(node).__name__}, which JavaScript writes otherwise"
            )
        if isinstance(node, ast.Name) and node.id not in known:
            raise ArgumentError("expression", expression, f"{node.id} defined before it")
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | float):
            raise ArgumentError("expression", expression, "numbers only")
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            raise ArgumentError("expression", expression, "one comparison at a time")
    return tree
