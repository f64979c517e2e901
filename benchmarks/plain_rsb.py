"""The equations of broken replica symmetry iterated on plain grids: no code or rule shared with `khgps.rsb`.

Levels y_1 < ... < y_K of the density of responses are given. Sought are the overlaps q_0 < ... < q_K = q_EA
between which each holds, and u, the response inside a state: at A = J = 1 each overlap must be
q_i = E int P_i m_i^2, and u = E int P_K dm_K/dH. P and m = f' go from cell to cell by the formula
of Cole and Hopf,

    e^(y f_(i-1)) = G * e^(y f_i),   m_(i-1) = e^(-y f_(i-1)) G * (m_i e^(y f_i)),
    P_i = e^(y f_i) G * (P_(i-1) e^(-y f_(i-1))),

with G a Gaussian of variance q_i - q_(i-1), as sums over evenly spaced fields.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root

Array = NDArray[np.float64]

BLOCK = 64  # fields that are averaged about at once: exponents need a common scale only within their reach
REACH = 8.5  # deviations


class Equations(NamedTuple):
    """What is asked: a law of stiffness, a field, the levels and the grid."""

    kappa_min: float
    kappa_0: float
    h: float
    y: Array  # (K,)
    step: float = 0.04
    top: float = 16.0  # largest field
    nodes: int = 12  # of stiffness, between u and each end
    density: Callable[[Array], Array] | None = None  # of kappa, of integral one; uniform by default,
    bends: tuple[float, ...] = ()  # and smooth but for these


def solve(asked: Equations, q: Array, u: float, tolerance: float = 1e-9) -> tuple[float, Array, float]:
    """Return e, q and u where the equations hold, from a first guess of q and u."""

    def misses(unknown: Array) -> Array:
        q, u = unknown[:-1], float(unknown[-1])
        if not (np.diff(q, prepend=0.0) > 0.0).all():
            return np.ones_like(unknown)  # far from all solutions: the step is shortened
        return _iterated(asked, q, u)[1] - unknown

    found = root(misses, np.append(q, u), tol=tolerance, options={"eps": 1e-8})
    if not found.success:
        raise RuntimeError(found.message)
    return _iterated(asked, found.x[:-1], float(found.x[-1]))[0], found.x[:-1], float(found.x[-1])


def _iterated(asked: Equations, q: Array, u: float) -> tuple[float, Array]:
    """Return e and what the right sides of the equations make of q and u."""
    points = round(asked.top / asked.step)
    H = np.linspace(-points * asked.step, points * asked.step, 2 * points + 1)
    kappa, weight = _stiffness(asked, u)
    widths = np.diff(q)
    x = _displacement(np.abs(H)[:, np.newaxis], kappa)
    m, f = [np.sign(H)[:, np.newaxis] * x], [(abs(H)[:, np.newaxis] - (0.5 * kappa + x**2 / 24.0) * x) * x]
    for y, width in zip(asked.y[::-1], widths[::-1], strict=True):
        scale, total, first = _averages(y * f[0], m[0], width, asked.step)
        f.insert(0, (scale + np.log(total)) / y)
        m.insert(0, first / total)
    P = np.exp(-0.5 * (H - asked.h) ** 2 / q[0]) / np.sqrt(2.0 * np.pi * q[0])
    P = P[:, np.newaxis] * np.ones_like(kappa)
    squares = [one**2 for one in m[:-1]] + [x**2]  # at a kink m is the mean of both sides
    q_new = [_mean(P * squares[0], weight, asked.step)]
    e = 0.5 * (u * q[-1] + asked.y @ (q[1:] ** 2 - q[:-1] ** 2) / 2.0) - _mean(P * f[0], weight, asked.step)
    for i, (y, width) in enumerate(zip(asked.y, widths, strict=True)):
        scale, _, onward = _averages(-y * f[i], P, width, asked.step)
        P = onward * np.exp(scale + y * f[i + 1])
        q_new.append(_mean(P * squares[i + 1], weight, asked.step))
    response = float((0.5 * (P[1:] + P[:-1]) * np.diff(m[-1], axis=0)).sum(axis=0) @ weight)
    # summed by parts, the error of the response at a kink is that of the mean of m^2, and first order
    response += asked.y[-1] * (_mean(P * m[-1] ** 2, weight, asked.step) - q[-1])
    return e, np.array([*q_new, response])


def _mean(values: Array, weight: Array, step: float) -> float:
    return float(step * values.sum(axis=0) @ weight)


def _stiffness(asked: Equations, u: float) -> tuple[Array, Array]:
    """Return nodes of kappa - u, (n,), and weights, by Gauss and Legendre in its root on either side of 0."""
    nodes, rule = np.polynomial.legendre.leggauss(asked.nodes)
    kappa, weight = [], []
    for low, high in pairwise(sorted({asked.kappa_min, asked.kappa_0, u, *asked.bends})):
        start, end = (np.copysign(np.sqrt(abs(one - u)), one - u) for one in (low, high))
        t = start + 0.5 * (end - start) * (nodes + 1.0)
        kappa.append(t * abs(t))
        weight.append((end - start) * abs(t) * rule)
    kappas, weights = np.concatenate(kappa), np.concatenate(weight)
    law = 1.0 / (asked.kappa_0 - asked.kappa_min) if asked.density is None else asked.density(kappas + u)
    return kappas, weights * law


def _displacement(H: Array, kappa: Array) -> Array:
    """Return the largest root of kappa x + x^3/6 = H, for H >= 0."""
    x = np.cbrt(6.0 * H) + np.sqrt(np.maximum(-6.0 * kappa, 0.0))
    for _ in range(60):
        k = kappa + 0.5 * x * x
        x = np.where(k > 0.0, x - ((kappa + x * x / 6.0) * x - H) / np.where(k > 0.0, k, 1.0), x)
    return np.asarray(x)


def _averages(exponent: Array, values: Array, variance: float, step: float) -> tuple[Array, Array, Array]:
    """Return s, the mean of e^(exponent - s) over G about each field, and that of `values` times it.

    Beyond the grid all goes on as a reflection in its last point.
    """
    reach = int(np.ceil(REACH * np.sqrt(variance) / step))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step) ** 2 / variance)
    weights /= weights.sum()
    around = [
        np.pad(a, ((reach, reach + BLOCK), (0, 0)), mode="reflect", reflect_type="odd")
        for a in (exponent, values)
    ]
    band = np.zeros((BLOCK, BLOCK + 2 * reach))
    for row in range(BLOCK):
        band[row, row : row + 2 * reach + 1] = weights
    scale, total, first = np.empty((3, *exponent.shape))
    for begin in range(0, len(exponent), BLOCK):
        rows = slice(begin, min(begin + BLOCK, len(exponent)))
        E, V = (a[begin : begin + BLOCK + 2 * reach] for a in around)
        largest = E.max(axis=0)
        tilted = np.exp(E - largest)
        size = rows.stop - rows.start
        scale[rows] = largest
        total[rows], first[rows] = (band @ tilted)[:size], (band @ (V * tilted))[:size]
    return scale, total, first
