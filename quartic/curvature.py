"""The Hessian of a problem: M = D + J, D_i = kappa_i + A_i x_i^2/2."""

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array
from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from quartic.couplings import Sparse

if TYPE_CHECKING:
    from quartic.problem import Problem


class Curvature(Hessian):
    """M at a configuration, known by its products with blocks of vectors.

    Attributes
    ----------
    diagonal : (N,) array
        D_i, without what diagonal the coupling may have.
    strength : (N,) array
        That of the coupling.
    scale : float
        max_i |D_i| + 2 (mean_i sum_j J_ij^2)^(1/2): the size of the spectrum, for every kind of coupling. In
        mean field 2 J is the edge of the spectrum of the coupling.
    """

    diagonal: Vector  # known from the outset, not when asked for
    strength: Vector
    scale: float

    def __init__(self, problem: "Problem", x: ArrayLike) -> None:
        x = real_displacement(problem, x)
        super().__init__(problem.size)
        self.soft_sites = True
        self.coupling = problem.coupling
        self.form = "sparse" if isinstance(self.coupling, Sparse) else "products"
        self.diagonal = problem.stiffness + problem.anharmonicity * x**2 / 2
        self.strength = problem.coupling.strength
        typical = float(np.sqrt(np.mean(self.strength**2)))
        self.scale = float(np.abs(self.diagonal).max()) + 2.0 * typical

    @property
    def matrix(self) -> Any:
        """M as a matrix of scipy.sparse, where the coupling is one."""
        return self.coupling.plus_diagonal(self.diagonal)  # type: ignore[attr-defined]

    def products(self, block: NDArray[Any]) -> NDArray[Any]:
        """Return M X, shape (N, m), for a block X of m vectors, in the precision of the block."""
        out = self.coupling.products(block)
        out += self.diagonal.astype(block.dtype)[:, None] * block
        return out

    def row(self, i: int) -> Vector:
        """Return row i of M, a new array."""
        row = self.coupling.row(i)
        row[i] += self.diagonal[i]
        return row

    def dense(self) -> Matrix:
        """Return M as a new array."""
        matrix = self.coupling.dense()
        matrix.flat[:: self.size + 1] += self.diagonal
        return matrix

    def lower(self, kind: type[np.floating[Any]]) -> NDArray[Any]:
        """Return a new array whose lower half is that of M, without the way over a whole float64 matrix."""
        matrix = self.coupling.lower(kind)
        matrix.flat[:: self.size + 1] += self.diagonal.astype(kind)
        return matrix


_LAST: "WeakKeyDictionary[Problem, tuple[Vector, Curvature]]" = WeakKeyDictionary()


def curvature_at(problem: "Problem", x: Vector) -> Curvature:
    """Return the Hessian at x, the same object as before where x is the last that was asked for.

    What is kept of a Hessian, as the proof that x is a minimum, then serves the modes there.
    """
    last = _LAST.get(problem)
    if last is not None and np.array_equal(x, last[0]):
        return last[1]
    found = Curvature(problem, x)
    _LAST.clear()
    _LAST[problem] = x.copy(), found
    return found


def real_displacement(problem: "Problem", x: ArrayLike, *, name: str = "x") -> Vector:
    """Return x as an array (N,) of floats; raise ValueError for anything else."""
    return array(name, x, (problem.size,))
