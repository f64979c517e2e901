"""Quasilocalized excitations: number, softest mode, cubic modes, softening (S 3, S 6, S 15, S 18, S 21)."""

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


def mode_pull(lib: Any, k_i: Any, k_j: Any, J: Any, x_i: Any, x_j: Any) -> Any:
    """Return q = -4 k_i J x_j/(k_j^2 x_i): how a neighbour j pulls a cubic mode off the site i (S IV.G)."""
    return -4 * k_i * J * x_j / (k_j**2 * x_i)


def pull_threshold(lib: Any, epsilon: Any) -> Any:
    """Return the pull q at which a pair loses its cubic mode, for epsilon = J^2/(k_i k_j) < 1/9 (S IV.G).

    1 + 2 epsilon to first order, 4/3 at 1/9; beyond there is no threshold.
    """
    return (1 + 18 * epsilon - 27 * epsilon**2 + lib.sqrt((1 - 9 * epsilon) ** 3 * (1 - epsilon))) / 2


def window_ratio(lib: Any, k_i: Any, k_j: Any, J: Any, r_j: Any) -> Any:
    """Return the least r of a cubic mode, 16 r_j J^2 k_i/k_j^3: where the pull is 1 (S IV.G)."""
    return 16 * r_j * J**2 * k_i / k_j**3


def undone_share(lib: Any, X: Any, b4: Any, r: Any) -> Any:
    """Return f = 3 (X/b4 - r), the share of b4 that is undone where other coordinates follow (S IV.G).

    X is U''' : z z . M^-1 . U''' : z z along a direction z, r = b3^2/(b2 b4) along it.
    """
    return 3 * (X / b4 - r)


def bent_share(lib: Any, K: Any, g: Any, A: Any) -> Any:
    """Return F = 3 K g^2/(A + 3 K g^2), the share of b4 undone along the valley y = -g x^2/2 of a site."""
    return 3 * K * g**2 / (A + 3 * K * g**2)


def bent_ratio(lib: Any, F: Any, s2: Any) -> Any:
    """Return r = F/(3 s^2) of a cubic mode, s^2 the share of its energy across what z spans."""
    return F / (3 * s2)


def valley_ratio(lib: Any, f: Any, r_z: Any) -> Any:
    """Return r of the cubic mode beside z, of the lower barrier, for two coordinates: at least f + r_z."""
    return f + r_z / 2 + lib.sqrt(r_z * (r_z + 8 * f / 3)) / 2


def backward_ratio(lib: Any, f: Any, r_z: Any) -> Any:
    """Return r of the second minimum of B beside z, for two coordinates: between f/3 and f."""
    return f + r_z / 2 - lib.sqrt(r_z * (r_z + 8 * f / 3)) / 2
