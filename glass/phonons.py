"""Plane waves in a periodic box: their bands, how disorder broadens these, and what modes have of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, count, real
from glass.elasticity import shear_modulus
from glass.pair_glass import PairGlass
from landscape.arrays import Matrix, Vector

_SAME = 1e-9  # relative difference of wave numbers that are one


@brief()
@dataclass(frozen=True, eq=False)
class Bands:
    """Bands of transverse plane waves of a box, as of a homogeneous medium.

    Attributes
    ----------
    frequency : (n,) array
        Ascending.
    degeneracy : (n,) array of int
        n_z: how many waves each has, directions times d - 1 polarisations.
    """

    frequency: Vector
    degeneracy: NDArray[np.int64]


def shear_speed(glass: PairGlass, x: ArrayLike) -> float:
    """Return c_s = (mu/rho)^(1/2), of masses 1.

    `shear_modulus` by the strain gamma itself is what waves feel under stress too: those along y that
    displace along x.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If x is no minimum, or where the modulus is not positive.

    Examples
    --------
    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.99, potential="harmonic_spheres")
    >>> round(glass.shear_speed(crystal, crystal.x), 3)  # modulus 3^(1/2)/4 (1 - 3/99), density 1.178
    0.597
    """
    modulus = shear_modulus(glass, x)
    if not modulus > 0.0:
        raise ValueError(f"the shear modulus is {modulus:.3g}: must be > 0, for shear waves")
    return float(np.sqrt(modulus * glass.volume / glass.particles))


def phonon_bands(glass: PairGlass, speed: float, *, below: float) -> Bands:
    """Return the bands of transverse waves below a frequency: speed times |k|, 2 pi/L n^(1/2) in a cube.

    Parameters
    ----------
    speed : float
        Of the waves, `shear_speed`.
    below : float
        Largest frequency.

    Returns
    -------
    Bands

    Examples
    --------
    Of a square box, the sums of two squares 1, 2, 4, 5:

    >>> import glass, numpy as np
    >>> box = glass.PairGlass([[0.0, 0.0]], sizes=1.0, box=2 * np.pi, potential="harmonic_spheres")
    >>> bands = glass.phonon_bands(box, 1.0, below=2.5)
    >>> (bands.frequency**2).round(9).tolist(), bands.degeneracy.tolist()
    ([1.0, 2.0, 4.0, 5.0], [4, 4, 4, 8])
    """
    speed, below = real("speed", speed, above=0.0), real("below", below, above=0.0)
    k = np.linalg.norm(_wave_vectors(glass, below / speed), axis=1)
    first = np.concatenate(([True], np.diff(k) > _SAME * k[1:])) if k.size else np.zeros(0, bool)
    sizes = np.diff(np.append(np.flatnonzero(first), k.size))
    return Bands(speed * k[first], 2 * (glass.dimension - 1) * sizes)


def mechanical_disorder(moduli: ArrayLike, *, particles: int) -> float:
    """Return chi = N^(1/2) times the relative standard deviation of shear moduli of glasses of one kind.

    Returns
    -------
    float

    Examples
    --------
    >>> import glass
    >>> round(glass.mechanical_disorder([9.0, 10.0, 11.0], particles=400), 9)
    2.0
    """
    mu = array("moduli", moduli, ("n",))
    if mu.size < 2 or not mu.mean() > 0.0:
        raise ValueError("moduli: must be two or more, of positive mean")
    return float(np.sqrt(count("particles", particles)) * mu.std(ddof=1) / mu.mean())


def band_width(bands: Bands, *, disorder: float, particles: int) -> Vector:
    """Return chi omega (n_z/N)^(1/2), the widths of bands but for a number of order one (S 4).

    Returns
    -------
    (n,) array

    Examples
    --------
    >>> import glass, numpy as np
    >>> box = glass.PairGlass([[0.0, 0.0]], sizes=1.0, box=2 * np.pi, potential="harmonic_spheres")
    >>> glass.band_width(glass.phonon_bands(box, 1.0, below=1.2), disorder=3.0, particles=400)
    array([0.3])
    """
    chi, n = real("disorder", disorder, above=0.0), count("particles", particles)
    return np.asarray(chi * bands.frequency * np.sqrt(bands.degeneracy / n))


def dagger_frequency(first: float, *, dimension: int, disorder: float, particles: int) -> float:
    """Return omega_dagger, above which bands are as wide as the gaps between them (S 5).

    In a cube of side L the first band is omega_1 = 2 pi c_s/L, and n = (omega/omega_1)^2 is integer: gaps are
    omega_1^2/(2 omega), and n_z is in the mean (d - 1) S_d n^(d/2 - 1)/2, S_d the surface of the unit sphere.
    That the `band_width` is a gap gives

        (omega/omega_1)^(d/2 + 1) = N^(1/2)/(2 chi) (2/((d - 1) S_d))^(1/2),

    which is (chi L)^(-2/(d + 2)) at constant speed and density.

    Parameters
    ----------
    first : float
        omega_1.
    dimension : {2, 3}
    disorder : float
        chi, `mechanical_disorder`.
    particles : int

    Returns
    -------
    float

    Examples
    --------
    Sixteen times as many particles in a plane, twice the frequency in units of the first band's:

    >>> import glass
    >>> one, two = (glass.dagger_frequency(1.0, dimension=2, disorder=3.0, particles=n) for n in (400, 6400))
    >>> round(two / one, 9)
    2.0
    """
    first, d = real("first", first, above=0.0), count("dimension", dimension, least=2, most=3)
    chi, n = real("disorder", disorder, above=0.0), count("particles", particles)
    sphere = 2.0 * np.pi if d == 2 else 4.0 * np.pi
    power = np.sqrt(n) / (2.0 * chi) * np.sqrt(2.0 / ((d - 1) * sphere))
    return float(first * power ** (2.0 / (d + 2)))


def phonon_share(glass: PairGlass, x: ArrayLike, z: ArrayLike, *, shells: int = 2) -> float:
    """Return which share of |z|^2 is in plane waves of the longest wavelengths, of either polarisation.

    A mode at the frequency of phonons hybridises: it is in part a wave, in part localised (source, Fig. 3).

    Parameters
    ----------
    z : (N d,) array
    shells : int
        How many wave numbers |k|, the smallest first.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    The lowest modes of a crystal are waves:

    >>> import glass, landscape
    >>> crystal = glass.crystal(4, spacing=0.95, potential="harmonic_spheres")
    >>> mode = landscape.low_modes(crystal.hessian(crystal.x), 1).vectors[:, 0]
    >>> round(glass.phonon_share(crystal, crystal.x, mode), 9)
    1.0
    """
    z = array("z", z, (glass.size,)).reshape(glass.particles, -1)
    wanted, reach = count("shells", shells), 4.0 * np.pi / float(glass.box.max())
    while np.unique(_numbers(k := _wave_vectors(glass, reach))).size <= wanted:
        reach *= 1.5
    numbers = _numbers(k)
    some = k[numbers <= np.unique(numbers)[wanted - 1]]
    phase = glass.places(x) @ some.T
    basis = np.linalg.qr(np.column_stack([np.cos(phase), np.sin(phase)]))[0]
    return float(np.sum((basis.T @ z) ** 2) / np.sum(z**2))


def _numbers(k: Matrix) -> Vector:
    """Return |k| in which equal ones are equal."""
    found = np.linalg.norm(k, axis=1)
    return np.asarray(np.round(found / found[0], 8) if found.size else found)


def _wave_vectors(glass: PairGlass, most: float) -> Matrix:
    """Return one of every pair k, -k of wave vectors of the box with 0 < |k| <= most, shortest first."""
    cell = np.diag(glass.box)
    lean = glass.shear - np.rint(glass.shear * glass.box[1] / glass.box[0]) * glass.box[0] / glass.box[1]
    cell[1, 0] = lean * glass.box[1]  # rows are its edges
    reach = np.floor(most * np.linalg.norm(cell, axis=1) / (2.0 * np.pi)).astype(int)
    n = np.argwhere(np.ones(2 * reach + 1)) - reach
    half = n[len(n) // 2 + 1 :]  # after the middle, 0: the other half is its mirror image
    k = 2.0 * np.pi * half @ np.linalg.inv(cell).T
    length = np.linalg.norm(k, axis=1)
    order = np.argsort(length, kind="stable")
    return np.asarray(k[order][length[order] <= most * (1.0 + _SAME)])
