"""From a liquid to its inherent structure."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, fraction
from glass.pair_glass import PairGlass
from landscape.minima import Minimum, minimize
from landscape.modes.inverse import Inverse, InverseError
from landscape.protocol import Point

_FIRST = (0.3, 0.03, 3e-3)  # relative gradients at which FIRE looks anew how stiff the glass is
_ROUGH = 1e-4  # at which Newton's method is tried first
_LESS = 0.1  # times that, where it has failed
_TRIES = 5
_STEPS = 12  # of Newton's method: near the end it doubles the digits in each
_PRODUCTS = 50  # in each; a factor that guides so badly is that of another M
_DIGITS = 4.0  # units in the last place of the farthest position, as a move of each particle


def quench(
    glass: PairGlass,
    x: ArrayLike | None = None,
    *,
    flow: bool = False,
    tol: float = 1e-12,
    max_steps: int = 100_000,
) -> Minimum:
    """Return the minimum that a configuration leads to.

    FIRE to a relative gradient of 1e-4, in four stretches with time steps of their own, for overlaps of the
    beginning are stiff; then Newton's method. In the plane with a factor of M: where M has directions of
    negative curvature there, or a step does not lower the forces, FIRE goes on a tenth lower and it is tried
    again. In space, where a factor fills in, by conjugate gradients, cut short along such directions.

    Parameters
    ----------
    x : (N d,) array, optional
        Where to begin; `glass.x` if not given.
    flow : bool
        Follow the gradient flow in the place of FIRE: only its minimum is that of the start's own basin, as
        statistics of basins and double wells need. Some ten times slower.
    tol : float
        Largest |gradient| at the end over the typical force (`Landscape.force_scale`), in (0, 1). Positions
        have 16 digits of the box: where forces of such moves are all that is left, that is the end, and `tol`
        of the result what was reached. So it is for some 30 000 discs at 1e-12.
    max_steps : int
        Of each stretch of FIRE or of the flow.

    Returns
    -------
    landscape.Minimum
        With the steps of all stretches.

    Raises
    ------
    ValueError
        For an argument outside its range.
    landscape.MinimizationError
        If no minimum is reached.

    Examples
    --------
    A crystal, shaken, comes to rest where it was:

    >>> import glass, numpy as np
    >>> crystal = glass.crystal(4, spacing=0.95, potential="hertzian_spheres")
    >>> shaken = crystal.x + 0.02 * np.random.default_rng(0).normal(size=32)
    >>> solid = glass.quench(crystal, shaken)
    >>> solid.status, round(solid.energy / crystal.energy(crystal.x), 6)
    ('converged', 1.0)
    """
    place = glass.x if x is None else array("x", x, (glass.size,))
    tol = fraction("tol", tol)
    tries = _ROUGH * _LESS ** np.arange(_TRIES)
    method, goals = ("descent", tries[1:]) if flow else ("fire", np.concatenate([_FIRST, tries]))
    steps = 0
    for goal in goals:
        least = max(float(goal), tol)
        found = minimize(glass, place, method=method, tol=least, max_steps=max_steps, certify=False)
        place, end, steps = found.x, found.point, steps + found.steps
        if goal > _ROUGH:
            continue
        if glass.dimension == 3:
            break
        near, more = _newton(end, tol)
        steps += more
        if near is not None:
            end = near
            break
    last = minimize(glass, end.x, method="newton", tol=max(tol, min(end.relative_gradient, rounding(end))))
    return replace(last, steps=steps + last.steps)


def _newton(point: Point, tol: float) -> tuple[Point | None, int]:
    """Return where Newton's method with a factor of M ends, None where it is no way to a minimum; its steps.

    The factor of the first step serves all: it guides the conjugate gradients of the others.
    """
    inverse: Inverse | None = None
    for step in range(_STEPS):
        here = point.relative_gradient
        if here <= tol:
            return point, step
        try:
            inverse = (
                Inverse(point.hessian, method="factor") if inverse is None else inverse.of(point.hessian)
            )
            move = inverse.solve(point.gradient, tol=min(max(here, 1e-10), 1e-2), max_products=_PRODUCTS)
        except (ValueError, InverseError):  # M is not positive definite, or too nearly so
            return None, step
        end = point.landscape.at(point.x - move)
        longest = float(np.abs(move).max())
        if longest > point.landscape.length or not end.gradient_norm < point.gradient_norm:
            return (point if here <= rounding(point) else None), step
        point = end
    return None, _STEPS


def rounding(point: Point) -> float:
    """Return the relative gradient that may be left because positions have 16 digits."""
    farthest = float(np.abs(point.x).max())
    return _DIGITS * float(np.finfo(np.float64).eps) * farthest / point.landscape.length
