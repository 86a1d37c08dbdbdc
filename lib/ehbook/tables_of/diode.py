"""Tables and facts of the pages on the exciton diode."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from IPython.display import Markdown
from numpy.typing import NDArray

from ehbilayer.diode import DiodeResult
from ehbilayer.diode.bands import Bands
from ehbilayer.diode.coarse import CoarseResult
from ehbilayer.diode.coupling import Coupling, coupling_at_T_c
from ehbilayer.diode.depairing import critical_currents
from ehbilayer.diode.first_order import MapExchange
from ehbilayer.diode.forms import case_sweep
from ehbilayer.diode.mean_field import MeanField, State
from ehbilayer.diode.paper_search import SearchSummary
from ehbilayer.diode.plane import ground_state_in_plane
from ehbilayer.diode.stiffness import stiffness
from ehbilayer.model.rashba import overlap
from ehbilayer.units import ThermalUnits
from ehbook.page import table

__all__ = [
    "COUPLINGS",
    "THEORIES",
    "candidate",
    "closest",
    "denser_scans",
    "directions",
    "error_bound",
    "form_cases",
    "forms",
    "laboratory",
    "largest_step",
    "matching",
    "minus",
    "over_imbalance",
    "search",
    "spinor_shares",
    "survivors",
    "transitions",
    "valleys",
]


#: How tables and figures call the couplings.
COUPLINGS = {"each-field": r"$T_\mathrm{c}$ held at each field", "zero-field": "$g$ held from zero field"}
#: And the theories.
THEORIES = {"ginzburg-landau": "Ginzburg–Landau", "mean-field": "mean field"}

# Components of a momentum in 1/l_u below it are zero.
_OFF = 1e-6


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
            "convention, coupling": f"{row['convention']}, {COUPLINGS[row['coupling']]}",
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


def spinor_shares(lam: float, B: float, J: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Squared overlaps of the lower band's spinors at some wave vectors, from matrices and from directions of spins."""
    corners = [(3.0, 0.0), (0.0, 4.0), (-4.0, 1.0), (2.0, -3.0)]
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    fields = np.array([(-lam * k_y, lam * k_x + B, J) for k_x, k_y in corners])
    spinors = np.linalg.eigh(np.einsum("ki,iab->kab", fields, pauli))[1][:, :, 0]
    directions = np.array([[overlap(*a, *b, lam, B, J) for b in corners] for a in corners])
    return np.abs(spinors.conj() @ spinors.T) ** 2, directions


def forms(
    sets: Mapping[str, tuple[Mapping[str, Any], Sequence[tuple[str, float]]]], store: str | None = None
) -> tuple[list[dict[str, str]], xr.Dataset]:
    """Efficiencies of sets in all forms of the theory, as rows of a table and as a sweep over case and form.

    `sets` holds the arguments of each set, and theories and temperatures in T_c; `store` keeps the points. A case is
    named ``"set, theory, T"``.
    """
    keys = {f"{name}, {theory}, {T:g}": (name, theory, T) for name, (_, cases) in sets.items() for theory, T in cases}
    given = {case: {**sets[name][0], "theory": theory, "T": T} for case, (name, theory, T) in keys.items()}
    found, rows = case_sweep(given, store), []
    for case, (name, theory, T) in keys.items():
        here = found.sel(case=case)
        eta = {str(form): 100 * float(here.efficiency.sel(form=form)) for form in here.form.values}
        texts = {form: minus(x, ".4f") if np.isfinite(x) else "–" for form, x in eta.items()}
        off = "x, y" if (np.nan_to_num(here.q0_y.astype(float)) > _OFF).any() else "x"
        rows.append({"set": name, "theory": THEORIES[theory], "$T$ ($T_c$)": f"{T:g}", **texts, "$q_0$ along": off})
    return rows, found


def form_cases(
    this: Mapping[str, Any], weak: Mapping[str, Any]
) -> dict[str, tuple[Mapping[str, Any], list[tuple[str, float]]]]:
    """Sets of the diode pages with theories and temperatures (T_c), as `forms` takes them, from those of one page."""
    gl, full = ("ginzburg-landau", 0.9), ("mean-field", 0.9)
    literal = {"convention": "literal", "B": 3.0}
    cold = ("mean-field", 0.1)
    return {
        "this page's": (this, [gl, full, cold]),
        "weak": (weak, [gl, full, cold]),
        "weak, literal": ({**weak, **literal}, [gl, full]),
        "matching": ({"E_F": 34.8, "lam": 2.0, "J": 28.68, **literal}, [full]),
        "tilted": ({"E_F": 12.0, "lam": 2.0, "J": 8.0, **literal}, [gl]),
        "unequal": ({"E_F": 12.868, "lam": 2.457, "J": 8.946, **literal, "B": 5.157}, [gl]),
        "this page's, holes four times as heavy": ({**this, "mass_ratio": 4.0}, [gl, full]),
    }


def over_imbalance(sweeps: Iterable[xr.Dataset], T: float, B: float) -> pd.DataFrame:
    """Efficiency, critical currents and momentum over form and imbalance, of sweeps at one temperature and field."""
    units = {"efficiency": "eta (%)", "J_plus": "J_c+ (J_u)", "J_minus": "J_c- (J_u)", "q0": "q0_x (1/l_u)"}
    units |= {"q0_y": "q0_y (1/l_u)", "stable": "stable (1)", "runner_up": "runner-up (1)"}
    found = [part[list(units)].sel(T=T, B=B, drop=True).astype(float) for part in sweeps]
    rows = pd.concat([part.to_dataframe().reset_index() for part in found])
    rows["efficiency"] *= 100
    return rows.rename(columns={**units, "imbalance": "imbalance (1)"})


def largest_step(rows: pd.DataFrame) -> float:
    """Largest step of the length of the momentum (1/l_u) with held densities and overlaps, in `over_imbalance`."""
    both = rows[rows["form"] == "both"]
    length = np.hypot(both["q0_x (1/l_u)"], both["q0_y (1/l_u)"])
    return float(np.max(np.abs(np.diff(length)), initial=0.0))


def survivors(neither: xr.Dataset, both: xr.Dataset, smallest: float) -> dict[str, str]:
    """How many points of a sweep reach an efficiency with held densities and overlaps, by T (T_c): facts of the map.

    Counted apart are those that reach it without these as well, where they keep it, change its sign or lose it.
    """
    after = both.efficiency.astype(float).isel(form=0)
    before = neither.efficiency.astype(float).isel(form=0).sel({name: after[name] for name in ("T", "B", "imbalance")})
    large, left = np.abs(before) >= smallest, np.abs(after) >= smallest
    turned = large & left & (before * after < 0)

    def by_temperature(part, of):
        pairs = [(int(part.sel(T=T).sum()), int(of.sel(T=T).sum())) for T in after["T"].values]
        return " and ".join(f"{n} of {m}" for n, m in pairs)

    size = np.abs(after).where(left)
    none = not bool(left.any())
    return {
        "layers_survive": by_temperature(large & left, large),
        "layers_turned": by_temperature(turned, large & left),
        "layers_new": by_temperature(~large & left, ~large),
        "layers_left": "none" if none else f"{100 * float(size.min()):.2g} to {100 * float(size.max()):.2g}",
        "layers_word": _survival(int((large & left).sum()), int(large.sum())),
    }


def _survival(kept, of):
    """What becomes of the diodes of a map in one word."""
    if not of:
        return "there are none to begin with"
    return "all" if kept == of else "none" if not kept else "most" if 2 * kept > of else "the smaller part"


def transitions(found: Mapping[float, Sequence[MapExchange]]) -> dict[str, str]:
    """Facts on first-order transitions of a map by temperature (T_c): how many, and the momenta on both sides."""
    steps = [math.dist(x.found.low.q, x.found.high.q) for part in found.values() for x in part]
    where = " and ".join(f"{len(part)} at {T:g}" for T, part in found.items())
    size = f"by {min(steps):.1f} to {max(steps):.1f}" if steps else "nowhere"
    return {"layers_first": where, "layers_jump": size}


def denser_scans(sets: Mapping[str, Bands], temperatures: Iterable[float]) -> tuple[list[dict[str, str]], list[float]]:
    """Rows of critical currents on the axis, and how far a denser scan moves them (relative) or q_0 (1/l_u)."""
    rows, changes = [], []
    for name, bands in sets.items():
        strength = coupling_at_T_c(bands, plane=False).inverse
        for T in temperatures:
            usual = critical_currents(MeanField(bands, T, strength))
            dense = critical_currents(MeanField(bands, T, strength, scan_points=37), scan=97, finer=4)
            if usual is None or dense is None:
                continue
            pairs = ((usual.plus.value, dense.plus.value), (usual.minus.value, dense.minus.value))
            changes.append(max(abs(usual.ground.q[0] - dense.ground.q[0]), *(abs(a / b - 1) for a, b in pairs)))
            jumps = str(usual.plus.jump + usual.minus.jump)
            change = "below 1e-7" if changes[-1] < 1e-7 else f"{changes[-1]:.0e}"
            row = {"set": name, "$T$ ($T_c$)": f"{T:g}", "$J_{c+}$ ($J_u$)": f"{usual.plus.value:.4f}"}
            row |= {"critical currents that end at a jump": jumps, "change with the denser scan": change}
            rows.append(row | _in_the_plane(MeanField(bands, T, strength), usual.ground))
    return rows, changes


def _in_the_plane(field: MeanField, axis: State) -> dict[str, str]:
    """Whether a state on the axis is a minimum in the plane, and q_y of the lowest state of the same potential."""
    lowest = ground_state_in_plane(field)
    off = "none" if lowest is None else f"{lowest.q[1]:.3f}"
    stable = "yes" if stiffness(field, axis.q[0]).stable else "no"
    return {"stable in the plane": stable, "$q_y$ of the lowest state ($1/l_u$)": off}
