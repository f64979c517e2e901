"""Checks that a point given for a minimum is stationary, and one."""

from numpy.typing import ArrayLike

from arguments import array
from landscape.modes.certificate import judge
from landscape.protocol import Landscape, Point

STILL = 1e-4  # largest relative gradient of what is taken for a minimum; `minimize` has 1e-10


def stationary(landscape: Landscape, x: ArrayLike, *, name: str = "x") -> Point:
    """Return the point x, if forces vanish there; the sign of curvatures is not looked at.

    Raises
    ------
    ValueError
        For x of the wrong shape, complex or not finite, and where max_i |dH/dx_i| is above 1e-4 of the
        typical force (`Landscape.force_scale`).
    """
    point = landscape.at(array(name, x, (landscape.size,)))
    if not point.relative_gradient <= STILL:
        raise ValueError(no_minimum(name, point.relative_gradient))
    return point


def no_minimum(name: str, relative: float) -> str:
    """Return what is said of a point where forces do not vanish."""
    return (
        f"{name} is no minimum: its largest |gradient| is {relative:.3g} of the typical force, must be "
        f"<= {STILL:g}"
    )


def minimum(landscape: Landscape, x: ArrayLike, *, name: str = "x") -> Point:
    """Return the point x, if it is a minimum: stationary, M positive definite but for zero modes.

    Raises
    ------
    ValueError
        As `stationary`, and for a saddle.
    """
    point = stationary(landscape, x, name=name)
    status, lowest = judge(point.hessian, exactly=False)
    if status == "saddle":
        raise ValueError(f"{name} is no minimum: the lowest eigenvalue there is {lowest:.3g}, must be > 0")
    return point
