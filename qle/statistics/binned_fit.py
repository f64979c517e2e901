"""Bins against a law: the maximum of a penalised likelihood, and the exponent by its profile."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.special import stdtrit, xlogy

from qle.statistics.intervals import CONFIDENCE
from qle.statistics.smooth_law import POWER, STEPS, STRIDE, Estimate, features

Array = npt.NDArray[np.float64]

KNOWN = 1e9  # degrees of freedom of errors that are given
REACH = (-4.0, 12.0)  # less 4: exponents that are looked at
STEP = 0.5  # of the search for the ends of the interval of the exponent, at first
ENOUGH = 1e-7  # change of ln D that ends the steps
LEAST = 1e-6  # of a step that is taken


class BinnedData(NamedTuple):
    """What is in the bins of the window, what of it is of plane waves, and the law's shares at nodes."""

    values: Array  # (m,): counts, or D times the width
    variance: Array | None  # (m,); None: the expectation, of a Poisson law
    relative: bool  # the variance is known up to a factor
    debye: Array
    shares: Array  # (m, nodes): of the modes of an omega^4 law below the window
    features: Array  # (m, nodes, 7)

    def with_errors(self, scale: float) -> "BinnedData":
        """Return the same with variances times a factor."""
        return self if self.variance is None else self._replace(variance=scale * self.variance)


def fitted(data: BinnedData, penalty: Array) -> "tuple[BinnedFit, float]":
    """Return the fit, and the factor of the variances: 1, or chi^2 over its degrees of freedom."""
    fit = BinnedFit(data, penalty)
    if not data.relative:
        return fit, 1.0
    scale = fit.chi2 / max(fit.freedom, 1.0)
    fit = BinnedFit(data.with_errors(scale), penalty)
    fit.error_freedom = max(fit.freedom, 1.0)
    return fit, scale


class BinnedFit:
    """The law in bins: parameters of greatest penalised likelihood, by Fisher's scoring."""

    def __init__(self, data: BinnedData, penalty: Array) -> None:
        shapes = data.features[:, :, : penalty.size]
        theta = np.zeros(penalty.size)
        theta[0] = math.log((data.values - data.debye).sum() / data.shares.sum())
        self.converged = False
        for _ in range(STEPS):
            mean, variance, slopes, worth = _expected(data, shapes, penalty, theta)
            information = (slopes.T / variance) @ slopes
            uphill = slopes.T @ ((data.values - mean) / variance) - penalty * theta
            step = np.linalg.solve(information + np.diag(penalty), uphill)
            change = float(np.abs(shapes @ step).max())
            if self.converged:
                break
            part = min(1.0, STRIDE / max(change, ENOUGH))
            while part > LEAST and _expected(data, shapes, penalty, theta + part * step)[3] > worth:
                part *= 0.5
            theta = theta + part * step
            self.converged = change < ENOUGH or part <= LEAST
        self.theta, self._penalty, self._information = theta, penalty, information
        self._inverse = np.linalg.inv(information + np.diag(penalty))
        self.chi2 = float(((data.values - mean) ** 2 / variance).sum())
        self.deviance = worth
        self.freedom = data.values.size - float(np.trace(self._inverse @ information))
        self.error_freedom = KNOWN

    def estimate(self, direction: Array) -> Estimate:
        """Return the estimate of direction.theta."""
        h = self._inverse @ direction
        sampling, allowance = float(h @ self._information @ h), float(h @ (self._penalty * h))
        freedom = self.error_freedom * ((sampling + allowance) / sampling) ** 2
        return Estimate(float(direction @ self.theta), sampling, allowance, freedom)

    def log_density(self, z: float) -> Array:
        """Return the direction of g at z = (omega/omega_window)^2."""
        direction = features(np.array(z))[: self.theta.size]
        direction[0] = 0.0
        return direction


def _expected(
    data: BinnedData, shapes: Array, penalty: Array, theta: Array
) -> tuple[Array, Array, Array, float]:
    """Return expectations, variances, slopes by theta, and -2 ln of the penalised likelihood."""
    rates = data.shares * np.exp(shapes @ theta)
    mean = data.debye + rates.sum(axis=1)
    slopes = np.einsum("mk,mkp->mp", rates, shapes)
    if data.variance is None:  # Poisson
        terms = 2.0 * (mean - data.values + xlogy(data.values, data.values) - xlogy(data.values, mean))
    else:
        terms = (data.values - mean) ** 2 / data.variance
    return (
        mean,
        mean if data.variance is None else data.variance,
        slopes,
        float(terms.sum() + penalty @ theta**2),
    )


class Exponent:
    """The exponent less 4, by the likelihood of the best law with each.

    Above a Debye part that is nearly all that is there, no error is symmetric.

    Parameters
    ----------
    scale : float
        Factor of the variances.
    freedom : float
        Degrees of freedom of the errors.
    """

    def __init__(self, data: BinnedData, penalty: Array, scale: float, freedom: float) -> None:
        self._data, self._penalty, self._freedom = data.with_errors(scale), penalty, freedom
        found = minimize_scalar(self._deviance, bounds=REACH, method="bounded", options={"xatol": 1e-4})
        self.best, self._least = float(found.x), float(found.fun)

    def denies(self, power: float, confidence: float) -> bool:
        """Return whether a value is outside of the interval of that confidence."""
        return self._above(power) > self._quantile(confidence)

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Return the ends of the interval; infinite where no exponent within reach is denied."""
        return self._end(-STEP, confidence), self._end(STEP, confidence)

    def _end(self, step: float, confidence: float) -> float:
        most, end = self._quantile(confidence), self.best
        while self._above(end) < most:
            if not REACH[0] < end < REACH[1]:
                return math.copysign(math.inf, step)
            end, step = end + step, 1.5 * step
        inside, outside = sorted((self.best, end))
        return float(brentq(lambda power: self._above(power) - most, inside, outside, xtol=1e-3))

    def _quantile(self, confidence: float) -> float:
        return float(stdtrit(self._freedom, 0.5 * (1.0 + confidence))) ** 2

    def _above(self, power: float) -> float:
        return self._deviance(power) - self._least

    def _deviance(self, power: float) -> float:
        shares = self._data.shares * np.exp(power * self._data.features[:, :, POWER - 1])
        return BinnedFit(self._data._replace(shares=shares), self._penalty).deviance
