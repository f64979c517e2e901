"""Double wells of coupled oscillators: the second minimum a soft excitation leads to, and its barrier."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from arguments import count, fraction, real
from landscape.nonlinear.wells import IMAGES, STATUSES, DoubleWell, PushSearch
from quartic.nonlinear.expansion import expansion
from quartic.nonlinear.path import Routes
from quartic.nonlinear.stationary import minimum
from quartic.problem import Problem

__all__ = ["STATUSES", "DoubleWell", "double_wells"]


def double_wells(
    problem: Problem,
    x: ArrayLike,
    modes: Sequence[Any],
    *,
    reach: float = 1.5,
    paths: bool = True,
    tol: float = 1e-10,
    max_products: int = 100_000,
) -> list[DoubleWell]:
    """Return what is found on pushing the minimum x along each mode, in their order.

    From x + s z, with z on the side of b3 <= 0, the gradient flow (method ``"descent"``) is followed to its
    minimum; s grows by a quarter each time until that is another than x. The first s is the top of the cubic
    barrier 2 b2/|b3|, or (6 b2/b4)^(1/2) if that is less; the last is `reach` times 3 |b3|/b4, which is where
    the quartic's second minimum is as b2 goes to zero, or `reach` times (6 b2/b4)^(1/2) if that is more.

    Parameters
    ----------
    problem : Problem
    x : (N,) array
        A minimum.
    modes : sequence
        `NonlinearMode` (anything with a `direction`) or arrays (N,), of any length but zero.
    reach : float
        > 0.
    paths : bool
        Whether to find the minimum-energy paths, most of the work.
    tol, max_products
        Of the minimisations, as in `quartic.minimize`.

    Returns
    -------
    list of DoubleWell
        One for each mode.

    Raises
    ------
    ValueError
        For an argument outside its range, and where x is no minimum.

    Examples
    --------
    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)  # -x^2/2 + x^4/4: minima 2 apart, 1/4 between them
    >>> found = quartic.double_wells(well, [1.0], [[1.0]])[0]
    >>> found.status, round(found.distance, 4), round(found.barrier, 4)
    ('found', 2.0, 0.25)
    """
    reach = real("reach", reach, above=0.0)
    routes, most = Routes(problem, IMAGES, fraction("tol", tol)), count("max_products", max_products)
    at = minimum(problem, x)
    search = PushSearch(routes, at, lambda z: expansion(problem, at, z[:, None]), reach, most)
    return search.run(modes, paths=paths)
