"""Cubic modes of oscillator models whose valleys are bent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import landscape
import quartic
from qle.measurements.cubic_modes import RESIDUAL, starting_directions
from qle.measurements.ensemble import Ensemble

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BentModes:
    """Cubic modes of the minima of an ensemble, at one F.

    Attributes
    ----------
    share : float
        F, of b4 along straight lines, that is undone along the valleys.
    ratio : (n,) array
        r.
    off : (n,) array
        s^2, the share of the mode's energy off the valleys.
    undone : (n,) array
        f along the nearest quartic mode of the oscillators, at the bottom of the valleys.
    sample : (n,) array of int
    samples : int
    """

    share: float
    ratio: Array
    off: Array
    undone: Array
    sample: NDArray[np.int64]
    samples: int


def collect_bent(ensemble: Ensemble, samples: int, shares: tuple[float, ...]) -> list[BentModes]:
    """Return the cubic modes of the same minima at several F, one after another."""
    rows: list[list[Array]] = [[] for _ in shares]
    for sample, (problem, x) in enumerate(ensemble.minima(samples)):
        straight = starting_directions(problem, x)
        soft = np.column_stack([one.direction for one in quartic.quartic_modes(problem, x, starts=straight)])
        for share, found in zip(shares, rows, strict=True):
            modes = modes_of(quartic.Bent.of_share(problem, share), x, straight, soft)
            found.append(np.column_stack([modes, np.full(len(modes), sample)]))
    made = []
    for share, found in zip(shares, rows, strict=True):
        ratio, off, undone, sample_of = np.concatenate(found).T
        made.append(BentModes(share, ratio, off, undone, sample_of.astype(np.int64), samples))
    return made


def modes_of(bent: quartic.Bent, x: Array, straight: Array, soft: Array) -> Array:
    """Return (r, s^2, f) of the cubic modes to which straight directions (N, m) lead, in rows.

    f is along that of the soft directions (N, k) of unit length that is nearest to the sites' part of a mode.
    """
    place = bent.lifted(x)
    modes = landscape.cubic_modes(bent, place, starts=along_valleys(bent, x, straight))
    modes = [mode for mode in modes if mode.residual < RESIDUAL]
    pi = np.column_stack([mode.direction for mode in modes])
    aside = pi[1::2] + bent.g * x[:, None] * pi[::2]
    off = bent.K * np.sum(aside**2, axis=0) / np.array([mode.b2 for mode in modes])
    z = along_valleys(bent, x, soft)
    undone = landscape.valley(bent, place, z / np.linalg.norm(z, axis=0)).undone
    nearest = np.abs(pi[::2].T @ soft).argmax(axis=1)
    return np.column_stack([[mode.ratio for mode in modes], off, undone[nearest]])


def along_valleys(bent: quartic.Bent, x: Array, directions: Array) -> Array:
    """Return directions (N, m) of the sites, at the bottom of their valleys (2 N, m)."""
    lifted = np.empty((2 * x.size, directions.shape[1]))
    lifted[::2], lifted[1::2] = directions, -bent.g * x[:, None] * directions
    return lifted
