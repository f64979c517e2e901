"""Sweeps of models of a user's own: what they compute, and the same bytes whoever computes and is killed."""

import os
import re
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import brentq

import qle
from landscape import disorder
from qle.cli import main
from qle.figures import vdos
from qle.running.cluster import dask_executor
from tests.dask_processes import dask, free_port, nannies, wait_for
from tests.executors import Inline
from tests.own_models import forget, write_modules

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills groups of processes")

SWEEP = """\
model = "own_ring:Ring"
samples = 4
[grid]
N = 12
J = { from = 0.01, to = 0.12, points = 12 }
shape = ["even", "odd"]
[measure]
modes = 3
nonlinear = true
"""
SPRINGS: dict[str, Any] = {
    "model": "own_springs:Springs",
    "samples": 3,
    "grid": {"N": 6, "g": [0.1, 0.4]},
    "protocol": {"start": "zero", "tol": 1e-8},
    "measure": {"modes": "all", "chi": True, "nonlinear": True},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder outside the repository with modules and the file of a sweep."""
    place = write_modules(tmp_path_factory.mktemp("user"))
    (place / "sweep.toml").write_text(SWEEP)
    return place


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", list(sys.path))
    forget()
    yield
    forget()


@pytest.fixture(scope="module")
def reference(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, xr.Dataset]:
    store = tmp_path_factory.mktemp("reference")
    before, path = list(sys.path), folder / "sweep.toml"
    try:
        return store, qle.sweep(path, store=store, workers=1, progress="none")
    finally:
        sys.path[:] = before


def spring_force(x: float, k: float, f: float, g: float) -> float:
    """Return dU/dx of U = k x^2/2 + g cos x - f x."""
    return k * x - g * float(np.sin(x)) - f


def contents(store: Path) -> dict[Path, bytes]:
    return {path.relative_to(store): path.read_bytes() for path in store.rglob("*") if path.is_file()}


def test_a_killed_sweep_of_an_own_model_is_resumed_to_the_same_bytes(
    folder: Path, reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    command = [
        sys.executable,
        "-P",
        "-m",
        "qle.cli",
        "sweep",
        "../sweep.toml",
        "--store",
        str(store),
        "--quiet",
    ]
    (folder / "elsewhere").mkdir()
    options: Any = {"cwd": folder / "elsewhere", "stderr": subprocess.PIPE}
    process = subprocess.Popen([*command, "--workers", "1"], start_new_session=True, **options)
    wait_for(lambda: len(list(store.rglob("*.npz"))) >= 2, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert len(list(store.rglob("*.npz"))) < 24
    with pytest.warns(qle.StoreWarning, match="a sweep of 24 points with 4 samples is unfinished"):
        qle.open(store)
    ended = subprocess.run([*command, "--workers", "1"], **options)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert contents(store) == contents(reference[0])


def test_a_store_of_an_own_model_is_read_without_it(reference: tuple[Path, xr.Dataset]) -> None:
    """By another process, which has no such module."""
    store, swept = reference
    forget()
    sys.modules["own_ring"] = None  # type: ignore[assignment]
    xr.testing.assert_identical(qle.open(store), swept)
    assert swept.sizes == {"h": 1, "J": 12, "shape": 2, "sample": 4, "mode": 3, "excitation": 12}
    assert swept.attrs["model"].startswith("own_ring:Ring@")


def test_a_cluster_has_the_model_from_the_users_folder(
    folder: Path, reference: tuple[Path, xr.Dataset], tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what dask warns of is not ours
        pytest.importorskip("distributed")
    with dask(port := free_port()), nannies(port), dask_executor(f"tcp://127.0.0.1:{port}") as executor:
        found = qle.sweep(folder / "sweep.toml", store=tmp_path, executor=executor, progress="none")
    xr.testing.assert_identical(found, reference[1])
    assert contents(tmp_path) == contents(reference[0])


@pytest.fixture(scope="module")
def springs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        return qle.sweep(SPRINGS, store=tmp_path_factory.mktemp("springs"), workers=1, progress="none")


def test_springs_known_by_functions_have_their_own_minima(springs: xr.Dataset) -> None:
    """Uncoupled springs, H = sum k x^2/2 + g cos x - f x: each minimum is a root of one equation."""
    data = springs
    assert (data.status == 0).all()
    for s in range(3):
        k = 1.0 + disorder.uniform(6, seed=1, sample=s, label="springs")
        f = disorder.normal(6, seed=1, sample=s, label="forces")
        for i, g in enumerate((0.1, 0.4)):
            found = data.isel(g=i, sample=s)
            # the force k x - g sin x - f rises everywhere, as k > g, and is past f at |x| = |f| + 1
            x = [brentq(spring_force, -9.0, 9.0, (*one, g), xtol=1e-14) for one in zip(k, f, strict=True)]
            curvature = k - g * np.cos(x)
            np.testing.assert_allclose(found.frequency, np.sort(curvature) ** 0.5, rtol=1e-7)
            np.testing.assert_allclose(found.mean_x2, np.mean(np.square(x)), rtol=1e-7)
            energy = np.mean(k * np.square(x) / 2 + g * np.cos(x) - f * x)
            np.testing.assert_allclose(found.energy, energy, rtol=1e-12)
            np.testing.assert_allclose(found.chi, np.mean(1.0 / curvature), rtol=1e-7)
            # along one coordinate 2 b2^3/(3 b3^2) has b3 = g sin x: the softest is among the cubic modes
            barrier = 2.0 * curvature**3 / (3.0 * (g * np.sin(x)) ** 2)
            np.testing.assert_allclose(found.cubic_barrier.min(), barrier.min(), rtol=1e-5)


def test_another_source_begins_results_of_its_own_and_says_so(folder: Path, tmp_path: Path) -> None:
    sys.path.append(str(write_modules(tmp_path)))
    spec = {"model": "own_springs:Bare", "samples": 1, "grid": {"N": 3}, "measure": {"modes": 2}}
    spec["protocol"] = {"start": "kick"}
    first = qle.sweep(spec, store=tmp_path / "store", executor=Inline(), progress="none")
    with (tmp_path / "own_springs.py").open("a") as file:
        file.write("# the same, but who knows that?\n")
    forget()
    with pytest.warns(qle.StoreWarning, match="has results of own_springs:Bare with another source, series"):
        second = qle.sweep(spec, store=tmp_path / "store", executor=Inline(), progress="none")
    assert first.attrs.pop("model") != second.attrs.pop("model")
    xr.testing.assert_identical(first, second)
    with pytest.raises(qle.StoreError, match="holds 2 series"):
        qle.open(tmp_path / "store")


def test_a_worker_that_has_another_source_refuses(folder: Path, tmp_path: Path) -> None:
    """A process that sees another file of that name computes nothing."""
    sys.path.append(str(write_modules(tmp_path)))
    table = {"model": "own_springs:Bare", "samples": 1, "grid": {"N": 3}, "measure": {"modes": 2}}
    spec = qle.Spec.from_mapping({**table, "protocol": {"start": "kick"}})
    (tmp_path / "own_springs.py").write_text("# nothing\n" + (tmp_path / "own_springs.py").read_text())
    forget()
    with pytest.raises(qle.SpecError, match="its source has changed, here it is own_springs:Bare@"):
        qle.sweep(spec, store=tmp_path / "store", workers=1, progress="none")
    assert list((tmp_path / "store").rglob("*.npz")) == []


def test_the_cost_of_a_sweep_of_an_own_model_is_known_before(folder: Path, tmp_path: Path) -> None:
    from qle.running.plan import plan

    sys.path.append(str(folder))
    made = plan(qle.Spec.from_mapping(SPRINGS), store=tmp_path)
    assert [(cost.N, cost.points, cost.samples) for cost in made.costs] == [(6, 2, 6)]


def test_the_figure_of_an_own_model_has_a_curve_for_each_of_its_parameters(
    reference: tuple[Path, xr.Dataset], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ring has no kappa_0 and a shape that ours have not: 24 curves are too many, 12 are drawn."""
    command, path = ["figure", "vdos", str(reference[0])], tmp_path / "D.svg"
    assert main([*command, "-o", str(path)]) == 2
    assert "curves = 24 (12 of J, 2 of shape): at most 12" in capsys.readouterr().err
    assert main([*command, "--where", "shape=odd", "-o", str(path)]) == 0
    text = path.read_text()
    words = re.findall("<!-- (.*?) -->", text[text.index('id="legend_1"') :])
    assert words == ["$J$", *(f"{J:g}" for J in reference[1].J.values)]


def test_springs_are_told_apart_by_the_parameter_of_their_own(springs: xr.Dataset, tmp_path: Path) -> None:
    text = vdos.draw(springs, tmp_path / "D.svg").read_text()
    words = re.findall("<!-- (.*?) -->", text[text.index('id="legend_1"') :])
    assert words == ["g", "0.1", "0.4"]
