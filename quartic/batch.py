"""Many minimisations of one problem at a time, with block products."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from landscape import threads
from landscape.arrays import Vector
from landscape.memory import line_zeros
from quartic.line import evaluate, take_steps
from quartic.methods.lbfgs import MEMORY, lbfgs, next_directions
from quartic.minimisation import PATIENCE, Minimisation, Stop, is_idle
from quartic.oscillator import curvature_scales
from quartic.point import least_force
from quartic.problem import Problem
from quartic.units import NONE, Units, in_range, scaled

BLOCK = 64  # runs that advance together, in all batches: 60 N bytes each, and 16 N of a block product
_FEW = 4  # runs left that need not wait for each other
_WAITING = 8  # runs that wait for products in float64, a tile of them, unless none is left to move
_TASK = 8  # runs of a thread's task
TILE = 16  # vectors of a tile of float32 numbers, which costs the same with fewer
_DRIFT = 0.1  # of the gradient: the largest error of J x that is let stand
_SINGLE = 2.0**-22  # error of a float32 product, relative to its largest element

Rows = NDArray[np.int64]


@dataclass
class End:
    """A minimisation that has ended.

    Attributes
    ----------
    run : Minimisation
        Where it ended.
    status : str
        ``"converged"``, ``"max_products"`` or ``"stalled"``.
    moved : bool
        Whether it has taken a step.
    """

    run: Minimisation
    status: str
    moved: bool


class Batch:
    """Runs of L-BFGS, one in each row of all arrays, and the error that float32 products have left in J x.

    Directions are float32 numbers of magnitudes below 1, whatever length the steps along them have, so that
    products in float32 are those of the directions themselves but for rounding of their sums.

    Attributes
    ----------
    units : Units
        Of the problem.
    ends : dict
        The `End` of each start.
    """

    def __init__(self, problem: Problem, units: Units, rows: int, tol: float, max_products: int) -> None:
        self.problem, self.units, self.tol, self.max_products = problem, units, tol, max_products
        self.ends: dict[int, End] = {}
        n, self._least_force = problem.size, least_force(problem)
        self._start = np.full(rows, -1)  # where no run is
        self._x, self._jx, self._gradient, self._old = (line_zeros((rows, n)) for _ in range(4))
        self._s, self._y = (line_zeros((rows, MEMORY, n), np.float32) for _ in range(2))
        self._rho = np.zeros((rows, MEMORY))
        self._newest, self._count, self._products, self._idle = np.zeros((4, rows), np.int64)
        self._aimed = line_zeros((rows, n), np.float32)  # the directions
        self._step, self._norm, self._force, self._best, self._drift = np.zeros((5, rows))
        self._waits, self._moved = np.zeros((2, rows), bool)  # for a J x of its own; whether it took a step

    def enter(self, points: Iterator[tuple[int, Vector]]) -> bool:
        """Let starts (number, x) take the rows where no run is; return whether there is any run."""
        free = np.flatnonzero(self._start < 0)
        for row, (start, x) in zip(free, itertools.islice(points, free.size), strict=False):
            self._start[row], self._x[row] = start, scaled(x, -self.units.length)
            self._newest[row], self._count[row], self._products[row], self._idle[row] = -1, 0, 0, 0
            self._step[row], self._norm[row], self._best[row] = 0.0, np.inf, np.inf
            self._waits[row], self._moved[row] = True, False
        return bool((self._start >= 0).any())

    def divide(self) -> tuple[Rows, Rows]:
        """Return the rows to be renewed and those to be moved now.

        Where those that can move are more than fill tiles, they are those farthest from their goal.
        """
        active = np.flatnonzero(self._start >= 0)
        waiting, moving = active[self._waits[active]], active[~self._waits[active]]
        if moving.size and active.size > _FEW:
            waiting = waiting[: waiting.size // _WAITING * _WAITING]
        if moving.size > TILE:
            ranked = moving[np.argsort(self._force[moving] / self._norm[moving], kind="stable")]
            moving = ranked[: ranked.size // TILE * TILE]
        return waiting, moving

    def renew(self, rows: Rows) -> None:
        """Give each run a float64 J x of its own; end those that have arrived."""
        rows = self._counted(rows)
        if rows.size == 0:
            return
        self._jx[rows] = self.problem.coupling.products(self._x[rows].T).T
        p = self.problem
        for r in rows:
            _, self._norm[r], force, _ = evaluate(
                p.stiffness, p.field, p.a_max, p.a_shares, self._x[r], self._jx[r], self._gradient[r]
            )
            self._force[r] = max(force, self._least_force)
        self._drift[rows], self._waits[rows] = 0.0, False
        rows = self._in_range(rows)
        arrived = self._norm[rows] <= self.tol * self._force[rows]
        self._end(rows[arrived], "converged")
        self._aim(rows[~arrived])

    def move(self, rows: Rows) -> None:
        """Let each run take a step, and aim again unless it is to be renewed; end those that do not fall."""
        rows = self._counted(rows)
        if rows.size == 0:
            return
        p, account = self.problem, np.empty((rows.size, 7))
        products = p.coupling.products(self._aimed[rows].T).T

        def steps(some: slice) -> None:
            take_steps(
                p.stiffness, p.field, p.a_max, p.a_shares, rows[some], self._x, self._jx, self._gradient,
                self._aimed, products[some], account[some],
            )  # fmt: skip

        _in_tasks(rows, steps)
        self._note(rows, account)
        rows = self._in_range(rows)
        stalled = self._idle[rows] >= PATIENCE
        self._end(rows[stalled], "stalled")
        self._aim(rows[~(stalled | self._waits[rows])])

    def _note(self, rows: Rows, account: NDArray[np.float64]) -> None:
        """Take over what `take_steps` returned."""
        account[:, 4] = np.maximum(account[:, 4], self._least_force)
        account[~in_range(account[:, 4])] = 0.0  # nothing of these counts: they go on alone
        step, drop, _, norm, force, distance, largest = account.T
        in_vain = is_idle(drop, force * distance, norm, self._best[rows])
        drift = self._drift[rows] + _SINGLE * largest * step
        self._idle[rows] = np.where(in_vain, self._idle[rows] + 1, 0)
        self._best[rows] = np.minimum(self._best[rows], norm)
        self._step[rows], self._norm[rows], self._force[rows], self._drift[rows] = step, norm, force, drift
        self._waits[rows] = (norm <= self.tol * force) | (drift > _DRIFT * norm)
        self._moved[rows] = True

    def _aim(self, rows: Rows) -> None:
        """Find the next directions."""
        p = self.problem

        def aim(some: slice) -> None:
            scale = np.empty((rows[some].size, p.size))
            curvature_scales(
                p.stiffness, p.a_max, p.a_shares, rows[some], self._x, p.coupling.strength, self._force, scale
            )
            next_directions(
                rows[some], self._gradient, self._old, scale, self._step, self._s, self._y, self._rho,
                self._newest, self._count, self._aimed,
            )  # fmt: skip

        _in_tasks(rows, aim)

    def _counted(self, rows: Rows) -> Rows:
        """Count a product for each run; end and leave out those that had none left."""
        spent = self._products[rows] >= self.max_products
        self._end(rows[spent], "max_products")
        self._products[rows[~spent]] += 1
        return rows[~spent]

    def _end(self, rows: Rows, status: str) -> None:
        """Keep the ends of these runs and free their rows."""
        for r in rows:
            run = self._alone(r)
            run.jx, run.fresh = self._jx[r].copy(), True
            run.measure()
            self.ends[int(self._start[r])] = End(run, status, bool(self._moved[r]))
            self._start[r] = -1

    def _in_range(self, rows: Rows) -> Rows:
        """Return the runs whose forces need no units of their own; the others go on alone, to their end."""
        good: NDArray[np.bool_] = in_range(self._force[rows])
        for r in rows[~good]:
            run = self._alone(r)
            first = run.products + 1
            try:
                run.begin()
                status = run.to_end(lbfgs)
            except Stop as stop:
                status = str(stop)
            run.change_units(NONE)
            run.measure()
            self.ends[int(self._start[r])] = End(run, status, bool(self._moved[r]) or run.products > first)
            self._start[r] = -1
        left: Rows = rows[good]
        return left

    def _alone(self, row: int) -> Minimisation:
        """Return the run of a row."""
        run = Minimisation(self.problem, self._x[row], self.tol, self.max_products, origin=self.units)
        run.products = int(self._products[row])
        return run


def _in_tasks(rows: Rows, call: Callable[[slice], None]) -> None:
    """Call for slices of a few rows, each a task."""
    threads.run([partial(call, slice(k, k + _TASK)) for k in range(0, rows.size, _TASK)])


def descend(
    problem: Problem,
    points: Iterable[Vector],
    tol: float,
    max_products: int,
    together: int = BLOCK,
    units: Units = NONE,
) -> list[End]:
    """Return where minimisations from the points (N,) end: one L-BFGS step of many per block product.

    The problem is in these units; the points are not.

    The products J d of the steps are made in float32; J x is renewed in float64 where their error would show
    and at the end.
    """
    batch, starts = Batch(problem, units, together, tol, max_products), enumerate(points)
    while batch.enter(starts):
        waiting, moving = batch.divide()
        batch.renew(waiting)
        batch.move(moving)
    return [batch.ends[k] for k in range(len(batch.ends))]
