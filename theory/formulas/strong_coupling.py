"""KHGPS with kappa_min = 0 at strong coupling, J_x << J << kappa_0, where h drops out (S IV.E, Fig. 9c).

Gaussian fields f of deviation J x_rms and no reaction of the other sites: what is of order J^2 chi in the
stiffness is as large as what is kept, up to a logarithm, so the powers hold and the constants are estimates.
"""

from typing import Any

from theory.formulas.special import gamma


def strong_displacement(lib: Any, J: Any, kappa_0: Any, A: Any) -> Any:
    """Return x_rms = J^2 (c/kappa_0)^(3/2)/sqrt(A), c = (3/2) 6^(1/3) E|z|^(4/3), z standard normal."""
    one = J / J
    c = 3 * lib.cbrt(24 * one) * gamma(lib, 7 * one / 6) / (2 * lib.sqrt(lib.pi))
    return J**2 * lib.sqrt((c / kappa_0) ** 3 / A)


def strong_prefactor(lib: Any, J: Any, kappa_0: Any, A: Any) -> Any:
    """Return A_g = 4 sqrt(3)/(kappa_0 sqrt(2 pi A) J x_rms) ~ kappa_0^(1/2) J^-3, whatever A."""
    spread = J * strong_displacement(lib, J, kappa_0, A)
    return 4 * lib.sqrt(3) / (kappa_0 * lib.sqrt(2 * lib.pi * A) * spread)


def crossover_coupling(lib: Any, h: Any, kappa_0: Any, A: Any) -> Any:
    """Return J_x = (2 kappa_0/3)^(1/2) h^(1/3) (A/6)^(1/6), where J <x^2>^(1/2) reaches h: E0 = 1/2."""
    return lib.sqrt(2 * kappa_0 * lib.cbrt(A * h**2 / 6) / 3)


def crossover_frequency(lib: Any, f: Any, A: Any) -> Any:
    """Return omega_x = (9 A f^2/2)^(1/6), the frequency of an oscillator of kappa = 0 held by the field f."""
    return lib.sqrt(lib.cbrt(9 * A * f**2 / 2))


def strong_crossover_frequency(lib: Any, J: Any, kappa_0: Any) -> Any:
    """Return omega_x at strong coupling, where f = J x_rms: (9/2)^(1/6) c^(1/2) J/kappa_0^(1/2)."""
    return crossover_frequency(lib, J * strong_displacement(lib, J, kappa_0, J / J), J / J)
