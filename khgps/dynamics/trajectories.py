"""Trajectories of all samples in an orthonormal basis, which grows with the stages.

x_k = sum_j L_kj y_j with E[y_i y_j] = delta_ij, so that C = L L^T and sum_j L_kj z_j with independent normal
z_j is a field of covariance C: the Cholesky factor of a matrix that falls off by 1.5 decades an eigenvalue,
without its squared condition number. Directions below `TRUNCATION` of x are left out.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.dynamics.radau import STAGES

Array = NDArray[np.float64]
TRUNCATION = 1e-4
ORDER = (2, 0, 1)  # of the stages in Gram and Schmidt: the end of the step first


class Split(NamedTuple):
    """The stages of a step in the basis."""

    old: Array  # (3, rank): along the directions that there are
    rest: Array  # (3, samples): orthogonal to them
    new: Array  # (3, new): along new ones, lower triangular in the order of `stages`
    stages: tuple[int, ...]  # whose rest makes a direction

    @property
    def rows(self) -> Array:
        """Their rows of L."""
        return np.hstack([self.old, self.new])

    def directions(self) -> Array:
        """Return the new directions, (new, samples)."""
        found = np.empty((len(self.stages), self.rest.shape[1]))
        for j, a in enumerate(self.stages):
            found[j] = (self.rest[a] - self.new[a, :j] @ found[:j]) / self.new[a, j]
        return found


class Trajectories:
    """Basis y (rank, samples) and coefficients L (1 + stages, rank); row 0 is the start."""

    def __init__(self, start: Array) -> None:
        rms = math.sqrt(float(np.mean(start**2)))
        moved = rms > 0.0
        self.y = start[None] / rms if moved else np.empty((0, start.size))
        self.L = np.full((1, int(moved)), rms)

    @property
    def rank(self) -> int:
        """Number of directions."""
        return len(self.y)

    def split(self, x: Array, allowed: tuple[int, ...] = ORDER) -> Split:
        """Return the stages x (3, samples) in the basis; only those allowed make new directions."""
        size = x.shape[1]
        old = x @ self.y.T / size
        rest = x - old @ self.y
        again = rest @ self.y.T / size  # once would multiply what orthogonality lacks by |x|/|rest|
        old, rest = old + again, rest - again @ self.y
        least = TRUNCATION**2 * np.mean(x**2, axis=1)
        return Split(old, rest, *_factor(rest @ rest.T / size, least, allowed))

    def append(self, split: Split) -> None:
        """Add the stages of a step."""
        new = split.new.shape[1]
        self.y = np.vstack([self.y, split.directions()])
        self.L = np.vstack([np.pad(self.L, ((0, 0), (0, new))), split.rows])


def _factor(gram: Array, least: Array, allowed: tuple[int, ...]) -> tuple[Array, tuple[int, ...]]:
    """Return the Cholesky factor (3, new) of a matrix, in `ORDER`, and the stages that add to it."""
    factor, stages = np.zeros((STAGES, STAGES)), list[int]()
    for a in ORDER:
        for j, b in enumerate(stages):
            factor[a, j] = (gram[a, b] - factor[a, :j] @ factor[b, :j]) / factor[b, j]
        left = float(gram[a, a] - factor[a] @ factor[a])
        if a in allowed and left > least[a]:
            factor[a, len(stages)] = math.sqrt(left)
            stages.append(a)
    return factor[:, : len(stages)], tuple(stages)
