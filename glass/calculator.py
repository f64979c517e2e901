"""Glasses of which another code gives the forces: calculators of ASE, as landscapes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from arguments import array, choice, count, real
from landscape import rigid
from landscape.arrays import Matrix, Vector
from landscape.differences import DifferenceHessian
from landscape.functions import matrix_hessian
from landscape.hessian import Hessian
from landscape.protocol import Landscape

_SAME = 1e-6  # of `length`, within which a Hessian that is given holds
_METHODS = ("positions", "get_potential_energy", "get_forces")


class FromCalculator(Landscape):
    """The energy of ASE's Atoms with a calculator, or of anything that has their methods.

    Forces are enough: U''' : z z and U'''' : z z z are differences of four and six forces along z, M of four
    forces along each coordinate, or what is given. Masses are 1.

    Parameters
    ----------
    atoms : Atoms
        With the attribute ``positions`` (N, 3) or (N, d), which is set, and the methods
        ``get_potential_energy()`` and ``get_forces()``, (N, 3) or (N, d). Its positions move with what is
        asked.
    dimension : {1, 2, 3}
        d: the first d coordinates of each particle move, the others stay.
    hessian : (N d, N d) array or matrix of scipy.sparse, optional
        M, symmetric, at the positions that the atoms have now, of the moving coordinates: there it is taken
        for M, and spares most of the forces.
    zero_modes : {"translations", "rigid", "none"}
        Motions that cost no energy: those of a periodic box, of a free cluster, of what is held.
    length : float
        A displacement over which forces change much, > 0: a twentieth of a diameter.

    Attributes
    ----------
    x : (N d,) array
        The positions at the beginning.

    Raises
    ------
    ValueError
        For an argument outside its range; later, for forces of another shape.

    Examples
    --------
    Two particles held by springs, one of them by a third power too:

    >>> import glass, landscape, numpy as np
    >>> class Springs:
    ...     positions = np.zeros((2, 1))
    ...     def get_potential_energy(self):
    ...         x, y = self.positions[:, 0]
    ...         return x**2 + 2.0*y**2 + x**3
    ...     def get_forces(self):
    ...         x, y = self.positions[:, 0]
    ...         return np.array([[-2.0*x - 3.0*x**2], [-4.0*y]])
    >>> held = glass.FromCalculator(Springs(), dimension=1, zero_modes="none")
    >>> mode = landscape.cubic_modes(held, held.x, starts=[1.0, 0.1])[0]
    >>> [round(b, 6) for b in (mode.b2, mode.b3)]
    [2.0, 6.0]
    """

    def __init__(
        self,
        atoms: Any,
        *,
        dimension: int = 3,
        hessian: Any = None,
        zero_modes: str = "translations",
        length: float = 0.05,
    ) -> None:
        if missing := [name for name in _METHODS if not hasattr(atoms, name)]:
            raise ValueError(f"atoms: has no {missing[0]}: must have {', '.join(_METHODS)}")
        if len(getattr(atoms, "constraints", ())):
            raise ValueError("atoms: has constraints, which hide forces: must have none")
        places = array("positions", atoms.positions, ("N", "d"))
        self.dimension = count("dimension", dimension, most=places.shape[1])
        self._atoms, self._places = atoms, places.copy()
        self.x = places[:, : self.dimension].ravel()
        self.length = real("length", length, above=0.0)
        self._kind = choice("zero_modes", zero_modes, rigid.KINDS)
        self._given: Hessian | None = None
        self._last: tuple[Vector, Hessian] | None = None
        if hessian is not None:
            known = self.zero_modes(self.x)
            self._given = matrix_hessian("hessian", hessian, self.size, zero_modes=known)

    @property
    def size(self) -> int:
        """Number of coordinates N d."""
        return self.x.size

    @property
    def has_hessian(self) -> bool:
        """False: away from one configuration M is known by differences alone, and so are U''' and U''''."""
        return False

    def energy(self, x: Vector) -> float:
        """Return what the calculator says."""
        self._move(x)
        return float(self._atoms.get_potential_energy())

    def gradient(self, x: Vector) -> Vector:
        """Return minus the forces, (N d,)."""
        self._move(x)
        return self._gradient()

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """Return energy and gradient."""
        self._move(x)
        return float(self._atoms.get_potential_energy()), self._gradient()

    def zero_modes(self, x: Vector) -> Matrix:
        """Return the motions that cost no energy."""
        return rigid.zero_modes(x, self.dimension, self._kind)

    def hessian(self, x: Vector) -> Hessian:
        """Return M: as given where that holds, else from differences of forces, those of the last x once."""
        if self._given is not None and float(np.abs(self.x - x).max()) <= _SAME * self.length:
            return self._given
        if self._last is None or not np.array_equal(self._last[0], x):
            self._last = (x.copy(), DifferenceHessian(self, x))
        return self._last[1]

    def _move(self, x: Vector) -> None:
        places: NDArray[np.float64] = self._places.copy()
        places[:, : self.dimension] = np.reshape(x, (-1, self.dimension))
        self._atoms.positions = places

    def _gradient(self) -> Vector:
        forces = np.asarray(self._atoms.get_forces(), np.float64)
        if forces.shape != self._places.shape:
            raise ValueError(f"get_forces() has shape {forces.shape}: must be {self._places.shape}")
        return -np.ascontiguousarray(forces[:, : self.dimension]).ravel()
