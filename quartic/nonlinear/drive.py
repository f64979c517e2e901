"""Athermal quasistatic driving of coupled oscillators by the uniform field."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from arguments import brief, count, fraction, real
from landscape.arrays import Vector
from landscape.nonlinear.branch import Branch, BranchPoint
from landscape.nonlinear.drive import DriveError, Driver
from landscape.nonlinear.fold import Fold
from quartic.curvature import real_displacement
from quartic.nonlinear.uniform_field import UniformField
from quartic.problem import Problem

__all__ = ["Drive", "DriveError", "Event", "drive"]


@brief()
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


@brief()
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
    uniform, h is the field. The minimum follows dx/dh = M^-1 1; `landscape.drive` says how, and how the
    instabilities h_c are located. There the gradient flow (method ``"descent"``) starts along the vanishing
    mode at constant field, and where it ends the drive goes on.

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

    Returns
    -------
    Drive

    Raises
    ------
    ValueError
        For an argument outside its range.
    DriveError
        If x is at no minimum, or a branch is lost: where a direction of vanishing curvature does not feel the
        field, as at a bifurcation of a symmetric problem, there is no fold.
    MinimizationError
        If a relaxation does not converge.

    Examples
    --------
    The well -x^2/2 + x^4/4 loses its left minimum in a field of 2/27^(1/2):

    >>> import quartic
    >>> driven = quartic.drive(quartic.Problem([-1.0], [[0.0]], 0.0, 6.0), [-1.0], h_to=0.5)
    >>> driven.status, [round(event.fold.h, 6) for event in driven.events]
    ('arrived', [0.3849])
    """
    x = real_displacement(problem, x)
    h_to, tol = real("h_to", h_to), fraction("tol", tol)
    max_events, max_steps = count("max_events", max_events), count("max_steps", max_steps)
    family = UniformField(problem)
    driver = Driver(Branch(family, tol), x, family.h, h_to)
    status = driver.run(max_events, max_steps)
    h, energy, lowest = np.array(driver.rows).T
    return Drive(
        h=h,
        energy=energy,
        magnetisation=np.array([float(y.mean()) for y in driver.visited]),
        lowest_eigenvalue=lowest,
        x=driver.here.x,
        events=tuple(_event(fold, end) for fold, end in driver.avalanches),
        status=status,
    )


def _event(fold: Fold, end: BranchPoint) -> Event:
    """Return the record of an avalanche."""
    moved = end.x - fold.x
    squares = moved**2
    return Event(
        fold=fold,
        x=end.x,
        energy_drop=fold.energy - end.energy,
        size=float(np.sqrt(squares.sum())),
        sites=float(squares.sum() ** 2 / np.sum(squares**2)),
        magnetisation=float(moved.mean()),
    )
