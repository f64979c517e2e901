"""GPS lattice: anharmonic oscillators with dipole-like couplings; empty so far."""
