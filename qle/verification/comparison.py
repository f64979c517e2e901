"""One number of a claim, predicted and measured."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from qle.verification.scales import Scale, distance, slope

Array = NDArray[np.float64]
BESIDE_4 = {"omega^3": 3.0, "omega^5": 5.0}
"""Alternatives to omega^4."""
Chance = Literal["none", "normal", "share", "law"]


class Alternative(NamedTuple):
    """What a reader might believe instead of the claim, and the value that the number would have then."""

    name: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A prediction beside a measurement; made by `computed`, `sampled`, `counted` or `law`.

    Attributes
    ----------
    claim : str
        Id of the claim.
    quantity : str
        What is compared, and where.
    predicted, measured : float
    error : float
        Standard error of `measured`; 0 where no chance is involved.
    tolerance : float
        The largest difference, on the scale, that the cause stated in `how` allows: never an error of the
        same data.
    p_value : float or None
        Probability of a difference at least as large if the claim is true; None if no chance is involved.
    how : str
        Route of the measurement, number of samples, origin of error or tolerance.
    chance : {"none", "normal", "share", "law"}
        Law of the measurement: none; normal, or Student's; of a share of independent cases; of the largest
        distance of a cumulative distribution.
    size : float
        Degrees of freedom behind the error (inf: it is known), cases, or values.
    scale : {"linear", "power", "root"}
        On which differences and the error are taken (`qle.verification.scales`): one on which the error does
        not depend on the number itself.
    bound : bool
        Of a share: whether `predicted` is the largest that the claim allows, or the share itself.
    alternatives : tuple of Alternative
    """

    claim: str
    quantity: str
    predicted: float
    measured: float
    error: float
    tolerance: float
    p_value: float | None
    how: str
    chance: Chance
    size: float = math.inf
    scale: Scale = "linear"
    bound: bool = False
    alternatives: tuple[Alternative, ...] = ()

    @property
    def pull(self) -> float:
        """The signed difference in units of the tolerance or, beyond it, of the error.

        Of shares and laws: the pull of a normal law that has the p-value.
        """
        difference = distance(self.scale, self.predicted, self.measured)
        if self.chance in ("share", "law"):
            return math.copysign(_sigma(self.p_value or 0.0), difference)
        unit, allowed = self.tolerance, 0.0
        if self.chance == "normal":
            unit, allowed = self.spread, self.tolerance
        size = max(abs(difference) - allowed, 0.0) if not math.isnan(difference) else difference
        if size == 0.0:
            return 0.0
        return math.copysign(size / unit if unit > 0.0 else math.inf, difference)

    @property
    def spread(self) -> float:
        """The error on the scale."""
        return self.error * slope(self.scale, self.measured)

    @property
    def within_tolerance(self) -> bool:
        """Whether the difference is at most the tolerance; nan is not."""
        return abs(distance(self.scale, self.predicted, self.measured)) <= self.tolerance


def computed(
    claim: str,
    quantity: str,
    predicted: Any,
    measured: Any,
    tolerance: Any,
    how: str,
    *,
    alternatives: Mapping[str, float] | None = None,
) -> Comparison:
    """Return a comparison without chance: it holds if abs(measured - predicted) <= tolerance."""
    return Comparison(
        claim=claim, quantity=quantity, predicted=float(predicted), measured=float(measured), error=0.0,
        tolerance=float(tolerance), p_value=None, how=how, chance="none", alternatives=_listed(alternatives),
    )  # fmt: skip


def sampled(
    claim: str,
    quantity: str,
    predicted: Any,
    measured: Any,
    error: Any,
    how: str,
    *,
    tolerance: Any = 0.0,
    freedom: float = math.inf,
    scale: Scale = "linear",
    alternatives: Mapping[str, float] | None = None,
) -> Comparison:
    """Return a statistical comparison, two-sided: of the difference beyond the tolerance.

    Parameters
    ----------
    error : float
        Standard error of `measured`, > 0.
    tolerance : float
        Systematic difference that the claim allows, >= 0, on the scale. With one, the p-value is an upper
        bound.
    freedom : float
        Degrees of freedom behind `error`: Student's law; inf: the normal law.

    Raises
    ------
    ValueError
        If a number is not finite, the error is not > 0 or the tolerance is negative.
    """
    numbers = (float(predicted), float(measured), float(error))
    if not (all(map(math.isfinite, numbers)) and numbers[2] > 0.0):
        raise ValueError(
            f"{claim}, {quantity}: predicted, measured, error = {numbers}: must be finite, the error > 0"
        )
    if not 0.0 <= float(tolerance) < math.inf:
        raise ValueError(f"{claim}, {quantity}: tolerance = {tolerance}: must be finite and >= 0")
    spread = numbers[2] * slope(scale, numbers[1])
    beyond = max(abs(distance(scale, *numbers[:2])) - float(tolerance), 0.0) / spread
    tail = stats.norm.sf(beyond) if math.isinf(freedom) else stats.t.sf(beyond, freedom)
    return Comparison(
        claim=claim, quantity=quantity, predicted=numbers[0], measured=numbers[1], error=numbers[2],
        tolerance=float(tolerance), p_value=2.0 * float(tail), how=how, chance="normal", size=float(freedom),
        scale=scale, alternatives=_listed(alternatives),
    )  # fmt: skip


def counted(
    claim: str,
    quantity: str,
    share: float,
    hits: NDArray[np.bool_],
    how: str,
    *,
    bound: bool = False,
    alternatives: Mapping[str, float] | None = None,
) -> Comparison:
    """Return the exact (binomial) comparison of how many of independent cases are hits.

    Parameters
    ----------
    share : float
        In (0, 1): predicted or, with `bound`, the largest that the claim allows.
    hits : (n,) array of bool
        n >= 1 independent cases.

    Raises
    ------
    ValueError
        If there is no case or the share is not inside (0, 1).
    """
    n, k = int(hits.size), int(np.sum(hits))
    if n < 1 or not 0.0 < share < 1.0:
        raise ValueError(f"{claim}, {quantity}: {n} cases, share = {share}: must be >= 1 and in (0, 1)")
    found = k / n
    return Comparison(
        claim=claim, quantity=quantity, predicted=float(share), measured=found,
        error=math.sqrt(found * (1.0 - found) / n), tolerance=0.0,
        p_value=float(share_p_values(np.array([k]), n, share, bound=bound)[0]),
        how=f"{k} of {n} {how}", chance="share", size=float(n), bound=bound,
        alternatives=_listed(alternatives),
    )  # fmt: skip


def law(
    claim: str,
    quantity: str,
    values: ArrayLike,
    cumulative: Callable[[Array], Any],
    how: str,
    *,
    alternatives: Mapping[str, Callable[[Array], Any]] | None = None,
) -> Comparison:
    """Return the Kolmogorov-Smirnov test of independent values against a law: the largest distance from it.

    The alternatives are other cumulative laws; the value of one is its own largest distance from the law,
    looked for over the range of the values.
    """
    drawn = np.asarray(values, np.float64)
    test = stats.kstest(drawn, cumulative)
    at = np.linspace(drawn.min(), drawn.max(), 2001)
    apart = {
        name: float(np.max(np.abs(np.asarray(other(at)) - np.asarray(cumulative(at)))))
        for name, other in (alternatives or {}).items()
    }
    return Comparison(
        claim=claim, quantity=f"{quantity} (distance of Kolmogorov and Smirnov)", predicted=0.0,
        measured=float(test.statistic), error=0.5 / math.sqrt(drawn.size), tolerance=0.0,
        p_value=float(test.pvalue), how=how, chance="law", size=float(drawn.size),
        alternatives=_listed(apart),
    )  # fmt: skip


def share_p_values(hits: NDArray[Any], cases: int, share: float, *, bound: bool) -> Array:
    """Return the p-values of numbers of hits: that of as many or more and, without a bound, both tails."""
    many = stats.binom.sf(np.asarray(hits) - 1, cases, share)
    if bound:
        return np.asarray(many)
    few = stats.binom.cdf(hits, cases, share)
    return np.asarray(np.minimum(2.0 * np.minimum(many, few), 1.0))


def _sigma(p_value: float) -> float:
    return float(stats.norm.isf(0.5 * min(p_value, 1.0))) if p_value > 0.0 else math.inf


def _listed(alternatives: Mapping[str, float] | None) -> tuple[Alternative, ...]:
    return tuple(Alternative(name, float(value)) for name, value in (alternatives or {}).items())
