"""Quasilocalized excitations: number, softest mode, cubic coefficient, softening (S 3, S 6, S 18, S 21)."""

from typing import Any


def box_participation_ratio(lib: Any, N_c: Any, N: Any) -> Any:
    """Return e = N_c/N of a mode spread evenly over N_c of N sites (S 3)."""
    return N_c / N


def mode_number(lib: Any, A_g: Any, omega_g: Any) -> Any:
    """Return the number A_g omega_g^5 of excitations in units of their frequency (S 6)."""
    return A_g * omega_g**5


def softest_mode_law(lib: Any, omega: Any, N: Any, A_g: Any) -> Any:
    """Return P(omega_min < omega) = 1 - exp(-N A_g omega^5/5), the Weibull law of shape 5 (S IV.A)."""
    half = lib.tanh(N * A_g * omega**5 / 10)
    return 2 * half / (1 + half)


def cubic_coefficient_bound(lib: Any, omega: Any, b4: Any) -> Any:
    """Return the largest |b3| of a global minimum of stiffness b2 = omega^2, (3 b4)^(1/2) omega (S 18)."""
    return lib.sqrt(3 * b4) * omega


def softening_stiffness(lib: Any, b3: Any, F: Any, distance: Any) -> Any:
    """Return b2 = (2 b3 F (gamma_c - gamma))^(1/2) of a mode on its way to an instability (S 21)."""
    return lib.sqrt(2 * b3 * F * distance)
