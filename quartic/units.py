"""Units of length and energy, powers of two, in which the forces at hand are of order one.

With x = 2^l y and H = 2^e H' the exact rescaling gives kappa' = 2^(2l - e) kappa, J' likewise,
h' = 2^(l - e) h and A' = 2^(4l - e) A. Powers of two round nothing: in other units all is the same, bit for
bit, but squares and products of its numbers neither overflow nor underflow.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from landscape.arrays import Vector
from quartic.problem import Problem

_ORDINARY = 64  # lengths and forces from 2^-64 to 2^64 are taken as they are
_RANGE = 2.0**-164, 2.0**164  # of typical forces that need no other units
_NO_ANHARMONICITY = 2.0**-960  # the least A': its force is nothing beside others of order one
_FIELDLESS = -60  # exponent of the least unit of length without a field, in that of `natural`


class Units(NamedTuple):
    """Exponents: x = 2^length y and H = 2^energy H'."""

    length: int = 0
    energy: int = 0

    def problem(self, problem: Problem) -> Problem:
        """Return the problem in these units; the same object where they are (0, 0)."""
        if self == (0, 0):
            return problem
        curvature, force = self.energy - 2 * self.length, self.energy - self.length
        return Problem(
            scaled(problem.stiffness, -curvature),
            problem.coupling.rescaled(-curvature),
            scaled(problem.field, -force),
            np.maximum(scaled(problem.anharmonicity, 2 * self.length - curvature), _NO_ANHARMONICITY),
        )


NONE = Units()


def scaled(values: float | Vector, power: int) -> Vector:
    """Return 2^power times the values; infinite where no float holds that."""
    with np.errstate(over="ignore"):
        return np.asarray(np.ldexp(values, power))


def natural(problem: Problem) -> Units:
    """Return the units of a displacement at which the anharmonic force equals the linear or the field's.

    Raises
    ------
    ValueError
        If the field is so weak beside that force that no float holds their ratio.
    """
    length, force = _balance(problem)
    units = _units(length, force)
    largest = float(np.abs(problem.field).max())
    if largest > 0.0 and log2(largest) + units.length - units.energy < -1000.0:
        raise ValueError(
            f"field = {largest:.3g}: is beyond the range of floats beside 2^{force:.0f}, the linear forces "
            "where the anharmonic one equals them"
        )
    return units


def in_range(force: Any) -> Any:
    """Return whether typical forces are such that neither they nor what is made of them needs other units."""
    return (force >= _RANGE[0]) & (force <= _RANGE[1])


def units_at(problem: Problem, size: float, force: float | None = None) -> Units:
    """Return the units of a point: of its typical force, and of the displacement which that balances.

    Parameters
    ----------
    size : float
        log2 of the largest |x_i|; no length is shorter.
    force : float, optional
        log2 of the typical force; estimated from `size` if not given.
    """
    a, linear, field = log2(problem.a_max), log2(problem.linear_strength), log2(rms(problem.field))
    if field == -math.inf:
        size = max(size, _balance(problem)[0] + _FIELDLESS)
    third = math.log2(6.0)
    force = max(linear + size, a + 3.0 * size - third, field) if force is None else force
    displacement = min(force - linear, (force + third - a) / 3.0)
    return _units(max(size, displacement), force)


def curvature_units(problem: Problem, x: Vector) -> Units:
    """Return units in which no element of the Hessian at x is much above one; (0, 0) where it is ordinary."""
    size = log2(float(np.abs(x).max()))
    linear = max(float(np.abs(problem.stiffness).max()), float(problem.coupling.strength.max()))
    curvature = max(log2(linear), log2(problem.a_max) + 2.0 * size - 1.0)
    if curvature == -math.inf or max(abs(curvature), abs(size) / 8.0 if x.any() else 0.0) <= _ORDINARY:
        return NONE
    length = round(size) if x.any() else 0
    return Units(length, round(curvature) + 2 * length)


def _balance(problem: Problem) -> tuple[float, float]:
    """Return log2 of the displacement of `natural`, and of the force there."""
    a, linear, field = log2(problem.a_max), log2(problem.linear_strength), log2(rms(problem.field))
    six = math.log2(6.0)
    length = max((six + linear - a) / 2.0, (six + field - a) / 3.0)
    return length, a + 3.0 * length - six


def _units(length: float, force: float) -> Units:
    """Return units of these log2; the given ones, (0, 0), where that is an ordinary point."""
    if max(abs(length), abs(force)) <= _ORDINARY:
        return NONE
    # an even energy makes the unit of time 2^(l - e/2) a power of two, too
    return Units(round(length), 2 * round((length + force) / 2.0))


def rms(values: Vector) -> float:
    """Return the root mean square, whatever the size of the values."""
    power = math.frexp(float(np.abs(values).max()))[1]
    return float(scaled(np.sqrt(np.mean(np.ldexp(values, -power) ** 2)), power))


def log2(value: float) -> float:
    """Return the logarithm to base two; -inf of 0."""
    return math.log2(value) if value > 0.0 else -math.inf
