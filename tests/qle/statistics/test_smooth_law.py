"""The penalised law of soft modes: what its errors are made of, and data sets at the edge."""

import numpy as np
import pytest
import xarray as xr

from benchmarks.coverage import LAWS, as_dataset, frequencies, independent, repelling
from qle.statistics import crossover, tail, to_text
from qle.statistics.smooth_law import LAW, Fit, features, precisions, sample_features
from qle.statistics.summary import table

SAMPLES = 400


@pytest.fixture(scope="module")
def dataset() -> xr.Dataset:
    omega, _ = frequencies(independent(np.random.default_rng(1), (1, SAMPLES)), LAWS["1"])
    return as_dataset(omega)


def test_shapes_are_those_of_a_clamped_rod() -> None:
    """Zero with their slope at 0; orthonormal, by the trapezoidal rule; W's variance z^3/3 is their sum."""
    z = np.linspace(0, 1, 20_001)
    shapes = features(z)[:, 2:LAW]
    np.testing.assert_allclose(shapes[0], 0, atol=1e-12)
    np.testing.assert_allclose(
        (shapes[1] - shapes[0]) / (z[1] - z[0]), 0, atol=0.02
    )  # curvature 121 of the last
    products = np.trapezoid(shapes[:, :, np.newaxis] * shapes[:, np.newaxis, :], z, axis=0)
    np.testing.assert_allclose(products, np.eye(4), atol=1e-6)
    variance = (shapes**2 / precisions(1.0, roughness=1.0)[2:]).sum(axis=1)
    np.testing.assert_allclose(variance, z**3 / 3, atol=2e-3)  # four of them leave out 0.4 percent at the end


def test_replicates_scatter_as_sampling_does(dataset: xr.Dataset) -> None:
    """The scatter of ln A_g is its error without the allowance: 1000 replicates tell it to 2 percent, 400
    samples the dispersion to 7, twice what the error has."""
    law = tail(dataset).squeeze()
    scatter = float(np.log(law["A_g_resampled"]).std())
    sampling = float(law["A_g_error"] / law["A_g"]) * (1 - float(law["A_g_allowance"])) ** 0.5
    assert scatter == pytest.approx(sampling, rel=0.15)
    assert 0.3 < float(law["A_g_allowance"]) < 0.7


def test_more_samples_shorten_the_error_as_the_share_of_the_allowance_says(dataset: xr.Dataset) -> None:
    """d ln(variance)/d ln S = -(1 - share) for phi = 1: a step of 1 percent, samples counted again."""
    modes = dataset["frequency"].values[0]
    columns = sample_features(modes, 1.4)
    once, more = (Fit(np.tile(columns, (n, 1)), precisions(2.0)) for n in (100, 101))
    ends = [fit.estimate(np.eye(LAW)[0]) for fit in (once, more)]
    free = [one.allowance + one.sampling for one in ends]
    share = ends[0].allowance / free[0]
    slope = np.log(free[1] / free[0]) / np.log(101 / 100)
    assert slope == pytest.approx(-(1 - share), abs=0.1)  # phi is 1 within 0.07


def test_repulsion_and_pairs_change_the_sampling_part_alone() -> None:
    rng = np.random.default_rng(2)
    alone, _ = frequencies(independent(rng, (1, SAMPLES)), LAWS["1"])
    apart, _ = frequencies(repelling(rng, (1, SAMPLES)), LAWS["1"])
    pairs = np.repeat(alone[0], 2, axis=1)[:, :14]
    found = [
        Fit(sample_features(modes, 1.2), precisions(1.44)).estimate(np.eye(LAW)[0])
        for modes in (alone[0], apart[0], pairs)
    ]
    # per mode: pairs have phi = 2, twice the modes; repulsion about 1/2 at one mode per sample
    assert found[1].sampling < 0.85 * found[0].sampling
    assert found[2].sampling > 1.3 * found[1].sampling


@pytest.mark.parametrize(
    ("samples", "stored", "size"),
    [(1, 14, 500), (3, 14, 500), (30, 1, 500), (30, 2, 2), (12, 14, 14), (200, 3, 500)],
)
def test_data_sets_at_the_edge_have_numbers_or_none(samples: int, stored: int, size: int) -> None:
    """One sample, one mode of each, all of two modes: no warning, and every interval holds its number."""
    number = np.sort(independent(np.random.default_rng(3), (1, samples))[..., :stored], axis=-1)
    omega, _ = frequencies(number, LAWS["1"])
    one = as_dataset(omega).assign_coords(N=size)
    law = tail(one, resamples=10).squeeze()
    assert float(law["omega_cut"]) <= float(law["omega_window"]) <= float(law["omega_complete"])
    for name in ("A_g", "A_at_cut", "bend", "exponent"):
        value, low, high = (float(law[name + end]) for end in ("", "_low", "_high"))
        assert np.isnan([value, low, high]).all() or low <= value <= high
    assert (int(law["n_soft_samples"]) < 3) == np.isnan(float(law["A_at_cut"]))
    assert to_text(table(one, resamples=10)).count("\n") == 1
    assert crossover(one)["side"].shape == (1,)


def test_fewer_modes_stored_shorten_the_window_and_lengthen_the_interval(dataset: xr.Dataset) -> None:
    few, all_of_them = (tail(dataset.isel(mode=slice(k)), resamples=2).squeeze() for k in (3, 14))
    assert int(few["n_window"]) < int(all_of_them["n_window"]) == 6 * int(all_of_them["n_modes"])
    assert float(few["omega_window"]) == float(few["omega_complete"])
    lengths = [float(np.log(law["A_g_high"] / law["A_g_low"])) for law in (few, all_of_them)]
    assert lengths[0] > 1.05 * lengths[1]


def test_a_cut_off_sets_the_scale_of_the_bend(dataset: xr.Dataset) -> None:
    """At a lower cut-off a bend of the same size is allowed over a shorter way: the interval is longer."""
    cut = float(tail(dataset, resamples=2)["omega_cut"].squeeze())
    lengths = []
    for part in (0.8, 1.0, 1.1):
        law = tail(dataset, cutoff=part * cut, resamples=2).squeeze()
        assert float(law["omega_window"]) <= 3**0.5 * part * cut * (1 + 1e-12)
        lengths.append(float(np.log(law["A_g_high"] / law["A_g_low"])))
    assert lengths[0] > lengths[1] > lengths[2]
