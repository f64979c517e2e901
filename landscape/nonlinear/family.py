"""Landscapes of one control parameter h: a field, a strain, a pressure."""

from abc import ABC, abstractmethod

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.differences import Differences
from landscape.hessian import Hessian
from landscape.minima import minimize
from landscape.modes.low import low_modes
from landscape.nonlinear.cubic import cubic_modes
from landscape.nonlinear.modes import NonlinearMode
from landscape.protocol import Landscape, Point


class Family(ABC):
    """An energy H(x, h) of the same coordinates x for every h.

    `at` must be written. What else is asked for, derivatives by h among it, comes from differences, in which
    `scale` is the change of h over which forces change much; a family that knows better overrides them, as
    `quartic.nonlinear.uniform_field.UniformField` does.

    Examples
    --------
    A double well under a force h, which leaves its left side at h = 2/27^(1/2):

    >>> import landscape
    >>> class Tilted(landscape.Family):
    ...     def at(self, h):
    ...         energy = lambda x: x[0]**4/4 - x[0]**2/2 - h*x[0]
    ...         return landscape.Functions(energy, lambda x: x**3 - x - h, 1)
    >>> found = landscape.drive(Tilted(), [-1.0], h_from=0.0, h_to=0.5)
    >>> [round(event.fold.h, 6) for event in found.events]
    [0.3849]
    """

    scale: float = 1.0

    @abstractmethod
    def at(self, h: float) -> Landscape:
        """Return the landscape at h."""

    def point(self, x: Vector, h: float) -> Point:
        """Return the point x at h."""
        return self.at(h).at(x)

    def hessian(self, x: Vector, h: float) -> Hessian:
        """Return M at x and h."""
        return self.at(h).hessian(x)

    def slope(self, x: Vector, h: float) -> float:
        """Return dH/dh at constant x; the fourth-order difference at a step of 1e-3 `scale`."""
        step = 1e-3 * self.scale
        near, far = (self.at(h + k * step).energy(x) - self.at(h - k * step).energy(x) for k in (1, 2))
        return (8.0 * near - far) / (12.0 * step)

    def pull(self, x: Vector, h: float) -> Vector:
        """Return d(gradient)/dh at constant x, shape (N,)."""
        return self._along(x, h, np.zeros_like(x), 1.0, order=1)

    def curve(self, x: Vector, h: float, dx: Vector, dh: float) -> Vector:
        """Return the second derivative of the gradient along (dx, dh), shape (N,)."""
        return self._along(x, h, dx, dh, order=2)

    def rates(self, x: Vector, h: float, dx: Vector, dh: float, modes: Matrix) -> Vector:
        """Return d(psi.M.psi) along (dx, dh) of each column psi, shape (k,)."""

        def curvatures(y: Vector, _: Vector) -> Vector:
            hessian = self.hessian(y[:-1], float(y[-1]) * self.scale)
            return np.asarray(np.einsum("ij,ij->j", modes, hessian.products(modes)))

        length = self.at(h).length
        return Differences(curvatures, self._joined(x, h), 1, length).along(self._joined(dx, dh))

    def strength(self, x: Vector, h: float) -> float:
        """Return the typical curvature, beside which one counts as soft."""
        return self.hessian(x, h).row_length

    def least_force(self, h: float, strength: float) -> float:
        """Return a force that is typical where all curvatures vanish: `length` times `strength`."""
        return self.at(h).length * strength

    def lowest(self, x: Vector, h: float, k: int) -> tuple[Vector, Matrix]:
        """Return the k lowest eigenvalues of M but its zero modes, or what there is, and their modes."""
        hessian = self.hessian(x, h)
        found = low_modes(hessian, min(k, hessian.size - hessian.zero_modes.shape[1]), verify=False)
        return found.eigenvalues, found.vectors

    def expansion(self, x: Vector, h: float, z: Vector) -> tuple[float, float]:
        """Return (b3, b4) along a direction of length 1."""
        landscape = self.at(h)
        return float(landscape.third(x).values(z[:, None])[0]), float(
            landscape.fourth(x).values(z[:, None])[0]
        )

    def felt(self, x: Vector, h: float, z: Vector) -> float:
        """Return F = z . d(gradient)/dh: how much a direction feels h."""
        return float(z @ self.pull(x, h))

    def descend(self, x: Vector, h: float, tol: float) -> Vector:
        """Return the minimum that the gradient flow at h leads to from x; raise MinimizationError."""
        return minimize(self.at(h), x, method="descent", tol=tol).x

    def cubic_mode(self, x: Vector, h: float, z: Vector) -> NonlinearMode:
        """Return the cubic mode that z leads to."""
        return cubic_modes(self.at(h), x, starts=z)[0]

    def _along(self, x: Vector, h: float, dx: Vector, dh: float, *, order: int) -> Vector:
        def gradient(y: Vector, _: Vector) -> Vector:
            return self.at(float(y[-1]) * self.scale).gradient(y[:-1])

        return Differences(gradient, self._joined(x, h), order, self.at(h).length).along(self._joined(dx, dh))

    def _joined(self, x: Vector, h: float) -> Vector:
        """Return coordinates of x and h, the latter in its units."""
        return np.append(x, h / self.scale)
