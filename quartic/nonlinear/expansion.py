"""The energy of oscillators along a direction: b2 s^2/2 + b3 s^3/6 + b4 s^4/24 (S 16), exact in s."""

import numpy as np
from numpy.typing import ArrayLike

from landscape.arrays import Matrix, Vector
from landscape.nonlinear.expansion import Expansion, barrier, unit_columns
from quartic.curvature import Curvature, real_displacement
from quartic.problem import Problem

__all__ = ["Expansion", "barrier", "coefficients", "expansion"]


def expansion(problem: Problem, x: ArrayLike, z: ArrayLike) -> Expansion:
    """Return b2, b3 and b4 along the unit direction z from x; one product J z each.

    At a minimum x nothing is missing: H(x + s z) = H(x) + b2 s^2/2 + b3 s^3/6 + b4 s^4/24. Elsewhere the
    slope is left out.

    Parameters
    ----------
    z : (N,) or (N, m) array
        One direction, which gives floats, or m of them in columns, which gives (m,) arrays; |z| = 1.

    Returns
    -------
    Expansion

    Raises
    ------
    ValueError
        For x or z of the wrong shape, complex or not finite, and for |z| other than 1 (to 1e-8).

    Examples
    --------
    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)  # -x^2/2 + x^4/4 about x = 1: r is 3, its largest
    >>> about = quartic.expansion(well, [1.0], [1.0])
    >>> about, float(about.ratio)
    (Expansion(b2=2.0, b3=6.0, b4=6.0), 3.0)
    """
    block = unit_columns(problem.size, z)
    displaced = real_displacement(problem, x)
    found = coefficients(problem, Curvature(problem, displaced), displaced, block)
    return found if np.ndim(z) == 2 else Expansion(*(float(b[0]) for b in found))


def coefficients(problem: Problem, curvature: Curvature, x: Vector, block: Matrix) -> Expansion:
    """Return b2, b3, b4 along columns, (m,) arrays."""
    a, share = problem.a_max, problem.a_shares
    b2 = np.einsum("ij,ij->j", block, curvature.products(block))
    return Expansion(b2, a * ((share * x) @ block**3), a * np.sum(share[:, None] * block**4, axis=0))
