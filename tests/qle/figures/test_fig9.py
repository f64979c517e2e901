"""Figures of the glassy phase: their predictions by other routes, and what the figures refuse."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import khgps
from khgps import solve_one_state
from qle.commands.figures import add_figures
from qle.commands.parser import BadInput, Parser
from qle.figures import fig9, gapless_density
from qle.statistics.glassy_phase import (
    fit_line,
    global_prefactor,
    ground_prefactor,
    limit_prefactor,
    measured,
    state_prefactor,
    strong_fit,
    weak_abscissa,
    weak_fit,
    weak_ordinate,
)


def sweep(J: list[float], kappa_0: list[float], *, N: int = 200, samples: int = 60) -> xr.Dataset:
    """Return a sweep at h = 0.01 whose frequencies are independent with the A_g that the theory predicts."""
    grid = ("h", "J", "kappa_0", "sample")
    rng = np.random.default_rng(1)
    numbers = np.cumsum(rng.exponential(size=(1, len(J), len(kappa_0), samples, 8)), axis=-1)
    A_g = np.array([[solve_one_state(J=j, h=0.01, kappa_0=k).A_g for k in kappa_0] for j in J])
    frequency = (5 * numbers / (N * A_g[np.newaxis, :, :, np.newaxis, np.newaxis])) ** 0.2
    status = np.zeros(frequency.shape[:-1], np.int8)
    meaning = {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    return xr.Dataset(
        {"status": (grid, status, meaning), "frequency": ((*grid, "mode"), frequency)},
        coords={
            "h": [0.01], "J": J, "kappa_0": kappa_0, "sample": np.arange(samples), "N": N,
            "kappa_min": 0.0, "beta": 0.0, "A": 1.0,
        },
        attrs={"model": "khgps"},
    )  # fmt: skip


@pytest.mark.parametrize(("J", "kappa_0"), [(0.06, 1.0), (0.3, 3.0)])
def test_the_global_minimum_prediction_is_the_density_of_curvatures(J: float, kappa_0: float) -> None:
    """D = 2 omega P(omega^2) and P(k) = c k^(3/2) at k -> 0: A_g = 2 c, of khgps's own law of k."""
    params = khgps.KHGPS(N=2, J=J, h=0.01, kappa_0=kappa_0)
    k = 1e-7
    law = khgps.rs_distributions(params, unstable=True).k.density(k)
    # the next order is of relative size (k^(1/2)/x^(1/2) of the fields' law): 1e-4 measured by k -> 4 k
    assert global_prefactor(J, 0.01, kappa_0) == pytest.approx(2 * float(law) / k**1.5, rel=1e-3)


def test_the_ground_state_prediction_counts_modes_as_the_measured_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A share of modes lies below omega_cut, A = 5 share/omega_cut^5, by another quadrature."""
    solution = khgps.solve_rsb(khgps.KHGPS(N=2, J=0.3, h=0.01), rtol=1e-4)
    state = khgps.ground_state(solution)
    monkeypatch.setattr(khgps, "solve_rsb", lambda *_, **__: solution)
    monkeypatch.setattr(khgps, "ground_state", lambda _: state)
    A_g = ground_prefactor(0.3, 0.01, 1.0, 1e-3)
    omega = np.linspace(0.0, (5e-3 / A_g) ** 0.2, 401)
    assert np.trapezoid(state.spectrum(omega), omega) == pytest.approx(1e-3, rel=1e-3)

    def stall(*_: object, **__: object) -> None:
        raise khgps.StalledError("states differ by less than rounding")

    monkeypatch.setattr(khgps, "solve_rsb", stall)
    assert math.isnan(ground_prefactor(0.02, 0.01, 1.0, 1e-3))


def test_the_limit_is_a_straight_line_of_known_constant() -> None:
    """ln(kappa_0^(1/2) h^(2/3) J A_g) = ln(4/(pi^(1/2) 6^(1/6))) + ln S - kappa_0 h^(2/3)/J^2/(3 6^(1/3)).

    With S = e^(1/9) (kappa_0 6^(1/3)/h^(2/3))^(2/9), by hand from p_f(0) = e^-E0 (E0/pi)^(1/2)/h S.
    """
    h, kappa_0, J = 0.02, 0.7, np.array([0.03, 0.05, 0.09])
    A_g = np.array([limit_prefactor(value, h, kappa_0) for value in J])
    softening = (1 + 2 * math.log(kappa_0 * (6 / h**2) ** (1 / 3))) / 9
    constant = math.log(4 / (math.sqrt(math.pi) * 6 ** (1 / 6))) + softening
    line = constant + weak_abscissa(h, J, kappa_0) / (3 * 6 ** (1 / 3))
    np.testing.assert_allclose(weak_ordinate(h, J, kappa_0, A_g), line, rtol=1e-12)


def test_one_state_has_no_prefactor_where_its_modes_mix() -> None:
    assert state_prefactor(0.06, 0.01, 1.0) == solve_one_state(J=0.06, h=0.01, kappa_0=1.0).A_g
    assert math.isnan(state_prefactor(0.3, 0.01, 1.0))  # replicon 0.11
    assert math.isnan(state_prefactor(0.65, 0.01, 1.0))  # negative


def test_lines_are_those_of_least_squares() -> None:
    rng = np.random.default_rng(2)
    x, error = np.sort(rng.normal(size=9)), rng.uniform(0.1, 0.5, size=9)
    y = 2.0 - 3.0 * x + error * rng.normal(size=9)
    y[4] = np.nan
    line = fit_line(x, y, error)
    kept = np.isfinite(y)
    best, covariance = np.polyfit(x[kept], y[kept], 1, w=1 / error[kept], cov="unscaled")
    assert line is not None
    assert line.points == 8
    assert line.slope == pytest.approx(best[0], rel=1e-10)
    assert line.slope_error == pytest.approx(covariance[0, 0] ** 0.5, rel=1e-10)
    assert line.value == pytest.approx(np.polyval(best, line.middle), rel=1e-10)
    weight = error[kept] ** -2
    assert line.middle == pytest.approx(np.average(x[kept], weights=weight), rel=1e-10)
    assert line.value_error == pytest.approx(weight.sum() ** -0.5, rel=1e-10)  # there, not correlated
    left = (y - np.polyval(best, x))[kept]
    assert line.chi_square == pytest.approx(np.sum(left**2 * weight), rel=1e-10)
    assert fit_line(x[:1], y[:1], error[:1]) is None


def test_data_that_follow_the_theory_have_no_pull() -> None:
    """Pulls of 6 points: chi-square below its 1e-4 point, 27.9; the fitted line is that of the theory."""
    law = measured(sweep([0.045, 0.06, 0.07], [0.7, 1.0], samples=600))
    assert float((law["pull"] ** 2).sum()) < 27.9
    fit = weak_fit(law)
    assert fit is not None
    assert abs(fit.value) < 4 * fit.value_error
    assert abs(fit.slope) < 4 * fit.slope_error
    row = law.isel(h=0, kappa_0=0)
    row["A_g"], row["error"] = 7.0 * row["J"] ** -3, 0.1 + row["J"]
    strong = strong_fit(row.assign(J_x=0.01 + 0.0 * row["J"]))
    assert strong is not None
    assert strong.slope == pytest.approx(-3, rel=1e-10)


@pytest.mark.parametrize("draw", [gapless_density.draw, fig9.draw_weak, fig9.draw_crossover])
def test_figures_are_drawn_and_the_same_again(
    draw: Callable[[xr.Dataset, Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fig9, "CURVE", 3)
    monkeypatch.setattr(fig9, "ground_prefactor", lambda J, *_: 100.0 * J)  # seconds
    dataset = sweep([0.05, 0.06], [1.0])
    first, second = (draw(dataset, tmp_path / f"{name}.svg").read_bytes() for name in "ab")
    assert first == second
    assert first.startswith(b"<?xml")


def test_figures_refuse_what_they_cannot_show(tmp_path: Path) -> None:
    dataset, path = sweep([0.05, 0.06], [1.0]), tmp_path / "D.svg"
    with pytest.raises(ValueError, match=r"kappa_min = 0.1: must be 0 for the figures of the gapless phase"):
        gapless_density.draw(dataset.assign_coords(kappa_min=0.1), path)
    with pytest.raises(ValueError, match=r"dataset: lacks dimension J"):
        fig9.draw_weak(dataset.isel(J=0), path)
    two = xr.concat([dataset, dataset.assign_coords(h=[0.02])], dim="h")
    with pytest.raises(ValueError, match=r"h has 2 values: must be one"):
        fig9.draw_crossover(two, path)
    with pytest.raises(ValueError, match=r"model = gps: must be khgps"):
        gapless_density.draw(dataset.assign_attrs(model="gps"), path)
    with pytest.raises(ValueError, match=r"dataset: has no point with an omega\^4 tail"):
        fig9.draw_weak(dataset.isel(sample=slice(1)), path)


def test_the_command_names_a_store_that_is_not_there(tmp_path: Path) -> None:
    parser = Parser()
    add_figures(parser.add_subparsers(), lambda _: 1)
    options = parser.parse_args(["figure", "fig9b", str(tmp_path / "nowhere")])
    with pytest.raises(BadInput, match="nowhere"):
        options.run(options)
