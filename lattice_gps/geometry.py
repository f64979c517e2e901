"""The periodic hypercubic lattice: sites, displacements and distances.

Site i has the coordinates (x_1, ..., x_d) with i in C order of them: i = (x L + y) L + z in three dimensions.
The lattice constant is the unit of length.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import count, integers
from landscape.disorder import WORD

Integers = NDArray[np.int64]


def coordinates(L: int, d: int) -> Integers:
    """Return the coordinates of all sites, each in [0, L), shape (L^d, d).

    Returns
    -------
    (L^d, d) array of int

    Raises
    ------
    ValueError
        As `displacements`.

    Examples
    --------
    >>> import lattice_gps
    >>> lattice_gps.coordinates(2, 2).tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    L, d = check(L, d)
    return np.indices((L,) * d).reshape(d, -1).T.copy()


def displacements(L: int, d: int) -> Integers:
    """Return the displacement from site 0 to every site by the nearest of its images, shape (L^d, d).

    Each component is that of the minimum image, in [-L/2, L/2). With even L the images at -L/2 and L/2 are
    equally near and the first is returned; the distance does not depend on that choice.

    Parameters
    ----------
    L : int
        Sites along an edge, at least 2.
    d : {1, 2, 3}
        Dimensions.

    Returns
    -------
    (L^d, d) array of int

    Raises
    ------
    ValueError
        With the name of the argument, its value and the rule.

    Examples
    --------
    >>> import lattice_gps
    >>> lattice_gps.displacements(4, 1).ravel()
    array([ 0,  1, -2, -1])
    """
    L, d = check(L, d)
    return _fold(coordinates(L, d), L)


def displacement(L: int, d: int, i: ArrayLike, j: ArrayLike) -> Integers:
    """Return the displacement from site i to site j by the nearest image of j, shape (..., d).

    i and j are site indices, or arrays of them that broadcast; components and ties as in `displacements`.

    Returns
    -------
    (..., d) array of int

    Raises
    ------
    ValueError
        As `displacements`, and for a site outside [0, L^d).

    Examples
    --------
    From one corner of a periodic square to the opposite one it is a step back along both edges:

    >>> import lattice_gps
    >>> lattice_gps.displacement(4, 2, 0, 15)
    array([-1, -1])
    """
    L, d = check(L, d)
    return _fold(_places(L, d, "j", j) - _places(L, d, "i", i), L)


def distance(L: int, d: int, i: ArrayLike, j: ArrayLike) -> NDArray[np.float64]:
    """Return r_ij, the distance from site i to the nearest image of site j, shape that of i and j broadcast.

    Arguments and errors as in `displacement`.

    Returns
    -------
    array
        In lattice constants.

    Examples
    --------
    >>> import lattice_gps
    >>> lattice_gps.distance(4, 2, 0, [1, 5, 10, 15]).round(3)
    array([1.   , 1.414, 2.828, 1.414])
    """
    steps = displacement(L, d, i, j)
    return np.asarray(np.sqrt(np.sum(steps**2, axis=-1)))


def check(L: int, d: int) -> tuple[int, int]:
    """Return (L, d) as integers; raise ValueError if they are no lattice."""
    L, d = count("L", L, least=2), count("d", d, most=3)
    if L**d >= WORD:
        raise ValueError(f"L = {L}: N = L^d = {L**d} must be less than 2^32")
    return L, d


def _places(L: int, d: int, name: str, sites: ArrayLike) -> Integers:
    """Return the coordinates of sites, shape (..., d)."""
    return np.stack(np.unravel_index(integers(name, sites, below=L**d), (L,) * d), axis=-1)


def _fold(steps: Integers, L: int) -> Integers:
    """Return the steps modulo L, in [-L/2, L/2)."""
    return (steps + L // 2) % L - L // 2
