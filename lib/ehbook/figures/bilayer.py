"""Figures of the page on the model and its units."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd

from ehbook import schematics
from ehbook.plotting import COLORS, save_figure
from ehbook.tables import significant

__all__ = ["device", "phase_sketch", "scales"]


def device() -> None:
    """The two layers with their carriers and lengths, drawn."""
    fig, ax = plt.subplots(figsize=(6.0, 2.9))
    save_figure(fig, "bilayer-device", schematics.draw_bilayer(ax))


def scales(lengths: Mapping[str, float], energies: Mapping[str, float], kelvin: float) -> None:
    """Lengths (nm) and energies (meV) on logarithmic axes, smallest first; `kelvin` is 1 meV/k_B in K."""
    fig, axes = plt.subplots(2, 1, figsize=(6.6, 6.0), height_ratios=(len(lengths), len(energies)))
    frames = []
    for ax, values, unit in zip(axes, (lengths, energies), ("nm", "meV"), strict=True):
        names = sorted(values, key=lambda name: values[name])
        ordered = [values[name] for name in names]
        ax.hlines(range(len(names)), min(ordered) / 3, ordered, color="0.75", lw=1.0)
        ax.plot(ordered, range(len(names)), "o", color=COLORS["blue"], ms=7)
        for row, value in enumerate(ordered):
            ax.annotate(
                f"{significant(value)} {unit}", (value, row), xytext=(8, 0), textcoords="offset points", va="center"
            )
        ax.set_yticks(range(len(names)), names)
        ax.set(xscale="log", xlim=(min(ordered) / 3, max(ordered) * 40), ylim=(-0.6, len(names) - 0.4))
        ax.grid(axis="y", visible=False)
        kind = "length" if unit == "nm" else "energy"
        ax.set_xlabel(f"{kind} ({unit})")
        frames.append(pd.DataFrame({"scale": names, f"{kind} ({unit})": ordered}))
    above = axes[1].secondary_xaxis("top", functions=(lambda x: x * kelvin, lambda x: x / kelvin))
    above.set_xlabel("energy over $k_B$ (K)")
    save_figure(fig, "bilayer-scales", pd.concat(frames))


def phase_sketch() -> None:
    """Expected topology of the phase diagram for equal masses and for heavier holes, drawn."""
    masses = {r"$m_h = m_e$": False, r"$m_h > m_e$": True}
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 3.3), sharey=True)
    for ax, mass_asymmetric in zip(axes, masses.values(), strict=True):
        schematics.draw_phase_regions(ax, mass_asymmetric=mass_asymmetric)
    axes[1].set_ylabel("")
    names = {"m_h = m_e": False, "m_h > m_e": True}
    tops = {name: schematics.phase_regions(mass_asymmetric=value) for name, value in names.items()}
    table = pd.concat(tops, names=["masses"]).rename(columns=lambda name: f"top of {name} (arbitrary units)")
    save_figure(fig, "bilayer-phases", table)
