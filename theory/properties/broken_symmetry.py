"""Broken replica symmetry: the flows by quadrature, a kink by differences, deep wells as spins."""

import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from numpy.typing import NDArray
from scipy.optimize import minimize

from theory import formulas
from theory.kink_scaling import jump_number
from theory.properties.agreement import agree, require
from theory.strategies import positive

__all__ = [
    "deep_wells_are_spins",
    "fields_leave_a_kink_as_stated",
    "jumps_add_up_to_their_number",
    "law_of_fields_is_the_adjoint",
    "small_steps_are_the_flow",
]

Array = NDArray[np.float64]
_GRID = np.linspace(-12.0, 12.0, 4001)


def _function(H: Array, width: float) -> tuple[Array, Array, Array]:
    """Return ln(2 cosh(H/w)) w, an f of two wells, and its derivatives."""
    first = np.tanh(H / width)
    return width * np.logaddexp(H / width, -H / width), first, (1.0 - first**2) / width


@given(positive(0.2, 2.0), positive(0.5, 2.0), positive(-2.0, 2.0))
def small_steps_are_the_flow(y: float, width: float, H: float) -> None:
    """Compare ln E[exp(y f)]/y - f over fields of variance J^2 D, by quadrature, with -D d_q f; error ~ D."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights /= weights.sum()
    J, D = 0.7, 1e-5
    upper = _function(H + J * math.sqrt(D) * nodes, width)[0]
    here, first, second = (float(part[0]) for part in _function(np.array([H]), width))
    lower = here + math.log1p(float(weights @ np.expm1(y * (upper - here)))) / y
    agree((here - lower) / D, formulas.flow_rate(np, J, y, first, second), 1e-3)


@settings(max_examples=20)
@given(positive(0.2, 2.0), positive(0.5, 2.0), positive(0.3, 1.5))
def law_of_fields_is_the_adjoint(y: float, width: float, centre: float) -> None:
    """Find int P g dH unchanged along q, P by its rate and g by the change of f's rate: sums on a grid."""
    J, step = 0.7, 1e-6
    density = np.exp(-0.5 * (_GRID - centre) ** 2) / math.sqrt(2.0 * math.pi)
    slope, curvature = -(_GRID - centre) * density, ((_GRID - centre) ** 2 - 1.0) * density
    _, first, second = _function(_GRID, width)
    g, g_1, g_2 = np.cos(_GRID), -np.sin(_GRID), -np.cos(_GRID)
    rates = [formulas.flow_rate(np, J, y, first + s * g_1, second + s * g_2) for s in (step, -step)]
    law = formulas.law_rate(np, J, y, density, slope, curvature, first, second)
    parts = np.array([law * g, density * (rates[0] - rates[1]) / (2.0 * step)]).sum(axis=1)
    require(abs(parts.sum()) < 1e-6 * abs(parts).max() + 1e-6, f"{parts} do not cancel")


@settings(max_examples=20)
@given(positive(0.5, 2.0), positive(0.5, 2.0), positive(0.3, 1.0))
def fields_leave_a_kink_as_stated(y: float, x_0: float, H: float) -> None:
    """Put P = cosh(y x_0 H) exp(-(y x_0)^2 v/2) N(H; 0, v) into the flow of the law at a kink.

    So at the kink the law falls as exp(-(y x_0)^2 v/2): the exponent of `field_gap_exponent` while it stays.
    """
    s, v, step = y * x_0, 1.3, 1e-3

    def law(H: float, v: float) -> float:
        spread = math.exp(-0.5 * H**2 / v) / math.sqrt(2.0 * math.pi * v)
        return math.cosh(s * H) * math.exp(-0.5 * s**2 * v) * spread

    first, second = x_0 * math.tanh(s * H), s * x_0 / math.cosh(s * H) ** 2
    low, here, high = (law(H + k * step, v) for k in (-1, 0, 1))
    rate = (law(H, v + step) - law(H, v - step)) / (2.0 * step)
    curvature = (high - 2.0 * here + low) / step**2
    stated = formulas.law_rate(np, 1.0, y, here, (high - low) / (2.0 * step), curvature, first, second)
    require(abs(rate - stated) < 1e-4 * (abs(rate) + s**2 * here), f"{rate} is not {stated}")


def jumps_add_up_to_their_number() -> None:
    """Solve the flow of one kink on two grids, to two sharpnesses: I = 0.0731, to its last digit."""
    for points, sharpest in ((200, 10.0), (300, 15.0)):
        agree(jump_number(points, sharpest), 0.0731, 2e-3)


@given(positive(0.5, 2.0), positive(0.5, 2.0))
def deep_wells_are_spins(depth: float, A: float) -> None:
    """Minimise two deep wells coupled by J: the lower minimum is that of two spins, e = -1/2 per site."""
    J, x_0 = 1e-4 * depth, math.sqrt(6.0 * depth / A)

    def energy(x: Any) -> float:
        return float(0.5 * np.sum(-0.5 * depth * x**2 + A * x**4 / 24.0) + 0.5 * J * x[0] * x[1])

    found = min(minimize(energy, x_0 * np.array([1.0, s]), tol=1e-12).fun for s in (1.0, -1.0))
    shift = found - formulas.deep_well_energy(np, -depth, J, A, 0.0)
    stated = formulas.deep_well_energy(np, -depth, J, A, -0.5) - formulas.deep_well_energy(
        np, -depth, J, A, 0.0
    )
    agree(shift, stated, 1e-3)
