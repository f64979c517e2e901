"""Softening towards an instability, of the cubic and of the lowest normal mode (S IV.H, Fig. 12)."""

import landscape.nonlinear.softening
from landscape.nonlinear.fold import Fold
from landscape.nonlinear.softening import Softening
from quartic.nonlinear.uniform_field import UniformField
from quartic.problem import Problem

__all__ = ["Softening", "softening"]


def softening(
    problem: Problem,
    fold: Fold,
    *,
    h_from: float,
    nearest: float = 1e-6,
    points: int = 21,
    tol: float = 1e-10,
) -> Softening:
    """Return how the minimum that ends at a fold softens on the way there from h_from.

    `landscape.softening` in the uniform field of a problem, as given to `quartic.drive`; its field is at the
    mean h that it says, whatever h_c. Arguments and errors are those.

    Returns
    -------
    Softening

    Examples
    --------
    lambda goes to zero as the root of the distance (S 21):

    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)
    >>> fold = quartic.drive(well, [-1.0], h_to=0.5).events[0].fold
    >>> softened = quartic.softening(well, fold, h_from=0.0, points=3)
    >>> (softened.lowest_eigenvalue / softened.predicted).round(3)
    array([1.   , 1.009, 1.225])
    """
    return landscape.nonlinear.softening.softening(
        UniformField(problem), fold, h_from=h_from, nearest=nearest, points=points, tol=tol
    )
