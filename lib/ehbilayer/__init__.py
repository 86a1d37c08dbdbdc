"""Electron-hole bilayers: Hartree-Fock phases, pairing, exciton diode and Coulomb drag."""

__version__ = "0.2.0"
