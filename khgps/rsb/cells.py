"""One cell of the Parisi flow: f at its lower end from f at its upper end, and back.

In a cell T .. T + D of constant mass y, f of the lower end is the Cole-Hopf transform of f at the upper one,

    f(H) = ln E[exp(y F(H + D^(1/2) z))]/y,    z ~ N(0, 1),

an average over the nodes z_n of a Gauss-Hermite rule. F is even in H and known at H_l = a sinh(c l), l = 0 ..
M - 1, for each of n stiffnesses; between them it is the polynomial through six points in l.
"""

import math

import numpy as np

from landscape.jit import kernel

POINTS = 6  # of the interpolation
FACTORIALS = tuple(1.0 / math.factorial(n) for n in range(13, 0, -1))


@kernel
def stencil(H, a, c, size, index, value, slope):  # type: ignore[no-untyped-def]
    """Write the points by which F(H) and F'(H) are interpolated, and their weights."""
    position = math.asinh(abs(H) / a) / c
    first = min(int(position) - 2, size - POINTS)
    t = position - first
    scale = math.copysign(1.0, H) / (c * math.sqrt(H * H + a * a))
    for j in range(POINTS):
        weight, change = 1.0, 0.0
        for i in range(POINTS):
            if i != j:
                change = (change * (t - i) + weight) / (j - i)
                weight *= (t - i) / (j - i)
        index[j], value[j], slope[j] = abs(first + j), weight, scale * change


@kernel
def interpolate(upper, index, weight, out):  # type: ignore[no-untyped-def]
    """Write the sums over the points of a stencil, for each stiffness."""
    p0, p1, p2, p3, p4, p5 = index
    w0, w1, w2, w3, w4, w5 = weight
    for k in range(out.size):
        low = w0 * upper[p0, k] + w1 * upper[p1, k] + w2 * upper[p2, k]
        out[k] = low + (w3 * upper[p3, k] + w4 * upper[p4, k] + w5 * upper[p5, k])


@kernel
def law_of_fields(h, deviation, nodes, weights, a, c, law):  # type: ignore[no-untyped-def]
    """Add up how much each point counts in E[F] over fields h + s z, or its slopes by s^2 and h, (3, M)."""
    index, value, slope = np.zeros(POINTS, np.int64), np.zeros(POINTS), np.zeros(POINTS)
    for z, weight in zip(nodes, weights):  # noqa: B905 (numba knows no strict)
        stencil(h + deviation * z, a, c, law.shape[1], index, value, slope)
        for j in range(POINTS):
            law[0, index[j]] += weight * value[j]
            law[1, index[j]] += weight * slope[j] * z / (2.0 * deviation) if deviation > 0.0 else 0.0
            law[2, index[j]] += weight * slope[j]


@kernel
def expm1(x):  # type: ignore[no-untyped-def]
    """Return e^x - 1, to rounding from x = -708 to 709, in steps that compilers make vectors of.

    x = n ln 2 + r, |r| <= ln(2)/2, ln 2 in two parts; e^r - 1 to r^13, beyond which terms are below 2e-17.
    """
    x = min(max(x, -708.0), 709.0)
    n = np.floor(x * 1.4426950408889634 + 0.5)
    r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    series = 0.0
    for factor in FACTORIALS:
        series = series * r + factor
    power = np.int64((np.int64(n) + 1023) << 52).view(np.float64)
    return power * (series * r) + (power - 1.0)


@kernel
def transform(upper, a, c, fields, width, y, nodes, weights, lower, tilt, rise):  # type: ignore[no-untyped-def]
    """Write f at the lower end of a cell, (M, n), at `fields`; `width` is the cell's D.

    Also `tilt`, (M, nodes, n), the share of each node in the average of exp(y F), and `rise`, (M, n), the
    mean of F - f with these shares.
    """
    index, value, slope = np.zeros(POINTS, np.int64), np.zeros(POINTS), np.zeros(POINTS)
    inside = np.zeros((nodes.size, upper.shape[1]))
    total = np.zeros(upper.shape[1])
    middle = nodes.size // 2
    for m in range(fields.size):
        for n in range(nodes.size):
            stencil(fields[m] + math.sqrt(width) * nodes[n], a, c, len(upper), index, value, slope)
            interpolate(upper, index, value, inside[n])
        total[:] = 0.0
        for n in range(nodes.size):
            for k in range(total.size):
                tilt[m, n, k] = expm1(y * (inside[n, k] - inside[middle, k]))
                total[k] += weights[n] * (tilt[m, n, k] if y > 0.0 else inside[n, k] - inside[middle, k])
        for k in range(total.size):
            lower[m, k] = inside[middle, k] + (math.log1p(total[k]) / y if y > 0.0 else total[k])
            total[k] = 1.0 / (1.0 + total[k]) if y > 0.0 else 1.0
            rise[m, k] = 0.0
        for n in range(nodes.size):
            for k in range(total.size):
                tilt[m, n, k] = weights[n] * (1.0 + tilt[m, n, k]) * total[k]
                rise[m, k] += tilt[m, n, k] * (inside[n, k] - lower[m, k])


@kernel
def adjoint(upper, a, c, fields, width, y, nodes, tilt, rise, law, onward, first, second):  # type: ignore[no-untyped-def]
    """Carry a law of fields, (M, n), up through a cell, the transpose of the derivative of `transform`.

    Writes the law at the upper end to `onward`, f' and f'' at the lower end to `first` and `second`, and
    returns the derivatives by D and by y of the sum of law times f.
    """
    index, value, slope = np.zeros(POINTS, np.int64), np.zeros(POINTS), np.zeros(POINTS)
    change, mean, tilted = np.zeros(upper.shape[1]), np.zeros(upper.shape[1]), np.zeros(upper.shape[1])
    root = math.sqrt(width)
    by_width, by_y = 0.0, 0.0
    onward[:] = 0.0
    for m in range(fields.size):
        mean[:], tilted[:] = 0.0, 0.0
        for n in range(nodes.size):
            stencil(fields[m] + root * nodes[n], a, c, len(upper), index, value, slope)
            interpolate(upper, index, slope, change)
            for k in range(mean.size):
                change[k] *= tilt[m, n, k]
                mean[k] += change[k]
                tilted[k] += change[k] * nodes[n]
                change[k] = law[m, k] * tilt[m, n, k]
            for j in range(POINTS):
                for k in range(mean.size):
                    onward[index[j], k] += value[j] * change[k]
        for k in range(mean.size):
            by_width += law[m, k] * tilted[k] / (2.0 * root)
            by_y += law[m, k] * rise[m, k] / y
            first[m, k] = mean[k]
            second[m, k] = tilted[k] / root - y * mean[k] * mean[k]
    return by_width, by_y
