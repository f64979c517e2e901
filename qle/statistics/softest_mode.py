"""The law of the softest mode of a sample: shape and scale of a Weibull law, with intervals."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.optimize import brentq
from scipy.special import stdtrit

from qle.statistics.intervals import CONFIDENCE
from qle.statistics.points import Point, assemble, points
from qle.statistics.tail_law import LEAST_SAMPLES, tail

Array = npt.NDArray[np.float64]

_DESCRIBE = {
    "shape": ("shape of the Weibull law of the softest mode", ()),
    "shape_low": ("lower end of its 95 percent interval", ()),
    "shape_high": ("upper end of its 95 percent interval", ()),
    "scale": ("scale of the Weibull law of the softest mode", ()),
    "scale_low": ("lower end of its 95 percent interval", ()),
    "scale_high": ("upper end of its 95 percent interval", ()),
    "omega_cut": ("frequency beyond which softest modes are censored", ()),
    "n_soft_samples": ("samples with a mode below omega_cut", ()),
}


def softest(dataset: xr.Dataset, *, cutoff: float | xr.DataArray | None = None) -> xr.Dataset:
    """Return shape and scale of F(omega_1) = 1 - exp(-(omega_1/scale)^shape) at every grid point.

    Maximum likelihood on the softest modes below omega_cut; of samples whose softest mode is above, only that
    counts. Independent modes of D = A_g omega^4 have shape 5 and scale (5/(N A_g))^(1/5). Modes that repel
    each other do not: the law of their softest one is no Weibull law, and the shape comes out larger (5.6 for
    levels that repel as eigenvalues of random symmetric matrices do, at half a mode per sample).

    Intervals hold the values whose profile likelihood is within half the square of Student's t of
    4 (d - 1) degrees of freedom, d = n_soft_samples: found to cover 95 percent for 5 to 50 of them.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.
    cutoff : float or DataArray over grid dimensions, optional
        omega_cut; the default is that of `tail`.

    Returns
    -------
    xarray.Dataset
        Over the grid: shape, scale, each with `_low` and `_high`; omega_cut, n_soft_samples. With
        n_soft_samples < 3 they are nan.

    Raises
    ------
    ValueError
        As `tail`.

    Examples
    --------
    Independent modes of D = 5 omega^4, 200 in a sample: shape 5 and scale (1/200)^(1/5)

    >>> import numpy as np, qle
    >>> from qle.statistics import softest
    >>> law = softest(qle.spectra(np.random.default_rng(0).random((100, 200)) ** (1 / 5), 200)).squeeze()
    >>> float(law.shape_low) < 5 < float(law.shape_high)
    True
    >>> float(law.scale_low) < 200**-0.2 < float(law.scale_high)
    True
    """
    cuts = tail(dataset, cutoff=cutoff, resamples=2)["omega_cut"].values.ravel()
    rows = [_measure(point, float(cut)) for point, cut in zip(points(dataset), cuts, strict=True)]
    return assemble(dataset, rows, _DESCRIBE, {})


def _measure(point: Point, cut: float) -> dict[str, Any]:
    first = point.frequency.min(axis=1, initial=np.inf)
    d = int(np.sum(first < cut))
    row: dict[str, Any] = dict.fromkeys(_DESCRIBE, np.nan) | {"omega_cut": cut, "n_soft_samples": d}
    if d < LEAST_SAMPLES:
        return row
    likelihood = _Likelihood(np.log(np.minimum(first, cut) / cut), d)
    power = likelihood.best_power()
    length = math.log(likelihood.moments(power)[0] / d) / power
    top = likelihood.value(power, length)
    reach = 0.5 * float(stdtrit(4 * (d - 1), 0.5 * (1.0 + CONFIDENCE))) ** 2

    def short_of_shape(log: float) -> float:
        k = math.exp(log)
        return top - likelihood.value(k, math.log(likelihood.moments(k)[0] / d) / k) - reach

    def short_of_scale(log: float) -> float:
        return top - likelihood.value(likelihood.best_power(log), log) - reach

    row["shape"], row["scale"] = power, cut * math.exp(length)
    for side, end in ((-1.0, "low"), (1.0, "high")):
        row[f"shape_{end}"] = math.exp(_zero(short_of_shape, math.log(power), side))
        row[f"scale_{end}"] = cut * math.exp(_zero(short_of_scale, length, side / power))
    return row


class _Likelihood:
    """Of d Weibull variables seen and the others censored; `logs` is ln(omega/omega_cut), 0 if censored."""

    def __init__(self, logs: Array, d: int) -> None:
        self.logs, self.d, self.total = logs, d, float(logs.sum())

    def value(self, power: float, length: float) -> float:
        """Return the logarithm of the likelihood at ln(scale/omega_cut) = length."""
        censored = float(np.exp(power * (self.logs - length)).sum())
        return self.d * (math.log(power) - power * length) + power * self.total - censored

    def moments(self, power: float, length: float = 0.0) -> tuple[float, float]:
        """Return the sums of y^power and of y^power ln y over y = omega/scale."""
        logs = self.logs - length
        law = np.exp(power * logs)
        return float(law.sum()), float(logs @ law)

    def best_power(self, length: float | None = None) -> float:
        """Return the best power at this length, or with the best length."""

        def slope(log: float) -> float:
            power = math.exp(log)
            if length is None:
                zeroth, first = self.moments(power)
                return self.d / power + self.total - self.d * first / zeroth
            return self.d * (1.0 / power - length) + self.total - self.moments(power, length)[1]

        low, high = -1.0, 2.0
        while slope(low) < 0.0:
            low -= 1.0
        while slope(high) > 0.0:
            high += 1.0
        return math.exp(brentq(slope, low, high, xtol=1e-10))


def _zero(short: Callable[[float], float], start: float, step: float) -> float:
    """Return where `short`, negative at the start, becomes positive in the direction of the step."""
    end = start + step
    while short(end) < 0.0:
        end += step
    return float(brentq(short, start, end, xtol=1e-8))
