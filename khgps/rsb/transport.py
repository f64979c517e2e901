"""The law of fields P(q, H) of the Parisi flow as a density, from q_0 up to q_EA.

In a cell of width D and constant mass y, where f goes from f_- at the lower end to f_+ at the upper one,

    P_+(H) = int dH_0 P_-(H_0) N(H; H_0, D) exp(y [f_+(H) - f_-(H_0)]),

which conserves the mass, as E exp(y f_+) = exp(y f_-). Here H_0 = H - D y s + D^(1/2) z with s near f_+'(H),
and what is left under the Gauss-Hermite rule of z is smooth. ln P is known at H_l = a sinh(c l),
l = -(M - 1) .. M - 1, for each of n stiffnesses, and between them it is the polynomial through six points in
l; likewise f, which is even and known for l >= 0.
"""

import math

import numpy as np

from landscape.jit import kernel

POINTS = 6  # of the interpolation


@kernel
def _stencil(H, a, c, size, weights):  # type: ignore[no-untyped-def]
    """Write the weights of the points by which a function of H is interpolated; return the first of them."""
    position = math.asinh(H / a) / c + size - 1
    first = min(max(int(position) - 2, 0), 2 * size - 1 - POINTS)
    t = position - first
    for j in range(POINTS):
        weights[j] = 1.0
        for i in range(POINTS):
            if i != j:
                weights[j] *= (t - i) / (j - i)
    return first


@kernel
def first_law(h, variance, lower, a, c, upper, fields, width, y, nodes, weights, law):  # type: ignore[no-untyped-def]
    """Write ln P at the upper end of the first cell, where P(q_0, .) = N(h, variance); law is (2 M - 1, n).

    Given H at the upper end, H_0 is normal, too, but for the tilt by f.
    """
    size = len(fields)
    total = variance + width
    values = np.zeros(POINTS)
    spread = math.sqrt(variance * width / total)
    for m in range(1 - size, size):
        H = math.copysign(fields[abs(m)], m)
        mean = (h * width + H * variance) / total
        bell = -0.5 * (H - h) ** 2 / total - 0.5 * math.log(2.0 * math.pi * total)
        for k in range(upper.shape[1]):
            f = upper[abs(m), k]
            average = 0.0
            for n in range(nodes.size):
                first = _stencil(mean + spread * nodes[n], a, c, size, values)
                below = 0.0
                for j in range(POINTS):
                    below += values[j] * lower[abs(first + j - size + 1), k]
                average += weights[n] * math.exp(y * (f - below))
            law[m + size - 1, k] = bell + math.log(average)


@kernel
def next_law(before, lower, a, c, upper, fields, width, y, nodes, weights, law):  # type: ignore[no-untyped-def]
    """Write ln P at the upper end of a cell from ln P at the lower one, both (2 M - 1, n)."""
    size = len(fields)
    values = np.zeros(POINTS)
    for m in range(1 - size, size):
        H = math.copysign(fields[abs(m)], m)
        low, high = max(m - 1, 1 - size), min(m + 1, size - 1)
        gap = math.copysign(fields[abs(high)], high) - math.copysign(fields[abs(low)], low)
        for k in range(upper.shape[1]):
            f = upper[abs(m), k]
            slope = (upper[abs(high), k] - upper[abs(low), k]) / gap
            average = 0.0
            for n in range(nodes.size):
                step = math.sqrt(width) * nodes[n] - width * y * slope
                first = _stencil(H + step, a, c, size, values)
                below = known = 0.0
                for j in range(POINTS):
                    below += values[j] * lower[abs(first + j - size + 1), k]
                    known += values[j] * before[first + j, k]
                rise = f - below + step * slope + 0.5 * width * y * slope * slope
                average += weights[n] * math.exp(known + y * rise)
            law[m + size - 1, k] = math.log(average)


@kernel
def last_law(kappa, x, before, lower, first, by_kappa, a, c, width, y, nodes, weights, density):  # type: ignore[no-untyped-def]
    """Write P(q_EA, H) at H = kappa x + x^3/6, x the lower minimum there, for arrays of kappa and x.

    `before` and `lower` are as above; at kappa[i] they are interpolated with the weights by_kappa[i] of the
    stiffnesses from first[i] on.
    """
    size = len(lower)
    values = np.zeros(POINTS)
    for i in range(kappa.size):
        square = x[i] * x[i]
        H, f = (kappa[i] + square / 6.0) * x[i], (0.5 * kappa[i] + 0.125 * square) * square
        density[i] = 0.0
        for n in range(nodes.size):
            step = math.sqrt(width) * nodes[n] - width * y * x[i]
            start = _stencil(H + step, a, c, size, values)
            below = known = 0.0
            for j in range(POINTS):
                for k in range(by_kappa.shape[1]):
                    weight = values[j] * by_kappa[i, k]
                    below += weight * lower[abs(start + j - size + 1), first[i] + k]
                    known += weight * before[start + j, first[i] + k]
            rise = f - below + step * x[i] + 0.5 * width * y * square
            density[i] += weights[n] * math.exp(known + y * rise)
