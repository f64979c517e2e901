"""The critical line J_c(h) where the replica-symmetric phase ends, and its special point."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief
from khgps.model import KHGPS
from khgps.oscillators import Oscillators, check_scales
from khgps.rs.cavity import Averages, averages
from khgps.rs.edge_law import edge_law
from khgps.rs.states import State, checked, rising_root, state_at

Values = float | NDArray[np.float64]
SMALLEST_EDGE = 1e-18  # of b/kappa_min: what is below is zero for J, q and chi


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class CriticalPoint:
    """A point of the critical line; of several points along it, all fields are arrays of one shape.

    Attributes
    ----------
    J, h : float or array
        The coupling at which the replica-symmetric phase ends in this field.
    exponent, prefactor : float or array
        Of the gapless law D(omega) -> prefactor omega^exponent at omega -> 0. Exponent 2 where the replicon
        vanishes first: delocalised modes; 4 + 2 beta where the gap edge does (2 beta + 1 at h = 0): localised
        modes; at the special point, where both do, 1 + 2/(beta + 3/2) if beta < 1/2, which is 7/3 for the
        uniform law, and 2 otherwise (less by a logarithm at beta = 1/2: prefactor 0).
    q : float or array
        E[x^2].
    chi : float or array
        E[dx/df], which is tr(M^-1)/N.
    gap_edge : float or array
        b = kappa_min - J^2 chi.
    replicon : float or array
        1 - J^2 E[1/k^2].
    """

    J: Values
    h: Values
    exponent: Values
    prefactor: Values
    q: Values
    chi: Values
    gap_edge: Values
    replicon: Values


def critical_coupling(
    h: ArrayLike,
    *,
    kappa_0: float = 1.0,
    kappa_min: float = 0.0,
    beta: float = 0.0,
    A: float = 1.0,
    stiffness: object = None,
) -> CriticalPoint:
    """Return the critical point J_c(h), where on raising J the first of two things happens.

    Either the replicon 1 - J^2 E[1/k^2] vanishes while b = kappa_min - J^2 chi > 0, or b vanishes while the
    replicon is positive. It is always the first for an atom at kappa_min and for beta <= -1/2; there, in a
    large field, b may be too small to resolve, and the replicon returned is what is left of it at b = 1e-18
    kappa_min.

    Parameters
    ----------
    h : float or array
        Field, >= 0.
    kappa_0, kappa_min, beta, A : float
    stiffness : law, optional
        As in `KHGPS`, with kappa_min > 0.

    Returns
    -------
    CriticalPoint
        Of floats for a number h, of arrays with the shape of h for an array. Relative error of J, q and chi:
        1e-9.

    Raises
    ------
    ValueError
        With name, value and rule.
    StalledError
        If the cavity equations cannot be solved.

    Examples
    --------
    In small fields the replicon vanishes and D ~ omega^2, in large ones the gap closes and D ~ omega^4:

    >>> import khgps
    >>> line = khgps.critical_coupling([0.0, 0.01, 0.03], kappa_min=0.1, kappa_0=1.0)
    >>> line.J.round(4), line.exponent.round(4)
    (array([0.1371, 0.1601, 0.1751]), array([2., 2., 4.]))
    """
    law, A = _checked_law(kappa_0=kappa_0, kappa_min=kappa_min, beta=beta, A=A, stiffness=stiffness)
    values = array("h", h, least=0.0)
    rows, guess = [], None
    for value in values.ravel().tolist():
        state = critical_state(law._replace(h=value * math.sqrt(A)), guess)
        guess = state.s or None
        rows.append(_row(state, value, A, *edge_law(state)))
    if values.ndim == 0:
        return _point(rows[0])
    return _point(np.array(rows).reshape(values.size, len(_COLUMNS)).T.reshape(len(_COLUMNS), *values.shape))


def special_point(
    *,
    kappa_0: float = 1.0,
    kappa_min: float = 0.0,
    beta: float = 0.0,
    A: float = 1.0,
    stiffness: object = None,
) -> CriticalPoint:
    """Return the point of the critical line where replicon and gap edge vanish together.

    In smaller fields the replicon ends the replica-symmetric phase, in larger ones the gap edge.

    Parameters
    ----------
    kappa_0, kappa_min, beta, A : float
    stiffness : law, optional
        As in `KHGPS`, with kappa_min > 0.

    Returns
    -------
    CriticalPoint
        Of floats.

    Raises
    ------
    ValueError
        With name, value and rule; and where there is no such point: for kappa_min = kappa_0 and for
        beta <= -1/2 the replicon ends the phase in every field, for beta > 1 and kappa_min not above
        E[1/(kappa - kappa_min)]/E[1/(kappa - kappa_min)^2] = (kappa_0 - kappa_min) (beta - 1)/beta the gap
        edge.

    Examples
    --------
    >>> import khgps
    >>> point = khgps.special_point(kappa_min=0.1, kappa_0=1.0)
    >>> round(point.h, 4), round(point.J, 4), round(point.exponent, 4)  # 7/3
    (0.0178, 0.1676, 2.3333)
    """
    law, A = _checked_law(kappa_0=kappa_0, kappa_min=kappa_min, beta=beta, A=A, stiffness=stiffness)
    _check_special(law)

    def edge(log_h: float) -> State:
        return state_at(law._replace(h=math.exp(log_h)), law.kappa_min, 0.0)

    start = 1.5 * math.log(law.kappa_min)
    beta = law.law.beta
    low = high = start
    while edge(low).replicon >= 0.0:
        low -= 2.0
        if low < start - 60.0:
            raise ValueError(
                f"beta = {beta}: puts the special point at a field below {math.exp(low)}, out of reach"
            )
    while edge(high).replicon < 0.0:
        high += 2.0
    state = edge(scipy.optimize.brentq(lambda log_h: edge(log_h).replicon, low, high, xtol=1e-14, rtol=1e-14))
    return _point(_row(state, state.oscillators.h / math.sqrt(A), A, *edge_law(state, special=True)))


def _check_special(law: Oscillators) -> None:
    """Raise if one end of the phase comes first in every field."""
    kappa_min, beta = law.kappa_min, law.law.beta
    always = "or the replicon ends the phase in every field"
    if beta <= -0.5:
        raise ValueError(f"beta = {beta}: must be > -1/2, {always}")
    if law.law.atom:
        raise ValueError(f"kappa_min = {kappa_min}: must be < kappa_0 = {kappa_min}, {always}")
    rest = averages(law.law, 0.0, 0.0, 0.0)
    if rest.k_2 < math.inf and kappa_min * rest.k_2 <= rest.chi:
        raise ValueError(
            f"kappa_min = {kappa_min}: must be > E[1/(kappa - kappa_min)]/E[1/(kappa - kappa_min)^2] = "
            f"{rest.chi / rest.k_2:.6g}, or the gap edge ends the phase in every field"
        )


def critical_state(oscillators: Oscillators, guess: float | None = None) -> State:
    """Return the last state of the replica-symmetric phase, for kappa_min > 0; `guess` is of its s."""
    kappa_min, (law, h) = oscillators.kappa_min, oscillators
    if not law.atom and law.beta > (-0.5 if h > 0.0 else 1.0):  # or E[1/k^2] diverges at b = 0
        state = state_at(oscillators, kappa_min, 0.0, guess)
        if state.replicon > 0.0:
            return state
    latest = _marginal(oscillators, 0.5 * kappa_min, guess)

    def replicon(root: float) -> float:
        nonlocal latest
        latest = _marginal(oscillators, kappa_min * root * root, latest.s or None)
        return latest.replicon

    lowest = math.sqrt(SMALLEST_EDGE)
    if replicon(lowest) >= 0.0:
        b = SMALLEST_EDGE * kappa_min
        return state_at(oscillators, kappa_min - b, b, guess)
    highest = math.sqrt(0.51)  # as E[1/k^2] <= E[1/k]/b
    replicon(scipy.optimize.brentq(replicon, lowest, highest, xtol=1e-16, rtol=1e-15))
    return checked(latest)


def _marginal(oscillators: Oscillators, b: float, guess: float | None) -> State:
    """Return what is a state if its replicon vanishes: s solves E[x^2] = s^2 E[1/k^2], not s^2 = J^2 q.

    Unlike the states it changes smoothly with b, however small h is.
    """
    kappa_min, (law, h) = oscillators.kappa_min, oscillators
    if h == 0.0:
        return State(oscillators, kappa_min - b, b, 0.0, averages(law, b, 0.0, 0.0))

    def excess(s: float) -> tuple[float, float, Averages]:
        m = averages(law, b, h, s)
        lack, v = -m.deficit / m.x2, s * s
        return lack, -2.0 * v * (m.deficit_v + lack * m.x2_v) / m.x2, m

    s, mean = rising_root(excess, guess or kappa_min * h ** (1.0 / 3.0))
    return State(oscillators, kappa_min - b, b, s, mean)


def _checked_law(*, A: float, **law: Any) -> tuple[Oscillators, float]:
    """Return a stiffness law that has a replica-symmetric phase, at h = 0, and A; or raise."""
    params = KHGPS(N=2, J=0.0, h=0.0, A=A, **law)
    if params.kappa_min <= 0.0:
        raise ValueError(no_phase(params.kappa_min))
    return check_scales(Oscillators(params.law, 0.0)), params.A


def no_phase(kappa_min: float) -> str:
    """Return why a law without a stiffness gap has no replica-symmetric phase."""
    return f"kappa_min = {kappa_min}: must be > 0, or there is no replica-symmetric phase at any J > 0"


_COLUMNS = tuple(field.name for field in fields(CriticalPoint))


def _row(state: State, h: float, A: float, exponent: float, prefactor: float) -> tuple[float, ...]:
    """Return the fields of `CriticalPoint`, in their order."""
    mean = state.mean
    return state.J, h, exponent, prefactor, mean.x2 / A, mean.chi, state.b, state.replicon


def _point(columns: Iterable[Any]) -> CriticalPoint:
    return CriticalPoint(**dict(zip(_COLUMNS, columns, strict=True)))
