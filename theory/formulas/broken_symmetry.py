"""The glassy phase of KHGPS at T = 0, replica symmetry broken in full: equations of the saddle, onset, edge.

f(q, H) is minus the energy of a site in the field H when the states of overlap above q are taken together, f'
and f'' its derivatives by H, y(q) the density of responses over overlaps, P(q, H) the law of fields. E is the
mean over P and over stiffnesses.
"""

from typing import Any


def flow_rate(lib: Any, J: Any, y: Any, first: Any, second: Any) -> Any:
    """Return d_q f = -J^2 (f'' + y f'^2)/2."""
    return -(J**2) * (second + y * first**2) / 2


def law_rate(
    lib: Any, J: Any, y: Any, density: Any, slope: Any, curvature: Any, first: Any, second: Any
) -> Any:
    """Return d_q P = J^2 (P'' - 2 y (P f')')/2, with P, P', P'' and f', f''."""
    return J**2 * (curvature - 2 * y * (slope * first + density * second)) / 2


def measure_gradient(lib: Any, J: Any, q: Any, q_hat: Any) -> Any:
    """Return de/dy(q) = J^2 (q - q_hat)/2, q_hat = E[f'^2]."""
    return J**2 * (q - q_hat) / 2


def edge_gradient(lib: Any, J: Any, y: Any, chi: Any, response: Any, q: Any, q_hat: Any) -> Any:
    """Return de/dq_EA = J^2 [chi - E[f''] + y (q - E[f'^2])]/2 at q = q_EA, the jumps of f' in f''."""
    return J**2 * (chi - response + y * (q - q_hat)) / 2


def coupling_slope(lib: Any, J: Any, moment: Any) -> Any:
    """Return de/dJ = -J M, M = chi_EA q_EA + int y q dq."""
    return -J * moment


def marginality_slope(lib: Any, J: Any, y: Any, third: Any, second: Any) -> Any:
    """Return d_q (J^2 E[f''^2]) = J^4 (E[f'''^2] - 2 y E[f''^3])."""
    return J**4 * (third - 2 * y * second)


def response_density(lib: Any, third: Any, second: Any) -> Any:
    """Return y = E[f'''^2]/(2 E[f''^3])."""
    return third / (2 * second)


def onset_spread(lib: Any, J: Any, replicon: Any, third: Any) -> Any:
    """Return q_EA - q_0 -> -r/(J^4 E[f'''^2]) for the replicon r < 0 of the symmetric solution, r -> 0."""
    return -replicon / (J**4 * third)


def onset_energy(lib: Any, J: Any, replicon: Any, third: Any, second: Any) -> Any:
    """Return e - e_RS -> -r^3/(24 J^6 E[f''^3] E[f'''^2]), as `onset_spread`."""
    return -(replicon**3) / (24 * J**6 * second * third)


def deep_well_energy(lib: Any, kappa: Any, J: Any, A: Any, e_sk: Any) -> Any:
    """Return e -> -3 kappa^2/(2 A) - 6 kappa J e_SK/A of wells of one stiffness kappa < 0, J << |kappa|."""
    return -3 * kappa * (kappa + 4 * J * e_sk) / (2 * A)


def edge_response_exponent(lib: Any, g: Any) -> Any:
    """Return the power of y ~ (q_EA - q)^-(g + 4)/(2 (g + 3)) where jumps x_0 have a density ~ x_0^g."""
    return -(g + 4) / (2 * (g + 3))


def edge_response(lib: Any, v: Any, r: Any, p_kappa: Any, P: Any, J: Any, A: Any, number: Any) -> Any:
    """Return y -> c v^(-5/8), v = J^2 (q_EA - q), c^4 = J^2 A p_kappa P I/(24 r).

    Parameters
    ----------
    lib : module
    v : number
        Variance of the fields still to come.
    r : number
        Replicon inside a state.
    p_kappa, P : numbers
        Densities of stiffnesses and of fields at kappa' = 0, H = 0, q = q_EA.
    J, A : numbers
    number : number
        I = 0.0731, `theory.kink_scaling.jump_number`.
    """
    c_4 = J**2 * A * p_kappa * P * number / (24 * r)
    return lib.sqrt(lib.sqrt(c_4 / lib.sqrt(v) / v**2))


def field_gap_exponent(lib: Any, H: Any, kappa: Any, c: Any, A: Any) -> Any:
    """Return S of P(q_EA, H) ~ e^-S as H -> 0 at kappa' < 0: 5/2 (5/3)^(2/3) (c x_0)^(8/3) |H|^(-2/3).

    x_0 = (-6 kappa'/A)^(1/2) is where the wells are, c that of `edge_response`.
    """
    return 5 * lib.cbrt(25 * c**8 * (6 * kappa / A) ** 4 / (9 * H**2)) / 2
