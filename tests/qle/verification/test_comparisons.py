"""Fields of comparisons and reports one by one: by sums over cases, by bisection, from tables."""

import math
from dataclasses import replace

import numpy as np
import pytest

import theory
from qle.verification.comparison import Comparison, computed, counted, law, sampled
from qle.verification.verdicts import Report, Row, levels, rejections

ALTERNATIVES = {"more": 3.0, "less": -1.0}


def statistical(p_value: float) -> Comparison:
    return replace(sampled("S14", "x", 0.0, 1.0, 1.0, ""), p_value=p_value)


def test_a_difference_counts_beyond_its_tolerance() -> None:
    """1.96 and 2.262: two-sided 5 percent points of the normal law and of Student's with 9 degrees."""
    for sign in (-1.0, 1.0):
        one = sampled("S14", "x", 1.0, 1.0 + sign * (0.5 + 1.96 * 0.25), 0.25, "how", tolerance=0.5)
        assert one.pull == pytest.approx(sign * 1.96)
        assert one.p_value == pytest.approx(0.05, abs=1e-4)
        wide = sampled("S14", "x", 1.0, 1.0 + sign * (0.5 + 2.262 * 0.25), 0.25, "", tolerance=0.5, freedom=9)
        assert wide.p_value == pytest.approx(0.05, abs=1e-4)
    inside = sampled("S14", "x", 1.0, 1.4, 0.25, "", tolerance=0.5)
    assert (inside.pull, inside.p_value) == (0.0, 1.0)


def test_what_is_given_is_kept() -> None:
    one = sampled("S14", "x", 1.0, 2.0, 0.3, "why", tolerance=0.1, freedom=7, alternatives=ALTERNATIVES)
    assert (one.claim, one.quantity, one.how, one.chance) == ("S14", "x", "why", "normal")
    assert (one.predicted, one.measured, one.error, one.tolerance, one.size) == (1.0, 2.0, 0.3, 0.1, 7.0)
    other = computed("S5", "y", 1.0, 2.0, 0.3, "why", alternatives=ALTERNATIVES)
    assert (other.claim, other.quantity, other.how, other.chance) == ("S5", "y", "why", "none")
    assert (other.predicted, other.measured, other.error, other.tolerance) == (1.0, 2.0, 0.0, 0.3)
    assert (other.p_value, other.size) == (None, math.inf)
    for found in (one, other):
        assert dict(found.alternatives) == ALTERNATIVES


@pytest.mark.parametrize(
    ("scale", "predicted", "measured", "error", "pull"),
    [
        # exponents: ln(1 + x) has the error of x over 1 + x
        ("power", 4.0, 3.0, 0.2, math.log(4.0 / 5.0) / (0.2 / 4.0)),
        ("power", 4.0, 5.5, 0.2, math.log(6.5 / 5.0) / (0.2 / 6.5)),
        # events: 2 n^(1/2) has the error of n over n^(1/2)
        ("root", 100.0, 121.0, 11.0, 2.0 * (11.0 - 10.0) / (11.0 / 11.0)),
        ("root", 100.0, 81.0, 9.0, 2.0 * (9.0 - 10.0) / (9.0 / 9.0)),
        ("linear", 100.0, 81.0, 9.0, -19.0 / 9.0),
    ],
)
def test_pulls_are_taken_on_the_scale(
    scale: str, predicted: float, measured: float, error: float, pull: float
) -> None:
    one = sampled("S14", "x", predicted, measured, error, "", scale=scale)  # type: ignore[arg-type]
    assert one.pull == pytest.approx(pull)
    assert one.p_value == pytest.approx(math.erfc(abs(pull) / math.sqrt(2.0)))


@pytest.mark.parametrize("hits", [0, 2, 5, 9, 12])
def test_a_share_is_compared_by_sums_over_all_numbers_of_hits(hits: int) -> None:
    """12 cases of 0.4: as many or more, and twice the smaller of both tails, each with its own number."""
    chances = [math.comb(12, k) * 0.4**k * 0.6 ** (12 - k) for k in range(13)]
    many, few = math.fsum(chances[hits:]), math.fsum(chances[: hits + 1])
    cases = np.arange(12) < hits
    two, bound = (counted("S14", "x", 0.4, cases, "cases", bound=b) for b in (False, True))
    assert two.p_value == pytest.approx(min(1.0, 2.0 * min(many, few)))
    assert bound.p_value == pytest.approx(many)
    assert (two.predicted, two.measured, two.size, two.tolerance) == (0.4, hits / 12, 12.0, 0.0)
    assert (two.chance, two.bound, bound.bound) == ("share", False, True)
    assert two.error == pytest.approx(math.sqrt(hits * (12 - hits) / 12**3))
    assert two.how == f"{hits} of 12 cases"
    assert math.copysign(1.0, two.pull) == (1.0 if hits > 4.8 else -1.0)
    assert math.erfc(abs(two.pull) / math.sqrt(2.0)) == pytest.approx(two.p_value)


def test_the_distance_of_a_law_by_its_steps() -> None:
    """Of four numbers from the uniform law: the largest |k/4 - u| at either side of a step; p by draws."""
    values = np.array([0.1, 0.2, 0.35, 0.6])
    one = law("S14", "u", values, lambda u: u, "how", alternatives={"square": lambda u: u**2})
    assert one.measured == pytest.approx(0.4)  # 4/4 - 0.6
    assert (one.predicted, one.size, one.chance, one.tolerance) == (0.0, 4.0, "law", 0.0)
    assert one.error == 0.25
    (other,) = one.alternatives
    assert other.value == pytest.approx(0.25, abs=1e-3)  # u - u^2 at 1/2, inside the range of the values
    drawn = np.sort(np.random.default_rng(1).random((100_000, 4)), axis=1)
    steps = np.arange(4) / 4
    apart = np.maximum(drawn - steps, steps + 0.25 - drawn).max(axis=1)
    assert one.p_value == pytest.approx(np.mean(apart >= 0.4), abs=4 * 0.5 / math.sqrt(100_000))


@pytest.mark.parametrize("seed", range(6))
def test_a_level_is_where_the_rejection_begins(seed: int) -> None:
    """Seven p-values about the rate, two of them alike, and one without chance: bisected for each in turn."""
    rate = 0.1
    p_values = (rate * np.random.default_rng(seed).random(6) ** 2).tolist()
    family = [statistical(p) for p in [*p_values, p_values[0]]]
    family.insert(3, computed("S14", "x", 1.0, 2.0, 0.5, ""))
    found = levels(family, rate)
    for k, one in enumerate(family):
        if one.p_value is None:
            assert math.isnan(found[k])
            continue
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = 0.5 * (low + high)
            changed = [*family[:k], replace(one, p_value=middle), *family[k + 1 :]]
            low, high = (middle, high) if rejections(changed, rate)[k] else (low, middle)
        assert found[k] == pytest.approx(low, rel=1e-9)


def test_the_threshold_is_that_of_the_smallest_of_all_p_values() -> None:
    """One test at 1 percent: 2.5758; of ten, each at 0.1 percent: 3.2905. From tables of the normal law."""
    for tests, expected in ((0, 2.5758), (1, 2.5758), (10, 3.2905)):
        report = Report(rows=(), quick=True, tests=tests, outcomes=())
        assert report.threshold == pytest.approx(expected, abs=1e-4)


def test_an_alternative_is_told_by_the_comparison_that_does_it_best() -> None:
    """Errors of 1 and of 1/10 about 0, alternatives at 3: powers at level 0.01 by tables, 2.5758."""
    claim = theory.claims()[0]
    weak, sharp = (sampled(claim.id, "x", 0.0, 0.0, e, "", alternatives=ALTERNATIVES) for e in (1.0, 0.1))
    row = Row(
        claim=claim, derivation="none", properties="none", comparisons=(sharp, weak),
        rejected=(False, False), levels=(0.01, 0.01), errors=(),
    )  # fmt: skip
    assert [told.comparison is sharp for told in row.told] == [True, True]
    assert [told.alternative.name for told in row.told] == ["more", "less"]
    assert row.verdict == "holds"
    alone = replace(row, comparisons=(weak,), rejected=(False,), levels=(0.01,))
    power = [0.5 * math.erfc((2.5758 - size) / math.sqrt(2.0)) for size in (3.0, 1.0)]
    assert [told.power for told in alone.told] == pytest.approx(power, abs=3e-4)  # the other side has 2e-4
    assert alone.verdict == "not tested sharply"
    mixed = replace(row, comparisons=(weak, sharp), levels=(0.01, 0.02))
    assert (mixed.level(weak), mixed.level(sharp)) == (0.01, 0.02)
