"""More and more steps of the breaking, each solution the start of the next, from the symmetric one on."""

from collections.abc import Iterator

import numpy as np
import scipy

from khgps.model import KHGPS
from khgps.oscillators import StalledError
from khgps.rs.states import State
from khgps.rsb.functional import WEAK, Trial
from khgps.rsb.saddle import CONVERGED, Saddle, saddle

LADDER = (1, 2, 4, 8, 12, 16, 24, 32, 48)  # numbers of steps
FIRST = 8  # enough where states are near; elsewhere the least that an error is estimated with
ROUGH = 1e-5  # residual between the first and there
FLOOR = 1e-7  # relative error of the energy that the quadratures leave
NARROWEST = 1e-5  # least (q_EA - q_0)/q_EA that is told from none


def climb_to(state: State, steps: int) -> list[Saddle]:
    """Return the solutions up to one of so many steps.

    Raises
    ------
    StalledError
        With the residual.
    """
    found = [_first(state)]
    for cells in sorted({*(n for n in LADDER if n < steps), steps})[1:]:
        found.append(_next(state, found[-1].trial, cells, rough=cells < min(FIRST, steps)))
    return found


def climb(params: KHGPS, state: State, rtol: float) -> list[Saddle]:
    """Return the solutions up to one whose energy is right to rtol, the last two solved well.

    Raises
    ------
    StalledError
        With the residual, or with the energy that is missing.
    """
    found = [_first(state)]
    for cells in LADDER[1:]:
        try:
            found.append(_next(state, found[-1].trial, cells, rough=cells < FIRST))
        except StalledError:
            if len(found) == 1 or not _is_enough(found, rtol):
                raise
            # where states are this near, narrower cells drown in rounding, and these are enough
            return [*found[:-1], saddle(state.oscillators, found[-1].trial)]
        if (cells > FIRST or (cells == FIRST and found[-1].trial.spread < WEAK)) and _is_enough(found, rtol):
            return found
    raise StalledError(
        f"{params}: an energy of {missing_energy(found):.2g} is missing with {LADDER[-1]} steps"
    )


def missing_energy(found: list[Saddle]) -> float:
    """Return what the energy rises by from the last number of steps on, if its error falls as K^-4."""
    growth = (found[-1].trial.mass.size / found[-2].trial.mass.size) ** 4
    return (found[-1].evaluation.energy - found[-2].evaluation.energy) / (growth - 1.0)


def _is_enough(found: list[Saddle], rtol: float) -> bool:
    return abs(missing_energy(found)) <= rtol * abs(found[-1].evaluation.energy)


def _next(state: State, trial: Trial, cells: int, *, rough: bool) -> Saddle:
    return saddle(state.oscillators, _refined(trial, cells), ROUGH if rough else CONVERGED)


def _first(state: State) -> Saddle:
    """Return the solution of one step from the replica-symmetric one.

    Raises
    ------
    StalledError
        If from no start a solution comes that differs from it.
    """
    for start in _starts(state):
        try:
            found = saddle(state.oscillators, start)
        except StalledError:
            continue
        if found.trial.spread > NARROWEST and found.evaluation.energy > state.energy - FLOOR * abs(
            state.energy
        ):
            return found
    raise StalledError(
        f"{state.oscillators}, in units of J = A = 1: the overlaps of states differ by less than "
        f"{NARROWEST:g} of q, or no saddle was found; solve_rs(params, unstable=True) is near"
    )


def _starts(state: State) -> Iterator[Trial]:
    """Yield measures of one step beside a replica-symmetric state.

    What jumps from well to well answers outside a state. Where fields are spread by the distance M of
    responses times that of wells, (6 u)^(1/2), they lift as many jumps. Near J_c there are no jumps, and
    states differ by little.
    """
    q, h, jumps = state.s**2, state.oscillators.h, state.mean.jumps
    if jumps > 0.0:
        for factor in (2.0, 0.5):
            spread = min(factor * 6.0 * state.u * jumps**2 / q, 0.8) if h > 0.0 else 1.0
            yield Trial(q, spread, max(state.u - 0.7 * jumps, 0.5 * state.u), np.array([jumps]))
    for part in (0.1, 0.01, 0.001):
        spread = 3.0 * part if h > 0.0 else 1.0
        yield Trial(q * (1.0 + part), spread, state.u * (1.0 - 2.0 * part), np.array([2.0 * part * state.u]))


def _refined(trial: Trial, cells: int) -> Trial:
    """Return nearly the same measure in more cells: its sum from q_0 on, interpolated."""
    old, new = (np.linspace(0.0, 1.0, n + 1) for n in (trial.mass.size, cells))
    measure = np.concatenate([[0.0], np.cumsum(trial.mass)])
    return trial._replace(mass=np.diff(scipy.interpolate.PchipInterpolator(old, measure)(new)))
