"""One batch of samples along the times asked for, in steps of its own choice."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.dynamics import radau
from khgps.dynamics.ensemble import Ensemble
from landscape.threads import single_blas

Array = NDArray[np.float64]
SHORTEST = 1e-6  # step, relative to the first one
APART = 0.05  # of the energy gone down so far, between its estimates: the noise has taken over
OF_ALL = 1e-3  # of the energy itself that they may differ by: a start may be all but at rest
AFTER = 2.0  # times the first step, at most, where a jump has just been: x does not tell what R needs
GROWTH = 2.0  # of a step over the last, at most


@dataclass(frozen=True)
class Record:
    """What a batch says at the times it reached; A = 1."""

    energies: Array  # (3, times)
    mean_x: Array
    dissipation: Array
    C: Array  # (times, times)
    R: Array
    chi: Array
    x: Array  # (times, samples)
    steps: int
    local_error: float
    noisy: bool


def run(ensemble: Ensemble, times: Array, first: float, rtol: float, longest: float) -> Record:
    """Go along the times until the last, or until the noise has taken over."""
    with single_blas():
        on_its_way, reached = _Run(ensemble, first, rtol, longest), 0
        for time in times:
            if not on_its_way.reach(float(time)):
                break
            on_its_way.note()
            reached += 1
        return on_its_way.record(noisy=reached < times.size)


class _Moment(NamedTuple):
    energies: tuple[float, float, float]
    mean_x: float
    dissipation: float
    chi: float
    row: int  # of L
    R: Array  # to jumps at the times before
    x: Array


class _Run:
    """A batch on its way; `dt` is the step to try next."""

    def __init__(self, ensemble: Ensemble, first: float, rtol: float, longest: float) -> None:
        self.ensemble, self.rtol, self.longest = ensemble, rtol, longest
        self.t, self.first, self.shortest = 0.0, min(first, longest), SHORTEST * first
        self.dt = self.first
        self.steps, self.local_error = 0, 0.0
        self.start = ensemble.energies()[1]
        self.moments: list[_Moment] = []

    def reach(self, time: float) -> bool:
        """Go to a time; return False where the noise takes over before."""
        while self.t < time:
            left = time - self.t
            dt = left / math.ceil(left / self.dt - 1e-9) if left <= 2.0 * self.dt else self.dt
            step = self.ensemble.attempt(dt)
            error = self.ensemble.error(step) if step is not None else math.inf
            factor = 0.8 * (max(error, 1e-12 * self.rtol) / self.rtol) ** -0.25
            if step is None or error > self.rtol:
                self.dt = dt * max(0.2, factor)
                if self.dt < self.shortest:
                    return False
                continue
            self.ensemble.take(step)
            self.steps, self.local_error = self.steps + 1, self.local_error + error
            self.t = time if dt >= left * (1.0 - 1e-12) else self.t + dt
            if factor < 1.0 or dt * factor > self.dt:  # a step cut short to end at a time says less
                self.dt = min(dt * min(GROWTH, factor), self.longest)
            if self._noisy():
                return False
        return True

    def _energies(self) -> tuple[float, float, float]:
        return *self.ensemble.energies(), self.start - self.ensemble.dissipated

    def _noisy(self) -> bool:
        energies = self._energies()
        allowed = APART * self.ensemble.dissipated + OF_ALL * max(map(abs, energies))
        return (
            max(energies) - min(energies) > allowed
            or self.ensemble.paths.rank + radau.STAGES > self.ensemble.noise.shape[0]
        )

    def note(self) -> None:
        """Keep what is asked for, and follow the response to a jump from here on."""
        one = self.ensemble
        power, row = float(np.mean(one.force**2)), one.paths.L.shape[0] - 1
        self.moments.append(
            _Moment(self._energies(), float(np.mean(one.x)), power, one.chi, row, one.response.R, one.x)
        )
        one.response.add_jump()
        self.dt = min(self.dt, AFTER * self.first)

    def record(self, *, noisy: bool) -> Record:
        """Return what was noted."""
        count, of = len(self.moments), self.moments
        rows = self.ensemble.paths.L[[one.row for one in of]]
        R = np.eye(count)
        for i, one in enumerate(of):
            R[i, :i] = one.R
        return Record(
            energies=np.array([one.energies for one in of]).reshape(count, 3).T,
            mean_x=np.array([one.mean_x for one in of]),
            dissipation=np.array([one.dissipation for one in of]),
            C=rows @ rows.T,
            R=R,
            chi=np.array([one.chi for one in of]),
            x=np.array([one.x for one in of]).reshape(count, self.ensemble.x.size),
            steps=self.steps,
            local_error=self.local_error,
            noisy=noisy,
        )
