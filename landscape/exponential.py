"""Steps of the gradient flow of any landscape by functions of the Hessian: exprb42 of Luan (2017).

With F = -grad H, M the Hessian at x and R(d) = F(x + d) - F + M d,

    x(t + dt) = x + d(dt) + dt (32/9) phi_3(-dt M) R(d(3 dt/4)),    d(dt) = dt phi_1(-dt M) F,

is of order 4, and exact for linear forces: no stiff direction bounds dt. Its difference from the step of
order 3, which has 2 R(d(dt)) instead, is the estimate of the local error.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.linear.krylov import LARGEST, Krylov
from landscape.protocol import Point

FOLDINGS = 50.0  # e-foldings of the least stable direction in a step at most


class FlowError(RuntimeError):
    """The flow could not be followed."""


class Departure:
    """All steps from one point, of any length: they share the Krylov space of the force.

    Parameters
    ----------
    point : Point
        Of a gradient that is not zero.
    rooms : (2, LARGEST + 1, N) array
        Overwritten.
    rtol : float
        Largest part of a displacement that the Krylov spaces leave out, twice that.
    """

    order = 3

    def __init__(self, point: Point, rooms: Matrix, rtol: float) -> None:
        self.point, self.rtol = point, rtol
        self._room = rooms[1]
        self._space = space_of(point.hessian, -point.gradient, rooms[0])
        self._space.grow(2)

    @property
    def stiffest(self) -> float:
        """The largest |lambda| that the force has a part in, beyond its rounding."""
        return float(np.abs(self._space.values).max())

    def longest(self, dt: float) -> float:
        """Return dt, or less where the least stable direction or the Krylov space holds no more."""
        while True:
            space = self._space
            lowest = abs(float(space.values[0]))
            dt = min(dt, FOLDINGS / lowest) if lowest > 0.0 else dt
            length = float(np.linalg.norm(space.amplitudes(1, dt)))
            if space.complete or space.truncation(1, dt) <= 0.5 * self.rtol * length:
                return dt
            if space.m == LARGEST:
                dt *= 0.5
            space.grow(2)

    def step(self, dt: float) -> tuple[Point, float]:
        """Return the point after dt, and the estimated error of its place, of the norm of the vector."""
        d, error = self._displacement(dt)
        return self.point.landscape.at(self.point.x + d), error

    def within(self, t: float) -> Vector:
        """Return the displacement at an earlier time."""
        return self._displacement(t)[0]

    def _displacement(self, dt: float) -> tuple[Vector, float]:
        d, image = self._space.step(self._space.amplitudes(1, dt))
        late = (32.0 / 9.0) * self._remainder(*self._space.step(self._space.amplitudes(1, 0.75 * dt)))
        change = float(np.linalg.norm(late - 2.0 * self._remainder(d, image)))
        length, size = float(np.linalg.norm(d)), float(np.linalg.norm(late))
        if not size > 0.0:
            return d, 0.0 if size == 0.0 else math.inf
        space = space_of(self.point.hessian, late, self._room)
        while space.truncation(3, dt) > 0.5 * self.rtol * length and space.m < LARGEST and not space.complete:
            space.grow()
        correction, _ = space.step(space.amplitudes(3, dt))
        error = float(np.linalg.norm(correction)) * change / size + space.truncation(3, dt)
        return d + correction, error

    def _remainder(self, d: Vector, image: Vector) -> Vector:
        """Return R(d), where M d is `image`."""
        here = self.point
        return here.gradient - here.landscape.gradient(here.x + d) + image


def space_of(hessian: Hessian, v: Vector, room: Matrix) -> Krylov:
    """Return the Krylov space of v under M."""
    return Krylov(partial(_product, hessian), np.zeros_like(v), v, room)


def propagate(first: Hessian, second: Hessian, dt: float, v: Vector, room: Matrix, rtol: float) -> Vector:
    """Return v after dt of the linear flow v' = -M(t) v, with M at the two nodes of Gauss; order 4.

    By two exponentials without commutators (Blanes and Moan 2006).
    """
    late, early = 0.25 + math.sqrt(3.0) / 6.0, 0.25 - math.sqrt(3.0) / 6.0
    for a, b in ((late, early), (early, late)):

        def product(d: Vector, a: float = a, b: float = b) -> Vector:
            return a * _product(first, d) + b * _product(second, d)

        v = _exponential(product, dt, v, room, rtol)
    return v


def _exponential(
    product: Callable[[Vector], Vector], dt: float, v: Vector, room: Matrix, rtol: float
) -> Vector:
    """Return e^(-dt M) v, in parts where a Krylov space does not hold it."""
    left = dt
    while left > 0.0 and v.any():
        space, part = Krylov(product, np.zeros_like(v), v, room), left
        while space.truncation(1, part) > rtol * space.norm * part and not space.complete:
            if space.m == LARGEST:
                part *= 0.5
            space.grow(2)
        v = v - space.step(space.amplitudes(1, part))[1]  # e^z = 1 + z phi_1(z)
        left -= part
    return v


def _product(hessian: Hessian, d: Vector) -> Vector:
    image = np.asarray(hessian.products(d[:, None])[:, 0], np.float64)
    if not np.isfinite(image).all():
        raise FlowError("the flow has come to where second derivatives are not finite")
    return image
