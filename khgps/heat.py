"""Specific heat of a density of harmonic modes, and of a density of two-level systems; k_B = hbar = m = 1."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Density = Callable[[Array], Array]

LEAST = 1e-3  # of the lowest temperature: D(omega) rises so steeply that less does not count
FROZEN = 45.0  # energies above so many T do not count: exp(-45) = 3e-20
EDGE = 2.0 ** -np.arange(1.0, 16.0)  # panels shrink to the upper end of the spectrum, where D is a root


def harmonic_heat(density: Density, T: Array, lowest: float, highest: float) -> Array:
    """Return C(T) = int d omega D(omega) (omega/T)^2 e^(omega/T)/(e^(omega/T) - 1)^2, per oscillator.

    Where D is smooth all digits are right that D has; where it bends sharply some 1e-4 of C are missed.

    Parameters
    ----------
    density : callable
        D at ascending frequencies.
    T : array
        > 0.
    lowest, highest : float
        D is zero below the first, and above the second.
    """
    end = _edge(density, lowest, highest)
    edges = _panels(T, lowest, end, 1.25)
    if edges[-1] == end:
        edges = np.concatenate([edges[:-1], end - (end - edges[-2]) * EDGE, edges[-1:]])
    return _sum(density, T, edges, 12, -1.0)


def two_level_heat(density: Density, T: Array, highest: float) -> Array:
    """Return C(T) = int d Delta n(Delta) (Delta/T)^2 e^(Delta/T)/(e^(Delta/T) + 1)^2, per oscillator.

    n is zero above `highest`. A constant n gives (pi^2/6) n T.
    """
    return _sum(density, T, _panels(T, 0.0, highest, 2.0), 4, 1.0)


def _edge(density: Density, low: float, high: float) -> float:
    """Return where a spectrum ends, to 1e-7 of the range given."""
    least = 0.0
    for _ in range(4):
        omega = np.linspace(low, high, 64)
        D = density(omega)
        least = max(least, 1e-9 * float(D.max()))  # near the edge D may be rounding
        last = int(np.flatnonzero(np.append(1.0, D[1:]) > least)[-1])
        low, high = float(omega[last]), float(omega[min(last + 1, 63)])
    return high


def _panels(T: Array, lowest: float, highest: float, factor: float) -> Array:
    """Return ends of panels from `lowest` to `highest`, or to where all is frozen."""
    length = min(highest - lowest, FROZEN * float(T.max()))
    least = min(LEAST * float(T.min()), 0.5 * length)
    count = 2 + int(np.log(length / least) / np.log(factor))
    end = highest if length == highest - lowest else lowest + length
    return np.concatenate([[lowest], lowest + np.geomspace(least, length, count)[:-1], [end]])


def _sum(density: Density, T: Array, edges: Array, nodes: int, sign: float) -> Array:
    points, weights = np.polynomial.legendre.leggauss(nodes)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    omega = (edges[:-1, np.newaxis] + half * (1.0 + points)).ravel()
    content = density(omega) * (half * weights).ravel()
    z = omega / np.ravel(T)[:, np.newaxis]
    bose = np.exp(-z)
    return np.asarray((z**2 * bose / (1.0 + sign * bose) ** 2) @ content).reshape(np.shape(T))
