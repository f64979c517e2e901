"""Strategies draw what the models accept, cover what they say, and shrink to what can be read."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import quartic
from khgps import KHGPS
from theory import strategies
from theory.strategies import Quartic, StiffnessLaw


@given(strategies.khgps_parameters(largest=20))
def test_khgps_takes_its_parameters(parameters: dict[str, Any]) -> None:
    params = KHGPS(**parameters)
    assert params.N <= 20
    assert params.kappa_min < params.kappa_0


@given(strategies.oscillator_problems())
def test_quartic_takes_the_problems(problem: dict[str, Any]) -> None:
    assert 1 <= quartic.Problem(**problem).size <= 6


@given(strategies.lattice_parameters(largest=200))
def test_lattices_are_no_larger_than_asked(parameters: dict[str, Any]) -> None:
    assert parameters["L"] >= 2
    assert parameters["L"] ** parameters["d"] <= 200
    assert parameters["beta"] > -1.0


@given(st.integers(1, 9).flatmap(strategies.unit_vectors))
def test_unit_vectors_have_norm_one(vector: np.ndarray) -> None:
    assert math.isclose(float(np.linalg.norm(vector)), 1.0)


@given(strategies.double_wells(), strategies.global_minima(), strategies.all_quartics())
def test_quartics_are_of_their_kind(double: Quartic, lowest: Quartic, any_sign: Quartic) -> None:
    assert 3 * double.b3**2 > 8 * double.b2 * double.b4
    assert lowest.b3**2 <= 3 * lowest.b2 * lowest.b4 * (1.0 + 1e-12)
    assert any_sign.b4 > 0.0


@given(strategies.stiffness_laws(), strategies.stiffness_laws(gapless=True))
def test_stiffness_laws_have_a_width(gapped: StiffnessLaw, gapless: StiffnessLaw) -> None:
    assert 0.0 == gapless.kappa_min < gapless.kappa_0
    assert 0.0 < gapped.kappa_min < gapped.kappa_0


UNIT, GAP = (0.0, 1.0), (0.01, 10.0)
RANGES: list[tuple[Any, dict[str, tuple[float, float]]]] = [
    (
        strategies.khgps_parameters(),
        {"N": (2, 50), "J": UNIT, "h": UNIT, "beta": (-0.9, 3.0), "A": (0.1, 10.0), "kappa_min": (0.0, 10.0)},
    ),
    (
        strategies.lattice_parameters(),
        {"L": (2, 200), "d": (1, 3), "J": UNIT, "h": UNIT, "beta": (-0.9, 3.0), "kappa_0": (0.1, 10.0),
         "A": (0.1, 10.0)},
    ),
    (strategies.oscillator_problems().map(lambda p: {"N": p["stiffness"].size, **p}),
     {"N": (1, 6), "anharmonicity": (0.1, 10.0)}),
    (strategies.stiffness_laws().map(lambda law: {"kappa_min": law.kappa_min, "beta": law.beta}),
     {"kappa_min": GAP, "beta": (-0.9, 3.0)}),
    (strategies.quartics().map(lambda w: {"b2": w.b2, "b4": w.b4, "r": w.b3**2 / w.b2 / w.b4}),
     {"b2": (0.01, 100.0), "b4": (0.01, 100.0), "r": (0.0, 12.0)}),
    (strategies.all_quartics().map(lambda w: w._asdict()),
     {"b2": (-100.0, 100.0), "b3": (-100.0, 100.0), "b4": (0.01, 100.0)}),
    (strategies.double_wells().map(lambda w: {"r": w.b3**2 / w.b2 / w.b4}), {"r": (2.67, 12.0)}),
    (strategies.global_minima().map(lambda w: {"r": w.b3**2 / w.b2 / w.b4}), {"r": (0.0, 3.0)}),
]  # fmt: skip


@pytest.mark.parametrize(("strategy", "ranges"), RANGES)
def test_numbers_come_from_their_ranges_and_reach_both_ends(
    strategy: Any, ranges: dict[str, tuple[float, float]]
) -> None:
    """In 300 draws: none is outside, and some are in the outer tenth on either side."""
    seen: dict[str, list[float]] = {name: [] for name in ranges}

    @settings(max_examples=300, derandomize=True, database=None, deadline=None)
    @given(strategy)
    def look(parameters: dict[str, Any]) -> None:
        for name, values in seen.items():
            values.append(float(parameters[name]))

    look()
    for name, (low, high) in ranges.items():
        margin = 1e-12 * (abs(low) + high)
        assert low - margin <= min(seen[name]) <= low + 0.1 * (high - low), name
        assert high - 0.1 * (high - low) <= max(seen[name]) <= high + margin, name


EXAMPLES = [
    # a counterexample to a wrong bound, as a reader should see it
    (strategies.quartics(), lambda w: w.b3**2 > 4.0 * w.b2 * w.b4, Quartic(1.0, math.sqrt(5.0), 1.0)),
    (strategies.quartics(), lambda w: w.b3 < -1.5, Quartic(1.0, -math.sqrt(3.0), 1.0)),
    (strategies.stiffness_laws(), lambda law: law.kappa_0 > 2.5, StiffnessLaw(1.0, 3.0, 0.0)),
    (strategies.unit_vectors(3), lambda v: v[0] > 0.5, np.array([1.0, 0.0, 0.0])),
]


@pytest.mark.parametrize(("strategy", "condition", "simplest"), EXAMPLES)
def test_counterexamples_shrink_to_readable_ones(strategy: Any, condition: Any, simplest: Any) -> None:
    found = find(strategy, condition, settings=settings(max_examples=200, derandomize=True))
    np.testing.assert_array_equal(found, simplest)


def test_bad_ranges_are_named() -> None:
    with pytest.raises(ValueError, match=r"low = 3.0, high = 2.0: must be 0 <= low < high"):
        strategies.quartics(low=3.0, high=2.0)
    with pytest.raises(ValueError, match=r"N = 0: must be >= 1"):
        find(strategies.unit_vectors(0), lambda vector: True)
    with pytest.raises(ValueError, match=r"largest = 7: must be >= 8"):
        find(strategies.lattice_parameters(largest=7), lambda parameters: True)
