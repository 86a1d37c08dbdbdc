"""Tables of the page on pairing."""

from collections.abc import Mapping

from IPython.display import Markdown

from ehbilayer.superconductivity.density_line import Line
from ehbook.page import table

__all__ = ["peaks"]


def peaks(lines: Mapping[str, Line], found: Mapping[str, tuple[float, float]], fermi: float, r_s: float) -> Markdown:
    """Lines of alpha^2 with the peak of T_c that each gives, as (K, r_s in a_e).

    `fermi` is the Fermi temperature (K) at `r_s`.
    """
    header = ["line of $\\alpha^2$", "intercept", "slope", "$\\alpha^2 = 0$ at $r_s$", "$T_c$ peaks at $r_s$", "peak"]
    rows = []
    for name, (height, place) in found.items():
        line = lines[name]
        numbers = (line.intercept, line.slope, line.root, place)
        rows.append((name, *(f"{x:.2f}" for x in numbers), f"{height:.1f} K"))
    return table(
        [dict(zip(header, row, strict=True)) for row in rows],
        name="tab-pair-peaks",
        caption="Lines of $\\alpha^2$ over $r_s$, and the peaks of $T_c$ that they give at the distance of this page. "
        f"$\\varepsilon_{{\\mathrm F}}/k_{{\\mathrm B}} = {fermi:.0f}$ K at $r_s^{{\\mathrm e}} = {r_s:g}$.",
    )
