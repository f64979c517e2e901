"""Athermal quasistatic driving by the uniform field: elastic branches and the avalanches between them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arguments import count, fraction, real
from landscape.arrays import Vector
from quartic.curvature import real_displacement
from quartic.minima import minimize
from quartic.nonlinear.branch import Branch, LostError, Point
from quartic.nonlinear.fold import Fold, locate
from quartic.nonlinear.solves import IndefiniteError
from quartic.problem import Problem

_NEAR = 0.1  # of the second eigenvalue, below which the softest leads to a fold
_PUSH = 0.02  # of the distance -3 b3/b4 to the next well: how far beyond its fold a relaxation starts
_FELT = 100.0  # times tol: the least relative gradient there
_LEAST = 1e-13  # of the way to go: shorter steps do not count as progress


@dataclass(frozen=True, eq=False)
class Event:
    """An instability and the avalanche that it sets off, at constant field.

    Attributes
    ----------
    fold : Fold
        Where the minimum vanishes, and along which direction; `fold.h` is the field h_c.
    x : (N,) array
        The minimum after the avalanche, at h_c.
    energy_drop : float
        H before - H after, both at h_c; > 0.
    size : float
        |x after - x before|.
    sites : float
        (sum_i D_i^2)^2 / sum_i D_i^4 of D = x after - x before: the number of oscillators that move.
    magnetisation : float
        Change of the mean of x_i.
    """

    fold: Fold
    x: Vector
    energy_drop: float
    size: float
    sites: float
    magnetisation: float


@dataclass(frozen=True, eq=False)
class Drive:
    """What happened on the way.

    Attributes
    ----------
    h, energy, magnetisation, lowest_eigenvalue : (m,) arrays
        At every minimum visited, the start and the end included: the field, H, the mean of x_i, and lambda of
        the softest normal mode. An avalanche stands between two rows, the last before and the one right after
        it, which is at h_c.
    x : (N,) array
        The last minimum.
    events : tuple of Event
        In the order in which they happened.
    status : {"arrived", "max_events", "max_steps"}
    """

    h: Vector
    energy: Vector
    magnetisation: Vector
    lowest_eigenvalue: Vector
    x: Vector
    events: tuple[Event, ...]
    status: str


class DriveError(RuntimeError):
    """A branch could not be followed; the message holds where and how far it came."""


def drive(
    problem: Problem,
    x: ArrayLike,
    *,
    h_to: float,
    tol: float = 1e-10,
    max_events: int = 10_000,
    max_steps: int = 100_000,
) -> Drive:
    """Return what happens to the minimum x when the uniform field goes to h_to, slowly and without noise.

    The field is problem.field + (h - h_0) on every site, h_0 the mean of problem.field: where the field is
    uniform, h is the field. The minimum follows dx/dh = M^-1 1, by a prediction of second order and Newton's
    method, in steps that shrink as soft modes soften. Where the softest mode goes to zero, the instability
    h_c is located as the fold of the branch (`quartic.nonlinear.fold.locate`), to rounding, whatever the
    steps. There the gradient flow (method ``"descent"``) starts along the vanishing mode at constant field,
    and where it ends the drive goes on.

    Parameters
    ----------
    problem : Problem
    x : (N,) array
        A minimum of `problem`, or a point that Newton's method takes to one.
    h_to : float
        The field to go to, up or down.
    tol : float
        Largest |gradient| of the minima, over the typical force.
    max_events, max_steps : int
        The drive ends after so many avalanches, or so many steps and avalanches together.

    Raises
    ------
    ValueError
        For an argument outside its range.
    DriveError
        If x is at no minimum, or a branch is lost: where a direction of vanishing curvature does not feel the
        field, as at a bifurcation of a symmetric problem, there is no fold.
    MinimizationError
        If a relaxation does not converge.
    """
    x = real_displacement(problem, x)
    h_to, tol = real("h_to", h_to), fraction("tol", tol)
    max_events, max_steps = count("max_events", max_events), count("max_steps", max_steps)
    return _Driver(Branch(problem, tol), x, h_to).run(max_events, max_steps)


class _Driver:
    """The state of a drive."""

    def __init__(self, branch: Branch, x: Vector, h_to: float) -> None:
        self.branch, self.h_to = branch, h_to
        self.toward = 1.0 if h_to >= branch.h else -1.0
        self.way = abs(h_to - branch.h)
        self.rows: list[tuple[float, float, float, float]] = []
        self.events: list[Event] = []
        try:
            self._arrive(branch.point(branch.correct(x, branch.h), branch.h))
        except (LostError, IndefiniteError) as error:
            raise DriveError(f"x is near no minimum: {error}") from error

    def run(self, max_events: int, max_steps: int) -> Drive:
        longest = self.way
        for _ in range(max_steps):
            if self.here.h == self.h_to:
                return self._result("arrived")
            fold = self._fold()
            if fold is not None:
                self._avalanche(fold)
                longest = self.way
                if len(self.events) == max_events:
                    return self._result("max_events")
            else:
                before = self.here.h
                self._arrive(self._next(longest))
                longest = 2.0 * abs(self.here.h - before)
        return self._result("arrived" if self.here.h == self.h_to else "max_steps")

    def _arrive(self, point: Point) -> None:
        self.here = point
        self.rows.append((point.h, point.energy, float(point.x.mean()), float(point.eigenvalues[0])))

    def _next(self, longest: float) -> Point:
        try:
            return self.branch.advance(self.here, self.h_to, longest=longest, least=_LEAST * self.way)
        except LostError as error:
            raise DriveError(f"after {len(self.events)} avalanches: {error}") from error

    def _fold(self) -> Fold | None:
        """Return the fold where this branch ends before h_to, if it is near."""
        here = self.here
        soft = float(here.eigenvalues[0])
        near = _NEAR * min(here.next_eigenvalue, self.branch.problem.linear_strength)
        if soft > near or self.toward * here.rates[0] >= 0.0:
            return None
        try:
            fold = locate(self.branch, here, self.toward)
        except (LostError, IndefiniteError):
            return None
        expected = -soft / (2.0 * float(here.rates[0]))  # lambda^2 goes to zero linearly
        ahead = fold.h - here.h
        if not 0.0 <= ahead / expected <= 2.0 or self.toward * (self.h_to - fold.h) < 0.0:
            return None
        return fold

    def _avalanche(self, fold: Fold) -> None:
        """Relax from a fold and go on from where that ends."""
        psi, b3 = fold.direction, abs(fold.b3)
        least = _FELT * self.branch.tol * fold.force_scale / float(np.abs(psi).max())
        push = max(_PUSH * 3.0 * b3 / fold.b4, math.sqrt(2.0 * least / b3))  # the force there is b3 s^2/2
        start = fold.x + push * psi
        end = minimize(self.branch.at(fold.h), method="descent", start=start, tol=self.branch.tol)
        self._arrive(self.branch.point(end.x, fold.h))
        moved = end.x - fold.x
        squares = moved**2
        self.events.append(
            Event(
                fold=fold,
                x=end.x,
                energy_drop=fold.energy - self.here.energy,
                size=float(np.sqrt(squares.sum())),
                sites=float(squares.sum() ** 2 / np.sum(squares**2)),
                magnetisation=float(moved.mean()),
            )
        )

    def _result(self, status: str) -> Drive:
        h, energy, magnetisation, lowest = np.array(self.rows).T
        return Drive(
            h=h,
            energy=energy,
            magnetisation=magnetisation,
            lowest_eigenvalue=lowest,
            x=self.here.x,
            events=tuple(self.events),
            status=status,
        )
