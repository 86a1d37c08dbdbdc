"""What every chapter shares: interaction, lattices, uniform gas, dispersion and response of a layer."""
