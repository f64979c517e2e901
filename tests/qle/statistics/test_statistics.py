"""Estimators against data of known law, against likelihoods maximised by brute force, and symmetries."""

import tracemalloc
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr
from scipy.optimize import minimize_scalar
from scipy.stats import binom, chi2

from qle.statistics import tail, vdos
from qle.statistics.points import COUNTS
from qle.statistics.resampling import resampled_sums, resampling_weights
from qle.statistics.smooth_law import ROUGHNESS, ROUGHNESS_OF_POWERS, SLOPE

Array = npt.NDArray[np.float64]

N = 500
OMEGA_0 = 2.0
A_G = 5 / OMEGA_0**5  # D = 5 omega^4 / omega_0^5 on (0, omega_0) has norm one
MEASURED = ("A_g", "A_at_cut", "exponent")


def power_law_modes(seed: int, shape: tuple[int, ...], k: int, *, exponent: float = 4.0) -> Array:
    """Return the k lowest of N independent frequencies with D ~ omega^exponent on (0, OMEGA_0), shape + (k,).

    The lowest of N uniform numbers are partial sums of exponential ones over the sum of all N + 1 of them.
    """
    rng = np.random.default_rng(seed)
    sums = np.cumsum(rng.exponential(size=(*shape, k)), axis=-1)
    total = sums[..., -1:] + rng.gamma(N + 1 - k, size=(*shape, 1))
    return OMEGA_0 * (sums / total) ** (1 / (exponent + 1))


def as_dataset(frequency: Array, status: Array | None = None, J: Sequence[float] | None = None) -> xr.Dataset:
    """Return a sweep over J at one h and kappa_0; frequencies are (J, sample, mode) or (sample, mode)."""
    frequency = frequency[np.newaxis] if frequency.ndim == 2 else frequency
    points, samples, _ = frequency.shape
    flags = np.zeros((points, samples)) if status is None else np.broadcast_to(status, (points, samples))
    meaning = {
        "flag_values": np.array([-1, 0, 1, 2, 3], dtype=np.int8),
        "flag_meanings": "missing converged saddle max_products stalled",
    }
    grid = ("h", "J", "kappa_0", "sample")
    return xr.Dataset(
        {
            "status": (grid, flags[np.newaxis, :, np.newaxis].astype(np.int8), meaning),
            "frequency": ((*grid, "mode"), frequency[np.newaxis, :, np.newaxis]),
        },
        coords={
            "h": [0.01],
            "J": np.arange(1.0, points + 1) / 10 if J is None else J,
            "kappa_0": [1.0],
            "sample": np.arange(samples),
            "N": N,
        },
    )


def test_density_has_norm_one_when_all_modes_are_stored() -> None:
    frequency = np.sort(np.random.default_rng(1).lognormal(size=(2, 30, N)))
    density = vdos(as_dataset(frequency), bins_per_decade=7)
    norm = (density["D"] * density["omega_width"]).sum("bin")
    np.testing.assert_allclose(norm, 1, rtol=1e-13)  # a sum of some 50 terms
    assert (density["omega_complete"] == np.inf).all()
    assert (density["modes"].sum("bin") == 30 * N).all()


def test_bin_edges_are_round_in_the_logarithm() -> None:
    density = vdos(as_dataset(power_law_modes(2, (50,), 5)), bins_per_decade=8)
    for edge in (density["omega_low"], density["omega_high"]):
        rank = 8 * np.log10(edge.values)
        np.testing.assert_allclose(rank, np.round(rank), atol=1e-12)


def test_density_of_an_exact_tail_is_the_law_within_errors() -> None:
    density = vdos(as_dataset(power_law_modes(3, (2000,), 60))).squeeze()
    well_filled = density["modes"].values >= 50
    pull = ((density["D"] - A_G * density["omega"] ** 4) / density["D_error"]).values[well_filled]
    # bins are nearly independent; a true law fails one time in 10^4
    assert well_filled.sum() >= 6
    assert (pull**2).sum() < chi2.ppf(1 - 1e-4, well_filled.sum())


def test_bins_that_stored_modes_do_not_fill_are_left_out() -> None:
    every = np.sort(power_law_modes(4, (40,), N))
    lowest = every[:, :12]
    full, cut = vdos(as_dataset(every)).squeeze(), vdos(as_dataset(lowest)).squeeze()
    assert float(cut["omega_complete"]) == lowest[:, -1].min()
    complete = cut["omega_high"].values <= lowest[:, -1].min()
    assert 0 < complete.sum() < complete.size
    assert np.isnan(cut["D"].values[~complete]).all()
    assert np.isnan(cut["modes"].values[~complete]).all()
    shared = full["D"].values[: complete.sum()]
    np.testing.assert_array_equal(cut["D"].values[complete], shared)


def test_an_empty_bin_has_zero_density_and_no_error() -> None:
    frequency = np.concatenate([np.full((20, N // 2), 0.1), np.full((20, N // 2), 1.0)], axis=1)
    density = vdos(as_dataset(frequency)).squeeze()
    empty = density["modes"].values == 0
    assert empty.any()
    assert (density["D"].values[empty] == 0).all()
    assert np.isnan(density["D_error"].values[empty]).all()


def test_estimates_are_maxima_of_their_likelihoods() -> None:
    modes, cut = power_law_modes(5, (60,), 6), 0.62
    result = tail(as_dataset(modes), cutoff=cut).squeeze()
    below = modes[modes < cut]
    window = float(result["omega_window"])
    used = modes[modes < window]
    assert len(used) == int(result["n_window"]) > len(below)

    # modes are a Poisson process of rate S N A omega^4 up to the cut-off
    def poisson(log: float) -> float:
        return float(len(modes) * N * np.exp(log) * cut**5 / 5 - len(below) * log)

    # the flat top of a likelihood is found to about the root of the machine precision
    best = minimize_scalar(poisson, bounds=(-5, 2), method="bounded", options={"xatol": 1e-9}).x
    assert float(result["A_at_cut"]) == pytest.approx(np.exp(best), rel=1e-6)
    assert int(result["n_modes"]) == len(below)
    assert int(result["n_soft_samples"]) == (modes[:, 0] < cut).sum()
    # four shapes of the bend leave out a fiftieth of its variance, and less of what A_g sees of it
    for name, free, tolerance in (("A_g", False, 0.01), ("exponent", True, 0.02)):
        value, error = knotted(used / cut, window / cut, len(modes), free=free)
        value = value if free else np.exp(value) / cut**5
        error = error if free else error * value
        assert float(result[name]) == pytest.approx(value, abs=tolerance * error)
        # 60 samples tell a dispersion of 1 to (2/60)^(1/2), half of which is the error's: 3 deviations
        assert float(result[f"{name}_error"]) == pytest.approx(error, rel=0.3)


def knotted(omega: Array, end: float, samples: int, *, free: bool) -> tuple[float, float]:
    """Return ln A_g, or the exponent, and its error by brute force, of modes below `end` in units of the cut.

    White noise at 200 knots is integrated twice, and the likelihood summed over 4000 bins.
    """
    knots = (np.arange(200) + 0.5) * end**2 / 200
    edges = np.linspace(0, end, 4001)
    middle = (edges[1:] + edges[:-1]) / 2
    roughness = ROUGHNESS_OF_POWERS if free else ROUGHNESS

    def features(at: Array) -> Array:
        bends = roughness * np.maximum(at[:, np.newaxis] ** 2 - knots, 0) * (end**2 / 200) ** 0.5
        logs = [np.log(at)[:, np.newaxis]] if free else []
        return np.concatenate([np.ones((at.size, 1)), SLOPE * at[:, np.newaxis] ** 2, bends, *logs], axis=1)

    inside, events = features(middle), features(omega).sum(axis=0)
    penalty = np.ones(inside.shape[1])
    penalty[[0, -1] if free else [0]] = 0
    theta = np.zeros(penalty.size)
    theta[0] = np.log(5 * omega.size / (samples * N * end**5))
    for _ in range(30):
        rates = samples * N * np.diff(edges**5) / 5 * np.exp(inside @ theta)
        curvature = inside.T @ (rates[:, np.newaxis] * inside) + np.diag(penalty)
        theta += np.linalg.solve(curvature, events - rates @ inside - penalty * theta)
    which = -1 if free else 0
    return 4.0 * free + theta[which], float(np.linalg.inv(curvature)[which, which] ** 0.5)


def test_default_cutoff_has_half_a_mode_per_sample_below_it() -> None:
    modes = power_law_modes(6, (75,), 5)
    result = tail(as_dataset(modes)).squeeze()
    assert float(result["omega_cut"]) == np.sort(modes, axis=None)[37]  # floor(75 / 2) modes are below
    assert int(result["n_modes"]) == 37


def test_default_cutoff_stays_below_omega_complete() -> None:
    modes = power_law_modes(7, (200,), 1)  # the next mode of every sample is unknown
    result = tail(as_dataset(modes)).squeeze()
    assert float(result["omega_cut"]) == float(result["omega_complete"]) == modes.min()
    assert int(result["n_modes"]) == 0
    assert np.isnan(result["A_g"])


def check_bias_and_coverage(seed: int, trials: int, samples: int, shortfall: float, alarm: float) -> None:
    """Measure many independent data sets of one law; each of 3 checks has the false-alarm rate `alarm`."""
    dataset = as_dataset(power_law_modes(seed, (trials, samples), 5))
    result = tail(dataset, resamples=300).squeeze()
    z = abs(float(chi2.isf(alarm, 1))) ** 0.5
    fewest = binom.ppf(alarm / 2, trials, 0.95 - shortfall)
    most = binom.isf(alarm / 2, trials, 0.95)
    value, error = result["A_at_cut"].values, result["A_at_cut_error"].values
    assert abs(value.mean() - A_G) < z * value.std() / trials**0.5
    assert fewest <= (abs(value - A_G) < 1.96 * error).sum() <= most


def test_the_count_is_unbiased_and_its_intervals_cover() -> None:
    # normal intervals from some 100 modes fall up to a percent short of their nominal 95 percent
    check_bias_and_coverage(seed=8, trials=300, samples=200, shortfall=0.01, alarm=1e-4)


@pytest.mark.verify
def test_the_count_is_unbiased_and_its_intervals_cover_at_length() -> None:
    check_bias_and_coverage(seed=9, trials=4000, samples=400, shortfall=0.01, alarm=1e-4)


@pytest.mark.parametrize("factor", [0.03, 7.0])
def test_scaling_all_frequencies_scales_the_law(factor: float) -> None:
    modes = power_law_modes(10, (80,), 5)
    one, other = tail(as_dataset(modes)).squeeze(), tail(as_dataset(factor * modes)).squeeze()
    for name, power in (("A_g", -5), ("A_at_cut", -5), ("exponent", 0), ("bend", 0), ("omega_window", 1)):
        np.testing.assert_allclose(other[name], one[name] * factor**power, rtol=1e-10)
    for name, power in (("A_g_error", -5), ("A_at_cut_error", -5), ("exponent_error", 0)):
        np.testing.assert_allclose(other[name], one[name] * factor**power, rtol=1e-10)


def test_order_of_samples_does_not_matter() -> None:
    dataset = as_dataset(power_law_modes(11, (2, 60), 5))
    shuffled = dataset.isel(sample=np.random.default_rng(0).permutation(60))
    xr.testing.assert_identical(tail(dataset), tail(shuffled))
    xr.testing.assert_identical(vdos(dataset), vdos(shuffled))


def test_samples_that_are_not_converged_minima_do_not_enter() -> None:
    modes = power_law_modes(12, (90,), 5)
    spoilt, status = modes.copy(), np.zeros(90)
    spoilt[60:70], status[60:70] = 1e-3, 1  # saddle
    spoilt[70:73], status[70:73] = np.nan, -1  # missing
    spoilt[73:78], status[73:78] = np.nan, 2  # max_products
    spoilt[78:80], status[78:80] = np.nan, 3  # stalled
    spoilt[80:, 0] = -0.2  # an unstable direction
    clean, mixed = as_dataset(modes[:60]), as_dataset(spoilt, status)
    for measure in (tail, vdos):
        expected, found = measure(clean).squeeze(), measure(mixed).squeeze()
        counts = {name: int(found[name]) for name in COUNTS}
        assert counts == {"n_samples": 60, "n_missing": 3, "n_unconverged": 7, "n_excluded": 20}
        for name in (*MEASURED, "omega_cut", "n_modes") if measure is tail else ("D", "modes"):
            np.testing.assert_array_equal(found[name], expected[name])


def test_errors_and_intervals_are_those_of_the_samples_that_enter() -> None:
    """Three samples of four are left out. Both errors scatter by (2 1000)^(-1/2) = 2 percent (replicates);
    the first of them also has 400 +- 17 samples in a replicate. Wrong counting is a factor of two or four.
    """
    modes = power_law_modes(19, (1600,), 4)
    status = np.where(np.arange(1600) % 4, 2, 0)
    among, alone = as_dataset(modes, status), as_dataset(modes[::4])
    for end in ("low", "high"):
        for name in MEASURED:
            here, there = (tail(one, resamples=2)[f"{name}_{end}"] for one in (among, alone))
            np.testing.assert_allclose(here, there, rtol=1e-12)
    for measure, name in ((tail, "A_at_cut_error"), (vdos, "D_error")):
        here, there = (measure(one)[name].squeeze() for one in (among, alone))
        np.testing.assert_allclose(np.nanmax(here), np.nanmax(there), rtol=0.2)


def test_modes_that_come_in_pairs_double_the_variance() -> None:
    modes = power_law_modes(13, (300,), 8)
    single = tail(as_dataset(modes), cutoff=0.6).squeeze()
    paired = tail(as_dataset(np.repeat(modes, 2, axis=1)), cutoff=0.6).squeeze()
    assert int(paired["n_modes"]) == 2 * int(single["n_modes"])
    # as many independent pairs as there were modes: the same relative error ...
    relative, single_relative = (law["A_at_cut_error"] / law["A_at_cut"] for law in (paired, single))
    np.testing.assert_allclose(relative, single_relative, rtol=1e-12)
    # ... which is twice the variance 1/n of free modes. 300 samples fix a Poisson variance to sqrt(2/300),
    # 1000 replicates to sqrt(2/1000): four standard deviations
    variance = float(paired["n_modes"] * relative**2)
    assert variance == pytest.approx(2, rel=4 * np.sqrt(2 / 300 + 2 / 1000))


def test_all_grid_points_share_their_resampled_samples() -> None:
    modes = power_law_modes(14, (100,), 5)
    result = tail(as_dataset(np.stack([modes, 3 * modes]))).squeeze()
    ratio = result["A_g_resampled"].isel(J=0) / result["A_g_resampled"].isel(J=1)
    np.testing.assert_allclose(ratio, 3.0**5, rtol=1e-10)


def test_sums_over_replicates_take_blocks_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the block, also one that is no multiple of the samples and one that ends short."""
    columns = np.random.default_rng(17).normal(size=(50, 3))
    whole = resampling_weights(50, 31)
    assert (whole.sum(axis=1) == 50).all()
    for block in (1, 110, 50 * 31):
        monkeypatch.setattr("qle.statistics.resampling.BLOCK", block)
        np.testing.assert_array_equal(resampling_weights(50, 31), whole)
        np.testing.assert_allclose(resampled_sums(columns, 31), whole @ columns, rtol=1e-12, atol=1e-12)


def test_many_samples_need_little_memory() -> None:
    """The weights of 40,000 samples in 200 replicates are 64 MB; a block of 8 MB is held in four forms."""
    dataset = as_dataset(power_law_modes(18, (40_000,), 3))
    tracemalloc.start()
    try:
        tail(dataset, resamples=200)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 48e6


def test_a_swept_size_is_one_more_dimension() -> None:
    both = xr.concat([as_dataset(power_law_modes(s, (400,), 5)) for s in (15, 16)], dim="N", coords="all")
    both = both.assign_coords(N=[N, 2 * N])
    result = tail(both, cutoff=0.5).squeeze()
    assert result["A_at_cut"].dims == ("N",)
    # the same modes per sample, twice the oscillators: half the density
    shares = result["n_modes"] / result["N"]
    np.testing.assert_allclose(result["A_at_cut"] / result["A_at_cut"][0], shares / shares[0], rtol=1e-12)


def test_a_steep_tail_gives_its_exponent_but_no_prefactor() -> None:
    result = tail(as_dataset(power_law_modes(17, (200,), 5, exponent=13.0))).squeeze()
    assert result["verdict"].attrs["flag_meanings"].split()[int(result["verdict"])] == "not_quartic"
    assert abs(float(result["exponent"]) - 13) < 4 * float(result["exponent_error"])
    assert float(result["exponent_low"]) > 5
    for name in ("A_g", "A_g_error", "A_g_low", "A_g_high", "A_g_allowance", "bend", "bend_low", "bend_high"):
        assert np.isnan(result[name])
    assert np.isnan(result["A_g_resampled"]).all()
    for name in ("A_at_cut", "A_at_cut_low", "A_at_cut_high", "A_at_cut_error"):
        assert np.isfinite(result[name])


@pytest.mark.parametrize("status", [-1, 2])
def test_a_point_without_samples_has_counts_but_no_numbers(status: int) -> None:
    modes = power_law_modes(18, (2, 50), 5)
    dataset = as_dataset(modes, np.array([[0], [status]]))
    law, density = tail(dataset).isel(J=1).squeeze(), vdos(dataset).isel(J=1).squeeze()
    assert law["verdict"].attrs["flag_meanings"].split()[int(law["verdict"])] == "too_few_samples"
    counts = [int(law[name]) for name in COUNTS]
    assert counts == ([0, 50, 0, 0] if status == -1 else [0, 0, 50, 0])
    assert np.isnan([float(law[name]) for name in MEASURED]).all()
    assert np.isnan(density["D"]).all()


def test_cutoffs_may_differ_between_points() -> None:
    dataset = as_dataset(power_law_modes(19, (2, 100), 5), J=[0.1, 0.2])
    cuts = xr.DataArray([0.6, 0.5], coords={"J": [0.2, 0.1]}, dims="J")
    assert tail(dataset, cutoff=cuts)["omega_cut"].squeeze().values.tolist() == [0.5, 0.6]


@pytest.mark.parametrize("cutoff", [0.0, -1.0, np.nan, np.inf])
def test_a_cutoff_is_positive_and_finite(cutoff: float) -> None:
    with pytest.raises(ValueError, match=rf"cutoff = {cutoff}: must be finite and > 0"):
        tail(as_dataset(power_law_modes(20, (20,), 3)), cutoff=cutoff)


def test_a_cutoff_where_modes_are_missing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"cutoff = 1.9: above omega_complete = 0\.\d+ at .*'J': 0.1"):
        tail(as_dataset(power_law_modes(21, (20,), 3)), cutoff=1.9)


def test_faulty_arguments_are_named() -> None:
    dataset = as_dataset(power_law_modes(22, (20,), 3))
    with pytest.raises(ValueError, match=r"resamples = 1: must be an integer of at least 2"):
        tail(dataset, resamples=1)
    with pytest.raises(ValueError, match=r"bins_per_decade = 0: must be an integer of at least 1"):
        vdos(dataset, bins_per_decade=0)
    with pytest.raises(ValueError, match=r"dataset: lacks frequency, mode"):
        tail(dataset.drop_vars("frequency"))
    with pytest.raises(ValueError, match=r"dataset: has no converged sample at any grid point"):
        vdos(dataset.assign(status=dataset["status"].copy(data=np.full((1, 1, 1, 20), 2, np.int8))))
    with pytest.raises(ValueError, match=r"cutoff: has dimensions \('x',\), must be of the grid's"):
        tail(dataset, cutoff=xr.DataArray([0.5], dims="x"))
