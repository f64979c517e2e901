"""The solution of KHGPS with the symmetry of the replicas broken in full, at zero temperature."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arguments import real
from khgps.branch import Oscillators, StalledError, State
from khgps.model import KHGPS
from khgps.replica_symmetric import solve_rs, solved_state
from khgps.rsb.functional import Trial, flow, resolution_for
from khgps.rsb.saddle import Saddle, saddle
from khgps.stiffness import gauss_rules, stiffness_nodes

Array = NDArray[np.float64]

LADDER = (1, 2, 4, 8, 12, 16, 24, 32, 48)  # numbers of steps, each solution the start of the next
FIRST = 8  # from here on the error is estimated
FLOOR = 1e-7  # relative error of the energy that the quadratures leave
NARROWEST = 1e-5  # least (q_EA - q_0)/q_EA that is told from none


class Discrete(NamedTuple):
    """The solution of K steps as it was found, at J = A = 1: nothing is extrapolated."""

    params: KHGPS
    oscillators: Oscillators
    trial: Trial


@dataclass(frozen=True, kw_only=True, eq=False)
class FullRSB:
    """The ground state of many oscillators, all levels of its states included.

    The measure of responses, y(q) dq between q_0 and q_EA and chi_EA at q_EA, is that of
    e = (J^2/2) [chi_EA q_EA + int y q dq] - E f(q_0, h + J q_0^(1/2) z) (`khgps.rsb.functional`).

    Attributes
    ----------
    energy : float
        Per oscillator, extrapolated in the number of steps.
    energy_error : float
        Estimate: the extrapolation's own size, and 1e-7 of the energy for the quadratures.
    q_EA, q_0 : float
        Largest and smallest overlap, E[x_a x_b], of two states; q_0 extrapolated.
    chi_EA : float
        E[1/k], k = V''(x), the response inside a state; extrapolated.
    chi : float
        The response to a field on the oscillator itself with all states, chi_EA + int y dq.
    mean_x : float
        E[x].
    replicon : float
        r = 1 - J^2 E[1/k^2] inside a state; extrapolated. Positive where wells are double, else 0.
    gap_edge : float
        b = kappa_min - J^2 chi_EA: wells are double where it is negative.
    q : (K + 1,) array
        Ends of the K cells, from q_0 to q_EA.
    y : (K,) array
        Density of responses in each cell.
    q_hat : (K + 1,) array
        E[f'^2] at the ends of the cells: equal to q.
    marginality : (K,) array
        J^2 E[f''^2] at the lower ends: 1, but for the width of the cells.
    residual : float
        Largest slope of e, each unknown in units of what the breaking changes it by, over the energy
        int y dq times (q_EA - q_0) J^2.
    steps : int
        K; 0 in the replica-symmetric phase.
    status : {"broken", "symmetric"}
        "symmetric" is up to J_c: the replica-symmetric solution, exact there.
    """

    energy: float
    energy_error: float
    q_EA: float
    q_0: float
    chi_EA: float
    chi: float
    mean_x: float
    replicon: float
    gap_edge: float
    q: Array
    y: Array
    q_hat: Array
    marginality: Array
    residual: float
    steps: int
    status: str
    _discrete: Discrete = field(repr=False)


def solve_rsb(params: KHGPS, *, rtol: float = 1e-6) -> FullRSB:
    """Return the ground state in the limit of large N, without the assumption of one state.

    Parameters
    ----------
    params : KHGPS
        With J > 0. N, which is infinite here, is ignored.
    rtol : float
        Relative error of the energy, in [2e-7, 1e-2].

    Raises
    ------
    ValueError
        If J = 0 or rtol is out of range.
    StalledError
        With the residual, if no saddle is found; and where states differ by less than 1e-5 of q, as at weak
        coupling, where `solve_rs(params, unstable=True)` is near.
    """
    rtol = real("rtol", rtol, least=2.0 * FLOOR, most=1e-2)
    if solve_rs(params, unstable=True).status != "unstable":
        return _symmetric(params)
    state, _ = solved_state(_unit(params), unstable=True)
    found = [_first(state)]
    for cells in LADDER[1:]:
        found.append(saddle(state.oscillators, _refined(found[-1].trial, cells)))
        if cells > FIRST and abs(_missing(found)) <= rtol * abs(found[-1].evaluation.energy):
            return _broken(params, state.oscillators, found)
    raise StalledError(f"{params}: an energy of {_missing(found):.2g} is missing with {LADDER[-1]} steps")


def _unit(params: KHGPS) -> KHGPS:
    """Return the parameters in units of J = A = 1: x = (J/A)^(1/2) y."""
    J = params.J
    return KHGPS(
        N=2, J=1.0, h=params.h * math.sqrt(params.A) / J**1.5, kappa_0=params.kappa_0 / J,
        kappa_min=params.kappa_min / J, beta=params.beta,
    )  # fmt: skip


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
    _, width, beta, h = state.oscillators
    kappa, weight = stiffness_nodes(state.b, width, beta, state.s ** (1.0 / 3.0), gauss_rules(beta))
    density = math.exp(-0.5 * (h / state.s) ** 2) / (math.sqrt(2.0 * math.pi) * state.s)
    jumps = float(weight @ np.sqrt(np.maximum(-6.0 * kappa, 0.0))) * 2.0 * density
    q = state.s**2
    if jumps > 0.0:
        for factor in (2.0, 0.5):
            spread = min(factor * 6.0 * state.u * jumps**2 / q, 0.8) if h > 0.0 else 1.0
            yield Trial(q, spread, max(state.u - 0.7 * jumps, 0.5 * state.u), np.array([jumps]))
    for part in (0.1, 0.01, 0.001):
        spread = 3.0 * part if h > 0.0 else 1.0
        yield Trial(q * (1.0 + part), spread, state.u * (1.0 - 2.0 * part), np.array([2.0 * part * state.u]))


def _refined(trial: Trial, cells: int) -> Trial:
    """Return nearly the same measure in more cells."""
    old, new = ((np.arange(n) + 0.5) / n for n in (trial.mass.size, cells))
    mass = np.interp(new, old, trial.mass)
    return trial._replace(mass=mass * (trial.mass.sum() / mass.sum()))


def _missing(found: list[Saddle]) -> float:
    """Return what the energy rises by from the last number of steps on, if its error falls as K^-4."""
    growth = (found[-1].trial.mass.size / found[-2].trial.mass.size) ** 4
    return (found[-1].evaluation.energy - found[-2].evaluation.energy) / (growth - 1.0)


def _broken(params: KHGPS, oscillators: Oscillators, found: list[Saddle]) -> FullRSB:
    """Return the solution in the units of the parameters, with what depends on K extrapolated."""
    last, J, A = found[-1], params.J, params.A
    trial, seen = last.trial, last.evaluation
    before = found[-2].evaluation, found[-2].trial
    jumps, jumps_before = trial.u - seen.inverse, before[1].u - before[0].inverse
    shift = jumps / (jumps - jumps_before) if jumps > 1e-4 * trial.u and jumps != jumps_before else 0.0
    inverse = seen.inverse + shift * (before[0].inverse - seen.inverse)
    square = seen.inverse_square + shift * (before[0].inverse_square - seen.inverse_square)
    growth = (trial.mass.size / before[1].mass.size) ** 2
    q_0 = seen.q[0] + (seen.q[0] - before[0].q[0]) / (growth - 1.0)
    missing = _missing(found)
    energy = (seen.energy + missing) * J**2 / A
    return FullRSB(
        energy=energy,
        energy_error=abs(missing) * J**2 / A + FLOOR * abs(energy),
        q_EA=trial.q_EA * J / A,
        q_0=max(q_0, 0.0) * J / A,
        chi_EA=inverse / J,
        chi=(trial.u + float(trial.mass.sum())) / J,
        mean_x=seen.mean_x * math.sqrt(J / A),
        replicon=1.0 - square,
        gap_edge=params.kappa_min - inverse * J,
        q=seen.q * J / A,
        y=trial.mass / np.diff(seen.q) * A / J**2,
        q_hat=seen.q_hat * J / A,
        marginality=seen.marginality,
        residual=last.residual,
        steps=trial.mass.size,
        status="broken",
        _discrete=Discrete(params, oscillators, trial),
    )


def _symmetric(params: KHGPS) -> FullRSB:
    """Return the replica-symmetric solution in the same form: no cells between q_0 and q_EA."""
    rs, none = solve_rs(params), np.empty(0)
    unit = _unit(params)
    oscillators = Oscillators(unit.kappa_min, unit.kappa_0 - unit.kappa_min, unit.beta, unit.h)
    one = Trial(rs.q * params.A / params.J, 0.5, rs.chi * params.J, np.zeros(1))  # y = 0 breaks nothing
    found = flow(oscillators, one, resolution_for(oscillators, one))
    mean_x = float(found.law.by_h @ found.f[0] @ found.weight) * math.sqrt(params.J / params.A)
    return FullRSB(
        energy=rs.energy, energy_error=1e-9 * abs(rs.energy), q_EA=rs.q, q_0=rs.q, chi_EA=rs.chi, chi=rs.chi,
        mean_x=mean_x, replicon=rs.replicon, gap_edge=rs.gap_edge, q=np.array([rs.q]), y=none,
        q_hat=np.array([rs.q]), marginality=none, residual=rs.residual, steps=0, status="symmetric",
        _discrete=Discrete(params, oscillators, one),
    )  # fmt: skip
