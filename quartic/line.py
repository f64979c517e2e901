"""Exact minimisation along a line: the energy there is a quartic, its slope a cubic."""

import math

from quartic.jit import kernel


@kernel
def slope(c1, c2, c3, c4, s):  # type: ignore[no-untyped-def]
    """Return q'(s) of q(s) = c0 + c1 s + c2 s^2 + c3 s^3 + c4 s^4."""
    return c1 + s * (2.0 * c2 + s * (3.0 * c3 + s * 4.0 * c4))


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
        if not low < new < high:
            new = 0.5 * (low + high)
        if new in (s, low, high) or abs(new - s) <= 1e-16 * abs(new):
            break
        s = new
    return s


@kernel
def evaluate(kappa, h, a, x, jx, gradient):  # type: ignore[no-untyped-def]
    """Fill the gradient; return (energy, largest |gradient_i|, typical force, sum of |x_i|), given jx = J x.

    The typical force is the root mean square over sites of |kappa_i x_i| + |(J x)_i| + A |x_i|^3/6 + |h_i|.
    """
    energy = 0.0
    largest = 0.0
    squares = 0.0
    distance = 0.0
    sixth = a / 6.0
    for i in range(x.size):
        linear = kappa[i] * x[i]
        cubic = sixth * (x[i] * x[i] * x[i])
        gradient[i] = linear + jx[i] + cubic - h[i]
        energy += x[i] * (0.5 * (linear + jx[i]) + 0.25 * cubic - h[i])
        largest = max(largest, abs(gradient[i]))
        force = abs(linear) + abs(jx[i]) + abs(cubic) + abs(h[i])
        squares += force * force
        distance += abs(x[i])
    return energy, largest, math.sqrt(squares / x.size), distance


@kernel
def line(kappa, a, x, gradient, d, jd):  # type: ignore[no-untyped-def]
    """Return (c1, c2, c3, c4) of the energy along x + s d, given the gradient at x and jd = J d."""
    c1 = 0.0
    c2 = 0.0
    c3 = 0.0
    c4 = 0.0
    for i in range(x.size):
        square = d[i] * d[i]
        c1 += gradient[i] * d[i]
        c2 += (kappa[i] + 0.5 * a * x[i] * x[i]) * square + d[i] * jd[i]
        c3 += x[i] * square * d[i]
        c4 += square * square
    return c1, 0.5 * c2, a * c3 / 6.0, a * c4 / 24.0


@kernel
def take_step(kappa, h, a, x, jx, gradient, d, jd, longest):  # type: ignore[no-untyped-def]
    """Move x, J x and the gradient to the first minimum along x + s d, s <= longest, in place.

    Return (s, fall of the energy by the quartic itself, then the four numbers of `evaluate`). s = 0 where d
    does not point downhill.
    """
    c1, c2, c3, c4 = line(kappa, a, x, gradient, d, jd)
    s = 0.0
    if c1 < 0.0:
        s = min(longest, first_minimum(c1, c2, c3, c4))
    for i in range(x.size):
        x[i] += s * d[i]
        jx[i] += s * jd[i]
    energy, largest, force, distance = evaluate(kappa, h, a, x, jx, gradient)
    return s, -s * (c1 + s * (c2 + s * (c3 + s * c4))), energy, largest, force, distance
