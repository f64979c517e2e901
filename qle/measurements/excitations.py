"""What a sweep may measure of each minimum beyond its normal modes: nonlinear modes, their wells, heat."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import quartic

Array = NDArray[np.float64]

SOFTEST_SITES = 20
"""From so many of the softest sites the searches for cubic modes start."""

NONLINEAR = ("b2", "b3", "b4", "cubic_barrier", "nonlinear_participation", "nonlinear_residual")
WELLS = ("well_overlap", "well_distance", "well_asymmetry", "well_barrier")
HEAT = ("heat_capacity",)
GOOD = ("converged", "descended")  # statuses of a cubic mode


def count(size: int) -> int:
    """Return for how many cubic modes of a sample of `size` oscillators there is room."""
    return min(size, SOFTEST_SITES)


def excitations(problem: quartic.Problem, x: Array, *, wells: bool) -> dict[str, Array]:
    """Return the cubic modes of a minimum, lowest barrier first, each array of shape (`count`,).

    Names are those of `NONLINEAR`, and of `WELLS` if `wells`: where a push along the mode leads to a second
    minimum, its overlap with the way there, the length of that way, the difference of energy and the true
    barrier. What is not there is nan.
    """
    found = {name: np.full(count(problem.size), np.nan) for name in (*NONLINEAR, *(WELLS if wells else ()))}
    for k, mode in enumerate(modes := cubic_modes(problem, x)):
        numbers = (mode.b2, mode.b3, mode.b4, mode.barrier, mode.participation, mode.residual)
        for name, value in zip(NONLINEAR, numbers, strict=True):
            found[name][k] = value
    if wells and modes:
        for k, well in enumerate(quartic.double_wells(problem, x, modes)):
            for name, value in zip(WELLS, _ends(well), strict=True):
                found[name][k] = value
    return found


def cubic_modes(problem: quartic.Problem, x: Array) -> list[quartic.NonlinearMode]:
    """Return the cubic modes that the softest sites lead to; none at x = 0, which has no cubic term."""
    if not x.any():
        return []
    try:
        modes = quartic.cubic_modes(problem, x, starts="sites", count=count(problem.size))
    except quartic.ModeError:
        return []
    return [mode for mode in modes if mode.status in GOOD]


def heat(problem: quartic.Problem, x: Array) -> dict[str, Array]:
    """Return the local heat capacity of every site, half of each of its pairs included, shape (N,); sum N."""
    return {"heat_capacity": quartic.heat_capacities(problem, x, largest=0).local}


def _ends(well: Any) -> tuple[float, float, float, float]:
    return well.overlap, well.distance, well.asymmetry, well.barrier
