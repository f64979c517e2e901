"""Intervals cover what they claim, from ten samples on, and on laws that bend.

Modes are drawn in units of their mean number, which has density one however modes of a sample depend on each
other, so that A_g is known exactly. Of 200 trials an interval that holds the truth with the 93 percent asked
for misses more than 29 one time in 10^4: the seeds are fixed. docs/statistics.md has 1000 trials of all laws
and kinds of modes, by `python -m benchmarks.coverage`.
"""

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr
from scipy import stats

from benchmarks.coverage import KINDS, LAWS, POWERS, SAMPLES, as_dataset, frequencies, independent, measure
from qle.statistics import softest
from qle.statistics.intervals import count_excess, mean_interval, rate_interval

Array = npt.NDArray[np.float64]
TRIALS = 2000
ALARM = 1e-4
PRICE = {10: 1.2, 30: 1.4, 100: 1.9, 200: 2.2, 1000: 3.3}
"""Length of the interval of ln A_g over that of the count, without a bend: the best way known before."""


def fewest(trials: int, share: float = 0.93) -> int:
    """Return how many of the trials must cover."""
    return int(stats.binom.ppf(ALARM, trials, share))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("law", ["1", "1/(1 + 0.6 x)", "exp(0.6 x)"])
def test_intervals_of_the_tail_cover_with_ten_samples(kind: str, law: str) -> None:
    found = measure(LAWS[law], kind, 10, 200, seed=1)
    assert found["given"] >= fewest(200, 0.97)  # the flag lies in 1 to 3 percent
    assert found["A_g"] >= fewest(found["given"])
    assert found["exponent"] >= fewest(200)
    if law == "1":
        assert found["A_at_cut"] >= fewest(200)


@pytest.mark.parametrize("law", ["(1 + 1.2 x)^(1/2)", "1/(1 + (0.6 x)^2)", "exp(-0.6 x)"])
def test_intervals_of_the_tail_cover_where_those_of_the_count_do_not(law: str) -> None:
    """200 samples, means of D/omega^4 below the cut-off that are 20 to 30 percent off A_g."""
    found = measure(LAWS[law], "independent", 200, 200, seed=2)
    assert found["A_g"] >= fewest(found["given"])
    assert found["exponent"] >= fewest(200)
    assert found["A_at_cut"] < (150 if "^2" in law else 100)


@pytest.mark.parametrize(("samples", "trials"), [(10, 200), (100, 100)])
def test_the_price_of_an_honest_interval_is_known(samples: int, trials: int) -> None:
    """The median of 100 lengths scatters by 2 percent."""
    found = measure(LAWS["1"], "independent", samples, trials, seed=3)
    assert found["length"] < 1.04 * PRICE[samples] * found["plain length"]


def test_the_flag_sees_other_powers() -> None:
    """omega^11 always, omega^5 hardly of 30 samples: half an interval of its exponent is 2.7."""
    found = measure(lambda x: x**3.5, "independent", 200, 20, seed=4)
    assert found["flagged"] == 20
    assert measure(POWERS["omega^5"], "independent", 30, 20, seed=5)["flagged"] <= 2


@pytest.mark.verify
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("kind", KINDS)
def test_intervals_of_the_tail_cover_at_length(samples: int, kind: str) -> None:
    """100 cells of 500 trials: alarms at 10^-6 each. Lengths are those without a bend."""
    for name, law in LAWS.items():
        found = measure(law, kind, samples, 500 if samples < 1000 else 100, seed=6)
        least = stats.binom.ppf(1e-6, [found["given"], found["trials"]], 0.93)
        assert found["A_g"] >= least[0], name
        assert found["exponent"] >= least[1], name
        if kind == "independent" and name == "1":
            assert found["length"] < 1.04 * PRICE[samples] * found["plain length"]


def coverage(law: xr.Dataset, name: str, truth: float) -> float:
    """Return the fraction of intervals that hold the truth, of the trials that gave one."""
    low, high = law[f"{name}_low"].values, law[f"{name}_high"].values
    return float(np.mean(((low <= truth) & (truth <= high))[np.isfinite(low)]))


def check_softest(trials: int, samples: int, window: tuple[float, float]) -> None:
    """Measure shape 5 and scale (5/(N A_g))^(1/5) of independent modes: those have the Weibull law."""
    omega, A_g = frequencies(independent(np.random.default_rng(2), (trials, samples)), LAWS["1"])
    dataset = as_dataset(omega)
    law = softest(dataset)
    for name, truth in (("shape", 5.0), ("scale", (5 / (int(dataset["N"]) * A_g)) ** 0.2)):
        assert window[0] <= coverage(law, name, truth) <= window[1], name


def test_intervals_of_the_softest_mode_cover() -> None:
    """300 trials: 95 percent is measured outside 90 to 99 but 3 times in 10^4."""
    check_softest(300, 10, (0.90, 0.99))


@pytest.mark.verify
@pytest.mark.parametrize("samples", [10, 20, 100])
def test_intervals_of_the_softest_mode_cover_at_length(samples: int) -> None:
    check_softest(TRIALS, samples, (0.93, 0.97))


@pytest.mark.parametrize(
    ("modes", "samples"),
    [("independent", 20), ("repelling", 20), ("uneven", 20), ("independent", 200), ("uneven", 200)],
)
@pytest.mark.parametrize("cut", [0.5, 1.0])
def test_intervals_of_a_rate_cover_at_a_fixed_cut(modes: str, samples: int, cut: float) -> None:
    """A coverage of 95 percent is measured outside 93 to 97 one time in 2 10^4, of 2,000 trials."""
    counts = (KINDS[modes](np.random.default_rng(3), (TRIALS, samples)) < cut).sum(axis=-1)
    low, high = rate_interval(counts, np.full(counts.shape, cut))
    assert 0.93 <= np.mean((low <= 1.0) & (high >= 1.0)) <= 0.97


@pytest.mark.parametrize(
    "law", [stats.binom(12, 0.3), stats.binom(1, 0.7), stats.poisson(0.7), stats.nbinom(2, 0.4)]
)
def test_the_excess_of_counts_is_that_of_their_laws(law: "stats.rv_discrete") -> None:
    """scipy's kurtosis is the fourth cumulant over the squared variance."""
    mean, variance, kurtosis = (float(number) for number in law.stats("mvk"))
    assert count_excess(np.array(variance / mean)) == pytest.approx(mean * kurtosis, rel=1e-12)


def test_intervals_of_a_mean_cover() -> None:
    values = np.random.default_rng(4).normal(3.0, 2.0, size=(TRIALS, 5))
    low, high = mean_interval(values)
    assert 0.93 <= np.mean((low <= 3.0) & (high >= 3.0)) <= 0.97


def test_an_interval_of_many_events_is_the_normal_one() -> None:
    """n = 10^4 independent events: log-normal to order 1/n^(1/2), half width 1.96/n^(1/2) of the rate."""
    counts = np.random.default_rng(5).poisson(10.0, size=1000)
    low, high = rate_interval(counts, np.ones(1000))
    half = 1.96 * counts.std(ddof=1) / 1000**0.5
    assert (high - low) / 2 == pytest.approx(half, rel=3e-3)  # Student's t of 1000 samples: 1 + 1.2e-3
    assert (high + low) / 2 == pytest.approx(counts.mean(), rel=3e-3)  # skewed by (1.96)^2/(3 n) = 1.3e-4


def test_an_interval_needs_events_and_samples() -> None:
    for events in (np.zeros(5), np.ones(1)):
        assert np.isnan(rate_interval(events, np.ones(events.size))).all()
    assert np.isnan(mean_interval(np.ones(1))).all()
