"""Derivatives by central differences of what a landscape gives, with the best step and the error of it.

Along x + s d the derivative of order n of a function f is sum_k w_k f(s_k)/s^n, to fourth order in s. Its
error is rounding, which grows as s falls, and what the order leaves out. Steps are tried in a ladder, once at
a configuration; that of the least difference to its neighbour is taken, and this difference is the error.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.forms import Form
from landscape.hessian import Hessian

if TYPE_CHECKING:
    from landscape.protocol import Landscape

STENCILS = {  # by order n: the weights at s = 0, 1, 2, 3 steps; odd functions of s for odd n, even for even
    1: (0.0, 8.0 / 12.0, -1.0 / 12.0, 0.0),
    2: (-30.0 / 12.0, 16.0 / 12.0, -1.0 / 12.0, 0.0),
    3: (0.0, -13.0 / 8.0, 8.0 / 8.0, -1.0 / 8.0),
}
_LADDER = 4.0 ** np.arange(-7, 1)  # steps tried, in units of the best for a function of that length
_EPSILON = 2.0**-52


def difference(f: Callable[[float], Vector], order: int, step: float) -> Vector:
    """Return the derivative of f(s) at s = 0, to fourth order in the step."""
    sign = -1.0 if order % 2 else 1.0
    middle, *weights = STENCILS[order]
    total = middle * f(0.0) if middle else 0.0
    for k, weight in enumerate(weights, 1):
        if weight:
            total = total + weight * (f(k * step) + sign * f(-k * step))
    return np.asarray(total / step**order)


class Differences:
    """Derivatives of order n along directions: of a field f(x, d) of vectors, times the power p of |d|.

    Attributes
    ----------
    error : float
        Relative, of the first direction asked for; largest element against largest element.
    """

    def __init__(self, f: Callable[[Vector, Vector], Vector], x: Vector, order: int, length: float) -> None:
        self._f, self._x, self._order, self._length = f, x, order, length
        self._step: float | None = None
        self.error = 0.0

    def along(self, d: Vector) -> Vector:
        """Return the derivative along d; steps are measured by its largest element."""
        size = float(np.abs(d).max())
        if size == 0.0:
            return np.zeros_like(d)
        unit = d / size
        if self._step is None:
            self._step = self._best(unit)
        return self._taken(unit, self._step) * size**self._order

    def _taken(self, unit: Vector, step: float) -> Vector:
        return difference(lambda s: self._f(self._x + s * unit, unit), self._order, step)

    def _best(self, unit: Vector) -> float:
        """Return the step of least error, and keep that."""
        steps = self._length * _EPSILON ** (1.0 / (self._order + 4)) * _LADDER
        with np.errstate(all="ignore"):  # a step that is too long for the landscape is not taken
            tried = [self._taken(unit, float(step)) for step in steps]
        with np.errstate(invalid="ignore"):
            errors = np.array([np.abs(a - b).max() for a, b in zip(tried[1:], tried, strict=False)])
        best = int(np.argmin(np.where(np.isfinite(errors), errors, np.inf)))
        largest = float(np.abs(tried[best]).max())
        self.error = float(errors[best]) / largest if largest else 0.0
        return float(steps[best])


class DifferenceHessian(Hessian):
    """M from differences of the gradient: products, and rows from them."""

    def __init__(self, landscape: "Landscape", x: Vector) -> None:
        super().__init__(landscape.size, masses=landscape.masses, zero_modes=landscape.zero_modes(x))
        self._differences = Differences(lambda y, _: landscape.gradient(y), x, 1, landscape.length)

    @property
    def error(self) -> float:  # type: ignore[override]
        """Relative error of a product, by estimate."""
        return self._differences.error

    def products(self, block: Matrix) -> Matrix:
        """Return M X, shape (N, m): the differences along each column, four gradients each."""
        out = np.empty(block.shape)
        for k, d in enumerate(block.T):
            out[:, k] = self._differences.along(np.asarray(d, np.float64))
        return out.astype(block.dtype, copy=False)


class DifferenceForm(Form):
    """U''' or U'''' from differences: of products with M where a landscape has its own, else of gradients."""

    def __init__(self, landscape: "Landscape", x: Vector, order: int) -> None:
        self.order, own = order, landscape.has_hessian
        self._power = 1 if own else 0  # of d that a product with M has already

        def f(y: Vector, d: Vector) -> Vector:
            return landscape.hessian(y).products(d[:, None])[:, 0] if own else landscape.gradient(y)

        self._differences = Differences(f, x, order - 2 if own else order - 1, landscape.length)

    @property
    def error(self) -> float:  # type: ignore[override]
        """Relative error, by estimate."""
        return self._differences.error

    def vectors(self, block: Matrix) -> Matrix:
        """Return the derivatives along each column, shape (N, m)."""
        sizes = np.abs(block).max(axis=0) ** self._power
        out = np.empty(block.shape)
        for k, d in enumerate(block.T):
            out[:, k] = self._differences.along(d) * sizes[k]
        return out
