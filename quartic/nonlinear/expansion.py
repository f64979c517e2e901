"""The energy along a direction from a minimum: b2 s^2/2 + b3 s^3/6 + b4 s^4/24 (S 16), exact in s."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from arguments import array
from landscape.arrays import Matrix
from quartic.curvature import Curvature, real_displacement
from quartic.problem import Problem

_UNIT = 1e-8  # largest | |z| - 1 | of a direction


class Expansion(NamedTuple):
    """Coefficients of the energy b2 s^2/2 + b3 s^3/6 + b4 s^4/24 along one direction, or along m of them.

    Attributes
    ----------
    b2, b3, b4 : float or (m,) array
        z.M.z (S 12), A sum_i x_i z_i^3 (S 13) and A sum_i z_i^4 (S 17). z -> -z changes the sign of b3.
    """

    b2: Any
    b3: Any
    b4: Any

    @property
    def ratio(self) -> Any:
        """The shape r = b3^2/(b2 b4): above 8/3 there is a second minimum, above 3 it is the lower one."""
        return (self.b3 / self.b2) * (self.b3 / self.b4)


def expansion(problem: Problem, x: ArrayLike, z: ArrayLike) -> Expansion:
    """Return b2, b3 and b4 along the unit direction z from x; one product J z each.

    At a minimum x nothing is missing: H(x + s z) = H(x) + b2 s^2/2 + b3 s^3/6 + b4 s^4/24. Elsewhere the
    slope is left out.

    Parameters
    ----------
    z : (N,) or (N, m) array
        One direction, which gives floats, or m of them in columns, which gives (m,) arrays; |z| = 1.

    Raises
    ------
    ValueError
        For x or z of the wrong shape, complex or not finite, and for |z| other than 1 (to 1e-8).
    """
    block = columns(problem, z, name="z")
    norms = np.linalg.norm(block, axis=0)
    worst = int(np.argmax(np.abs(norms - 1.0)))
    if abs(norms[worst] - 1.0) > _UNIT:
        raise ValueError(f"direction {worst} has |z| = {norms[worst]:.6g}: must be 1")
    a, displaced = problem.anharmonicity, real_displacement(problem, x)
    b2 = np.einsum("ij,ij->j", block, Curvature(problem, displaced).products(block))
    found = Expansion(b2, a * (displaced @ block**3), a * np.sum(block**4, axis=0))
    return found if np.ndim(z) == 2 else Expansion(*(float(b[0]) for b in found))


def barrier(expansion: Expansion, *, exact: bool = False) -> Any:
    """Return the height of the barrier that the expansion has on the side where b3 s < 0.

    The cubic truncation has 2 b2^3/(3 b3^2) at s = -2 b2/b3 (S 14), infinite where b3 = 0. The whole quartic
    has beta(r) b2^2/b4 with beta = sigma^2/2 - r^(1/2) sigma^3/6 + sigma^4/24 at
    |s| = sigma (b2/b4)^(1/2), sigma = 12/(3 r^(1/2) + (9 r - 24)^(1/2)); it has no barrier, and the result is
    nan, where r = b3^2/(b2 b4) < 8/3.

    Parameters
    ----------
    exact : bool
        Of the quartic rather than of the cubic truncation.

    Returns
    -------
    float or (m,) array

    Raises
    ------
    ValueError
        If b2 <= 0 or b4 <= 0: no minimum to leave; or if a coefficient is not finite.
    """
    b2, b3, b4 = expansion
    b2, b3, b4 = array("b2", b2, above=0.0), array("b3", b3), array("b4", b4, above=0.0)
    r = (b3 / b2) * (b3 / b4)
    if exact:
        root = np.sqrt(9.0 * np.where(r >= 8.0 / 3.0, r, np.nan) - 24.0)
        sigma = 12.0 / (3.0 * np.sqrt(r) + root)
        height = sigma**2 * (1.0 / 2.0 - sigma * (np.sqrt(r) / 6.0 - sigma / 24.0)) * (b2 / b4) * b2
    else:
        with np.errstate(over="ignore"):
            share = np.divide(b2, b3, out=np.full(b2.shape, np.inf), where=b3 != 0.0)
            height = 2.0 / 3.0 * b2 * share**2
    return height if height.ndim else float(height)


def columns(problem: Problem, vectors: ArrayLike, *, name: str) -> Matrix:
    """Return vectors (N,) or (N, m) as real columns, shape (N, m); raise ValueError for anything else."""
    return array(name, vectors, (problem.size,), (problem.size, "m")).reshape(problem.size, -1)
