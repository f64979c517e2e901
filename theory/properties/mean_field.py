"""KHGPS: the line at h = 0, and the glassy phase at weak coupling against its equations at finite J."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import formulas
from theory.glassy_state import glassy_state
from theory.properties.agreement import agree, require
from theory.strategies import positive

__all__ = [
    "crossover_is_where_fields_reach_h",
    "weak_coupling_is_the_limit",
    "zero_field_line_of_one_stiffness",
]


@given(positive(0.1, 10.0), positive(0.01, 10.0))
def zero_field_line_of_one_stiffness(b: float, width: float) -> None:
    """Find J_c^2 E[1/k^2] = 1 and kappa_min - b = J_c^2 E[1/k] by quadrature over a uniform law."""
    nodes, weights = np.polynomial.legendre.leggauss(100)
    k = b + 0.5 * width * (1.0 + nodes)
    J = formulas.zero_field_coupling(np, b, width)
    kappa_min = formulas.zero_field_kappa_min(np, b, width)
    agree(J**2 * np.sum(0.5 * weights / k**2), 1.0, 1e-9)
    agree(kappa_min - b, J**2 * np.sum(0.5 * weights / k), 1e-9)
    require(kappa_min / 2.0 < J < (kappa_min + width) / 2.0, f"J_c = {J} of one stiffness in the law")


@given(positive(0.001, 1.0), positive(0.1, 10.0), positive(0.1, 10.0))
def crossover_is_where_fields_reach_h(h: float, kappa_0: float, A: float) -> None:
    """At J_x, J <x^2>^(1/2) = h and E0 = 1/2; omega_x is the frequency of kappa = 0 in the field h."""
    J = formulas.crossover_coupling(np, h, kappa_0, A)
    agree(J**2 * formulas.weak_displacement(np, h, kappa_0, A), h**2, 1e-12)
    agree(formulas.weak_exponent(np, J, h, kappa_0, A), 0.5, 1e-12)
    x = formulas.soft_oscillator_minimum(np, h, A)
    agree(formulas.crossover_frequency(np, h, A) ** 2, formulas.oscillator_stiffness(np, 0.0, x, A), 1e-12)


@settings(max_examples=5, deadline=None)
@given(st.sampled_from((1.0, 2.0, 0.5)), st.sampled_from((1.0, 4.0)))
def weak_coupling_is_the_limit(kappa_0: float, A: float) -> None:
    """A_g, <x^2>, chi and replicon of the cavity equations tend to the formulas as E0 grows, as L^2/E0.

    At h = 1e-9, where h^(2/3) counts for nothing. The difference of ln A_g is below L^2/(10 E0), L = 14
    (6.3/E0 was seen), and falls four times as E0 grows four times, within 15 percent.
    """
    h, gaps = 1e-9 / math.sqrt(A), []
    for exponent in (40.0, 160.0):
        J = math.sqrt(formulas.weak_exponent(np, 1.0, h, kappa_0, A) / exponent)
        state = glassy_state(J=J, h=h, kappa_0=kappa_0, A=A)
        stated = formulas.weak_prefactor_two_wells(np, J, h, kappa_0, A)
        gaps.append(math.log(stated / state.A_g) * exponent)
        agree(state.q, formulas.weak_displacement(np, h, kappa_0, A), 5.0 / exponent)
        agree(state.q, formulas.mean_square_displacement(np, h, kappa_0, A), 5.0 / exponent)
        agree(state.chi, formulas.weak_response(np, h, kappa_0, A), 1.0 / exponent)
        agree(1.0 - state.replicon, 1.0 - formulas.weak_replicon(np, J, h, kappa_0, A), 5.0 / exponent)
        agree(state.field_density, formulas.weak_field_density(np, J, h, kappa_0, A), 10.0 / exponent)
    length = kappa_0 * formulas.weak_response(np, h, kappa_0, A)
    require(0.0 < gaps[0] < length**2 / 10.0, f"E0 ln(stated/solved) = {gaps}")
    agree(gaps[0], gaps[1], 0.15)
