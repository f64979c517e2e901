"""What experiments on nonlinear modes make of them: each number once more, from made-up modes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

import khgps
import quartic
from qle.description.protocol import Protocol
from qle.experiments import (
    nonlinear_driving,
    nonlinear_heat,
    nonlinear_modes,
    nonlinear_protocols,
    nonlinear_wells,
    nonlinear_window,
)
from qle.experiments.nonlinear_protocols import Prepared
from qle.experiments.nonlinear_wells import Pushed
from qle.experiments.nonlinear_window import Sites
from qle.measurements.cubic_modes import CubicModes
from qle.measurements.ensemble import Ensemble, minimum
from qle.statistics.resampling import resampling_weights
from qle.verification.comparison import Comparison
from quartic.nonlinear.softening import Softening
from tests.on_paper import differences

Array = np.ndarray


def numbers(one: Comparison) -> tuple[float, float]:
    return one.measured, one.error


def cut_off(values: Array, samples: int, each: float) -> float:
    """Return the value below which so many lie: int(each samples) of them."""
    return float(np.sort(values)[int(each * samples)])


def exponent(values: Array, sample: Array, samples: int, cut: float) -> Any:
    """Return (n - 1)/sum ln(cut/value) - 1, and its spread over 400 sets of resampled samples."""
    below = values < cut
    n = np.array([np.sum(below & (sample == s)) for s in range(samples)])
    logs = np.array([np.sum(np.log(cut / values[below & (sample == s)])) for s in range(samples)])
    weights = resampling_weights(samples, 400)
    weights = weights[weights @ n > 0]  # without a value there is no exponent
    spread = ((weights @ n - 1) / (weights @ logs)).std(ddof=1)
    return pytest.approx(((n.sum() - 1) / logs.sum() - 1, spread), rel=1e-9)


def least_of_each(values: Array, sample: Array) -> Array:
    """Return the places of the least value of each sample."""
    rows = [np.flatnonzero(sample == s) for s in np.unique(sample)]
    return np.array([row[np.argmin(values[row])] for row in rows])


def modes_of(samples: int, seed: int) -> CubicModes:
    """Return eight modes of each sample, D ~ omega^4, b3 ~ omega, in any order."""
    rng = np.random.default_rng(seed)
    n = 8 * samples
    omega, r, b4 = rng.power(5, n), 4.0 * rng.random(n) ** 2, rng.uniform(0.5, 1.0, n)
    return CubicModes(
        omega**2, np.sqrt(r * b4) * omega, b4, rng.random(n),
        rng.permutation(np.repeat(np.arange(samples), 8)), rng.random(samples), rng.random(samples), 3,
    )  # fmt: skip


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_number_of_the_cubic_modes_of_an_ensemble(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = modes_of(250, 10 + place), modes_of(250, 20 + place)

    def collect(ensemble: Ensemble, samples: int) -> tuple[CubicModes, CubicModes]:
        assert (ensemble, samples) == (nonlinear_modes.ENSEMBLES[place], 250)
        return pair

    monkeypatch.setattr(nonlinear_modes, "collect", collect)
    run = (nonlinear_modes.weak, nonlinear_modes.strong, nonlinear_modes.lattice)[place]
    found = run(True)
    assert differences(found, measured=False) == []
    for modes, (D, bound, lower) in zip(pair, (found[:3], found[3:6]), strict=True):
        omega = modes.b2**0.5
        cut = cut_off(omega, 250, 0.5)
        assert numbers(D) == exponent(omega, modes.sample, 250, cut)
        soft = omega < cut
        rows = least_of_each(omega[soft], modes.sample[soft])
        r = (modes.b3**2 / modes.b2 / modes.b4)[soft][rows]
        for one, hits in ((bound, r > 3), (lower, r < 0.4)):
            assert (one.measured, one.size) == (hits.mean(), hits.size)
            assert one.p_value == pytest.approx(stats.binom.sf(hits.sum() - 1, hits.size, 0.05))
    after = pair[1]
    omega, r = after.b2**0.5, after.b3**2 / after.b2 / after.b4
    soft = omega < cut_off(omega, 250, 0.5)
    x, y, sample = np.log(omega[soft]), np.log(after.b3[soft]), after.sample[soft]
    replicates = [np.polyfit(x, y, 1, w=w[sample] ** 0.5)[0] for w in resampling_weights(250, 400)]
    expected = np.polyfit(x, y, 1)[0], np.std(replicates, ddof=1)
    assert numbers(found[6]) == pytest.approx(expected, rel=1e-6)
    softest = omega < cut_off(omega, 250, 0.03)
    assert found[7].p_value == pytest.approx(
        stats.kstest(r[softest], lambda r: np.minimum(r / 3, 1) ** 0.5).pvalue, rel=1e-6
    )
    inside = softest & (r < 3)
    assert numbers(found[8]) == exponent(r[inside], after.sample[inside], 250, 3.0)
    if place == 0:
        assert len(found) == 9
        return
    for modes, some in zip(pair, (found[9:11], found[11:]), strict=True):
        r = modes.b3**2 / modes.b2 / modes.b4
        double = r > 8 / 3
        b2, b3, b4 = (values[double] for values in (modes.b2, modes.b3, modes.b4))
        s = (b3 / 2 - (b3**2 / 4 - 2 * b2 * b4 / 3) ** 0.5) * 3 / b4  # where b2 - b3 s/2 + b4 s^2/6 = 0 first
        B = b2 * s**2 / 2 - b3 * s**3 / 6 + b4 * s**4 / 24
        known = exponent(B, modes.sample[double], 250, float(np.quantile(B, 0.2)))
        assert all(numbers(one) == known for one in some)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_tail_of_heat_capacities(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 200 minima the 30 of largest |c - 1|; p(c) ~ c^-a is p(1/c) ~ (1/c)^(a - 2)."""
    rng = np.random.default_rng(30 + place)
    heat = 1.0 + rng.choice((-1.0, 1.0), (200, 5)) * rng.random((200, 5)) ** -0.6

    def heats(ensemble: Ensemble, samples: int) -> tuple[Array, Array]:
        assert (ensemble, samples) == (nonlinear_heat.ENSEMBLES[place], 200)
        return np.zeros((200, 5)), heat

    monkeypatch.setattr(nonlinear_heat, "heats", heats)
    found = (nonlinear_heat.weak, nonlinear_heat.strong, nonlinear_heat.lattice)[place](True)
    assert differences(found, measured=False) == []
    small = 1 / np.abs(heat - 1).max(axis=1)
    value, error = exponent(small, np.arange(200), 200, cut_off(small, 200, 0.15)).expected
    assert numbers(found[0]) == pytest.approx((-2 - value, error), rel=1e-9)


def way(seed: int) -> Softening:
    """Return 13 distances, two a decade, with overlaps that are lost somewhere."""
    rng = np.random.default_rng(seed)
    rows = rng.uniform(0.5, 2.0, (8, 13))
    rows[0] = 10.0 ** np.arange(-7.0, -0.5, 0.5)
    rows[5:7] = rng.uniform(0.88, 1.0, (2, 13))
    names = ("distance", "lowest_eigenvalue", "b2", "b3", "force", "overlap", "normal_overlap", "predicted")
    return Softening(**dict(zip(names, rows, strict=True)), status="arrived")


def test_softening_and_how_long_a_direction_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exponent over the first decade of distance, and how much that over the next differs; medians."""
    asked = []

    def softenings(ensemble: Ensemble, samples: int) -> list[Softening]:
        asked.append((ensemble, samples))
        return [way(seed) for seed in range(40 + 20 * len(asked), 57 + 20 * len(asked))]

    monkeypatch.setattr(nonlinear_driving, "softenings", softenings)
    found = nonlinear_driving.driven(True)
    assert asked == [(ensemble, 18) for ensemble in nonlinear_driving.ENSEMBLES]
    texts = differences(found, measured=False)
    assert all("how = " in text for text in texts)  # with the number of ways, here 17
    for k, (law, turns) in enumerate(zip(found[::2], found[1::2], strict=True)):
        ways = [way(seed) for seed in range(60 + 20 * k, 77 + 20 * k)]
        decades = np.array([np.log10([w.b2[2] / w.b2[0], w.b2[4] / w.b2[2]]) for w in ways])
        assert law.measured == pytest.approx(np.median(decades[:, 0]))
        assert law.tolerance == pytest.approx(1.5 * np.median(np.abs(decades[:, 1] - decades[:, 0])))

        def last(w: Softening, overlap: Array) -> float:
            lost = [i for i in range(13) if overlap[i] < 0.9] or [13]
            return float(np.append(0.0, w.distance)[lost[0]])

        sooner = [last(w, w.overlap) < last(w, w.normal_overlap) for w in ways]
        assert (turns.measured, turns.size) == (float(np.mean(sooner)), 17.0)
        assert turns.p_value == pytest.approx(stats.binom.sf(sum(sooner) - 1, 17, 0.05))


def test_shares_beyond_the_bound_by_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that ends lower is held to the other, in the samples where they differ."""
    made: dict[Protocol, Prepared] = {}

    def prepare(ensemble: Ensemble, samples: int) -> Prepared:
        protocol = ensemble.protocol
        assert (replace(ensemble, protocol=Protocol()), samples) == (nonlinear_protocols.ENSEMBLE, 100)
        rng = np.random.default_rng(len(made))
        made[protocol] = Prepared(
            rng.uniform(2.0, 3.5, 100), -1e-3 * order[len(made)] + 1e-4 * rng.normal(size=100)
        )
        return made[protocol]

    order = (1, 0, 2, 3, 4)  # descent ends highest, then lbfgs, falling field, best of 16, alternating field
    monkeypatch.setattr(nonlinear_protocols, "prepare", prepare)
    found = nonlinear_protocols.protocols(True)
    by = dict(zip(nonlinear_protocols.PROTOCOLS, made.values(), strict=True))
    for one, (name, prepared) in zip(found, by.items(), strict=False):
        assert (one.measured, one.size) == (float(np.mean(prepared.ratio > 3)), 100.0)
        assert f", {name}, " in one.quantity
    assert differences(found[:5], measured=False) == []
    pairs = [(name, "lbfgs") for name in list(by)[1:]] + [("best of 16", "alternating field")]
    for one, pair in zip(found[5:], pairs, strict=True):
        low, high = sorted(pair, key=lambda name: by[name].energy.mean())
        differ = (by[low].ratio > 3) != (by[high].ratio > 3)
        assert one.measured == np.mean(by[low].ratio[differ] > 3)
        assert (one.size, one.predicted, dict(one.alternatives)) == (differ.sum(), 0.5, {
            "three in four are those of the lower protocol": 0.75
        })  # fmt: skip
        assert one.p_value == pytest.approx(
            stats.binom.sf(np.sum(by[low].ratio[differ] > 3) - 1, differ.sum(), 0.5)
        )
        gap = 1e6 * (by[high].energy - by[low].energy)
        assert f"differ by {gap.mean():.0f} +- {stats.sem(gap):.0f} millionths" in one.how
        assert f"by {low} alone, {high}, which" in one.quantity


def test_second_minima_and_where_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the modes that lead somewhere, that of largest r of each minimum is looked at."""
    asked: list[tuple[Ensemble, Pushed]] = []

    def pushed(ensemble: Ensemble, samples: int) -> Pushed:
        assert samples == 25
        rng = np.random.default_rng(70 + len(asked))
        overlap = np.where(rng.random(75) < 0.5, np.nan, rng.uniform(0.6, 1.0, 75))
        sample = rng.permutation(np.repeat(np.arange(25), 3))
        numbers: Any = dict.fromkeys(Pushed._fields, overlap)
        numbers |= {"ratio": rng.random(75), "sample": sample, "samples": 25}
        asked.append((ensemble, Pushed(**numbers)))
        return asked[-1][1]

    monkeypatch.setattr(nonlinear_wells, "pushed", pushed)
    found = nonlinear_wells.overlaps(True)
    assert differences(found, measured=False) == []
    assert [ensemble for ensemble, _ in asked] == list(nonlinear_wells.ENSEMBLES[1:])
    for (_, wells), share, elsewhere in zip(asked, found[::2], found[1::2], strict=True):
        second = ~np.isnan(wells.overlap)
        hits = np.array([np.sum(second[wells.sample == s]) for s in range(25)])
        spread = (resampling_weights(25, 400) @ hits / 75).std(ddof=1)  # three modes of each sample
        assert numbers(share) == pytest.approx((second.mean(), spread), rel=1e-9)
        rows = np.flatnonzero(second)
        rows = rows[least_of_each(-wells.ratio[rows], wells.sample[rows])]
        assert (elsewhere.measured, elsewhere.size) == (np.mean(wells.overlap[rows] < 0.8), rows.size)


def test_soft_sites_that_are_modes_and_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulls below half of the threshold and above twice of it; of each minimum the site of largest r."""
    asked: list[tuple[Ensemble, int, Sites]] = []

    def soft_sites(ensemble: Ensemble, samples: int) -> Sites:
        rng = np.random.default_rng(80 + len(asked))
        sample = rng.permutation(np.repeat(np.arange(samples), 3))
        n = sample.size
        asked.append(
            (
                ensemble,
                samples,
                Sites(rng.random(n), rng.uniform(0, 4, n), rng.random(n) < 0.5, sample, samples),
            )
        )
        return asked[-1][2]

    monkeypatch.setattr(nonlinear_window, "soft_sites", soft_sites)
    found = nonlinear_window.window(True)
    assert differences(found, measured=False) == []
    assert [row[:2] for row in asked] == list(zip(nonlinear_modes.ENSEMBLES[:2], (100, 200), strict=True))
    for (*_, sites), below, above in zip(asked, found[::2], found[1::2], strict=True):
        for one, chosen, wrong in (
            (below, sites.pull < 0.5, ~sites.kept),
            (above, sites.pull > 2, sites.kept),
        ):
            rows = np.flatnonzero(chosen)
            rows = rows[least_of_each(-sites.ratio[rows], sites.sample[rows])]
            assert (one.measured, one.size) == (wrong[rows].mean(), rows.size)


def test_protocols_are_those_of_their_names() -> None:
    """Energies of one sample by one call of the engine each, from the same starts."""
    problem = khgps.draw(khgps.KHGPS(N=20, J=0.3, h=0.01), seed=303, sample=2)
    calls = {
        "lbfgs": quartic.minimize(problem, start="decoupled", tol=1e-10),
        "descent": quartic.minimize(problem, method="descent", start="decoupled", tol=1e-10),
        "falling field": quartic.anneal(problem, path="falling", steps=30, tol=1e-10),
        "best of 16": quartic.best_of(problem, starts=16, tol=1e-10, seed=2),
        "alternating field": quartic.anneal(problem, path="alternating", steps=30, tol=1e-10),
    }
    for name, protocol in nonlinear_protocols.PROTOCOLS.items():
        np.testing.assert_array_equal(minimum(problem, protocol, 2).x, calls[name].x)
