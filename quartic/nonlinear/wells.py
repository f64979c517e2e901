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

    `landscape.double_wells` of oscillators, which says how far x is pushed and what the arguments are; b3 and
    b4 > 0 are exact.

    Parameters
    ----------
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
