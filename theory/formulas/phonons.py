"""Phonon bands of a disordered box of side L in d dimensions, sound speed 1 (S III)."""

from typing import Any


def band_width(lib: Any, disorder: Any, omega: Any, degeneracy: Any, N: Any) -> Any:
    """Return the width disorder omega (degeneracy/N)^(1/2) of a band of phonons (S 4), up to a constant."""
    return disorder * omega * lib.sqrt(degeneracy / N)


def hybridisation_exponent(lib: Any, d: Any) -> Any:
    """Return -2/(d + 2), the exponent of omega_dagger in disorder times L (S 5)."""
    return -2 / (d + 2)


def hybridisation_frequency(lib: Any, disorder: Any, L: Any, d: Any) -> Any:
    """Return omega_dagger = (disorder L)^(-2/(d + 2)), where bands as wide as their gaps merge (S 5)."""
    return (disorder * L) ** hybridisation_exponent(lib, d)
