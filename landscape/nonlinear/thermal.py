"""Thermal averages around a minimum of any landscape, to first order in the temperature (S 22)."""

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from arguments import array
from landscape.arrays import Matrix, Vector
from landscape.modes.zero import project_out, without_zero_modes
from landscape.nonlinear.stationary import stationary
from landscape.protocol import Landscape


class Fluctuations:
    """The fluctuations around a minimum at low temperature.

    With y = x - x_0 and G = M^-1, without zero modes, <y_i y_j> = T G_ij and <y_i> = T shift_i/2 to first
    order in T. Takes all modes of M and as many vectors of U''' : z z, N; what oscillators
    have (`quartic.nonlinear.thermal`) takes none of these, and a factor of M in the place of M.

    Parameters
    ----------
    landscape : Landscape
    x : (N,) array
        A minimum, well converged: a gradient left there is not part of the expansion.

    Attributes
    ----------
    covariance : (N, N) array
        G.
    shift : (N,) array
        2 d<x_i>/dT = -[G . (U''' : G)]_i.

    Raises
    ------
    ValueError
        If x is no minimum.

    Notes
    -----
    The averages are over this minimum alone, across its zero modes: of coordinates in a frame that moves with
    the whole. Where zero modes are rotations, how many orientations a shape has is left out of its weight.
    """

    covariance: Matrix
    shift: Vector

    def __init__(self, landscape: Landscape, x: ArrayLike) -> None:
        point = stationary(landscape, x)
        hessian = point.hessian
        zero = hessian.zero_modes
        values, modes = scipy.linalg.eigh(without_zero_modes(hessian).dense())
        kept = values.size - zero.shape[1]  # zero modes are lifted above all others
        values, modes = values[:kept], project_out(modes[:, :kept], zero)
        if kept and values[0] <= 0.0:
            raise ValueError(f"x is no minimum: the lowest eigenvalue there is {values[0]:.3g}, must be > 0")
        roots = modes / np.sqrt(values)  # G is the sum of their outer products
        self.covariance = roots @ roots.T
        force = point.third.vectors(roots).sum(axis=1) if kept else np.zeros(values.size)
        self.shift = -self.covariance @ force

    def response(self, slope: Vector, curvature: NDArray[np.float64]) -> float:
        """Return (2/k_B) d<O>/dT at T = 0 of an observable with derivatives (N,), and (N,) or (N, N)."""
        own = np.diag(self.covariance) if curvature.ndim == 1 else self.covariance
        return float(slope @ self.shift) + float(np.sum(curvature * own))


def thermal_response(
    landscape: Landscape,
    x: ArrayLike,
    *,
    slope: ArrayLike | None = None,
    curvature: ArrayLike | None = None,
) -> float:
    """Return (2/k_B) d<O>/dT at T = 0 of an observable O, for classical averages around the minimum x (S 22).

        (2/k_B) d<O>/dT = O'' : G - O' . G . (U''' : G),    G = M^-1

    For an energy this is its heat capacity in units of k_B/2: N for the whole energy, less the number of zero
    modes. `Fluctuations` does many observables at once.

    Parameters
    ----------
    landscape : Landscape
    x : (N,) array
        A minimum. The averages are over this one alone (`Fluctuations`, notes).
    slope : (N,) array, optional
        dO/dx_i at x; zero if not given.
    curvature : (N,) or (N, N) array, optional
        d2O/dx_i^2, or all second derivatives; zero if not given.

    Returns
    -------
    float
        In units of O over energy.

    Raises
    ------
    ValueError
        If x is no minimum, or an array has the wrong shape.

    Examples
    --------
    The mean of x in a well with b2 = 2 and b3 = 6: 2 d<x>/dT = -b3/b2^2.

    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**2 + x[0]**3 + x[0]**4, lambda x: 2*x + 3*x**2 + 4*x**3, 1)
    >>> round(landscape.thermal_response(well, [0.0], slope=[1.0]), 6)
    -1.5
    """
    n = landscape.size
    first = np.zeros(n) if slope is None else array("slope", slope, (n,))
    second = np.zeros(n) if curvature is None else array("curvature", curvature, (n,), (n, n))
    return Fluctuations(landscape, x).response(first, second)
