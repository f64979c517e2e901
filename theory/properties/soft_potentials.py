"""Wells and barriers against a search on a grid, laws against quadrature."""

import math

import numpy as np
from hypothesis import assume, given
from scipy.optimize import brentq

from theory import formulas
from theory.properties.agreement import agree, require
from theory.strategies import Quartic, double_wells, global_minima, positive, quartics

__all__ = [
    "barrier_integral_by_quadrature",
    "barrier_is_the_maximum",
    "bound_is_global_minimum",
    "cubic_barrier_is_too_low",
    "found_barriers_by_counting",
    "ratio_law_is_normalised",
    "wells_are_where_stated",
]


def _grid(well: Quartic) -> np.ndarray:
    """Return energies over b2^2/b4 at s from -12 to 12 times (b2/b4)^(1/2): all wells of r <= 12."""
    s = np.linspace(-12.0, 12.0, 4801) * math.sqrt(well.b2 / well.b4)
    return np.asarray(well(s)) * well.b4 / well.b2**2


@given(quartics())
def bound_is_global_minimum(well: Quartic) -> None:
    """3 b2 b4 >= b3^2 exactly if nothing is lower than U(0); on the bound's edge the grid cannot tell."""
    margin = formulas.stability_margin(np, *well) / (well.b2 * well.b4)
    assume(abs(margin) > 0.02)
    require((margin > 0.0) == (_grid(well).min() >= -1e-12), f"{well}: margin {margin}")
    inside = well.b3**2 <= formulas.cubic_coefficient_bound(np, math.sqrt(well.b2), well.b4) ** 2
    require(inside == (margin > 0.0), f"{well}: |b3| against its bound")


@given(quartics())
def wells_are_where_stated(well: Quartic) -> None:
    """There is a second minimum where the margin is positive, and it and the barrier are stationary."""
    margin = formulas.double_well_margin(np, *well) / (well.b2 * well.b4)
    assume(abs(margin) > 0.05)
    b2, b3, b4 = well.b2, abs(well.b3), well.b4
    slope = np.diff(_grid(well))
    minima = int(np.sum((slope[:-1] < 0.0) & (slope[1:] >= 0.0)))
    require(minima == (2 if margin > 0.0 else 1), f"{well}: {minima} minima, margin {margin}")
    if margin > 0.0:
        for s, sign in (
            (formulas.barrier_position(np, b2, b3, b4), -1.0),
            (formulas.second_well_position(np, b2, b3, b4), 1.0),
        ):
            agree(b2 * s + b4 * s**3 / 6, -b3 * s**2 / 2, 1e-9)
            require(sign * (b2 + b3 * s + b4 * s**2 / 2) > 0.0, f"{well}: curvature at {s}")
        r = b3**2 / (b2 * b4)
        energy = Quartic(b2, b3, b4)(formulas.second_well_position(np, b2, b3, b4))
        agree(formulas.second_well_energy(np, b2, b4, r) + b2**2 / b4, energy + b2**2 / b4, 1e-9)


@given(double_wells())
def barrier_is_the_maximum(well: Quartic) -> None:
    """Find beta(r) b2^2/b4 the largest energy between the wells, on a grid of 1/4000 of it to 2e-5."""
    b2, b3, b4 = well.b2, abs(well.b3), well.b4
    path = Quartic(b2, b3, b4)(np.linspace(formulas.second_well_position(np, b2, b3, b4), 0.0, 4001))
    agree(formulas.quartic_barrier(np, b2, b4, b3**2 / (b2 * b4)), path.max(), 2e-5)


@given(double_wells())
def cubic_barrier_is_too_low(well: Quartic) -> None:
    """b4 > 0 only adds energy, so the exact barrier is higher, and at most twice as high."""
    ratio = formulas.quartic_barrier(np, well.b2, well.b4, well.b3**2 / (well.b2 * well.b4)) / (
        formulas.cubic_barrier(np, well.b2, well.b3)
    )
    require(1.0 < ratio <= 2.0 + 1e-12, f"{well}: exact barrier {ratio} of the cubic one")


@given(global_minima())
def ratio_law_is_normalised(well: Quartic) -> None:
    """Integrate the density of r up to that of the well: (r/3)^(1/2)."""
    r = well.b3**2 / (well.b2 * well.b4)
    assume(r > 1e-3)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    root = 0.5 * math.sqrt(r) * (1.0 + nodes)  # r = root^2: a polynomial
    total = np.sum(0.5 * math.sqrt(r) * weights * 2.0 * root * formulas.ratio_density(np, root**2))
    agree(total, math.sqrt(r / 3.0), 1e-12)


@given(positive(0.1, 10.0))
def barrier_integral_by_quadrature(b4: float) -> None:
    """p(B) at B = 1 is the integral over r; its square root at r = 8/3 is taken out by r = 8/3 + y^2."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    end = math.sqrt(1.0 / 3.0)
    y = 0.5 * end * (1.0 + nodes)
    r = 8.0 / 3.0 + y**2
    stiffness = np.sqrt(b4 / formulas.barrier_shape(np, r))  # b2 of B = 1
    density = stiffness * np.sqrt(stiffness * b4 / r)  # of (b2, r), both signs of b3
    total = np.sum(0.5 * end * weights * 2.0 * y * density * stiffness / 2.0)
    agree(formulas.barrier_density(np, 1.0, b4, 1.0), total, 1e-12)


@given(positive(0.1, 10.0), positive(0.1, 10.0))
def found_barriers_by_counting(b3: float, b4: float) -> None:
    """Minima of b2 p below the b2 whose exact barrier is B: the integral of p(B), to a few times 1/r."""
    soft = 1e-6 * b3**2 / b4

    def excess(b2: float) -> float:
        return float(formulas.quartic_barrier(np, b2, b4, b3**2 / (b2 * b4)) / B) - 1.0

    B = formulas.cubic_barrier(np, soft, b3)
    b2 = brentq(excess, 0.5 * soft, 2.0 * soft, xtol=1e-12 * soft)
    stated = 1.5 * B * formulas.found_barrier_density(np, B, b3 ** (4.0 / 3.0), 1.0)  # B^(-1/3): 3/2 B p(B)
    agree(stated, b2**2 / 2.0, 1e-5)
