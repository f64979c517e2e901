"""Normal modes of a configuration: M psi = lambda psi, omega = sqrt(lambda), in units that the point has."""

from numpy.typing import ArrayLike

import landscape.modes
from landscape.arrays import Vector
from landscape.modes import EigenError, Modes, certificate, participation_ratio
from quartic.curvature import Curvature, curvature_at, real_displacement
from quartic.problem import Problem
from quartic.units import curvature_units, scaled

METHODS = ("dense", "factor", "davidson")

__all__ = [
    "METHODS",
    "EigenError",
    "Modes",
    "low_modes",
    "participation_ratio",
    "positive_definite",
    "response",
    "spectrum",
]


def low_modes(
    problem: Problem,
    x: ArrayLike,
    k: int,
    *,
    tol: float = 1e-8,
    method: str | None = None,
    verify: bool | None = None,
) -> Modes:
    """Return the k softest normal modes at x, by `landscape.low_modes` of the Hessian there.

    Parameters
    ----------
    k : int
        1 <= k <= N.
    tol : float
        Largest residual |M psi - lambda psi| that is accepted, relative to the size of the spectrum
        max_i |kappa_i + A x_i^2/2| + 2 (mean_i sum_j J_ij^2)^(1/2).
    method : {"dense", "factor", "davidson"}, optional
    verify : bool, optional
        Prove that no mode below the k-th is missing; up to N = 6000 if not given.

    Returns
    -------
    Modes

    Raises
    ------
    ValueError
        For an argument out of range or x of the wrong shape.
    EigenError
        If a residual is above `tol`, or a mode is missing; the message holds the numbers.

    Examples
    --------
    >>> import quartic
    >>> pair = quartic.Problem([2.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], 0.0, 1.0)
    >>> modes = quartic.low_modes(pair, [0.0, 0.0], 1)
    >>> modes.eigenvalues.round(6), quartic.participation_ratio(modes.vectors).round(6)
    (array([1.]), array([1.]))
    """
    x = real_displacement(problem, x)
    units = curvature_units(problem, x)
    curvature = curvature_at(units.problem(problem), scaled(x, -units.length))
    found = landscape.modes.low_modes(curvature, k, tol=tol, method=method, verify=verify)
    power = units.energy - 2 * units.length
    return found._replace(
        eigenvalues=scaled(found.eigenvalues, power), residuals=scaled(found.residuals, power)
    )


def positive_definite(problem: Problem, x: ArrayLike) -> bool:
    """Return whether the Hessian at x is positive definite.

    By a Cholesky factor, above N = 1000 in float32 where the lowest eigenvalue is above the margin, else in
    float64 (`landscape.modes.certificate`). It is kept for the modes at x. Memory: 4 N^2 or 8 N^2 bytes.
    """
    x = real_displacement(problem, x)
    units = curvature_units(problem, x)
    curvature = curvature_at(units.problem(problem), scaled(x, -units.length))
    return certificate.definite(curvature) is not None


def spectrum(problem: Problem, x: ArrayLike) -> Vector:
    """Return all eigenvalues lambda of the Hessian at x, shape (N,), ascending.

    Returns
    -------
    (N,) array

    Raises
    ------
    ValueError
        For an x so large that the Hessian is beyond floating-point numbers.

    Examples
    --------
    >>> import quartic
    >>> pair = quartic.Problem([2.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], 0.0, 1.0)
    >>> quartic.spectrum(pair, [0.0, 0.0]).round(6)
    array([1., 3.])
    """
    return landscape.modes.spectrum(Curvature(problem, x))


def response(problem: Problem, x: ArrayLike) -> float:
    """Return chi = tr(M^-1)/N, the mean response dx_i/dh_i of a minimum x to a field of its own.

    Returns
    -------
    float
        Of inverse stiffness.

    Raises
    ------
    ValueError
        If the Hessian is not positive definite: x is no minimum.

    Examples
    --------
    >>> import quartic
    >>> pair = quartic.Problem([2.0, 2.0], [[0.0, 1.0], [1.0, 0.0]], 0.0, 1.0)  # lambda = 1 and 3
    >>> round(quartic.response(pair, [0.0, 0.0]), 6)
    0.666667
    """
    return landscape.modes.response(Curvature(problem, x))
