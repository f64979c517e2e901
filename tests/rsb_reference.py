"""The Parisi functional of KHGPS for one stiffness on a plain grid: no code or rule shared with `khgps.rsb`.

f is known on evenly spaced fields, averages over Gaussians are sums over all of them, the oscillator's
energy is the maximum at the largest root of its cubic, by Cardano's formula. Sums across the kink at H = 0,
which is a point of the grid, err as the spacing squared; two spacings are extrapolated.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
REACH = 9.0  # deviations


def energy(kappa: float, h: float, u: float, q: Array, y: Array, spacing: float = 0.02) -> float:
    """Return e at J = A = 1 for one stiffness, ends q of cells, (K + 1,), and their y, (K,)."""
    coarse, fine = (_average(kappa - u, h, q, y, step) for step in (spacing, 0.5 * spacing))
    measure = u * q[-1] + float(y @ (q[1:] ** 2 - q[:-1] ** 2)) / 2.0
    return float(0.5 * measure - (4.0 * fine - coarse) / 3.0)


def _average(kappa: float, h: float, q: Array, y: Array, step: float) -> float:
    widths, reach = np.diff(q), abs(h) + REACH * np.sqrt(q[0])
    shift = 4.0 * float(y @ widths) * np.cbrt(6.0 * 4.0 * reach)  # tilted Gaussians lie farther out
    reaches = reach + REACH * np.concatenate([[0.0], np.cumsum(np.sqrt(widths))]) + shift
    f = oscillator(_grid(reaches[-1], step), kappa)
    for i in range(y.size - 1, -1, -1):
        size = _grid(reaches[i], step).size
        spare = (f.size - size) // 2
        weights = np.exp(-0.5 * (np.arange(-spare, spare + 1) * step) ** 2 / widths[i])
        shifted = y[i] * np.lib.stride_tricks.sliding_window_view(f, size)
        largest = shifted.max(axis=0)
        f = (largest + np.log(weights @ np.exp(shifted - largest) / weights.sum())) / y[i]
    H = _grid(reaches[0], step)
    weights = np.exp(-0.5 * (H - h) ** 2 / q[0])
    return float(weights @ f / weights.sum())


def law_of_fields(
    kappa: float, h: float, u: float, q: Array, y: Array, step: float = 0.01
) -> tuple[Array, Array]:
    """Return fields H and P(q_EA, H), J = A = 1, for one stiffness: sums over all fields of a plain grid."""
    reach = abs(h) + REACH * np.sqrt(q[-1]) + 4.0 * float(y @ np.diff(q)) * np.cbrt(24.0 * np.sqrt(q[-1]))
    H = _grid(reach, step)
    bells = [np.exp(-0.5 * H**2 / width) for width in np.diff(q)]
    f = [oscillator(H, kappa - u)]
    for i in range(y.size - 1, -1, -1):
        inside = np.convolve(np.exp(y[i] * (f[0] - f[0].max())), bells[i] / bells[i].sum(), "same")
        f.insert(0, f[0].max() + np.log(inside) / y[i])
    P = np.exp(-0.5 * (H - h) ** 2 / q[0]) / np.sqrt(2.0 * np.pi * q[0])
    for i in range(y.size):
        P = np.exp(y[i] * f[i + 1]) * np.convolve(P * np.exp(-y[i] * f[i]), bells[i] / bells[i].sum(), "same")
    return H, P


def _grid(reach: float, step: float) -> Array:
    count = int(np.ceil(reach / step))
    return np.asarray(np.arange(-count, count + 1) * step, np.float64)


def oscillator(H: Array, kappa: float) -> Array:
    """Return max_x [H x - kappa x^2/2 - x^4/24]: x^3 + 3 p x = 2 r with p = 2 kappa, r = 3 |H|."""
    p, r = 2.0 * kappa, 3.0 * np.abs(H)
    under = r * r + p**3
    root = np.sqrt(np.maximum(under, 0.0))
    one = np.cbrt(r + root) + np.cbrt(r - root)
    three = 2.0 * np.sqrt(abs(p)) * np.cos(np.arccos(np.minimum(r / abs(p) ** 1.5, 1.0)) / 3.0)
    x = np.where(under > 0.0, one, three)
    return np.asarray(np.abs(H) * x - 0.5 * kappa * x**2 - x**4 / 24.0)
