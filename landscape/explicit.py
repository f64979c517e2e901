"""Explicit steps of the gradient flow: the rule of order 5 of Dormand and Prince (1980).

Six gradients a step and no Hessian: cheaper than exponential steps while it is the error that bounds them.
A step is unstable beyond dt lambda = 3.3, lambda the stiffest direction, however straight the way.
"""

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.protocol import Point

STAGES = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
"""Weights of the slopes so far in the place of the next; the last place is the end of the step."""

DIFFERENCE = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)
"""Of the weights of order 5 and those of order 4: the estimate of the error."""


QUARTIC = (
    -12715105075 / 11282082432, 0.0, 87487479700 / 32700410799, -10690763975 / 1880347072,
    701980252875 / 199316789632, -1453857185 / 822651844, 69997945 / 29380423,
)  # fmt: skip
"""Of the slopes within a step: what the cubic through both ends lacks, over part^2 (1 - part)^2 dt.

Of order 4: Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, section II.6.
"""


class Explicit:
    """Steps from one point.

    Parameters
    ----------
    point : Point
        Of a gradient that is not zero.
    room : (>= 7, N) array
        Overwritten.

    Attributes
    ----------
    stiffest : float
        lambda of the stiffest direction, by the last two slopes of the last step, which are both of its end.
    """

    order = 4
    stiffest = 0.0

    def __init__(self, point: Point, room: Matrix) -> None:
        self.point = point
        self._slopes = room[: len(DIFFERENCE)]
        self._slopes[0] = -point.gradient

    def longest(self, dt: float) -> float:
        """Return dt: what is too long shows in the error."""
        return dt

    def step(self, dt: float) -> tuple[Point, float]:
        """Return the point after dt, and the estimated error of its place, of the norm of the vector."""
        here, slopes = self.point, self._slopes
        d = before = np.zeros_like(here.x)
        for k, weights in enumerate(STAGES, start=1):
            before, d = d, dt * (np.array(weights) @ slopes[:k])
            if k < len(STAGES):
                slopes[k] = -here.landscape.gradient(here.x + d)
        end = here.landscape.at(here.x + d)
        slopes[-1] = -end.gradient
        apart = float(np.linalg.norm(d - before))
        self.stiffest = float(np.linalg.norm(slopes[-1] - slopes[-2])) / apart if apart else 0.0
        self._d, self._dt = d, dt
        return end, dt * float(np.linalg.norm(DIFFERENCE @ slopes))

    def within(self, t: float) -> Vector:
        """Return the displacement at a time within the last step, without a gradient more."""
        part, d, slopes = t / self._dt, self._d, self._slopes
        first, last = (self._dt * slopes[k] - d for k in (0, -1))
        fourth = self._dt * (np.array(QUARTIC) @ slopes)
        return np.asarray(part * (d + (1.0 - part) * (first - part * (first + last - (1.0 - part) * fourth))))
