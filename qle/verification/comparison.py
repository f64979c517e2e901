"""One number of a claim, predicted and measured."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A prediction beside a measurement; made by `sampled`, `computed` or `law`.

    Attributes
    ----------
    claim : str
        Id of the claim.
    quantity : str
        What is compared, and where.
    predicted, measured : float
    error : float
        Standard error of `measured`; or, where `p_value` is None, the tolerance: the largest difference that
        the stated cause (`how`) allows.
    p_value : float or None
        Probability of a difference at least as large if the claim is true; None if no chance is involved.
    how : str
        Route of the measurement, number of samples, origin of error or tolerance.
    """

    claim: str
    quantity: str
    predicted: float
    measured: float
    error: float
    p_value: float | None
    how: str

    @property
    def pull(self) -> float:
        """(measured - predicted)/error; 0 where both are equal."""
        difference = self.measured - self.predicted
        if difference == 0.0:
            return 0.0
        return difference / self.error if self.error > 0.0 else math.copysign(math.inf, difference)

    @property
    def within_tolerance(self) -> bool:
        """Whether the difference is at most the tolerance; nan is not."""
        return abs(self.pull) <= 1.0


def sampled(
    claim: str,
    quantity: str,
    predicted: Any,
    measured: Any,
    error: Any,
    how: str,
    *,
    freedom: float = math.inf,
) -> Comparison:
    """Return a statistical comparison, two-sided.

    Parameters
    ----------
    error : float
        Standard error of `measured`, > 0.
    freedom : float
        Degrees of freedom behind `error`: Student's law; inf: the normal law.

    Raises
    ------
    ValueError
        If a number is not finite or the error is not > 0.
    """
    numbers = (float(predicted), float(measured), float(error))
    if not (all(map(math.isfinite, numbers)) and numbers[2] > 0.0):
        raise ValueError(
            f"{claim}, {quantity}: predicted, measured, error = {numbers}: must be finite, the error > 0"
        )
    pull = abs(numbers[1] - numbers[0]) / numbers[2]
    p_value = 2.0 * float(stats.norm.sf(pull) if math.isinf(freedom) else stats.t.sf(pull, freedom))
    return Comparison(
        claim=claim, quantity=quantity, predicted=numbers[0], measured=numbers[1], error=numbers[2],
        p_value=p_value, how=how,
    )  # fmt: skip


def computed(
    claim: str, quantity: str, predicted: Any, measured: Any, tolerance: Any, how: str
) -> Comparison:
    """Return a comparison without chance: it holds if abs(measured - predicted) <= tolerance."""
    return Comparison(
        claim=claim, quantity=quantity, predicted=float(predicted), measured=float(measured),
        error=float(tolerance), p_value=None, how=how,
    )  # fmt: skip


def law(
    claim: str, quantity: str, values: ArrayLike, cumulative: Callable[[Array], Any], how: str
) -> Comparison:
    """Return the Kolmogorov-Smirnov test of independent values against a law, its p-value put as a pull."""
    p_value = float(stats.kstest(np.asarray(values, np.float64), cumulative).pvalue)
    size = float(stats.norm.isf(0.5 * p_value)) if p_value > 0.0 else math.inf
    return Comparison(
        claim=claim, quantity=f"{quantity} (Kolmogorov-Smirnov, in sigma)", predicted=0.0, measured=size,
        error=1.0, p_value=p_value, how=how,
    )  # fmt: skip
