"""Explicit steps of the gradient flow: the rule of order 5 of Dormand and Prince (1980).

Seven gradients a step and no Hessian: cheaper than exponential steps while it is the error that bounds them.
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

    def step(self, dt: float) -> tuple[Vector, float]:
        """Return the displacement in dt, and its estimated error, of the norm of the vector."""
        here, slopes = self.point, self._slopes
        d = before = np.zeros_like(here.x)
        for k, weights in enumerate(STAGES, start=1):
            before, d = d, dt * (np.array(weights) @ slopes[:k])
            slopes[k] = -here.landscape.gradient(here.x + d)
        apart = float(np.linalg.norm(d - before))
        self.stiffest = float(np.linalg.norm(slopes[-1] - slopes[-2])) / apart if apart else 0.0
        return d, dt * float(np.linalg.norm(DIFFERENCE @ slopes))
