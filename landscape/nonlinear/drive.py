"""Athermal quasistatic driving by a control parameter: elastic branches and the avalanches between them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, brief, count, fraction, real
from landscape.arrays import Vector
from landscape.nonlinear.branch import Branch, BranchPoint, LostError
from landscape.nonlinear.family import Family
from landscape.nonlinear.fold import Fold, locate
from landscape.nonlinear.solves import IndefiniteError

_NEAR = 0.1  # of the second eigenvalue, below which the softest leads to a fold
_PUSH = 0.02  # of the distance -3 b3/b4 to the next well: how far beyond its fold a relaxation starts
_FELT = 100.0  # times tol: the least relative gradient there
_LEAST = 1e-13  # of the way to go: shorter steps do not count as progress


@brief()
@dataclass(frozen=True, eq=False)
class Event:
    """An instability and the avalanche that it sets off, at a constant parameter.

    Attributes
    ----------
    fold : Fold
        Where the minimum vanishes, and along which direction; `fold.h` is the value h_c.
    x : (N,) array
        The minimum after the avalanche, at h_c.
    energy_drop : float
        H before - H after, both at h_c; > 0.
    size : float
        |x after - x before|.
    slope : float
        Change of dH/dh: minus that of the sum of x for a field, the stress drop times volume for a strain.
    """

    fold: Fold
    x: Vector
    energy_drop: float
    size: float
    slope: float


@brief()
@dataclass(frozen=True, eq=False)
class Drive:
    """What happened on the way.

    Attributes
    ----------
    h, energy, slope, lowest_eigenvalue : (m,) arrays
        At every minimum visited, the start and the end included: the parameter, H, dH/dh at constant x, and
        lambda of the softest normal mode. An avalanche stands between two rows, the last before and the one
        right after it, which is at h_c.
    x : (N,) array
        The last minimum.
    events : tuple of Event
        In the order in which they happened.
    status : {"arrived", "max_events", "max_steps"}
    """

    h: Vector
    energy: Vector
    slope: Vector
    lowest_eigenvalue: Vector
    x: Vector
    events: tuple[Event, ...]
    status: str


class DriveError(RuntimeError):
    """A branch could not be followed; the message holds where and how far it came."""


def drive(
    family: Family,
    x: ArrayLike,
    *,
    h_from: float,
    h_to: float,
    tol: float = 1e-10,
    max_events: int = 10_000,
    max_steps: int = 100_000,
) -> Drive:
    """Return what happens to the minimum x when h goes from h_from to h_to, slowly and without noise.

    The minimum follows dx/dh = -M^-1 d(gradient)/dh, by a prediction of second order and Newton's method, in
    steps that shrink as soft modes soften. Where the softest mode goes to zero, the instability h_c is
    located as the fold of the branch (`landscape.nonlinear.fold.locate`), to rounding, whatever the steps.
    There the gradient flow (method ``"descent"``) starts along the vanishing mode at constant h, and where it
    ends the drive goes on.

    Parameters
    ----------
    family : Family
    x : (N,) array
        A minimum at h_from, or a point that Newton's method takes to one.
    h_from, h_to : float
        Up or down.
    tol : float
        Largest |gradient| of the minima, over the typical force.
    max_events, max_steps : int
        The drive ends after so many avalanches, or so many steps and avalanches together.

    Returns
    -------
    Drive

    Raises
    ------
    ValueError
        For an argument outside its range.
    DriveError
        If x is at no minimum, or a branch is lost: where a direction of vanishing curvature does not feel the
        parameter, as at a bifurcation of a symmetric problem, there is no fold.
    MinimizationError
        If a relaxation does not converge.

    Examples
    --------
    A double well under a force h, which leaves its left side at h = 2/27^(1/2):

    >>> import landscape
    >>> class Tilted(landscape.Family):
    ...     def at(self, h):
    ...         energy = lambda x: x[0]**4/4 - x[0]**2/2 - h*x[0]
    ...         return landscape.Functions(energy, lambda x: x**3 - x - h, 1)
    >>> driven = landscape.drive(Tilted(), [-1.0], h_from=0.0, h_to=0.5)
    >>> driven.status, [round(event.fold.h, 6) for event in driven.events]
    ('arrived', [0.3849])
    """
    h_from, h_to, tol = real("h_from", h_from), real("h_to", h_to), fraction("tol", tol)
    max_events, max_steps = count("max_events", max_events), count("max_steps", max_steps)
    start = array("x", x, (family.at(h_from).size,))
    driver = Driver(Branch(family, tol), start, h_from, h_to)
    status = driver.run(max_events, max_steps)
    h, energy, lowest = np.array(driver.rows).T
    slope = np.array([family.slope(x, h) for x, h in zip(driver.visited, h, strict=True)])
    events = tuple(_event(family, fold, end) for fold, end in driver.avalanches)
    return Drive(h, energy, slope, lowest, driver.here.x, events, status)


def _event(family: Family, fold: Fold, end: BranchPoint) -> Event:
    return Event(
        fold=fold,
        x=end.x,
        energy_drop=fold.energy - end.energy,
        size=float(np.linalg.norm(end.x - fold.x)),
        slope=family.slope(end.x, fold.h) - family.slope(fold.x, fold.h),
    )


class Driver:
    """The state of a drive.

    Attributes
    ----------
    here : BranchPoint
    rows : list of (h, energy, lowest eigenvalue)
    visited : list of (N,) arrays
        The minima of the rows.
    avalanches : list of (Fold, BranchPoint)
        Where each began and ended.
    """

    def __init__(self, branch: Branch, x: Vector, h_from: float, h_to: float) -> None:
        self.branch, self.h_to = branch, h_to
        self.toward = 1.0 if h_to >= h_from else -1.0
        self.way = abs(h_to - h_from)
        self.rows: list[tuple[float, float, float]] = []
        self.visited: list[Vector] = []
        self.avalanches: list[tuple[Fold, BranchPoint]] = []
        try:
            self._arrive(branch.point(branch.correct(x, h_from), h_from))
        except (LostError, IndefiniteError) as error:
            raise DriveError(f"x is near no minimum: {error}") from error

    def run(self, max_events: int, max_steps: int) -> str:
        """Go on to the end; return the status."""
        longest = self.way
        for _ in range(max_steps):
            if self.here.h == self.h_to:
                return "arrived"
            fold = self._fold()
            if fold is not None:
                self._avalanche(fold)
                longest = self.way
                if len(self.avalanches) == max_events:
                    return "max_events"
            else:
                before = self.here.h
                self._arrive(self._next(longest))
                longest = 2.0 * abs(self.here.h - before)
        return "arrived" if self.here.h == self.h_to else "max_steps"

    def _arrive(self, point: BranchPoint) -> None:
        self.here = point
        self.rows.append((point.h, point.energy, float(point.eigenvalues[0])))
        self.visited.append(point.x)

    def _next(self, longest: float) -> BranchPoint:
        try:
            return self.branch.advance(self.here, self.h_to, longest=longest, least=_LEAST * self.way)
        except LostError as error:
            raise DriveError(f"after {len(self.avalanches)} avalanches: {error}") from error

    def _fold(self) -> Fold | None:
        """Return the fold where this branch ends before h_to, if it is near."""
        here = self.here
        soft = float(here.eigenvalues[0])
        near = _NEAR * min(here.next_eigenvalue, self.branch.strength)
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
        push = math.sqrt(2.0 * least / b3)  # the force there is b3 s^2/2
        if fold.b4 > 0.0:
            push = max(_PUSH * 3.0 * b3 / fold.b4, push)
        end = self.branch.family.descend(fold.x + push * psi, fold.h, self.branch.tol)
        self._arrive(self.branch.point(end, fold.h))
        self.avalanches.append((fold, self.here))
