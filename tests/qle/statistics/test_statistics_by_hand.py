"""Every number and error of the statistics once more, by loops over samples and by other routes."""

import math

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr
from scipy import optimize, stats
from scipy.integrate import quad

from qle.statistics import compare, finite_size, moments, softest, tail, vdos
from qle.statistics.boson_peak import boson_peak
from qle.statistics.intervals import dispersion, mean_interval, rate_interval
from qle.statistics.resampling import ratio, resampled_sums, resampling_weights, spread

Array = npt.NDArray[np.float64]
N = 60
MEANING = {"flag_values": np.array([-1, 0, 1], np.int8), "flag_meanings": "missing converged saddle"}


def as_dataset(frequency: Array, status: Array, **more: Array) -> xr.Dataset:
    """Return a sweep over J; arrays are (J, sample), frequencies (J, sample, mode)."""
    grid = ("J", "sample")
    variables = {name: (grid, values) for name, values in more.items()}
    return xr.Dataset(
        {
            "status": (grid, status.astype(np.int8), MEANING),
            "frequency": ((*grid, "mode"), frequency),
            **variables,
        },
        coords={"J": 0.1 * np.arange(1, len(status) + 1), "sample": np.arange(status.shape[1]), "N": N},
    )


@pytest.fixture(scope="module")
def swept() -> xr.Dataset:
    """Return two points of 30 samples of 8 of 60 modes, some left out, at each point others."""
    rng = np.random.default_rng(1)
    status = np.zeros((2, 30))
    status[0, [3, 7]], status[1, [7, 20, 29]] = 1, -1
    frequency = np.sort(rng.uniform(0.1, 1.0, (2, 30, 8)) ** 0.5, axis=2)
    return as_dataset(
        frequency, status, energy=rng.normal(size=(2, 30)), mean_x2=0.1 * rng.gamma(2, size=(2, 30))
    )


# resampling


def test_weights_are_multinomial() -> None:
    """Of 20,000 replicates of 6 samples: mean 1, variance 5/6, covariance -1/6, and independent replicates.

    Within 5 standard errors, 1/sqrt(20,000) = 0.7 percent times the deviation of a product, 2 at most.
    """
    weights = resampling_weights(6, 20_000)
    assert (weights.sum(axis=1) == 6).all()
    error = 5 * 2 / math.sqrt(20_000)
    np.testing.assert_allclose(weights.mean(axis=0), 1.0, atol=error)
    expected = np.eye(6) - 1.0 / 6.0
    np.testing.assert_allclose(np.cov(weights.T), expected, atol=error)
    np.testing.assert_allclose((weights[1:] - 1.0).T @ (weights[:-1] - 1.0) / 19_999, 0.0, atol=error)


def test_sums_over_replicates_have_the_spread_of_a_mean() -> None:
    """The variance of a bootstrap mean is exactly that of the values, ddof = 0, over S; 4000 replicates."""
    values = np.random.default_rng(2).exponential(size=(40, 2))
    sums = resampled_sums(values, 4000)
    expected = values.std(axis=0) * math.sqrt(40)
    np.testing.assert_allclose(sums.std(axis=0), expected, rtol=5 / math.sqrt(2 * 4000))
    np.testing.assert_allclose(
        sums.mean(axis=0), values.sum(axis=0), atol=5 * expected.max() / math.sqrt(4000)
    )


def test_spread_is_the_standard_deviation_of_what_is_finite() -> None:
    replicates: Array = np.array(
        [[1.0, np.nan, 5.0, np.nan], [2.0, 3.0, np.inf, np.nan], [6.0, 7.0, np.nan, np.nan]]
    )
    expected = np.array([np.std([1, 2, 6], ddof=1), np.std([3, 7], ddof=1), np.nan, np.nan])
    np.testing.assert_allclose(spread(replicates), expected, rtol=1e-14)


def test_a_ratio_to_nothing_is_no_number() -> None:
    found = ratio(np.array([[1.0, 2.0, 3.0]]), np.array([[2.0], [0.0], [-1.0]]))
    np.testing.assert_array_equal(found[0], [0.5, 1.0, 1.5])
    assert np.isnan(found[1:]).all()


# intervals


def deviance(rate: float, n: float, T: float) -> float:
    """Return twice the difference of the log likelihoods of a Poisson law at its best rate and at another."""
    return 2.0 * (n * math.log(n / T) - n - (n * math.log(rate) - rate * T))


@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_the_ends_of_a_rate_are_where_its_deviance_is_that_of_student(confidence: float) -> None:
    """One series of events over exposure, sample by sample, its ends by bisection."""
    rng = np.random.default_rng(3)
    exposure = rng.uniform(0.5, 2.0, 12)
    events = rng.poisson(3.0 * exposure).astype(float)
    n, T, S = events.sum(), exposure.sum(), 12
    measured = S / (S - 1) * sum((e - n / T * t) ** 2 for e, t in zip(events, exposure, strict=True)) / n
    phi, freedom = by_turns(measured, S, 1.0 / n)
    reach = phi * stats.t.isf(0.5 * (1.0 - confidence), freedom) ** 2
    ends = [
        optimize.brentq(lambda rate: deviance(rate, n, T) - reach, *bracket, xtol=1e-14)
        for bracket in ((1e-9, n / T), (n / T, 100.0))
    ]
    np.testing.assert_allclose(rate_interval(events, exposure, confidence=confidence), ends, rtol=1e-8)


def by_turns(measured: float, samples: int, fourth: float) -> tuple[float, float]:
    """Return phi and its degrees of freedom: three rounds, counts' fourth cumulant, half a degree for 1."""
    phi = 1.0
    for _ in range(3):
        excess = fourth * (1.0 / phi + 6.0 * (phi - 1.0))
        freedom = 1.0 / (1.0 / (samples - 1) + max(excess / 2.0, -1.0 / samples))
        phi = (0.5 + freedom * measured) / (0.5 + freedom)
    return phi, 0.5 + freedom


@pytest.mark.parametrize(
    ("measured", "fourth"), [(0.2, 0.1), (0.7, 0.02), (1.0, 3.0), (4.0, 0.3), (0.4, 2.0)]
)
def test_a_dispersion_by_turns(measured: float, fourth: float) -> None:
    """The last case has an excess below -2/S, that of no law: S (S - 1) degrees of freedom at most."""
    phi, freedom = dispersion(np.array([measured]), 10, np.array([fourth]))
    assert (phi[0], freedom[0]) == pytest.approx(by_turns(measured, 10, fourth), rel=1e-12)


def test_an_interval_of_a_mean_is_student_s() -> None:
    values = np.random.default_rng(4).normal(size=(3, 9))
    low, high = mean_interval(values, confidence=0.8)
    for row, a, b in zip(values, low, high, strict=True):
        assert (a, b) == pytest.approx(stats.t.interval(0.8, 8, row.mean(), stats.sem(row)), rel=1e-12)


def test_moments_of_each_point_are_those_of_its_own_samples(swept: xr.Dataset) -> None:
    found = moments(swept)
    for k in range(2):
        counts = swept["status"].values[k] == 0
        squares, energy = (swept[name].values[k][counts] for name in ("mean_x2", "energy"))
        ends = stats.t.interval(0.95, counts.sum() - 1, squares.mean(), stats.sem(squares))
        row = found.isel(J=k)
        names = ("n_samples", "x_rms", "x_rms_low", "x_rms_high")
        expected = [counts.sum(), *np.sqrt([squares.mean(), *ends])]
        np.testing.assert_allclose([row[name] for name in names], expected, rtol=1e-12)
        ends = stats.t.interval(0.95, counts.sum() - 1, energy.mean(), stats.sem(energy))
        found_ends = [row["energy"], row["energy_low"], row["energy_high"]]
        np.testing.assert_allclose(found_ends, [energy.mean(), *ends], rtol=1e-12)


def test_a_mean_square_is_not_below_zero() -> None:
    """Three samples of 0, 0 and 1: Student's interval ends at 1/3 - 4.30/3, the displacement's at 0."""
    none = np.zeros((1, 3))
    one = as_dataset(np.ones((1, 3, 2)), none, mean_x2=np.array([[0.0, 0.0, 1.0]]), energy=none)
    found = moments(one).squeeze()
    assert float(found["x_rms_low"]) == 0.0
    assert float(found["x_rms_high"]) == pytest.approx((1 / 3 + stats.t.ppf(0.975, 2) / 3) ** 0.5, rel=1e-12)


def test_protocols_are_compared_sample_by_sample(swept: xr.Dataset) -> None:
    """Over samples that count in both. Energies of some 10 that differ by 5e-8 are the same: 1e-8 of them."""
    rng = np.random.default_rng(8)
    first = swept.assign(energy=swept["energy"] - 10.0)
    change = rng.normal(-0.5, 0.2, (2, 30))
    change[:, 10:16], change[:, 16:20] = 5e-8, -2e-7
    second = first.assign(energy=first["energy"] + change)
    second["status"] = second["status"].copy(data=np.roll(second["status"].values, 1, axis=1))
    second["frequency"] = second["frequency"] * rng.uniform(0.9, 1.2, (2, 30, 1))
    order = rng.permutation(30)  # of both alike: no number hangs on it
    found = compare({"a": first.isel(sample=order), "b": second.isel(sample=order)}, resamples=50)
    assert found["protocol"].values.tolist() == ["a", "b"]
    for k in range(2):
        both = (first["status"].values[k] == 0) & (second["status"].values[k] == 0)
        own, here = change[k][both], found.sel(protocol="b").isel(J=k)
        expected = [own.mean(), *stats.t.interval(0.95, own.size - 1, own.mean(), stats.sem(own))]
        names = ("energy_change", "energy_change_low", "energy_change_high")
        np.testing.assert_allclose([here[name] for name in names], expected, rtol=1e-6)
        assert float(here["same"]) == np.mean(np.abs(own) < 1e-7)
    np.testing.assert_array_equal(found["same"].sel(protocol="a"), 1.0)
    np.testing.assert_array_equal(found["energy_change"].sel(protocol="a"), 0.0)
    laws = [tail(one, resamples=50) for one in (first, second)]
    for name in ("A_g", "exponent", "omega_cut", "n_modes"):
        for protocol, law in zip("ab", laws, strict=True):
            np.testing.assert_array_equal(found[name].sel(protocol=protocol), law[name])
    for name in ("energy", "x_rms", "n_samples"):
        np.testing.assert_array_equal(found[name].sel(protocol="b"), moments(second)[name])


# densities


def test_a_density_and_its_error_by_loops_over_samples_and_replicates(swept: xr.Dataset) -> None:
    """Bins of 5 a decade; a replicate divides by the samples that it has at this point."""
    found = vdos(swept, bins_per_decade=5, resamples=40)
    low, high = found["omega_low"].values, found["omega_high"].values
    frequency, counts = swept["frequency"].values, swept["status"].values == 0
    np.testing.assert_allclose(found["omega_width"], high - low)
    np.testing.assert_array_equal(high[:-1], low[1:])
    every = frequency[counts]
    assert low[0] <= every.min() < high[0]
    assert low[-1] <= every.max() < high[-1]
    weights = resampling_weights(30, 40)
    for k in range(2):
        here = found.isel(J=k)
        complete = frequency[k][counts[k]][:, -1].min()
        assert float(here["omega_complete"]) == complete
        assert int(here["n_samples"]) == counts[k].sum()
        assert int(here["n_excluded"]) == np.sum(swept["status"].values[k] == 1)
        for j in range(low.size):
            inside = (frequency[k] >= low[j]) & (frequency[k] < high[j])
            each = np.where(counts[k], inside.sum(axis=1), 0)
            if high[j] > complete:
                assert np.isnan(here["D"][j])
                continue
            width = high[j] - low[j]
            assert int(here["modes"][j]) == each.sum()
            assert float(here["D"][j]) == pytest.approx(each.sum() / (counts[k].sum() * N * width), rel=1e-12)
            if each.sum():
                replicates = [w @ each / (w @ counts[k] * N * width) for w in weights]
                assert float(here["D_error"][j]) == pytest.approx(np.std(replicates, ddof=1), rel=1e-10)
            mean = quad(lambda x: x**4, low[j], high[j])[0] / width
            assert float(found["omega"][j]) == pytest.approx(mean**0.25, rel=1e-10)


def test_a_bin_that_ends_where_modes_begin_to_miss_is_complete() -> None:
    """The highest stored mode of both samples is at 1, an edge: all modes of [0.1, 1) are there."""
    dataset = as_dataset(np.array([[[0.2, 1.0], [0.3, 1.0]]]), np.zeros((1, 2)))
    found = vdos(dataset, bins_per_decade=1).squeeze()
    assert found["omega_low"].values.tolist() == pytest.approx([0.1, 1.0])
    assert float(found["modes"][0]) == 2.0
    assert np.isnan(found["modes"][1])
    assert found["omega_low"].attrs == {"long_name": "lower edge of the bin", "units": "1"}


@pytest.mark.parametrize(("width", "stored"), [(0.4, 140), (0.12, 150)])
def test_a_boson_peak_by_histogram_and_polynomial(width: float, stored: int) -> None:
    """100 samples: the bins, D/omega^2 in each, the weighted parabola, and its spread over replicates.

    The narrow peak has one bin above 0.7 of its top: the two beside it make the parabola.
    """
    rng = np.random.default_rng(5)
    omega = np.sort(np.exp(rng.normal(np.log(0.5), width, (100, 150))), axis=1)
    peak = boson_peak(omega[:, :stored], 150, resamples=50)
    j = np.rint(np.log(peak.omega) / np.log(1.15) - 0.5)
    edges = 1.15 ** np.append(j, j[-1] + 1)
    np.testing.assert_allclose(peak.omega, np.sqrt(edges[1:] * edges[:-1]), rtol=1e-12)
    assert edges[0] <= omega.min() < edges[1]
    end = omega[:, 139].min() if stored == 140 else omega.max()
    assert edges[-1] <= end * (1.0 if stored == 140 else 1.15) < 1.15 * edges[-1]
    counts = np.array([np.histogram(row, edges)[0] for row in omega])
    np.testing.assert_array_equal(peak.modes, counts.sum(axis=0))
    reduced = counts.sum(axis=0) / (100 * 150 * np.diff(edges) * peak.omega**2)
    np.testing.assert_allclose(peak.reduced, reduced, rtol=1e-12)
    used = (reduced >= 0.7 * reduced[counts.sum(axis=0) >= 20].max()) & (counts.sum(axis=0) >= 20)
    best = int(np.argmax(np.where(counts.sum(axis=0) >= 20, reduced, 0.0)))
    used[best - 1 : best + 2] = True
    assert (np.diff(np.flatnonzero(used)) == 1).all()
    assert used.sum() >= 5 if width == 0.4 else used.sum() == 3

    def vertex(each: Array) -> float:
        x, y = np.log(peak.omega[used]), np.log((each / np.diff(edges) / peak.omega**2)[used])
        root = np.sqrt(each[used])[:, np.newaxis]
        a, b, _ = np.linalg.lstsq(np.stack([x**2, x, x**0], axis=1) * root, y * root[:, 0])[0]
        return float(np.exp(-b / (2.0 * a)))

    assert peak.omega_b == pytest.approx(vertex(counts.sum(axis=0)), rel=1e-9)
    replicates = [vertex(w @ counts) for w in resampling_weights(100, 50)]
    assert peak.error == pytest.approx(np.std(replicates, ddof=1), rel=1e-6)


def test_a_peak_beside_bins_that_hold_too_few_is_at_the_end() -> None:
    """D/omega^2 of even modes on (1/2, 2) is largest in the first filled bin; one mode lies far below."""
    omega = np.sort(np.random.default_rng(9).uniform(0.5, 2.0, (40, 30)), axis=1)
    omega[0, 0] = 0.02
    with pytest.raises(ValueError, match="is at the end of the bins"):
        boson_peak(omega, 30)


# laws


def test_the_limit_of_large_samples_by_least_squares() -> None:
    """scipy's curve_fit of limit + slope N^-0.4 with given errors, at two fields; one size has no number."""
    sizes = np.array([50, 100, 300, 1000])
    rng = np.random.default_rng(6)
    error = rng.uniform(0.02, 0.1, (2, 4))
    value = 1.0 + 3.0 * sizes**-0.4 + error * rng.normal(size=(2, 4))
    value[1, 2] = np.nan
    law = xr.Dataset(
        {"A_g": (("h", "N"), value), "A_g_error": (("h", "N"), error)}, coords={"N": sizes, "h": [0.0, 0.1]}
    )
    found = finite_size(law, "A_g")
    for k in range(2):
        known = np.isfinite(value[k])
        best, covariance = optimize.curve_fit(
            lambda n, a, b: a + b * n**-0.4, sizes[known], value[k][known], sigma=error[k][known],
            absolute_sigma=True,
        )  # fmt: skip
        sigma = np.sqrt(np.diag(covariance))
        expected = [best[0], sigma[0], best[1], sigma[1], best[1] / sigma[1]]
        names = ("limit", "limit_error", "slope", "slope_error", "drift")
        np.testing.assert_allclose([found[name][k] for name in names], expected, rtol=1e-5)
        weights = error[k][known] ** -2
        mean = np.average(value[k][known], weights=weights)
        square = np.sum((value[k][known] - mean) ** 2 * weights)
        assert float(found["even_p"][k]) == pytest.approx(stats.chi2.sf(square, known.sum() - 1), rel=1e-9)


def test_the_law_of_the_softest_mode_by_censored_fits_of_scipy() -> None:
    """Shape and scale by scipy's fit; ends where the best other parameter leaves t^2/2 of likelihood."""
    rng = np.random.default_rng(7)
    first = 0.5 * rng.weibull(4.0, 40)
    frequency = np.sort(np.stack([first, np.full(40, 2.0)], axis=1), axis=1)[np.newaxis]
    cut = 0.45
    found = softest(as_dataset(frequency, np.zeros((1, 40))), cutoff=cut).squeeze()
    seen = first[first < cut]
    assert int(found["n_soft_samples"]) == seen.size
    data = stats.CensoredData(uncensored=seen, right=np.full(40 - seen.size, cut))
    shape, _, scale = stats.weibull_min.fit(data, 4.0, floc=0.0, scale=0.5)
    assert float(found["shape"]) == pytest.approx(shape, rel=1e-3)  # scipy's simplex ends at 1e-4
    assert float(found["scale"]) == pytest.approx(scale, rel=1e-3)

    def likelihood(k: float, length: float) -> float:
        law = stats.weibull_min(k, scale=length)
        return float(law.logpdf(seen).sum() + (40 - seen.size) * law.logsf(cut))

    top = likelihood(float(found["shape"]), float(found["scale"]))
    reach = 0.5 * stats.t.ppf(0.975, 4 * (seen.size - 1)) ** 2
    for end in ("low", "high"):
        k, length = float(found[f"shape_{end}"]), float(found[f"scale_{end}"])
        over_scale = optimize.minimize_scalar(
            lambda s, k=k: -likelihood(k, s), bounds=(0.2, 2.0), method="bounded"
        )
        over_shape = optimize.minimize_scalar(
            lambda k, s=length: -likelihood(k, s), bounds=(0.5, 20.0), method="bounded"
        )
        assert top + over_scale.fun == pytest.approx(reach, rel=1e-4)
        assert top + over_shape.fun == pytest.approx(reach, rel=1e-4)
    assert float(found["shape_low"]) < float(found["shape"]) < float(found["shape_high"])
    assert float(found["scale_low"]) < float(found["scale"]) < float(found["scale_high"])
