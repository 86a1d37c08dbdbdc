"""Tables of the page on one device and its drag-ratio curve."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import Markdown

from ehbilayer.device import PlateauAsymmetry, plateau_asymmetry
from ehbilayer.drag import DragCoefficients
from ehbook.page import table

__all__ = ["asymmetries", "limits", "theories"]


def asymmetries(found: Mapping[tuple[tuple[str, object], ...], PlateauAsymmetry]) -> pd.DataFrame:
    """Frame of the asymmetries (%) that exist, with columns for what was varied, and whether one band is occupied."""
    rows = [
        dict(place) | {"asymmetry (%)": 100 * x.value, "one band": x.valid}
        for place, x in found.items()
        if x.value is not None
    ]
    columns = [name for place in list(found)[:1] for name, _ in place]
    return pd.DataFrame(rows, columns=[*columns, "asymmetry (%)", "one band"])


def limits(
    ends: Mapping[float, tuple[float, float] | None],
    normal: Mapping[float, DragCoefficients],
    tau_2: float,
    width: float,
) -> Markdown:
    """Critical currents (µA) and asymmetry by temperature (K), and friction.

    `tau_2` is the relaxation time of the holes in s, `width` that of the device in µm.
    """
    rows = []
    for T, c in normal.items():
        pair, share = ends[T], plateau_asymmetry(ends[T])
        rows.append(
            {
                "T (K)": f"{T:g}",
                "$I_{c-}$ (µA)": "none" if pair is None else f"{pair[0]:.3f}",
                "$I_{c+}$ (µA)": "none" if pair is None else f"{pair[1]:.3f}",
                "asymmetry (%)": "none" if share is None else f"{100 * share:.2f}",
                r"$\zeta^{(0)}$ (%)": f"{100 * c.drag_ratio(tau_2):.3f}",
                r"$\zeta^{(1)}/\zeta^{(0)}$ at 1 µA (%)": f"{100 * c.nonreciprocity(tau_2, 1.0 / width):.2f}",
            }
        )
    caption = "Ends and asymmetry of the plateau, drag ratio and its nonreciprocity."
    return table(rows, name="tab-device-limits", caption=caption)


def theories(
    temperatures: Sequence[float],
    linear: Sequence[float],
    ends: Mapping[str, np.ndarray],
    lean: Mapping[str, Sequence[float]],
    slope: Mapping[str, Sequence[float]],
    factors: Mapping[str, Sequence[float | None]],
    strength: Mapping[float, float],
    heat: Mapping[float, float],
) -> Markdown:
    """Frictional drag ratio at each temperature (K) by theory, at opposite currents where there are two numbers.

    `lean` and `slope` are antisymmetric parts over means, at these currents and to first order at 0.1 µA; `factors` are
    ratios of two theories, `strength` and `heat` (meV) those of the relaxation time at the largest currents.
    """
    cells = {"ζ, linear, drifting equilibrium (%)": [f"{100 * z:.3f}" for z in linear]}
    cells |= {
        f"ζ, {name}, any drift (%)": ["/".join(f"{100 * z:.3f}" for z in pair) for pair in values]
        for name, values in ends.items()
    }
    cells |= {f"antisymmetric part over mean, {k} (%)": [f"{100 * x:+.2f}" for x in v] for k, v in lean.items()}
    cells |= {f"the same to first order at 0.1 µA, {k} (%)": [f"{100 * x:+.2f}" for x in v] for k, v in slope.items()}
    cells |= {name: ["" if x is None else f"{x:.3g}" for x in values] for name, values in factors.items()}
    cells[r"$\hbar v_{\mathrm F}u_1/k_{\mathrm B}T$"] = [f"{x:.1f}" for x in strength.values()]
    cells["Joule heat per electron, relaxation time (meV)"] = [f"{x:.2f}" for x in heat.values()]
    columns = [f"{T:g} K" for T in temperatures]
    rows = [
        {"": name} | dict(zip(columns, (x.replace("-", "−") for x in row), strict=True)) for name, row in cells.items()
    ]
    caption = "Frictional drag ratio by theory. Pairs of numbers, heat and drift: at the largest currents of the"
    return table(rows, name="tab-device-theories", caption=f"{caption} figure, negative and positive.")
