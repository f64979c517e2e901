"""Many walks downhill in one landscape, with block products."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quartic import threads
from quartic.jit import kernel
from quartic.methods.lbfgs import QuasiNewton
from quartic.problem import Problem, Vector
from quartic.walk import Stop, Walk

BLOCK = 64  # walks that advance together, in all crowds: 79 N bytes each
_FEW = 4  # walks left that need not wait for each other
_BATCH = 8  # walks that wait for products in float64, a tile of them, unless none is left to move
_TASK = 4  # walks of a thread's task
TILE = 16  # vectors of a tile of float32 numbers, which costs the same with fewer
_DRIFT = 0.1  # of the gradient: the largest error of J x that is let stand
_SINGLE = 2.0**-22  # error of a float32 product, relative to its largest element


@kernel
def largest(v):  # type: ignore[no-untyped-def]
    """Return max_i |v_i|, found in lanes: vectorised."""
    lanes = np.zeros(128)
    for first in range(0, v.size, 128):
        p = v[first : first + 128]
        for k in range(p.size):
            lanes[k] = max(lanes[k], abs(p[k]))
    return lanes.max()


@kernel
def narrow(v, out):  # type: ignore[no-untyped-def]
    """Fill `out` with v times the power of two that brings it to magnitudes below 1; return its inverse.

    The range of float32 is narrow; the scaling is exact.
    """
    power = min(max(math.frexp(largest(v))[1], -1021), 1023)  # so that both factors are finite
    factor = math.ldexp(1.0, -power)
    for i in range(v.size):
        out[i] = factor * v[i]
    return math.ldexp(1.0, power)


@kernel
def widen(v, factor, out):  # type: ignore[no-untyped-def]
    """Fill the float64 vector `out` with factor * v; return its largest magnitude."""
    for i in range(v.size):
        out[i] = factor * v[i]
    return largest(out)


class Member:
    """One walk of a crowd, its quasi-Newton memory, and the error that float32 products have left in J x.

    Attributes
    ----------
    walk : Walk
    status : str
        Empty while it walks, then ``"converged"``, ``"saddle"``, ``"max_products"`` or ``"stalled"``.
    moved : bool
        Whether it has taken a step.
    aimed : (N,) array
        The next direction over a factor; meaningless while it waits.
    """

    def __init__(self, problem: Problem, x: Vector, tol: float, max_products: int) -> None:
        self.walk = Walk(problem, x, tol, max_products)
        self.status, self.moved = "", False
        self.memory = QuasiNewton(problem.size, np.float32)
        self.aimed = np.empty(problem.size, np.float32)
        self._drift, self._factor = 0.0, 1.0

    @property
    def waits(self) -> bool:
        """Whether a J x of its own is needed: to begin, to confirm an arrival, or as the error has grown."""
        if self.walk.fresh:
            return False
        norm = self.walk.gradient_norm
        return norm == np.inf or self.walk.at_goal or self._drift > _DRIFT * norm

    def count_product(self) -> None:
        """Count a product, or end where none is left."""
        try:
            self.walk.count_product()
        except Stop as stop:
            self.status = str(stop)

    def renew(self, jx: Vector) -> None:
        """Take over J x from a float64 product."""
        self._drift = 0.0
        self.walk.renew(jx)
        if self.walk.at_goal:
            self.status = "converged"
        else:
            self._aim()

    def land(self, product: NDArray[np.float32]) -> None:
        """Take a step along the direction, given J times `aimed`."""
        jd = np.empty(product.size)
        error = _SINGLE * widen(product, self._factor, jd)
        try:
            self.moved = True
            self.memory.step = self.walk.line_step(self.memory.d, jd)
            self._drift += error * self.memory.step
        except Stop as stop:
            self.status = str(stop)
        if not (self.status or self.waits):
            self._aim()  # at once, while all that it needs is at hand

    def _aim(self) -> None:
        """Find the next direction."""
        self._factor = float(narrow(self.memory.direction(self.walk), self.aimed))


def descend(
    problem: Problem, points: Iterable[Vector], tol: float, max_products: int, together: int = BLOCK
) -> list[Member]:
    """Return a walk from each of the points (N,), gone to its end: one L-BFGS step of many per block product.

    The products J d of the steps are made in float32; J x is renewed in float64 where their error would show
    and at the end.
    """
    queue = (Member(problem, x, tol, max_products) for x in points)
    everyone = active = list(itertools.islice(queue, together))
    while active:
        waiting = [m for m in active if m.waits]
        moving = [m for m in active if not m.waits]
        if not moving or len(active) <= _FEW:
            _renew(waiting)
        else:
            _renew(waiting[: len(waiting) // _BATCH * _BATCH])
        _move(moving)
        for ended in (m for m in active if m.status):
            del ended.memory  # most of what it holds
        active = [m for m in active if not m.status]
        new = list(itertools.islice(queue, together - len(active)))
        active, everyone = active + new, everyone + new
    return everyone


def _renew(waiting: Sequence[Member]) -> None:
    """Give each member a float64 J x of its own."""
    going = _counted(waiting)
    if going:
        products = going[0].walk.problem.coupling.products(np.array([m.walk.x for m in going]).T)
        _each(going, lambda k: going[k].renew(products[:, k].copy()))


def _move(moving: Sequence[Member]) -> None:
    """Let each member take a step; where they are more than fill tiles, those farthest from their goal."""
    if len(moving) > TILE:
        ranked = sorted(moving, key=lambda m: m.walk.force_scale / m.walk.gradient_norm)
        moving = ranked[: len(ranked) // TILE * TILE]
    going = _counted(moving)
    if going:
        block = np.array([m.aimed for m in going])
        products = going[0].walk.problem.coupling.products(block.T)
        _each(going, lambda k: going[k].land(products[:, k]))


def _counted(members: Sequence[Member]) -> list[Member]:
    """Count a product for each member; return those that had one left."""
    for member in members:
        member.count_product()
    return [m for m in members if not m.status]


def _each(members: Sequence[Member], call: Callable[[int], None]) -> None:
    """Call for k of all members, in tasks of a few."""

    def task(first: int) -> None:
        for k in range(first, min(first + _TASK, len(members))):
            call(k)

    threads.run([partial(task, first) for first in range(0, len(members), _TASK)])
