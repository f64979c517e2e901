"""The cavity averages of the KHGPS model by mpmath: another route than `khgps`, to any number of digits.

For the uniform law the integral over the stiffness is done in closed form at fixed x, where f = kappa' x + A
x^3/6 is linear in kappa' and k = f/x + A x^2/3:

    E[dx/df] = int dx (Phi(f_1) - Phi(f_0)) / (w x)      (and the jumps, if kappa' < 0)
    E[x^2]   = int dx ((h + A x^3/3)(Phi(f_1) - Phi(f_0)) - s^2 (p(f_1) - p(f_0))) / w

with f_0, f_1 the fields at kappa' = b (not below -A x^2/6, where the other well is lower) and b + w. E[1/k^2]
is left as a double integral. At one stiffness all are integrals over x. All by Gauss-Legendre rules on panels
that shrink twofold towards x = 0 and kappa' = b.
"""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath as mp
from mpmath.calculus.quadrature import GaussLegendre

Number = Any  # mpf: mpmath has no type information


SMALLEST = 12  # decades of panels at b = 0, where E[1/k^2] has a logarithm at x = 0


class Cavity(NamedTuple):
    """An oscillator: stiffness kappa' uniform on [b, b + w], field normal of mean h and deviation s."""

    b: Number
    w: Number
    h: Number
    s: Number
    A: Number


def chi(c: Cavity) -> Number:
    """Return E[dx/df]."""
    if c.w == 0:
        return _over_x(c, lambda x: _density(c, c.b * x + c.A * x**3 / 6))
    total = _over_x(c, lambda x: _between(c, x)[0] / (c.w * x))
    if c.b < 0:  # 2 x_0 p_f(0) over kappa' in [b, 0], x_0 = sqrt(-6 kappa'/A); needs b + w >= 0
        total += _density(c, mp.mpf(0)) * 4 / (3 * c.w) * mp.sqrt(6 / c.A) * (-c.b) ** mp.mpf(1.5)
    return total


def x2(c: Cavity) -> Number:
    """Return E[x^2]."""
    if c.w == 0:
        return _over_x(c, lambda x: x**2 * (c.b + c.A * x**2 / 2) * _density(c, c.b * x + c.A * x**3 / 6))

    def at(x: Number) -> Number:
        probability, difference = _between(c, x)
        return ((c.h + c.A * x**3 / 3) * probability - c.s**2 * difference) / c.w

    return _over_x(c, at)


def k_2(c: Cavity) -> Number:
    """Return E[1/k^2], for b >= 0."""
    if c.w == 0:
        return _over_x(c, lambda x: _density(c, c.b * x + c.A * x**3 / 6) / (c.b + c.A * x**2 / 2))

    def at(x: Number) -> Number:
        smallest = c.b + c.A * x**2 / 2
        edges = [c.b + c.w * mp.mpf(2) ** -j for j in range(_halvings(c.w / smallest), -1, -1)]
        return _panels(c, [c.b, *edges], x)

    return _over_x(c, at, SMALLEST if c.b == 0 else 0) / c.w


def _panels(c: Cavity, edges: list[Number], x: Number) -> Number:
    """Return the integral of p_f/k over kappa' between the edges, where the field has weight."""
    total = mp.mpf(0)
    for low, high in itertools.pairwise(edges):
        fields = sorted([low * x + c.A * x**3 / 6, high * x + c.A * x**3 / 6])
        if fields[0] < c.h + _reach() * c.s and fields[1] > c.h - _reach() * c.s:
            total += _gauss(
                lambda kappa: _density(c, kappa * x + c.A * x**3 / 6) / (kappa + c.A * x**2 / 2), low, high
            )
    return total


def _between(c: Cavity, x: Number) -> tuple[Number, Number]:
    """Return Phi(f_1) - Phi(f_0) and p(f_1) - p(f_0) at x."""
    low, high = (max(kappa, -c.A * x**2 / 6) * x + c.A * x**3 / 6 for kappa in (c.b, c.b + c.w))
    z = [(low - c.h) / c.s, (high - c.h) / c.s]
    return mp.ncdf(z[1]) - mp.ncdf(z[0]), _density(c, high) - _density(c, low)


def _density(c: Cavity, f: Number) -> Number:
    return mp.npdf(f, c.h, c.s)


def _reach() -> Number:
    """Return the number of deviations beyond which the field has less than 10^-digits of its weight."""
    return mp.sqrt(2 * mp.log(10) * mp.mp.dps)


def _halvings(ratio: Number) -> int:
    return max(0, int(mp.ceil(mp.log(ratio, 2))) + 1)


def _over_x(c: Cavity, function: Callable[[Number], Number], decades: int = 0) -> Number:
    """Return the integral over all x where the field has weight; panels go `decades` further to x = 0."""
    total = mp.mpf(0)
    for sign in (1, -1):
        strongest = sign * c.h + _reach() * c.s
        if strongest > 0:
            edges = _edges(c, sign * c.h, _largest(c, strongest), decades)
            for low, high in itertools.pairwise(edges):
                total += sign * _gauss(function, sign * low, sign * high)
    return total


def _edges(c: Cavity, h: Number, end: Number, decades: int) -> list[Number]:
    """Return panels of [0, end]: they shrink twofold towards 0, the field changes by 4 s at most on each."""
    scales = [end, *([mp.sqrt(abs(c.b))] if c.b else []), *([c.s / (c.b + c.w)] if c.b + c.w > 0 else [])]
    inner = mp.mpf(10) ** -decades * min(scales) / 4
    edges = {end * mp.mpf(2) ** -j for j in range(_halvings(end / inner) + 1)} | {mp.mpf(0)}
    if c.b < 0:
        edges.add(mp.sqrt(-6 * c.b / c.A))  # from here on the whole law has its minimum at x
    coarse = sorted(edge for edge in edges if edge <= end)
    fine = [mp.mpf(0)]
    for low, high in itertools.pairwise(coarse):
        parts = 1
        for kappa in (c.b, c.b + c.w):
            z = [(kappa * x + c.A * x**3 / 6 - h) / c.s for x in (low, high)]
            if min(z) < _reach() and max(z) > -_reach():
                parts = max(parts, 1 + int(abs(z[1] - z[0]) / 4))
        fine += [low + (high - low) * j / parts for j in range(1, parts + 1)]
    return fine


def _largest(c: Cavity, f: Number) -> Number:
    """Return an upper bound of the x where kappa' x + A x^3/6 = f > 0 and kappa' >= b."""
    cubic = (6 * f / c.A) ** (mp.mpf(1) / 3)
    return cubic + mp.sqrt(-6 * c.b / c.A) if c.b < 0 else min(cubic, f / c.b) if c.b else cubic


def _gauss(function: Callable[[Number], Number], low: Number, high: Number) -> Number:
    """Return the integral by 24 nodes."""
    middle, half = (low + high) / 2, (high - low) / 2
    return half * mp.fsum(weight * function(middle + half * node) for node, weight in _rule())


def _rule() -> list[tuple[Number, Number]]:
    if mp.mp.prec not in _RULES:
        _RULES[mp.mp.prec] = GaussLegendre(mp.mp).calc_nodes(4, mp.mp.prec)
    return _RULES[mp.mp.prec]


_RULES: dict[int, list[tuple[Number, Number]]] = {}
