"""Exact minimisation along a line: the energy there is a quartic, its slope a cubic."""

import math

import numpy as np

from landscape.jit import kernel

LANES = 128  # of a sum: element i goes to lane i modulo 128, whatever vectors a processor has


@kernel
def slope(c1, c2, c3, c4, s):  # type: ignore[no-untyped-def]
    """Return q'(s) of q(s) = c0 + c1 s + c2 s^2 + c3 s^3 + c4 s^4."""
    return c1 + s * (2.0 * c2 + s * (3.0 * c3 + s * 4.0 * c4))


def is_convex(c2: float, c3: float, c4: float) -> bool:
    """Return whether q'' = 2 c2 + 6 c3 s + 12 c4 s^2 is nowhere negative from s = 0 to 1, for c4 >= 0."""
    lowest = min(max(-c3 / (4.0 * c4), 0.0), 1.0) if c4 > 0.0 else 0.0
    return bool(c2 + lowest * (3.0 * c3 + lowest * 6.0 * c4) >= 0.0)


@kernel
def root_bound(value, order):  # type: ignore[no-untyped-def]
    """Return the least power of two above |value|^(1/order), order 2 or 3; 0 for 0.

    A power of two, so that it scales exactly with powers of two, as no cubic root in floating point does.
    """
    if value == 0.0:
        return 0.0
    return math.ldexp(1.0, -(-math.frexp(value)[1] // order))


@kernel
def first_minimum(c1, c2, c3, c4):  # type: ignore[no-untyped-def]
    """Return the first s > 0 at which q(s) has a minimum, for c1 < 0 and c4 > 0.

    q falls from s = 0 all the way to it, so that the step never crosses a barrier. The root of q' is
    bracketed by the extrema of q' and found by Newton steps with bisection as the fallback, to the last bits.
    Where c4 has underflown the parabola's minimum is returned, or 0 where it has none.
    """
    if c4 <= 0.0:
        return -0.5 * c1 / c2 if c2 > 0.0 else 0.0
    low = 0.0
    high = -1.0
    discriminant = 9.0 * c3 * c3 - 24.0 * c2 * c4
    if discriminant > 0.0:  # q' has a maximum at `left` and a minimum at `right`
        root = discriminant**0.5
        if c3 > 0.0:
            left = (-3.0 * c3 - root) / (12.0 * c4)
            right = -2.0 * c2 / (3.0 * c3 + root)
        else:
            right = (-3.0 * c3 + root) / (12.0 * c4)
            left = 2.0 * c2 / (root - 3.0 * c3)
        if left > 0.0 and slope(c1, c2, c3, c4, left) >= 0.0:
            high = left
        elif right > 0.0:
            low = right
    if high < 0.0:
        # beyond `low` q' rises monotonically; bound its root by that of the terms which push it up
        high = max(2.0 * low, abs(c3 / c4), root_bound(c2 / c4, 2), root_bound(c1 / c4, 3))
        while slope(c1, c2, c3, c4, high) < 0.0:
            high *= 2.0
    s = min(high, -0.5 * c1 / c2) if c2 > 0.0 else high
    for _ in range(200):
        value = slope(c1, c2, c3, c4, s)
        if value > 0.0:
            high = s
        else:
            low = s
        curvature = 2.0 * c2 + s * (6.0 * c3 + s * 12.0 * c4)
        step = value / curvature if curvature != 0.0 else high - low
        new = s - step
        if abs(step) <= 1e-16 * s and high > 1e30 * s:  # there, and 200 steps would not lead back from `high`
            break
        if not low < new < high:
            new = 0.5 * (low + high)
        if new in (s, low, high) or abs(new - s) <= 1e-16 * new:
            break
        s = new
    return s


@kernel
def add_lanes(lanes):  # type: ignore[no-untyped-def]
    """Add the lanes of every row, half to half: the sum is in column 0 then."""
    half = lanes.shape[1] // 2
    while half > 0:
        for r in range(lanes.shape[0]):
            for k in range(half):
                lanes[r, k] += lanes[r, k + half]
        half //= 2


@kernel
def evaluate(kappa, h, a, w, x, jx, gradient):  # type: ignore[no-untyped-def]
    """Fill the gradient; return (energy, largest |gradient_i|, typical force, sum of |x_i|), given jx = J x.

    The anharmonicities are A_i = a w_i. The typical force is the root mean square over sites of
    |kappa_i x_i| + |(J x)_i| + A_i |x_i|^3/6 + |h_i|.
    """
    lanes = np.zeros((3, LANES))
    energy, squares, distance, largest = lanes[0], lanes[1], lanes[2], np.zeros(LANES)
    sixth = a / 6.0
    for first in range(0, x.size, LANES):
        last = first + LANES
        b, f, y, jy, g = kappa[first:last], h[first:last], x[first:last], jx[first:last], gradient[first:last]
        share = w[first:last]
        for k in range(y.size):
            linear = b[k] * y[k]
            cubic = sixth * share[k] * (y[k] * y[k] * y[k])
            g[k] = linear + jy[k] + cubic - f[k]
            energy[k] += y[k] * (0.5 * (linear + jy[k]) + 0.25 * cubic - f[k])
            force = abs(linear) + abs(jy[k]) + abs(cubic) + abs(f[k])
            squares[k] += force * force
            distance[k] += abs(y[k])
            largest[k] = max(largest[k], abs(g[k]))
    add_lanes(lanes)
    return energy[0], largest.max(), math.sqrt(squares[0] / x.size), distance[0]


@kernel
def line(kappa, a, w, x, gradient, d, jd):  # type: ignore[no-untyped-def]
    """Return (c1, c2, c3, c4) of the energy along x + s d, given the gradient at x and jd = J d.

    d and jd may be float32 numbers; sums are of float64 ones.
    """
    lanes = np.zeros((4, LANES))
    c1, c2, c3, c4 = lanes[0], lanes[1], lanes[2], lanes[3]
    for first in range(0, x.size, LANES):
        last = first + LANES
        b, y, g, e, je = kappa[first:last], x[first:last], gradient[first:last], d[first:last], jd[first:last]
        share = w[first:last]
        for k in range(y.size):
            along = np.float64(e[k])
            square = along * along
            c1[k] += g[k] * along
            c2[k] += (b[k] + 0.5 * a * share[k] * y[k] * y[k]) * square + along * je[k]
            c3[k] += share[k] * y[k] * square * along
            c4[k] += share[k] * (square * square)
    add_lanes(lanes)
    return c1[0], 0.5 * c2[0], a * c3[0] / 6.0, a * c4[0] / 24.0


@kernel
def take_step(kappa, h, a, w, x, jx, gradient, d, jd, longest):  # type: ignore[no-untyped-def]
    """Move x, J x and the gradient to the first minimum along x + s d, s <= longest, in place.

    Return (s, fall of the energy by the quartic itself, then the four numbers of `evaluate`). s = 0 where d
    does not point downhill.
    """
    c1, c2, c3, c4 = line(kappa, a, w, x, gradient, d, jd)
    s = 0.0
    if c1 < 0.0:
        s = min(longest, first_minimum(c1, c2, c3, c4))
    for i in range(x.size):
        x[i] += s * d[i]
        jx[i] += s * jd[i]
    energy, largest, force, distance = evaluate(kappa, h, a, w, x, jx, gradient)
    return s, -s * (c1 + s * (c2 + s * (c3 + s * c4))), energy, largest, force, distance


@kernel
def take_steps(kappa, h, a, w, rows, x, jx, gradient, d, jd, account):  # type: ignore[no-untyped-def]
    """Let `take_step` move these rows of x, J x and the gradient along rows of d, given jd = J d.

    In the order of `rows` are jd and `account`, which is filled with what `take_step` returns and the largest
    magnitude of J d.
    """
    for k in range(rows.size):
        r = rows[k]
        account[k, 0], account[k, 1], account[k, 2], account[k, 3], account[k, 4], account[k, 5] = take_step(
            kappa, h, a, w, x[r], jx[r], gradient[r], d[r], jd[k], np.inf
        )
        account[k, 6] = largest(jd[k])


@kernel
def largest(v):  # type: ignore[no-untyped-def]
    """Return max_i |v_i|, found in lanes: vectorised."""
    lanes = np.zeros(LANES, v.dtype)
    for first in range(0, v.size, LANES):
        p = v[first : first + LANES]
        for k in range(p.size):
            lanes[k] = max(lanes[k], abs(p[k]))
    return lanes.max()
