"""Starts: their amplitudes and addresses."""

import numpy as np
import pytest
from scipy import stats

import khgps
from quartic.starts import KICK, random_amplitude, starting_point
from tests.oscillators import rescaled

PROBLEM = khgps.draw(khgps.KHGPS(N=2000, J=0.3, h=0.0), seed=1, sample=0)


@pytest.mark.parametrize(("start", "fraction"), [("random", 1.0), ("kick", KICK)])
def test_random_starts_are_normal_with_their_amplitude(start: str, fraction: float) -> None:
    """2000 numbers: Kolmogorov-Smirnov at p = 1e-4, for two addresses that differ in the high word."""
    for seed in (3, 3 + 2**32):
        x = starting_point(PROBLEM, start, seed) / (fraction * random_amplitude(PROBLEM))
        assert stats.kstest(x, "norm").pvalue > 1e-4


def test_a_kick_is_small_and_has_numbers_of_its_own() -> None:
    """Correlations of 2000 numbers are below 4 / sqrt(2000), but for a chance of 6e-5 each."""
    kick, again = (starting_point(PROBLEM, "kick", 3) for _ in range(2))
    np.testing.assert_array_equal(kick, again)
    random, other = starting_point(PROBLEM, "random", 3), starting_point(PROBLEM, "kick", 4)
    assert np.abs(kick).max() < 1e-2 * random_amplitude(PROBLEM)
    for x in (random, other):
        assert abs(np.corrcoef(kick, x)[0, 1]) < 4.0 / np.sqrt(PROBLEM.size)


def test_starts_scale_as_x_does() -> None:
    for start in ("random", "kick"):
        scaled = starting_point(rescaled(PROBLEM, 4.0), start, 3)
        np.testing.assert_allclose(scaled * 4.0, starting_point(PROBLEM, start, 3), rtol=1e-13)
