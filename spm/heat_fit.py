"""The fit of a specific heat to tunnelling states, phonons and soft modes (S 23)."""

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, choice, real

Array = NDArray[np.float64]

POWERS = (1.0, 3.0, 5.0)
WEIGHTS = ("relative", "equal")
DIFFERENT = 1e-13  # smallest sine of the angle between a term of the fit and the others: rounding takes less


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class HeatFit:
    """C(T) = C_TLS T + C_D T^3 + C_sm T^5 (S 23), fitted.

    Attributes
    ----------
    C_TLS, C_D, C_sm : float
    covariance : ndarray, shape (3, 3)
        Of (C_TLS, C_D, C_sm), from the errors given; the row of a given C_D is 0.
    chi2 : float
        Sum of squared residuals over squared errors.
    freedom : int
        Number of temperatures minus that of fitted coefficients.
    relative_error : float or None
        Of every C, from its scatter about the fit, if the fit was given no errors and all were to be alike.
    equal_error : float or None
        Error of every C, likewise, if all were to be equal.
    """

    C_TLS: float
    C_D: float
    C_sm: float
    covariance: Array
    chi2: float
    freedom: int
    relative_error: float | None = None
    equal_error: float | None = None

    @property
    def T_min(self) -> float:
        """Return where (C - C_D T^3)/T^3 is least, (C_TLS/C_sm)^(1/4); nan unless both are > 0."""
        if not (self.C_TLS > 0.0 and self.C_sm > 0.0):
            return math.nan
        return float((self.C_TLS / self.C_sm) ** 0.25)

    @property
    def T_min_error(self) -> float:
        """Return the standard error of T_min, nan where that is."""
        gradient = (
            np.array([0.25 / self.C_TLS, 0.0, -0.25 / self.C_sm]) if self.T_min > 0.0 else np.full(3, np.nan)
        )
        return float(self.T_min * math.sqrt(gradient @ self.covariance @ gradient))

    def errors(self, C: Array) -> Array:
        """Return the errors that the fit has found for data without any, 0 where it was given them."""
        return np.asarray((self.relative_error or 0.0) * C + (self.equal_error or 0.0))

    def __call__(self, T: ArrayLike) -> Array:
        """Return the fitted C at T."""
        T = array("T", T)
        return np.asarray(T * (self.C_TLS + T**2 * (self.C_D + T**2 * self.C_sm)))


def fit_specific_heat(
    T: ArrayLike,
    C: ArrayLike,
    C_error: ArrayLike | None,
    *,
    debye: float | None = None,
    weights: str = "relative",
) -> HeatFit:
    """Return the weighted least-squares fit of C(T) to (S 23).

    Parameters
    ----------
    T, C, C_error : array_like, shape (k,)
        Temperatures > 0, specific heats in any unit, and their standard errors > 0, taken as independent.
        Without errors, None, all C > 0 are taken to have the same relative error, or the same error, which
        their scatter about the fit gives.
    debye : float, optional
        C_D, as `debye_coefficient` has it from the speeds of sound; 0 where there are no phonons. By default
        it is fitted.
    weights : "relative" or "equal"
        Which of the two, without errors.

    Returns
    -------
    HeatFit

    Raises
    ------
    ValueError
        For a value out of range, arrays of different lengths, or fewer different temperatures than
        coefficients; without errors, no more than these.

    Examples
    --------
    >>> import numpy as np, spm
    >>> T = np.linspace(0.1, 2.0, 20)
    >>> fit = spm.fit_specific_heat(T, T + 2 * T**3 + 3 * T**5, None)
    >>> round(fit.C_TLS, 6), round(fit.C_D, 6), round(fit.C_sm, 6)
    (1.0, 2.0, 3.0)
    """
    weights = choice("weights", weights, WEIGHTS)
    if C_error is None:
        return _fit_scatter(T, C, debye, weights)
    T = array("T", T, ("k",), above=0.0)
    C, C_error = array("C", C, T.shape), array("C_error", C_error, T.shape, above=0.0)
    fitted = [0, 1, 2] if debye is None else [0, 2]
    if np.unique(T).size < len(fitted):
        raise ValueError(f"T: {np.unique(T).size} different values; must be at least {len(fitted)}")
    return _solve(T, C, C_error, fitted, 0.0 if debye is None else real("debye", debye, least=0.0))


def _fit_scatter(T: ArrayLike, C: ArrayLike, debye: float | None, weights: str) -> HeatFit:
    """Return the fit with the error, relative or not, for which chi^2 is the number of degrees of freedom."""
    C = array("C", C, ("k",), above=0.0)  # without errors C is their scale
    assumed = C if weights == "relative" else np.full(C.size, C.max())
    fit = fit_specific_heat(T, C, assumed, debye=debye)
    if fit.freedom < 1:
        raise ValueError(f"C_error: must be given for {np.size(T)} values, too few to scatter about the fit")
    variance = fit.chi2 / fit.freedom
    deviation = math.sqrt(variance)
    return dataclasses.replace(
        fit,
        covariance=fit.covariance * variance,
        chi2=float(fit.freedom),
        relative_error=deviation if weights == "relative" else None,
        equal_error=deviation * float(C.max()) if weights == "equal" else None,
    )


def _solve(T: Array, C: Array, C_error: Array, fitted: list[int], debye: float) -> HeatFit:
    """Return the least-squares fit; raise ValueError where floating-point numbers do not reach."""
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            return _solve_scaled(T, C, C_error, fitted, debye)
    except FloatingPointError:
        raise ValueError(
            "T, C, C_error: so large, so small or so different that floating-point numbers do not reach; "
            "change units"
        ) from None


def _solve_scaled(T: Array, C: Array, C_error: Array, fitted: list[int], debye: float) -> HeatFit:
    """Solve by QR, with columns of unit length, T and C in units that are powers of two near the largest."""
    unit, scale = (np.ldexp(1.0, int(np.frexp(values.max())[1]) - 1) for values in (T, C_error))
    powers = np.array(POWERS)
    units = scale / unit**powers
    terms = (T / unit)[:, np.newaxis] ** powers / (C_error / scale)[:, np.newaxis]
    data = (C / scale) / (C_error / scale)
    known = np.array([0.0, debye / units[1], 0.0])
    lengths = np.linalg.norm(terms, axis=0)
    q, r = np.linalg.qr((terms / lengths)[:, fitted])
    if np.abs(r.diagonal()).min() < DIFFERENT:
        raise ValueError(f"T: values too close to each other for {len(fitted)} coefficients")
    inverse = np.linalg.inv(r) / lengths[fitted][:, np.newaxis]
    coefficients = known.copy()
    coefficients[fitted] = inverse @ (q.T @ (data - terms @ known))
    residual = data - terms @ coefficients
    covariance = np.zeros((3, 3))
    with np.errstate(under="raise"):  # no error is 0
        coefficients *= units
        covariance[np.ix_(fitted, fitted)] = (inverse @ inverse.T) * np.outer(units, units)[
            np.ix_(fitted, fitted)
        ]
    return HeatFit(
        C_TLS=float(coefficients[0]),
        C_D=float(coefficients[1]),
        C_sm=float(coefficients[2]),
        covariance=covariance,
        chi2=float(residual @ residual),
        freedom=T.size - len(fitted),
    )
