"""The valley along a soft direction: what the other coordinates undo of the quartic term as they follow."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, brief
from landscape import threads
from landscape.arrays import Matrix
from landscape.modes.inverse import Inverse
from landscape.modes.zero import project_out
from landscape.nonlinear.expansion import unit_columns
from landscape.nonlinear.stationary import stationary
from landscape.protocol import Landscape, Point

_RESIDUAL = 1e-9  # of the response: its error enters X squared


@brief()
class Valley(NamedTuple):
    """The expansion along one direction z of a minimum, or along m of them, and the response to it.

    The energy that is least at each z.M.(x - x0) = s b2 is b2 s^2/2 + b3 s^3/6 + b4 (1 - f) s^4/24.

    Attributes
    ----------
    b2, b3, b4 : float or (m,) array
        As of `Expansion`: along the straight line.
    response : float or (m,) array
        X = U''' : z z . M^-1 . U''' : z z.
    bend : (N,) or (N, m) array
        d2x/ds2 of the valley at the minimum, -M^-1 U''' : z z but for its part along z.
    """

    b2: Any
    b3: Any
    b4: Any
    response: Any
    bend: Any

    @property
    def ratio(self) -> Any:
        """The shape r = b3^2/(b2 b4) along the line."""
        return (self.b3 / self.b2) * (self.b3 / self.b4)

    @property
    def undone(self) -> Any:
        """The share f = 3 X/b4 - 3 r of b4 that is undone where the other coordinates follow."""
        return 3.0 * (self.response / self.b4 - self.ratio)


def valley(landscape: Landscape, x: ArrayLike, z: ArrayLike) -> Valley:
    """Return what a minimum has along the unit direction z, and along the valley that is tangent to it.

    Parameters
    ----------
    landscape : Landscape
    x : (N,) array
        A minimum, with a Hessian M that is positive definite but for zero modes.
    z : (N,) or (N, m) array
        One direction, which gives floats, or m of them in columns, which gives (m,) arrays; |z| = 1.

    Returns
    -------
    Valley

    Raises
    ------
    ValueError
        For x or z out of range, and where x is no minimum.
    NotGivenError
        Where the landscape says nothing of third and fourth derivatives.

    Examples
    --------
    The energy x^2/2 + x^4/24 + 2 (y + x^2/4)^2 in straight coordinates. Along the valley y = -x^2/4 the
    fourth derivative is 1; along the line y = 0 it is 4, of which three quarters are undone:

    >>> import landscape
    >>> def bend(x):
    ...     return x[1] + x[0]**2/4
    >>> curved = landscape.Functions(
    ...     lambda x: x[0]**2/2 + x[0]**4/24 + 2*bend(x)**2,
    ...     lambda x: [x[0] + x[0]**3/6 + 2*bend(x)*x[0], 4*bend(x)],
    ...     2,
    ... )
    >>> found = landscape.valley(curved, [0.0, 0.0], [1.0, 0.0])
    >>> round(found.b4, 6), round(found.undone, 6)
    (4.0, 0.75)
    """
    block = unit_columns(landscape.size, z)
    found = valleys(stationary(landscape, array("x", x, (landscape.size,))), block)
    if np.ndim(z) == 2:
        return found
    b2, b3, b4, response, bend = found
    return Valley(float(b2[0]), float(b3[0]), float(b4[0]), float(response[0]), bend[:, 0])


def valleys(point: Point, block: Matrix) -> Valley:
    """Return `valley` of columns."""
    hessian = point.hessian
    block = project_out(block, hessian.zero_modes)
    push = project_out(point.third.vectors(block), hessian.zero_modes)
    with threads.single_blas():
        follow = Inverse(hessian).solve(push, tol=_RESIDUAL)
        back = hessian.products(follow)
    b2, b3, b4 = (
        np.einsum("ij,ij->j", block, of)
        for of in (hessian.products(block), push, point.fourth.vectors(block))
    )
    response = np.einsum("ij,ij->j", follow, 2.0 * push - back)  # stationary: the error of `follow` squared
    return Valley(b2, b3, b4, response, block * (b3 / b2) - follow)
