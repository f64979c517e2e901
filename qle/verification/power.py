"""What a comparison would notice: the probability that it rejects when another value is true.

One rule for all: a comparison rejects at a level, the largest p-value that counts as a contradiction, which
is the one that Holm's procedure uses for it (`qle.verification.verdicts.levels`). Without chance it rejects
differences above its tolerance.
"""

import math
from typing import Final

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from qle.verification.comparison import Comparison, share_p_values
from qle.verification.scales import distance, moved

POWER: Final = 0.9
"""Probability from which on a deviation counts as one that would be noticed."""


def power(comparison: Comparison, value: float, level: float) -> float:
    """Return the probability that a comparison is rejected at a level if `value` is what is true.

    Of a law, `value` is a largest distance, and the probability a lower bound: that of the distance at the
    one place where it is largest.
    """
    if comparison.chance == "share":
        return _share_power(comparison, value, level)
    return _power_at(comparison, distance(comparison.scale, comparison.predicted, value), level)


def detectable(comparison: Comparison, level: float) -> tuple[float, float]:
    """Return the nearest values below and above the prediction that are rejected with the power `POWER`.

    nan on a side where there is none: below a bound, and where cases are too few.
    """
    if comparison.chance == "share":
        return _detectable_shares(comparison, level)
    start, scale = comparison.predicted, comparison.scale
    if comparison.chance == "none":
        return start - comparison.tolerance, start + comparison.tolerance
    unit = _unit(comparison)
    far = comparison.tolerance + 2.0 * unit
    while _power_at(comparison, far, level) < POWER:
        far += far

    def short(step: float) -> float:
        return _power_at(comparison, step, level) - POWER

    step = brentq(short, comparison.tolerance, far, xtol=1e-9 * far)
    if comparison.chance == "law":
        return math.nan, float(step) if step <= 1.0 else math.nan
    return moved(scale, start, -step), moved(scale, start, step)


def _unit(comparison: Comparison) -> float:
    return comparison.error if comparison.chance == "law" else comparison.spread


def _power_at(comparison: Comparison, deviation: float, level: float) -> float:
    """Return the power at a deviation on the scale; nan, a value off the scale, is rejected."""
    size = abs(deviation)
    if math.isnan(size):
        return 1.0
    if comparison.chance == "none":
        return float(size > comparison.tolerance)
    unit, freedom = _unit(comparison), comparison.size
    if comparison.chance == "law":
        return float(stats.norm.sf((stats.kstwo.isf(level, int(freedom)) - size) / unit))
    near, beyond = (size - comparison.tolerance) / unit, (size + comparison.tolerance) / unit
    if math.isinf(freedom):
        end = stats.norm.isf(0.5 * level)
        return float(stats.norm.sf(end - near) + stats.norm.sf(end + beyond))
    end = stats.t.isf(0.5 * level, freedom)
    return float(stats.nct.sf(end, freedom, near) + stats.nct.sf(end, freedom, -beyond))


def _share_power(comparison: Comparison, share: float, level: float) -> float:
    cases = int(comparison.size)
    hits = np.arange(cases + 1)
    rejected = share_p_values(hits, cases, comparison.predicted, bound=comparison.bound) <= level
    return float(stats.binom.pmf(hits, cases, share)[rejected].sum())


def _detectable_shares(comparison: Comparison, level: float) -> tuple[float, float]:
    def short(share: float) -> float:
        return _share_power(comparison, share, level) - POWER

    ends = []
    for end in (0.0, 1.0):
        found = short(end) > 0.0 and not (end == 0.0 and comparison.bound)
        ends.append(float(brentq(short, comparison.predicted, end)) if found else math.nan)
    return ends[0], ends[1]
