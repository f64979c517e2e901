"""Quadrature over a law of stiffness, shifted by the coupling: piece by piece of `khgps.stiffness_law`."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import scipy
from numpy.polynomial.chebyshev import chebval
from numpy.typing import NDArray

from khgps.stiffness_law import Piece, StiffnessLaw, require_quadrature
from landscape.jit import kernel

Array = NDArray[np.float64]
NODES = 16  # per panel
SMALLEST = 1e-40  # panel, of the whole: at most 84 each side of zero


class Rules(NamedTuple):
    """Gauss rules on [-1, 1] for the weights (1 + t)^power."""

    powers: Array  # (3,): of plain panels, of those at the law's edge b != 0, of those at b = 0
    nodes: Array  # (3, count)
    weights: Array  # (3, count)


@cache
def gauss_rules(beta: float, count: int = NODES) -> Rules:
    """Return the rules of `count` nodes for a law of exponent beta.

    At b = 0 the averages are over y^(2 beta + 1) dy with y = sqrt(kappa'), and E[1/k^2] at fixed kappa' is
    1/y times an analytic function of y, E[1/k^3] 1/y^3 times one: the rule takes as much as can be
    integrated.
    """
    require_quadrature(beta)
    at_zero = 2.0 * beta + (-2.0 if beta > 0.5 else 0.0 if beta > -0.5 else 1.0)
    powers = np.array([0.0, beta, at_zero])
    nodes, weights = zip(*(scipy.special.roots_jacobi(count, 0.0, power) for power in powers), strict=True)
    return Rules(powers, np.array(nodes), np.array(weights))


def law_nodes(law: StiffnessLaw, b: float, scale: float, count: int = NODES) -> tuple[Array, Array]:
    """Return nodes kappa' = kappa - kappa_min + b and weights for averages over a law.

    What is averaged is analytic in |kappa'|^(1/2), on its own scale or the given one if that is larger;
    scale > 0 if b <= 0. `count` is for panels that grow threefold; the narrow ones of a law of several pieces
    have fewer, for the same error.
    """
    parts = []
    for piece in law.pieces:
        start, fewer = b + (piece.low - law.kappa_min), count
        if len(law.pieces) > 1 and piece.beta == 0.0:
            fewer = _enough(start, piece.width, count, len(piece.shape))
        parts.append(piece_nodes(piece, start, scale, fewer))
    if len(parts) == 1:
        return parts[0]
    kappa, weight = zip(*parts, strict=True)
    return np.concatenate(kappa), np.concatenate(weight)


def piece_nodes(piece: Piece, start: float, scale: float, count: int = NODES) -> tuple[Array, Array]:
    """Return nodes and weights of one piece whose lower end is at kappa' = start."""
    width = piece.width
    kappa, weight = stiffness_nodes(start, width, piece.beta, scale, gauss_rules(piece.beta, count))
    if len(piece.shape) > 1:
        return kappa, weight * chebval(2.0 * (kappa - start) / width - 1.0, piece.shape)
    return kappa, weight * piece.shape[0]


def _enough(start: float, width: float, count: int, terms: int) -> int:
    """Return the nodes on y in [low, high], of the error of `count` nodes where high = 3 low.

    It is rho^(-2 count), with rho = z + (z^2 - 1)^(1/2) of y = 0 seen from the panel, 2 + 3^(1/2) there.
    """
    ends = abs(start), abs(start + width)
    low, high = math.sqrt(min(ends)), math.sqrt(max(ends))
    if start * (start + width) <= 0.0 or high >= 3.0 * low or high == low:
        return count
    rho = math.acosh(1.0 + 2.0 * low / (high - low))
    return min(count, 2 + terms // 2 + math.ceil(count * math.acosh(2.0) / rho))


@kernel
def stiffness_nodes(b, w, beta, scale, rules):  # type: ignore[no-untyped-def]
    """Return nodes kappa' in [b, b + w] and weights for averages over the density ~ (kappa' - b)^beta.

    What is averaged is analytic in y = sqrt|kappa'| on either side of kappa' = 0, on the given scale of y
    there and on the scale of y elsewhere; so panels in y grow threefold from that scale. scale > 0 if b <= 0.
    """
    if w == 0.0:
        return np.full(1, 1.0 * b), np.ones(1)
    kappa = np.empty(200 * rules.nodes.shape[1])
    weight = np.empty_like(kappa)
    n = np.int64(0)  # a literal would be compiled for by itself
    if b < 0.0:  # kappa' = -y^2
        low, high = math.sqrt(max(0.0, -b - w)), math.sqrt(-b)
        y = low
        while y < high:
            end = min(max(3.0 * y, scale if low == 0.0 else 0.0, SMALLEST * high), high)
            if beta != 0.0 and end < high < 2.0 * end:  # no panel ends just before that of the edge
                end = 0.5 * (y + high)
            length = w / (low + high) if y == low > 0.0 and end == high else end - y
            rule = 1 if end == high else 0  # the law's edge, at the right end of the last panel
            n = _add_panel(-1.0, b, beta, y, length, rule, rules, kappa, weight, n)
            y = end
    if b + w > 0.0:  # kappa' = y^2
        low, high = math.sqrt(max(0.0, b)), math.sqrt(b + w)
        if beta != 0.0 and b != 0.0:  # the weight varies on the scale of sqrt|b|
            scale = min(scale, math.sqrt(abs(b)))
        y = low
        while y < high:
            end = min(max(3.0 * y, scale, SMALLEST * high), high)
            length = w / (low + high) if y == low > 0.0 and end == high else end - y
            rule = 0 if y > low or b < 0.0 else (1 if b > 0.0 else 2)
            n = _add_panel(1.0, b, beta, y, length, rule, rules, kappa, weight, n)
            y = end
    weight *= (beta + 1.0) / w ** (beta + 1.0)
    return kappa[:n], weight[:n]


@kernel
def _add_panel(sign, b, beta, y, length, rule, rules, kappa, weight, n):  # type: ignore[no-untyped-def]
    """Write the nodes of one panel in y, of weight 2 y (kappa' - b)^beta dy; return the number now written.

    Rules 1 and 2 take a power of the distance to the edge of the law out of the weight. The edge is the left
    end of the panel for sign = 1, the right end for sign = -1.
    """
    power = rules.powers[rule]
    edge = math.sqrt(abs(b))
    for j in range(rules.nodes.shape[1]):
        t = 0.5 * length * (1.0 + rules.nodes[rule, j])
        if rule == 0:
            root = y + t
            density = (sign * root * root - b) ** beta
        else:
            root = y + t if sign > 0.0 else y + length - t
            density = (root + edge) ** beta * t ** (beta - power)
        kappa[n] = sign * root * root
        weight[n] = rules.weights[rule, j] * (0.5 * length) ** (power + 1.0) * density * 2.0 * root
        n += 1
    return n
