"""Functions of the Hessian applied to a vector, phi_k(-dt M) v, in Krylov spaces.

phi_0(z) = e^z, phi_k(z) = (phi_{k-1}(z) - 1/(k-1)!)/z; phi_k(0) = 1/k!. The space of v, M v, M^2 v, ... has
an orthonormal basis in which M is tridiagonal (Lanczos), and phi_k is taken of that small matrix.
"""

import math
from collections.abc import Callable

import numpy as np

from landscape.arrays import Vector
from landscape.jit import kernel

LARGEST = 32  # vectors of a space at most; each takes 8 N bytes
_SERIES = 16  # terms of phi_k at |z| <= 1: the next one is below 1/19!
_EXHAUSTED = 1e-13  # beta relative to the largest element of the tridiagonal matrix that counts as zero


@kernel
def phi(k, z):  # type: ignore[no-untyped-def]
    """Return phi_k(z): by its series sum_j z^j/(j + k)! where |z| <= 1, else by the recurrence."""
    if abs(z) <= 1.0:
        term = 1.0
        for j in range(2, k + 1):
            term /= j
        total = 0.0
        for j in range(_SERIES + 1):
            total += term
            term *= z / (j + 1 + k)
        return total
    value = math.exp(z)
    term = 1.0
    for j in range(1, k + 1):
        value = (value - term) / z
        term /= j
    return value


@kernel
def extend(basis, m, alpha, beta, diagonal, jv):  # type: ignore[no-untyped-def]
    """Add vector m + 1 to the orthonormal `basis` of m + 1, given jv = J basis[m] and M = diagonal + J.

    Fills alpha[m] and beta[m] of the tridiagonal matrix; beta[m] = 0 where the space is exhausted.
    Orthogonalised against all vectors, so that no copies of converged eigenvalues arise.
    """
    new, last = basis[m + 1], basis[m]
    for i in range(jv.size):
        new[i] = diagonal[i] * last[i] + jv[i]
    for j in range(m, -1, -1):
        row = basis[j]
        overlap = 0.0
        for i in range(jv.size):
            overlap += row[i] * new[i]
        for i in range(jv.size):
            new[i] -= overlap * row[i]
        if j == m:
            alpha[m] = overlap
    square = 0.0
    for i in range(jv.size):
        square += new[i] * new[i]
    beta[m] = math.sqrt(square)
    largest = 0.0
    for j in range(m + 1):
        largest = max(largest, abs(alpha[j]), beta[j])
    if beta[m] <= _EXHAUSTED * largest or m + 1 >= jv.size:
        beta[m] = 0.0
        new[:] = 0.0
    else:
        for i in range(jv.size):
            new[i] /= beta[m]


@kernel
def ritz(alpha, beta, m):  # type: ignore[no-untyped-def]
    """Return eigenvalues (m,), ascending, and eigenvectors (m, m) of the tridiagonal matrix."""
    matrix = np.zeros((m, m))
    for j in range(m):
        matrix[j, j] = alpha[j]
        if j + 1 < m:
            matrix[j, j + 1] = beta[j]
            matrix[j + 1, j] = beta[j]
    return np.linalg.eigh(matrix)


@kernel
def amplitudes(values, vectors, k, dt):  # type: ignore[no-untyped-def]
    """Return the components (m,) of dt phi_k(-dt M) v / |v| in the basis."""
    m = values.size
    out = np.zeros(m)
    for n in range(m):
        weight = dt * phi(k, -dt * values[n]) * vectors[0, n]
        for j in range(m):
            out[j] += weight * vectors[j, n]
    return out


@kernel
def combine(basis, c, out):  # type: ignore[no-untyped-def]
    """Fill out = sum_j c_j basis_j."""
    out[:] = 0.0
    for j in range(c.size):
        row = basis[j]
        for i in range(out.size):
            out[i] += c[j] * row[i]


@kernel
def multiply(basis, alpha, beta, c, diagonal, d, out):  # type: ignore[no-untyped-def]
    """Fill out = J d for d = sum_j c_j basis_j, by M basis = basis T + the vector beyond: no product."""
    m = c.size
    tc = np.zeros(m + 1)
    for j in range(m):
        tc[j] += alpha[j] * c[j]
        tc[j + 1] += beta[j] * c[j]
        if j > 0:
            tc[j - 1] += beta[j - 1] * c[j]
    combine(basis, tc, out)
    for i in range(d.size):
        out[i] -= diagonal[i] * d[i]


class Krylov:
    """The Krylov space of a vector v under M = diag(diagonal) + J, grown one product at a time.

    Parameters
    ----------
    product : callable
        J v of a vector (N,).
    diagonal, v : (N,) arrays
    basis : (LARGEST + 1, N) array
        Room for the basis, overwritten.
    """

    def __init__(
        self, product: Callable[[Vector], Vector], diagonal: Vector, v: Vector, basis: Vector
    ) -> None:
        self.product, self.diagonal, self.basis = product, diagonal, basis
        self.norm = float(np.sqrt(np.sum(v * v)))
        self.m = 0
        self.alpha, self.beta = np.zeros(LARGEST), np.zeros(LARGEST)
        self.basis[0] = v / self.norm
        self.grow()

    def grow(self, count: int = 1) -> None:
        """Add up to `count` vectors, one product each, unless the space is exhausted or full."""
        for _ in range(count):
            if self.complete or self.m == LARGEST:
                break
            extend(self.basis, self.m, self.alpha, self.beta, self.diagonal, self.product(self.basis[self.m]))
            self.m += 1
        self.values, self.vectors = ritz(self.alpha, self.beta, self.m)

    @property
    def complete(self) -> bool:
        """Whether M maps the space into itself: all is exact then."""
        return self.m > 0 and self.beta[self.m - 1] == 0.0

    def amplitudes(self, k: int, dt: float) -> Vector:
        """Return the components (m,) of dt phi_k(-dt M) v in the basis."""
        return np.asarray(self.norm * amplitudes(self.values, self.vectors, k, dt))

    def truncation(self, k: int, dt: float) -> float:
        """Return an estimate of the error of dt phi_k(-dt M) v by what the space lacks (Saad 1992)."""
        last = float(amplitudes(self.values, self.vectors, k + 1, dt)[-1])
        return self.norm * float(self.beta[self.m - 1]) * dt * abs(last)

    def step(self, c: Vector) -> tuple[Vector, Vector]:
        """Return d = sum_j c_j basis_j and J d, both (N,)."""
        d, jd = np.empty_like(self.diagonal), np.empty_like(self.diagonal)
        combine(self.basis, c, d)
        multiply(self.basis, self.alpha, self.beta, c, self.diagonal, d, jd)
        return d, jd
