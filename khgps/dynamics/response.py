"""The response G_kl = E[dx_k/dh_l] of stages to fields at stages, from tangents of every sample.

A tangent, a column, is what one field does to the stages of a sample. Columns are the fields of all stages,
and unit jumps of x at times asked for, whose mean is R(t, s).
"""

import math
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.dynamics import radau
from khgps.dynamics.kernels import add_memory, finish_tangents
from landscape import threads

Array = NDArray[np.float64]
CHUNK = 128  # samples of a task, whatever the number of threads
CAUTION = 0.1  # at 1, of least noise, the energy comes to rise in the marginal phase


class Row(NamedTuple):
    """What a step adds."""

    g: Array  # (3, stages + 3): of the stages to the fields of all stages
    jumps: Array  # (3, jumps)
    tangents: list[Array]  # (3, columns + 3, samples of a chunk)


class Response:
    """G so far, and the tangents that continue it."""

    def __init__(self, size: int) -> None:
        self.chunks = [(low, min(low + CHUNK, size)) for low in range(0, size, CHUNK)]
        self.size, self.stages, self.columns = size, 0, 0
        self.G = np.zeros((0, 0))  # (stages, stages)
        self.of_stage, self.of_jump = np.zeros(0, np.intp), np.zeros(0, np.intp)  # their columns
        self.R = np.zeros(0)  # at the end of the last step, to each jump
        self._blocks: list[list[NDArray[np.float32]]] = [[] for _ in self.chunks]
        self._last = [np.ones((0, high - low)) for low, high in self.chunks]

    def add_jump(self) -> None:
        """Follow a unit jump of x from here on."""
        self._last = [np.vstack([last, np.ones((1, last.shape[1]))]) for last in self._last]
        self.of_jump = np.append(self.of_jump, self.columns)
        self.R = np.append(self.R, 1.0)
        self.columns += 1

    def guess(self, ratio: float) -> Array:
        """Return G of the next step, (3, stages + 3), from that of the last, which was shorter by `ratio`."""
        g = np.zeros((radau.STAGES, self.stages + radau.STAGES))
        if self.stages:
            earlier = self.G[-4:] if self.stages > radau.STAGES else np.pad(self.G, ((1, 0), (0, 0)))
            g[:, : self.stages] = radau.extrapolation(ratio) @ earlier
            g[:, self.stages - radau.STAGES : self.stages] = self.G[-1, -radau.STAGES :]
        return g

    def row(self, g: Array, matrix: Array, inverse: Array) -> Row:
        """Return the response of a step whose memory is that of g, a first G times J^2.

        `matrix` is that of the rule times dt, `inverse` that of `solve_stages`.
        """
        memory = matrix @ g
        tangents = threads.run(
            [partial(self._tangents, k, memory, matrix, inverse) for k in range(len(self.chunks))]
        )
        mean = sum((one.sum(axis=2) for one in tangents), np.zeros(())) / self.size
        return Row(
            np.hstack([mean[:, self.of_stage], mean[:, self.columns :]]), mean[:, self.of_jump], tangents
        )

    def append(self, row: Row, g: Array) -> None:
        """Add a step of response g."""
        new = self.columns + np.arange(radau.STAGES)
        self.G = np.vstack([np.pad(self.G, ((0, 0), (0, radau.STAGES))), g])
        self.R = row.jumps[-1]
        self.of_stage = np.concatenate([self.of_stage, new])
        self.stages, self.columns = self.stages + radau.STAGES, self.columns + radau.STAGES
        for k, tangents in enumerate(row.tangents):
            self._blocks[k].append(tangents.astype(np.float32))
            self._last[k] = tangents[-1].copy()

    def along(self, u: Array) -> Array:
        """Return what fields u, (stages,), do to x at the end of the last step, for each sample."""
        return np.concatenate([u @ last[self.of_stage] for last in self._last])

    def _tangents(self, k: int, memory: Array, matrix: Array, inverse: Array) -> Array:
        low, high = self.chunks[k]
        total = np.zeros((radau.STAGES, self.columns + radau.STAGES, high - low))
        for n, block in enumerate(self._blocks[k]):
            first = radau.STAGES * n
            add_memory(total, np.ascontiguousarray(memory[:, first : first + radau.STAGES]), block)
        finish_tangents(low, inverse, self._last[k], matrix, total)
        return total


class Mixture:
    """G from two estimates: tangents, and E[x_k z_j] = J (G L)_kj of Novikov's theorem.

    The second is noisier, but where it does not hold the coupling forces are not those of a symmetric
    matrix, and energy is not conserved, which the marginal phase amplifies. With weights W of the stages

        G + (E[x z]/J - G L) (L^T W L + mu)^-1 L^T W

    is the estimate of least noise if mu is the ratio of the two variances; a `CAUTION` of it is taken.
    """

    def __init__(self, kappa: Array, J: float) -> None:
        self._order, self._J, self._mu = np.argsort(kappa, kind="stable"), J, math.inf

    def measure(self, response: Response, L: Array, weights: Array, x: Array) -> None:
        """Compare the variances at the end of a step: those of tangents at a given stiffness."""
        values, vectors = np.linalg.eigh((L.T * weights) @ L)
        if not (self._J > 0.0 and values.size and values[-1] > 0.0):
            return
        changes = np.diff(response.along(L @ vectors[:, -1])[self._order])  # of neighbours in stiffness
        variance = 0.5 * float(np.mean(changes**2)) / float(values[-1])
        if variance > 0.0:
            self._mu = CAUTION * float(np.mean(x**2)) / self._J**2 / variance

    def __call__(self, g: Array, products: Array, L: Array, weights: Array) -> Array:
        """Return the mixture of g (3, stages) with E[x z] (3, rank)."""
        if self._mu == math.inf:
            return g
        weighted = L.T * weights
        missing = products / self._J - g @ L
        return g + missing @ np.linalg.solve(weighted @ L + self._mu * np.eye(L.shape[1]), weighted)
