"""The problem: coupled quartic oscillators, their energy and its derivatives (S 2, S 10)."""

import dataclasses
import math
import sys
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, frozen, numbers, settled
from landscape.arrays import Vector
from landscape.forms import Diagonal
from landscape.protocol import Landscape, Point
from landscape.relaxation import Callback
from quartic.couplings import Coupling, as_coupling
from quartic.curvature import Curvature
from quartic.overflow import wide_coefficients, wide_gradient
from quartic.point import QuarticPoint


@brief()
@dataclasses.dataclass(frozen=True, eq=False, init=False)
class Problem(Landscape):
    """One sample of coupled quartic oscillators, dimensionless: a landscape whose derivatives are all exact.

        H(x) = 1/2 sum_i kappa_i x_i^2 + sum_{i<j} J_ij x_i x_j + 1/4! sum_i A_i x_i^4 - sum_i h_i x_i

    Parameters
    ----------
    stiffness : (N,) array
        kappa_i, finite, of either sign.
    coupling : Coupling, (N, N) array, matrix of scipy.sparse or LinearOperator
        J_ij. An array or sparse matrix must be finite, symmetric to the last bit and of zero diagonal; a copy
        is kept, unless it is an array of float64, C-ordered and read-only. A LinearOperator is known by its
        products (`quartic.couplings.Operator`). The diagonal of a `Coupling` or a LinearOperator, where it
        has one, adds to the stiffnesses.
    field : float or (N,) array
        h_i, finite.
    anharmonicity : float or (N,) array
        A > 0 of all sites, or A_i of each; finite.

    Attributes
    ----------
    stiffness, field : (N,) arrays
        Read-only; a scalar field is spread over the sites.
    coupling : Coupling
        ``coupling @ x`` is J x; ``coupling.dense()`` the matrix.
    anharmonicity : float or (N,) array
        As it was given; read-only.

    Raises
    ------
    ValueError
        With the name of the argument, the offending value and the rule.

    Examples
    --------
    Two oscillators in double wells, -x^2/2 + x^4/4 each, that like to be of one sign:

    >>> import quartic
    >>> pair = quartic.Problem([-1.0, -1.0], [[0.0, -0.1], [-0.1, 0.0]], 0.0, 6.0)
    >>> minimum = quartic.minimize(pair)
    >>> minimum.status, round(minimum.energy, 4), (minimum.x**2).round(4)
    ('converged', -0.605, array([1.1, 1.1]))
    """

    stiffness: Vector
    coupling: Coupling
    field: Vector
    anharmonicity: float | Vector

    def __init__(
        self, stiffness: ArrayLike, coupling: Any, field: ArrayLike, anharmonicity: float | ArrayLike
    ) -> None:
        kappa = frozen(array("stiffness", stiffness, ("N",)))
        h = array("field", field, (), kappa.shape)
        matrix = as_coupling(coupling)
        if matrix.shape != (kappa.size, kappa.size):
            raise ValueError(f"coupling has shape {matrix.shape}: must be {(kappa.size, kappa.size)}")
        settled(
            self,
            stiffness=kappa,
            coupling=matrix,
            field=frozen(np.broadcast_to(h, kappa.shape)),
            anharmonicity=_anharmonicity(anharmonicity, kappa.size),
        )

    @cached_property
    def a_max(self) -> float:
        """max_i A_i."""
        return float(np.max(self.anharmonicity))

    @cached_property
    def a_shares(self) -> Vector:
        """A_i/a_max, shape (N,)."""
        return np.broadcast_to(self.anharmonicity, self.size) / self.a_max

    @property
    def linear_strength(self) -> float:
        """The typical linear force per displacement K: K^2 is the mean of kappa_i^2 + sum_j J_ij^2.

        At displacements of (6 K/A)^(1/2) the linear forces and the anharmonic one balance.
        """
        strength = self.coupling.strength
        power = math.frexp(max(float(np.abs(self.stiffness).max()), float(strength.max())))[1]
        squares = np.ldexp(self.stiffness, -power) ** 2 + np.ldexp(strength, -power) ** 2
        with np.errstate(over="ignore"):
            return min(float(np.ldexp(np.sqrt(np.mean(squares)), power)), sys.float_info.max)

    @property
    def size(self) -> int:
        """Number of oscillators N."""
        return self.stiffness.size

    @cached_property
    def length(self) -> float:  # type: ignore[override]
        """The displacement at which the anharmonic force equals the linear or the field's; 1 if none is."""
        field, a = float(np.abs(self.field).max()), self.a_max
        with np.errstate(over="ignore"):
            found = max(np.sqrt(6.0 * self.linear_strength / a), np.cbrt(6.0 * field / a))
        return float(found) if 0.0 < found < math.inf else 1.0

    def energy(self, x: Vector) -> float:
        """Return H(x); `quartic.energy` checks its arguments."""
        return self.at(x).energy

    def gradient(self, x: Vector) -> Vector:
        """Return dH/dx_i; `quartic.gradient` checks its arguments."""
        return self.at(x).gradient

    def at(self, x: Vector) -> QuarticPoint:
        """Return the point x, by one product J x."""
        x = np.array(x, np.float64)
        return QuarticPoint(self, x, self.coupling.product(x))

    def force_scale(self, point: Point) -> float:
        """Return the typical force, as `quartic.Minimum` has it."""
        return self._exact(point).typical_force

    def hessian(self, x: Vector) -> Curvature:
        """Return M at x, by products with J."""
        return Curvature(self, x)

    def third(self, x: Vector) -> Diagonal:
        """Return U''', with A_i x_i on the diagonal."""
        return Diagonal(self.anharmonicity * x, 3)

    def fourth(self, x: Vector) -> Diagonal:
        """Return U'''', with A_i on the diagonal."""
        return Diagonal(np.array(np.broadcast_to(self.anharmonicity, self.size)), 4)

    def step(self, point: Point, direction: Vector, *, longest: float = math.inf) -> Point:
        """Return the first energy minimum along a direction, exactly: the energy there is a quartic."""
        jd = self.coupling.product(np.ascontiguousarray(direction))
        here = self._exact(point)
        end = here.moved(direction, jd, longest)
        return point if end is here else end

    def relax(
        self, x: Vector, *, method: str, tol: float, most: int, callback: Callback | None = None
    ) -> tuple[Point, str]:
        """Return where `quartic.minimize` ends from x, and how; `most` products."""
        from quartic.minima import minimize

        found = minimize(
            self, method=method, start=x, tol=tol, max_products=most, certify=False, check=False,
            callback=callback,
        )  # fmt: skip
        return self.at(found.x), "max_steps" if found.status == "max_products" else found.status

    def _exact(self, point: Point) -> QuarticPoint:
        return point if isinstance(point, QuarticPoint) else self.at(point.x)


@np.errstate(over="ignore", invalid="ignore")
def energy(problem: Problem, x: ArrayLike) -> Any:
    """Return H(x), the total energy (S 10). Complex x is allowed (complex-step derivatives).

    Returns
    -------
    float
        Of all N oscillators together; complex for a complex x. Infinite beyond the range of floats.

    Examples
    --------
    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)  # -x^2/2 + x^4/4
    >>> float(quartic.energy(well, [1.0]))
    -0.25
    """
    x = displacement(problem, x)
    site = problem.stiffness * x / 2 + problem.anharmonicity * x**3 / 24 - problem.field
    total = x @ site + x @ (problem.coupling @ x) / 2
    return total if np.isfinite(total) or np.iscomplexobj(x) else wide_coefficients(problem, x, x)[0]


@np.errstate(over="ignore", invalid="ignore")
def gradient(problem: Problem, x: ArrayLike) -> NDArray[Any]:
    """Return dH/dx_i = kappa_i x_i + sum_j J_ij x_j + A_i x_i^3/6 - h_i, shape (N,); minus the force.

    Returns
    -------
    (N,) array

    Examples
    --------
    The well -x^2/2 + x^4/4 loses its left minimum in a field of 2/27^(1/2), at x = -1/3^(1/2):

    >>> import quartic
    >>> tilted = quartic.Problem([-1.0], [[0.0]], 2 / 27**0.5, 6.0)
    >>> x = [-(3**-0.5)]
    >>> abs(quartic.gradient(tilted, x)).round(12), abs(quartic.hessian(tilted, x)).round(12)
    (array([0.]), array([[0.]]))
    """
    x = displacement(problem, x)
    site = problem.stiffness * x + problem.anharmonicity * x**3 / 6 - problem.field
    found = np.asarray(site + problem.coupling @ x)
    return found if np.isfinite(found).all() or np.iscomplexobj(x) else wide_gradient(problem, x)


def hessian(problem: Problem, x: ArrayLike) -> NDArray[Any]:
    """Return M_ij = (kappa_i + A_i x_i^2/2) delta_ij + J_ij, shape (N, N), a new array.

    Returns
    -------
    (N, N) array

    Examples
    --------
    >>> import quartic
    >>> quartic.hessian(quartic.Problem([2.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], 0.0, 6.0), [0.0, 1.0])
    array([[2., 1.],
           [1., 5.]])
    """
    x = displacement(problem, x)
    matrix = problem.coupling.dense().astype(np.result_type(x, np.float64), copy=False)
    matrix.flat[:: problem.size + 1] += problem.stiffness + problem.anharmonicity * x**2 / 2
    return matrix


@np.errstate(over="ignore", invalid="ignore")
def line_coefficients(problem: Problem, x: ArrayLike, d: ArrayLike) -> Vector:
    """Return (c_0 .. c_4), shape (5,), with H(x + s d) = sum_n c_n s^n exactly, for every real s.

    With J x and J d known they cost O(N); this function makes the two products itself.

    Returns
    -------
    (5,) array

    Examples
    --------
    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)  # -x^2/2 + x^4/4 about its minimum x = 1
    >>> quartic.line_coefficients(well, [1.0], [1.0])
    array([-0.25,  0.  ,  1.  ,  1.  ,  0.25])
    """
    x, d = displacement(problem, x), displacement(problem, d, name="d")
    a, share = problem.a_max, problem.a_shares
    curvature = problem.stiffness * d + problem.coupling @ d + problem.anharmonicity * x**2 * d / 2
    found = np.array(
        [
            energy(problem, x),
            gradient(problem, x) @ d,
            d @ curvature / 2,
            a * ((share * x) @ d**3) / 6,
            a * np.sum(share * d**4) / 24,
        ]
    )
    return found if np.isfinite(found).all() or np.iscomplexobj(found) else wide_coefficients(problem, x, d)


def _anharmonicity(given: float | ArrayLike, size: int) -> float | Vector:
    """Return A, or A_i of every site, read-only."""
    found = array("anharmonicity", given, (), (size,), above=0.0)
    return frozen(found) if found.ndim else float(found)


def displacement(problem: Problem, x: ArrayLike, *, name: str = "x") -> NDArray[Any]:
    """Return x as an array (N,) of floats, or of complex numbers; raise ValueError for anything else."""
    return numbers(name, x, (problem.size,))
