"""Bilayers of the two papers and of three families of experiments, with where their parameters come from."""

from dataclasses import dataclass

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.bilayer import Bilayer
from ehbilayer.device.curve import Device
from ehbilayer.device.laboratory import answer
from ehbilayer.drag import ParabolicLayer
from ehbilayer.units import AtomicUnits

__all__ = ["PRESETS", "Preset", "device_bilayer", "preset_point"]


@dataclass(frozen=True)
class Preset:
    """A named bilayer.

    Attributes
    ----------
    name : str
    bilayer : Bilayer
    sources : dict of str to str
        For each group of parameters, keys of the bibliography, or the word ``assumed``.
    """

    name: str
    bilayer: Bilayer
    sources: dict[str, str]


def _paper_a(name: str, *, m_h: float, mass_ratio: float, eps_r: float) -> Preset:
    """Paper A's point r_s = 1.6, d = a_e with its alpha."""
    unit = AtomicUnits(mass=m_h / mass_ratio, eps_r=eps_r)
    bilayer = Bilayer(
        m_e=m_h / mass_ratio,
        m_h=m_h,
        eps_r=eps_r,
        d=unit.length_nm,
        density=float(unit.density_at(1.6)),
        alpha=0.3,
        T=1.0,
        tau=1.0,
    )
    return Preset(
        name, bilayer, {"masses": "paperA", "eps_r": "paperA", "d": "paperA", "density": "paperA", "T, tau": "assumed"}
    )


@checked
def device_bilayer(device: Device, *, T: float) -> Bilayer:
    """A device of paper B as a bilayer of the laboratory module, with the density of its holes at T_c.

    Parameters
    ----------
    device : Device
        Its T_c is given to the bilayer, not computed from the interaction.
    T : float
        Temperature in K.

    Returns
    -------
    Bilayer
        Its density in cm^-2 has four digits, its relaxation time in ps twelve.

    Raises
    ------
    TypeError, ValueError
        If `device` is not a `Device`, or a parameter is outside the range of a `Bilayer`.

    Examples
    --------
    >>> bilayer = device_bilayer(Device(), T=5)
    >>> print(f"{bilayer.density:.3e} cm^-2, {bilayer.tau:.0f} ps")
    4.177e+11 cm^-2, 1000 ps
    """
    device = validation.instance("device", device, Device)
    density = 1e14 * ParabolicLayer(device.mass, device.E_F, device.T_c).density
    return Bilayer(
        m_e=device.mass,
        m_h=device.mass,
        eps_r=device.eps_r,
        d=device.d,
        density=float(f"{density:.4g}"),
        lam=device.lam,
        J=device.J,
        B=device.B,
        T=T,
        tau=float(f"{1e12 * device.tau_2:.12g}"),
        T_c=device.T_c,
        width=device.width,
    )


# Static permittivity of boron nitride: computed along its layers, measured across.
_ALONG, _ACROSS = 6.9, 3.4

PRESETS = {
    "paper-a": _paper_a("paper A", m_h=1.0, mass_ratio=10, eps_r=5.0),
    "paper-a-hydrogen": _paper_a("paper A, hydrogen", m_h=2000.0, mass_ratio=2000, eps_r=1.0),
    "paper-b": Preset(
        "paper B",
        device_bilayer(Device(), T=5.0),
        {
            "masses": "paperB",
            "eps_r": "assumed",
            "d": "assumed",
            "density": "paperB",
            "lam, J, B": "assumed",
            "T_c, tau": "paperB",
        },
    ),
    "mose2-wse2": Preset(
        "MoSe₂/WSe₂",
        Bilayer(
            m_e=0.8,
            m_h=0.5,
            eps_parallel=_ALONG,
            eps_perp=_ACROSS,
            d=2.7,
            density=5e11,
            J=10.0,
            T=4.0,
            mobility=1e4,
            outside=("keldysh", "valleys"),
        ),
        {
            "masses": "larentis2018, movva2018",
            "eps_parallel, eps_perp": "laturia2018, pierret2022",
            "d": "nguyen2023",
            "density, J, mobility": "assumed",
        },
    ),
    "mos2-graphene": Preset(
        "MoS₂/bilayer graphene",
        Bilayer(
            m_e=0.7,
            m_h=0.04,
            eps_parallel=_ALONG,
            eps_perp=_ACROSS,
            d=3.0,
            density=2e12,
            T=4.0,
            mobility=3e4,
            outside=("keldysh", "valleys", "dirac"),
        ),
        {
            "masses": "pisoni2018, zou2011",
            "eps_parallel, eps_perp": "laturia2018, pierret2022",
            "d, density, mobility": "assumed",
        },
    ),
    "gaas": Preset(
        "GaAs/AlGaAs",
        Bilayer(m_e=0.063, m_h=0.51, eps_r=12.9, d=25.0, density=5e10, T=1.0, mobility=3e5),
        {"masses": "ioffe", "eps_r": "ioffe", "d": "croxall2008, zheng2016", "density, mobility": "assumed"},
    ),
}
"""By short name. Densities follow the papers' r_s or Fermi energy; the temperatures are choices."""


@checked
def preset_point(*, name: str, mesh: int = 6) -> dict[str, float | str | None]:
    """All answers for one preset, for sweeps.

    Parameters
    ----------
    name : str
        Key of `PRESETS`.
    mesh : int
        As in `ehbilayer.device.laboratory.answer`.

    Returns
    -------
    dict
        `ehbilayer.device.laboratory.Answers.plain`.

    Raises
    ------
    TypeError, ValueError
        If `name` is not a preset.

    Examples
    --------
    >>> preset_point(name="silicon")
    Traceback (most recent call last):
        ...
    ehbilayer.errors.ArgumentError: name = 'silicon' is not allowed: need one of 'paper-a' | ... | 'gaas'
    """
    return answer(PRESETS[validation.option("name", name, PRESETS)].bilayer, mesh=mesh).plain
