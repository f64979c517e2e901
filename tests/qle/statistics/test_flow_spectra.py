"""D(omega) and its tail where eigenvalues have both signs."""

import math

import numpy as np
import pytest
import xarray as xr

from qle.statistics.flow_spectra import along_flow, density, vibrations

SAMPLES, N = 60, 400


@pytest.fixture(scope="module")
def spectra() -> xr.Dataset:
    """On the way eigenvalues even in [-0.1, 1], in the minimum D = 5 omega^4; one sample reaches none."""
    rng = np.random.default_rng(2)
    rows = np.stack([rng.uniform(-0.1, 1.0, (SAMPLES, N)), rng.power(5.0, (SAMPLES, N)) ** 2], axis=1)
    rows[-1, 1] = np.nan
    return xr.Dataset(
        {"eigenvalue": (("hessian_sample", "stop", "mode"), np.sort(rows, axis=-1))},
        {"stop": [10.0, math.inf], "hessian_N": N},
    )


def test_what_is_below_zero_is_counted_and_no_vibration(spectra: xr.Dataset) -> None:
    """D = 2 omega/1.1 where the eigenvalues are even, and integrates to the share above zero."""
    law, states = along_flow(spectra), density(spectra)
    negative = float((spectra["eigenvalue"].values[:, 0] < 0.0).mean())
    assert law["down"].values == pytest.approx([negative, 0.0], abs=1e-15)
    assert abs(negative - 1.0 / 11.0) < 4.0 * float(law["down_error"][0])
    assert float(law["down_error"][0]) == pytest.approx(math.sqrt(10.0 / 121.0 / SAMPLES / N), rel=0.3)
    assert law["saddles"].values.tolist() == [1.0, 0.0]
    assert float(law["lowest"][0]) == pytest.approx(-0.1 + 1.1 / N, abs=1e-3)
    assert float((states["D"][0] * states["omega_width"]).sum()) == pytest.approx(1.0 - negative, abs=1e-12)
    low, high = (states[f"omega_{name}"].values for name in ("low", "high"))
    whole = high < 1.0
    pulls = (states["D"][0] - (low + high) / 1.1) / states["D_error"][0]
    assert float(np.abs(pulls[whole & (states["modes"][0] > 10).values]).max()) < 4.0


def test_the_tail_on_the_way_is_linear_and_in_the_minimum_quartic(spectra: xr.Dataset) -> None:
    law = along_flow(spectra)
    assert law["verdict"].attrs["flag_meanings"].split()[int(law["verdict"][0])] == "not_quartic"
    assert math.isnan(law["A_g"][0])
    assert float(law["exponent_low"][0]) < 1.0 < float(law["exponent_high"][0]) < 4.0
    assert float(law["A_g_low"][1]) < 5.0 < float(law["A_g_high"][1])


def test_no_prefactor_where_most_samples_are_at_saddles(spectra: xr.Dataset) -> None:
    """However quartic the rest is: turned is the lowest eigenvalue of 29, or 35, of 59 minima."""
    for turned, given in ((29, True), (35, False)):
        values = spectra["eigenvalue"].values.copy()
        values[:turned, 1, 0] *= -1.0
        law = along_flow(spectra.assign(eigenvalue=(("hessian_sample", "stop", "mode"), values)))
        assert np.isfinite(law["A_g"][1]) == given
        assert np.isfinite(law["exponent"][1])


def test_a_sample_without_minimum_does_not_count(spectra: xr.Dataset) -> None:
    status = vibrations(spectra)["status"].values
    assert status.sum() == status[1, -1] == 1
    assert np.isfinite(along_flow(spectra)["lowest"]).all()
