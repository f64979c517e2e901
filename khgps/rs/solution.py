"""The replica-symmetric solution of the KHGPS model in the limit of many oscillators, at zero temperature."""

import math
from dataclasses import dataclass

from arguments import brief
from khgps.model import KHGPS
from khgps.oscillators import Oscillators, StalledError, check_scales
from khgps.rs.critical import critical_state, no_phase
from khgps.rs.states import LARGEST_RESIDUAL, State, rising_root, state_at

NEAR = 1e-12  # relative distance from J_c that rounding may cause


@brief()
@dataclass(frozen=True, kw_only=True)
class ReplicaSymmetric:
    """The replica-symmetric solution: one oscillator in the field of all others.

    Attributes
    ----------
    q : float
        E[x^2].
    chi : float
        E[dx/df], the response to a field on the oscillator itself; tr(M^-1)/N in the replica-symmetric phase.
    replicon : float
        1 - J^2 E[(dx/df)^2], stable if >= 0. -inf where x(f) has jumps: the square of a jump has no integral.
    gap_edge : float
        b = kappa_min - J^2 chi: the lowest effective stiffness, the gap of k = V''(x). Where b < 0,
        oscillators have two minima, and x jumps where the lower one changes.
    energy : float
        Per oscillator.
    residual : float
        Largest relative error of the equations q = E[x^2], chi = E[dx/df].
    status : {"stable", "critical", "unstable"}
        Of the replica-symmetric phase; ``"critical"`` is within 1e-12 of J_c, and holds the solution at J_c.
    """

    q: float
    chi: float
    replicon: float
    gap_edge: float
    energy: float
    residual: float
    status: str


def solve_rs(params: KHGPS, *, unstable: bool = False) -> ReplicaSymmetric:
    """Return the solution of q = E[x^2], chi = E[dx/df] (`khgps.rs.cavity` has the averages).

    Parameters
    ----------
    params : KHGPS
        With J > 0. N, which is infinite here, is ignored.
    unstable : bool
        Return the solution past the critical line too, where it is unstable against breaking the symmetry of
        the replicas: an approximation, of too low an energy. Every J > 0 is past the line if kappa_min <= 0.

    Returns
    -------
    ReplicaSymmetric

    Raises
    ------
    ValueError
        If J = 0, and without `unstable` if J > J_c or kappa_min <= 0.
    StalledError
        With the residual, should the equations not be solved to 1e-10.

    Examples
    --------
    Where all stiffnesses are 1 and h = 0, x = 0 and chi = (1 - (1 - 4 J^2)^(1/2))/(2 J^2):

    >>> import khgps
    >>> one = khgps.solve_rs(khgps.KHGPS(N=2, J=0.4, h=0.0, kappa_min=1.0))
    >>> one.status, round(one.chi, 6), round(one.replicon, 6)
    ('stable', 1.25, 0.75)
    """
    state, status = solved_state(params, unstable=unstable)
    return ReplicaSymmetric(
        q=state.mean.x2 / params.A,
        chi=state.mean.chi,
        replicon=state.replicon,
        gap_edge=state.b,
        energy=state.energy / params.A,
        residual=max(state.residual, abs((params.J / state.J) ** 2 - 1.0)),
        status=status,
    )


def solved_state(params: KHGPS, *, unstable: bool = False) -> tuple[State, str]:
    """Return the state of coupling J, with A = 1, and its status; raises as `solve_rs`.

    With x = y/sqrt(A) the energy is 1/A times that of y, which has A = 1, the field h sqrt(A) and the same
    kappa, J.
    """
    if params.J == 0.0:
        raise ValueError("J = 0.0: must be > 0: oscillators without coupling have no cavity field")
    if params.kappa_min <= 0.0 and not unstable:
        raise ValueError(f"{no_phase(params.kappa_min)}; unstable=True returns the unstable solution")
    oscillators = check_scales(Oscillators(params.law, params.h * math.sqrt(params.A)))
    if params.h == 0.0 < params.kappa_min:  # there the curve of states has a corner at J_c, where x = 0 ends
        last = critical_state(oscillators)
        if abs(params.J - last.J) <= NEAR * last.J:
            return last, "critical"
    state = _state_of_coupling(oscillators, params.J)
    if state.b > 1e-8 * params.kappa_min and state.replicon > 1e-5:
        return state, "stable"
    past = state.b < -1e-8 * params.kappa_min or (state.b >= 0.0 and state.replicon < -1e-5)
    if unstable and (past or params.kappa_min <= 0.0):
        return state, "unstable"
    last = critical_state(oscillators)
    if abs(params.J - last.J) <= NEAR * last.J:
        return last, "critical"
    if params.J > last.J and not unstable:
        raise ValueError(
            f"J = {params.J}: must be <= J_c = {last.J} at h = {params.h}, where the replica-symmetric phase "
            "ends; unstable=True returns the unstable solution"
        )
    return state, "stable" if params.J < last.J else "unstable"


def _state_of_coupling(oscillators: Oscillators, J: float) -> State:
    """Return the state of coupling J, found along the curve of states."""
    kappa_min, width, h = oscillators.kappa_min, oscillators.width, oscillators.h
    state: State | None = None

    def excess(u: float) -> tuple[float, float, State]:
        nonlocal state
        guess = None
        if state is not None and state.s > 0.0:
            guess = state.s * math.exp(max(-2.0, min(2.0, state.slope[0] * (state.u - u))))
        state = state_at(oscillators, u, kappa_min - u, guess)
        return math.log(state.J / J), -u * state.slope[1], state

    stiffness = abs(kappa_min) + 0.5 * width + h ** (2.0 / 3.0) + J
    found = rising_root(excess, J * J / stiffness)[1]
    if not abs(found.J / J - 1.0) < LARGEST_RESIDUAL:
        raise StalledError(f"{oscillators}: no solution at J = {J}, the nearest at J = {found.J}")
    return found
