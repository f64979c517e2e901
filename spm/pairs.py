"""The quartic double well of a pair of minima: from barrier, asymmetry and distance to b2, b3, b4."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

import arguments
from arguments import array
from spm.paths import REACH

Array = NDArray[np.float64]

HALVINGS = 60  # of an interval of length 1/2: to the last bit


def quartic_of_pair(
    barrier: ArrayLike, asymmetry: ArrayLike, distance: ArrayLike
) -> tuple[Array, Array, Array]:
    """Return b2, b3 < 0 and b4 at the lower minimum of the quartic with these two minima and this saddle.

    U' = (b4/6) s (s - u d)(s - d) with the second minimum at d and the saddle at u d, 1/2 <= u < 1, so that
    barrier = (b4 d^4/72) u^3 (2 - u), asymmetry = (b4 d^4/72) (2 u - 1), and there is one u for each ratio of
    the two below 1.

    Parameters
    ----------
    barrier, asymmetry : array_like, shape (n,)
        Energies of the saddle and of the upper minimum above the lower one, barrier > asymmetry >= 0.
    distance : array_like, shape (n,)
        Of the minima, > 0.

    Returns
    -------
    b2, b3, b4 : ndarray, shape (n,)

    Raises
    ------
    ValueError
        For values out of range; the first one is named.

    Examples
    --------
    U = (s^2 - 1)^2 about its minimum at -1: U'' = 8, U''' = -24, U'''' = 24.

    >>> import spm
    >>> b2, b3, b4 = spm.quartic_of_pair([1.0], [0.0], [2.0])
    >>> b2.round(9), b3.round(9), b4.round(9)
    (array([8.]), array([-24.]), array([24.]))
    """
    given = {
        "barrier": array("barrier", barrier, (), ("n",), above=0.0),
        "asymmetry": array("asymmetry", asymmetry, (), ("n",), least=0.0),
        "distance": array("distance", distance, (), ("n",), above=0.0),
    }
    height, above, d = arguments.spread(**given)
    wrong = ~(above < height)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"asymmetry[{row}] = {above[row]}: must be < barrier = {height[row]}")
    low, high = np.full(d.size, 0.5), np.ones(d.size)
    for _ in range(HALVINGS):
        u = 0.5 * (low + high)
        less = (2.0 * u - 1.0) * height < above * u**3 * (2.0 - u)
        low, high = np.where(less, u, low), np.where(less, high, u)
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            b4 = 72.0 * height / (d**4 * high**3 * (2.0 - high))
            return b4 * d**2 * high / 6.0, -b4 * d * (1.0 + high) / 3.0, b4
    except FloatingPointError:
        raise ValueError(f"barrier, distance: {REACH}") from None
