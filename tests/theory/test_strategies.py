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
