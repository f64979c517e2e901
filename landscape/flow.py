"""The gradient flow dx/dt = -grad H at given times."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, count, real
from arguments import seed as checked_seed
from landscape import disorder
from landscape.arrays import Matrix, Vector
from landscape.explicit import Explicit
from landscape.exponential import Departure, FlowError, propagate
from landscape.linear.krylov import LARGEST
from landscape.protocol import Landscape, Point

GAUSS = 0.5 - math.sqrt(3.0) / 6.0  # the first of two nodes on [0, 1]
AT_REST = 1e-13  # gradient over the typical force: all that is left is rounding
ROUNDING = 1e-14  # of a gradient, over the typical force: no step can be better
SHORTEST = 1e-14  # step, over the time to go
STIFF = 2.5  # dt lambda from which on explicit steps are near their bound, 3.3
SOFT = 0.5  # dt lambda below which exponential steps are dearer than explicit ones, and no longer


@brief()
@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    """The gradient flow at given times.

    Attributes
    ----------
    times : (n,) array
    x : (n, N) array
        Where it is.
    energy : (n,) array
        H(x), of all coordinates together.
    speed : (n,) array
        The mean of x_i'^2 over the coordinates: -dH/dt = N speed.
    error : (n,) array
        Estimated local errors to the end of the step, added up, root mean square over coordinates. Where the
        flow is unstable they have grown since.
    R : (n, n) array or None
        R[i, j] = (1/N) sum_k dx_k(t_i)/dx_k(t_j) from random vectors; 0 before, 1 at t_j.
    R_error : (n, n) array or None
        Their standard error, nan of one alone.
    steps : int
    """

    times: Vector
    x: Matrix
    energy: Vector
    speed: Vector
    error: Vector
    R: Matrix | None
    R_error: Matrix | None
    steps: int

    @property
    def C(self) -> Matrix:
        """(n, n) array, (1/N) sum_k x_k(t_i) x_k(t_j)."""
        return np.asarray(self.x @ self.x.T / self.x.shape[1])


def flow(
    landscape: Landscape,
    x0: ArrayLike,
    times: ArrayLike,
    *,
    rtol: float = 1e-4,
    probes: int = 0,
    seed: int = 0,
) -> Flow:
    """Return the gradient flow dx/dt = -grad H from x0, at times.

    Steps are explicit, of order 5, until the stiffest direction and no more the error bounds them
    (`landscape.explicit`); from there on, and with probes, exponential (`landscape.exponential`): as long as
    the error allows. Times within a step are read off its polynomial, or reached by a shorter one.

    Parameters
    ----------
    landscape : Landscape
    x0 : (N,) array
        Where it is at time 0.
    times : (n,) array
        Ascending, >= 0.
    rtol : float
        Largest local error of a step over its length, in [1e-10, 0.1].
    probes : int
        Random vectors of signs, from each of the times on, from which R is estimated by its linearised flow;
        none by default.
    seed : int
        Of these, in [0, 2**32).

    Returns
    -------
    Flow

    Raises
    ------
    ValueError
        For an argument outside its range.
    FlowError
        Where steps become too short, or derivatives are not finite.

    Examples
    --------
    The way into a well, x^2 = 1/(1 + (1/x_0^2 - 1) e^-2t), and R(t, 0) = dx/dx_0:

    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**4/4 - x[0]**2/2, lambda x: x**3 - x, 1,
    ...                            hessian=lambda x: [[3*x[0]**2 - 1]])
    >>> way = landscape.flow(well, [0.5], [0.0, 1.0, 4.0], probes=1)
    >>> way.x[:, 0].round(3), round((1 + 3 * 2.718281828**-2)**-0.5, 3)
    (array([0.5  , 0.843, 0.999]), 0.843)
    """
    start = array("x0", x0, (landscape.size,))
    asked = array("times", times, ("n",), least=0.0)
    for place in np.flatnonzero(np.diff(asked) <= 0.0):
        before, after = asked[place : place + 2]
        raise ValueError(f"times[{place + 1}] = {after}: must be above times[{place}] = {before}")
    rtol = real("rtol", rtol, least=1e-10, most=0.1)
    probes, seed = count("probes", probes, least=0), checked_seed(seed)
    return _Way(landscape, start, asked, rtol, probes, seed).to_end()


class _Step(NamedTuple):
    """A step that was taken."""

    dt: float
    end: Point
    error: float  # estimated, of the norm of the displacement
    next: float  # dt of the next, by this error


class _Way:
    """A flow on its way: the next of the times is number `count`."""

    def __init__(
        self, landscape: Landscape, x: Vector, times: Vector, rtol: float, probes: int, seed: int
    ) -> None:
        self.landscape, self.times, self.rtol = landscape, times, rtol
        self.probes, self.seed, self.t, self.steps, self.error = probes, seed, 0.0, 0, 0.0
        self.point = landscape.at(x)
        self.rooms = np.empty((2, LARGEST + 1, x.size))
        self.explicit = not probes  # they need the Hessians on the way
        self.stiffest = 0.0  # lambda
        self.found: list[tuple[Point, float]] = []
        self.signs: list[NDArray[np.int8]] = []  # the probes, time after time
        self.moved: list[Vector] = []  # where their flow took them
        self.overlaps = np.zeros((times.size, times.size, probes))

    def to_end(self) -> Flow:
        if self.times[0] == 0.0:
            self._note(self.point)
        dt = 0.1 / (self.point.hessian.scale or 1.0)
        while len(self.found) < self.times.size:
            if self.point.gradient_norm == 0.0 or self.point.relative_gradient < AT_REST:
                self._stay()
            else:
                dt = self._advance(dt)
        return self._summary()

    @property
    def next(self) -> float:
        """The next of the times."""
        return float(self.times[len(self.found)])

    def _advance(self, dt: float) -> float:
        """Take a step of dt, or less where its error says so; return the next to try.

        It ends at the last of the times at the latest, where there are probes at the next.
        """
        end = self.next if self.probes else float(self.times[-1])
        away, left = self._departure(), end - self.t
        step = self._longest_good(away, min(dt, left), left)
        # a direction that has relaxed to rounding is one that explicit steps would rouse: it is remembered
        self.stiffest = away.stiffest if self.explicit else max(self.stiffest, away.stiffest)
        self.explicit = not self.probes and step.dt * self.stiffest < (STIFF if self.explicit else SOFT)
        self.error += step.error / math.sqrt(self.point.x.size)
        self.steps += 1
        arrival = end if step.dt == left else self.t + step.dt
        while self.next < arrival:
            self._note(self.landscape.at(self.point.x + away.within(self.next - self.t)))
        if self.moved:
            early, late = (self.point.x + away.within(part * step.dt) for part in (GAUSS, 1.0 - GAUSS))
            self._carry(early, late, step.dt)
        self.point, self.t = step.end, arrival
        if self.t == self.next:
            self._note(self.point)
        return step.next if step.dt < left else max(dt, step.next)

    def _longest_good(self, away: Departure | Explicit, dt: float, left: float) -> "_Step":
        """Return the step of dt, or the first shorter one whose error is small."""
        here = self.point
        rounding = ROUNDING * here.force_scale * math.sqrt(here.x.size)
        while True:
            if not dt > SHORTEST * left:
                raise FlowError(
                    f"steps become too short at t = {self.t:.6g}: is the energy finite and smooth?"
                )
            dt = away.longest(dt)
            there, error = away.step(dt)
            ratio = error / (self.rtol * float(np.linalg.norm(there.x - here.x)) + dt * rounding)
            if ratio <= 1.0:
                return _Step(dt, there, error, dt * min(2.0, 0.8 / max(ratio, 1e-3) ** (1 / away.order)))
            dt *= min(0.7, max(0.2, 0.8 * ratio ** (-1 / away.order))) if math.isfinite(ratio) else 0.2

    def _departure(self) -> Departure | Explicit:
        if self.explicit:
            return Explicit(self.point, self.rooms[0])
        return Departure(self.point, self.rooms, self.rtol)

    def _stay(self) -> None:
        """Let only the probes move, to the next of the times."""
        if self.moved:
            self._carry(self.point.x, self.point.x, self.next - self.t)
        self.t = self.next
        self._note(self.point)

    def _carry(self, early: Vector, late: Vector, dt: float) -> None:
        """Take all probes along, through Hessians at two nodes of Gauss."""
        first, second = self.landscape.hessian(early), self.landscape.hessian(late)
        self.moved = [propagate(first, second, dt, v, self.rooms[1], self.rtol) for v in self.moved]

    def _note(self, point: Point) -> None:
        """Keep a point at the next of the times, and let probes start there."""
        here = len(self.found)
        self.found.append((point, self.error))
        for k in range(self.probes):
            label = f"probe {here}"
            noise = disorder.normal(point.x.size, seed=self.seed, sample=k, label=label)
            self.signs.append(np.where(noise < 0.0, -1.0, 1.0).astype(np.int8))
            self.moved.append(self.signs[-1].astype(np.float64))
        overlaps = [float(sign @ v) / v.size for sign, v in zip(self.signs, self.moved, strict=True)]
        self.overlaps[here, : here + 1] = np.reshape(overlaps, (here + 1, self.probes))

    def _summary(self) -> Flow:
        points = [point for point, _ in self.found]
        R = R_error = None
        if self.probes:
            R = self.overlaps.mean(axis=2)
            R_error = np.full(R.shape, math.nan)
            if self.probes > 1:
                R_error = self.overlaps.std(axis=2, ddof=1) / math.sqrt(self.probes)
        return Flow(
            times=self.times,
            x=np.array([point.x for point in points]),
            energy=np.array([point.energy for point in points]),
            speed=np.array([np.mean(point.gradient**2) for point in points]),
            error=np.array([error for _, error in self.found]),
            R=R,
            R_error=R_error,
            steps=self.steps,
        )
