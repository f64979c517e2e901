"""Coupled oscillators in a uniform field as a family of landscapes, all its derivatives exact."""

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.modes.low import SADDLE_SIZE
from landscape.nonlinear.family import Family
from landscape.nonlinear.modes import NonlinearMode
from landscape.protocol import Point
from quartic.curvature import Curvature
from quartic.minima import minimize
from quartic.modes import low_modes
from quartic.nonlinear.cubic import cubic_modes
from quartic.nonlinear.forces import check_range, forces
from quartic.problem import Problem


class UniformField(Family):
    """One problem under a uniform field h; where its field is not uniform, h is the mean.

    Attributes
    ----------
    problem : Problem
    h : float
        That of the problem.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, field = problem, problem.field
        self.h = float(field[0]) if np.all(field == field[0]) else float(field.mean())
        self._rest = field - self.h
        check_range(problem)

    def at(self, h: float) -> Problem:
        """Return the problem at field h."""
        p = self.problem
        return Problem(p.stiffness, p.coupling, self._rest + h, p.anharmonicity)

    def point(self, x: Vector, h: float) -> Point:
        """Return the point x at field h, by one product J x.

        Raises
        ------
        LostError
            If the typical force is so large or small that products of forces are beyond the range of floats.
        """
        found = forces(self.problem, x, self._rest + h, f"h = {h}")
        point = Point(self.problem, x, found.energy, found.gradient)
        vars(point)["force_scale"] = found.scale  # known already, and that at h
        return point

    def hessian(self, x: Vector, h: float) -> Curvature:
        """Return M at x, whatever the field."""
        return Curvature(self.problem, x)

    def slope(self, x: Vector, h: float) -> float:
        """Return dH/dh = -sum_i x_i."""
        return -float(x.sum())

    def pull(self, x: Vector, h: float) -> Vector:
        """Return d(gradient)/dh, -1 on all sites."""
        return np.full(x.size, -1.0)

    def curve(self, x: Vector, h: float, dx: Vector, dh: float) -> Vector:
        """Return A x dx^2."""
        return np.asarray(self.problem.anharmonicity * x * dx**2)

    def rates(self, x: Vector, h: float, dx: Vector, dh: float, modes: Matrix) -> Vector:
        """Return sum_i A x_i dx_i psi_i^2 of each column psi."""
        return np.asarray(self.problem.anharmonicity * (x * dx) @ modes**2)

    def strength(self, x: Vector, h: float) -> float:
        """Return K."""
        return self.problem.linear_strength

    def least_force(self, h: float, strength: float) -> float:
        """Return 0: the terms of the forces do not vanish with curvatures."""
        return 0.0

    def lowest(self, x: Vector, h: float, k: int) -> tuple[Vector, Matrix]:
        """Return the k lowest eigenvalues of M and their modes, in units that x has."""
        method = "davidson" if self.problem.size > SADDLE_SIZE else None  # no factorisation for every step
        found = low_modes(self.problem, x, min(k, self.problem.size), method=method, verify=False)
        return found.eigenvalues, found.vectors

    def expansion(self, x: Vector, h: float, z: Vector) -> tuple[float, float]:
        """Return A sum_i x_i z_i^3 and A sum_i z_i^4."""
        a, share = self.problem.a_max, self.problem.a_shares
        return float(a * np.sum(share * x * z**3)), float(a * np.sum(share * z**4))

    def felt(self, x: Vector, h: float, z: Vector) -> float:
        """Return F = -sum_i z_i."""
        return -float(z.sum())

    def descend(self, x: Vector, h: float, tol: float) -> Vector:
        """Return the minimum that the gradient flow at field h leads to from x."""
        return minimize(self.at(h), method="descent", start=x, tol=tol).x

    def cubic_mode(self, x: Vector, h: float, z: Vector) -> NonlinearMode:
        """Return the cubic mode that z leads to."""
        return cubic_modes(self.at(h), x, starts=z)[0]
