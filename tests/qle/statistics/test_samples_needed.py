"""The samples that an error takes: a count of 1/error^2 modes, and what `tail` finds of so many samples."""

import numpy as np
import pytest

import qle
from qle.statistics import samples_needed, tail


def test_samples_needed_leave_the_error_that_was_asked_for() -> None:
    """Resampled, of independent modes of an exact law; 400 replicates know a spread to 3.5 percent.

    The data add as much of their own, through the bend that they happen to show: four errors are 0.2.
    """
    asked = samples_needed(0.1)
    rng = np.random.default_rng(3)
    arrivals = rng.standard_exponential((asked.A_g, 12)).cumsum(axis=1)  # of modes with N A_g = 1
    law = tail(qle.spectra((5.0 * arrivals) ** 0.2, 1000), resamples=400).squeeze()
    assert float(np.log(law.A_g_resampled).std()) == pytest.approx(0.1, rel=0.2)
    assert float(law.A_at_cut_error / law.A_at_cut) == pytest.approx(0.1 * (200 / asked.A_g) ** 0.5, rel=0.15)


def test_more_modes_a_sample_take_fewer_samples() -> None:
    some, more = samples_needed(0.05), samples_needed(0.05, modes_per_sample=1.0)
    assert some.A_at_cut == 800
    assert more.A_at_cut == 400
    assert more.A_g == pytest.approx(some.A_g / 2, rel=2e-3)  # what counts are modes; the search ends at 1e-3


@pytest.mark.parametrize(
    "arguments", [{"error": 0.0}, {"error": 1.5}, {"error": 0.1, "modes_per_sample": 0.0}]
)
def test_odd_arguments_are_named(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"{list(arguments)[-1]} = "):
        samples_needed(**arguments)
