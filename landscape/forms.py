"""Derivatives of third and fourth order as symmetric forms: U''' : z z z and U'''' : z z z z."""

from abc import ABC, abstractmethod

import numpy as np

from landscape.arrays import Matrix, Vector


class Form(ABC):
    """The derivatives of order p at a configuration, applied to directions.

    Attributes
    ----------
    order : int
        p, 3 or 4.
    error : float
        Relative error of `vectors`, by estimate; 0 where it is rounding.
    """

    order: int
    error: float = 0.0

    @abstractmethod
    def vectors(self, block: Matrix) -> Matrix:
        """Return U''' : z z (or U'''' : z z z) of each column z, shape (N, m)."""

    def values(self, block: Matrix) -> Vector:
        """Return U''' : z z z (or U'''' : z z z z) of each column, shape (m,)."""
        return np.asarray(np.einsum("ij,ij->j", block, self.vectors(block)))

    def vector(self, z: Vector) -> Vector:
        """Return `vectors` of one direction, shape (N,)."""
        return self.vectors(z[:, None])[:, 0]

    def along(self, z: Vector, d: Vector, *, own: Vector | None = None) -> Vector:
        """Return (c_0 .. c_p), with the form of z + t d equal to sum_k c_k t^k.

        `own` is `vector(z)`, where it is known.
        """
        p = self.order
        own = self.vector(z) if own is None else own
        both = [d] if p == 3 else [d, z + d]
        other, *mixed = self.vectors(np.column_stack(both)).T
        c = np.zeros(p + 1)
        c[0], c[1], c[p - 1], c[p] = own @ z, p * (own @ d), p * (other @ z), other @ d
        if mixed:  # U : (z+d)^3 z = U : z^4 + 3 z^3 d + 3 z^2 d^2 + z d^3
            c[2] = 2.0 * (mixed[0] @ z - c[0]) - 1.5 * c[1] - 0.5 * c[3]
        return c


class Diagonal(Form):
    """sum_i w_i z_i^p: each coordinate has derivatives of its own.

    Parameters
    ----------
    weights : (N,) array
        w.
    order : {3, 4}
        p.
    """

    def __init__(self, weights: Vector, order: int) -> None:
        self.weights, self.order = weights, order

    def vectors(self, block: Matrix) -> Matrix:
        """Return w z^(p - 1)."""
        return self.weights[:, None] * block ** (self.order - 1)
