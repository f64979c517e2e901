"""Static fields of the displaced oscillators, and the potential in which each oscillator finds itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import brief
from quartic import Problem, hessian
from quartic.curvature import real_displacement
from quartic.nonlinear.stationary import stationary

Vector = NDArray[np.float64]


def static_fields(problem: Problem, x: ArrayLike) -> Vector:
    """Return f_i = h_i - sum_j J_ij x_j, the force of field and other oscillators on each, shape (N,).

    At a minimum f_i = kappa_i x_i + A x_i^3/6. Where x_i is displaced it contains the reaction of the others
    to x_i itself; `site_potentials` takes that out.

    Returns
    -------
    (N,) array

    Examples
    --------
    It is what holds an oscillator where it is:

    >>> import numpy as np, lattice_gps, quartic
    >>> problem = lattice_gps.draw(lattice_gps.GPSLattice(L=4, J=0.2, d=2), seed=1, sample=0)
    >>> x = quartic.minimize(problem, start="kick").x
    >>> np.allclose(lattice_gps.static_fields(problem, x), problem.stiffness * x + x**3 / 6)
    True
    """
    x = real_displacement(problem, x)
    return np.asarray(problem.field - problem.coupling @ x)


@brief()
@dataclass(frozen=True, eq=False)
class SitePotentials:
    """V_i(x) = kappa'_i x^2/2 + A x^4/24 - f'_i x of each oscillator, the others following linearly.

    Attributes
    ----------
    x : (N,) array
        Displacements at the minimum; V_i is stationary there.
    curvature : (N,) array
        k_i = V_i''(x_i) = 1/(M^-1)_ii, the Schur complement of the other oscillators in the Hessian M.
    stiffness : (N,) array
        kappa'_i = k_i - A x_i^2/2, the softened stiffness; destabilised oscillators have kappa'_i < 0.
    field : (N,) array
        f'_i = kappa'_i x_i + A x_i^3/6, the field of the others without their reaction to x_i: the cavity
        field, to first order in that reaction.
    anharmonicity : float or (N,) array
    """

    x: Vector
    curvature: Vector
    stiffness: Vector
    field: Vector
    anharmonicity: float | Vector

    @property
    def ratio(self) -> Vector:
        """r_i = b3^2/(b2 b4) = A x_i^2/k_i, shape (N,)."""
        return np.asarray(self.anharmonicity * self.x**2 / self.curvature)

    @property
    def destabilised(self) -> NDArray[np.bool_]:
        """Whether kappa'_i < 0, shape (N,): r_i > 2."""
        return np.asarray(self.stiffness < 0.0)

    @property
    def double_wells(self) -> NDArray[np.bool_]:
        """Whether V_i has two minima, r_i > 8/3, shape (N,)."""
        return self.ratio > 8.0 / 3.0

    @property
    def upper_wells(self) -> NDArray[np.bool_]:
        """Whether x_i is the upper one of two minima, r_i > 3, shape (N,)."""
        return self.ratio > 3.0


def site_potentials(problem: Problem, x: ArrayLike) -> SitePotentials:
    """Return the potentials of all oscillators at a minimum x.

    Takes the inverse of the (N, N) Hessian.

    Returns
    -------
    SitePotentials

    Raises
    ------
    ValueError
        If x is no minimum: not stationary, or the Hessian is not positive definite.

    Examples
    --------
    Without couplings each oscillator has its own stiffness and the field that it is given:

    >>> import numpy as np, lattice_gps, quartic
    >>> problem = lattice_gps.draw(lattice_gps.GPSLattice(L=4, J=0.0, d=2, h=0.1), seed=1, sample=0)
    >>> sites = lattice_gps.site_potentials(problem, quartic.minimize(problem).x)
    >>> np.allclose(sites.stiffness, problem.stiffness), np.allclose(sites.field, 0.1)
    (True, True)
    """
    x = stationary(problem, x)
    matrix = hessian(problem, x)
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise ValueError("x: must be a minimum, but its Hessian is not positive definite") from None
    inverse = np.linalg.inv(factor)
    curvature = 1.0 / np.einsum("ji,ji->i", inverse, inverse)
    a = problem.anharmonicity
    stiffness = curvature - a * x**2 / 2.0
    return SitePotentials(x, curvature, stiffness, stiffness * x + a * x**3 / 6.0, a)
