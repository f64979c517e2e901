"""The core of a mode, and how the mode falls off around it (source, Fig. 1b)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, count, real
from glass.dipoles import dipole_frequency
from glass.pair_glass import PairGlass
from glass.phonons import shear_speed
from landscape.arrays import Vector

_TURNS = 50  # that a centre takes to settle


@brief()
@dataclass(frozen=True, eq=False)
class Decay:
    """How large displacements are at distances from a centre.

    Attributes
    ----------
    distance : (n,) array
        Mean distances of the particles of each shell, ascending; shells without any are left out.
    amplitude : (n,) array
        Root mean square of |z_i| over the particles of each.
    count : (n,) array of int
        How many they are.
    """

    distance: Vector
    amplitude: Vector
    count: NDArray[np.int64]


def centre(glass: PairGlass, x: ArrayLike, z: ArrayLike) -> Vector:
    """Return the centre of a mode: the mean place of its particles, weighted with |z_i|^4.

    It begins at the particle that moves most, and takes the nearest images.

    Returns
    -------
    (d,) array

    Examples
    --------
    >>> import glass
    >>> pair = glass.PairGlass([[0.1, 0.0], [3.9, 0.0]], sizes=1.0, box=4.0, potential="harmonic_spheres")
    >>> place = glass.centre(pair, pair.x, [-0.5, 0.0, 0.5, 0.0])  # across the border
    >>> [round(float(one) % 4.0, 9) % 4.0 for one in place]
    [0.0, 0.0]
    """
    weight = _squares(glass, z) ** 2
    place = glass.places(x)[int(weight.argmax())]
    for _ in range(_TURNS):
        step = weight @ glass.separations(x, place) / weight.sum()
        place = place + step
        if float(np.abs(step).max()) < 1e-12 * float(glass.box.max()):
            break
    return np.asarray(place)


def decay(
    glass: PairGlass, x: ArrayLike, z: ArrayLike, *, around: ArrayLike | None = None, shells: int = 20
) -> Decay:
    """Return how a mode falls off with the distance from its centre, up to half the shortest side of the box.

    Shells are at equal ratios of distances from half a particle's spacing on. What bends an elastic medium at
    one place, as a dipole does, moves it by r^-(d-1) far away.

    Parameters
    ----------
    z : (N d,) array
        The mode; amplitudes are those of z as given.
    around : (d,) array, optional
        The `centre` if not given.
    shells : int

    Returns
    -------
    Decay

    Examples
    --------
    >>> import glass, numpy as np
    >>> crystal = glass.crystal(4, spacing=0.95, potential="harmonic_spheres")
    >>> one = np.zeros(32)
    >>> one[0] = 1.0
    >>> found = glass.decay(crystal, crystal.x, one, shells=4)
    >>> found.distance.round(2), found.amplitude, found.count
    (array([0.  , 0.95]), array([1., 0.]), array([1, 6]))
    """
    where = centre(glass, x, z) if around is None else array("around", around, (glass.dimension,))
    r = np.linalg.norm(glass.separations(x, where), axis=1)
    spacing = (glass.volume / glass.particles) ** (1.0 / glass.dimension)
    ends = np.geomspace(spacing / 2.0, glass.box.min() / 2.0, count("shells", shells, least=2))
    shell = np.searchsorted(ends, r, side="right")
    inside = shell < ends.size
    counts = np.bincount(shell[inside], minlength=ends.size)
    some = counts > 0

    def mean(values: Vector) -> Vector:
        total = np.bincount(shell[inside], values[inside], minlength=ends.size)
        return np.asarray(total[some] / counts[some])

    return Decay(mean(r), np.sqrt(mean(_squares(glass, z))), np.asarray(counts[some], np.int64))


def core_size(glass: PairGlass, x: ArrayLike, *, omega_g: float | None = None) -> float:
    """Return xi_g = 2 pi c_s/omega_g, the wavelength of shear waves at the frequency of local dipoles.

    Beyond it modes are elastic, r^-(d-1) (source, Sec. IV.B).

    Parameters
    ----------
    omega_g : float, optional
        Where it is known; `dipole_frequency` if not given.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If x is no minimum, or its shear modulus is not positive.

    Examples
    --------
    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.95, potential="harmonic_spheres")
    >>> size = glass.core_size(crystal, crystal.x)
    >>> round(size * glass.dipole_frequency(crystal, crystal.x) / glass.shear_speed(crystal, crystal.x), 6)
    6.283185
    """
    frequency = dipole_frequency(glass, x) if omega_g is None else real("omega_g", omega_g, above=0.0)
    return 2.0 * np.pi * shear_speed(glass, x) / frequency


def _squares(glass: PairGlass, z: ArrayLike) -> Vector:
    """Return |z_i|^2, (N,)."""
    return np.asarray((array("z", z, (glass.size,)).reshape(glass.particles, -1) ** 2).sum(axis=1))
