"""Directions of least barrier: many searches that advance together, one block product M d per step."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from landscape import disorder, threads
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.nonlinear.rotation import Rotation

Result = TypeVar("Result")

_NEAR = 0.1  # residual below which the scheme is accelerated
_AWAY = 30.0  # angle, in units of the residual, of a step that leaves a saddle rather than nears a minimum
_KICK = 1e-4  # length of the kick in the metric M
_DRIFT = 0.1  # of the largest element of the gradient: the error of M z that is let stand
_SINGLE = 2.0**-22  # error of a float32 product, relative to its largest element
_IDLE = 20  # steps without a smaller residual after which a search has stalled
_TASK = 4  # searches of a thread's task


class Kick(NamedTuple):
    """A small vector, the same for all searches, and M times it.

    Added to a direction that comes near a solution, it makes the search leave a saddle of the barrier, at
    which a start of the same symmetry would end. Ways down from a saddle grow with every step until they
    show, however small they begin; and none is orthogonal to random numbers.
    """

    z: Vector
    mz: Vector


class Search:
    """One direction on its way to a minimum of the barrier of order p.

    Attributes
    ----------
    z, mz, g : (N,) arrays
        The direction with z.M.z = 1, M z, and the gradient g (`landscape.nonlinear.rotation`).
    residual : float
        |g| / |M z|.
    status : str
        Empty while it goes on; then ``"converged"``, ``"descended"`` (converged, but the plain scheme would
        have raised the barrier on the way, or came near a saddle of it), ``"max_steps"``, ``"stalled"``, or
        ``"saddle"``: z.M.z <= 0 where it began.
    steps : int
    """

    def __init__(self, rotation: Rotation, z: Vector, *, scheme: bool) -> None:
        """`scheme`: take plain steps z <- M^-1 f until the residual is below 0.1."""
        self.z, self.d = np.array(z, np.float64), np.zeros(z.size)
        self.mz, self.g, self._before = np.empty(z.size), np.empty(z.size), np.empty(z.size)
        self.residual, self.steps, self.status = math.inf, 0, ""
        self.rotation, self._scheme = rotation, scheme
        self._descended = self._near = False
        self._size = self._drift = self._largest = 0.0
        self._best, self._idle = math.inf, 0

    @property
    def converged(self) -> bool:
        """Whether it has ended in a mode."""
        return self.status in ("converged", "descended")

    def waits(self, tol: float, max_steps: int) -> bool:
        """Whether an M z of its own is needed: to confirm an end, or as the error in it has grown."""
        ended = self.residual <= tol or self._idle >= _IDLE or self.steps >= max_steps
        return ended or self._drift > _DRIFT * self._largest

    def renew(self, mz: Vector, kick: Kick, tol: float, max_steps: int) -> None:
        """Take over M z from a float64 product, and end where there is nothing left to do."""
        self.mz[:] = mz
        self._drift = 0.0
        self._measure(kick)
        if self.residual <= tol:
            self.status = "descended" if self._descended else "converged"
        elif math.isnan(self.residual) and float(self.z @ self.mz) <= 0.0:
            self.status = "saddle"
        elif self._idle >= _IDLE or math.isnan(self.residual):
            self.status = "stalled"
        elif self.steps >= max_steps:
            self.status = "max_steps"

    def aim(self, y: Vector) -> float:
        """Choose the direction d of the next step, given y = M^-1 g or nearly so; return max |d_i|."""
        size = float(self.g @ y)
        conjugate = 0.0
        if self._size > 0.0:
            conjugate = max(0.0, (size - float(self._before @ y)) / self._size)  # Polak and Ribiere
        self.d *= conjugate
        self.d -= y
        if float(self.d @ self.g) >= 0.0:
            self.d[:] = -y
        self._before[:] = self.g
        self._size = size
        return float(np.max(np.abs(self.d))) or 1.0

    def move(self, md: Vector, error: float, kick: Kick) -> None:
        """Take a step along d, given M d to within `error` in every element."""
        plain = self._scheme and not self._near
        before = self.residual
        t, share, taken = self.rotation.rotate(self.z, self.mz, self.g, self.d, md, plain)
        self._descended |= not taken if plain else t > _AWAY * before
        self._drift += error * abs(share)
        self.steps += 1
        self._measure(kick)
        if plain or t == 0.0:
            self._size = 0.0  # the next direction is y alone
        self._idle = 0 if self.residual < self._best else self._idle + 1 if t > 0.0 else _IDLE
        self._best = min(self._best, self.residual)

    def _measure(self, kick: Kick) -> None:
        """Find the gradient and the residual; where that is small for the first time, kick the direction."""
        self.residual, self._largest = self.rotation.level(self.z, self.mz, self.g)
        if not self._near and self.residual <= _NEAR:
            self._near = True
            self.z += kick.z
            self.mz += kick.mz
            self.residual, self._largest = self.rotation.level(self.z, self.mz, self.g)


def run(
    curvature: Hessian,
    precondition: Callable[[Matrix], Matrix],
    searches: Sequence[Search],
    *,
    tol: float,
    max_steps: int,
) -> None:
    """Let all searches go to their ends.

    Products M d are made in float32; M z is renewed in float64 where their error would show and at the end.

    Parameters
    ----------
    precondition : callable
        M^-1 of a block (N, m), or a positive definite approximation.
    """
    kick = _kick(curvature)
    _renew(curvature, searches, kick, tol, max_steps)
    while active := [s for s in searches if not s.status]:
        _step(curvature, precondition, active, kick)
        _renew(curvature, [s for s in active if s.waits(tol, max_steps)], kick, tol, max_steps)


def _step(
    curvature: Hessian,
    precondition: Callable[[Matrix], Matrix],
    active: Sequence[Search],
    kick: Kick,
) -> None:
    """Let each search take a step."""
    y = precondition(np.array([s.g for s in active]).T)
    scales = np.array(_each(active, lambda k: active[k].aim(y[:, k])))  # the range of float32 is narrow
    block = np.array([s.d / scale for s, scale in zip(active, scales, strict=True)], np.float32)
    products = curvature.products(block.T)
    errors = _SINGLE * scales * np.max(np.abs(products), axis=0)
    _each(active, lambda k: active[k].move(products[:, k] * scales[k], float(errors[k]), kick))


def _kick(curvature: Hessian) -> Kick:
    """Return a vector of z.M.z = 1e-8, in the same direction for all systems of a size."""
    z = disorder.normal(curvature.size, seed=0, sample=0, label="kick")
    mz = curvature.products(z[:, None])[:, 0]
    scale = _KICK / math.sqrt(abs(float(z @ mz)))
    return Kick(scale * z, scale * mz)


def _renew(curvature: Hessian, searches: Sequence[Search], kick: Kick, tol: float, max_steps: int) -> None:
    """Give each search a float64 M z of its own."""
    if searches:
        products = curvature.products(np.array([s.z for s in searches]).T)
        _each(searches, lambda k: searches[k].renew(products[:, k], kick, tol, max_steps))


def _each(searches: Sequence[Search], call: Callable[[int], Result]) -> list[Result]:
    """Return [call(k) for k of all searches], made in tasks of a few; users' functions in order."""
    if not searches[0].rotation.threaded:
        return [call(k) for k in range(len(searches))]

    def task(first: int) -> list[Result]:
        return [call(k) for k in range(first, min(first + _TASK, len(searches)))]

    tasks = [partial(task, first) for first in range(0, len(searches), _TASK)]
    return [result for results in threads.run(tasks) for result in results]
