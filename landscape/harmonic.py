"""A landscape of which only the Hessian is known, at its minimum or saddle x = 0."""

from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from arguments import count
from landscape.arrays import Matrix, Vector
from landscape.functions import checked_masses, matrix_hessian, orthonormal, particles
from landscape.hessian import Hessian, ProductHessian
from landscape.protocol import Landscape, NotGivenError


class Harmonic(Landscape):
    """H(x) = x.M.x/2, for a matrix M of your own: modes, spectra, responses.

    What lies beyond M is not known: `third` and `fourth` raise `NotGivenError`.

    Parameters
    ----------
    matrix : (N, N) array, matrix of scipy.sparse, or LinearOperator
        M, symmetric (a LinearOperator is taken at its word; it is known by its products).
    dimension : int
        Coordinates of a particle; divides N.
    masses : (N,) array, optional
        Of the coordinates, > 0.
    zero_modes : (N, z) array, optional
        Independent directions that M takes to zero, as the translations of a glass: no modes.

    Raises
    ------
    ValueError
        For a matrix that is not square, symmetric, real and finite, and for another argument out of range.

    Examples
    --------
    A chain of three unit masses and two springs, its translation left out:

    >>> import landscape
    >>> chain = [[1.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 1.0]]
    >>> springs = landscape.Harmonic(chain, zero_modes=[[1.0], [1.0], [1.0]])
    >>> landscape.spectrum(springs.hessian()).round(6)
    array([1., 3.])
    """

    def __init__(
        self,
        matrix: Any,
        *,
        dimension: int = 1,
        masses: ArrayLike | None = None,
        zero_modes: ArrayLike | None = None,
    ) -> None:
        shape = np.shape(matrix)
        size, self.dimension = particles(count("N", shape[0] if shape else 0), dimension)
        self.masses = checked_masses(masses, size)
        self._zero = np.zeros((size, 0)) if zero_modes is None else orthonormal(zero_modes, size)
        known: Any = {"masses": self.masses, "zero_modes": self._zero}
        if hasattr(matrix, "matvec"):  # a LinearOperator
            if shape != (size, size):
                raise ValueError(f"matrix has shape {shape}: must be {(size, size)}")
            self._hessian: Hessian = ProductHessian(matrix.matmat, size, blocks=True, **known)
        else:
            self._hessian = matrix_hessian("matrix", matrix, None, **known)

    @property
    def size(self) -> int:
        """Number of coordinates N."""
        return self._hessian.size

    def energy(self, x: Vector) -> float:
        """Return x.M.x/2."""
        return float(x @ self.gradient(x)) / 2.0

    def gradient(self, x: Vector) -> Vector:
        """Return M x."""
        return self._hessian.products(np.asarray(x, np.float64)[:, None])[:, 0]

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """Return both, by one product."""
        gradient = self.gradient(x)
        return float(x @ gradient) / 2.0, gradient

    def zero_modes(self, x: Vector) -> Matrix:
        """Return those given, orthonormal."""
        return self._zero

    def hessian(self, x: Vector | None = None) -> Hessian:
        """Return M, everywhere the same."""
        return self._hessian

    def third(self, x: Vector) -> NoReturn:
        """Raise NotGivenError."""
        raise NotGivenError("a Hessian alone says nothing of third derivatives: give landscape.Functions")

    def fourth(self, x: Vector) -> NoReturn:
        """Raise NotGivenError."""
        raise NotGivenError("a Hessian alone says nothing of fourth derivatives: give landscape.Functions")
