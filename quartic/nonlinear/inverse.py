"""M^-1 times blocks of vectors at a minimum, M the Hessian: one preparation for all of them."""

from numpy.typing import ArrayLike

import landscape.modes.inverse
from landscape.modes.inverse import METHODS, InverseError
from landscape.modes.low import FACTOR_SIZE
from quartic.couplings import Operator
from quartic.curvature import Curvature
from quartic.problem import Problem

__all__ = ["METHODS", "Inverse", "InverseError"]


class Inverse(landscape.modes.inverse.Inverse):
    """M^-1 at a minimum x of a problem: `landscape.modes.inverse.Inverse` of the Hessian there.

    Raises
    ------
    ValueError
        For x of the wrong shape, an unknown method, or, by ``"factor"``, where M is not positive definite.

    Examples
    --------
    >>> import quartic
    >>> pair = quartic.Problem([2.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], 0.0, 1.0)
    >>> quartic.Inverse(pair, [0.0, 0.0]).solve([3.0, 0.0]).round(6)
    array([ 2., -1.])
    """

    def __init__(self, problem: Problem, x: ArrayLike, *, method: str | None = None) -> None:
        curvature = Curvature(problem, x)
        if method is None and curvature.form == "products" and not isinstance(problem.coupling, Operator):
            method = "factor" if problem.size <= FACTOR_SIZE else "products"  # the matrix is at hand
        super().__init__(curvature, method=method)
