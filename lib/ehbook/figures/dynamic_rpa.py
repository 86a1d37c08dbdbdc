"""Figures of the page on pairing by the dynamic interaction of the random-phase approximation."""

import matplotlib.pyplot as plt
import xarray as xr

from ehbook.plotting import COLORS, save_figure

__all__ = ["dynamic"]

_HOLES = {"crystal": "classical holes", "liquid": "liquid holes", "none": "no holes"}
_HOLE_COLORS = {"crystal": COLORS["vermillion"], "liquid": COLORS["blue"], "none": COLORS["black"]}


def dynamic(eigenvalues: xr.DataArray, scan: xr.Dataset, kelvin: float) -> None:
    """Largest eigenvalue against temperature (eps_F) for each kind of holes, and T_c (eps_F) against d (a_e).

    `scan` is that of `ehbilayer.superconductivity.rpa_scan.distance_scan`, `kelvin` the Fermi temperature.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.8, 4.6))
    for holes, marker, width in zip(("crystal", "liquid", "none"), "so^", (4.0, 1.5, 1.5), strict=True):
        look = dict(color=_HOLE_COLORS[holes], lw=width, ms=6, label=_HOLES[holes])
        left.plot(eigenvalues["temperature"], eigenvalues.sel(holes=holes), marker + "-", **look)
    left.axhline(1.0, color="black", lw=0.8)
    left.set(xscale="log", xlabel=r"$T$ ($\varepsilon_F/k_B$)", ylabel="largest eigenvalue", ylim=(0, None))
    left.legend(loc="lower left")
    # Curves end where nothing sets in above the lowest temperature looked at.
    for ratio, color in zip(scan["mass_ratio"].values, ("vermillion", "orange", "purple"), strict=False):
        values = scan["classical"].sel(mass_ratio=ratio)
        label = rf"classical holes, $m_h/m_e = {ratio:g}$"
        right.plot(scan["d"], values.where(values > 0), "s-", ms=5, color=COLORS[color], label=label)
    label = rf"liquid holes, $m_h/m_e = {scan['mass_ratio'].values[0]:g}$"
    right.plot(scan["d"], scan["liquid"].where(scan["liquid"] > 0), "o-", ms=5, color=COLORS["blue"], label=label)
    soft = scan["eliashberg"].where(scan["eliashberg"] > 0)
    right.plot(scan["d"], soft, "k^--", label="Eliashberg, RPA velocity")
    right.axhline(scan.attrs["floor"], color="gray", lw=0.8, ls=":")
    right.set(yscale="log", xlabel=r"$d$ ($a_e$)", ylabel=r"$T_c$ ($\varepsilon_F/k_B$)")
    other = right.secondary_yaxis("right", functions=(lambda t: t * kelvin, lambda t: t / kelvin))
    other.set_ylabel("$T_c$ (K)")
    fig.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    save_figure(fig, "dynamic-rpa", scan.assign(eigenvalue=eigenvalues.assign_attrs(units="1")))
