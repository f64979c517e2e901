"""Many walks downhill in one landscape, with block products."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from quartic import threads
from quartic.jit import kernel
from quartic.methods.lbfgs import QuasiNewton
from quartic.problem import Problem, Vector
from quartic.walk import Stop, Walk

Result = TypeVar("Result")

BLOCK = 64  # walks that advance together: 130 N bytes each
_FEW = 4  # walks that are cheaper one by one
_BATCH = 8  # walks that wait for a product in float64 before it is made, unless none is left to move
_TASK = 4  # walks of a thread's task
_DRIFT = 0.1  # of the gradient: the largest error of J x that is let stand
_SINGLE = 2.0**-22  # error of a float32 product, relative to its largest element


@kernel
def narrow(v, out):  # type: ignore[no-untyped-def]
    """Fill `out` with v times the power of two that brings it to magnitudes below 1; return its inverse.

    The range of float32 is narrow; the scaling is exact.
    """
    largest = 0.0
    for i in range(v.size):
        largest = max(largest, abs(v[i]))
    power = min(max(math.frexp(largest)[1], -1021), 1023)  # so that both factors are finite
    factor = math.ldexp(1.0, -power)
    for i in range(v.size):
        out[i] = factor * v[i]
    return math.ldexp(1.0, power)


@kernel
def widen(v, factor, out):  # type: ignore[no-untyped-def]
    """Fill the float64 vector `out` with factor * v; return its largest magnitude."""
    largest = 0.0
    for i in range(v.size):
        out[i] = factor * v[i]
        largest = max(largest, abs(out[i]))
    return largest


class Member:
    """One walk of a crowd, its quasi-Newton memory, and the error that float32 products have left in J x.

    Attributes
    ----------
    walk : Walk
    status : str
        Empty while it walks, then ``"converged"``, ``"saddle"``, ``"max_products"`` or ``"stalled"``.
    moved : bool
        Whether it has taken a step.
    """

    def __init__(self, problem: Problem, x: Vector, tol: float, max_products: int) -> None:
        self.walk = Walk(problem, x, tol, max_products)
        self.status, self.moved = "", False
        self.memory = QuasiNewton(problem.size, np.float32)
        self._drift = 0.0

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

    def move(self, d: Vector, jd: Vector, error: float) -> None:
        """Take a step along d, given J d to within `error` in every element."""
        try:
            self.moved = True
            self.memory.step = self.walk.line_step(d, jd)
            self._drift += error * self.memory.step
        except Stop as stop:
            self.status = str(stop)


def descend(problem: Problem, points: Iterable[Vector], tol: float, max_products: int) -> list[Member]:
    """Return a walk from each of the points (N,), gone to its end: one L-BFGS step of many per block product.

    The products J d of the steps are made in float32; J x is renewed in float64 where their error would show
    and at the end. The last few walk on with float64 products of one vector each.
    """
    queue = (Member(problem, x, tol, max_products) for x in points)
    everyone = active = list(itertools.islice(queue, BLOCK))
    while active:
        waiting = [m for m in active if m.waits]
        moving = [m for m in active if not m.waits]
        if not moving or len(waiting) >= _BATCH or len(active) <= _FEW:
            _renew(waiting)
        _move(moving)
        for ended in (m for m in active if m.status):
            del ended.memory  # most of what it holds
        active = [m for m in active if not m.status]
        new = list(itertools.islice(queue, BLOCK - len(active)))
        active, everyone = active + new, everyone + new
    return everyone


def _renew(waiting: Sequence[Member]) -> None:
    """Give each member a float64 J x of its own."""
    going = _counted(waiting)
    products, _ = _products(going, [m.walk.x for m in going], np.float64)
    _each(going, lambda k: going[k].renew(products[k]))


def _move(moving: Sequence[Member]) -> None:
    """Let each member take a step."""
    going = _counted(moving)
    kind, error = (np.float64, 0.0) if len(going) <= _FEW else (np.float32, _SINGLE)
    directions = _each(going, lambda k: going[k].memory.direction(going[k].walk))
    products, largest = _products(going, directions, kind)
    _each(going, lambda k: going[k].move(directions[k], products[k], error * largest[k]))


def _counted(members: Sequence[Member]) -> list[Member]:
    """Count a product for each member; return those that had one left."""
    for member in members:
        member.count_product()
    return [m for m in members if not m.status]


def _products(
    members: Sequence[Member], vectors: Sequence[Vector], kind: type[np.floating[Any]]
) -> tuple[list[Vector], list[float]]:
    """Return J v of each vector, (N,) float64, and max |J v|; by one block product of the type `kind`."""
    if len(members) <= _FEW:
        products = [m.walk.problem.coupling.product(v) for m, v in zip(members, vectors, strict=True)]
        return products, [float(np.max(np.abs(jv))) for jv in products]
    block = np.empty((len(vectors), vectors[0].size), kind)
    factors = _each(members, lambda k: narrow(vectors[k], block[k]))
    result = members[0].walk.problem.coupling.products(block.T)
    products = [np.empty(v.size) for v in vectors]
    return products, _each(members, lambda k: widen(result[:, k], factors[k], products[k]))


def _each(members: Sequence[Member], call: Callable[[int], Result]) -> list[Result]:
    """Return [call(k) for k of all members], made in tasks of a few."""

    def task(first: int) -> list[Result]:
        return [call(k) for k in range(first, min(first + _TASK, len(members)))]

    tasks = [lambda first=first: task(first) for first in range(0, len(members), _TASK)]
    return [result for results in threads.run(tasks) for result in results]
