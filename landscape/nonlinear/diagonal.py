"""`landscape.nonlinear.rotation` for diagonal forms, b_p = sum_i w_i z_i^p, compiled.

The gradient of p ln(b2)/2 - ln|b_p| is p g, g = M z - w z^(p-1)/b_p, with g.z = 0. With d made M-orthogonal
to z and of the same length, b_p(z cos t + d sin t) = sum_k c_k cos(t)^(p-k) sin(t)^k.
"""

import math

import numpy as np

from landscape.jit import kernel

_CELLS = 64  # of the half circle, searched for the first maximum of |b_p|
_HALVINGS = 60  # of a cell: to the last bits


@kernel
def level(z, mz, w, order, g):  # type: ignore[no-untyped-def]
    """Scale z and M z to z.M.z = 1 in place and fill g; return (|g|/|M z|, max |g_i|), nan for b_p = 0.

    nan, and nothing else is done, also for z.M.z <= 0.
    """
    b2 = 0.0
    for i in range(z.size):
        b2 += z[i] * mz[i]
    if not b2 > 0.0:
        return math.nan, math.nan
    scale = 1.0 / b2**0.5
    bp = 0.0
    for i in range(z.size):
        z[i] *= scale
        mz[i] *= scale
        bp += w[i] * z[i] ** order
    if bp == 0.0:
        return math.nan, math.nan
    squares = 0.0
    force = 0.0
    largest = 0.0
    for i in range(z.size):
        g[i] = mz[i] - w[i] * z[i] ** (order - 1) / bp
        squares += g[i] * g[i]
        force += mz[i] * mz[i]
        largest = max(largest, abs(g[i]))
    return (squares / force) ** 0.5, largest


@kernel
def value(c, t):  # type: ignore[no-untyped-def]
    """Return sum_k c_k cos(t)^(p-k) sin(t)^k, p + 1 coefficients."""
    u, v = math.cos(t), math.sin(t)
    total = 0.0
    for k in range(c.size):
        total += c[k] * u ** (c.size - 1 - k) * v**k
    return total


@kernel
def slope(c, t):  # type: ignore[no-untyped-def]
    """Return the derivative of `value` with respect to t."""
    u, v = math.cos(t), math.sin(t)
    p = c.size - 1
    total = 0.0
    for j in range(p + 1):
        e = 0.0
        if j < p:
            e += (j + 1) * c[j + 1]
        if j > 0:
            e -= (p - j + 1) * c[j - 1]
        total += e * u ** (p - j) * v**j
    return total


@kernel
def first_maximum(c):  # type: ignore[no-untyped-def]
    """Return the first t in (0, pi) at which |value| is largest, for c_0 c_1 > 0.

    |value| returns to itself at pi, so it falls somewhere in between. Where it falls and rises within a cell,
    which is missed, the result may be a maximum further on; it is halved until it is above the start.
    """
    sign = 1.0 if c[0] > 0.0 else -1.0
    high = math.pi
    for cell in range(1, _CELLS + 1):
        high = cell * math.pi / _CELLS
        if sign * slope(c, high) <= 0.0:
            break
    low = high - math.pi / _CELLS
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if sign * slope(c, middle) > 0.0:
            low = middle
        else:
            high = middle
    t = 0.5 * (low + high)
    while abs(value(c, t)) < abs(c[0]) and t > 1e-300:
        t *= 0.5
    return t


@kernel
def coefficients(z, w, d, order):  # type: ignore[no-untyped-def]
    """Return c_0 ... c_p, p = 3 or 4."""
    c = np.zeros(order + 1)
    for i in range(z.size):
        a, b = z[i], d[i]
        if order == 3:
            c[0] += w[i] * a * a * a
            c[1] += 3.0 * w[i] * a * a * b
            c[2] += 3.0 * w[i] * a * b * b
            c[3] += w[i] * b * b * b
        else:
            c[0] += w[i] * (a * a) * (a * a)
            c[1] += 4.0 * w[i] * (a * a) * (a * b)
            c[2] += 6.0 * w[i] * (a * a) * (b * b)
            c[3] += 4.0 * w[i] * (a * b) * (b * b)
            c[4] += w[i] * (b * b) * (b * b)
    return c


@kernel
def rotate(z, mz, w, order, g, d, md, plain):  # type: ignore[no-untyped-def]
    """Rotate z and M z in place towards d, and d along with them; return (t, share of d in z, whether plain).

    If `plain`, to z + d where |b_p| is no smaller there; else to the first maximum of |b_p|. (0, 0, False)
    where d leads nowhere: it is parallel to z, or |b_p| does not grow along it.
    """
    along = 0.0
    for i in range(z.size):
        along += d[i] * mz[i]
    square = 0.0
    downhill = 0.0
    for i in range(z.size):
        d[i] -= along * z[i]
        md[i] -= along * mz[i]
        square += d[i] * md[i]
        downhill -= d[i] * g[i]
    if not (square > 0.0 and downhill > 0.0):
        return 0.0, 0.0, False
    length = square**0.5
    for i in range(z.size):
        d[i] /= length
        md[i] /= length
    c = coefficients(z, w, d, order)
    c[1] = order * c[0] * (downhill / length)  # the same number, without the cancellation in its sum
    t = math.atan2(length, 1.0 + along)
    taken = plain and abs(value(c, t)) >= abs(c[0])
    if not taken:
        t = first_maximum(c)
    u, v = math.cos(t), math.sin(t)
    for i in range(z.size):
        old = z[i]
        z[i] = u * old + v * d[i]
        mz[i] = u * mz[i] + v * md[i]
        d[i] = length * (u * d[i] - v * old)
    return t, v / length, taken
