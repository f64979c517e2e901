"""The fit of a specific heat to tunnelling states, phonons and soft modes (S 23)."""

import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, read_table, real

Array = NDArray[np.float64]

POWERS = (1.0, 3.0, 5.0)
COLUMNS = ("T", "C", "C_error")
DIFFERENT = 1e-13  # smallest sine of the angle between a term of the fit and the others: rounding takes less


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
        Of every C, from its scatter about the fit, if the fit was given no errors.
    """

    C_TLS: float
    C_D: float
    C_sm: float
    covariance: Array
    chi2: float
    freedom: int
    relative_error: float | None = None

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

    def __call__(self, T: ArrayLike) -> Array:
        """Return the fitted C at T."""
        T = array("T", T)
        return np.asarray(T * (self.C_TLS + T**2 * (self.C_D + T**2 * self.C_sm)))


def fit_specific_heat(
    T: ArrayLike, C: ArrayLike, C_error: ArrayLike | None, *, debye: float | None = None
) -> HeatFit:
    """Return the weighted least-squares fit of C(T) to (S 23).

    Parameters
    ----------
    T, C, C_error : array_like, shape (k,)
        Temperatures > 0, specific heats in any unit, and their standard errors > 0, taken as independent.
        Without errors, None, all C > 0 are taken to have the same relative error, which their scatter about
        the fit gives.
    debye : float, optional
        C_D, for instance from the velocities of sound; 0 where there are no phonons. By default it is fitted.

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
    if C_error is None:
        return _fit_scatter(T, C, debye)
    T = array("T", T, ("k",), above=0.0)
    C, C_error = array("C", C, T.shape), array("C_error", C_error, T.shape, above=0.0)
    fitted = [0, 1, 2] if debye is None else [0, 2]
    if np.unique(T).size < len(fitted):
        raise ValueError(f"T: {np.unique(T).size} different values; must be at least {len(fitted)}")
    return _solve(T, C, C_error, fitted, 0.0 if debye is None else real("debye", debye))


def _fit_scatter(T: ArrayLike, C: ArrayLike, debye: float | None) -> HeatFit:
    """Return the fit with the relative error for which chi^2 is the number of degrees of freedom."""
    C = array("C", C, ("k",), above=0.0)  # without errors C is their scale
    fit = fit_specific_heat(T, C, C, debye=debye)
    if fit.freedom < 1:
        raise ValueError(f"C_error: must be given for {np.size(T)} values, too few to scatter about the fit")
    variance = fit.chi2 / fit.freedom
    return dataclasses.replace(
        fit,
        covariance=fit.covariance * variance,
        chi2=float(fit.freedom),
        relative_error=math.sqrt(variance),
    )


def read_specific_heat(path: str | Path) -> tuple[Array, Array, Array | None]:
    r"""Return the columns T, C and C_error of a table in a text file, None where it has no C_error.

    The first line names the columns, in any order, with others or without (`arguments.read_table`).

    Returns
    -------
    T, C, C_error : ndarray, ndarray, ndarray or None
        Each (k,).

    Raises
    ------
    ValueError
        With file and line, for a missing column or a value out of range.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> import spm
    >>> written = Path("glass.csv").write_text("T,C\n0.1,0.002\n0.2,0.009\n")
    >>> spm.read_specific_heat("glass.csv")
    (array([0.1, 0.2]), array([0.002, 0.009]), None)
    """
    table = read_table(path, COLUMNS[:2], optional=COLUMNS[2:])
    C_error = table.require("C_error", above=0.0) if "C_error" in table.columns else None
    return table.require("T", above=0.0), table.require("C"), C_error


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
