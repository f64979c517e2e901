"""`qle dynamics`: gradient descent as data, text and figure."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import khgps
import quartic
from qle.cli import main
from qle.figures import dynamics
from qle.solutions.dynamics import gradient_descent, of_samples, powers, times_until
from tests.pages import Drawn


def test_data_are_those_of_the_solver() -> None:
    params = khgps.KHGPS(N=64, J=0.2, h=0.1, coupling="structured")
    data = gradient_descent(params, times=[0.5, 1.0], samples=64, batches=2, flows=3, seed=2)
    limit = khgps.solve_dynamics(params, times=[0.5, 1.0], samples=64, batches=2, seed=2)
    assert (data["energy"].values == limit.energy).all()
    assert (data["R_error"].values == limit.R_error).all()
    assert data["C_of_samples"].shape == (3, 2, 2)
    x0 = data["C_of_samples"].values[:, 0, 0]
    assert x0 == pytest.approx(limit.C[0, 0], rel=0.2)
    assert data["ground_energy"].item() == khgps.solve_rsb(params).energy
    problem = khgps.draw(params, seed=2, sample=1)
    for method in ("descent", "lbfgs"):
        end = quartic.minimize(problem, method=method, start="zero")
        assert data[f"{method}_of_samples"].values[1] == pytest.approx(end.energy / 64, rel=1e-9)


def test_powers_of_the_speed() -> None:
    """Made of t^-2 for the limit, t^-1 and t^-3 for samples: -2 +- 1."""
    time = times_until(50.0, 9)
    speeds = np.array([time**-1.0, time**-3.0])
    data = xr.Dataset(
        {
            "dissipation": ("time", 3.0 * time**-2.0),
            "dissipation_error": ("time", 0.0 * time),
            "dissipation_of_samples": (("sample", "time"), speeds),
        },
        {"time": time},
    )
    (limit, power, error), (_, mean, scatter) = powers(data)
    assert limit == "the limit"
    assert (power, error, mean, scatter) == pytest.approx((-2.0, 0.0, -2.0, 1.0), abs=1e-12)
    assert of_samples(data, "dissipation")[0] == pytest.approx(speeds.mean(axis=0))


def made_up(start: str = "zero", status: str = "complete") -> xr.Dataset:
    """Return a limit with errors 0.03, and samples at +- 0.04 of it, their energy 0.1 higher at last."""
    time = np.array([1.0, 2.0, 4.0])
    energy, shift = 1.0 / time, np.array([0.0, 0.0, 0.1])
    C = np.minimum.outer(time, time)
    one = {"energy": energy, "mean_x": time, "dissipation": time**-2.0, "chi": time, "C": C, "R": np.tril(C)}
    dims: dict[str, tuple[str, ...]] = {k: ("time", "earlier")[: value.ndim] for k, value in one.items()}
    variables: dict[str, Any] = {name: (dims[name], value) for name, value in one.items()}
    variables |= {f"{name}_error": (dims[name], np.full(value.shape, 0.03)) for name, value in one.items()}
    for name in ("energy", "mean_x", "dissipation", "C", "R"):
        pair = [one[name] + sign * 0.04 + (shift if name == "energy" else 0.0) for sign in (-1, 1)]
        variables[f"{name}_of_samples"] = (("sample", *dims[name]), np.array(pair))
    variables |= {f"{name}_of_samples": ("sample", np.array([0.2, 0.3])) for name in ("descent", "lbfgs")}
    variables["ground_energy"] = ((), 0.1)
    coordinates = {
        "time": time,
        "earlier": time,
        "N": 64,
        "J": 0.3,
        "h": 0.01,
        "kappa_0": 1.0,
        "kappa_min": 0.0,
    }
    attributes = {"start": start, "status": status, "limit_samples": 128, "limit_batches": 3}
    return xr.Dataset(variables, coordinates, attributes)


def test_the_figure_says_what_is_drawn_and_how_far_samples_are_off(drawn: Drawn) -> None:
    """Errors of two samples at +- 0.04 are 0.04: 0.1 is two standard errors with the 0.03 of the limit."""
    drawing = drawn(lambda path: dynamics.draw(made_up(), path))
    words = drawing.get_supxlabel().replace("\n", " ")
    assert "3 batches of 128 samples" in words
    assert "each of 2 samples of $N$ = 64" in words
    assert "from $x = 0$, $J$ = 0.3, $h$ = 0.01" in words
    assert "at most 2.0 standard errors off the line, at $t$ = 4" in words
    assert "noise" not in words
    energy = drawing.axes[0]
    assert energy.lines[0].get_ydata() == pytest.approx([0.9, 0.4, 0.15])
    assert energy.lines[-1].get_ydata() == pytest.approx([0.15, 0.15])
    assert "noise takes over" in dynamics.caption(made_up(status="noise"))
    alone = made_up("random").isel(sample=[0])
    assert "from a random $x$" in dynamics.caption(alone)
    assert "Too few samples" in dynamics.caption(alone)


def test_the_figure_with_hessians_names_their_samples(drawn: Drawn) -> None:
    eigenvalue = np.sort(np.random.default_rng(0).power(2.5, (30, 2, 40)), axis=-1)
    eigenvalue[:, 0, 0] *= -1.0
    data = made_up().assign(eigenvalue=(("hessian_sample", "stop", "mode"), eigenvalue))
    data = data.assign_coords(stop=[10.0, math.inf], hessian_N=40).assign_attrs(hessian_coupling="stored")
    drawing = drawn(lambda path: dynamics.draw(data, path))
    assert "30 samples of $N$ = 40, stored couplings" in drawing.get_supxlabel().replace("\n", " ")
    (law,) = drawing.axes[7].containers
    assert law[0].get_xdata().tolist() == [0, 1]


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--until", "3", "--points", "4", "--samples", "64", "--flows", "2", "-N", "64"]
    options += ["--hessians", "3", "--hessian-size", "40"]
    assert main(["dynamics", *options, "-o", str(tmp_path / "way")]) == 0
    text = capsys.readouterr().out
    assert "pull" in text
    assert "speed of samples ~ t^" in text
    assert "Hessians of 3 samples of N = 40, stored couplings" in text
    assert text.count("minimum ") == 1
    assert (tmp_path / "way.png").stat().st_size > 10_000
    with xr.open_dataset(tmp_path / "way.nc") as data:
        assert data.attrs["status"] == "complete"
        assert math.isfinite(data["chi"].values[-1])
        assert data["eigenvalue"].shape == (3, 2, 40)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--until", "0.1"], "until = 0.1: must be finite and > 0.5"),
        (["--samples", "100"], "samples = 100: must be a power of two"),
        (["--start", "kick"], "start = 'kick'"),
        (["--flows", "-1"], "flows = -1"),
        (["--hessians", "-1"], "hessians = -1"),
        (["--hessians", "1", "--hessian-size", "9000"], "hessian-size = 9000"),
    ],
)
def test_bad_input_is_one_line(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dynamics", *options]) == 2
    (text,) = capsys.readouterr().err.splitlines()
    assert message in text
