"""How modes couple to strain: as shears or as dilations (S 8, S 9)."""

import numpy as np
from numpy.typing import ArrayLike

from arguments import array
from glass.pair_glass import PairGlass
from landscape.arrays import Matrix


def strain_coupling(glass: PairGlass, x: ArrayLike, z: ArrayLike) -> Matrix:
    """Return d2U/d(eps)dx . z (S 8), eps the strain tensor: how a minimum's stress times volume changes by z.

    A bond r is strained to (1 + eps) r, and z is not. At a minimum the tensor is symmetric, for turning all
    changes nothing; its element (0, 1) is `nonaffine_force` times z.

    Parameters
    ----------
    z : (N d,) array

    Returns
    -------
    (d, d) array
        Symmetrised.

    Examples
    --------
    Two harmonic discs of stiffness 1 that move apart by 1, at a distance of 0.9:

    >>> import glass
    >>> pair = glass.PairGlass([[0.0, 0.0], [0.9, 0.0]], sizes=1.0, box=4.0, potential="harmonic_spheres")
    >>> glass.strain_coupling(pair, pair.x, [-0.5, 0.0, 0.5, 0.0]).round(6).tolist()
    [[0.9, 0.0], [0.0, 0.0]]
    """
    bonds = glass.bonds(array("x", x, (glass.size,)), 2)
    force = bonds.second(bonds.stretch(array("z", z, (glass.size,))))
    found = force.T @ bonds.r
    return np.asarray((found + found.T) / 2.0)


def dilatancy(glass: PairGlass, x: ArrayLike, z: ArrayLike) -> float:
    """Return the ratio of dilation to shear of a mode (S 9), whatever its sign.

    The mean diagonal of `strain_coupling` over the eigenvalue of largest magnitude of what is left without
    it; 0 for pure shear, infinite for pure dilation. Of both the magnitude: the sign of z is free, and in
    two dimensions shears have eigenvalues of either sign.

    Returns
    -------
    float

    Examples
    --------
    A bond that is stretched is half shear, half dilation in two dimensions, a third in three:

    >>> import glass
    >>> pair = glass.PairGlass([[0.0, 0.0], [0.9, 0.0]], sizes=1.0, box=4.0, potential="harmonic_spheres")
    >>> round(glass.dilatancy(pair, pair.x, [-0.5, 0.0, 0.5, 0.0]), 9)
    1.0
    """
    tensor = strain_coupling(glass, x, z)
    mean = float(np.trace(tensor)) / glass.dimension
    shear = float(np.abs(np.linalg.eigvalsh(tensor - mean * np.eye(glass.dimension))).max())
    return abs(mean) / shear if shear > 0.0 else float("inf")
