"""Kernels of single oscillators: the curvature that preconditions, and the minimum without couplings."""

import math

import numpy as np

from landscape.jit import kernel


@kernel
def preconditioner(kappa, a, w, x, strength, anharmonic, out):  # type: ignore[no-untyped-def]
    """Fill `out` with the positive diagonal |kappa_i + A_i x_i^2/2| + strength_i, about the curvature.

    A_i = a w_i; strength_i = sqrt(sum_j J_ij^2) shifts the soft sites by what their couplings do to them; no
    site counts for less than 1e-4 of the stiffest, or of `anharmonic`, the curvature to be met on the way.
    """
    lanes = np.full(128, anharmonic)
    for first in range(0, x.size, 128):
        last = first + 128
        b, y, t, o = kappa[first:last], x[first:last], strength[first:last], out[first:last]
        share = w[first:last]
        for k in range(y.size):
            o[k] = abs(b[k] + 0.5 * a * share[k] * y[k] * y[k]) + t[k]
            lanes[k] = max(lanes[k], o[k])
    largest = lanes.max()
    floor = 1e-4 * largest if largest > 0.0 else 1.0
    for i in range(x.size):
        out[i] = max(out[i], floor)


@kernel
def curvature_scale(kappa, a, w, x, strength, force, out):  # type: ignore[no-untyped-def]
    """Fill `out` with the `preconditioner` where the typical force is `force`.

    The curvature to be met is that where the typical force and the anharmonic one balance, at a displacement
    rounded to a power of two: that scales exactly.
    """
    reach = math.ldexp(1.0, math.frexp(6.0 * force / a)[1] // 3)
    preconditioner(kappa, a, w, x, strength, a * reach * reach / 2.0 if force > 0.0 else 0.0, out)


@kernel
def curvature_scales(kappa, a, w, rows, x, strength, force, out):  # type: ignore[no-untyped-def]
    """Do what `curvature_scale` does for these rows of x and of `force`; `out` is in the order of `rows`."""
    for k in range(rows.size):
        curvature_scale(kappa, a, w, x[rows[k]], strength, force[rows[k]], out[k])


@kernel
def cubic_root(p, q):  # type: ignore[no-untyped-def]
    """Return the largest real root of x^3 + p x = q, q >= 0.

    By hyperbolic or circular functions, polished by one Newton step.
    """
    w = math.sqrt(abs(p) / 3.0)
    cube = 2.0 * w * w * w
    if 1e30 * cube <= q:  # so soft that p is lost beside x^2
        x = q ** (1.0 / 3.0)
    elif p > 0.0:
        x = 2.0 * w * math.sinh(math.asinh(q / cube) / 3.0)
    elif q > cube:
        x = 2.0 * w * math.cosh(math.acosh(q / cube) / 3.0)
    else:
        x = 2.0 * w * math.cos(math.acos(q / cube) / 3.0)
    slope = 3.0 * x * x + p
    if slope > 0.0:
        x -= (x * (x * x + p) - q) / slope
    return x


@kernel
def lone_minimum(kappa, h, a):  # type: ignore[no-untyped-def]
    """Return the global minimum of kappa x^2/2 + A x^4/24 - h x; the positive one of two at h = 0.

    It has the sign of h, and solves x^3 + p x = q with p = 6 kappa/A, q = 6 |h|/A. Where these are out of the
    ordinary it is found at x = 2^t y, and where the force is linear to all digits it is h/kappa.
    """
    unit, exponent = math.frexp(a)
    t, small = 0, kappa == 0.0
    if kappa != 0.0:
        t = (math.frexp(kappa)[1] - exponent) // 2
    if h != 0.0:
        by_field = (math.frexp(h)[1] - exponent) // 3
        if kappa > 0.0 and by_field < t - 40:
            return h / kappa
        t = by_field if small else max(t, by_field)
    if -90 <= t <= 90:
        x = cubic_root(6.0 * kappa / a, 6.0 * abs(h) / a)
    else:
        p, q = math.ldexp(kappa, -exponent - 2 * t), math.ldexp(abs(h), -exponent - 3 * t)
        x = math.ldexp(cubic_root(6.0 * p / unit, 6.0 * q / unit), t)
    return -x if h < 0.0 else x


@kernel
def lone_minima(kappa, h, a, out):  # type: ignore[no-untyped-def]
    """Fill `out` with the minimum of every oscillator without couplings."""
    for i in range(out.size):
        out[i] = lone_minimum(kappa[i], h[i], a[i])
