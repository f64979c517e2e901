"""One oscillator of any stiffness law in a normal field, A = 1, by scipy alone: no code of `khgps`.

x solves kappa' x + x^3/6 = f, in closed form. For kappa' > 0 it is x = 2 (2 kappa')^(1/2) sinh(theta) with
f = (2 kappa')^(3/2) sinh(3 theta)/3, and averages over f are trapezoidal sums over theta, where all decays at
both ends; the outer integral, over y = kappa'^(1/2), is adaptive. For kappa' < 0 the lower of two wells is
taken, and E[dx/df] = E[x (f - h)]/s^2 by parts, with the jumps of x in it.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad_vec
from scipy.optimize import brentq, root

Array = NDArray[np.float64]
REACH = 8.6  # deviations of the field
POINTS = 700  # of theta


class Law(NamedTuple):
    """A law of kappa = kappa_min + d: a density p(d), of integral one, smooth between the ends d given."""

    kappa_min: float
    density: Callable[[float], float]
    ends: tuple[float, ...]  # ascending from 0


def stable_means(law: Law, b: float, h: float, s: float) -> Array:
    """Return E[x^2], E[1/k] and E[1/k^2] for kappa' = b + d, b >= 0."""

    def at(y: float) -> Array:
        return np.asarray(2.0 * y * law.density(y * y) * _over_field(b + y * y, h, s))

    top = math.sqrt(law.ends[-1])
    inner = [math.sqrt(end) for end in law.ends[1:-1]] + [1e-3 * top, 1e-2 * top, 0.1 * top]
    return np.asarray(quad_vec(at, 1e-9 * top, top, points=inner, epsrel=1e-10, epsabs=0.0)[0])


def _over_field(kappa: float, h: float, s: float) -> Array:
    if s == 0.0:
        return np.array([0.0, 1.0 / kappa, 1.0 / kappa**2])
    scale = (2.0 * kappa) ** 1.5 / 3.0
    low, high = (math.asinh((h + side * REACH * s) / scale) / 3.0 for side in (-1.0, 1.0))
    theta, step = np.linspace(low, high, POINTS, retstep=True)
    x = 2.0 * math.sqrt(2.0 * kappa) * np.sinh(theta)
    k = kappa + 0.5 * x * x
    by_theta = 3.0 * scale * np.cosh(3.0 * theta)  # df/d theta
    weight = np.exp(-0.5 * ((scale * np.sinh(3.0 * theta) - h) / s) ** 2) * by_theta * step
    weight /= math.sqrt(2.0 * math.pi) * s
    return np.array([weight @ (x * x), weight @ (1.0 / k), weight @ (1.0 / k**2)])


def critical(law: Law, h: float, guess: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return J_c, q, chi and b: b = 0 if the replicon is positive there, else where the replicon vanishes."""
    kappa_min = law.kappa_min

    def edge(s: float) -> float:
        x2, chi, _ = stable_means(law, 0.0, h, s)
        return float(math.log(s * s * chi / (kappa_min * x2)))

    if h > 0.0:
        s = brentq(edge, 0.1 * guess[1], 10.0 * guess[1], xtol=1e-12)
        x2, chi, k_2 = stable_means(law, 0.0, h, s)
        if kappa_min / chi * k_2 < 1.0:
            return math.sqrt(kappa_min / chi), x2, chi, 0.0

    def misses(unknown: Array) -> Array:
        b, s = math.exp(unknown[0]), math.exp(unknown[1])
        x2, chi, k_2 = stable_means(law, b, h, s)
        strength = (kappa_min - b) / chi
        return np.array([strength * k_2 - 1.0, s * s / (strength * x2) - 1.0])

    if h == 0.0:

        def replicon(b: float) -> float:
            _, chi, k_2 = stable_means(law, b, 0.0, 0.0)
            return float(chi - (kappa_min - b) * k_2)

        b = brentq(replicon, 1e-3 * kappa_min, 0.6 * kappa_min, xtol=1e-14)
        _, chi, _ = stable_means(law, b, 0.0, 0.0)
        return math.sqrt((kappa_min - b) / chi), 0.0, chi, b
    found = root(misses, np.log(guess), tol=1e-11)
    assert found.success, found.message
    b, s = np.exp(found.x)
    x2, chi, _ = stable_means(law, b, h, s)
    return math.sqrt((kappa_min - b) / chi), x2, chi, float(b)


def unstable(law: Law, J: float, h: float, guess: tuple[float, float]) -> tuple[float, float]:
    """Return q and chi where kappa' may be negative: q = E[x^2], chi = E[x (f - h)]/s^2."""

    def misses(unknown: Array) -> Array:
        q, chi = np.exp(unknown)
        u, s = J * J * chi, J * math.sqrt(q)
        x2, xf, _ = lower_well_means(law, u, h, s)
        return np.array([x2 / q - 1.0, xf / (s * s) / chi - 1.0])

    found = root(misses, np.log(guess), tol=1e-9)
    assert found.success, found.message
    q, chi = np.exp(found.x)
    return float(q), float(chi)


def lower_well_means(law: Law, u: float, h: float, s: float) -> Array:
    """Return E[x^2], E[x (f - h)] and E[1/k] for kappa' = kappa - u of either sign."""
    zero = u - law.kappa_min  # where kappa' = 0
    cuts = sorted({*law.ends, *(zero + side * far for side in (-1, 1) for far in (0.0, 0.01, 0.1))})
    cuts = [cut for cut in cuts if 0.0 <= cut <= law.ends[-1]]

    def at(d: float) -> Array:
        return np.asarray(law.density(d) * _lower_wells(d - zero, h, s))

    points = cuts[1:-1]
    return np.asarray(quad_vec(at, cuts[0], cuts[-1], points=points, epsrel=1e-8, epsabs=0.0)[0])


NODES, WEIGHTS = np.polynomial.legendre.leggauss(400)


def _lower_wells(kappa: float, h: float, s: float) -> Array:
    """Return E[x^2], E[x (f - h)] and E[1/k], f = t^3 on either side of the jump at f = 0."""
    end = (abs(h) + REACH * s) ** (1.0 / 3.0)
    t, part = 0.5 * end * (1.0 + NODES), 0.5 * end * WEIGHTS
    f = t**3
    scale = (2.0 * abs(kappa)) ** 1.5 / 3.0
    ratio = f / scale
    if kappa < 0.0:
        angle = np.where(
            ratio < 1.0,
            np.cos(np.arccos(np.minimum(ratio, 1.0)) / 3.0),
            np.cosh(np.arccosh(np.maximum(ratio, 1.0)) / 3.0),
        )
    else:
        angle = np.sinh(np.arcsinh(ratio) / 3.0)
    x = 2.0 * math.sqrt(2.0 * abs(kappa)) * angle
    above, below = (
        part * 3.0 * t**2 * np.exp(-0.5 * ((f - mean) / s) ** 2) / (math.sqrt(2.0 * math.pi) * s)
        for mean in (h, -h)
    )
    both = above + below
    return np.array(
        [both @ x**2, above @ (x * (f - h)) + below @ (x * (f + h)), both @ (1.0 / (kappa + 0.5 * x**2))]
    )
