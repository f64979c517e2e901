"""Samples of one site in the field of all others: the exact mean field of the discretised flow, step by step.

With the stages k of all steps, x_k of a sample, C_kl = E[x_k x_l] and G_kl = E[dx_k/dh_l], the field at stage
k is

    h + J xi_k + J^2 sum_l G_kl x_l,    <xi_k xi_l> = C_kl,    l up to the step of k,

which is the limit N -> infinity of the steps of N coupled sites: no integral over memory is approximated. A
step is iterated until C and G are those of its own samples. A = 1.
"""

import math
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.dynamics import radau
from khgps.dynamics.kernels import solve_stages
from khgps.dynamics.response import Mixture, Response, Row
from khgps.dynamics.trajectories import ORDER, Split, Trajectories
from landscape import threads

Array = NDArray[np.float64]
TOLERANCE = 1e-5  # of stages in an iteration, relative to their root mean square; of G ten times that
MOST = 12  # iterations
SETTLED = 3  # iterations after which no direction comes or goes


class Step(NamedTuple):
    """A step that may be taken."""

    dt: float
    x: Array  # (3, samples): the stages
    split: Split
    field: Array  # (3, samples): h, noise and the memory of earlier steps
    g: Array
    row: Row


class Ensemble:
    """The samples, where they are and how they came there.

    Attributes
    ----------
    x, force : (samples,) arrays
        At the end of the last step; force is dx/dt.
    dissipated : float
        int E[x'^2] dt so far.
    """

    def __init__(self, kappa: Array, x: Array, noise: Array, J: float, h: float) -> None:
        self.kappa, self.x, self.noise, self.J, self.h = kappa, x, noise, J, h
        self.paths, self.response, self._mixture = Trajectories(x), Response(x.size), Mixture(kappa, J)
        self.weights = np.zeros(0)  # of stages, in integrals over time
        self.dissipated = 0.0
        self._coupling = J * self.paths.L[0] @ noise[: self.paths.rank]  # the force of all others
        self.force = h - kappa * x - x**3 / 6.0 + self._coupling
        self._before: tuple[float, Array] | None = None  # the last step: its length, start and stages

    def attempt(self, dt: float) -> Step | None:
        """Return a step; None if its iteration does not converge."""
        ratio = dt / self._before[0] if self._before else 1.0
        x = radau.extrapolation(ratio) @ self._before[1] if self._before else np.repeat(self.x[None], 3, 0)
        g, matrix, weights = self.response.guess(ratio), dt * radau.MATRIX, dt * radau.WEIGHTS
        weights = np.concatenate([self.weights, weights])
        inverse, row, change = np.empty((9, x.shape[1])), None, math.inf
        allowed: tuple[int, ...] = ORDER
        for tries in range(MOST):
            for inner in range(MOST):
                split = self.paths.split(x, allowed)
                if tries * MOST + inner >= SETTLED:
                    allowed = split.stages
                moved, field = self._solve(x, split, g, matrix, inverse)
                if moved <= TOLERANCE:
                    break
            if row is not None and change <= 10.0 * TOLERANCE and inner == 0:
                return Step(dt, x, self.paths.split(x, allowed), field, g, row)
            row = self.response.row(self.J**2 * g, matrix, inverse)
            L = np.vstack([np.pad(self.paths.L[1:], ((0, 0), (0, split.new.shape[1]))), split.rows])
            found = self._mixture(row.g, x @ self.noise[: L.shape[1]].T / x.shape[1], L, weights)
            change, g = float(np.abs(found - g).max() / np.abs(found).max()), found
        return None

    def _solve(self, x: Array, split: Split, g: Array, matrix: Array, inverse: Array) -> tuple[float, Array]:
        """Move the stages to where their field takes them; return by how much, and the field."""
        L, own = split.rows, np.ascontiguousarray(self.J**2 * g[:, -3:])
        memory = (g[:, :-3] @ self.paths.L[1:]) @ self.paths.y
        field = self.h + self.J * L @ self.noise[: L.shape[1]] + self.J**2 * memory
        before = x.copy()
        threads.run(
            [
                partial(solve_stages, low, high, self.x, self.kappa, field, matrix, own, x, inverse)
                for low, high in self.response.chunks
            ]
        )
        size = float(np.mean(x**2))
        return (math.sqrt(float(np.mean((x - before) ** 2)) / size) if size > 0.0 else 0.0), field

    def error(self, step: Step) -> float:
        """Return the estimated local error of a step, root mean square over that of x."""
        size = float(np.mean(step.x[-1] ** 2))
        defect = step.dt * self.force + radau.DEFECT @ (step.x - self.x)
        stiffness = np.maximum(self.kappa + 0.5 * self.x**2, 0.0)
        found = radau.GAMMA * defect / (1.0 + radau.GAMMA * step.dt * stiffness)
        return math.sqrt(float(np.mean(found**2)) / size) if size > 0.0 else 0.0

    def take(self, step: Step) -> None:
        """Go to the end of a step."""
        force = radau.INVERSE @ (step.x - self.x) / step.dt
        weights = step.dt * radau.WEIGHTS
        self.dissipated += float(weights @ np.mean(force**2, axis=1))
        self._before = step.dt, np.vstack([self.x, step.x])
        own = step.g[-1, -3:] @ step.x
        self.x, self.force = step.x[-1].copy(), force[-1]
        self._coupling = step.field[-1] - self.h + self.J**2 * own
        self.weights = np.concatenate([self.weights, weights])
        self.paths.append(step.split)
        self.response.append(step.row, step.g)
        self._mixture.measure(self.response, self.paths.L[1:], self.weights, self.x)

    def energies(self) -> tuple[float, float]:
        """Return the energy with the coupling from R and C, and from the coupling force."""
        x, G = self.x, self.response.G
        alone = float(np.mean(0.5 * self.kappa * x**2 + x**4 / 24.0 - self.h * x))
        memory = (G[-1] @ self.paths.L[1:]) @ self.paths.L[-1] if G.size else 0.0
        return alone - self.J**2 * float(memory), alone - 0.5 * float(np.mean(x * self._coupling))

    @property
    def chi(self) -> float:
        """int_0^t R(t, s) ds."""
        return float(self.response.G[-1].sum()) if self.response.G.size else 0.0
