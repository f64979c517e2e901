"""A_g and the exponent of modes whose density is A_g omega^4 times a smooth function that nobody knows.

    D(omega) = A_g omega^4 exp g(x),    x = (omega/omega_cut)^2,    g(x) = b x + ROUGHNESS W(x)

with W twice-integrated white noise, W(0) = W'(0) = 0: how fast g bends at all, b, and how much its slope
changes, are bounded in the mean, by SLOPE and ROUGHNESS; nothing else is taken for granted. Without such an
assumption no interval of A_g means anything: omega -> 0 is beyond the softest mode. W is expanded in the four
lowest shapes of a rod clamped at 0 and free at the end of the window, which are its principal components.

The logarithm of the density is linear in its parameters theta. With the features f of a mode, H the Fisher
information of S samples and P the inverse prior variances, the maximum of the penalised likelihood of a
Poisson process estimates d.theta with h = (H + P)^-1 d and a variance of two parts:

* from sampling, phi h'Hh, with the dispersion phi of the samples' own residuals along h: modes of one sample
  repel each other, and samples differ;
* the *allowance* h'Ph for what the penalty keeps from being seen, a bias that more samples hardly lower.

The exponent is found in the same way, with one more feature, ln omega, and rougher assumptions on the rest.
docs/statistics.md has what the intervals cover, on laws that are none of these.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from qle.statistics.intervals import CONFIDENCE, dispersion

Array = npt.NDArray[np.float64]

SLOPE = 0.65  # standard deviation of b: D at omega_cut is A_g omega^4 within a factor of 1.9, mostly
ROUGHNESS = 0.45  # of g: its slope changes by so much, rms, from 0 to omega_cut
ROUGHNESS_OF_POWERS = 0.25  # the same where the exponent is free: less, or the data say nothing of it
EXPONENT = 30.0  # standard deviation of the exponent's: it keeps it finite, and says no more
LAW, POWER = 6, 7  # features of the law with exponent 4, and with a free one
CLAMPED = np.array([1.8751040687119611, 4.694091132974174, 7.854757438237613, 10.995540734875467])
STEPS = 100  # of Newton's method at most; 4 to 8 are needed
STRIDE = 2.0  # most that ln D may change in one of them
DONE = 1e-9  # change of ln D that ends it


def features(z: Array) -> Array:
    """Return the features of modes at z = (omega/end)^2 in [0, 1]: 1, z, four shapes, ln(omega/end).

    The shapes are those of a rod clamped at z = 0, free at 1, of length 1, with a mean square of 1:
    cosh - cos - s (sinh - sin) of beta z, with cosh beta cos beta = -1.
    """
    y = z[..., np.newaxis] * CLAMPED
    s = (np.cosh(CLAMPED) + np.cos(CLAMPED)) / (np.sinh(CLAMPED) + np.sin(CLAMPED))
    shapes = np.cosh(y) - np.cos(y) - s * (np.sinh(y) - np.sin(y))
    logs = 0.5 * np.log(np.maximum(z, 1e-300))
    return np.concatenate(
        [np.ones_like(z)[..., np.newaxis], z[..., np.newaxis], shapes, logs[..., np.newaxis]], -1
    )


_ROOTS, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_OMEGA = 0.5 * (1.0 + _ROOTS)  # in units of the end of the window
_SHARES = 2.5 * _WEIGHTS * _OMEGA**4  # of the modes of an omega^4 law: they add up to 1
_FEATURES = features(_OMEGA**2)
_PRODUCTS = (_FEATURES[:, :, np.newaxis] * _FEATURES[:, np.newaxis, :]).reshape(_OMEGA.size, -1)


def sample_features(frequency: Array, end: float) -> Array:
    """Return the sums of the features of each sample's modes below `end`, (S, 7), of frequencies (S, k)."""
    sample, mode = np.nonzero(frequency < end)
    found = features((frequency[sample, mode] / end) ** 2)
    sums = [np.bincount(sample, column, minlength=len(frequency)) for column in found.T]
    return np.stack(sums, axis=1)


def precisions(
    reach: float, *, slope: float = SLOPE, roughness: float = ROUGHNESS, power: bool = False
) -> Array:
    """Return the diagonal of P: inverse prior variances of the parameters; 0 for ln A_g.

    `reach` is x at the end of the window. b z reach has the variance (slope reach)^2, and the k-th principal
    component of W on (0, reach) has reach^3/beta_k^4. With `power`, the exponent is free.
    """
    shapes = CLAMPED**4 / (roughness**2 * reach**3)
    return np.array([0.0, 1.0 / (slope * reach) ** 2, *shapes, *([EXPONENT**-2] if power else [])])


def maximum(sums: Array, samples: Array, penalty: Array, start: Array | None = None) -> Array:
    """Return the parameters theta of greatest penalised likelihood, (R, p), by Newton's method.

    Parameters
    ----------
    sums : (R, 7) array
        Features summed over all modes of the window, of R data sets (replicates of one, say).
    samples : (R,) array
        How many samples each has. Where that or the number of modes, sums[:, 0], is 0, theta is nan.
    penalty : (p,) array
        As `precisions`; p features are used.
    start : (p,) array, optional
        Where to begin; ln of the modes per sample, and no bend, by default.
    """
    p = penalty.size
    known = (sums[:, 0] > 0.0) & (samples > 0.0)
    events = np.where(known[:, np.newaxis], sums[:, :p], _FEATURES[-1, :p])
    exposure = np.where(known, samples, 1.0)
    theta = np.zeros((len(events), p))
    theta[:, 0] = np.log(events[:, 0] / exposure)
    if start is not None:
        theta[:] = start
    for _ in range(STEPS):
        rates = _rates(theta, exposure)
        slope = events - rates @ _FEATURES[:, :p] - theta * penalty
        curvature = _information(rates, p) + np.diag(penalty)
        step = np.linalg.solve(curvature, slope[..., np.newaxis])[..., 0]
        change = np.abs(step @ _FEATURES[:, :p].T).max(axis=1)
        theta += step * np.minimum(1.0, STRIDE / np.maximum(change, DONE))[:, np.newaxis]
        if change.max() < DONE:
            break
    theta[~known] = np.nan
    return theta


def _rates(theta: Array, samples: Array) -> Array:
    """Return the expected modes at each node of the quadrature, (R, nodes)."""
    p = theta.shape[1]
    return np.asarray(samples[:, np.newaxis] * _SHARES * np.exp(theta @ _FEATURES[:, :p].T))


def _information(rates: Array, p: int) -> Array:
    """Return H = sum of rates f f', (R, p, p)."""
    full = rates @ _PRODUCTS
    return np.asarray(full.reshape(-1, POWER, POWER)[:, :p, :p])


def sampling_error(modes: float, reach: float) -> float:
    """Return the standard error of ln A_g from sampling, (h'Hh)^(1/2), before there are samples.

    Parameters
    ----------
    modes : float
        Expected in the window, of all samples together: independent ones of an omega^4 law without a bend.
    reach : float
        As `precisions` has it.
    """
    penalty = precisions(reach)
    information = _information(modes * _SHARES[np.newaxis], LAW)[0]
    h = np.linalg.solve(information + np.diag(penalty), np.eye(LAW)[0])
    return float(np.sqrt(h @ information @ h))


class Estimate(NamedTuple):
    """A linear function of the parameters, estimated.

    Attributes
    ----------
    value : float
    sampling, allowance : float
        Variance from sampling, dispersion in, and the allowance for what the penalty hides.
    freedom : float
        Degrees of freedom of the sum of both.
    """

    value: float
    sampling: float
    allowance: float
    freedom: float

    @property
    def error(self) -> float:
        """Standard error, of both parts."""
        return float(np.sqrt(self.sampling + self.allowance))

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Return the ends of the interval, by Student's t."""
        half = float(stdtrit(self.freedom, 0.5 * (1.0 + confidence))) * self.error
        return self.value - half, self.value + half


class Fit:
    """The law of the modes of S samples, S >= 2, with at least one mode.

    Parameters
    ----------
    columns : (S, 7) array
        `sample_features` of each sample.
    penalty : (p,) array
        As `precisions`: whether the exponent is free, too.
    """

    def __init__(self, columns: Array, penalty: Array) -> None:
        self.penalty = penalty
        p, S = penalty.size, len(columns)
        self.theta = maximum(columns.sum(axis=0)[np.newaxis], np.array([float(S)]), self.penalty)[0]
        self._rates = _rates(self.theta[np.newaxis], np.array([float(S)]))[0]
        information = _information(self._rates[np.newaxis], p)[0]
        self._inverse = np.linalg.inv(information + np.diag(self.penalty))
        self._residuals = columns[:, :p] - self._rates @ _FEATURES[:, :p] / S

    def estimate(self, direction: Array) -> Estimate:
        """Return the estimate of direction.theta."""
        h = self._inverse @ direction
        S, along = len(self._residuals), _FEATURES[:, : h.size] @ h
        free = float(self._rates @ along**2)  # h'Hh: the variance of independent modes
        fourth = float(self._rates @ along**4) / free**2
        measured = S / (S - 1) * float(((self._residuals @ h) ** 2).sum()) / free
        phi, freedom = dispersion(np.array(measured), S, np.array(fourth))
        sampling, allowance = float(phi) * free, float(h @ (self.penalty * h))
        total = float(freedom) * ((sampling + allowance) / sampling) ** 2
        return Estimate(float(direction @ self.theta), sampling, allowance, total)

    def log_density(self, z: float) -> Array:
        """Return the direction of g at z = (omega/end)^2: ln D less that of the omega^4 law at omega -> 0."""
        direction = features(np.array(z))[: self.theta.size]
        direction[0] = 0.0
        return direction
