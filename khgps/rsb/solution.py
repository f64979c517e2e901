"""The solution of KHGPS with the symmetry of the replicas broken in full, at zero temperature."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arguments import brief, count, real
from khgps.model import KHGPS
from khgps.oscillators import Oscillators
from khgps.rs.solution import solve_rs, solved_state
from khgps.rsb.functional import Trial, flow, resolution_for
from khgps.rsb.ladder import FLOOR, LADDER, climb, climb_to, missing_energy
from khgps.rsb.saddle import Saddle

Array = NDArray[np.float64]


class Discrete(NamedTuple):
    """The solution of K steps as it was found, at J = A = 1: nothing is extrapolated."""

    params: KHGPS
    oscillators: Oscillators
    trial: Trial
    before: Trial  # of fewer steps
    shift: float  # of the extrapolation in the jumps: value + shift (value before - value)


@brief()
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
        J^2 E[f''^2], mean over each cell, which is the growth of q_hat over that of q: 1.
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


class _Limits(NamedTuple):
    """What depends on the number of steps, in units of J = A = 1."""

    energy: float
    missing: float  # of it, that was extrapolated
    q_0: float
    inverse: float  # E[1/k]
    inverse_square: float
    before: Trial  # of fewer steps
    shift: float  # that of extrapolation in the jumps: value + shift (value before - value)


def solve_rsb(params: KHGPS, *, rtol: float = 1e-6, steps: int | None = None) -> FullRSB:
    """Return the ground state in the limit of large N, without the assumption of one state.

    Parameters
    ----------
    params : KHGPS
        With J > 0. N, which is infinite here, is ignored.
    rtol : float
        Relative error of the energy, in [2e-7, 1e-2].
    steps : int, optional
        Break the symmetry in so many steps, 48 at most, and extrapolate nothing; by default in as many as
        rtol needs, and what they tell is extrapolated.

    Returns
    -------
    FullRSB

    Raises
    ------
    ValueError
        If J = 0, or rtol or steps is out of range.
    StalledError
        With the residual, if no saddle is found; and where states differ by less than 1e-5 of q, as at weak
        coupling, where `solve_rs(params, unstable=True)` is near.

    Examples
    --------
    >>> from khgps import KHGPS, solve_rs, solve_rsb
    >>> model = KHGPS(N=2, J=0.3, h=0.01)
    >>> rs, one = solve_rs(model, unstable=True), solve_rsb(model, steps=1)
    >>> f"{rs.energy:.4f} {one.energy:.4f} {solve_rsb(model, steps=2).energy:.4f}"
    '-0.0427 -0.0419 -0.0419'
    """
    rtol = real("rtol", rtol, least=2.0 * FLOOR, most=1e-2)
    steps = None if steps is None else count("steps", steps, most=LADDER[-1])
    if solve_rs(params, unstable=True).status != "unstable":
        return _symmetric(params)
    state, _ = solved_state(_unit(params), unstable=True)
    if steps is None:
        found = climb(params, state, rtol)
        return _broken(params, state.oscillators, found[-1], _limits(found))
    last = climb_to(state, steps)[-1]
    return _broken(params, state.oscillators, last, _as_found(last))


def _unit(params: KHGPS) -> KHGPS:
    """Return the parameters in units of J = A = 1: x = (J/A)^(1/2) y."""
    J = params.J
    return KHGPS(
        N=2, J=1.0, h=params.h * math.sqrt(params.A) / J**1.5, kappa_0=params.kappa_0 / J,
        kappa_min=params.kappa_min / J, beta=params.beta,
        stiffness=None if params.stiffness is None else params.law.scaled(J),
    )  # fmt: skip


def _as_found(last: Saddle) -> _Limits:
    """Return what K steps say, with nothing extrapolated."""
    seen = last.evaluation
    return _Limits(seen.energy, 0.0, seen.q[0], seen.inverse, seen.inverse_square, last.trial, 0.0)


def _limits(found: list[Saddle]) -> _Limits:
    """Return what the last two numbers of steps say of infinitely many."""
    (before, _), (last, seen) = ((one.trial, one.evaluation) for one in found[-2:])
    earlier = found[-2].evaluation
    jumps, jumps_before = last.u - seen.inverse, before.u - earlier.inverse
    shift = jumps / (jumps - jumps_before) if jumps > 1e-4 * last.u and jumps != jumps_before else 0.0
    growth = (last.mass.size / before.mass.size) ** 2
    missing = missing_energy(found)
    return _Limits(
        energy=seen.energy + missing,
        missing=missing,
        q_0=max(seen.q[0] + (seen.q[0] - earlier.q[0]) / (growth - 1.0), 0.0),
        inverse=seen.inverse + shift * (earlier.inverse - seen.inverse),
        inverse_square=seen.inverse_square + shift * (earlier.inverse_square - seen.inverse_square),
        before=before,
        shift=shift,
    )


def _broken(params: KHGPS, oscillators: Oscillators, last: Saddle, limits: _Limits) -> FullRSB:
    """Return the solution in the units of the parameters."""
    trial, seen, J, A = last.trial, last.evaluation, params.J, params.A
    energy = limits.energy * J**2 / A
    return FullRSB(
        energy=energy,
        energy_error=abs(limits.missing) * J**2 / A + FLOOR * abs(energy),
        q_EA=trial.q_EA * J / A,
        q_0=limits.q_0 * J / A,
        chi_EA=limits.inverse / J,
        chi=(trial.u + float(trial.mass.sum())) / J,
        mean_x=seen.mean_x * math.sqrt(J / A),
        replicon=1.0 - limits.inverse_square,
        gap_edge=params.kappa_min - limits.inverse * J,
        q=seen.q * J / A,
        y=trial.mass / np.diff(seen.q) * A / J**2,
        q_hat=seen.q_hat * J / A,
        marginality=np.diff(seen.q_hat) / np.diff(seen.q),
        residual=last.residual,
        steps=trial.mass.size,
        status="broken",
        _discrete=Discrete(params, oscillators, trial, limits.before, limits.shift),
    )


def _symmetric(params: KHGPS) -> FullRSB:
    """Return the replica-symmetric solution in the same form: no cells between q_0 and q_EA."""
    rs, none = solve_rs(params), np.empty(0)
    unit = _unit(params)
    oscillators = Oscillators(unit.law, unit.h)
    one = Trial(rs.q * params.A / params.J, 0.5, rs.chi * params.J, np.zeros(1))  # y = 0 breaks nothing
    mean_x = params.h * rs.chi  # where all fields are that one, and none
    if rs.q > 0.0:
        found = flow(oscillators, one, resolution_for(oscillators, one))
        mean_x = float(found.law.by_h @ found.f[0] @ found.weight) * math.sqrt(params.J / params.A)
    return FullRSB(
        energy=rs.energy, energy_error=1e-9 * abs(rs.energy), q_EA=rs.q, q_0=rs.q, chi_EA=rs.chi, chi=rs.chi,
        mean_x=mean_x, replicon=rs.replicon, gap_edge=rs.gap_edge, q=np.array([rs.q]), y=none,
        q_hat=np.array([rs.q]), marginality=none, residual=rs.residual, steps=0, status="symmetric",
        _discrete=Discrete(params, oscillators, one, one, 0.0),
    )  # fmt: skip
