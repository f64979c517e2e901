"""What an energy landscape offers: its energy and gradient, and a default for everything else.

The engine is written against this. A landscape that knows better than a default overrides it; one that cannot
say something raises `NotGivenError` with the reason.
"""

import math
from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from arguments import brief
from landscape.arrays import Matrix, Vector

if TYPE_CHECKING:
    from landscape.forms import Form
    from landscape.hessian import Hessian
    from landscape.relaxation import Callback


class NotGivenError(ValueError):
    """A landscape does not know what it was asked for; the message says what, and why."""


class Landscape(ABC):
    """An energy H(x) of N coordinates x.

    `size`, `energy` and `gradient` must be written; `evaluate` should be where both cost little more than
    one. `landscape.check_landscape` tests a landscape against all that is said here.

    Attributes
    ----------
    dimension : int
        Coordinates of a particle, one after another: x is (N/dimension, dimension) row by row. 1 for
        oscillators.
    masses : (N,) array or None
        Of every coordinate; None where all are 1. Modes are those of m^-1/2 M m^-1/2.
    length : float
        A displacement over which forces change much: the scale of steps and of differences.

    Examples
    --------
    A double well of one particle on a line:

    >>> import landscape
    >>> class Well(landscape.Landscape):
    ...     size = 1
    ...     def energy(self, x):
    ...         return float(x[0]**4/4 - x[0]**2/2)
    ...     def gradient(self, x):
    ...         return x**3 - x
    >>> landscape.check_landscape(Well(), [0.3])
    >>> round(landscape.minimize(Well(), [0.3]).energy, 6)
    -0.25
    """

    dimension: int = 1
    masses: Vector | None = None
    length: float = 1.0

    @property
    @abstractmethod
    def size(self) -> int:
        """N, the number of coordinates."""

    @abstractmethod
    def energy(self, x: Vector) -> float:
        """Return H(x)."""

    @abstractmethod
    def gradient(self, x: Vector) -> Vector:
        """Return dH/dx_i, shape (N,), a new array; minus the force."""

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """Return energy and gradient."""
        return self.energy(x), self.gradient(x)

    def at(self, x: Vector) -> "Point":
        """Return the point x, with energy and gradient."""
        return Point(self, x, *self.evaluate(x))

    def force_scale(self, point: "Point") -> float:
        """Return the typical force at a point, beside which a gradient counts as small.

        It scales as forces do, is at least the root mean square of the gradient, and does not vanish with it.
        By default together with that of a displacement of `length` in every coordinate: `length` times the
        root mean square length of the rows of M.
        """
        return math.hypot(self.length * point.hessian.row_length, float(np.sqrt(np.mean(point.gradient**2))))

    def zero_modes(self, x: Vector) -> Matrix:
        """Return orthonormal directions (N, z) in which the energy does not change, as translations."""
        return np.zeros((self.size, 0))

    @property
    def has_hessian(self) -> bool:
        """Whether M is known by more than differences of the gradient."""
        return type(self).hessian is not Landscape.hessian

    def hessian(self, x: Vector) -> "Hessian":
        """Return the second derivatives M at x; by default from differences of the gradient."""
        from landscape.differences import DifferenceHessian

        return DifferenceHessian(self, x)

    def third(self, x: Vector) -> "Form":
        """Return the third derivatives U''' at x; by default from differences."""
        from landscape.differences import DifferenceForm

        return DifferenceForm(self, x, 3)

    def fourth(self, x: Vector) -> "Form":
        """Return the fourth derivatives U'''' at x; by default from differences."""
        from landscape.differences import DifferenceForm

        return DifferenceForm(self, x, 4)

    def step(self, point: "Point", direction: Vector, *, longest: float = math.inf) -> "Point":
        """Return the point of the first energy minimum along a direction, or near; `point` if none falls.

        No farther than `longest` times the direction. By default where the slope has fallen to a tenth.
        """
        from landscape.line import line_step

        return line_step(point, direction, longest)

    def relax(
        self, x: Vector, *, method: str, tol: float, most: int, callback: "Callback | None" = None
    ) -> "tuple[Point, str]":
        """Return where a minimisation from x ends and how, ``"converged"`` or not, of at most `most` steps.

        The Hessian there is not looked at; `landscape.minimize` is the face.
        """
        from landscape.minima import relax

        return relax(self, x, method, tol, most, callback)


@brief("x", "energy", "gradient")
class Point:
    """A configuration and what is known there: everything is computed once, and handed on.

    Attributes
    ----------
    landscape : Landscape
    x, gradient : (N,) arrays
    energy : float

    Examples
    --------
    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**4/4 - x[0]**2/2, lambda x: x**3 - x, 1)
    >>> point = landscape.minimize(well, [0.3]).point
    >>> point.x.round(6), round(point.energy, 6), point.hessian.dense().round(4)
    (array([1.]), -0.25, array([[2.]]))
    """

    def __init__(self, landscape: Landscape, x: Vector, energy: float, gradient: Vector) -> None:
        self.landscape, self.x, self.energy, self.gradient = landscape, x, energy, gradient

    @cached_property
    def force_scale(self) -> float:
        """The typical force."""
        return self.landscape.force_scale(self)

    @cached_property
    def hessian(self) -> "Hessian":
        """The second derivatives M."""
        return self.landscape.hessian(self.x)

    @cached_property
    def third(self) -> "Form":
        """The third derivatives."""
        return self.landscape.third(self.x)

    @cached_property
    def fourth(self) -> "Form":
        """The fourth derivatives."""
        return self.landscape.fourth(self.x)

    @cached_property
    def gradient_norm(self) -> float:
        """max_i |dH/dx_i|."""
        return float(np.abs(self.gradient).max())

    @property
    def relative_gradient(self) -> float:
        """Largest |dH/dx_i| over the typical force; 0 where all forces vanish."""
        largest = self.gradient_norm
        return largest / self.force_scale if largest else 0.0
