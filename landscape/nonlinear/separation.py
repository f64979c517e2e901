"""Whether two minima are one: the energy is convex between them, or one is the other moved as a whole."""

import numpy as np

from landscape.arrays import Vector
from landscape.protocol import Landscape

_SAME = 1e-5  # largest |x_i - x'_i| of minima that are one, over the landscape's length
_POINTS = 17  # of a segment, at which the slope is looked at
_ROUNDING = 1e-9  # of the largest slope: less is no fall of it
_MOVES, _MOVE = 300, 0.1  # steps along zero modes, and their length in the time of the flow


def one_well(landscape: Landscape, a: Vector, b: Vector) -> bool:
    """Return whether the energy is convex on the segment from a to b: minima a and b are one then.

    b is moved along its zero modes to be nearest to a. The slope is looked at in 17 places.
    """
    d = nearest(landscape, b, a) - a
    if float(np.abs(d).max()) <= _SAME * landscape.length:
        return True
    slopes = np.array([landscape.gradient(a + s * d) @ d for s in np.linspace(0.0, 1.0, _POINTS)])
    return bool(np.all(np.diff(slopes) >= -_ROUNDING * np.abs(slopes).max()))


def nearest(landscape: Landscape, b: Vector, a: Vector) -> Vector:
    """Return b moved along its zero modes to where it is nearest to a: by the flow db/dt = Z Z^T (a - b)."""
    if not landscape.zero_modes(b).shape[1]:
        return b

    def velocity(y: Vector) -> Vector:
        zero = landscape.zero_modes(y)
        return np.asarray(zero @ (zero.T @ (a - y)))

    for _ in range(_MOVES):
        first = velocity(b)
        if float(np.abs(first).max()) <= 1e-3 * _SAME * landscape.length:
            break
        second = velocity(b + _MOVE / 2.0 * first)  # Runge and Kutta: to fourth order the energy is constant
        third = velocity(b + _MOVE / 2.0 * second)
        last = velocity(b + _MOVE * third)
        b = b + _MOVE / 6.0 * (first + 2.0 * second + 2.0 * third + last)
    return b
