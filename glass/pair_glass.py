"""Particles with a pair potential in a periodic box, as a landscape."""

import copy
import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, frozen, real
from glass import cells
from glass.bonds import BondForm, Bonds
from glass.forces import energy_and_gradient
from glass.potential import Potential
from glass.potentials import named
from landscape import rigid
from landscape.arrays import Matrix, Vector
from landscape.forms import Form
from landscape.hessian import Hessian, SparseHessian
from landscape.protocol import Landscape, Point

_SKIN = 0.4  # of the mean size: what lists of neighbours hold beyond the reach
_LENGTH = 0.05  # of the smallest size: the scale of steps


class PairGlass(Landscape):
    """The energy sum_{i<j} V_ij of N particles in d = 2 or 3 dimensions, of unit masses.

    Its coordinates are the positions, row by row, (N d,); whole boxes may be added to those of any particle.

    Parameters
    ----------
    positions : (N, d) array
    sizes : (N,) array or float
        lambda_i > 0.
    box : float or (d,) array
        Lengths of the periodic box; at least twice the longest reach.
    potential : str or Potential
        A name of `glass.potentials.NAMES`, with the parameters of its paper, or what the functions of these
        names return, or `Custom` or `symbolic`.
    shear : float
        gamma: an image in y is shifted by gamma L_y in x.

    Attributes
    ----------
    x : (N d,) array
        The positions as given, read-only.
    sizes : (N,) array
    box : (d,) array
    potential : Potential
    shear : float

    Raises
    ------
    ValueError
        For an argument outside its range.

    Examples
    --------
    Two harmonic discs of size 1 that overlap by a tenth:

    >>> import glass
    >>> pair = glass.PairGlass([[0.0, 0.0], [0.9, 0.0]], sizes=1.0, box=4.0, potential="harmonic_spheres")
    >>> round(pair.energy(pair.x), 12)
    0.005
    """

    def __init__(
        self,
        positions: ArrayLike,
        *,
        sizes: ArrayLike,
        box: ArrayLike,
        potential: str | Potential,
        shear: float = 0.0,
    ) -> None:
        places = array("positions", positions, ("N", 2), ("N", 3))
        n, d = places.shape
        self.dimension, self.x = d, frozen(places.copy().ravel())
        self.sizes = _each("sizes", sizes, n)
        self.box, self.potential = _each("box", box, d), named(potential)
        self.shear = real("shear", shear)
        self._affine = np.zeros_like(places)
        mixing = self.potential.mixing
        self._kinds, (lengths, self._energies) = mixing.kinds(self.sizes), mixing.tables
        self._rule = (self.sizes, self._kinds, lengths, mixing.non_additivity, self.potential.reach)
        self._pairing = (self.sizes, self._kinds, lengths, self._energies, mixing.non_additivity)
        self._longest = mixing.longest(self.sizes)
        reach = self.potential.reach * self._longest
        if 2.0 * reach > self.box.min():
            raise ValueError(f"box = {self.box.min():.6g}: must be >= {2.0 * reach:.6g}, twice the reach")
        self.length = _LENGTH * float(self.sizes.min())
        self._skin = _SKIN * float(self.sizes.mean())
        self._near: tuple[Matrix, NDArray[np.int64], NDArray[np.int64]] | None = None
        self._last: tuple[Vector, SparseHessian] | None = None

    @property
    def size(self) -> int:
        """Number of coordinates N d."""
        return self.x.size

    @property
    def particles(self) -> int:
        """N."""
        return self.sizes.size

    @property
    def volume(self) -> float:
        """That of the box."""
        return float(self.box.prod())

    def sheared(self, shear: float) -> "PairGlass":
        """Return the glass at another shear, in coordinates that are carried along.

        Particles are at x + (shear - self.shear) (y_i, 0), y_i of `self.x`: at constant coordinates the whole
        is deformed affinely.
        """
        other = copy.copy(self)
        other.shear = real("shear", shear)
        other._affine = self._affine.copy()
        other._affine[:, 0] += (other.shear - self.shear) * self.x.reshape(self.particles, -1)[:, 1]
        other._near = other._last = None
        return other

    def places(self, x: ArrayLike) -> Matrix:
        """Return where the particles are, (N, d), deformed as the glass is."""
        return np.asarray(array("x", x, (self.size,)).reshape(self.particles, -1) + self._affine)

    def separations(self, x: ArrayLike, place: ArrayLike) -> Matrix:
        """Return the ways from a place (d,) to the nearest images of all particles, (N, d)."""
        r = self.places(x) - array("place", place, (self.dimension,))
        r[:, 0] -= np.rint(r[:, 1] / self.box[1]) * self.shear * self.box[1]
        return np.asarray(r - np.rint(r / self.box) * self.box)

    def bonds(self, x: Vector, order: int = 4) -> Bonds:
        """Return the bonds at x (N d,), with the derivatives of V up to an order.

        Raises
        ------
        NotGivenError
            Where derivatives of this order are not defined.
        """
        self.potential.demand(order)
        places, *near = self._pairs(x)
        i, j, r, q, length, boxes = cells.measure(places, *near, self.box, self.shear, *self._rule)
        some = self._energies.size > 1
        energy = self._energies[self._kinds[i], self._kinds[j]] if some else self._energies[0]
        return Bonds(self.particles, i, j, r, boxes, self.potential.derivatives(q, length, energy, order))

    def energy(self, x: Vector) -> float:
        """Return the energy."""
        return self.bonds(x, 0).energy

    def gradient(self, x: Vector) -> Vector:
        """Return minus the forces, (N d,)."""
        return self.bonds(x, 1).gradient

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """Return energy and gradient, of smoothed powers without making bonds."""
        if self.potential.law is None:
            bonds = self.bonds(x, 1)
            return bonds.energy, bonds.gradient
        places, i, j = self._pairs(x)
        gradient, walls = np.zeros_like(places), (self.box, self.shear)
        energy = energy_and_gradient(places, i, j, walls, self._pairing, self.potential.law, gradient)
        return float(energy), gradient.ravel()

    def zero_modes(self, x: Vector) -> Matrix:
        """Return the d translations; and those of each particle that touches none."""
        return self._zero_modes(x, self.bonds(x, 0))

    def _zero_modes(self, x: Vector, bonds: Bonds) -> Matrix:
        free = np.repeat(bonds.contacts == 0, self.dimension)
        moves = rigid.zero_modes(x, self.dimension, "translations")
        if not free.any():
            return moves
        moves[free] = 0.0
        held = np.linalg.qr(moves)[0] if not free.all() else moves[:, :0]
        return np.column_stack([held, np.eye(x.size)[:, free]])

    def hessian(self, x: Vector) -> Hessian:
        """Return M, sparse. The last is kept: modes, and what is solved with M after, share its factor."""
        if self._last is None or not np.array_equal(self._last[0], x):
            bonds = self.bonds(x, 2)
            made = SparseHessian(bonds.matrix(), zero_modes=self._zero_modes(x, bonds))
            self._last = (np.array(x), made)
        return self._last[1]

    def force_scale(self, point: Point) -> float:
        """Return the typical force, as every landscape has it, without M."""
        row = self.length * self.bonds(point.x, 2).row_length
        return math.hypot(row, float(np.sqrt(np.mean(point.gradient**2))))

    def third(self, x: Vector) -> Form:
        """Return U'''; NotGivenError where the potential is not smooth enough."""
        return BondForm(self.bonds(x, 3), 3)

    def fourth(self, x: Vector) -> Form:
        """Return U''''; NotGivenError where the potential is not smooth enough."""
        return BondForm(self.bonds(x, 4), 4)

    def rattlers(self, x: ArrayLike) -> NDArray[np.int64]:
        """Return the particles that nothing holds, ascending.

        Of a repulsive potential those with fewer than d + 1 bonds to others that are held, for so few cannot
        balance; else those without a bond.
        """
        bonds = self.bonds(array("x", x, (self.size,)), 0)
        least = self.dimension + 1 if self.potential.repulsive else 1
        held = np.ones(self.particles, bool)
        while True:
            both = held[bonds.i] & held[bonds.j]
            count = sum(np.bincount(ends[both], minlength=self.particles) for ends in (bonds.i, bonds.j))
            new = held & (count >= least)
            if np.array_equal(new, held):
                return np.flatnonzero(~held)
            held = new

    def backbone(self, x: ArrayLike) -> "PairGlass":
        """Return the glass of the particles at x without the rattlers, whose motions have no stiffness."""
        places = array("x", x, (self.size,)).reshape(self.particles, -1)
        held = np.ones(self.particles, bool)
        held[self.rattlers(x)] = False
        if not held.any():
            raise ValueError("all particles are rattlers: nothing is held")
        known: Any = {"box": self.box, "potential": self.potential, "shear": self.shear}
        return PairGlass((places + self._affine)[held], sizes=self.sizes[held], **known)

    def _pairs(self, x: Vector) -> tuple[Matrix, NDArray[np.int64], NDArray[np.int64]]:
        """Return where particles are, and a list that holds all pairs within reach, the last if it does."""
        places = np.ascontiguousarray(x).reshape(self.particles, -1) + self._affine
        near = self._near
        if near is None or not farthest(places, near[0]) <= self._skin / 2.0:
            if not np.isfinite(places).all():
                raise ValueError("x is not finite")
            known = (self.box, self.shear, *self._rule, self._longest, self._skin)
            near = self._near = (places, *cells.neighbours(places, *known))
        return places, near[1], near[2]


def farthest(places: Matrix, origin: Matrix) -> float:
    """Return how far the particle is that is farthest from its origin, nan where one is nowhere."""
    way = places - origin
    return float(np.sqrt(np.einsum("ik,ik->i", way, way).max()))


def _each(name: str, given: ArrayLike, n: int) -> Vector:
    """Return a number > 0 for each, read-only."""
    found = array(name, given, (), (n,), above=0.0)
    return frozen(np.ascontiguousarray(np.broadcast_to(found, n)))
