"""KHGPS: the line at h = 0, and the glassy phase at weak coupling against averages by quadrature."""

import math

import numpy as np
from hypothesis import given
from numpy.typing import NDArray

from theory import formulas
from theory.properties.agreement import agree, require
from theory.strategies import positive

Array = NDArray[np.float64]

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


@given(positive(0.1, 10.0), positive(0.1, 10.0))
def weak_coupling_is_the_limit(kappa_0: float, A: float) -> None:
    """Find the cavity averages and their first order in J^2 by quadrature over stiffnesses in [0, kappa_0].

    h^(2/3) A^(1/3)/kappa_0 = 1e-6, which is left out. The field spreads by J <x^2>^(1/2), which gives <x^2>
    half its second derivative; all stiffnesses are lower by J^2 chi, which adds oscillators at 0 and takes
    them at kappa_0. With h^2/(2 J^2 <x^2>) to that order, p_f(0) is a normal density.
    """
    h = 1e-9 * kappa_0**1.5 / math.sqrt(A)
    kappa, weights = _graded(kappa_0)

    def squares(field: float) -> float:
        return float(np.sum(weights * formulas.oscillator_minimum(np, kappa, field, A) ** 2))

    x = formulas.oscillator_minimum(np, kappa, h, A)
    k = formulas.oscillator_stiffness(np, kappa, x, A)
    q, chi, square = squares(h), float(np.sum(weights / k)), float(np.sum(weights / k**2))
    agree(q, formulas.mean_square_displacement(np, h, kappa_0, A), 1e-9)
    agree(q, formulas.weak_displacement(np, h, kappa_0, A), 1e-5)
    agree(chi, formulas.weak_response(np, h, kappa_0, A), 1e-6)
    J = math.sqrt(h**2 / (20.0 * q))  # E0 = 10
    agree(10.0, formulas.weak_exponent(np, J, h, kappa_0, A), 1e-5)
    agree(J**2 * square, 1.0 - formulas.weak_replicon(np, J, h, kappa_0, A), 1e-5)
    bend = (squares(1.01 * h) - 2.0 * q + squares(0.99 * h)) / (0.01 * h) ** 2
    added = float(formulas.soft_oscillator_minimum(np, h, A)) ** 2 / kappa_0
    exponent = 10.0 * (1.0 - J**2 * (bend / 2.0 + chi * added / q))
    density = math.exp(-exponent) / math.sqrt(2.0 * math.pi * J**2 * q)
    agree(density, formulas.weak_field_density(np, J, h, kappa_0, A), 1e-3)
    prefactor = formulas.two_well_prefactor(np, 1.0 / kappa_0, density, A, 1.0)
    agree(prefactor, formulas.weak_prefactor_two_wells(np, J, h, kappa_0, A), 1e-3)


def _graded(kappa_0: float) -> tuple[Array, Array]:
    """Return stiffnesses in [0, kappa_0] and weights of their mean, in panels that are finer towards 0."""
    edges = kappa_0 * np.concatenate([[0.0], np.geomspace(1e-9, 1.0, 60)])
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half = 0.5 * np.diff(edges)[:, None]
    return (edges[:-1, None] + half * (1.0 + nodes)).ravel(), (half * weights).ravel() / kappa_0
