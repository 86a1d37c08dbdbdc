r"""Where layers that drift apart are stable against pairs.

Layers of one velocity are layers at rest in a moving frame; a relative velocity w breaks pairs as a field does in a
superconductor. In two degenerate parabolas an electron and a hole of one pair energy see it as the energies eta_e and
eta_h at which their occupations change along w, with eta_e + eta_h = W = hbar w k_F, divided as the pair's momentum
decides. Then

.. math:: \frac{1/g - \Pi}{N} = \ln\frac{T}{T_c} + \min_\eta\frac{h(\eta) + h(W - \eta)}{2}, \qquad
   h(\eta) = \Bigl\langle \mathrm{Re}\,\psi\Bigl(\frac12 + \frac{i\eta\cos\varphi}{2\pi k_BT}\Bigr)\Bigr\rangle_\varphi
   - \psi\Bigl(\frac12\Bigr) .

For small W the pair is in the middle, eta = W/2; beyond, one of the layers is at rest for it, and the temperature of
the instability falls as T_c Delta_0/W with the gap Delta_0 = pi exp(-0.5772) k_B T_c of the condensate at rest.

How far apart layers drift is decided by the friction between them and by what holds the holes, tau_2.
"""

import math

import numpy as np
from scipy.special import digamma

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.drag.ladder import LARGEST_CURRENT, Ladder
from ehbilayer.drag.result import PS, carrier_velocity
from ehbilayer.errors import ArgumentError
from ehbilayer.numerics.roots import root
from ehbilayer.units import HBAR

__all__ = ["growth_time", "least_current", "longest_time", "parabolic_margin", "parabolic_transition"]

_ANGLES = 400
# Ways of dividing W between electron and hole, from none to the middle, and of how many one is looked at first.
_SHARES, _SKIPPED = np.linspace(0.0, 0.5, 201), 8
# Largest drift in nm^-1; pairs are looked for up to four times that, as far as spectra are known.
_FASTEST = 200.0
# Relative accuracy of the edges.
_CLOSE = 1e-3
# Of the holes' drift, over that at which pairs form: the friction diverges there, but as a logarithm only.
_DRIFTS = (0.8, 0.9, 0.96)


@checked
def parabolic_margin(temperature: float, apart: float) -> float:
    """(1/g - Pi)/N of two degenerate parabolas that drift apart, at the most favourable pair momentum.

    Parameters
    ----------
    temperature : float
        T/T_c, from 1e-3 to 1e3.
    apart : float
        hbar w k_F over k_B T_c with the relative velocity w, up to 1e4 in size.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number in its range.

    Examples
    --------
    >>> print(f"{parabolic_margin(1.0, 0.0):.3f} {parabolic_margin(0.5, 2.0):.3f}")
    0.000 -0.360
    """
    t = validation.real("temperature", temperature, low=1e-3, high=1e3)
    W = abs(validation.real("apart", apart, low=-1e4, high=1e4)) / t
    cosine = np.cos(math.pi / 2 * (np.arange(_ANGLES) + 0.5) / _ANGLES)

    def broken(share):
        both = np.concatenate((share, 1 - share))
        return (digamma(0.5 + 0.5j / math.pi * W * both[:, None] * cosine).real - digamma(0.5)).mean(axis=1)

    rough = broken(_SHARES[::_SKIPPED]).reshape(2, -1).sum(axis=0)
    near = _SKIPPED * int(rough.argmin())
    fine = broken(_SHARES[max(near - _SKIPPED, 0) : near + _SKIPPED + 1]).reshape(2, -1).sum(axis=0)
    return math.log(t) + float(fine.min()) / 2


@checked
def parabolic_transition(apart: float) -> float:
    """Temperature over T_c below which two degenerate parabolas that drift apart form pairs.

    Parameters
    ----------
    apart : float
        As in `parabolic_margin`, up to 500 in size.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ArgumentError
        If the argument is not a finite number in its range.

    Examples
    --------
    >>> print(f"{parabolic_transition(0.0):.3f} {parabolic_transition(3.0):.3f} {parabolic_transition(30.0):.3f}")
    1.000 0.676 0.059
    """
    apart = validation.real("apart", apart, low=-500.0, high=500.0)
    return root(lambda t: parabolic_margin(t, apart), 1e-3, 1.0 + 1e-9, absolute=1e-9)


@checked
def least_current(ladder: Ladder, backward: bool = False) -> float | None:
    """Drive current from which on the normal state can be stable: with holes that are held at rest.

    Parameters
    ----------
    ladder : Ladder
    backward : bool
        Whether to look among negative currents.

    Returns
    -------
    float or None
        In A/m; 0 where the layers are stable at rest, None if there is none up to `LARGEST_CURRENT`.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range.

    Examples
    --------
    >>> from ehbilayer.drag import ParabolicLayer, RashbaLayer
    >>> electrons = RashbaLayer(0.2, 10, 8, lam=0, J=0, B=0)
    >>> ladder = Ladder(electrons, ParabolicLayer(0.2, 10, 8), inverse=4.197e-4, scale=0.8617, angles=2)
    >>> print(f"{least_current(ladder):.1f} A/m")
    9.6 A/m
    """
    ladder = validation.instance("ladder", ladder, Ladder)
    sign = -1.0 if validation.boolean("backward", backward) else 1.0
    if ladder.instability()[0] > 0.0:
        return 0.0

    def margin(current: float) -> float:
        return ladder.instability(ladder.drifts(sign * current)[0])[0]

    # That at which hbar w k_F is k_B T.
    holes = ladder.holes
    velocity = holes.thermal_energy / (HBAR * holes.fermi_wave_number)
    high = velocity / abs(carrier_velocity(1.0, ladder.electrons.density))
    low = 0.0
    while margin(high) <= 0.0:
        low, high = high, 2 * high
        if high > LARGEST_CURRENT:
            return None
    return sign * root(margin, low, high, relative=_CLOSE)


@checked
def longest_time(ladder: Ladder, current: float) -> float | None:
    """Longest relaxation time of the holes with which a stationary normal state carries a current and is stable.

    Parameters
    ----------
    ladder : Ladder
        Whose layers at rest are unstable.
    current : float
        Drive current in A/m, not zero and up to `LARGEST_CURRENT` in size.

    Returns
    -------
    float or None
        In s; None where the normal state is unstable even if the holes are held at rest.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range.

    Examples
    --------
    >>> from ehbilayer.drag import ParabolicLayer, RashbaLayer
    >>> electrons = RashbaLayer(0.2, 10, 8, lam=0, J=0, B=0)
    >>> ladder = Ladder(electrons, ParabolicLayer(0.2, 10, 8), inverse=4.197e-4, scale=0.8617, angles=2)
    >>> print(longest_time(ladder, 5.0), f"{1e12 * longest_time(ladder, 12.0):.2f} ps")
    None 0.05 ps
    """
    ladder = validation.instance("ladder", ladder, Ladder)
    if ladder.instability()[0] > 0.0:
        raise ArgumentError("ladder", ladder, "layers that form pairs at rest")
    u1, together = ladder.drifts(current)
    if u1 == 0.0 or ladder.instability(u1)[0] <= 0.0:
        return None

    def margin(share: float) -> float:
        return ladder.instability(u1, share * together)[0]

    edge = root(margin, 0.0, 1.0, relative=_CLOSE)
    drifts = [x * edge * together for x in _DRIFTS]
    # The balance F/hbar = u2/tau_2, whose solution holds the shorter relaxation times.
    return PS * max(float(u2 / ladder.force(u1, u2)) for u2 in drifts)


@checked
def growth_time(ladder: Ladder, u1: float = 0.0, u2: float = 0.0) -> float:
    """Time in which the amplitude of pairs grows by e in an unstable normal state, near the transition.

    Parameters
    ----------
    ladder : Ladder
    u1, u2 : float
        Drifts of the layers along x in nm^-1, up to 200 in size.

    Returns
    -------
    float
        In ps; negative where pairs decay.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not in its range, or no pairs form and break equally often.

    Examples
    --------
    >>> from ehbilayer.drag import ParabolicLayer, RashbaLayer
    >>> electrons = RashbaLayer(0.2, 10, 9.5, lam=0, J=0, B=0)
    >>> ladder = Ladder(electrons, ParabolicLayer(0.2, 10, 9.5), inverse=4.197e-4, scale=0.8617, angles=2)
    >>> print(f"{growth_time(ladder):.1f} ps")
    6.2 ps
    """
    ladder = validation.instance("ladder", ladder, Ladder)
    u1, u2 = (validation.real(name, u, low=-_FASTEST, high=_FASTEST) for name, u in (("u1", u1), ("u2", u2)))
    momentum = ladder.instability(u1, u2)[1]
    spectrum = ladder.spectrum(momentum, u1=u1, u2=u2)
    energy = None if spectrum is None else spectrum.growth(ladder.inverse)
    if energy is None:
        raise ArgumentError("u1, u2", (u1, u2), "drifts at which pairs form and break")
    return HBAR / energy
