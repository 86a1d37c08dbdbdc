"""Electron-hole bilayers: Hartree-Fock phases, pairing, exciton diode and Coulomb drag."""

from ehbilayer import source_files as source_files

__version__ = "0.2.0"
