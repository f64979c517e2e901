"""One cell of the Parisi flow: f at its lower end from f at its upper end, and back.

In a cell T .. T + D of constant mass y, f of the lower end is the Cole-Hopf transform of f at the upper one,

    f(H) = ln E[exp(y F(H + D^(1/2) z))]/y,    z ~ N(0, 1),

an average over the nodes z_n of a Gauss-Hermite rule. F is even in H and known at H_l = a sinh(c l), l = 0 ..
M - 1, for each of n stiffnesses; between them it is the polynomial through six points in l.
"""

import math

import numpy as np

from quartic.jit import kernel

POINTS = 6  # of the interpolation


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
def transform(upper, a, c, fields, width, y, nodes, weights, lower):  # type: ignore[no-untyped-def]
    """Write f at the lower end of a cell, (M, n), at `fields`; `width` is the cell's D."""
    index, value, slope = np.zeros(POINTS, np.int64), np.zeros(POINTS), np.zeros(POINTS)
    inside = np.zeros((nodes.size, upper.shape[1]))
    middle = nodes.size // 2
    for m in range(fields.size):
        inside[:] = 0.0
        for n in range(nodes.size):
            stencil(fields[m] + math.sqrt(width) * nodes[n], a, c, len(upper), index, value, slope)
            for j in range(POINTS):
                for k in range(upper.shape[1]):
                    inside[n, k] += value[j] * upper[index[j], k]
        for k in range(upper.shape[1]):
            start, total = inside[middle, k], 0.0
            for n in range(nodes.size):
                rise = inside[n, k] - start
                total += weights[n] * (math.expm1(y * rise) if y > 0.0 else rise)
            lower[m, k] = start + (math.log1p(total) / y if y > 0.0 else total)


@kernel
def adjoint(upper, a, c, fields, width, y, nodes, weights, lower, law, onward, first, second):  # type: ignore[no-untyped-def]
    """Carry a law of fields, (M, n), up through a cell, the transpose of the derivative of `transform`.

    Writes the law at the upper end to `onward`, f' and f'' at the lower end to `first` and `second`, and
    returns the derivatives by D and by y of the sum of law times f.
    """
    index = np.zeros((nodes.size, POINTS), np.int64)
    value, slope = np.zeros((nodes.size, POINTS)), np.zeros((nodes.size, POINTS))
    root = math.sqrt(width)
    by_width, by_y = 0.0, 0.0
    onward[:] = 0.0
    for m in range(fields.size):
        for n in range(nodes.size):
            stencil(fields[m] + root * nodes[n], a, c, len(upper), index[n], value[n], slope[n])
        for k in range(upper.shape[1]):
            rise, mean, tilted = 0.0, 0.0, 0.0
            for n in range(nodes.size):
                F, change = 0.0, 0.0
                for j in range(POINTS):
                    point = upper[index[n, j], k]
                    F += value[n, j] * point
                    change += slope[n, j] * point
                weight = weights[n] * math.exp(y * (F - lower[m, k]))
                rise += weight * (F - lower[m, k])
                mean += weight * change
                tilted += weight * change * nodes[n]
                for j in range(POINTS):
                    onward[index[n, j], k] += law[m, k] * weight * value[n, j]
            by_width += law[m, k] * tilted / (2.0 * root)
            by_y += law[m, k] * rise / y
            first[m, k] = mean
            second[m, k] = tilted / root - y * mean * mean
    return by_width, by_y
