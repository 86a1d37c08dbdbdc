r"""What a strip and its circuit leave of the drag ratio of an ideal, short-circuited layer.

Walls that scatter diffusely add their rate to that of the bulk (Matthiessen), v_F/W for a strip of width W; where the
bulk's mean free path is longer by far, glancing carriers make it a logarithm smaller.

A resistance R in the drag circuit, as a sheet resistance r = R W/L, takes the field r j_2 from the layer. In the force
balance of the frictional layer that is one more relaxation rate, :math:`1/\tau_2 \to 1/\tau_2 + r\,n e^2/m`. In the
condensate both layers have one and the same field, or pairs would be accelerated, and it drives a current through
conductors beside the pairs, quasiparticles or edges of sheet conductances g_1, g_2:

.. math:: j_1 = j_s + g_1 E, \quad j_2 = -j_s + g_2 E, \quad E = -r j_2 \quad\Rightarrow\quad
   \zeta = -\frac{1}{1 + r\,(g_1 + g_2)} .

Drag is perfect in any circuit if there are none.
"""

from scipy import constants

from ehbilayer import validation

__all__ = ["condensate_ratio", "loaded_time", "strip_time"]


def strip_time(tau: float, velocity: float, width: float) -> float:
    """Relaxation time of carriers in a strip whose walls scatter diffusely.

    Parameters
    ----------
    tau : float
        In the bulk, in s, greater than zero.
    velocity : float
        Of the carriers at the Fermi energy in nm/ps, greater than zero.
    width : float
        In micrometres, greater than zero.

    Returns
    -------
    float
        In s.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number greater than zero.

    Examples
    --------
    >>> print(f"{strip_time(1e-9, 133.0, 1.0):.2e} s")
    7.46e-12 s
    """
    # nm/ps over micrometres is 1e9/s.
    walls = validation.positive("velocity", velocity) / validation.positive("width", width) * 1e9
    return 1 / (1 / validation.positive("tau", tau) + walls)


def loaded_time(tau: float, density: float, mass: float, load: float) -> float:
    """Relaxation time that stands for carriers with a resistance in their circuit.

    Parameters
    ----------
    tau : float
        Of the carriers in s, greater than zero.
    density : float
        In cm^-2, greater than zero.
    mass : float
        In m_0, greater than zero.
    load : float
        Sheet resistance R W/L in ohms, zero or more.

    Returns
    -------
    float
        In s.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number in its range.

    Examples
    --------
    >>> print(f"{loaded_time(1e-9, 4.177e11, 0.2, 100.0):.2e} s")
    1.67e-11 s
    """
    density, mass = validation.positive("density", density), validation.real("mass", mass, low=1e-6, high=1e6)
    per_ohm = density * 1e4 * constants.e**2 / (mass * constants.m_e)
    return 1 / (1 / validation.positive("tau", tau) + validation.real("load", load, low=0.0) * per_ohm)


def condensate_ratio(load: float, conductance: float) -> float:
    """Drag ratio of a condensate that is not alone, with a resistance in the drag circuit.

    Parameters
    ----------
    load : float
        Sheet resistance R W/L in ohms, zero or more.
    conductance : float
        Sheet conductance of both layers beside the pairs, g_1 + g_2, in siemens, zero or more.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ArgumentError
        If an argument is not a finite number, or negative.

    Examples
    --------
    >>> condensate_ratio(1e3, 0.0), condensate_ratio(1e3, 1e-3)
    (-1.0, -0.5)
    """
    return -1 / (1 + validation.real("load", load, low=0.0) * validation.real("conductance", conductance, low=0.0))
