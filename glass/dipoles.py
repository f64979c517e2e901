"""Local force dipoles, which pinch a glass at one bond, and the frequency of what they call forth (S 7)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, count
from glass.bonds import Bonds
from glass.pair_glass import PairGlass
from landscape.arrays import Matrix, Vector
from landscape.modes.inverse import Inverse
from landscape.nonlinear.stationary import stationary

_BLOCK = 256  # dipoles whose responses are found together


def dipole_responses(glass: PairGlass, x: ArrayLike, alpha: ArrayLike) -> Matrix:
    """Return z = M^-1 d of unit dipoles d = dr_alpha/dx: the bond's particles are pulled apart along it.

    Far away it is what an elastic medium does, which falls off as r^-(d-1).

    Parameters
    ----------
    alpha : (m,) array of int
        Bonds, by their places in `glass.bonds(x)`.

    Returns
    -------
    (N d, m) array
        A column for each.

    Raises
    ------
    ValueError
        If x is no minimum, or for a bond that is not there.

    Examples
    --------
    Discs of a crystal move apart where they are pinched:

    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.95, potential="harmonic_spheres")
    >>> z, bonds = glass.dipole_responses(crystal, crystal.x, [0]), crystal.bonds(crystal.x, 1)
    >>> bool(bonds.r[0] @ bonds.stretch(z[:, 0])[0] > 0.0)
    True
    """
    point = stationary(glass, x)
    bonds = glass.bonds(point.x, 2)
    return Inverse(point.hessian).solve(_dipoles(bonds, _chosen(alpha, bonds)))


def dipole_stiffness(
    glass: PairGlass, x: ArrayLike, *, most: int | None = None
) -> tuple[Vector, NDArray[np.int64]]:
    """Return kappa = z.M.z/z.z of the responses z to dipoles on bonds, squared frequencies.

    Where no bond is under tension or pressure and all are as stiff as each other, the mean of 1/kappa,
    weighted with the energies d.z, is that of 1/lambda over all modes.

    Parameters
    ----------
    most : int, optional
        How many bonds, at equal steps through their list; all, if not given.

    Returns
    -------
    kappa, alpha : (m,) arrays
        And which bonds.

    Raises
    ------
    ValueError
        If x is no minimum.

    Examples
    --------
    In a crystal all bonds of one direction are alike:

    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.95, potential="harmonic_spheres")
    >>> kappa, alpha = glass.dipole_stiffness(crystal, crystal.x)
    >>> alpha.size, len(set(kappa.round(6)))
    (48, 2)
    """
    point = stationary(glass, x)
    bonds = glass.bonds(point.x, 2)
    total = bonds.i.size
    step = 1 if most is None else max(1, -(-total // count("most", most)))
    alpha = np.arange(0, total, step)
    inverse, kappa = Inverse(point.hessian), np.empty(alpha.size)
    for first in range(0, alpha.size, _BLOCK):
        part = slice(first, first + _BLOCK)
        d = _dipoles(bonds, alpha[part])
        z = inverse.solve(d)
        kappa[part] = np.einsum("ij,ij->j", d, z) / np.einsum("ij,ij->j", z, z)
    return kappa, alpha


def dipole_frequency(glass: PairGlass, x: ArrayLike, *, most: int | None = None) -> float:
    """Return omega_g, the root mean square frequency of responses to dipoles on bonds: <kappa>^(1/2).

    The frequency scale of soft quasilocalised modes: A_g omega_g^5 is their number density (S 7).

    Parameters
    ----------
    most : int, optional
        How many bonds, at equal steps through their list; all, if not given.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If x is no minimum.

    Examples
    --------
    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.95, potential="harmonic_spheres")
    >>> bool(0.5 < glass.dipole_frequency(crystal, crystal.x) < 6**0.5)  # within the spectrum
    True
    """
    return float(dipole_stiffness(glass, x, most=most)[0].mean() ** 0.5)


def _chosen(alpha: ArrayLike, bonds: Bonds) -> NDArray[np.int64]:
    found = array("alpha", alpha, ("m",)).astype(np.int64)
    if not np.array_equal(found, np.ravel(alpha)) or found.min() < 0 or found.max() >= bonds.i.size:
        raise ValueError(f"alpha = {alpha!r}: must be bonds, integers from 0 to {bonds.i.size - 1}")
    return found


def _dipoles(bonds: Bonds, alpha: NDArray[np.int64]) -> Matrix:
    """Return dr_alpha/dx, (N d, m)."""
    d = bonds.r.shape[1]
    unit = bonds.r[alpha] / np.linalg.norm(bonds.r[alpha], axis=1)[:, None]
    found = np.zeros((bonds.particles, d, alpha.size))
    columns = np.arange(alpha.size)
    for k in range(d):
        found[bonds.j[alpha], k, columns] = unit[:, k]
        found[bonds.i[alpha], k, columns] = -unit[:, k]
    return found.reshape(-1, alpha.size)
