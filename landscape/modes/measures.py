"""Numbers of normal modes: the whole spectrum, participation ratios, the static response."""

from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike

from arguments import array, count
from landscape.arrays import Vector
from landscape.hessian import Hessian
from landscape.modes.zero import Lifted, without_zero_modes


def spectrum(hessian: Hessian) -> Vector:
    """Return all eigenvalues lambda of a Hessian but those of its zero modes, ascending.

    Returns
    -------
    (N - z,) array
        z the number of zero modes.

    Raises
    ------
    ValueError
        Where elements are beyond floating-point numbers.

    Examples
    --------
    >>> import landscape
    >>> landscape.spectrum(landscape.Harmonic([[2.0, 1.0], [1.0, 2.0]]).hessian()).round(6)
    array([1., 3.])
    """
    matrix = without_zero_modes(hessian.weighted()).dense()
    if not np.isfinite(matrix).all():
        raise ValueError("x: so large that the Hessian there is beyond floating-point numbers")
    values = scipy.linalg.eigvalsh(matrix, overwrite_a=True, check_finite=False)
    return np.asarray(values[: hessian.size - hessian.zero_modes.shape[1]])


def participation_ratio(vectors: ArrayLike, *, dimension: int = 1) -> Any:
    """Return e = (sum_i psi_i^2)^2 / (N sum_i psi_i^4) of each column (S 3).

    1/N for a mode on one site, 1 for one spread evenly over all. `vectors` has shape (N,), which gives a
    float, or (N, k), which gives (k,). Their lengths do not matter.

    Parameters
    ----------
    vectors : (N,) or (N, k) array
    dimension : int
        Coordinates of a particle: psi_i^2 is the sum over those, and N the number of particles.

    Returns
    -------
    float or (k,) array
        From 1/N to 1.

    Raises
    ------
    ValueError
        For vectors of another shape, where one is zero, and for a dimension that does not divide N.

    Examples
    --------
    >>> import landscape
    >>> landscape.participation_ratio([[0.0, 0.5], [1.0, 0.5], [0.0, 0.5], [0.0, 0.5]])
    array([0.25, 1.  ])
    """
    psi, dimension = array("vectors", vectors, ("N",), ("N", "k")), count("dimension", dimension)
    if psi.shape[0] % dimension:
        raise ValueError(f"vectors have {psi.shape[0]} rows: must be a multiple of dimension = {dimension}")
    largest = np.abs(psi).max(axis=0)
    if not np.all(largest > 0.0):
        raise ValueError("vectors: one is zero on all sites; a mode has a direction")
    weight = np.ldexp(psi, -np.frexp(largest)[1]) ** 2
    if dimension > 1:
        weight = weight.reshape(-1, dimension, *psi.shape[1:]).sum(axis=1)
    return weight.sum(axis=0) ** 2 / (weight.shape[0] * (weight**2).sum(axis=0))


def response(hessian: Hessian) -> float:
    """Return tr(M^-1)/N at a minimum: the mean response dx_i/dh_i to a field of its own, without zero modes.

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
    >>> import landscape
    >>> pair = landscape.Harmonic([[2.0, 1.0], [1.0, 2.0]])  # lambda = 1 and 3
    >>> round(landscape.response(pair.hessian()), 6)
    0.666667
    """
    others = without_zero_modes(hessian)
    matrix = others.dense()
    factor, fault = scipy.linalg.lapack.dpotrf(matrix, lower=True, overwrite_a=True)
    if fault:
        raise ValueError(
            f"the Hessian at x is not positive definite (leading minor {fault}): x is no minimum"
        )
    inverse, _ = scipy.linalg.lapack.dpotri(factor, lower=True, overwrite_c=True)
    trace = float(np.trace(inverse))
    if isinstance(others, Lifted):
        trace -= hessian.zero_modes.shape[1] / others.lift
    return trace / hessian.size
