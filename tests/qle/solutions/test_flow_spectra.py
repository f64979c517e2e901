"""Hessians along gradient descent."""

import math

import numpy as np
import pytest

import khgps
import landscape
import quartic
from qle.solutions.flow_spectra import decades_until, flow_spectra


def test_spectra_are_those_of_the_places_of_the_flow() -> None:
    """At first diag(kappa) + J, then at x(5), then where descent ends."""
    params = khgps.KHGPS(N=30, J=0.4, h=0.05)
    found = flow_spectra(params, times=[1e-9, 5.0], samples=2, seed=3)
    problem = khgps.draw(params, seed=3, sample=1)
    places = [
        np.zeros(30),
        landscape.flow(problem, np.zeros(30), [5.0]).x[0],
        quartic.minimize(problem, method="descent", start="zero").x,
    ]
    for row, x in zip(found["eigenvalue"].values[1], places, strict=True):
        assert row == pytest.approx(np.linalg.eigvalsh(quartic.hessian(problem, x)), abs=1e-4)
    assert found["stop"].values.tolist() == [1e-9, 5.0, math.inf]
    assert (found["eigenvalue"][:, -1, 0] > 0.0).all()


def test_no_minimum_is_no_spectrum() -> None:
    """Without a field nothing leaves x = 0, which is a saddle."""
    found = flow_spectra(khgps.KHGPS(N=30, J=0.4, h=0.0), times=[1.0], samples=1)
    assert (found["eigenvalue"][0, 0, 0] < 0.0).item()
    assert np.isnan(found["eigenvalue"][0, 1]).all()


@pytest.mark.parametrize(
    ("last", "stops"),
    [(3.0, [3.0]), (10.0, [10.0]), (20.0, [10.0, 20.0]), (1000.0, [10.0, 100.0, 1000.0])],
)
def test_decades(last: float, stops: list[float]) -> None:
    assert decades_until(last) == stops


def test_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="N = 6001"):
        flow_spectra(khgps.KHGPS(N=6001, J=0.4, h=0.1), times=[1.0], samples=1)
