"""The response of one oscillator, A = 1: x where kappa x + x^3/6 = f, in the lower of two wells."""

import math

import numpy as np

from landscape.jit import kernel


@kernel
def lower_well(kappa, f):  # type: ignore[no-untyped-def]
    """Return the largest root x of kappa x + x^3/6 = f, which has one > 0 or f = 0, by Newton from above."""
    x = (6.0 * max(f, 0.0)) ** (1.0 / 3.0)
    x = min(x, f / kappa) if kappa > 0.0 else x + math.sqrt(-6.0 * kappa)
    for _ in range(80):
        k = kappa + 0.5 * x * x
        step = ((kappa + x * x / 6.0) * x - f) / k if k > 0.0 else 0.0
        x -= step
        if step <= 1e-14 * x:
            break
    return x


@kernel
def lower_wells(kappa, f):  # type: ignore[no-untyped-def]
    """Return `lower_well` of stiffnesses (n,) and fields (rows, n), or (rows, 1) for all: (rows, n).

    For kernels of other files, which may not call it themselves.
    """
    out = np.empty((len(f), kappa.size))
    for i in range(len(f)):
        for k in range(kappa.size):
            out[i, k] = lower_well(kappa[k], f[i, k if f.shape[1] > 1 else 0])
    return out
