"""The last cell of the Parisi flow, where f begins as the energy of one oscillator in a field.

f(H) = max_x [H x - kappa' x^2/2 - x^4/24] has a kink at H = 0 where kappa' < 0, and the power |H|^(4/3) at
kappa' = 0. With H = kappa' x + x^3/6 everything is analytic in x, so that the average over fields

    f(H_0) = ln int dH N(H; H_0, D) exp(y f(H))/y

is taken over x >= x_0 = (6 max(-kappa', 0))^(1/2), once for either sign of H.
"""

import math

import numpy as np
from numpy.typing import NDArray

from khgps.lower_well import lower_wells
from landscape.jit import kernel

Array = NDArray[np.float64]
REACH = 8.5  # deviations of the field beyond which the integrand is below 2e-16 of its maximum
PANELS = 3
SUMS = 9  # of each side: see `side`
COLUMNS = 8  # of the last cell: f, df/dD, df/dy, and tilted means of x, x^2, 1/k, 1/k^2 and f''


@kernel
def side(kappa, field, width, y, begin, end, nodes, weights, points, sums):  # type: ignore[no-untyped-def]
    """Write the integrals over H > 0 for a mean field H_0 of either sign.

    sums[0] is the largest exponent, e^sums[0] times sums[1:] the integrals of 1, x, x^2, 1/k, 1/k^2, f,
    x (H - H_0)/D and ((H - H_0)^2/D - 1)/(2 D).
    """
    # where the exponent falls by REACH^2/2 at least: f' = x, and D y x shifts the mean
    shifted, top = kappa - y * width, field + REACH * math.sqrt(width)
    sums[:] = 0.0
    sums[0] = -math.inf
    if top <= (0.0 if shifted >= 0.0 else 2.0 / 3.0 * shifted * math.sqrt(-2.0 * shifted)) or end <= begin:
        return
    half = 0.5 * (end - begin) / PANELS
    for p in range(PANELS):
        for j in range(nodes.size):
            i = p * nodes.size + j
            x = begin + half * (2.0 * p + 1.0 + nodes[j])
            f = (0.5 * kappa + 0.125 * x * x) * x * x
            distance = (kappa + x * x / 6.0) * x - field
            points[0, i], points[1, i], points[2, i] = x, f, distance / width
            points[3, i] = y * f - 0.5 * distance * distance / width
            points[4, i] = half * weights[j]
    largest = points[3].max()
    one, of_x, of_x2, inverse, inverse_2, of_f, slope, second = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(points.shape[1]):
        x, f, pull = points[0, i], points[1, i], points[2, i]
        k = kappa + 0.5 * x * x
        weight = points[4, i] * math.exp(points[3, i] - largest)
        inverse += weight
        inverse_2 += weight / k
        weight *= k
        one += weight
        of_x += weight * x
        of_x2 += weight * x * x
        of_f += weight * f
        slope += weight * x * pull
        second += weight * (0.5 * pull * pull - 0.5 / width)
    sums[0], sums[1], sums[2], sums[3], sums[4] = largest, one, of_x, of_x2, inverse
    sums[5], sums[6], sums[7], sums[8] = inverse_2, of_f, slope, second


def last_cell(
    kappa: Array, fields: Array, width: float, y: float, nodes: Array, weights: Array, out: Array
) -> None:
    """Write the COLUMNS of the last cell, out[:, m, k] for field m and stiffness k; only f where y = 0."""
    signed = np.concatenate([fields, -fields])[:, np.newaxis]
    reach = REACH * math.sqrt(width)
    least = np.sqrt(np.maximum(-6.0 * kappa, 0.0))
    begin = lower_wells(kappa, np.maximum(signed + y * width * least - reach, 0.0))
    end = lower_wells(kappa - y * width, signed + reach)
    _last_cell(kappa, fields, width, y, begin, end, nodes, weights, out)


@kernel
def _last_cell(kappa, fields, width, y, begin, end, nodes, weights, out):  # type: ignore[no-untyped-def]
    """Do what `last_cell` does, between these ends of |x|, (2 M, n): first of x > 0."""
    right, left = np.zeros(SUMS), np.zeros(SUMS)
    points = np.empty((5, PANELS * nodes.size))
    sign = np.array([0.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    for m in range(fields.size):
        for k in range(kappa.size):
            side(kappa[k], fields[m], width, y, begin[m, k], end[m, k], nodes, weights, points, right)
            side(
                kappa[k],
                -fields[m],
                width,
                y,
                begin[m + fields.size, k],
                end[m + fields.size, k],
                nodes,
                weights,
                points,
                left,
            )
            largest = max(right[0], left[0])
            right *= math.exp(right[0] - largest)
            left *= math.exp(left[0] - largest)
            both = right + sign * left
            mean = both / both[1]
            total = math.log(both[1] / math.sqrt(2.0 * math.pi * width)) + largest
            f = total / y if y > 0.0 else mean[6]
            out[0, m, k] = f
            out[1, m, k] = mean[8] / y
            out[2, m, k] = (mean[6] - f) / y
            out[3, m, k] = mean[2]
            out[4, m, k] = mean[3]
            out[5, m, k] = mean[4]
            out[6, m, k] = mean[5]
            out[7, m, k] = mean[7] - y * mean[2] * mean[2]
