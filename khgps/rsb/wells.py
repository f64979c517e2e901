"""Oscillators with two minima in a ground state of K steps (J = A = 1).

For kappa' = -s < 0 and |H| < H_s = (2 s)^(3/2)/3 the minima are 2 (2 s)^(1/2) cos(theta) and the same at
theta + 2 pi/3, with cos(3 theta) = |H|/H_s =: t. The second lies by s^2 g(t) higher, where

    g = 4 [cos^2(theta) cos(2 theta) - cos^2(theta') cos(2 theta')],    theta' = theta + 2 pi/3,

rises from 0 to 9/2, and dg/dt = (8/3^(1/2)) sin(theta + pi/3), as energies change with H by -x.
"""

import math

import numpy as np
from numpy.polynomial.chebyshev import chebval
from numpy.typing import NDArray

from khgps.rsb.fields import LocalFields
from khgps.stiffness_law import Piece

Array = NDArray[np.float64]

LARGEST = 4.5  # of g
NODES = 12  # of Gauss-Legendre
NEWTON = 8


def share_of_double_wells(fields: LocalFields) -> float:
    """Return the part of the oscillators that have a second minimum."""
    kappa, weight = fields.flow.kappa, fields.flow.weight
    double = kappa < 0.0
    s = -kappa[double, np.newaxis]
    edges = np.geomspace(1e-6, 1.0, 13)  # of t: fields are scarce near 0
    t, part = _gauss(np.concatenate([[0.0], edges]))
    inside = _both(fields, s, t) * (2.0 * s) ** 1.5 / 3.0
    return float(weight[double] @ (inside @ part))


def degenerate_wells(fields: LocalFields, gaps: Array) -> Array:
    """Return the density of the energies by which second minima lie above the first, per oscillator."""
    density = np.zeros(gaps.size)
    for piece in fields.oscillators.law.pieces:
        density += _of_piece(fields, piece, gaps)
    return density


def _of_piece(fields: LocalFields, piece: Piece, gaps: Array) -> Array:
    """Return the part of oscillators with stiffnesses in one piece of their law."""
    b, width, beta = piece.low - fields.trial.u, piece.width, piece.beta
    density = np.zeros(gaps.size)
    for i, gap in enumerate(gaps):
        least = math.sqrt(gap / LARGEST)
        if not 0.0 < least < -b:
            continue
        if width == 0.0:
            density[i] = _per_energy(fields, np.full(1, -b), gap)[0] * piece.mass
            continue
        # s = least cosh^2 v takes the root of the least s, and what goes as a power of s
        start, end = (math.acosh(math.sqrt(max(s / least, 1.0))) for s in (-b - width, -b))
        v, part = _gauss(np.linspace(start, end, 2 + int(end - start)))
        s = least * np.cosh(v) ** 2
        distance = np.maximum(-s - b, 0.0)
        law = (beta + 1.0) * distance**beta / width ** (beta + 1.0)
        law *= chebval(2.0 * distance / width - 1.0, piece.shape)
        density[i] = (part * least * np.sinh(2.0 * v) * law) @ _per_energy(fields, s, gap)
    return density


def _per_energy(fields: LocalFields, s: Array, gap: float) -> Array:
    """Return the density of the energy difference `gap` of oscillators of kappa' = -s."""
    wanted = gap / s**2
    t = wanted / LARGEST
    for _ in range(NEWTON):
        rise, slope = _difference(t)
        t = np.clip(t + (wanted - rise) / slope, 0.0, 1.0)
    slope = _difference(t)[1]
    return np.asarray(_both(fields, s, t) * (2.0 * s) ** 1.5 / (3.0 * s**2 * slope))


def _difference(t: Array) -> tuple[Array, Array]:
    """Return g and dg/dt."""
    theta = np.arccos(t) / 3.0
    low, high = (np.cos(angle) ** 2 * np.cos(2.0 * angle) for angle in (theta, theta + 2.0 * math.pi / 3.0))
    return 4.0 * (low - high), 8.0 / math.sqrt(3.0) * np.sin(theta + math.pi / 3.0)


def _both(fields: LocalFields, s: Array, t: Array) -> Array:
    """Return P(q_EA, H) + P(q_EA, -H) at H = t H_s."""
    x = 2.0 * np.sqrt(2.0 * s) * np.cos(np.arccos(t) / 3.0)
    kappa = np.broadcast_to(-s, x.shape)
    return fields.density(kappa, x) + fields.density(kappa, -x)


def _gauss(edges: Array) -> tuple[Array, Array]:
    """Return nodes and weights of Gauss-Legendre rules between the edges."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    return (edges[:-1, np.newaxis] + half * (1.0 + nodes)).ravel(), (half * weights).ravel()
