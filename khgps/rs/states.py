"""The replica-symmetric states of one stiffness law in one field: a curve (A = 1).

A state solves q = E[x^2] and chi = E[dx/df] with f ~ N(h, v), v = J^2 q, and kappa' = kappa - u, u = J^2 chi.
Along the curve the gap edge b = kappa_min - u falls while J rises from 0, so each b < kappa_min belongs to
one state (found in all cases tried, not proven). Given b, the two equations are one for v, and J follows:

    v chi(v, b) = u q(v, b),        J^2 = u / chi.
"""

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from khgps.oscillators import Oscillators, StalledError
from khgps.rs.cavity import Averages, averages

LARGEST_RESIDUAL = 1e-10
Result = TypeVar("Result")


class State(NamedTuple):
    """A solution of the cavity equations, with A = 1."""

    oscillators: Oscillators
    u: float  # J^2 chi
    b: float  # kappa_min - u, the gap edge; both are kept, as each may be small
    s: float  # deviation of the cavity field, J sqrt(q)
    mean: Averages

    @property
    def J(self) -> float:
        """The coupling strength."""
        return math.sqrt(self.u / self.mean.chi)

    @property
    def replicon(self) -> float:
        """1 - J^2 E[(dx/df)^2]: -inf where dx/df has jumps, whose squares have no integral."""
        return 1.0 - self.u / self.mean.chi * self.mean.k_2 if self.b >= 0.0 else -math.inf

    @property
    def residual(self) -> float:
        """The relative error of v chi = u q."""
        return abs(self.s**2 * self.mean.chi / (self.u * self.mean.x2) - 1.0) if self.s > 0.0 else 0.0

    @property
    def energy(self) -> float:
        """Energy per oscillator, E[V] + J^2 q chi/2."""
        return self.mean.energy + 0.5 * self.u * self.mean.x2

    @property
    def slope(self) -> tuple[float, float]:
        """The derivatives d ln s/db and d ln J/db along the curve."""
        m, u, v = self.mean, self.u, self.s**2
        if v == 0.0:
            return 0.0, -0.5 / u - 0.5 * m.chi_b / m.chi
        v_b = -(v * m.chi_b + m.x2 - u * m.x2_b) / (m.chi + v * m.chi_v - u * m.x2_v)
        return 0.5 * v_b / v, -0.5 / u - 0.5 * (m.chi_b + m.chi_v * v_b) / m.chi


def state_at(oscillators: Oscillators, u: float, b: float, guess: float | None = None) -> State:
    """Return the state of gap edge b = kappa_min - u.

    Parameters
    ----------
    oscillators : Oscillators
    u, b : float
        u > 0. b = 0 where E[1/k^2] is finite there: no atom at the lower edge, and beta > -1/2.
    guess : float, optional
        Of s, > 0.

    Raises
    ------
    StalledError
        With the residual.
    """
    law, h = oscillators
    if h == 0.0 and b >= 0.0:
        rest = averages(law, b, 0.0, 0.0)
        if u * rest.k_2 <= rest.chi < math.inf:
            return State(oscillators, u, b, 0.0, rest)

    def excess(s: float) -> tuple[float, float, Averages]:
        m = averages(law, b, h, s)
        if u * m.x2 == 0.0:
            raise StalledError(f"{oscillators}: J^2 chi E[x^2] is below all floats at gap edge b = {b}")
        if 10.0 * m.chi > u * m.k_2:  # v chi/(u q) - 1, safe where J^2 E[1/k^2] is nearly 1
            value = (s * s * (m.chi - u * m.k_2) - u * m.deficit) / (u * m.x2)
        else:
            value = s * s * m.chi / (u * m.x2) - 1.0
        return value, 2.0 * s * s * (m.chi_v / m.chi - m.x2_v / m.x2) + 2.0, m

    s, mean = rising_root(excess, guess or _guess(oscillators, u))
    return checked(State(oscillators, u, b, s, mean))


def checked(state: State) -> State:
    """Return a state that solves its equation to 1e-10, or raise StalledError."""
    if not state.residual < LARGEST_RESIDUAL:
        raise StalledError(
            f"{state.oscillators}: relative error {state.residual:.2g} left at gap edge b = {state.b}"
        )
    return state


def rising_root(
    function: Callable[[float], tuple[float, float, Result]], guess: float
) -> tuple[float, Result]:
    """Return the x > 0 where a function changes sign, from - to +, once, and the function's result there.

    By Newton's method in ln x from `guess` > 0, kept between the points known to be too low and too high.
    `function` returns its value, its derivative by ln x, and a result.
    """
    log_x, low, high, last = math.log(guess), -math.inf, math.inf, math.inf
    for _ in range(300):
        value, slope, result = function(math.exp(log_x))
        low, high = (log_x, high) if value < 0.0 else (low, log_x)
        step = -value / slope if slope > 0.25 * abs(value) else -math.copysign(4.0, value)
        at_rounding = abs(value) < 1e-13 and 0.7 * last < abs(step) < 1e-9
        if at_rounding or min(abs(step), high - low) < 1e-13 * max(1.0, abs(log_x)):
            break
        if math.isfinite(high - low) and not (low < log_x + step < high and abs(step) < 0.7 * last):
            step = 0.5 * (low + high) - log_x
        log_x, last = log_x + step, abs(step)
    return math.exp(log_x), result


def _guess(oscillators: Oscillators, u: float) -> float:
    """Return s as if x were (h + s)/kappa with kappa the scale of stiffness."""
    kappa: float = abs(oscillators.kappa_min) + 0.5 * oscillators.width + u
    return max(oscillators.h, 1e-3 * kappa * math.sqrt(kappa)) * math.sqrt(u / kappa)
