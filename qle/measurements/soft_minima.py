"""Minima with their modes below a cut, as found and after upper wells were left for lower ones."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky

import quartic
from qle.measurements.lower_wells import leave_upper_wells

Array = NDArray[np.float64]
TOLERANCE = 1e-8  # of the minimisation


class SoftMinimum(NamedTuple):
    """A minimum, its modes below omega_cut, and the number of upper wells left on the way to it."""

    x: Array
    eigenvalues: Array
    vectors: Array
    upper: int


def soft_minimum(problem: quartic.Problem, x: Array, omega_cut: float, *, most: int) -> SoftMinimum:
    """Return the modes below omega_cut of a minimum; a Cholesky factor tells if there are none.

    Raises
    ------
    RuntimeError
        If there are `most` modes or more.
    """
    matrix = quartic.hessian(problem, x)
    matrix.flat[:: problem.size + 1] -= omega_cut**2
    try:
        cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)
    except np.linalg.LinAlgError:
        modes = quartic.low_modes(problem, x, most)
        inside = int(np.sum(modes.eigenvalues < omega_cut**2))
        if inside == most:
            raise RuntimeError(f"{most} modes or more below omega = {omega_cut}: lower the cut") from None
        return SoftMinimum(x, modes.eigenvalues[:inside], modes.vectors[:, :inside], 0)
    return SoftMinimum(x, np.empty(0), np.empty((problem.size, 0)), 0)


def lowered(problem: quartic.Problem, start: SoftMinimum, omega_cut: float, *, most: int) -> SoftMinimum:
    """Return the minimum after all modes below omega_cut that are in upper wells have been moved.

    A mode psi is in an upper well if b3^2 > 3 b2 b4 along psi. Such minima are left for the lower well of the
    softest such mode, one after the other, and relaxed again.

    Raises
    ------
    RuntimeError
        If there are too many modes below the cut, or too many wells to leave.
    """
    end = leave_upper_wells(
        problem,
        start.x,
        start,
        look=lambda x: soft_minimum(problem, x, omega_cut, most=most),
        second_wells=lambda x, found: second_wells(problem, x, found.vectors),
        tol=TOLERANCE,
    )
    return end.modes._replace(upper=end.left)


def in_upper_wells(problem: quartic.Problem, x: Array, vectors: Array) -> NDArray[np.bool_]:
    """Return which of the modes, shape (N, n), have b3^2 > 3 b2 b4."""
    lines = [quartic.line_coefficients(problem, x, z)[2:] for z in vectors.T]  # U = c2 s^2 + c3 s^3 + c4 s^4
    return np.array([c3**2 > 4.0 * c2 * c4 for c2, c3, c4 in lines], bool)


def second_wells(problem: quartic.Problem, x: Array, vectors: Array) -> Iterator[Array]:
    """Yield the displacements to the lower wells along the modes that are in upper ones."""
    for z in vectors[:, in_upper_wells(problem, x, vectors)].T:
        _, _, c2, c3, c4 = quartic.line_coefficients(problem, x, z)  # U = c2 s^2 + c3 s^3 + c4 s^4
        s = -(3.0 * c3 + np.copysign(np.sqrt(9.0 * c3**2 - 32.0 * c2 * c4), c3)) / (8.0 * c4)
        yield s * z
