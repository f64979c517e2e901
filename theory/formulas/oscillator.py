"""One oscillator of stiffness kappa and anharmonicity A > 0 in a force f >= 0: kappa x + A x^3/6 = f."""

from typing import Any


def held_force(lib: Any, kappa: Any, x: Any, A: Any) -> Any:
    """Return the force that holds the oscillator at x, kappa x + A x^3/6 (from S 10)."""
    return kappa * x + A * x**3 / 6


def oscillator_stiffness(lib: Any, kappa: Any, x: Any, A: Any) -> Any:
    """Return the curvature at x, k = kappa + A x^2/2 (from S 10)."""
    return kappa + A * x**2 / 2


def oscillator_minimum(lib: Any, kappa: Any, f: Any, A: Any) -> Any:
    """Return the only stationary point for kappa > 0."""
    root = lib.sqrt(2 * kappa / A)
    return 2 * root * lib.sinh(lib.asinh(3 * f / (A * root**3)) / 3)


def soft_oscillator_minimum(lib: Any, f: Any, A: Any) -> Any:
    """Return the only stationary point for kappa = 0, (6 f/A)^(1/3)."""
    return lib.cbrt(6 * f / A)


def two_well_oscillator_minimum(lib: Any, kappa: Any, f: Any, A: Any) -> Any:
    """Return the global minimum for kappa < 0, while 3 f <= A (-2 kappa/A)^(3/2): two wells."""
    root = lib.sqrt(-2 * kappa / A)
    return 2 * root * lib.cos(lib.acos(3 * f / (A * root**3)) / 3)
