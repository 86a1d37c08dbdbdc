"""The diode effect of a device with its validity: how unequal the ends of its plateau are, where the theory holds."""

from typing import NamedTuple

from ehbilayer import validation
from ehbilayer.checked import checked
from ehbilayer.device.curve import Device
from ehbilayer.device.drag_curve import plateau_asymmetry
from ehbilayer.errors import NotConverged

__all__ = ["PlateauAsymmetry", "asymmetry_at"]


class PlateauAsymmetry(NamedTuple):
    """Asymmetry of a plateau of perfect drag.

    Attributes
    ----------
    value : float or None
        (I_c+ + I_c-)/(I_c+ - I_c-); None without a condensate, or where it did not converge.
    valid : bool
        Whether it converged with one band occupied in each layer, as the theory supposes.
    message : str
        What is to be said against it.
    """

    value: float | None
    valid: bool
    message: str


@checked
def asymmetry_at(device: Device, T: float) -> PlateauAsymmetry:
    """Asymmetry of a device's plateau at a temperature.

    Parameters
    ----------
    device : Device
    T : float
        In K.

    Returns
    -------
    PlateauAsymmetry

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> found = asymmetry_at(Device(), 5.0)
    >>> print(f"{100 * found.value:.2f} %, {found.valid}")
    -2.07 %, True
    >>> asymmetry_at(Device(), 11.0).value is None
    True
    """
    device, T = validation.instance("device", device, Device), validation.positive("T", T)
    try:
        limits = device.critical_currents(T)
    except NotConverged as error:
        return PlateauAsymmetry(None, False, str(error))
    result = device.condensate(T)
    return PlateauAsymmetry(plateau_asymmetry(limits), result.valid and result.one_band, result.message)
