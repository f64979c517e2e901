"""Minima of quartic potentials in closed form: the kernel."""

import math

import numpy as np

from landscape.jit import kernel

CLOSE = 1e-2  # square of a ratio of distances below which double-double numbers enter
NEWTON_STEPS = 6  # relative errors: 0.25, 6e-2, 4e-3, 1.5e-5, 2.5e-10, 6e-20, and one more
THIRD_OF_BIAS = 2.0**53 * 1023 / 3  # bits of a float: 2^52 (exponent + 1023 + fraction)
B2, B3, B4, POSITION, ENERGY, BARRIER, ASYMMETRY = range(7)  # rows of a table


@kernel
def depress(a1, a2, a3, a4, p, q):  # type: ignore[no-untyped-def]
    """Fill p, q: with q0 = y - a3/a4 the stationary points solve y^3 + p y + q = 0."""
    for i in range(a1.size):
        c = a3[i] / a4[i]
        p[i] = 6.0 * (a2[i] - 0.5 * a3[i] * c) / a4[i]
        q[i] = 6.0 * (a1[i] - c * (a2[i] - a3[i] * c / 3.0)) / a4[i]


@kernel
def outer_root(p, q, y):  # type: ignore[no-untyped-def]
    """Fill y with the largest root of y^3 + p y - |q| = 0, by Newton steps from within 25 percent.

    With c = |q|^(1/3) (to 6 percent, by a third of its exponent) it lies in [1, 1.33] max(c, sqrt(-p)) for p
    < 0 and in [0.68, 1] min(c, |q|/p) for p > 0.
    """
    size = np.abs(q)
    bits = size.view(np.int64)
    cube = np.empty(q.size, np.int64)
    for i in range(q.size):
        cube[i] = np.int64(np.float64(bits[i]) / 3.0 + THIRD_OF_BIAS)
    start = cube.view(np.float64)
    for i in range(q.size):
        high = 1.16 * max(start[i], math.sqrt(max(-p[i], 0.0)))
        low = 0.84 * min(start[i], size[i] / max(p[i], 1e-300))
        x = low if p[i] > 0.0 else high
        for _ in range(NEWTON_STEPS):
            slope = 3.0 * x * x + p[i]
            x -= (x * (x * x + p[i]) - size[i]) / max(slope, 1e-300)
        y[i] = x


@kernel
def exact_product(a, b):  # type: ignore[no-untyped-def]
    """Return (a b, its rounding error), by Dekker's splitting."""
    product = a * b
    s = 134217729.0 * a
    a_high = s - (s - a)
    t = 134217729.0 * b
    b_high = t - (t - b)
    a_low = a - a_high
    b_low = b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@kernel
def multiply(a, a_error, b, b_error):  # type: ignore[no-untyped-def]
    """Return the product of two double-double numbers."""
    product, error = exact_product(a, b)
    error += a * b_error + a_error * b
    total = product + error
    return total, error - (total - product)


@kernel
def add(a, a_error, b, b_error):  # type: ignore[no-untyped-def]
    """Return the sum of two double-double numbers."""
    total = a + b
    part = total - a
    error = (a - (total - part)) + (b - part) + a_error + b_error
    final = total + error
    return final, error - (final - total)


@kernel
def depress_closely(a1, a2, a3, a4):  # type: ignore[no-untyped-def]
    """Return P, Q and P^3 + Q^2, with p = 3 P/a4^2 and q = 2 Q/a4^3 those of `depress`, for one potential.

    P = 2 a2 a4 - a3^2 and Q = 3 a1 a4^2 - 3 a2 a3 a4 + a3^3 cancel near the cusp, and P^3 + Q^2, which is
    -a4^6/108 times the discriminant -4 p^3 - 27 q^2, where two stationary points merge: double-double numbers
    have 32 digits.
    """
    p24, e24 = exact_product(a2, a4)
    p33, e33 = exact_product(a3, a3)
    p14, e14 = exact_product(a1, a4)
    P, P_error = add(2.0 * p24, 2.0 * e24, -p33, -e33)
    t, e = multiply(p14, e14, a4, 0.0)
    u, f = multiply(p24, e24, -a3, 0.0)
    t, e = add(t, e, u, f)
    t, e = multiply(t, e, 3.0, 0.0)
    u, f = multiply(p33, e33, a3, 0.0)
    Q, Q_error = add(t, e, u, f)
    t, e = multiply(P, P_error, P, P_error)
    t, e = multiply(t, e, P, P_error)
    u, f = multiply(Q, Q_error, Q, Q_error)
    t, e = add(t, e, u, f)
    return P, Q, t


@kernel
def one_outer_root(p, q):  # type: ignore[no-untyped-def]
    """Return the largest root of y^3 + p y - |q| = 0, as `outer_root`."""
    cube = abs(q) ** (1.0 / 3.0)
    y = 0.84 * min(cube, abs(q) / p) if p > 0.0 else 1.16 * max(cube, math.sqrt(-p))
    for _ in range(NEWTON_STEPS):
        y -= (y * (y * y + p) - abs(q)) / max(3.0 * y * y + p, 1e-300)
    return y


@kernel
def fill_minima(a1, a2, a3, a4, p, q, y, table, paired):  # type: ignore[no-untyped-def]
    """Fill the first columns of `table` with all minima of all potentials and return how many they are.

    The lower minimum of a potential comes first, and is marked in `paired` where the upper one follows.
    With the roots Y, -m, -s of y^3 + p y - |q| (Y = m + s; lower minimum, upper minimum, saddle) all
    differences of energy are products: U(saddle) - U(lower) = a4 m (Y + s)^3/24,
    U(saddle) - U(upper) = a4 Y (m - s)^3/24, U(upper) - U(lower) = a4 s (Y + m)^3/24.
    """
    count = 0
    for i in range(a1.size):
        c = a3[i] / a4[i]
        square = -3.0 * y[i] * y[i] - 4.0 * p[i]
        if abs(square) < CLOSE * y[i] * y[i] or y[i] * y[i] < CLOSE * c * c:
            P, Q, merging = depress_closely(a1[i], a2[i], a3[i], a4[i])
            p[i] = 3.0 * P / a4[i] / a4[i]
            q[i] = 2.0 * Q / a4[i] / a4[i] / a4[i]
            y[i] = one_outer_root(p[i], q[i])
            product = a4[i] * a4[i] * a4[i] * (3.0 * y[i] * y[i] + p[i])
            square = -108.0 * merging / product / product
        Y = y[i]
        sign = -1.0 if q[i] > 0.0 else 1.0
        rest = -c * (a1[i] - c * (0.5 * a2[i] - 0.125 * a3[i] * c))
        table[B2, count] = a4[i] / 6.0 * (3.0 * Y * Y + p[i])
        table[B3, count] = sign * a4[i] * Y
        table[B4, count] = a4[i]
        table[POSITION, count] = sign * Y - c
        table[ENERGY, count] = rest + a4[i] / 24.0 * Y * (Y * (Y * Y + 2.0 * p[i]) - 4.0 * abs(q[i]))
        paired[count] = square > 0.0
        if not square > 0.0:
            table[BARRIER, count] = np.nan
            table[ASYMMETRY, count] = np.nan
            count += 1
            continue
        gap = math.sqrt(square)
        m = 0.5 * (Y + gap)
        s = abs(q[i]) / (Y * m)
        up = Y + s
        wide = Y + m
        rise = a4[i] / 24.0 * s * wide * wide * wide
        table[B2, count] = a4[i] / 6.0 * wide * up
        table[BARRIER, count] = a4[i] / 24.0 * m * up * up * up
        table[ASYMMETRY, count] = rise
        table[B2, count + 1] = a4[i] / 6.0 * wide * gap
        table[B3, count + 1] = -sign * a4[i] * m
        table[B4, count + 1] = a4[i]
        table[POSITION, count + 1] = -sign * m - c
        table[ENERGY, count + 1] = table[ENERGY, count] + rise
        table[BARRIER, count + 1] = a4[i] / 24.0 * Y * gap * gap * gap
        table[ASYMMETRY, count + 1] = -rise
        paired[count + 1] = False
        count += 2
    return count
