"""From a liquid to its inherent structure."""

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, fraction
from glass.pair_glass import PairGlass
from landscape.arrays import Vector
from landscape.minima import Minimum, minimize
from landscape.modes.inverse import Inverse, InverseError
from landscape.protocol import Point

_FIRST = (0.3, 0.03, 3e-3)  # relative gradients at which FIRE looks anew how stiff the glass is
_ROUGH = 1e-5  # at which Newton's method is tried first
_LESS = 1e-2  # times that, where it has failed
_TRIES = 4
_STEPS = 8  # of Newton's method: it doubles the digits in each


def quench(
    glass: PairGlass,
    x: ArrayLike | None = None,
    *,
    flow: bool = False,
    tol: float = 1e-12,
    max_steps: int = 100_000,
) -> Minimum:
    """Return the minimum that a configuration leads to.

    FIRE to a relative gradient of 1e-5, in four stretches with time steps of their own, for overlaps of the
    beginning are stiff; then Newton's method with a factor of M. Where M has
    directions of negative curvature there, or a step does not lower the forces, FIRE goes on a hundredth
    lower and it is tried again.

    Parameters
    ----------
    x : (N d,) array, optional
        Where to begin; `glass.x` if not given.
    flow : bool
        Follow the gradient flow in the place of FIRE: only its minimum is that of the start's own basin, as
        statistics of basins and double wells need. Some ten times slower.
    tol : float
        Largest |gradient| at the end over the typical force (`Landscape.force_scale`), in (0, 1). Positions
        have 16 digits of the box: 1e-13 is rounding for some thousand particles.
    max_steps : int
        Of FIRE or of the flow.

    Returns
    -------
    landscape.Minimum

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
    >>> i, j = np.divmod(np.arange(16), 4)
    >>> lattice = 0.95 * np.column_stack([j + i / 2, i * 0.75**0.5])
    >>> box = 0.95 * np.array([4.0, 12**0.5])
    >>> crystal = glass.PairGlass(lattice, sizes=1.0, box=box, potential="hertzian_spheres")
    >>> shaken = crystal.x + 0.02 * np.random.default_rng(0).normal(size=32)
    >>> solid = glass.quench(crystal, shaken)
    >>> solid.status, round(solid.energy / crystal.energy(crystal.x), 6)
    ('converged', 1.0)
    """
    place = glass.x if x is None else array("x", x, (glass.size,))
    tol = fraction("tol", tol)
    for goal in () if flow else _FIRST:
        place = minimize(glass, place, method="fire", tol=goal, max_steps=max_steps, certify=False).x
    for rough in _ROUGH * _LESS ** np.arange(_TRIES):
        method, rest = "descent" if flow else "fire", max(float(rough), tol)
        point = minimize(glass, place, method=method, tol=rest, max_steps=max_steps, certify=False).point
        place = point.x
        end = _newton(point, tol)
        if end is not None:
            place = end
            break
    return minimize(glass, place, method="newton", tol=tol)


def _newton(point: Point, tol: float) -> Vector | None:
    """Return where Newton's method ends, None where it is no way to a minimum.

    The factor of the first step is good for all, as M hardly changes.
    """
    inverse: Inverse | None = None
    for _ in range(_STEPS):
        if point.relative_gradient <= tol:
            return point.x
        try:
            inverse = (
                Inverse(point.hessian, method="factor") if inverse is None else inverse.of(point.hessian)
            )
            step = inverse.solve(point.gradient)
        except (ValueError, InverseError):  # M is not positive definite, or too nearly so
            return None
        end = point.landscape.at(point.x - step)
        longest = float(np.abs(step).max())
        if longest > point.landscape.length or not end.gradient_norm < point.gradient_norm:
            return None
        point = end
    return point.x if point.relative_gradient <= tol else None
