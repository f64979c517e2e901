"""Thermal averages around a minimum, to first order in the temperature (S 22)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, integers
from landscape.arrays import Vector
from quartic.nonlinear.stationary import stationary
from quartic.problem import Problem, hessian


@brief()
@dataclass(frozen=True, kw_only=True, eq=False)
class Observable:
    """An observable O(x), by its derivatives at the minimum.

    Parameters
    ----------
    slope : (N,) array, optional
        dO/dx_i; zero if not given.
    curvature : (N,) array, optional
        d2O/dx_i^2; zero if not given.
    pairs : (i, j, value), optional
        Arrays (m,) of sites i != j and of d2O/dx_i dx_j, each pair once; none if not given.

    Examples
    --------
    The squared length of a pair, x_1^2 + x_2^2, at x = 0, where lambda is 1 and 3: 2 d<O>/dT = 2 (1 + 1/3).

    >>> import quartic
    >>> pair = quartic.Problem([2.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], 0.0, 1.0)
    >>> length = quartic.Observable(curvature=[2.0, 2.0])
    >>> round(quartic.thermal_response(pair, [0.0, 0.0], length), 6)
    2.666667
    """

    slope: ArrayLike | None = None
    curvature: ArrayLike | None = None
    pairs: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None


class Fluctuations:
    """The fluctuations around a minimum at low temperature; one factorisation serves all observables.

    With y = x - x_0 and G = M^-1, <y_i y_j> = T G_ij and <y_i> = T shift_i/2 to first order in T.

    Takes N^3 multiplications and 8 N^2 bytes, which it keeps: 2 GiB at N = 16,000.

    Parameters
    ----------
    problem : Problem
    x : (N,) array
        A minimum, well converged: a gradient left there is not part of the expansion.

    Attributes
    ----------
    variance : (N,) array
        G_ii.
    shift : (N,) array
        2 d<x_i>/dT = -[G . (U''' : G)]_i, with (U''' : G)_j = A x_j G_jj.

    Raises
    ------
    ValueError
        If x is not stationary or the Hessian is not positive definite: x is no minimum.

    Notes
    -----
    The averages are over this minimum alone. Other minima contribute exp(-(difference of energy)/T) each,
    which every order in T misses; and T must be small against b2^3/b3^2 of the softest excitation.
    """

    variance: Vector
    shift: Vector

    def __init__(self, problem: Problem, x: ArrayLike) -> None:
        x = stationary(problem, x)
        self.size = problem.size
        self._lower = _inverse(problem, x)
        self.variance = self._lower.diagonal().copy()
        force = problem.anharmonicity * x * self.variance
        self.shift = -scipy.linalg.blas.dsymv(1.0, self._lower, force, lower=True)

    def covariance(self, i: ArrayLike, j: ArrayLike) -> NDArray[np.float64]:
        """Return G_ij for arrays of sites, which broadcast."""
        i, j = integers("i", i, below=self.size), integers("j", j, below=self.size)
        return np.asarray(self._lower[np.maximum(i, j), np.minimum(i, j)])

    def later(self, i: int) -> Vector:
        """Return G_ij for j = i + 1 .. N - 1, not to be written to."""
        return self._lower[i + 1 :, i]

    def response(self, observable: Observable) -> float:
        """Return (2/k_B) d<O>/dT at T = 0, O'' : G + O' . shift (S 22)."""
        slope, curvature, (i, j, value) = _terms(observable, self.size)
        own = float(slope @ self.shift) + float(curvature @ self.variance)
        return own + 2.0 * float(value @ self.covariance(i, j))


def thermal_response(problem: Problem, x: ArrayLike, observable: Observable) -> float:
    """Return (2/k_B) d<O>/dT at T = 0, for classical averages around the minimum x (S 22).

        (2/k_B) d<O>/dT = O'' : G - O' . G . (U''' : G),    G = M^-1,    (U''' : G)_i = A x_i G_ii

    For an energy this is its heat capacity c in units of k_B/2, N for the whole energy. `Fluctuations` does
    many observables with one factorisation, `heat_capacities` all terms of the energy.

    Parameters
    ----------
    problem : Problem
    x : (N,) array
        A minimum. The averages are over this one alone (`Fluctuations`, notes).
    observable : Observable

    Returns
    -------
    float
        In units of O over energy.

    Raises
    ------
    ValueError
        If x is no minimum, or an array of the observable has the wrong shape.

    Examples
    --------
    The mean of x in the right minimum of -x^2/2 + x^4/4, where b2 = 2 and b3 = 6: 2 d<x>/dT = -b3/b2^2.

    >>> import quartic
    >>> well = quartic.Problem([-1.0], [[0.0]], 0.0, 6.0)
    >>> round(quartic.thermal_response(well, [1.0], quartic.Observable(slope=[1.0])), 6)
    -1.5
    """
    _terms(observable, problem.size)  # what is wrong with it is said before M is factored
    return Fluctuations(problem, x).response(observable)


def _terms(
    observable: Observable, size: int
) -> tuple[Vector, Vector, tuple[NDArray[Any], NDArray[Any], Vector]]:
    """Return slope, curvature and pairs of an observable; raise ValueError for what has not their shapes."""
    slope, curvature = (
        np.zeros(size) if given is None else array(name, given, (size,))
        for name, given in (("slope", observable.slope), ("curvature", observable.curvature))
    )
    given = ((), (), ()) if observable.pairs is None else tuple(observable.pairs)
    if len(given) != 3:
        raise ValueError(f"pairs hold {len(given)} arrays: must be (i, j, value)")
    i, j = integers("i", given[0], below=size), integers("j", given[1], below=size)
    if i.ndim != 1 or i.shape != j.shape:
        raise ValueError(f"pairs: i and j have shapes {i.shape} and {j.shape}: must be (m,) both")
    if np.any(i == j):
        raise ValueError(f"pairs hold ({i[i == j][0]}, {i[i == j][0]}): the sites must differ")
    return slope, curvature, (i, j, array("value", given[2], i.shape))


def _inverse(problem: Problem, x: Vector) -> NDArray[np.float64]:
    """Return the lower half of G; what is above the diagonal means nothing. Made in the place of M."""
    matrix = hessian(problem, x).T  # symmetric, and Fortran-ordered, so that LAPACK makes no copy
    factor, fault = scipy.linalg.lapack.dpotrf(matrix, lower=True, overwrite_a=True, clean=False)
    if fault:
        raise ValueError(
            f"the Hessian at x is not positive definite (leading minor {fault}): x is no minimum"
        )
    inverse, _ = scipy.linalg.lapack.dpotri(factor, lower=True, overwrite_c=True)
    return np.asarray(inverse)
