"""The problem: coupled quartic oscillators, their energy and its derivatives (S 2, S 10)."""

import dataclasses
import math
import sys
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, frozen, numbers, real, settled
from quartic.couplings import Coupling, Dense

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False, init=False, repr=False)
class Problem:
    """One sample of coupled quartic oscillators, dimensionless.

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

    def __repr__(self) -> str:
        return f"Problem(N={self.size}, anharmonicity={self.anharmonicity})"


def energy(problem: Problem, x: ArrayLike) -> Any:
    """Return H(x), the total energy (S 10). Complex x is allowed (complex-step derivatives)."""
    x = displacement(problem, x)
    site = problem.stiffness * x / 2 + problem.anharmonicity * x**3 / 24 - problem.field
    return x @ site + x @ (problem.coupling @ x) / 2


def gradient(problem: Problem, x: ArrayLike) -> NDArray[Any]:
    """Return dH/dx_i = kappa_i x_i + sum_j J_ij x_j + A x_i^3/6 - h_i, shape (N,); minus the force."""
    x = displacement(problem, x)
    site = problem.stiffness * x + problem.anharmonicity * x**3 / 6 - problem.field
    return np.asarray(site + problem.coupling @ x)


def hessian(problem: Problem, x: ArrayLike) -> NDArray[Any]:
    """Return M_ij = (kappa_i + A x_i^2/2) delta_ij + J_ij, shape (N, N), a new array."""
    x = displacement(problem, x)
    matrix = problem.coupling.dense().astype(np.result_type(x, np.float64), copy=False)
    matrix.flat[:: problem.size + 1] += problem.stiffness + problem.anharmonicity * x**2 / 2
    return matrix


def line_coefficients(problem: Problem, x: ArrayLike, d: ArrayLike) -> Vector:
    """Return (c_0 .. c_4), shape (5,), with H(x + s d) = sum_n c_n s^n exactly, for every real s.

    With J x and J d known they cost O(N); this function makes the two products itself.
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
