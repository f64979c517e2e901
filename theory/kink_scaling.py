"""The flow near q_EA of one kink and its law of fields, which is the same for every site where y = v^(-5/8).

With H in units of l = (c x_0)^4 and v = J^2 (q_EA - q) in units of l^2, m = f'/x_0 and P over its value at
v -> infinity obey

    d_v m = m''/2 + v^(-5/8) m m',    m(0, H) = sign H,
    d_v P = -P''/2 + v^(-5/8) (P m)',    P(infinity, H) = 1.

They are solved over H/v^(1/2) and s = v^(-1/8), how sharp the kink is: m from large s down, P back up.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DULLEST = 1e-3  # s at which m is still an error function, P still 1
REACH = 6.0  # of H/v^(1/2), in units of the sharpest s: fields that the kink pushed away are at 8/3
TIMES = 801
PRECISION: dict[str, Any] = {"method": "LSODA", "lband": 1, "uband": 1, "rtol": 1e-7}


def jump_number(points: int = 300, sharpest: float = 15.0) -> float:
    """Return I, the integral over dv/v of int P m'^2 dH: what jumps of all sizes add to E[f''^2].

    Parameters
    ----------
    points : int
        Of the grid of fields.
    sharpest : float
        Largest s, from which on P is 0 at the kink.
    """
    from scipy.integrate import solve_ivp

    fields, first, second = _differences(points, sharpest)
    logs = np.linspace(math.log(sharpest), math.log(DULLEST), TIMES)

    def kink(log: float, m: Array) -> Array:
        rate, slope = np.zeros_like(m), first(m)
        rate[1:-1] = second(m) / 2.0 + (fields[1:-1] / 2.0 + math.exp(log) * m[1:-1]) * slope
        return -8.0 * rate

    sharp = np.tanh(sharpest * fields)
    kinks = solve_ivp(kink, logs[[0, -1]], sharp, t_eval=logs, dense_output=True, atol=1e-9, **PRECISION)

    def law(log: float, P: Array) -> Array:
        m, s, rate = kinks.sol(log), math.exp(log), np.zeros_like(P)
        rate[1:-1] = (fields[1:-1] * first(P) - second(P)) / 2.0 + s * first(P * m)
        rate[0] = (P[0] - P[1]) / fields[1] ** 2 + s * P[0] * m[1] / fields[1]
        return -8.0 * rate

    up = logs[::-1]
    laws = solve_ivp(law, up[[0, -1]], np.ones(fields.size), t_eval=up, atol=1e-12, **PRECISION)
    pairs = zip(laws.y.T, kinks.y.T[::-1], strict=True)
    sums = [2.0 * np.trapezoid(P * np.gradient(m, fields) ** 2, fields) for P, m in pairs]
    return float(np.trapezoid(8.0 * np.exp(4.0 * up) * sums, up))


def _differences(
    points: int, sharpest: float
) -> tuple[Array, Callable[[Array], Array], Callable[[Array], Array]]:
    """Return fields >= 0, close at the kink and wide apart far from it, and derivatives between the ends."""
    top = math.asinh(REACH * sharpest**2)
    fields = np.sinh(np.linspace(0.0, top, points + 1)) / sharpest
    low, high = np.diff(fields)[:-1], np.diff(fields)[1:]

    def first(u: Array) -> Array:
        inner = low**2 * u[2:] + (high**2 - low**2) * u[1:-1] - high**2 * u[:-2]
        return np.asarray(inner / (low * high * (low + high)))

    def second(u: Array) -> Array:
        inner = low * u[2:] - (low + high) * u[1:-1] + high * u[:-2]
        return np.asarray(2.0 * inner / (low * high * (low + high)))

    return fields, first, second
