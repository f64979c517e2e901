"""The reconstruction picture of the lattice model and the law of its static fields (S II.B)."""

from typing import Any

from theory.formulas.special import gamma


def reconstructed_density(lib: Any, omega: Any, p_0: Any) -> Any:
    """Return D = 3 p_0 omega after step 1: stiffnesses of density p_0 about 0, no fields."""
    return 3 * p_0 * omega


def boson_peak_frequency(lib: Any, f_0: Any, A: Any) -> Any:
    """Return where D/omega^2 peaks after step 2, (3 f_0 A^(1/2)/2)^(1/3), fields uniform in [-f_0, f_0]."""
    return lib.cbrt(3 * f_0 * lib.sqrt(A) / 2)


def dilute_field_width(lib: Any, n: Any, J: Any, x: Any, d: Any) -> Any:
    """Return gamma of the Cauchy law gamma/(pi (f^2 + gamma^2)) of the field of dilute sources.

    Parameters
    ----------
    lib : module
    n : number
        Displaced sites per site, n << 1.
    J, x : number
        Couplings are J g/r^d, g uniform in [-1/2, 1/2]; x is the mean absolute displacement of a source.
    d : number
        Dimension of space.
    """
    ball = lib.sqrt(lib.pi) ** d / gamma(lib, (d + 2) * (n / n) / 2)
    return lib.pi * ball * n * J * x / 8


def dilute_field_tail(lib: Any, f: Any, width: Any) -> Any:
    """Return the tail p(f) -> width/(pi f^2) of that law, up to what one neighbour exerts, f < J x/2."""
    return width / (lib.pi * f**2)
