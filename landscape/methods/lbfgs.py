"""Limited-memory BFGS (Liu & Nocedal 1989)."""

from collections import deque

import numpy as np

from landscape.arrays import Vector
from landscape.relaxation import Relaxation

MEMORY = 8  # pairs of steps and changes of the gradient
_FIRST = 0.1  # of the landscape's length: the first step tried


def lbfgs(run: Relaxation) -> None:
    """Go to a minimum by quasi-Newton steps from the last eight steps and the changes of the gradient."""
    pairs: deque[tuple[Vector, Vector, float]] = deque(maxlen=MEMORY)
    while not run.arrived:
        before = run.point
        run.step(_direction(run, pairs))
        s, y = run.point.x - before.x, run.point.gradient - before.gradient
        curvature = float(s @ y)
        if curvature > 0.0:
            pairs.append((s, y, curvature))


def _direction(run: Relaxation, pairs: "deque[tuple[Vector, Vector, float]]") -> Vector:
    """Return minus the product of the approximate inverse of M with the gradient."""
    d = -run.point.gradient
    if not pairs:
        return np.asarray(d * (_FIRST * run.landscape.length / run.point.gradient_norm))
    alpha = []
    for s, y, curvature in reversed(pairs):
        alpha.append(float(s @ d) / curvature)
        d = d - alpha[-1] * y
    _, y, curvature = pairs[-1]
    d = d * (curvature / float(y @ y))
    for s, y, curvature in pairs:
        d = d + (alpha.pop() - float(y @ d) / curvature) * s
    return d
