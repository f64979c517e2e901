"""The problem: coupled quartic oscillators, their energy and its derivatives (S 2, S 10)."""

import dataclasses
import math
import sys
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, frozen, numbers, real, settled
from landscape.arrays import Vector
from landscape.forms import Diagonal
from landscape.protocol import Landscape, Point
from landscape.relaxation import Callback
from quartic.couplings import Coupling, Dense
from quartic.curvature import Curvature
from quartic.line import evaluate, take_step


@dataclasses.dataclass(frozen=True, eq=False, init=False, repr=False)
class Problem(Landscape):
    """One sample of coupled quartic oscillators, dimensionless: a landscape whose derivatives are all exact.

        H(x) = 1/2 sum_i kappa_i x_i^2 + sum_{i<j} J_ij x_i x_j + A/4! sum_i x_i^4 - sum_i h_i x_i

    Parameters
    ----------
    stiffness : (N,) array
        kappa_i, finite, of either sign.
    coupling : Coupling or (N, N) array
        J_ij. An array must be finite, symmetric to the last bit and of zero diagonal; a copy is
        kept, unless it is float64, C-ordered and read-only. The diagonal of a `Coupling`, where it has one,
        adds to the stiffnesses.
    field : float or (N,) array
        h_i, finite.
    anharmonicity : float
        A > 0, finite.

    Attributes
    ----------
    stiffness, field : (N,) arrays
        Read-only; a scalar field is spread over the sites.
    coupling : Coupling
        ``coupling @ x`` is J x; ``coupling.dense()`` the matrix.
    anharmonicity : float

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
    anharmonicity: float

    def __init__(
        self, stiffness: ArrayLike, coupling: Coupling | ArrayLike, field: ArrayLike, anharmonicity: float
    ) -> None:
        kappa = frozen(array("stiffness", stiffness, ("N",)))
        h = array("field", field, (), kappa.shape)
        matrix = coupling if isinstance(coupling, Coupling) else Dense(coupling)
        if matrix.shape != (kappa.size, kappa.size):
            raise ValueError(f"coupling has shape {matrix.shape}: must be {(kappa.size, kappa.size)}")
        settled(
            self,
            stiffness=kappa,
            coupling=matrix,
            field=frozen(np.broadcast_to(h, kappa.shape)),
            anharmonicity=real("anharmonicity", anharmonicity, above=0.0),
        )

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
        field, a = float(np.abs(self.field).max()), self.anharmonicity
        with np.errstate(over="ignore"):
            found = max(np.sqrt(6.0 * self.linear_strength / a), np.cbrt(6.0 * field / a))
        return float(found) if 0.0 < found < math.inf else 1.0

    def energy(self, x: Vector) -> float:
        """Return H(x); `quartic.energy` checks its arguments."""
        return self.at(x).energy

    def gradient(self, x: Vector) -> Vector:
        """Return dH/dx_i; `quartic.gradient` checks its arguments."""
        return self.at(x).gradient

    def at(self, x: Vector) -> "QuarticPoint":
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
        """Return U''', with A x_i on the diagonal."""
        return Diagonal(self.anharmonicity * x, 3)

    def fourth(self, x: Vector) -> Diagonal:
        """Return U'''', with A on the diagonal."""
        return Diagonal(np.full(self.size, self.anharmonicity), 4)

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

    def _exact(self, point: Point) -> "QuarticPoint":
        return point if isinstance(point, QuarticPoint) else self.at(point.x)

    def __repr__(self) -> str:
        return f"Problem(N={self.size}, anharmonicity={self.anharmonicity})"


class QuarticPoint(Point):
    """A configuration of a problem with J x, from which energy and forces come.

    Attributes
    ----------
    jx : (N,) array
    typical_force : float
        `quartic.Minimum.force_scale`.
    """

    def __init__(self, problem: Problem, x: Vector, jx: Vector) -> None:
        gradient = np.empty(x.size)
        h, a = problem.field, problem.anharmonicity
        energy, _, force, _ = evaluate(problem.stiffness, h, a, x, jx, gradient)
        super().__init__(problem, x, float(energy), gradient)
        self.problem, self.jx = problem, jx
        self.typical_force = max(float(force), least_force(problem))

    def moved(self, d: Vector, jd: Vector, longest: float) -> "QuarticPoint":
        """Return the first minimum along d, given J d; this point where d does not fall."""
        p, x, jx, gradient = self.problem, self.x.copy(), self.jx.copy(), self.gradient.copy()
        s, *_ = take_step(p.stiffness, p.field, p.anharmonicity, x, jx, gradient, d, jd, longest)
        return QuarticPoint(p, x, jx) if s > 0.0 else self


def least_force(problem: Problem, field: Vector | None = None) -> float:
    """Return the force below which none counts: a millionth of that where linear and anharmonic ones balance.

    Only without a field, where all forces vanish together at x = 0; it is 0 otherwise. `field` (N,) takes the
    place of the problem's own.
    """
    if np.any(problem.field if field is None else field):
        return 0.0
    linear = problem.linear_strength
    return 1e-6 * linear * float(np.sqrt(6.0 * linear / problem.anharmonicity))


def energy(problem: Problem, x: ArrayLike) -> Any:
    """Return H(x), the total energy (S 10). Complex x is allowed (complex-step derivatives).

    Returns
    -------
    float
        Of all N oscillators together; complex for a complex x.

    Examples
    --------
    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)  # -x^2/2 + x^4/4
    >>> float(quartic.energy(well, [1.0]))
    -0.25
    """
    x = displacement(problem, x)
    site = problem.stiffness * x / 2 + problem.anharmonicity * x**3 / 24 - problem.field
    return x @ site + x @ (problem.coupling @ x) / 2


def gradient(problem: Problem, x: ArrayLike) -> NDArray[Any]:
    """Return dH/dx_i = kappa_i x_i + sum_j J_ij x_j + A x_i^3/6 - h_i, shape (N,); minus the force.

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
    return np.asarray(site + problem.coupling @ x)


def hessian(problem: Problem, x: ArrayLike) -> NDArray[Any]:
    """Return M_ij = (kappa_i + A x_i^2/2) delta_ij + J_ij, shape (N, N), a new array.

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
    a = problem.anharmonicity
    curvature = problem.stiffness * d + problem.coupling @ d + a * x**2 * d / 2
    return np.array(
        [
            energy(problem, x),
            gradient(problem, x) @ d,
            d @ curvature / 2,
            a * (x @ d**3) / 6,
            a * np.sum(d**4) / 24,
        ]
    )


def displacement(problem: Problem, x: ArrayLike, *, name: str = "x") -> NDArray[Any]:
    """Return x as an array (N,) of floats, or of complex numbers; raise ValueError for anything else."""
    return numbers(name, x, (problem.size,))
