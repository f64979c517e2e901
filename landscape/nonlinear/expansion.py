"""The energy along a direction from a minimum: b2 s^2/2 + b3 s^3/6 + b4 s^4/24 (S 16), and its barrier."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, brief
from landscape.arrays import Matrix, Vector
from landscape.protocol import Landscape, Point

DOUBLE = 8.0 / 3.0  # a quartic has a second well above this r
_UNIT = 1e-8  # largest | |z| - 1 | of a direction


@brief()
class Expansion(NamedTuple):
    """Coefficients of the energy b2 s^2/2 + b3 s^3/6 + b4 s^4/24 along one direction, or along m of them.

    Attributes
    ----------
    b2, b3, b4 : float or (m,) array
        z.M.z (S 12), U''' : z z z (S 13; A sum_i x_i z_i^3 of oscillators) and U'''' : z z z z (S 17;
        A sum_i z_i^4). z -> -z changes the sign of b3.
    """

    b2: Any
    b3: Any
    b4: Any

    @property
    def ratio(self) -> Any:
        """The shape r = b3^2/(b2 b4): above 8/3 there is a second minimum, above 3 it is the lower one."""
        return (self.b3 / self.b2) * (self.b3 / self.b4)


def expansion(landscape: Landscape, x: ArrayLike, z: ArrayLike) -> Expansion:
    """Return b2, b3 and b4 along the unit direction z from x.

    At a minimum x, H(x + s z) = H(x) + b2 s^2/2 + b3 s^3/6 + b4 s^4/24 + O(s^5). Elsewhere the slope is left
    out.

    Parameters
    ----------
    landscape : Landscape
    x : (N,) array
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
    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**2 + x[0]**3 + x[0]**4, lambda x: 2*x + 3*x**2 + 4*x**3, 1)
    >>> [round(b, 4) for b in landscape.expansion(well, [0.0], [1.0])]
    [2.0, 6.0, 24.0]
    """
    block = unit_columns(landscape.size, z)
    found = coefficients(landscape.at(array("x", x, (landscape.size,))), block)
    return found if np.ndim(z) == 2 else Expansion(*(float(b[0]) for b in found))


def coefficients(point: Point, block: Matrix) -> Expansion:
    """Return b2, b3, b4 along columns, (m,) arrays."""
    b2 = np.einsum("ij,ij->j", block, point.hessian.products(block))
    return Expansion(b2, point.third.values(block), point.fourth.values(block))


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

    Examples
    --------
    The well -x^2/2 + x^4/4 about x = 1; the cubic truncation is too low:

    >>> import landscape
    >>> well = landscape.Expansion(b2=2.0, b3=6.0, b4=6.0)
    >>> round(landscape.barrier(well), 4), round(landscape.barrier(well, exact=True), 4)
    (0.1481, 0.25)
    """
    b2, b3, b4 = expansion
    b2, b3, b4 = array("b2", b2, above=0.0), array("b3", b3), array("b4", b4, above=0.0)
    height = quartic_barrier(b2, b3, b4) if exact else cubic_barrier(b2, b3)
    return height if height.ndim else float(height)


def barrier_factor(r: Vector) -> Vector:
    """Return beta(r), the barrier of a quartic in units of b2^2/b4; nan where it has none, r < 8/3."""
    root = np.sqrt(9.0 * np.where(r >= DOUBLE, r, np.nan) - 24.0)
    sigma = 12.0 / (3.0 * np.sqrt(r) + root)
    return np.asarray(sigma**2 * (1.0 / 2.0 - sigma * (np.sqrt(r) / 6.0 - sigma / 24.0)))


def quartic_barrier(b2: Vector, b3: Vector, b4: Vector) -> Vector:
    """Return `barrier` of the whole quartic, for arrays known to be right."""
    return np.asarray(barrier_factor((b3 / b2) * (b3 / b4)) * (b2 / b4) * b2)


def cubic_barrier(b2: Vector, b3: Vector) -> Vector:
    """Return `barrier` of the cubic truncation, for arrays known to be right."""
    with np.errstate(over="ignore"):
        share = np.divide(b2, b3, out=np.full(b2.shape, np.inf), where=b3 != 0.0)
        return np.asarray(2.0 / 3.0 * b2 * share**2)


def unit_columns(size: int, z: ArrayLike) -> Matrix:
    """Return directions (N,) or (N, m) as columns, (N, m); raise ValueError where |z| is not 1."""
    block = columns(size, z, name="z")
    norms = np.linalg.norm(block, axis=0)
    worst = int(np.argmax(np.abs(norms - 1.0)))
    if abs(norms[worst] - 1.0) > _UNIT:
        raise ValueError(f"direction {worst} has |z| = {norms[worst]:.6g}: must be 1")
    return block


def columns(size: int, vectors: ArrayLike, *, name: str) -> Matrix:
    """Return vectors (N,) or (N, m) as real columns, shape (N, m); raise ValueError for anything else."""
    return array(name, vectors, (size,), (size, "m")).reshape(size, -1)
