"""The saddle of the Parisi functional: largest over the measure of responses, least over q_EA."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.oscillators import Oscillators, StalledError
from khgps.rsb.functional import Evaluation, Resolution, Trial, evaluate, resolution_for

Array = NDArray[np.float64]

DIFFERENCE = (
    3e-4  # step of differences, in units of `scales`; smaller ones drown in rounding at weak breaking
)
FLAT = 0.1  # least curvature, over the noise of the slopes
MOST_STEPS = 40
MOST_WORK = 120  # values of the functional for curvatures
SLOW = 0.6  # curvatures are corrected, not computed, while the residual falls to this part of the last one
LONGEST = 0.3  # step of ln q_EA and ln u
TO_BOUNDARY = 0.6  # of the way to a mass of zero, or to q_0 = 0 or q_EA, at most
NARROWEST = 1e-7  # (q_EA - q_0)/q_EA: below, the steps lead to symmetric replicas
CONVERGED = 1e-10  # residual
NOISE = 1e-10  # of slopes over u q_EA/2, by rounding
PATIENCE, BETTER = 3, 0.3  # steps that must bring the residual down to this part of the best
ENOUGH = 10.0  # slopes over their noise that are accepted where they fall no more,
ACCEPTED = 1e-8, 1e-5  # residuals that are always, and at most, accepted there


class Saddle(NamedTuple):
    """A solution of K steps."""

    trial: Trial
    evaluation: Evaluation
    residual: float  # largest slope of e, over int y dq times (q_EA - q_0); see `scales`
    steps: int


def saddle(oscillators: Oscillators, start: Trial, tolerance: float = CONVERGED) -> Saddle:
    """Return the saddle that Newton's method, kept to the right signs of curvature, reaches.

    Raises
    ------
    StalledError
        With the residual.
    """
    best: Saddle | None = None
    steps, patience = 0, PATIENCE
    for steps, found in enumerate(_newton_steps(oscillators, start, resolution_for(oscillators, start))):
        if best is None or found.residual < BETTER * best.residual:
            best, patience = found._replace(steps=steps), PATIENCE
        patience -= 1
        if best.residual < tolerance or (patience == 0 and best.residual < _left_over(best.trial)):
            return best
    if best is not None and best.residual < _left_over(best.trial):
        return best
    raise StalledError(f"{oscillators}: residual {found.residual:.2g} left after {steps} Newton steps")


def _newton_steps(oscillators: Oscillators, start: Trial, resolution: Resolution) -> Iterator[Saddle]:
    """Yield trial after trial, until one is near symmetric replicas or overflows, or the work is done."""
    free = unknowns(start)
    trial, residual, quadratic, work = start, math.inf, None, 0
    for step in range(MOST_STEPS):
        with np.errstate(divide="ignore", invalid="ignore"):  # of no width, or too large: nan
            found = evaluate(oscillators, trial, resolution)
        last, residual = residual, _residual(trial, found.gradient, free)
        yield Saddle(trial, found, residual, step)
        if not (math.isfinite(residual) and trial.spread >= NARROWEST):
            return
        if quadratic is None or residual > SLOW * last:
            work += free.size
            if work > MOST_WORK:
                return
            quadratic = _Quadratic(oscillators, trial, resolution, found.gradient, free)
        else:
            quadratic.correct(found.gradient)
        if not np.isfinite(quadratic.curvature).all():
            return
        trial = quadratic.moved(trial)


def unknowns(trial: Trial) -> NDArray[np.bool_]:
    """Return where the gradient must vanish, (3 + K,): not by q_0 without a field, as it is 0."""
    return np.asarray(np.arange(3 + trial.mass.size) != (1 if trial.spread == 1.0 else -1))


def scales(trial: Trial) -> Array:
    """Return the unit of each unknown: what the symmetry's breaking changes them by."""
    return np.array([trial.spread, trial.spread, trial.mass.sum() / trial.u, *trial.mass])


def _energy(trial: Trial) -> float:
    """Return the scale of the energies that the breaking brings, int y dq times (q_EA - q_0)."""
    return float(trial.mass.sum()) * trial.q_EA * trial.spread


def _noise(trial: Trial) -> float:
    """Return what rounding leaves of a slope."""
    return NOISE * 0.5 * trial.u * trial.q_EA


def _left_over(trial: Trial) -> float:
    """Return the residual that is accepted where it falls no more."""
    least, most = ACCEPTED
    return min(max(ENOUGH * _noise(trial) / _energy(trial), least), most)


def _residual(trial: Trial, gradient: Array, free: NDArray[np.bool_]) -> float:
    return float(abs(gradient * scales(trial))[free].max()) / _energy(trial)


class _Quadratic:
    """The second-order picture of e around a trial, in fixed units: from differences, then corrected."""

    def __init__(
        self,
        oscillators: Oscillators,
        trial: Trial,
        resolution: Resolution,
        gradient: Array,
        free: NDArray[np.bool_],
    ) -> None:
        self.free, self.units = np.flatnonzero(free), scales(trial)
        self.slope, self.shift = gradient * self.units, np.zeros_like(gradient)
        matrix = np.zeros((self.units.size, self.units.size))
        for j in self.free:
            shift = np.zeros(self.units.size)
            shift[j] = DIFFERENCE * self.units[j]
            moved = evaluate(oscillators, shifted(trial, shift), resolution).gradient
            matrix[j] = (moved * self.units - self.slope) / DIFFERENCE
        self.curvature = 0.5 * (matrix + matrix.T)

    def correct(self, gradient: Array) -> None:
        """Take up the slope where the last step led: the symmetric correction of rank one."""
        slope, step = gradient * self.units, self.shift / self.units
        missed = np.zeros_like(slope)
        missed[self.free] = (slope - self.slope - self.curvature @ step)[self.free]
        along = float(missed @ step)
        if abs(along) > 1e-8 * float(np.linalg.norm(missed) * np.linalg.norm(step)):
            self.curvature += np.outer(missed, missed) / along
        self.slope = slope

    def moved(self, trial: Trial) -> Trial:
        """Return the trial after Newton's step, no unknown farther than what it may lose or gain in one."""
        step = np.zeros_like(self.slope)
        step[self.free] = _newton(
            self.slope[self.free], self.curvature[np.ix_(self.free, self.free)], _noise(trial)
        )
        self.shift = _clipped(trial, step * self.units)
        return shifted(trial, self.shift)


def _newton(slope: Array, curvature: Array, noise: float) -> Array:
    """Return the step to a maximum over all unknowns but the first, and the minimum of that over the first.

    Where a curvature has the wrong sign, its magnitude is used: the step goes up, or down, all the same.
    Where it is flat, the noise of the slopes leads to no long step.
    """
    values, vectors = np.linalg.eigh(curvature[1:, 1:])
    size = np.maximum(abs(values), FLAT * noise)
    up = (vectors / size) @ vectors.T
    across = curvature[0, 1:]
    reduced = curvature[0, 0] + across @ up @ across
    first = -(slope[0] + across @ up @ slope[1:]) / abs(reduced)
    return np.concatenate([[first], up @ (slope[1:] + across * first)])


def _clipped(trial: Trial, step: Array) -> Array:
    """Return the step with no unknown going farther than what it may lose or gain in one."""
    shift = step.copy()
    shift[[0, 2]] = np.clip(step[[0, 2]], -LONGEST, LONGEST)
    shift[1] = np.clip(step[1], -TO_BOUNDARY * trial.spread, TO_BOUNDARY * (1.0 - trial.spread))
    shift[3:] = np.clip(step[3:], -TO_BOUNDARY * trial.mass, trial.mass / (1.0 - TO_BOUNDARY))
    return shift


def shifted(trial: Trial, shift: Array) -> Trial:
    """Return the trial with ln q_EA, (q_EA - q_0)/q_EA, ln u and the masses shifted."""
    return Trial(
        trial.q_EA * math.exp(shift[0]),
        trial.spread + float(shift[1]),
        trial.u * math.exp(shift[2]),
        trial.mass + shift[3:],
    )
