"""Tables of the page on the compressibility."""

from collections.abc import Mapping

import xarray as xr
from IPython.display import Markdown

from ehbilayer.superconductivity.shear import ShearStiffness
from ehbook.page import table

__all__ = ["stiffness"]


def stiffness(shear: Mapping[tuple[float, float], ShearStiffness], sizes: xr.Dataset) -> Markdown:
    """Moduli by distance and r_s (a_e), with alpha^2 of `ehbilayer.superconductivity.box_map.box_map`."""
    rows = []
    for (d, r_s), g in shear.items():
        here = sizes.sel(d=d, r_s=r_s)
        bulk, total = float(here.limit), float(here.limit) + g.value
        moduli = {
            "$\\alpha^2$, 36 pairs": float(here.dropped.sel(N=36)),
            "$K/B_0$": bulk,
            "$G/B_0$": g.value,
            "error of $G$": g.error,
            "$(K+G)/B_0$": total,
            "$4d/a_{\\mathrm e}$": 4 * d,
            "sum": total + 4 * d,
            "$v_T/v_0$": max(g.value, 0) ** 0.5,
        }
        place = {"$d$ ($a_{\\mathrm e}$)": f"{d:g}", "$r_s^{\\mathrm e}$": f"{r_s:g}"}
        rows.append(place | {name: f"{value:.3f}" for name, value in moduli.items()})
    return table(
        rows,
        align="r" * 10,
        name="tab-comp-shear",
        caption="Stiffness by its parts: the paper's $\\alpha^2$ from the area with $V(0) = 0$, bulk modulus in the "
        "limit of large boxes, shear modulus, the longitudinal sum of both, the capacitance energy, all together (the "
        "limit of $\\alpha^2(q)$ below for long waves), and the transverse velocity.",
    )
