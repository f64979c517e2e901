"""The way out of upper wells: from a minimum to lower ones, while one of its modes leads further down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

import quartic

Array = NDArray[np.float64]
Modes = TypeVar("Modes")
MOST = 100  # wells that are left, of one sample
ROUNDING = 1e-12  # of the energy


@dataclass(frozen=True, eq=False)
class Lowered(Generic[Modes]):
    """Where leaving upper wells ended.

    Attributes
    ----------
    x : (N,) array
        The minimum.
    modes
        What was looked at there.
    left : int
        How many wells were left on the way.
    status : {"lowest", "unfinished"}
        Whether no mode leads further down, or the most wells that may be left have been.
    """

    x: Array
    modes: Modes
    left: int
    status: Literal["lowest", "unfinished"]


def leave_upper_wells(
    landscape: quartic.Problem,
    x: Array,
    modes: Modes,
    look: Callable[[Array], Modes],
    second_wells: Callable[[Array, Modes], Iterable[Array]],
    *,
    tol: float,
    most: int = MOST,
    check: bool = True,
) -> Lowered[Modes]:
    """Return the minimum after upper wells have been left for lower ones, one after the other.

    Parameters
    ----------
    landscape : quartic.Problem
    x : (N,) array
        A minimum.
    modes
        Its modes, as `look` gives them.
    look : callable
        look(x) returns the modes of a minimum.
    second_wells : callable
        second_wells(x, modes) gives the displacements to second wells along the modes; the first from which
        minimisation ends below x is taken.
    tol : float
        Of the minimisations.
    most : int
        Wells that may be left.
    check : bool
        Raise unless the status is "lowest".

    Raises
    ------
    RuntimeError
        With `check`, if a mode still leads down after `most` wells.
    """
    for left in range(most + 1):
        lower = _lower(landscape, x, second_wells(x, modes), tol)
        if lower is None:
            return Lowered(x, modes, left, "lowest")
        if left < most:
            x, modes = lower, look(lower)
    if check:
        raise RuntimeError(f"more than {most} modes in upper wells")
    return Lowered(x, modes, most, "unfinished")


def _lower(landscape: quartic.Problem, x: Array, wells: Iterable[Array], tol: float) -> Array | None:
    """Return the first minimum below x that one of the displacements leads to; None if none does."""
    energy = quartic.energy(landscape, x)
    for away in wells:
        found = quartic.minimize(landscape, start=x + away, tol=tol)
        if found.energy < energy - ROUNDING * abs(energy):
            return found.x
    return None
