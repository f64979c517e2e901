"""Spatial structure of soft modes: decay of the amplitude from the centre, and the size of the core."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, shown
from lattice_gps.geometry import check, coordinates

Vector = NDArray[np.float64]


class Shells(NamedTuple):
    """Sites around a centre, gathered by distance.

    Attributes
    ----------
    r : (m,) array
        Distances to the nearest image that occur, ascending, from 0.
    counts : (m,) array of int
        Sites at each.
    of_displacement : (L,) * d array of int
        Row of the shell of each displacement, taken modulo L.
    """

    r: Vector
    counts: NDArray[np.int64]
    of_displacement: NDArray[np.int64]


def shells(L: int, d: int) -> Shells:
    """Return the shells of the periodic lattice."""
    steps = coordinates(L, d)
    nearest = np.minimum(steps, L - steps)
    squares, rows, counts = np.unique(np.sum(nearest**2, axis=1), return_inverse=True, return_counts=True)
    return Shells(np.sqrt(squares), counts, rows.reshape((L,) * d))


@brief()
class Profile(NamedTuple):
    """Weights psi^2 of modes around their centres, each relative to that at its centre.

    Attributes
    ----------
    r : (m,) array
        Distances, ascending, from 1.
    counts : (m,) array of int
        Sites at each.
    mean : (k, m) array
        Mean over the sites of a shell, of each of k modes.
    mean_log : (k, m) array
        Mean of the logarithm there; -inf where a component is zero.
    """

    r: Vector
    counts: NDArray[np.int64]
    mean: Vector
    mean_log: Vector


def radial_profile(vectors: ArrayLike, L: int, d: int) -> Profile:
    """Return how psi^2 of every mode falls off from its centre, the site of its largest component.

    Parameters
    ----------
    vectors : (N,) or (N, k) array
        Modes in columns, N = L^d, in the order of sites of `lattice_gps.geometry`.

    Returns
    -------
    Profile

    Raises
    ------
    ValueError
        If N is not L^d, or a mode vanishes or is not finite.

    Examples
    --------
    A mode that falls off as 1/r^2 in the plane has psi^2 ~ r^-4 outside of its core:

    >>> import numpy as np, lattice_gps
    >>> psi = 1 / np.maximum(lattice_gps.distance(8, 2, 0, np.arange(64)), 0.5) ** 2
    >>> profile = lattice_gps.radial_profile(psi, 8, 2)
    >>> round(lattice_gps.decay_exponent(profile.r, profile.mean_log[0], profile.counts), 6)
    4.0
    """
    L, d = check(L, d)
    modes = _columns(vectors, L**d)
    shell = shells(L, d)
    m = shell.r.size
    mean, mean_log = np.empty((modes.shape[1], m)), np.empty((modes.shape[1], m))
    for row, (psi, centre) in enumerate(zip(modes.T, centres(modes), strict=True)):
        weight = (psi / psi[centre]) ** 2
        place = shell_of_sites(shell, int(centre), L, d)
        mean[row] = np.bincount(place, weight, m) / shell.counts
        with np.errstate(divide="ignore"):
            mean_log[row] = np.bincount(place, np.log(weight), m) / shell.counts
    return Profile(shell.r[1:], shell.counts[1:], mean[:, 1:], mean_log[:, 1:])


def centres(vectors: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the site of the largest |psi_i| of each mode, shape (k,)."""
    return np.asarray(np.abs(vectors).argmax(axis=0))


def shell_of_sites(shell: Shells, centre: int, L: int, d: int) -> NDArray[np.int64]:
    """Return the shell of every site around a centre, shape (N,)."""
    place = np.unravel_index(centre, (L,) * d)
    return np.roll(shell.of_displacement, place, axis=tuple(range(d))).ravel()


def core_radius(vectors: ArrayLike, L: int, d: int) -> Vector:
    """Return the radius of each mode's core, (sum_i psi_i^4 r_i^2/sum_i psi_i^4)^(1/2), shape (k,).

    r_i is the distance from the centre; 0 for a mode on one site. The number of sites in the core is N e, e
    the participation ratio.

    Returns
    -------
    (k,) array
        In lattice constants.

    Raises
    ------
    ValueError
        As `radial_profile`.

    Examples
    --------
    A mode on one site, and one on two neighbours alike:

    >>> import lattice_gps
    >>> lattice_gps.core_radius([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]], 4, 1).round(4)
    array([0.    , 0.7071])
    """
    L, d = check(L, d)
    modes = _columns(vectors, L**d)
    shell = shells(L, d)
    squares = np.array([shell.r[shell_of_sites(shell, int(c), L, d)] ** 2 for c in centres(modes)])
    weight = modes.T**4
    return np.asarray(np.sqrt(np.sum(weight * squares, axis=1) / np.sum(weight, axis=1)))


def decay_exponent(r: ArrayLike, mean_log: ArrayLike, counts: ArrayLike) -> float:
    """Return p of psi^2 ~ r^-p, by least squares of the mean logarithm over all sites of the shells given.

    Parameters
    ----------
    r, mean_log, counts : (m,) arrays
        At least two different distances, all > 0; finite; sites, all > 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        With the name of the array and the rule.

    Examples
    --------
    >>> import numpy as np, lattice_gps
    >>> r = np.arange(1.0, 10.0)
    >>> round(lattice_gps.decay_exponent(r, np.log(5 * r**-4), np.ones(9)), 6)
    4.0
    """
    x = array("r", r, ("m",), above=0.0)
    y, w = array("mean_log", mean_log, x.shape), array("counts", counts, x.shape, above=0.0)
    if np.unique(x).size < 2:
        raise ValueError(f"r = {shown(r)}: must hold at least two different distances")
    x = np.log(x)
    x -= np.average(x, weights=w)
    return -float(np.sum(w * x * y) / np.sum(w * x**2))


def _columns(vectors: ArrayLike, size: int) -> Vector:
    modes = array("vectors", vectors, (size,), (size, "k")).reshape(size, -1)
    if not np.all(np.any(modes != 0.0, axis=0)):
        raise ValueError("vectors: a mode vanishes everywhere")
    return modes
