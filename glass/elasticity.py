"""Stress, elastic moduli and what strain does to the particles of a glass."""

import numpy as np
from numpy.typing import ArrayLike

from arguments import array
from glass.bonds import Bonds, Field
from glass.pair_glass import PairGlass
from glass.quenching import quench
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.modes.inverse import Inverse
from landscape.nonlinear.family import Family
from landscape.nonlinear.stationary import stationary
from landscape.nonlinear.thermal import Fluctuations


def stress(glass: PairGlass, x: ArrayLike) -> Matrix:
    """Return the stress tensor (d, d), sum V' r r^T over the volume; that of a compressed glass is negative.

    Its element (0, 1) is dU/dgamma over the volume for simple shear x -> x + gamma y.

    Returns
    -------
    (d, d) array

    Examples
    --------
    Two discs that push each other along x with a force of 0.1, 0.9 apart, in an area of 16:

    >>> import glass
    >>> pair = glass.PairGlass([[0.0, 0.0], [0.9, 0.0]], sizes=1.0, box=4.0, potential="harmonic_spheres")
    >>> (16 * glass.stress(pair, pair.x)).round(6).tolist()
    [[-0.09, 0.0], [0.0, 0.0]]
    """
    bonds = _bonds(glass, x, 1)
    return np.asarray((bonds.r.T * bonds.v[1]) @ bonds.r / glass.volume)


def pressure(glass: PairGlass, x: ArrayLike) -> float:
    """Return minus the mean of the diagonal stresses: -dU/dV, without what temperature adds.

    Returns
    -------
    float

    Examples
    --------
    Two discs that push each other with a force of 0.1, 0.9 apart, in an area of 16:

    >>> import glass
    >>> pair = glass.PairGlass([[0.0, 0.0], [0.9, 0.0]], sizes=1.0, box=4.0, potential="harmonic_spheres")
    >>> round(16 * glass.pressure(pair, pair.x), 6)  # 0.09/d
    0.045
    """
    return -float(np.trace(stress(glass, x))) / glass.dimension


def nonaffine_force(glass: PairGlass, x: ArrayLike) -> Vector:
    """Return Xi = d2U/dgamma dx (N d,) of simple shear: minus the forces that affine shear sets free.

    The particles are at x + gamma (y, 0) + u, and the derivative is by displacements u, which are not sheared
    (`PairGlass.sheared`). By coordinates s that are sheared with the box, x = F(gamma) s, it would be
    Xi + (0, dU/dx) of each particle: at a minimum the same.

    Returns
    -------
    (N d,) array

    Examples
    --------
    A crystal with one particle in its cell is sheared without forces:

    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.95, potential="harmonic_spheres")
    >>> float(abs(glass.nonaffine_force(crystal, crystal.x)).max().round(9))
    0.0
    """
    bonds = _bonds(glass, x, 2)
    return bonds.gather(bonds.second(strain(bonds.r)))


def shear_modulus(glass: PairGlass, x: ArrayLike) -> float:
    """Return d2U/dgamma2 over the volume along the minimum x(gamma) of simple shear x -> x + gamma y.

    Under stress moduli hang on the measure of strain. This one is of gamma itself, by which
    r -> (x + gamma y, y) is linear: (sum (V'' (x y)^2 + V' y^2) - Xi.M^-1.Xi)/volume. It is what a stress
    tells by its derivative, in a box that is sheared in steps.

    Returns
    -------
    float
        Energy over volume.

    Raises
    ------
    ValueError
        If x is no minimum.

    Examples
    --------
    A triangular lattice of harmonic discs, a apart, has (3^(1/2)/4) (1 - 3 (1 - a)/a):

    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.99, potential="harmonic_spheres")
    >>> round(glass.shear_modulus(crystal, crystal.x) / (3**0.5 / 4 * (1 - 3 / 99)), 6)
    1.0
    """
    point = stationary(glass, x)
    bonds = glass.bonds(point.x, 2)
    u = strain(bonds.r)
    force = bonds.second(u)
    xi = bonds.gather(force)
    return (float(np.sum(u * force)) - float(xi @ Inverse(point.hessian).solve(xi))) / glass.volume


def bond_heat(glass: PairGlass, x: ArrayLike) -> tuple[Vector, Bonds]:
    """Return c_alpha of every bond, (P,), and the bonds: (2/k_B) d<V_ij>/dT at T = 0 (S 22).

    Their sum is N d less the number of zero modes, that of all degrees of freedom.

    Returns
    -------
    c, bonds : (P,) array, Bonds

    Raises
    ------
    ValueError
        If x is no minimum.

    Examples
    --------
    In a triangular lattice of 16 Hertzian discs, 30 degrees of freedom less translations:

    >>> import glass
    >>> crystal = glass.crystal(4, spacing=0.95, potential="hertzian_spheres")
    >>> heat, bonds = glass.bond_heat(crystal, crystal.x)
    >>> round(float(heat.sum()), 6)
    30.0
    """
    place = array("x", x, (glass.size,))
    found, bonds = Fluctuations(glass, place), glass.bonds(place, 2)
    d = glass.dimension
    whole = found.covariance.reshape(glass.particles, d, glass.particles, d)
    i, j = bonds.i, bonds.j
    relative = whole[i, :, i] + whole[j, :, j] - 2.0 * whole[i, :, j]  # its symmetric part is what counts
    along = np.einsum("pa,pab,pb->p", bonds.r, relative, bonds.r)
    spread = np.einsum("paa->p", relative)
    moved = np.einsum("pa,pa->p", bonds.r, bonds.stretch(found.shift))
    return bonds.v[1] * moved + bonds.v[2] * along + bonds.v[1] * spread, bonds


def strain(r: Field) -> Field:
    """Return the bond field (y, 0) of simple shear."""
    u = np.zeros_like(r)
    u[:, 0] = r[:, 1]
    return u


class SimpleShear(Family):
    """A glass at every shear gamma, for `landscape.drive` and what it needs.

    At constant coordinates the glass is deformed affinely, from where `glass.x` is at `glass.shear`
    (`PairGlass.sheared`). So dH/dgamma at a minimum is the shear stress times the volume, and an `Event` has
    the stress drop times volume as its `slope`. Derivatives by gamma are forms of bond fields, exact.

    Parameters
    ----------
    glass : PairGlass

    Examples
    --------
    The stress of a crystal grows with the strain as its shear modulus says:

    >>> import glass, landscape
    >>> crystal = glass.crystal(4, spacing=0.95, potential="hertzian_spheres")
    >>> driven = landscape.drive(glass.SimpleShear(crystal), crystal.x, h_from=0.0, h_to=1e-4)
    >>> stress = float(driven.slope[-1] / crystal.box.prod())
    >>> round(stress / (1e-4 * glass.shear_modulus(crystal, crystal.x)), 3)
    1.0
    """

    scale = 0.01

    def __init__(self, glass: PairGlass) -> None:
        self._glass = glass
        self._last = glass

    def at(self, h: float) -> PairGlass:
        """Return the glass at the shear h."""
        if self._last.shear != h:
            self._last = self._glass.sheared(h)
        return self._last

    def slope(self, x: Vector, h: float) -> float:
        """Return dU/dgamma at constant coordinates."""
        bonds = self.at(h).bonds(x, 1)
        return float(np.sum(self._affine(bonds) * (bonds.v[1][:, None] * bonds.r)))

    def pull(self, x: Vector, h: float) -> Vector:
        """Return d(gradient)/dgamma at constant coordinates."""
        bonds = self.at(h).bonds(x, 2)
        return bonds.gather(bonds.second(self._affine(bonds)))

    def curve(self, x: Vector, h: float, dx: Vector, dh: float) -> Vector:
        """Return the second derivative of the gradient along (dx, dgamma)."""
        bonds = self.at(h).bonds(x, 3)
        u = bonds.stretch(dx) + dh * self._affine(bonds)
        return bonds.gather(bonds.third(u, u))

    def rates(self, x: Vector, h: float, dx: Vector, dh: float, modes: Matrix) -> Vector:
        """Return d(psi.M.psi) along (dx, dgamma) of each column psi."""
        bonds = self.at(h).bonds(x, 3)
        u = bonds.stretch(dx) + dh * self._affine(bonds)
        stretched = [bonds.stretch(psi) for psi in modes.T]
        return np.array([float(np.sum(u * bonds.third(v, v))) for v in stretched])

    def hessian(self, x: Vector, h: float) -> Hessian:
        """Return M."""
        return self.at(h).hessian(x)

    def descend(self, x: Vector, h: float, tol: float) -> Vector:
        """Return the minimum of the gradient flow, its last digits by Newton's method (`quench`)."""
        return quench(self.at(h), x, flow=True, tol=tol).x

    def _affine(self, bonds: Bonds) -> Field:
        """Return how shear moves bonds at constant coordinates: by the y of the places it began from."""
        u = np.zeros_like(bonds.r)
        places = self._glass.x.reshape(self._glass.particles, -1)[:, 1]
        u[:, 0] = places[bonds.j] - places[bonds.i] + bonds.boxes * self._glass.box[1]
        return u


def _bonds(glass: PairGlass, x: ArrayLike, order: int) -> Bonds:
    return glass.bonds(array("x", x, (glass.size,)), order)
