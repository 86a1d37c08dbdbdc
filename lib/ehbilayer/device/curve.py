"""One device in laboratory units: what condensate and drag share, and its whole drag-ratio curve (paper B, Fig. 1b)."""

from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehbilayer import validation
from ehbilayer.diode.nonreciprocity import DiodeResult, diode
from ehbilayer.drag import DragCoefficients, ParabolicLayer, RashbaLayer, drag_coefficients
from ehbilayer.drag.circuit import condensate_ratio, loaded_time, strip_time
from ehbilayer.drag.finite_drift import DriftingLayers
from ehbilayer.errors import NotConverged
from ehbilayer.units import HBAR, ThermalUnits

__all__ = ["Device"]


@dataclass(frozen=True)
class Device:
    """An electron-hole bilayer whose electrons have the Rashba-Zeeman band and whose densities are balanced.

    Parameters
    ----------
    T_c : float
        Mean-field transition temperature in K, which fixes the pairing strength at the field B; greater than zero.
    mass : float
        Of both carriers in m_0, greater than zero.
    E_F : float
        Chemical potential of the holes above their band minimum in meV, greater than zero.
    lam : float
        Rashba parameter of the electrons in meV nm.
    J, B : float
        Zeeman energies across and in the plane in meV.
    d : float
        Spacing in nm, zero or more.
    eps_r : float
        Relative permittivity, greater than zero.
    tau_2 : float
        Relaxation time of the holes in s, greater than zero; that of the bulk if the walls of the strip reflect like
        mirrors, else see `with_diffuse_walls`.
    width : float
        In micrometres, greater than zero.

    Raises
    ------
    TypeError, ArgumentError
        If an argument is of the wrong type or outside its range.

    Examples
    --------
    >>> device = Device()
    >>> print(f"{device.units.energy_meV:.3f} meV, {device.units.length_nm:.2f} nm")
    0.862 meV, 21.03 nm
    """

    T_c: float = 10.0
    mass: float = 0.2
    E_F: float = 10.0
    lam: float = 36.0
    J: float = 5.0
    B: float = 10.0
    d: float = 20.0
    eps_r: float = 5.0
    tau_2: float = 1e-9
    width: float = 1.0

    def __post_init__(self) -> None:
        for name in ("T_c", "mass", "E_F", "eps_r", "tau_2", "width"):
            object.__setattr__(self, name, validation.positive(name, getattr(self, name)))
        for name in ("lam", "J", "B"):
            object.__setattr__(self, name, validation.real(name, getattr(self, name)))
        object.__setattr__(self, "d", validation.real("d", self.d, low=0.0))

    @property
    def units(self) -> ThermalUnits:
        """Units with k_B T_c = m = hbar = 1, in which the condensate is computed."""
        return ThermalUnits(mass=self.mass, T_c=self.T_c)

    @property
    def reduced(self) -> dict[str, Any]:
        """Fermi energy, Rashba parameter and Zeeman energies in those units, by name."""
        return self.units.reduce(lam=self.lam, E_F=self.E_F, J=self.J, B=self.B)

    def with_diffuse_walls(self) -> "Device":
        """The device with a relaxation time that its width allows, if its walls scatter diffusely.

        Returns
        -------
        Device

        Examples
        --------
        >>> print(f"{Device().with_diffuse_walls().tau_2:.2e} s")
        7.48e-12 s
        """
        holes = ParabolicLayer(self.mass, self.E_F, self.T_c)
        velocity = holes.curvature * holes.fermi_wave_number / HBAR
        return replace(self, tau_2=strip_time(self.tau_2, velocity, self.width))

    def condensate(self, T: float) -> DiodeResult:
        """Mean-field condensate at a temperature.

        Parameters
        ----------
        T : float
            In K.

        Returns
        -------
        ehbilayer.diode.nonreciprocity.DiodeResult
            In the units of `units`.
        """
        return _condensate(self, validation.positive("T", T))

    def critical_currents(self, T: float) -> tuple[float, float] | None:
        """Drive currents between which the condensate carries the drive, as a pair, in µA.

        Parameters
        ----------
        T : float
            In K.

        Returns
        -------
        tuple of float or None
            (I_c-, I_c+) with I_c- < 0 < I_c+; None without a condensate. The drive layer holds the electrons: a
            positive electrical current is a negative flow of excitons.

        Raises
        ------
        NotConverged
            If the condensate did not converge.
        """
        result = self.condensate(T)
        if not result.converged:
            raise NotConverged(f"the condensate at T = {T!r} K did not converge: {result.message}")
        if result.J_plus is None or result.J_minus is None:
            return None
        scale = self.units.current_uA_per_um * self.width
        return -scale * result.J_plus, -scale * result.J_minus

    def normal_state(self, T: float, **options: Any) -> DragCoefficients:
        """Frictional drag at a temperature with the electrons' chemical potential of balanced densities.

        Parameters
        ----------
        T : float
            In K.
        **options
            Of `ehbilayer.drag.drag_coefficients`: screening, ansatz and so on.

        Returns
        -------
        ehbilayer.drag.DragCoefficients
        """
        return drag_coefficients(
            T=T,
            E_F_e=self._electron_level,
            E_F_h=self.E_F,
            m_e=self.mass,
            m_h=self.mass,
            d=self.d,
            eps_r=self.eps_r,
            lam=self.lam,
            J=self.J,
            B=self.B,
            **options,
        )

    def parabolic_twin(self, T: float, **options: Any) -> DragCoefficients:
        """Frictional drag of two parabolic layers with the device's densities and its electrons' average mass.

        Parameters
        ----------
        T : float
            In K.
        **options
            Of `ehbilayer.drag.drag_coefficients`, for instance ``screening="dynamic-rpa"``, which costs much less here.

        Returns
        -------
        ehbilayer.drag.DragCoefficients
        """
        electrons = RashbaLayer(self.mass, self._electron_level, T, lam=self.lam, J=self.J, B=self.B)
        twin = ParabolicLayer.from_density(electrons.average_mass, electrons.density, T)
        return drag_coefficients(
            T=T,
            E_F_e=twin.E_F,
            E_F_h=self.E_F,
            m_e=twin.mass,
            m_h=self.mass,
            d=self.d,
            eps_r=self.eps_r,
            lam=0.0,
            J=0.0,
            B=0.0,
            **options,
        )

    def drifting_layers(self, T: float, **options: Any) -> DriftingLayers:
        """The layers in the normal state: drag without expansion in the drift.

        Parameters
        ----------
        T : float
            In K.
        **options
            Of `ehbilayer.drag.finite_drift.DriftingLayers`: screening, distribution, order, angles, spacing.

        Returns
        -------
        ehbilayer.drag.finite_drift.DriftingLayers
        """
        electrons = RashbaLayer(self.mass, self._electron_level, T, lam=self.lam, J=self.J, B=self.B)
        return DriftingLayers(electrons, ParabolicLayer(self.mass, self.E_F, T), self.d, self.eps_r, **options)

    def finite_drift_ratio(self, T: float, current: ArrayLike, **options: Any) -> NDArray[np.float64]:
        """Frictional drag ratio of the normal state at any drift.

        Parameters
        ----------
        T : float
            In K.
        current : array_like
            Drive currents in µA, not zero.
        **options
            Of `ehbilayer.drag.finite_drift.DriftingLayers`.

        Returns
        -------
        ndarray
            Of the shape of `current`.

        Raises
        ------
        TypeError, ArgumentError
            If a value is not a finite number or zero.
        NotConverged
            If the balance of forces did not converge.
        """
        current = np.asarray(validation.reals("current", current), dtype=float)
        layers = self.drifting_layers(T, **options)
        ratios = [layers.drag_ratio(self.tau_2, float(i) / self.width) for i in current.flat]
        return np.array(ratios).reshape(current.shape)

    @property
    def _electron_level(self):
        # xi = k^2/2m - mu - sqrt(...): the chemical potential is mu above the centre of the split bands.
        bottom = RashbaLayer(self.mass, 1.0, self.T_c, lam=self.lam, J=self.J, B=self.B).minimum[1]
        return float(self.condensate(self.T_c).bands.mu_e * self.units.energy_meV - bottom)

    def drag_ratio(
        self, T: float, current: ArrayLike, *, load: float = 0.0, conductance: float = 0.0, **options: Any
    ) -> NDArray[np.float64]:
        """Drag ratio zeta = I_drag/I_drive: -1 while the condensate carries the drive, frictional beyond.

        Parameters
        ----------
        T : float
            In K.
        current : array_like
            Drive currents in µA.
        load : float
            Resistance in the drag circuit times the strip's width over its length, in ohms.
        conductance : float
            Of both layers beside the condensate, in siemens: without one the plateau stays at -1 with any load.
        **options
            Of `ehbilayer.drag.drag_coefficients`.

        Returns
        -------
        ndarray
            Of the shape of `current`.

        Raises
        ------
        TypeError, ArgumentError
            If a value is not finite, or beyond what the second-order drag describes.
        """
        current = np.asarray(validation.reals("current", current), dtype=float)
        limits = self.critical_currents(T)
        inside = (
            np.zeros(current.shape, dtype=bool) if limits is None else (current > limits[0]) & (current < limits[1])
        )
        out = np.full(current.shape, condensate_ratio(load, conductance))
        if not inside.all():
            normal = self.normal_state(T, **options)
            tau = loaded_time(self.tau_2, normal.density_h, self.mass, load)
            out[~inside] = [normal.drag_ratio_at(tau, float(i) / self.width) for i in current[~inside]]
        return out

    @property
    def parameters(self) -> dict[str, float]:
        """All parameters, in the units of the class."""
        return asdict(self)


@lru_cache(maxsize=64)
def _condensate(device, T):
    return diode(**device.reduced, T=T / device.T_c, convention="balanced", theory="mean-field")
