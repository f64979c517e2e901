"""The derivatives of the energy as forms of bond fields.

With q = r^2/2 and a = r.u the energy has along a bond field u, a vector for every bond, the derivatives

    V' r.u,   V'' a^2 + V' u.u,   V''' a^3 + 3 V'' a (u.u),   V'''' a^4 + 6 V''' a^2 (u.u) + 3 V'' (u.u)^2.

Displacements z of particles stretch bonds by z_j - z_i; a strain gamma stretches them by (y_ij, 0). So all
mixed derivatives are these forms, as symmetric multilinear ones.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from arguments import brief
from landscape.arrays import Matrix, Vector
from landscape.forms import Form
from landscape.jit import kernel

Field = NDArray[np.float64]
"""A vector for every bond, (P, d)."""


@kernel
def stretching(z, i, j, u):  # type: ignore[no-untyped-def]
    """Write z_j - z_i of every bond to u (P, d), z (N, d)."""
    for p in range(i.size):
        for k in range(u.shape[1]):
            u[p, k] = z[j[p], k] - z[i[p], k]


@kernel
def gathering(f, i, j, out):  # type: ignore[no-untyped-def]
    """Add what bonds with f (P, d) do to the particles: f to j, -f to i."""
    for p in range(i.size):
        for k in range(f.shape[1]):
            out[j[p], k] += f[p, k]
            out[i[p], k] -= f[p, k]


@kernel
def dot(u, v, p):  # type: ignore[no-untyped-def]
    """Return the scalar product of row p."""
    total = 0.0
    for k in range(u.shape[1]):
        total += u[p, k] * v[p, k]
    return total


@kernel
def second_form(v1, v2, r, u, out):  # type: ignore[no-untyped-def]
    """Write V'' a r + V' u."""
    for p in range(v1.size):
        a = v2[p] * dot(r, u, p)
        for k in range(r.shape[1]):
            out[p, k] = a * r[p, k] + v1[p] * u[p, k]


@kernel
def third_form(v2, v3, r, u, v, out):  # type: ignore[no-untyped-def]
    """Write V''' a b r + V'' ((u.v) r + a v + b u), a = r.u, b = r.v."""
    for p in range(v2.size):
        a, b = dot(r, u, p), dot(r, v, p)
        along = v3[p] * a * b + v2[p] * dot(u, v, p)
        for k in range(r.shape[1]):
            out[p, k] = along * r[p, k] + v2[p] * (a * v[p, k] + b * u[p, k])


@kernel
def fourth_form(v2, v3, v4, r, u, v, w, out):  # type: ignore[no-untyped-def]
    """Write the fourth form of u, v, w and whatever it is multiplied with next."""
    for p in range(v2.size):
        a, b, c = dot(r, u, p), dot(r, v, p), dot(r, w, p)
        uv, uw, vw = dot(u, v, p), dot(u, w, p), dot(v, w, p)
        along = v4[p] * a * b * c + v3[p] * (a * vw + b * uw + c * uv)
        x, y, z = v3[p] * b * c + v2[p] * vw, v3[p] * a * c + v2[p] * uw, v3[p] * a * b + v2[p] * uv
        for k in range(r.shape[1]):
            out[p, k] = along * r[p, k] + x * u[p, k] + y * v[p, k] + z * w[p, k]


@kernel
def blocks_of(v1, v2, i, j, r, first, columns, data):  # type: ignore[no-untyped-def]
    """Fill the d x d blocks of M, by rows of particles: where they are (columns) and what is in them.

    `first` (N + 1,) has where the rows begin; the diagonal block stands first in its row.
    """
    n, d = first.size - 1, r.shape[1]
    filled = np.ones(n, np.int64)
    for k in range(n):
        columns[first[k]] = k
        data[first[k]] = 0.0
    for p in range(i.size):
        ij, ji = first[i[p]] + filled[i[p]], first[j[p]] + filled[j[p]]
        filled[i[p]] += 1
        filled[j[p]] += 1
        columns[ij], columns[ji] = j[p], i[p]
        for k in range(d):
            for m in range(d):
                value = v2[p] * (r[p, k] * r[p, m]) + (v1[p] if k == m else 0.0)
                data[ij, k, m] = -value
                data[ji, k, m] = -value
                data[first[i[p]], k, m] += value
                data[first[j[p]], k, m] += value


@kernel
def squares_of(v1, v2, i, j, r, diagonal):  # type: ignore[no-untyped-def]
    """Return the sum of the squares of all elements of M; its diagonal blocks are added to `diagonal`."""
    d = r.shape[1]
    total = 0.0
    for p in range(v1.size):
        for k in range(d):
            for m in range(d):
                value = v2[p] * (r[p, k] * r[p, m]) + (v1[p] if k == m else 0.0)
                total += 2.0 * value * value
                diagonal[i[p], k, m] += value
                diagonal[j[p], k, m] += value
    for n in range(diagonal.shape[0]):
        for k in range(d):
            for m in range(d):
                total += diagonal[n, k, m] ** 2
    return total


@kernel
def third_vector(v2, v3, i, j, r, z, out):  # type: ignore[no-untyped-def]
    """Add U''' : z z to out (N, d), z (N, d): `stretching`, `third_form` and `gathering` in one pass."""
    d = r.shape[1]
    u = np.empty(d)
    for p in range(v2.size):
        a, uu = 0.0, 0.0
        for k in range(d):
            u[k] = z[j[p], k] - z[i[p], k]
            a += r[p, k] * u[k]
            uu += u[k] * u[k]
        along, across = v3[p] * a * a + v2[p] * uu, 2.0 * v2[p] * a
        for k in range(d):
            f = along * r[p, k] + across * u[k]
            out[j[p], k] += f
            out[i[p], k] -= f


@brief()
@dataclass(frozen=True, eq=False)
class Bonds:
    """All pairs within reach at a configuration.

    Attributes
    ----------
    particles : int
        N.
    i, j : (P,) arrays of int
        i < j, ascending.
    r : (P, d) array
        Nearest image of x_j - x_i.
    boxes : (P,) array
        By how many boxes in y that image is moved.
    v : (order + 1, P) array
        V, V', ... by q = r^2/2.
    """

    particles: int
    i: NDArray[np.int64]
    j: NDArray[np.int64]
    r: Field
    boxes: Vector
    v: Matrix

    @property
    def energy(self) -> float:
        """The sum of V."""
        return float(self.v[0].sum())

    @property
    def gradient(self) -> Vector:
        """dU/dx, shape (N d,)."""
        return self.gather(self.v[1][:, None] * self.r)

    def stretch(self, z: Vector) -> Field:
        """Return z_j - z_i of displacements z (N d,)."""
        u = np.empty_like(self.r)
        stretching(np.ascontiguousarray(z, np.float64).reshape(self.particles, -1), self.i, self.j, u)
        return u

    def gather(self, f: Field) -> Vector:
        """Return what a bond field does to the particles, (N d,): the transpose of `stretch`."""
        out = np.zeros((self.particles, self.r.shape[1]))
        gathering(f, self.i, self.j, out)
        return out.ravel()

    def second(self, u: Field) -> Field:
        """Return the field that any v is multiplied with in the second derivative along u and v."""
        out = np.empty_like(u)
        second_form(self.v[1], self.v[2], self.r, u, out)
        return out

    def third(self, u: Field, v: Field) -> Field:
        """Return the same of the third derivative along u, v and another."""
        out = np.empty_like(u)
        third_form(self.v[2], self.v[3], self.r, u, v, out)
        return out

    def fourth(self, u: Field, v: Field, w: Field) -> Field:
        """Return the same of the fourth derivative along u, v, w and another."""
        out = np.empty_like(u)
        fourth_form(self.v[2], self.v[3], self.v[4], self.r, u, v, w, out)
        return out

    @cached_property
    def contacts(self) -> NDArray[np.int64]:
        """How many bonds each particle has, (N,)."""
        both = np.bincount(self.i, minlength=self.particles) + np.bincount(self.j, minlength=self.particles)
        return np.asarray(both, np.int64)

    @property
    def row_length(self) -> float:
        """Root mean square length of the rows of M, which is not made."""
        n, d = self.particles, self.r.shape[1]
        total = squares_of(self.v[1], self.v[2], self.i, self.j, self.r, np.zeros((n, d, d)))
        return float(np.sqrt(total / (n * d)))

    def matrix(self) -> Any:
        """Return M as a matrix of scipy.sparse."""
        n, d = self.particles, self.r.shape[1]
        first = np.concatenate(([0], np.cumsum(self.contacts + 1)))
        columns, data = np.empty(first[-1], np.int64), np.empty((first[-1], d, d))
        blocks_of(self.v[1], self.v[2], self.i, self.j, self.r, first, columns, data)
        return scipy.sparse.bsr_matrix((data, columns, first), shape=(n * d, n * d)).tocsr()


class BondForm(Form):
    """U''' or U'''' of displacements, from its bonds."""

    def __init__(self, bonds: Bonds, order: int) -> None:
        self._bonds, self.order = bonds, order

    def vectors(self, block: Matrix) -> Matrix:
        """Return U''' : z z, or U'''' : z z z, of each column."""
        out = np.empty(block.shape)
        for k, z in enumerate(block.T):
            out[:, k] = self._vector(np.ascontiguousarray(z, np.float64))
        return out

    def _vector(self, z: Vector) -> Vector:
        bonds = self._bonds
        if self.order == 4:
            u = bonds.stretch(z)
            return bonds.gather(bonds.fourth(u, u, u))
        out = np.zeros((bonds.particles, bonds.r.shape[1]))
        third_vector(bonds.v[2], bonds.v[3], bonds.i, bonds.j, bonds.r, z.reshape(out.shape), out)
        return out.ravel()
