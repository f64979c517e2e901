"""Exact minimisation along a line: the energy there is a quartic, its slope a cubic."""

from quartic.jit import kernel


@kernel
def slope(c1, c2, c3, c4, s):  # type: ignore[no-untyped-def]
    """Return q'(s) of q(s) = c0 + c1 s + c2 s^2 + c3 s^3 + c4 s^4."""
    return c1 + s * (2.0 * c2 + s * (3.0 * c3 + s * 4.0 * c4))


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
        high = max(2.0 * low, abs(c3 / c4), abs(c2 / c4) ** 0.5, abs(c1 / c4) ** (1.0 / 3.0))
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
