"""Cut-offs, omega_x, sizes and protocols, on data whose law bends at a known frequency."""

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr

from qle.statistics import compare, crossover, finite_size, moments, tail, windows

Array = npt.NDArray[np.float64]

N = 400
OMEGA_B = 0.5  # D = A_g omega^4 (1 - (omega/OMEGA_B)^2) below OMEGA_B
A_G = 35 / (2 * OMEGA_B**5)  # 5/OMEGA_B^5 times 7/2: the norm is one


def bent_modes(seed: int, samples: int, k: int, *, bend: bool = True, size: int = N) -> Array:
    """Return the k lowest of `size` independent frequencies of the bent law, or of 5 omega^4/OMEGA_B^5.

    Of the bent law F = (7 u^5 - 5 u^7)/2, u = omega/OMEGA_B, by twelve steps of Newton from
    u = (2 F/7)^(1/5), to 1e-9.
    """
    rng = np.random.default_rng(seed)
    sums = np.cumsum(rng.exponential(size=(samples, k)), axis=-1)
    F = sums / (sums[:, -1:] + rng.gamma(size + 1 - k, size=(samples, 1)))
    if not bend:
        return OMEGA_B * F**0.2
    u = (2 * F / 7) ** 0.2
    for _ in range(12):
        u = np.minimum(u - ((7 * u**5 - 5 * u**7) / 2 - F) / np.maximum(17.5 * (u**4 - u**6), 1e-6), 0.999)
    return OMEGA_B * u


def as_dataset(frequency: Array, *, energy: Array | None = None, size: int = N) -> xr.Dataset:
    """Return a sweep of one point, with energies and displacements."""
    samples = len(frequency)
    grid = ("h", "J", "kappa_0", "sample")
    status = np.zeros((1, 1, 1, samples), np.int8)
    energy = np.zeros(samples) if energy is None else energy
    meaning = {"flag_values": np.array([0, 1], np.int8), "flag_meanings": "converged saddle"}
    return xr.Dataset(
        {
            "status": (grid, status, meaning),
            "frequency": ((*grid, "mode"), frequency[np.newaxis, np.newaxis, np.newaxis]),
            "energy": (grid, energy.reshape(1, 1, 1, -1)),
            "mean_x2": (grid, (1.0 + energy**2).reshape(1, 1, 1, -1)),
        },
        coords={"h": [0.01], "J": [0.1], "kappa_0": [1.0], "sample": np.arange(samples), "N": size},
        attrs={"seed": 1, "model": "khgps"},
    )


def test_the_count_follows_the_bend_and_the_prefactor_does_not() -> None:
    """The mean of 1 - u^2 over a window with D ~ u^4 is 1 - (5/7) u_cut^2: 14 percent less in the widest.

    60,000 samples of 8 modes: A_at_cut has an error of 0.6 percent in the widest window, of 1.8 in the
    narrowest. A_g is within 4 of its errors.
    """
    shares = (0.5, 0.25, 0.05)
    bent = windows(
        as_dataset(bent_modes(1, 60_000, 8, size=8), size=8), shares=shares, resamples=50
    ).squeeze()
    cut = bent["omega_cut"].values / OMEGA_B
    np.testing.assert_allclose(bent["A_at_cut"] / A_G, 1 - 5 / 7 * cut**2, atol=4 * 0.018)
    assert 5 / 7 * (cut[0] ** 2 - cut[-1] ** 2) > 4 * 0.018
    assert (abs(bent["A_g"] - A_G) < 4 * bent["A_g_error"]).all()
    assert (bent["A_g_error"] < 0.12 * A_G).all()
    # g at the cut-off is ln(1 - u_cut^2)
    assert abs(float(bent["bend"][0]) - np.log(1 - cut[0] ** 2)) < float(
        np.diff([bent["bend_low"][0], bent["bend_high"][0]])[0]
    )


def test_each_window_is_a_tail_of_its_own() -> None:
    """Also with several grid points, whose samples are resampled once for all windows."""
    modes = [as_dataset(bent_modes(seed, 200, 6)) for seed in (31, 32)]
    both = xr.concat(modes, dim="J").assign_coords(J=[0.1, 0.2])
    found = windows(both, shares=(0.5, 0.2), resamples=20)
    for share in (0.5, 0.2):
        alone = tail(both, modes_per_sample=share, resamples=20).drop_dims("resample")
        one = found.sel(share=share, drop=True)[list(alone.data_vars)]
        xr.testing.assert_allclose(one, alone, rtol=1e-12)


def test_shares_descend() -> None:
    with pytest.raises(ValueError, match=r"shares = \[0.5, 0.5\]: must be two or more numbers, descending"):
        windows(as_dataset(bent_modes(1, 40, 4)), shares=(0.5, 0.5))
    with pytest.raises(ValueError, match=r"shares\[0\] = inf: must be finite and > 0"):
        windows(as_dataset(bent_modes(1, 10, 8)), shares=(np.inf, 0.5))
    with pytest.raises(ValueError, match=r"modes_per_sample = 0: must be finite and > 0"):
        tail(as_dataset(bent_modes(1, 40, 4)), modes_per_sample=0)


@pytest.mark.parametrize(("factor", "scatter"), [(1.25, 0.14), (2.0, 0.03)])
def test_omega_x_is_where_the_law_is_off_by_the_factor(factor: float, scatter: float) -> None:
    """1 - u^2 = 1/factor at u = (1 - 1/factor)^(1/2): 20 data sets of 1000 samples, all 40 modes stored.

    Bias within 3 percent and three errors of the mean; an interval that holds the truth in 90 percent misses
    more than 7 of 20 one time in 10^3. Windows named by their middles, first crossings of noise: 34 percent
    low at 1.25.
    """
    truth = OMEGA_B * np.sqrt(1 - 1 / factor)
    sets = [as_dataset(bent_modes(seed, 1000, 40, size=40), size=40) for seed in range(300, 320)]
    found = xr.concat([crossover(one, factor=factor).squeeze() for one in sets], dim="set")
    assert (found["side"] == -1).all()
    assert abs(float(found["omega_x"].mean()) / truth - 1) < 0.03 + 3 * scatter / 20**0.5
    held = (found["omega_x_low"] <= truth) & (truth <= found["omega_x_high"])
    assert int(held.sum()) >= 13
    spread = float(found["omega_x"].std()) / truth
    assert spread < 1.6 * scatter
    assert 0.5 * spread < float((found["omega_x_error"] / found["omega_x"]).median()) < 2.5 * spread


def test_a_straight_law_has_no_omega_x() -> None:
    found = crossover(as_dataset(bent_modes(4, 4000, 6, bend=False)))
    assert np.isnan(found["omega_x"]).all()
    assert (found["side"] == 0).all()
    with pytest.raises(ValueError, match=r"factor = 1.0: must be finite and > 1"):
        crossover(as_dataset(bent_modes(4, 40, 6)), factor=1.0)


def test_the_limit_of_large_samples_is_found_and_a_drift_is_seen() -> None:
    """A_at_cut of the default window is A_G (1 - (5/7) u_cut^2), u_cut^5 = 1/(7 N): linear in N^(-2/5)."""
    sizes = (8, 25, 80)
    laws = [
        tail(as_dataset(bent_modes(5, 20_000, 8 if size == 8 else 12, size=size), size=size), resamples=50)
        for size in sizes
    ]
    law = xr.concat(
        laws, dim=xr.DataArray(list(sizes), dims="N", name="N"), coords="minimal", compat="override"
    )
    found = finite_size(law.drop_vars("N").assign_coords(N=list(sizes))).squeeze()
    # errors of A_at_cut are 1 percent, the next order, u_cut^7 of the number of modes, is 1 percent at N = 8
    assert float(found["limit"]) == pytest.approx(A_G, abs=0.01 * A_G + 4 * float(found["limit_error"]))
    assert float(found["drift"]) < -4
    assert float(found["even_p"]) < 1e-4


def test_straight_lines_in_the_power_are_fitted_exactly() -> None:
    N = xr.DataArray([100.0, 300.0, 1000.0], dims="N", coords={"N": [100, 300, 1000]})
    law = xr.Dataset({"A_at_cut": 3.0 + 2.0 * N**-0.5, "A_at_cut_error": 0.1 + 0.0 * N})
    found = finite_size(law, power=0.5)
    assert float(found["limit"]) == pytest.approx(3.0, rel=1e-12)
    assert float(found["slope"]) == pytest.approx(2.0, rel=1e-12)
    lost = law.assign(A_at_cut=law["A_at_cut"].where(law["N"] < 200))
    assert np.isnan(finite_size(lost)["limit"])
    with pytest.raises(ValueError, match="law: has no dimension N"):
        finite_size(law.isel(N=0))
    with pytest.raises(ValueError, match="law: lacks q or q_error"):
        finite_size(law, "q")


def test_energy_and_displacement_are_means_over_samples_that_count() -> None:
    energy = np.random.default_rng(6).normal(-1.0, 0.1, size=100)
    dataset = as_dataset(bent_modes(6, 100, 3), energy=energy)
    dataset["status"][0, 0, 0, 50:] = 1
    found = moments(dataset).squeeze()
    assert int(found["n_samples"]) == 50
    assert float(found["energy"]) == pytest.approx(energy[:50].mean(), rel=1e-13)
    assert float(found["x_rms"]) == pytest.approx(np.sqrt(np.mean(1 + energy[:50] ** 2)), rel=1e-13)
    assert float(found["energy_high"] - found["energy_low"]) == pytest.approx(
        2 * 2.0096 * energy[:50].std(ddof=1) / np.sqrt(50),
        rel=1e-4,  # Student's t, 49 degrees of freedom
    )
    with pytest.raises(ValueError, match="dataset: lacks mean_x2"):
        moments(dataset.drop_vars("mean_x2"))


def test_protocols_are_compared_on_the_same_disorder() -> None:
    """Energies of one disorder differ by 0.01 +- 0.001; from sample to sample they scatter by 1."""
    rng = np.random.default_rng(7)
    energy, frequency = rng.normal(size=400), bent_modes(7, 400, 5)
    lower = energy - 0.01 + 0.001 * rng.normal(size=400)
    datasets = {
        "quench": as_dataset(frequency, energy=energy),
        "anneal": as_dataset(1.1 * frequency, energy=lower),
    }
    found = compare(datasets).squeeze()
    change = found["energy_change"].sel(protocol="anneal")
    assert float(change) == pytest.approx(-0.01, abs=4 * 0.001 / 20)
    assert float(found["energy_change_high"].sel(protocol="anneal")) < -0.0098
    assert found["same"].values.tolist() == [1.0, 0.0]
    # the same modes at 1.1 the frequency: the ratio of A_g is exact in every replicate
    assert float(found["A_g_ratio"].sel(protocol="anneal")) == pytest.approx(1.1**-5, rel=1e-10)
    assert float(found["A_g_ratio_error"].sel(protocol="anneal")) < 1e-10


def test_protocols_of_other_disorder_are_refused() -> None:
    first, other = (as_dataset(bent_modes(8, 30, 4)) for _ in range(2))
    other.attrs["seed"] = 2
    with pytest.raises(ValueError, match=r"slow: seed = 2: must be 1, as the first"):
        compare({"fast": first, "slow": other})
    with pytest.raises(ValueError, match=r"slow: differs in J"):
        compare({"fast": first, "slow": first.assign_coords(J=[0.2])})
    with pytest.raises(ValueError, match=r"datasets = {}: must be a mapping"):
        compare({})
