"""The boson peak of made-up spectra whose maximum of D/omega^2 is known."""

import numpy as np
import pytest

from qle.statistics.boson_peak import boson_peak


def spectrum(samples: int, N: int, seed: int) -> np.ndarray:
    """Frequencies whose logarithm is normal: D/omega^2 is largest at exp(mean - 3 variance)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return np.sort(np.exp(rng.normal(np.log(0.5), 0.4, (samples, N))), axis=1)


def test_the_maximum_is_found_with_its_error() -> None:
    """ln D/omega^2 is a parabola in ln omega: D ~ exp(-(ln omega - m)^2/(2 s^2))/omega. 4 sigma: 6e-5."""
    expected = 0.5 * np.exp(-3.0 * 0.4**2)
    peak = boson_peak(spectrum(100, 200, 1), 200)
    assert 0.0 < peak.error < 0.05 * expected
    assert abs(peak.omega_b - expected) < 4.0 * peak.error
    errors = [boson_peak(spectrum(100, 200, seed), 200).omega_b - expected for seed in range(2, 32)]
    # 30 deviations: their scatter is known to 13 percent; the stated error is within a factor of 2
    assert 0.5 < np.std(errors) / peak.error < 2.0


def test_the_lowest_modes_are_enough() -> None:
    """The bins below omega_complete are those of the whole spectrum."""
    whole = spectrum(200, 200, 5)
    full, part = boson_peak(whole, 200), boson_peak(whole[:, :150], 200)
    np.testing.assert_allclose(part.omega, full.omega[: part.omega.size])
    np.testing.assert_allclose(part.reduced, full.reduced[: part.omega.size])
    assert part.omega.max() < whole[:, 149].min()
    assert part.omega_b == pytest.approx(full.omega_b, rel=1e-12)


def test_a_peak_that_is_not_inside_is_refused() -> None:
    with pytest.raises(ValueError, match="is at the end of the bins"):
        boson_peak(spectrum(2000, 200, 1)[:, :30], 200)
    with pytest.raises(ValueError, match="bins with 20 modes: 0, must be 3"):
        boson_peak(spectrum(1, 20, 1), 20)
