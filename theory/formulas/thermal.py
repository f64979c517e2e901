"""Thermal response at T -> 0 (S 22) and the low-temperature specific heat (S 23); k_B = hbar = 1."""

from typing import Any

from theory.formulas.special import gamma, zeta


def thermal_slope(lib: Any, slope: Any, curvature: Any, G: Any, third: Any) -> Any:
    """Return d<O>/dT at T = 0, (O'' : G - O' . G . (U''' : G))/2 with G = M^-1 (S 22).

    Parameters
    ----------
    lib : module
        Unused: only sums and products occur.
    slope, curvature : sequences (n,), (n, n)
        Gradient and Hessian of the observable at the minimum.
    G, third : sequences (n, n), (n, n, n)
        Inverse Hessian and third derivatives of the energy there.
    """
    n = range(len(slope))
    push = [sum(third[i][j][k] * G[j][k] for j in n for k in n) for i in n]
    harmonic = sum(curvature[i][j] * G[i][j] for i in n for j in n)
    return (harmonic - sum(slope[i] * G[i][j] * push[j] for i in n for j in n)) / 2


def specific_heat_factor(lib: Any, delta: Any) -> Any:
    """Return int_0^inf y^(delta + 2) e^y/(e^y - 1)^2 dy = Gamma(delta + 3) zeta(delta + 2) (S V)."""
    return gamma(lib, delta + 3) * zeta(lib, delta + 2)


def power_law_specific_heat(lib: Any, T: Any, A_g: Any, delta: Any) -> Any:
    """Return C = A_g T^(delta + 1) specific_heat_factor(delta) per mode, of D = A_g omega^delta (S 23)."""
    return A_g * T ** (delta + 1) * specific_heat_factor(lib, delta)


def minimum_temperature(lib: Any, C_TLS: Any, C_sm: Any) -> Any:
    """Return where (C - C_D T^3)/T^3 is least, (C_TLS/C_sm)^(1/4) (S 23)."""
    return lib.sqrt(lib.sqrt(C_TLS / C_sm))


def soft_mode_heat(lib: Any, omega: Any, b3: Any, force: Any) -> Any:
    """Return c = -force b3/omega^4 of a term of the energy whose slope along a soft mode is force (S 22)."""
    return -force * b3 / omega**4


def heat_tail_exponent(lib: Any, delta: Any, steepness: Any) -> Any:
    """Return -1 - (delta + 1)/(4 - steepness), the exponent of p(|c|) (S IV.I).

    D ~ omega^delta, b3 ~ omega^steepness.
    """
    return -1 - (delta + 1) / (4 - steepness)
