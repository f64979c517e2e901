"""Nonlinear conjugate gradients with the exact line search (Polak-Ribiere+, preconditioned)."""

import numpy as np

from quartic.walk import Walk


def cg(walk: Walk) -> None:
    """Walk to a minimum along conjugate directions, preconditioned by `Walk.curvature_scale`.

    One product a step. Restarts along the preconditioned gradient where the direction does not fall.
    """
    d = np.zeros_like(walk.x)
    old = walk.gradient.copy()
    old_size = np.inf
    while not walk.arrived():
        downhill = -walk.gradient / walk.curvature_scale()
        beta = max(0.0, float(downhill @ (old - walk.gradient)) / old_size)
        d = downhill + beta * d
        if d @ walk.gradient >= 0.0:
            d = downhill
        old, old_size = walk.gradient.copy(), -float(downhill @ walk.gradient)
        walk.line_step(d)
