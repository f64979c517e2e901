"""The lower well of one oscillator, by Newton's method: theory's closed forms are another route."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def lower_well(kappa: Array, field: Array, A: float) -> Array:
    """Return the largest root x of kappa x + A x^3/6 = field, field >= 0: arrays that broadcast."""
    x = np.cbrt(6.0 * field / A) + np.sqrt(np.maximum(-6.0 * kappa / A, 0.0)) + 1e-300
    for _ in range(80):
        k = kappa + 0.5 * A * x**2
        step = np.divide(kappa * x + A * x**3 / 6.0 - field, k, out=np.zeros_like(x), where=k > 0.0)
        x = np.maximum(x - step, 0.0)
        if np.all(np.abs(step) <= 1e-12 * x + 1e-300):
            break
    return np.asarray(x)
