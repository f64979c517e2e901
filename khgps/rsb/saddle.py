"""The saddle of the Parisi functional: largest over the measure of responses, least over q_EA."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khgps.branch import Oscillators, StalledError
from khgps.rsb.functional import Evaluation, Resolution, Trial, evaluate, resolution_for

Array = NDArray[np.float64]

DIFFERENCE = (
    3e-4  # step of differences, in units of `_scales`; smaller ones drown in rounding at weak breaking
)
MOST_STEPS = 25
REUSE = 0.03  # curvatures serve again while the residual falls to this part of the last one
LONGEST = 0.3  # step of ln q_EA and ln u
TO_BOUNDARY = 0.6  # of the way to a mass of zero, or to q_0 = 0 or q_EA, at most
NARROWEST = 1e-7  # (q_EA - q_0)/q_EA: below, the steps lead to symmetric replicas
CONVERGED = 1e-10  # residual
ROUNDING = 1e-10  # slope over u q_EA/2 that is enough where it falls no more


class Saddle(NamedTuple):
    """A solution of K steps."""

    trial: Trial
    evaluation: Evaluation
    residual: float  # largest slope of e, over int y dq times (q_EA - q_0); see `_scales`
    steps: int


def saddle(oscillators: Oscillators, start: Trial) -> Saddle:
    """Return the saddle that Newton's method, kept to the right signs of curvature, reaches.

    Raises
    ------
    StalledError
        With the residual.
    """
    resolution = resolution_for(oscillators, start)
    free = np.arange(3 + start.mass.size) != (1 if start.spread == 1.0 else -1)  # q_0 = 0 without a field
    trial, residual, curvature = start, math.inf, None
    for steps in range(MOST_STEPS):
        if trial.spread < NARROWEST:
            break
        found = evaluate(oscillators, trial, resolution)
        scales = _scales(trial)
        slope = (found.gradient * scales)[free]
        last, residual = residual, float(abs(slope).max()) / _energy(trial)
        left_over = ROUNDING * 0.5 * trial.u * trial.q_EA / _energy(trial)
        if residual < CONVERGED or 0.3 * last < residual < left_over:
            return Saddle(trial, found, residual, steps)
        if not math.isfinite(residual):
            break
        if curvature is None or residual > REUSE * last:
            units = scales
            curvature = _curvature(oscillators, trial, resolution, found.gradient)
        step = np.zeros_like(scales)
        step[free] = _newton(slope * (units / scales)[free], curvature[np.ix_(free, free)])
        trial = _moved(trial, step * units)
    raise StalledError(f"{oscillators}: residual {residual:.2g} left after {steps + 1} Newton steps")


def _scales(trial: Trial) -> Array:
    """Return the unit of each unknown: what the symmetry's breaking changes them by."""
    return np.array([trial.spread, trial.spread, trial.mass.sum() / trial.u, *trial.mass])


def _energy(trial: Trial) -> float:
    """Return the scale of the energies that the breaking brings, int y dq times (q_EA - q_0)."""
    return float(trial.mass.sum()) * trial.q_EA * trial.spread


def _curvature(oscillators: Oscillators, trial: Trial, resolution: Resolution, gradient: Array) -> Array:
    """Return the second derivatives of e by the unknowns in their units; zero for q_0 without a field."""
    units = _scales(trial)
    matrix = np.zeros((units.size, units.size))
    for j, unit in enumerate(units):
        if j != 1 or trial.spread < 1.0:
            shift = np.zeros(units.size)
            shift[j] = DIFFERENCE * unit
            moved = evaluate(oscillators, _at(trial, shift), resolution).gradient
            matrix[j] = (moved - gradient) * units / DIFFERENCE
    return 0.5 * (matrix + matrix.T)


def _newton(slope: Array, curvature: Array) -> Array:
    """Return the step to a maximum over all unknowns but the first, and the minimum of that over the first.

    Where a curvature has the wrong sign, its magnitude is used: the step goes up, or down, all the same.
    """
    values, vectors = np.linalg.eigh(curvature[1:, 1:])
    size = np.maximum(abs(values), 1e-12 * abs(values).max())
    up = (vectors / size) @ vectors.T
    across = curvature[0, 1:]
    reduced = curvature[0, 0] + across @ up @ across
    first = -(slope[0] + across @ up @ slope[1:]) / abs(reduced)
    return np.concatenate([[first], up @ (slope[1:] + across * first)])


def _moved(trial: Trial, step: Array) -> Trial:
    """Return the trial a step further; no unknown goes farther than what it may lose or gain in one step."""
    shift = step.copy()
    shift[[0, 2]] = np.clip(step[[0, 2]], -LONGEST, LONGEST)
    shift[1] = np.clip(step[1], -TO_BOUNDARY * trial.spread, TO_BOUNDARY * (1.0 - trial.spread))
    shift[3:] = np.clip(step[3:], -TO_BOUNDARY * trial.mass, trial.mass / (1.0 - TO_BOUNDARY))
    return _at(trial, shift)


def _at(trial: Trial, shift: Array) -> Trial:
    """Return the trial with ln q_EA, (q_EA - q_0)/q_EA, ln u and the masses shifted."""
    return Trial(
        trial.q_EA * math.exp(shift[0]),
        trial.spread + float(shift[1]),
        trial.u * math.exp(shift[2]),
        trial.mass + shift[3:],
    )
