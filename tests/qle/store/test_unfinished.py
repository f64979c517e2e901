"""A sweep that is on its way, or was interrupted, says so to whoever reads its store, until it has ended."""

import dataclasses
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

import qle
from qle import Measure, Spec, StoreWarning
from qle.cli import main
from qle.description.identity import digest
from qle.description.target import Target
from qle.running.notices import SweepInterrupted
from qle.store.unfinished import SUFFIX, recorded, unfinished_sweeps
from tests.executors import Inline

GRID = {"N": 8, "h": 0.1, "J": [0.1, 0.2, 0.3]}
SPEC = Spec(model="khgps", samples=10, grid=GRID, measure=Measure(modes=2))


@pytest.fixture(autouse=True)
def _threads_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qle.running.cluster._limit_threads", lambda: None)


def interrupted(store: Path, spec: Spec = SPEC, after: int = 1) -> None:
    """Sweep until Ctrl-C, after so many tasks; each is a point."""
    left = iter(range(after))

    def call(does: Callable[..., Any], *arguments: Any) -> Any:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return does(*arguments)

    with pytest.raises(SweepInterrupted):
        qle.sweep(spec, store=store, executor=Inline(call), progress="none", workers=1)


def finished(store: Path, spec: Spec = SPEC) -> xr.Dataset:
    return qle.sweep(spec, store=store, executor=Inline(), progress="none")


def records(store: Path) -> list[Path]:
    return list(store.rglob(f"*{SUFFIX}"))


def test_a_sweep_in_progress_is_told_by_every_command_that_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of three points is whole: without the record it would be a sweep of that point."""
    store = tmp_path / "store"
    interrupted(store)
    (record,) = records(store)
    words = (
        "a sweep of 3 points with 10 samples is unfinished, 20 of 30 are missing; "
        f"the same sweep resumes it, or remove {record}"
    )
    with pytest.warns(StoreWarning) as said:
        assert (qle.open(store).status == -1).sum("sample").values.ravel().tolist() == [0, 10, 10]
    assert [str(one.message) for one in said] == [words]
    for command in (["table"], ["export", str(tmp_path / "a.csv")], ["figure", "vdos"]):
        name = ["figure", "vdos"] if command[0] == "figure" else command[:1]
        main([*name, str(store), *command[len(name) :]])
        assert f"qle: warning: {words}" in capsys.readouterr().err.splitlines()
    assert main(["info", str(store)]) == 0
    assert f"  {words}" in capsys.readouterr().out.splitlines()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        xr.testing.assert_identical(finished(store), qle.open(store))
    assert records(store) == []


def test_what_is_missing_is_what_unfinished_sweeps_lack(tmp_path: Path) -> None:
    """Not what other points have more of; and of a sweep with a target nobody can say it."""
    finished(tmp_path)
    interrupted(tmp_path, dataclasses.replace(SPEC, samples=6, grid={**GRID, "h": [0.1, 0.2]}))
    with pytest.warns(StoreWarning, match="12 of 36 are missing"):
        status = qle.open(tmp_path).status
    assert [int((status.sel(h=h) == -1).sum()) for h in (0.1, 0.2)] == [0, 12]
    assert [int((status.sel(h=h) == -2).sum()) for h in (0.1, 0.2)] == [0, 12]


def test_a_sweep_that_does_all_of_another_ends_that_too(tmp_path: Path) -> None:
    interrupted(tmp_path)
    finished(tmp_path, Spec(model="khgps", samples=5, grid=GRID, measure=SPEC.measure))
    assert len(records(tmp_path)) == 1
    finished(tmp_path, Spec(model="khgps", samples=12, grid=GRID, measure=SPEC.measure))
    assert records(tmp_path) == []


def test_of_a_target_the_most_is_said(tmp_path: Path) -> None:
    spec = Spec(model="khgps", samples=400, grid=GRID, measure=Measure(modes=8), target=Target(error=0.3))
    with pytest.raises(ZeroDivisionError), recorded(tmp_path, spec):
        raise ZeroDivisionError
    (found,) = unfinished_sweeps(tmp_path / digest(spec.series))
    assert found.spec == spec  # type: ignore[union-attr]
    assert str(found).startswith(
        "a sweep of 3 points with at most 400 samples is unfinished, at most 1200 of 1200 are missing"
    )


def pipe(path: Path) -> None:
    os.mkfifo(path)


DAMAGE: dict[str, Callable[[Path], Any]] = {
    "empty": Path.touch,
    "no JSON": lambda path: path.write_text("{"),
    "no object": lambda path: path.write_text("[]"),
    "no sweep": lambda path: path.write_text('{"model": "khgps"}'),
    "odd grid": lambda path: path.write_text('{"model": "khgps", "samples": 1, "grid": {"N": [[1]]}}'),
    "deep": lambda path: path.write_text(10**5 * "["),
    "long number": lambda path: path.write_text('{"samples": ' + 5000 * "9" + "}"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "pipe": pipe,
    "loop": lambda path: path.symlink_to(path),
    "folder": Path.mkdir,
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_record_is_named_and_stops_nobody(tmp_path: Path, kind: str) -> None:
    whole = finished(tmp_path)
    path = tmp_path / digest(SPEC.series) / f"odd{SUFFIX}"
    DAMAGE[kind](path)
    with pytest.warns(StoreWarning, match=f"odd{SUFFIX}: is "):
        xr.testing.assert_identical(qle.open(tmp_path), whole)
    assert len(qle.info(tmp_path)[0].unfinished) == 1
    xr.testing.assert_identical(finished(tmp_path), whole)


def test_a_folder_that_is_a_link_gets_no_record(tmp_path: Path) -> None:
    store, outside = tmp_path / "store", tmp_path / "outside"
    store.mkdir()
    outside.mkdir()
    (store / digest(SPEC.series)).symlink_to(outside)
    with pytest.warns(StoreWarning, match="is a symbolic link, must be a folder; it was set aside"):
        finished(store)
    assert list(outside.iterdir()) == []
