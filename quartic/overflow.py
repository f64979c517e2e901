"""Energies and gradients where sums leave the range of floats: finite, or infinite with the right sign."""

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from landscape.arrays import Vector

if TYPE_CHECKING:
    from quartic.problem import Problem


def wide_coefficients(problem: "Problem", x: Vector, d: Vector) -> Vector:
    """Return what `quartic.line_coefficients` does, by sums over x/s and d/t so small that all are finite.

    s and t are fractions, whose powers have no bounds.
    """
    (s, y), (t, e) = _scaled(x), _scaled(d)
    A, h = problem.anharmonicity, problem.field
    y_force, e_force = (problem.stiffness * v + problem.coupling @ v for v in (y, e))

    def total(terms: Vector) -> Fraction:
        return Fraction(float(np.sum(terms)))

    coefficients = (
        total(A * y**4 / 24) * s**4 + total(y * y_force / 2) * s**2 - total(h * y) * s,
        (total(A * y**3 * e / 6) * s**3 + total(e * y_force) * s - total(h * e)) * t,
        (total(A * y**2 * e**2 / 4) * s**2 + total(e * e_force / 2)) * t**2,
        total(A * y * e**3 / 6) * s * t**3,
        total(A * e**4 / 24) * t**4,
    )
    return np.array([_float(value) for value in coefficients])


def wide_gradient(problem: "Problem", x: Vector) -> Vector:
    """Return what `quartic.gradient` does, by linear forces at x/s."""
    s, y = _scaled(x)
    A, h = (np.broadcast_to(values, x.shape) for values in (problem.anharmonicity, problem.field))
    linear = problem.stiffness * y + problem.coupling @ y
    sites = zip(*(map(Fraction, values.tolist()) for values in (A, x, linear, h)), strict=True)
    return np.array([_float(a * x_i**3 / 6 + s * force - field) for a, x_i, force, field in sites])


def _scaled(x: Vector) -> tuple[Fraction, Vector]:
    """Return s and x/s, of elements up to 1/(4 N): sums over N^2 of them times any floats are floats."""
    largest, room = float(np.abs(x).max()) or 1.0, 4 * x.size
    return room * Fraction(largest), x / largest / room


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
