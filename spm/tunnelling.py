"""The lowest two levels of the symmetric double well, and how little they differ.

H = p^2/2 + (u^2 - 6 k)^2/24, hbar = 1, with psi_e its lowest even state and psi_o its lowest odd one. As

    d/du (psi_e psi_o' - psi_o psi_e') = 2 (E_e - E_o) psi_e psi_o,

the integral over u > 0 gives the splitting as a ratio of positive numbers, without a difference of levels:

    E_o - E_e = psi_e(0) psi_o'(0)/(2 int_0^inf psi_e psi_o du).

Both states are followed by Taylor series from u = 0 outwards and from far out inwards, the directions in
which they grow, to a point in the well. There the slopes on either side agree at the right energy.
"""

import math
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from arguments import real
from landscape.jit import kernel

Array = NDArray[np.float64]

ORDER = 20  # of the Taylor series; a step is one decay length at most, and 1/20! is 4e-19
HALVINGS = 12  # of the energies' first intervals: to 2e-4 of the distance to the next level of that parity
NEWTON = 4  # steps of Newton's method from there, each of which doubles the right digits
SPACING = 0.01  # of k in a table
NODES, WEIGHTS = np.polynomial.legendre.leggauss(10)
FAR = 100.0  # k from which on the semiclassical series is right to the last digit


class Doublet(NamedTuple):
    """The lowest two states."""

    log_splitting: float  # ln(E_o - E_e)
    dipole: float  # <psi_e|u|psi_o>


def doublet(k: float) -> Doublet:
    """Return what the lowest two states of p^2/2 - k u^2/2 + u^4/24 are for tunnelling, 0 <= k <= 100.

    The relative error of the splitting is below 1e-11.
    """
    middle = math.sqrt(6.0 * k + 1.0)
    reach = math.sqrt(6.0 * k) + 6.0 / (1.0 + k) ** 0.25  # psi is 1e-8 of its maximum there, or less
    out = _steps(middle, 1.5 * k * k + 1.0), _steps(reach - middle, (reach**2 - 6.0 * k) ** 2 / 24.0)
    return Doublet(*follow(k, middle, reach, *out, NODES, WEIGHTS))


def doublets(k: Array) -> tuple[Array, Array]:
    """Return ln(E_o - E_e) and the dipole for many k, 0 <= k <= 100, shapes (n,).

    Where that is shorter they are read off splines, with a relative error of 1e-8.
    """
    points = 4 + math.ceil((k.max() - k.min()) / SPACING)
    grid = np.linspace(k.min(), k.max(), points) if points < k.size else k
    found = np.array([doublet(one) for one in grid.tolist()])
    if points < k.size:
        found = scipy.interpolate.CubicSpline(grid, found)(k)
    return found[:, 0], found[:, 1]


def log_tunnel_splitting(k: float) -> float:
    """Return ln(E_o - E_e), -inf below all floats; raise ValueError unless k is finite and >= 0.

    For k > 100 by the series in g = 1/(6 S) about one instanton, of action S = 4 2^(1/2) k^(3/2)
    (Zinn-Justin and Jentschura 2004, arXiv:quant-ph/0501136), whose first neglected term is below 1e-14.
    """
    k = real("k", k, least=0.0)
    if k <= FAR:
        return doublet(k).log_splitting
    action = math.sqrt(32.0 * k) * k
    g = 1.0 / (6.0 * action)
    series = -g * (71.0 / 12.0 + g * (6299.0 / 288.0 + g * 2691107.0 / 10368.0))
    prefactor = 0.5 * (math.log(48.0 * math.sqrt(32.0) / math.pi) + 2.5 * math.log(k))  # of 8 k/(pi g)
    return prefactor + math.log1p(series) - action


def _steps(length: float, height: float) -> int:
    """Return into how many steps a length is cut where the potential is `height` above the energy."""
    return math.ceil(length * math.sqrt(2.0 * height))


@kernel
def expand(k, energy, u, c):  # type: ignore[no-untyped-def]
    """Fill c[2:] with the Taylor coefficients at u of psi'' = 2 (U - E) psi, from psi = c[0], psi' = c[1]."""
    w = u * u - 6.0 * k
    v = (w * w / 12.0 - 2.0 * energy, u * w / 3.0, (w + 2.0 * u * u) / 6.0, u / 3.0, 1.0 / 12.0)
    for j in range(ORDER - 1):
        total = v[0] * c[j]
        for i in range(1, min(j, 4) + 1):
            total += v[i] * c[j - i]
        c[j + 2] = total / ((j + 1) * (j + 2))


@kernel
def evaluate(c, s):  # type: ignore[no-untyped-def]
    """Return the Taylor polynomial and its derivative at distance s."""
    value, slope = 0.0, 0.0
    for j in range(ORDER, -1, -1):
        slope = slope * s + value
        value = value * s + c[j]
    return value, slope


@kernel
def has_node(k, energy, parity, length, steps, c):  # type: ignore[no-untyped-def]
    """Return whether the state of that parity and energy vanishes before u = length: E is above its level."""
    h = length / steps
    c[0], c[1] = 1.0 - parity, parity
    for n in range(steps):
        expand(k, energy, n * h, c)
        value, slope = evaluate(c, h)
        if value <= 0.0:
            return True
        c[0], c[1] = 1.0, slope / value
    return False


@kernel
def lowest(k, parity, length, steps, c):  # type: ignore[no-untyped-def]
    """Return the lowest level of that parity, roughly."""
    low, high = 0.0, 1.0 + math.sqrt(2.0 * k)
    while not has_node(k, high, parity, length, steps, c):
        low, high = high, 2.0 * high
    for _ in range(HALVINGS):
        energy = 0.5 * (low + high)
        if has_node(k, energy, parity, length, steps, c):
            high = energy
        else:
            low = energy
    return 0.5 * (low + high)


@kernel
def advance(k, energy, u, h, steps, c, nodes, weights):  # type: ignore[no-untyped-def]
    """Follow both states, rows of c, from u over `steps` steps of h, and make them 1 there.

    Returns the logarithms of what they were divided by, (2,), and the integrals over the way of psi_e^2,
    psi_o^2, psi_e psi_o and psi_e u psi_o, (4,); c[:, 1] are their slopes.
    """
    logs, sums = np.zeros(2), np.zeros(4)
    for n in range(steps):
        for p in range(2):
            expand(k, energy[p], u + n * h, c[p])
        for j in range(nodes.size):
            s = 0.5 * h * (1.0 + nodes[j])
            even, odd = evaluate(c[0], s)[0], evaluate(c[1], s)[0]
            weight = 0.5 * abs(h) * weights[j]
            sums[0] += weight * even * even
            sums[1] += weight * odd * odd
            sums[2] += weight * even * odd
            sums[3] += weight * even * odd * (u + n * h + s)
        even, even_slope = evaluate(c[0], h)
        odd, odd_slope = evaluate(c[1], h)
        sums[0] /= even * even
        sums[1] /= odd * odd
        sums[2:] /= even * odd
        logs[0] += math.log(even)
        logs[1] += math.log(odd)
        c[0, 0], c[0, 1] = 1.0, even_slope / even
        c[1, 0], c[1, 1] = 1.0, odd_slope / odd
    return logs, sums


@kernel
def follow(k, middle, reach, out, back, nodes, weights):  # type: ignore[no-untyped-def]
    """Return ln(E_o - E_e) and <psi_e|u|psi_o>, with `out` steps to the middle and `back` from far out."""
    inner, outer = np.zeros((2, ORDER + 1)), np.zeros((2, ORDER + 1))
    energy = np.array([lowest(k, parity, reach, out + back, inner[0]) for parity in range(2)])
    decay = math.sqrt((reach * reach - 6.0 * k) ** 2 / 12.0)
    for n in range(NEWTON + 1):
        inner[0, 0], inner[0, 1], inner[1, 0], inner[1, 1] = 1.0, 0.0, 0.0, 1.0
        outer[:, 0], outer[:, 1] = 1.0, -decay
        logs, inside = advance(k, energy, 0.0, middle / out, out, inner, nodes, weights)
        _, outside = advance(k, energy, reach, (middle - reach) / back, back, outer, nodes, weights)
        sums = inside + outside
        if n < NEWTON:
            energy += (inner[:, 1] - outer[:, 1]) / (2.0 * sums[:2])
    return -logs[0] - logs[1] - math.log(2.0 * sums[2]), sums[3] / math.sqrt(sums[0] * sums[1])
