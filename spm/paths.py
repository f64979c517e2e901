"""Energies along a path between two minima: its own barrier, and the quartic that fits it."""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief

Array = NDArray[np.float64]

ROUNDING = 1e-12  # of the largest coefficient, on [-1, 1]: less than this of s^4 is none
REACH = "so large, so small or so different that floating-point numbers do not reach; change units"
LEAST = 5  # points: as many as a quartic has coefficients


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class PathFit:
    """A path, and the quartic fitted to it by least squares; energies from the lower of two minima.

    Attributes
    ----------
    barrier, asymmetry : float
        Of the path itself, a cubic spline through its points: the saddle and the upper minimum above the
        lower one. Its ends count as minima where it does not fall towards them. nan where it has one minimum.
    b2, b3, b4 : float
        Derivatives of the quartic at its lower minimum; nan where b4 <= 0 up to rounding.
    fitted_barrier, fitted_barrier_error, fitted_asymmetry, fitted_asymmetry_error : float
        Of the quartic, with standard errors from its residuals taken as independent: how far the path is
        from a quartic. nan where it has no second well; the errors also for five points, which a quartic
        goes through.
    misfit : float
        Root mean square of the residuals.
    """

    barrier: float
    asymmetry: float
    b2: float
    b3: float
    b4: float
    fitted_barrier: float
    fitted_barrier_error: float
    fitted_asymmetry: float
    fitted_asymmetry_error: float
    misfit: float


def fit_path(s: ArrayLike, energy: ArrayLike) -> PathFit:
    """Return barrier and asymmetry of a path, and those of the quartic that fits it.

    Parameters
    ----------
    s : array_like, shape (k,)
        Distances along the path, k >= 5, all different, in any order.
    energy : array_like, shape (k,)

    Returns
    -------
    PathFit

    Raises
    ------
    ValueError
        For fewer points, equal distances, or values that are not finite or too large or small for floats.

    Examples
    --------
    >>> import numpy as np, spm
    >>> s = np.linspace(-1.0, 1.0, 9)
    >>> fit = spm.fit_path(s, (s**2 - 1) ** 2)
    >>> round(fit.barrier, 9), round(fit.b2, 9), round(fit.fitted_barrier, 9)
    (1.0, 8.0, 1.0)
    """
    s = array("s", s, ("k",))
    heights = array("energy", energy, s.shape)
    if s.size < LEAST:
        raise ValueError(f"s: {s.size} points of a path; must be at least {LEAST}")
    order = np.argsort(s)
    s, heights = s[order], heights[order] - heights.min()
    if not (np.diff(s) > 0.0).all():
        raise ValueError(f"s: {s[int(np.argmin(np.diff(s)))]:g} is there twice")
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            return _quartic(s, heights, *_of_spline(s, heights))
    except FloatingPointError:
        raise ValueError(f"s, energy: {REACH}") from None


def _of_spline(s: Array, energy: Array) -> tuple[float, float]:
    """Return barrier and asymmetry of the spline; of its minima, the lowest and the best set off."""
    curve = scipy.interpolate.CubicSpline(s, energy)
    slope = curve.derivative()
    at = slope.roots(extrapolate=False)
    at = at[np.isfinite(at)]
    low = at[slope(at, 1) > 0.0].tolist()
    low += [s[0]] * bool(slope(s[0]) >= 0.0) + [s[-1]] * bool(slope(s[-1]) <= 0.0)
    points = np.concatenate([at, s[[0, -1]]])
    lowest = min(low, key=curve)
    best = (0.0, math.nan, math.nan)
    for one in low:
        inside = points[(points >= min(one, lowest)) & (points <= max(one, lowest))]
        top = float(curve(inside).max())
        if one != lowest and top - float(curve(one)) > best[0]:
            best = (top - float(curve(one)), top - float(curve(lowest)), float(curve(one) - curve(lowest)))
    return best[1], best[2]


def _quartic(s: Array, energy: Array, barrier: float, asymmetry: float) -> PathFit:
    """Return the fit; s is shifted and scaled to [-1, 1] within."""
    middle, unit = 0.5 * (s[0] + s[-1]), 0.5 * (s[-1] - s[0])
    terms = np.vander((s - middle) / unit, 5, increasing=True)
    q, r = np.linalg.qr(terms)
    inverse = np.linalg.inv(r)
    c = inverse @ (q.T @ energy)
    residual = energy - terms @ c
    free = s.size - 5
    covariance = inverse @ inverse.T * (float(residual @ residual) / free if free else math.nan)
    b, high, upper = [math.nan] * 3, (math.nan, math.nan), (math.nan, math.nan)
    if c[4] > ROUNDING * np.abs(c).max():
        u = np.roots([4.0 * c[4], 3.0 * c[3], 2.0 * c[2], c[1]])
        u = np.sort(u[np.abs(u.imag) <= 1e-9 * np.abs(u).max()].real)
        powers = np.vander(u, 5, increasing=True)
        at = u[int(np.argmin(powers @ c))]
        shifted = np.polynomial.Polynomial(c)
        b = [float(shifted.deriv(n)(at) / unit**n) for n in (2, 3, 4)]
        if u.size == 3:
            ends = powers[[0, 2]] if at == u[0] else powers[[2, 0]]
            high, upper = (_difference(row - ends[0], c, covariance) for row in (powers[1], ends[1]))
    return PathFit(
        barrier=barrier, asymmetry=asymmetry, b2=b[0], b3=b[1], b4=b[2],
        fitted_barrier=high[0], fitted_barrier_error=high[1],
        fitted_asymmetry=upper[0], fitted_asymmetry_error=upper[1],
        misfit=math.sqrt(float(np.mean(residual**2))),
    )  # fmt: skip


def _difference(row: Array, c: Array, covariance: Array) -> tuple[float, float]:
    """Return a difference of energies of stationary points, whose shift is of second order, and its error."""
    return float(row @ c), float(np.sqrt(row @ covariance @ row))
