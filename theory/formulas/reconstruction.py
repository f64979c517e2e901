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


def lattice_field_width(lib: Any, n: Any, J: Any, x: Any, d: Any) -> Any:
    """Return gamma of sources on sites, at most one on each and all of displacement x, to first order in n.

    Equal occupied sites exclude each other: (1 + n/3) times `dilute_field_width`. The site itself is none of
    the sources, which raises the density at f << J x/2 by the factor 1/(1 - n).
    """
    return dilute_field_width(lib, n, J, x, d) * (3 + n) / 3


def dense_field_kurtosis(lib: Any, kurtosis: Any, S_2: Any, S_4: Any) -> Any:
    """Return E[f^4]/E[f^2]^2 - 3 of the field of sources on all sites, independent of the couplings.

    Parameters
    ----------
    lib : module
    kurtosis : number
        E[x^4]/E[x^2]^2 of the displacements, those at rest included: about 1/n where n << 1.
    S_2, S_4 : number
        Sums of r^(-2 d) and r^(-4 d) over the sites.
    """
    return (9 * kurtosis - 15) * S_4 / (5 * S_2**2)


def unstable_pair_probability(lib: Any, c: Any) -> Any:
    """Return the probability of kappa_i kappa_j < J_ij^2 for a uniform law of stiffnesses (beta = 0).

    Parameters
    ----------
    lib : module
    c : number
        J/(kappa_0 r^d) <= 2; the coupling of the pair is J g/r^d, g uniform in [-1/2, 1/2].
    """
    return c**2 * (5 + 6 * lib.log(2 / c)) / 36


def pair_mean_square(lib: Any, J: Any, kappa_0: Any, A: Any, S: Any) -> Any:
    """Return <x^2> per site of the minima of unstable pairs as J -> 0, uniform stiffnesses (beta = 0).

    Parameters
    ----------
    lib : module
    J, kappa_0, A : number
        Couplings J g/r^d, g uniform in [-1/2, 1/2]; largest stiffness; anharmonicity.
    S : number
        Sum of r^(-3 d) over the sites.
    """
    return S * J**3 / (5 * A * kappa_0**2)


def pair_mean_displacement(lib: Any, J: Any, kappa_0: Any, A: Any, S: Any) -> Any:
    """Return <|x|> per site of those minima; S is the sum of r^(-5 d/2), the rest as `pair_mean_square`."""
    return 32 * lib.sqrt(3) * S * J**2 * lib.sqrt(J / A) / (189 * kappa_0**2)


def boson_peak_exponent(lib: Any, beta: Any) -> Any:
    """Return the power of J with which omega_b vanishes, stiffness law kappa^beta."""
    return (4 * beta + 7) / 6


def neighbour_weight(lib: Any, V: Any, detuning: Any) -> Any:
    """Return (psi_j/psi_0)^2 on a site coupled by V to the mode's own, of stiffness higher by `detuning`."""
    return V**2 / detuning**2


def resonant_weight(lib: Any, V: Any, p: Any) -> Any:
    """Return the mean weight on a site coupled by V, its stiffness of density p about that of the mode."""
    return 2 * p * V
