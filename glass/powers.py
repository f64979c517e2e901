"""Potentials made of inverse powers of the distance."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glass.mixing import Mixing
from glass.potential import Potential
from landscape.arrays import Matrix, Vector
from landscape.jit import kernel

Terms = Sequence[tuple[int, float]]
"""Pairs (n, c): the function sum c u^-n of u = x^2."""

Arrays = tuple[NDArray[np.int64], Vector]
"""The same as all n and all c."""


class SmoothedPowers(Potential):
    """sum c x^-2n less its Taylor polynomial in x^2 around x_c, of the order q to which it is smooth there.

    For one power this is x^-2n + sum_{l <= q} c_2l x^2l with the c_2l that make q derivatives vanish.

    Parameters
    ----------
    terms : sequence of (int, float)
        n and c.

    Attributes
    ----------
    taylor : list of float
        What is taken away, by powers of x^2 - x_c^2.
    """

    def __init__(
        self, name: str, terms: Terms, mixing: Mixing, *, reach: float, smooth: int, repulsive: bool
    ) -> None:
        super().__init__(name, mixing, reach=reach, smooth=smooth, repulsive=repulsive)
        self._terms, self._end = _arrays(terms), reach**2
        ends = powers(self._terms, np.array([self._end]), smooth)[:, 0]
        self.taylor = [float(ends[k]) / math.factorial(k) for k in range(smooth + 1)]
        self._rest = np.zeros((5, smooth + 1))  # and the coefficients of its derivatives
        for k in range(5):
            by_y = [math.perm(m, k) * self.taylor[m] for m in range(k, smooth + 1)]
            self._rest[k, : len(by_y)] = by_y
        self.law = (*self._terms, np.array(self.taylor), self._end)

    def profile(self, s: Vector, order: int) -> Matrix:
        """Return v and its derivatives by s."""
        return self.derivatives(s, np.ones(s.size), np.ones(1), order)

    def derivatives(self, q: Vector, length: Vector, energy: Vector, order: int) -> Matrix:
        """Return V, V' ... of bonds, in one pass over them."""
        out = np.empty((order + 1, q.size))
        smoothed(q, length, energy, *self._terms, self._rest, self._end, out)
        return out


class StickyPowers(Potential):
    """A Lennard-Jones core up to its minimum, beyond it an attraction that ends at x_c, smooth to order 2.

    Beyond, 4 (a x^-12 - b x^-6) + sum_{l <= 3} c_2l x^2l: the six numbers make value and two derivatives
    continuous at the minimum, and vanish at x_c.
    """

    def __init__(self, name: str, mixing: Mixing, *, reach: float) -> None:
        super().__init__(name, mixing, reach=reach, smooth=2, repulsive=False)
        self._bottom = 2.0 ** (1.0 / 3.0)  # x^2 of the minimum
        ends = np.array([self._bottom, reach**2])
        self._core = _arrays([(6, 4.0), (3, -4.0)])
        basis = [powers(_arrays([term]), ends, 2) for term in ((6, 4.0), (3, -4.0))]
        basis += [polynomial([0.0] * power + [1.0], ends - self._bottom, 2) for power in range(4)]
        wanted = powers(self._core, ends, 2)
        wanted[:, 1] = 0.0
        a, b, *c = np.linalg.solve(np.array([one.ravel() for one in basis]).T, wanted.ravel())
        self._tail = _arrays([(6, 4.0 * float(a)), (3, -4.0 * float(b))])
        self._taylor = [float(one) for one in c]

    def profile(self, s: Vector, order: int) -> Matrix:
        """Return v and its derivatives by s."""
        u = 2.0 * s
        beyond = powers(self._tail, u, order) + polynomial(self._taylor, u - self._bottom, order)
        return by_half(np.where(u < self._bottom, powers(self._core, u, order), beyond))


class Contact(Potential):
    """(1 - x)^alpha/alpha within contact, x < 1."""

    def __init__(self, name: str, mixing: Mixing, *, alpha: float) -> None:
        smooth = math.ceil(alpha) - 1
        super().__init__(name, mixing, reach=1.0, smooth=smooth, repulsive=True)
        self._alpha = alpha

    def profile(self, s: Vector, order: int) -> Matrix:
        """Return v and its derivatives by s = x^2/2: each is (1/x d/dx) of the one before."""
        x = np.sqrt(2.0 * s)
        by_x, factor, power = [], 1.0 / self._alpha, self._alpha
        for _ in range(order + 1):
            by_x.append(factor * (1.0 - x) ** power)
            factor, power = -factor * power, power - 1.0
        return np.array([_REDUCED[k](x, by_x) for k in range(order + 1)])


_REDUCED = (  # (1/x d/dx)^k f, of x and the derivatives of f by x
    lambda x, f: f[0],
    lambda x, f: f[1] / x,
    lambda x, f: (f[2] - f[1] / x) / x**2,
    lambda x, f: (f[3] - 3.0 * f[2] / x + 3.0 * f[1] / x**2) / x**3,
)


def powers(terms: Arrays, u: Vector, order: int) -> Matrix:
    """Return sum c u^-n and its derivatives by u up to an order, (order + 1, P)."""
    out = np.empty((order + 1, u.size))
    sum_of_powers(*terms, u, out)
    return out


def polynomial(c: Sequence[float], y: Vector, order: int) -> Matrix:
    """Return sum c_l y^l and its derivatives by y up to an order, (order + 1, P)."""
    out = np.empty((order + 1, y.size))
    horner(np.array(c, np.float64), y, out)
    return out


@kernel
def smoothed(q, length, energy, exponents, factors, rest, end, out):  # type: ignore[no-untyped-def]
    """Write V, V' ... of eps (sum c u^-n - sum c_l (u - end)^l), u = 2 q/lambda^2, to out (K, P)."""
    for p in range(q.size):
        scale = 1.0 / (length[p] * length[p])
        u = 2.0 * (q[p] * scale)
        inverse = 1.0 / u
        out[:, p] = 0.0
        for m in range(exponents.size):
            n, bit, power = exponents[m], 1, inverse
            while 2 * bit <= n:
                bit *= 2
            while bit > 1:  # the next binary digit of n
                bit //= 2
                power = power * power
                if n & bit:
                    power = power * inverse
            one = factors[m] * power
            out[0, p] += one
            for k in range(out.shape[0] - 1):
                one = one * inverse * -(n + k)
                out[k + 1, p] += one
        factor = energy[p] if energy.size > 1 else energy[0]
        for k in range(out.shape[0]):
            total = 0.0
            for m in range(rest.shape[1] - 1 - k, -1, -1):
                total = total * (u - end) + rest[k, m]
            out[k, p] = (out[k, p] - total) * factor
            factor *= 2.0 * scale


@kernel
def sum_of_powers(exponents, factors, u, out):  # type: ignore[no-untyped-def]
    """Write sum c u^-n and its derivatives by u to the rows of out (K, P)."""
    out[:] = 0.0
    for m in range(exponents.size):
        n = exponents[m]
        highest = 1
        while 2 * highest <= n:
            highest *= 2
        for p in range(u.size):
            inverse = 1.0 / u[p]
            power, bit = inverse, highest // 2
            while bit:  # the next binary digit of n
                power = power * power
                if n & bit:
                    power = power * inverse
                bit //= 2
            one = factors[m] * power
            out[0, p] += one
            for k in range(out.shape[0] - 1):
                one = one * inverse * -(n + k)
                out[k + 1, p] += one


@kernel
def horner(c, y, out):  # type: ignore[no-untyped-def]
    """Write sum c_l y^l and its derivatives by y to the rows of out (K, P)."""
    factors, left = c.copy(), c.size
    for k in range(out.shape[0]):
        for p in range(y.size):
            total = 0.0
            for m in range(left - 1, -1, -1):
                total = total * y[p] + factors[m]
            out[k, p] = total
        left = max(left - 1, 0)
        for m in range(left):
            factors[m] = factors[m + 1] * (m + 1)


def _arrays(terms: Terms) -> Arrays:
    return np.array([n for n, _ in terms], np.int64), np.array([c for _, c in terms], np.float64)


def by_half(found: Matrix) -> Matrix:
    """Return derivatives by s = u/2 from those by u, in their place."""
    for k in range(1, len(found)):
        found[k] *= 2.0**k
    return found
