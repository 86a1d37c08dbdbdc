"""Tables and facts of the pages on the exciton diode."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import Markdown
from numpy.typing import NDArray

from ehbilayer.diode import DiodeResult, diode
from ehbilayer.diode.coarse import CoarseResult
from ehbilayer.diode.coupling import Coupling
from ehbilayer.diode.paper_search import SearchSummary
from ehbilayer.model.rashba import overlap
from ehbilayer.units import ThermalUnits
from ehbook.page import table

__all__ = [
    "FORMS",
    "candidate",
    "closest",
    "directions",
    "error_bound",
    "forms",
    "laboratory",
    "matching",
    "minus",
    "over_imbalance",
    "search",
    "spinor_shares",
    "valleys",
]


def minus(number: float, form: str) -> str:
    """A number in a Python format, with a true minus sign."""
    return f"{number:{form}}".replace("-", "−")


def error_bound(errors: Iterable) -> str:
    """A power of ten above all errors with a margin, since an error itself differs between machines."""
    return f"1e{int(np.ceil(np.log10(3 * np.nanmax(np.array(errors, dtype=float)) + 1e-16)))}"


def search(summary: SearchSummary) -> dict[str, str]:
    """Facts of the search in Ginzburg-Landau theory, by name."""
    texts = {
        "search_count": str(summary.count - summary.second),
        "search_second": str(summary.second),
        "search_failed": str(summary.failed),
        "search_rough": str(summary.rough),
        "search_unstable": "none" if not summary.unstable else str(summary.unstable),
        "search_all": f"{100 * summary.largest:.0f}",
        "search_current": f"{summary.current:.2f}",
        "near_current": f"{np.nanmax([found.near_current for found in summary.by_convention.values()]):.3f}",
    }
    for name, found in summary.by_convention.items():
        texts |= {
            f"near_{name}": f"{100 * found.near:.{2 if found.near > 1e-3 else 4}f}",
            f"over_{name}": f"{found.large} of {found.count}",
            f"over_{name}_off": str(found.off_axis),
            f"over_{name}_lam": f"{found.lam:g}",
            f"over_{name}_axis": f"{100 * found.axis:.1f}",
        }
    return texts


def candidate(guess: CoarseResult, signs: Sequence[int], limit: float, lattice: float) -> dict[str, str]:
    """Facts of a reading of the paper's numerics.

    `signs` are the changes of sign over a fine and a coarse field, `limit` the efficiency on many q points, `lattice`
    what its k points miss.
    """
    return {
        "plus": f"{guess.J_plus:.1f}",
        "minus": minus(guess.J_minus, ".1f"),
        "eta": minus(100 * guess.efficiency, ".2f"),
        "q0": f"{guess.q0:.2f}",
        "fine": str(signs[0]),
        "signs": str(signs[1]),
        "limit": minus(100 * limit, ".2f"),
        "lattice": f"1e{np.log10(lattice):.0f}".replace("-", "−"),
    }


def directions(results: Mapping[str, Sequence[DiodeResult]]) -> dict[str, str]:
    """Facts of critical currents over all directions: largest efficiencies, the last set's momentum, stability."""
    largest = {
        name: 100 * np.nanmax(np.abs(np.array([x.efficiency for x in row], dtype=float)))
        for name, row in results.items()
    }
    first = list(results.values())[-1][0]
    return {f"polar_{name}": f"{size:.{0 if size > 10 else 1}f}" for name, size in largest.items()} | {
        "polar_q": f"({minus(first.q0 or 0.0, '.2f')}, {minus(first.q0_y or 0.0, '.2f')})",
        "polar_stable": "minima" if all(x.stable for row in results.values() for x in row) else "not all minima",
    }


def closest(sets: pd.DataFrame) -> Markdown:
    """The sets closest to the paper in mean field."""
    rows = [
        {
            "convention, coupling": f"{row['convention']}, {row['coupling']}",
            "$\\lambda$": f"{row['lam']:g}",
            "$E_F$": f"{row['E_F']:.1f}",
            "$J$": f"{row['J']:.1f}",
            "$q_0$": f"{row['q0']:.3f}",
            "$\\eta$ (%)": f"{row['eta (%)']:.2f}" if row["eta (%)"] > 0.1 else f"{row['eta (%)']:.3f}",
            "$J_{c+}$ ($J_u$)": f"{row['J_plus']:.3f}",
            "$\\Delta$": f"{row['delta']:.2f}",
            "$n_e/n_h-1$ (%)": f"{100 * row['imbalance'] + 0.0:.0f}",
            "one band, β > 0": ", ".join("yes" if row[name] else "no" for name in ("one_band", "expansion")),
        }
        for row in sets.round(9).to_dict("records")
    ]
    return table(
        rows, name="tab-diode-closest", caption="Sets closest to the paper's $q_0$ and $\\eta$ in full mean field."
    )


def matching(sets: pd.DataFrame, met: pd.DataFrame, onsets: Sequence[Coupling]) -> dict[str, str]:
    """Facts of the search in mean field: all its sets, those that meet the paper, and where these condense first."""
    equal = sets[(sets["convention"] == "balanced") & sets["one_band"]]
    imbalance = 100 * met["imbalance"]
    return {
        "searches": str(len(sets)),
        "met": str(len(met)),
        "met_current": f"{met['J_plus'].max():.2f}",
        "met_imbalance": f"{imbalance.min():.0f} to {imbalance.max():.0f}",
        "met_delta": f"{met['delta'].min():.1f}",
        "met_balanced": f"{equal['eta (%)'].max():.3f}",
        "met_onset": f"{min(x.q_y for x in onsets):.2f} to {max(x.q_y for x in onsets):.2f}",
    }


def valleys(states: Mapping[float, DiodeResult]) -> Markdown:
    """One set against the temperature (T_c)."""
    rows = []
    for T, state in states.items():
        values = np.array([state.q0, state.q0_y, state.delta, state.efficiency], dtype=float) * (1, 1, 1, 100)
        names = ("$q_x$ ($1/l_u$)", "$q_y$ ($1/l_u$)", "$\\Delta$ ($k_BT_c$)", "$\\eta$ (%)")
        rows.append({"$T$ ($T_c$)": f"{T:g}"} | {n: f"{x:.2f}" for n, x in zip(names, values, strict=True)})
    return table(
        rows, name="tab-diode-valleys", caption="The first matching set against temperature, in full mean field."
    )


def laboratory(unit: ThermalUnits, current: float, difference: float) -> Markdown:
    """The paper's numbers in laboratory units beside ours, which are given in µA/µm."""
    size, wavelength = unit.current_uA_per_um, float(unit.wavelength_nm(0.2))
    rows = [
        ("wavelength $2\\pi/q_0$", "600 nm", f"{wavelength:.1f} nm at $q_0 = 0.2$"),
        ("condensate momentum $0.2/l_u$", "–", f"{2e3 * np.pi / wavelength:.2f}/µm"),
        ("current unit $eJ_u$", "–", f"{size:.3f} µA/µm"),
        ("98.4 $J_u$ on 1 µm", "1 mA", f"{98.4 * size / 1e3:.3f} mA"),
        ("difference 3.6 $J_u$ on 1 µm", "10 µA", f"{3.6 * size:.1f} µA"),
        ("our $J_c$ on 1 µm", "1 mA", f"{current:.3f} µA"),
        ("our difference on 1 µm", "10 µA", f"{1e3 * difference:.2f} nA"),
    ]
    return table(
        [dict(zip(("quantity", "paper B", "here"), row, strict=True)) for row in rows],
        name="tab-diode-si",
        caption="The paper's numbers for $T_c = 10$ K, $m = 0.2\\,m_0$.",
    )


#: What is held and what the attraction knows of spins: arguments of `ehbilayer.diode.diode` by name.
FORMS: dict[str, dict[str, Any]] = {
    "neither": {},
    "held densities": {"hold": "density"},
    "overlaps": {"overlaps": True},
    "both": {"hold": "density", "overlaps": True},
}


def spinor_shares(lam: float, B: float, J: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Squared overlaps of the lower band's spinors at some wave vectors, from matrices and from directions of spins."""
    corners = [(3.0, 0.0), (0.0, 4.0), (-4.0, 1.0), (2.0, -3.0)]
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    fields = np.array([(-lam * k_y, lam * k_x + B, J) for k_x, k_y in corners])
    spinors = np.linalg.eigh(np.einsum("ki,iab->kab", fields, pauli))[1][:, :, 0]
    directions = np.array([[overlap(*a, *b, lam, B, J) for b in corners] for a in corners])
    return np.abs(spinors.conj() @ spinors.T) ** 2, directions


def forms(
    sets: Mapping[str, tuple[Mapping[str, Any], Sequence[tuple[str, float]]]],
) -> tuple[list[dict[str, str]], dict[tuple[str, str, float], dict[str, DiodeResult]]]:
    """Efficiencies of sets in all `FORMS`, as rows of a table and as results.

    `sets` holds the arguments of each set, and theories and temperatures in T_c.
    """
    rows, results = [], {}
    for name, (values, cases) in sets.items():
        for theory, T in cases:
            found = {key: diode(**values, T=T, theory=theory, **form) for key, form in FORMS.items()}
            results[name, theory, T] = found
            texts = {key: "–" if x.efficiency is None else minus(100 * x.efficiency, ".4f") for key, x in found.items()}
            rows.append({"set": name, "theory": theory, "$T$ ($T_c$)": f"{T:g}", **texts})
    return rows, results


def over_imbalance(point: Mapping[str, Any], imbalances: Iterable[float], names: Iterable[str]) -> pd.DataFrame:
    """Efficiency, critical currents and momentum over the imbalance, for some of the `FORMS`."""
    records = []
    for name in names:
        for imbalance in imbalances:
            x = diode(**point, imbalance=imbalance, **FORMS[name])
            eta = None if x.efficiency is None else 100 * x.efficiency
            records.append((name, imbalance, eta, x.J_plus, x.J_minus, x.q0, x.q0_y, x.stable))
    columns = ["form", "imbalance (1)", "eta (%)", "J_c+ (J_u)", "J_c- (J_u)", "q0_x (1/l_u)", "q0_y (1/l_u)"]
    table = pd.DataFrame(records, columns=[*columns, "stable (1)"])
    return table.astype(dict.fromkeys(columns[1:], float))
