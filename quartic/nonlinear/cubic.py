"""Cubic modes M z = (b2/b3) A x z^2 (S 15) and quartic modes M z = (b2/b4) A z^3 of coupled oscillators.

The searches are those of `landscape.nonlinear.cubic`, with the kernels of a diagonal form.
"""

from numpy.typing import ArrayLike

from landscape import threads
from landscape.arrays import Vector
from landscape.forms import Diagonal
from landscape.nonlinear.cubic import METHODS, ModeError, checked, search
from landscape.nonlinear.modes import NonlinearMode, collect
from quartic.curvature import Curvature
from quartic.nonlinear.expansion import coefficients
from quartic.nonlinear.starts import starting_directions
from quartic.nonlinear.stationary import stationary
from quartic.problem import Problem

__all__ = ["METHODS", "ModeError", "cubic_modes", "quartic_modes"]


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
    (S 15): `landscape.cubic_modes` of oscillators, where methods, arguments and errors are described. The
    scheme of ``"fixed-point"`` is z <- normalise(M^-1 A x z^2).

    Parameters
    ----------
    x : (N,) array
        A minimum, with a positive definite Hessian M.
    starts : {"sites", "modes", "random"} or (N,) or (N, m) array
        Softest sites, those of least kappa_i + A x_i^2/2, if not given.

    Returns
    -------
    list of NonlinearMode

    Raises
    ------
    ValueError
        For an argument out of range, where x is not stationary or 0 on all sites (there b3 = 0 in all
        directions), and where M is seen not to be positive definite: by ``"fixed-point"`` always, by
        ``"descent"`` along the starts.
    ModeError
        If no search converged; the message holds the numbers.

    Examples
    --------
    Of two equal wells, weakly coupled, normal modes are spread over both, and cubic modes on one:

    >>> import quartic
    >>> pair = quartic.Problem([-1.0, -1.0], [[0.0, 0.01], [0.01, 0.0]], 0.0, 6.0)
    >>> x = quartic.minimize(pair, start=[1.0, -1.0]).x
    >>> quartic.participation_ratio(quartic.low_modes(pair, x, 2).vectors).round(2)
    array([1., 1.])
    >>> [round(mode.participation, 2) for mode in quartic.cubic_modes(pair, x)]
    [0.5, 0.5]
    """
    x = stationary(problem, x)
    form = problem.third(x)
    if not form.weights.any():
        raise ValueError("x = 0 on all sites: b3 = 0 in all directions, and there is no cubic mode")
    return _modes(problem, x, form, (starts, count, seed), method, tol, max_steps)


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

    Returns
    -------
    list of NonlinearMode

    Examples
    --------
    They are on one site where normal modes, of equal oscillators, are spread over all:

    >>> import quartic
    >>> pair = quartic.Problem([1.0, 1.0], [[0.0, 0.01], [0.01, 0.0]], 0.0, 1.0)
    >>> [round(mode.participation, 2) for mode in quartic.quartic_modes(pair, [0.0, 0.0])]
    [0.5, 0.5]
    """
    x = stationary(problem, x)
    return _modes(problem, x, problem.fourth(x), (starts, count, seed), method, tol, max_steps)


def _modes(
    problem: Problem,
    x: Vector,
    form: Diagonal,
    begin: tuple[str | ArrayLike, int | None, int],
    method: str,
    tol: float,
    max_steps: int,
) -> list[NonlinearMode]:
    """Return the modes of a form to which the starts lead; `begin` is starts, count, seed."""
    tol, max_steps = checked(method, tol, max_steps)
    z = starting_directions(problem, x, *begin)
    curvature = Curvature(problem, x)
    searches = search(curvature, form, z, method=method, tol=tol, max_steps=max_steps, metric="products")
    with threads.single_blas():
        return collect(
            searches, lambda block: coefficients(problem, curvature, x, block), 1, curvature.zero_modes
        )
