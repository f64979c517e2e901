"""The numbers of a verification as they are written."""

import json
import math

import numpy as np
import pytest
from scipy import stats

import theory
from qle.verification import report
from qle.verification.comparison import computed, counted, sampled
from qle.verification.tasks import Outcome, Task
from qle.verification.verdicts import judge

CLAIM = next(claim for claim in theory.claims() if claim.id == "S14")


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.2346, 0.0123, "1.235 +- 0.012"),  # two digits of the error
        (0.0012, 0.0001, "0.00120 +- 0.00010"),
        (1234.0, 34.0, "1234 +- 34"),
        (999_999.0, 12.0, "999999 +- 12"),
        (12346.0, 340.0, "1.235e+04 +- 3.4e+02"),
        (12345678.0, 1234.0, "1.23457e+07 +- 1.2e+03"),
        (1.2346e-4, 1.2e-6, "1.235e-04 +- 1.2e-06"),
        (0.0, 0.5, "0.00 +- 0.50"),
    ],
)
def test_a_number_has_the_digits_that_its_error_allows(value: float, error: float, text: str) -> None:
    assert report.measured(sampled("S14", "x", 0.0, value, error, "")) == text


def test_numbers_without_error_have_five_digits() -> None:
    assert report.measured(computed("S14", "x", 1.0, 1.23456789, 0.5, "")) == "1.2346"
    assert report.measured(counted("S14", "x", 0.5, np.ones(4, bool), "")) == "1 +- 0"
    assert report.pull(computed("S14", "x", 1.0, 1.23456789, 0.5, "")) == "0.47 t"
    assert report.pull(sampled("S14", "x", 1.0, 1.5, 0.2, "")) == "2.50"


def test_what_would_be_noticed_on_both_sides() -> None:
    """At 5 percent: 1.960 + 1.282 = 3.242 errors; a power's factor exp(3.242/10) of 1 + x = 5; 0.9^(1/3)."""
    assert report.noticed(computed("S14", "x", 1.0, 1.0, 0.5, ""), math.nan) == "+- 0.5"
    assert report.noticed(computed("S14", "x", 1.0, 1.0, 0.0, ""), math.nan) == "any"
    assert report.noticed(sampled("S14", "x", 0.0, 0.0, 1.0, ""), 0.05) == "+- 3.2"
    power = sampled("S14", "x", 4.0, 4.0, 0.5, "", scale="power")
    low, high = (5 * math.exp(step) - 5 for step in (-0.3242, 0.3242))
    assert report.noticed(power, 0.05) == f"{low:+.2g}, {high:+.2g}"
    few = counted("S14", "x", 0.05, np.zeros(3, bool), "", bound=True)
    assert report.noticed(few, 1e-4) == "none"
    assert report.noticed(few, 1e-3) == f"{0.9 ** (1 / 3) - 0.05:+.2g}"


def test_tables_hold_every_comparison_and_what_failed() -> None:
    """Of two comparisons one is rejected; the one shown is that; levels and powers are in the file."""
    good = sampled("S14", "good", 1.0, 1.1, 0.1, "so", alternatives={"none": 0.0})
    bad = computed("S14", "bad", 1.0, 2.0, 0.1, "thus")
    done = [
        Outcome(Task("experiment", "wells.cubic_barriers", True), (good, bad), None, 2.5),
        Outcome(Task("derivation", CLAIM.derivation or "", True), (), None, 7.25),
        *(Outcome(Task("property", name, True), (), None, 0.5) for name in CLAIM.properties),
    ]
    judged = judge([CLAIM], done, (), quick=True)
    assert judged.tests == 1
    assert judged.threshold == pytest.approx(stats.norm.isf(0.005))
    assert report.faults(judged.rows[0]) == ["bad: predicted 1, measured 2"]
    text = report.to_markdown(judged)
    z = float(stats.norm.isf(0.005) + stats.norm.isf(0.1))
    assert f"| S14 | good | 1 | 1.10 +- 0.10 | 1.00 | +- {0.1 * z:.2g} | so |" in text
    assert "| S14 | bad | 1 | 2 | 10.00 t | +- 0.1 | thus |" in text
    assert "* `S14`: bad: predicted 1, measured 2" in text
    total = 2.5 + 7.25 + 0.5 * len(CLAIM.properties)
    assert f"took {total:.0f} seconds of one process" in text
    assert "| wells.cubic_barriers | 2.5 |" in text
    assert "rejected beyond 2.58 sigma" in text
    (row,) = json.loads(report.to_json(judged))["rows"]
    one, other = row["comparisons"]
    assert (one["rejected"], other["rejected"]) == (False, True)
    assert one["level"] == pytest.approx(0.01)
    assert (one["noticed_below"], one["noticed_above"]) == pytest.approx((1 - 0.1 * z, 1 + 0.1 * z), rel=1e-6)
    assert row["alternatives"][0]["power"] == pytest.approx(
        stats.norm.sf(stats.norm.isf(0.005) - 10), rel=1e-9
    )
    shown = report.to_text(judged).splitlines()[1].split()
    properties = "passed" if CLAIM.properties else "-"
    expected = ["S14", CLAIM.kind, "proved", properties, "1", "2", "10.00", "t", "+-", "0.1", "fails"]
    assert shown == expected
