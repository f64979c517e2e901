"""Cubic modes M z = (b2/b3) U''' : z z (S 15) and quartic modes M z = (b2/b4) U'''' : z z z of a minimum."""

import numpy as np
from numpy.typing import ArrayLike

import arguments
from landscape import threads
from landscape.arrays import Matrix, Vector
from quartic.nonlinear.inverse import Inverse
from quartic.nonlinear.modes import NonlinearMode, collect
from quartic.nonlinear.search import Search, run
from quartic.nonlinear.starts import starting_directions
from quartic.nonlinear.stationary import stationary
from quartic.problem import Problem

METHODS = ("descent", "fixed-point")
_LOST = 1e-14  # |b_p| of a start, relative to the sum of its terms' magnitudes, that is rounding


class ModeError(RuntimeError):
    """No search for a nonlinear mode converged."""


def cubic_modes(
    problem: Problem,
    x: ArrayLike,
    *,
    starts: str | ArrayLike = "sites",
    count: int | None = None,
    method: str = "descent",
    tol: float = 1e-9,
    max_steps: int = 1000,
    seed: int = 0,
) -> list[NonlinearMode]:
    """Return the cubic modes of a minimum to which the starts lead, lowest barrier first.

    They are local minima over directions of B(z) = 2 b2^3/(3 b3^2) (S 14), and solve M z = (b2/b3) A x z^2
    (S 15). Each comes once, with all the starts that ended there. Searches that did not converge follow, as
    they are, with their status. No search ends higher than it began.

    * ``"descent"``: conjugate gradients of ln B, with an approximation to M^-1 as their metric
      (`quartic.nonlinear.inverse`, ``"products"``), each step to the first minimum along its line. No
      factorisation, whatever N.
    * ``"fixed-point"``: the scheme z <- normalise(M^-1 A x z^2), which is steepest descent of ln(B)/6 in the
      metric M with steps of length 1. A step that would raise the barrier ends at the first minimum along its
      line instead, and the status of the mode is ``"descended"``. From a residual of 0.1 on, steps are
      conjugate to each other and all end at their first minimum. It factorises M, in 12 N^2 bytes. A
      deviation from a mode along which ln(B)/6 has the second derivative m, in the metric M, is multiplied by
      1 - m in a step: minima of B where some m is above 2 are rarely found.

    Both may end in different modes from the same start. All starts advance together.

    Parameters
    ----------
    x : (N,) array
        A minimum, with a positive definite Hessian M.
    starts : {"sites", "modes", "random"} or (N,) or (N, m) array
        See `quartic.nonlinear.starts.starting_directions`. The sign of a direction does not matter.
    count : int, optional
        How many starts, unless they are given as an array: 20 if not given, or N where that is less. At most
        N of ``"sites"`` and ``"modes"``.
    method : {"descent", "fixed-point"}
    tol : float
        Largest residual |M z - (b2/b3) A x z^2| / |M z| of a mode that has converged; in (0, 1).
    max_steps : int
        Bound on the steps of each search, of one product M d each.
    seed : int
        Address of random starts.

    Raises
    ------
    ValueError
        For an argument out of range, where x is not stationary or 0 on all sites (there b3 = 0 in all
        directions), and where M is seen not to be positive definite: by ``"fixed-point"`` always, by
        ``"descent"`` along the starts.
    ModeError
        If no search converged; the message holds the numbers.
    """
    x = stationary(problem, x)
    weights = problem.anharmonicity * x
    if not weights.any():
        raise ValueError("x = 0 on all sites: b3 = 0 in all directions, and there is no cubic mode")
    return _modes(problem, x, weights, 3, (starts, count, seed), method, tol, max_steps)


def quartic_modes(
    problem: Problem,
    x: ArrayLike,
    *,
    starts: str | ArrayLike = "sites",
    count: int | None = None,
    method: str = "descent",
    tol: float = 1e-9,
    max_steps: int = 1000,
    seed: int = 0,
) -> list[NonlinearMode]:
    """Return the quartic modes of a minimum to which the starts lead, lowest cubic barrier first.

    They are local minima over directions of b2^2/b4, and solve M z = (b2/b4) A z^3. They exist at x = 0 too.
    Arguments and errors are those of `cubic_modes`, the scheme is z <- normalise(M^-1 A z^3), which never
    raises b2^2/b4.
    """
    x = stationary(problem, x)
    weights = np.full(problem.size, problem.anharmonicity)
    return _modes(problem, x, weights, 4, (starts, count, seed), method, tol, max_steps)


def _modes(
    problem: Problem,
    x: Vector,
    weights: Vector,
    order: int,
    begin: tuple[str | ArrayLike, int | None, int],
    method: str,
    tol: float,
    max_steps: int,
) -> list[NonlinearMode]:
    """Return the modes of order p = 3 or 4 to which the starts lead; `begin` is starts, count, seed."""
    arguments.choice("method", method, METHODS)
    tol, max_steps = arguments.fraction("tol", tol), arguments.count("max_steps", max_steps)
    z = starting_directions(problem, x, *begin)
    scheme = method == "fixed-point"
    with threads.single_blas():
        inverse = Inverse(problem, x, method="factor" if scheme else "products")
        z = _with_slope(inverse, weights, order, z)
        searches = [Search(weights, order, column, scheme=scheme) for column in z.T]
        run(inverse.curvature, inverse.precondition, searches, tol=tol, max_steps=max_steps)
    down = [k for k, s in enumerate(searches) if s.status == "saddle"]
    if down:
        raise ValueError(f"z.M.z <= 0 along start {down[0]}: x is no minimum")
    if not any(s.converged for s in searches):
        best = min(searches, key=lambda s: s.residual)
        raise ModeError(
            f"none of {len(searches)} searches by {method} converged: the best ended as {best.status} with "
            f"residual {best.residual:.3g} after {best.steps} steps, must be <= {tol}"
        )
    with threads.single_blas():
        return collect(problem, x, searches)


def _with_slope(inverse: Inverse, weights: Vector, order: int, z: Matrix) -> Matrix:
    """Return z, with one step of the scheme taken where b_p = 0 and ln|b_p| has no gradient."""
    terms = weights[:, None] * z**order
    flat = np.abs(terms.sum(axis=0)) <= _LOST * np.abs(terms).sum(axis=0)
    flat &= np.any(weights[:, None] * z, axis=0)
    if flat.any():
        z = z.copy()
        z[:, flat] = inverse.precondition(weights[:, None] * z[:, flat] ** (order - 1))
    return z
