"""KHGPS for N -> infinity: gapless laws, the critical line at h = 0 and its special point (S 10, Fig. 8).

k_n is E[1/k^n] over the local curvatures k; the stiffness law is p(kappa) ~ (kappa - kappa_min)^beta.
"""

from typing import Any

from theory.formulas.special import gamma


def delocalised_prefactor(lib: Any, J: Any, k_3: Any) -> Any:
    """Return the prefactor of D -> 2 omega^2/(pi J^3 E[1/k^3]^(1/2)) where the replicon vanishes."""
    return 2 / (lib.pi * J**3 * lib.sqrt(k_3))


def single_well_prefactor(lib: Any, p_kappa: Any, p_f: Any, A: Any, replicon: Any) -> Any:
    """Return A_g of D -> A_g omega^4 where effective stiffnesses begin at 0: 4 sqrt(2) p_kappa p_f/sqrt(A).

    Parameters
    ----------
    lib : module
    p_kappa : number
        Density of the effective stiffness at 0 from above; none below.
    p_f : number
        Density of the cavity field at 0.
    A : number
        Anharmonicity.
    replicon : number
        1 - J^2 E[1/k^2], in (0, 1]: the coupling to the other sites multiplies A_g by replicon^(-5/2).
    """
    return 4 * lib.sqrt(2) * p_kappa * p_f / lib.sqrt(A * replicon**5)


def two_well_prefactor(lib: Any, p_kappa: Any, p_f: Any, A: Any, replicon: Any) -> Any:
    """Return A_g where effective stiffnesses pass through 0 and each site is in its lower well: 4 sqrt(3) ...

    Arguments as in `single_well_prefactor`; p_kappa on both sides of 0. With replicon = 1 it is step 2 of
    the reconstruction picture (S II.B).
    """
    return 4 * lib.sqrt(3) * p_kappa * p_f / lib.sqrt(A * replicon**5)


def descended_density(
    lib: Any, omega: Any, p_kappa: Any, p_f: Any, A: Any, replicon: Any, softening: Any
) -> Any:
    """Return D of soft sites that a descent left at x > 0 wherever that well exists, whatever its depth.

    2 sqrt(2) p_kappa p_f omega^3 (omega + (omega^2 + replicon softening)^(1/2))/(sqrt(A) replicon^(5/2)):
    omega^3 at omega -> 0, `single_well_prefactor` without softening.

    Parameters
    ----------
    lib : module
    omega : number
        Frequency.
    p_kappa, p_f, A, replicon : numbers
        As in `two_well_prefactor`.
    softening : number
        J^2 chi: effective stiffnesses reach down to minus that.
    """
    reach = omega + lib.sqrt(omega**2 + replicon * softening)
    return 2 * lib.sqrt(2) * p_kappa * p_f * omega**3 * reach / lib.sqrt(A * replicon**5)


def edge_amplitude(lib: Any, beta: Any, width: Any, p_f: Any, A: Any) -> Any:
    """Return c of P(k) -> c k^(beta + 3/2) at kappa' = 0, for the law of given width, beta > -1/2."""
    euler = lib.sqrt(lib.pi) * gamma(lib, beta + 2) / gamma(lib, (2 * beta + 3) / 2)
    return euler * width ** (-beta - 1) * p_f * lib.sqrt(2 / A)


def edge_exponent(lib: Any, beta: Any) -> Any:
    """Return the exponent of D ~ omega^(4 + 2 beta) where the gap edge vanishes first."""
    return 4 + 2 * beta


def edge_prefactor(lib: Any, c: Any, beta: Any, replicon: Any) -> Any:
    """Return the prefactor of D -> 2 c replicon^-(beta + 5/2) omega^(4 + 2 beta), c of `edge_amplitude`."""
    return 2 * c / (lib.sqrt(replicon) * replicon ** (beta + 2))


def special_exponent(lib: Any, beta: Any) -> Any:
    """Return the exponent of D at the special point, 1 + 2/(beta + 3/2), -1/2 < beta < 1/2."""
    return 1 + 4 / (2 * beta + 3)


def special_prefactor(lib: Any, c: Any, beta: Any, J: Any) -> Any:
    """Return the prefactor of D at the special point, -1/2 < beta < 1/2, c of `edge_amplitude`."""
    a = (2 * beta + 3) / 2
    level = lib.pi * c * J**2 / lib.sin(lib.pi * (a - 1))
    return 2 * lib.sin(lib.pi / a) / (lib.pi * J**2) * level ** (-1 / a)


def special_divergence(lib: Any, beta: Any) -> Any:
    """Return the exponent of the prefactor of D in h - h*, on the edge's part of the line: -(beta + 5/2)."""
    return -(2 * beta + 5) / 2


def zero_field_coupling(lib: Any, b: Any, width: Any) -> Any:
    """Return J_c at h = 0 for a uniform law of given width, by the gap edge b = kappa_min - J_c^2 chi."""
    return lib.sqrt(b * (b + width))


def zero_field_kappa_min(lib: Any, b: Any, width: Any) -> Any:
    """Return kappa_min at h = 0 by the same parameter b: kappa_min - b = J_c^2 chi."""
    return b + b * (b + width) * lib.log((b + width) / b) / width


def field_shift(lib: Any, h: Any, A: Any, J: Any, k_1: Any, k_4: Any, k_8: Any) -> Any:
    """Return J_c(h) - J_c(0) -> J A v E[1/k^4]/(4 E[1/k]), v^3 = 3 h^2/(A^2 J^2 E[1/k^8]): h^(2/3).

    All of J and k_n are those of h = 0, where k = kappa - J^2 chi and J^2 E[1/k^2] = 1.
    """
    v = lib.cbrt(3 * h**2 / (A**2 * J**2 * k_8))
    return J * A * v * k_4 / (4 * k_1)
