"""Merged batch files: the same samples at every instant, whatever is killed, damaged or read meanwhile."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

import qle
from qle import Spec, StoreError
from qle.description.identity import Identity
from qle.running.tasks import complete, plan_point
from qle.store.batches import examine, point_folder, spans, write_batch
from qle.store.blocks import claim
from qle.store.compaction import FAN, compact
from tests.batches import arrays_of
from tests.executors import Inline

# at N = 2800 a block is one sample, and takes about a second: 8 (1000/N)^2 = 1.02
SPEC = Spec(model="khgps", samples=1, grid={"N": 2800, "h": 0.1, "J": 0.1}, measure={"modes": 2})  # type: ignore[arg-type]
POINT: Identity = {**SPEC.series, "parameters": next(SPEC.points())}


@pytest.fixture(autouse=True)
def _no_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


def store_blocks(store: Path, start: int, stop: int, step: int = 1) -> None:
    for low in range(start, stop, step):
        write_batch(store, {**POINT, "start": low, "stop": low + step}, arrays_of(POINT, low, low + step))


def ranges(store: Path) -> list[tuple[int, int]]:
    return [(span.start, span.stop) for span in spans(point_folder(store, POINT))]


def seen(store: Path) -> list[float]:
    """Return the first frequency of every sample there is, each once, and check the others."""
    found: dict[int, float] = {}
    for span, batch in examine(point_folder(store, POINT)):
        assert not isinstance(batch, StoreError)
        for sample, row in zip(range(span.start, span.stop), batch.arrays["frequency"], strict=True):
            assert row[1] == row[0] + 0.5
            assert found.setdefault(sample, row[0] - 1) == row[0] - 1
    return [found[sample] for sample in sorted(found)]


def test_full_groups_become_one_file_and_the_rest_stays(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, 2 * FAN + 3)
    compact(tmp_path, POINT)
    assert ranges(tmp_path) == [(0, 64), (64, 128), (128, 129), (129, 130), (130, 131)]
    assert seen(tmp_path) == list(range(131))
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*.npz")}
    compact(tmp_path, POINT)
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*.npz")} == before
    assert list(tmp_path.rglob("*.lock")) == []


def test_groups_of_groups_are_merged_again(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, FAN * FAN, FAN)
    store_blocks(tmp_path, FAN * FAN, FAN * FAN + 2)
    compact(tmp_path, POINT)
    assert ranges(tmp_path) == [(0, 4096), (4096, 4097), (4097, 4098)]
    assert seen(tmp_path) == list(range(4098))


def test_no_more_than_an_hour_of_work_is_put_in_one_file(tmp_path: Path) -> None:
    spec = Spec(model="khgps", samples=1, grid={"N": 4000, "h": 0.1, "J": 0.1})
    point = {**spec.series, "parameters": next(spec.points())}
    for low in range(0, FAN * FAN, FAN):  # two seconds a sample: 4096 of them take two hours
        write_batch(tmp_path, {**point, "start": low, "stop": low + FAN}, arrays_of(point, low, low + FAN))
    compact(tmp_path, point)
    assert len(spans(point_folder(tmp_path, point))) == FAN


def test_a_merged_file_is_the_file_of_one_batch(tmp_path: Path) -> None:
    store_blocks(tmp_path / "merged", 0, FAN)
    compact(tmp_path / "merged", POINT)
    store_blocks(tmp_path / "one", 0, FAN, FAN)
    (merged,), (one,) = ((tmp_path / name).rglob("*.npz") for name in ("merged", "one"))
    assert merged.read_bytes() == one.read_bytes()


def test_only_the_groups_around_a_sample_are_looked_at_if_one_is_given(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, 2 * FAN)
    compact(tmp_path, POINT, FAN + 5)
    assert ranges(tmp_path) == [*((s, s + 1) for s in range(FAN)), (FAN, 2 * FAN)]


def test_files_that_overlap_are_merged_each_sample_once(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, FAN)
    store_blocks(tmp_path, 0, 60, 20)
    compact(tmp_path, POINT)
    assert ranges(tmp_path) == [(0, FAN)]
    assert seen(tmp_path) == list(range(FAN))


def test_a_missing_sample_keeps_a_group_as_it_is(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, 40)
    store_blocks(tmp_path, 41, FAN)
    compact(tmp_path, POINT)
    assert len(ranges(tmp_path)) == FAN - 1


@pytest.mark.parametrize("writes", range(4))
@pytest.mark.parametrize("removals", [0, 1, 30, 63])
def test_a_kill_at_any_step_loses_nothing_and_the_next_merge_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int, removals: int
) -> None:
    class Killed(BaseException):
        pass

    left = Counter(write=writes, remove=removals)

    def step(name: str, does: Any) -> Any:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            if str(arguments[0]).endswith(".npz") or name == "write":
                left[name] -= 1
                if left[name] < 0:
                    raise Killed
            return does(*arguments, **options)

        return wrapped

    store_blocks(tmp_path, 0, FAN)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", step("write", os.fsync))
        patch.setattr(Path, "unlink", step("remove", Path.unlink))
        try:
            compact(tmp_path, POINT)
        except Killed:
            assert seen(tmp_path) == list(range(FAN))
    compact(tmp_path, POINT)
    assert ranges(tmp_path) == [(0, FAN)]
    assert seen(tmp_path) == list(range(FAN))


def test_a_repeated_file_is_removed_only_if_the_merged_one_is_whole(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, FAN, FAN)
    (merged,) = tmp_path.rglob("*.npz")
    merged.write_bytes(merged.read_bytes()[:-1])
    store_blocks(tmp_path, 0, FAN)
    compact(tmp_path, POINT)
    assert len(ranges(tmp_path)) == FAN + 1


def test_damaged_files_are_not_merged(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, FAN)
    path = spans(point_folder(tmp_path, POINT))[7].path
    path.write_bytes(b"")
    compact(tmp_path, POINT)
    assert len(ranges(tmp_path)) == FAN


def test_files_too_large_together_stay_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_blocks(tmp_path, 0, FAN)
    monkeypatch.setattr("qle.store.compaction.LARGEST", 1000)
    compact(tmp_path, POINT)
    assert len(ranges(tmp_path)) == FAN


def test_a_group_that_another_run_holds_is_left_to_it(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, FAN)
    with claim(tmp_path, POINT, 0) as held:
        assert held
        compact(tmp_path, POINT)
        assert len(ranges(tmp_path)) == FAN


def test_a_store_that_cannot_be_written_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    store_blocks(tmp_path, 0, FAN)
    monkeypatch.setattr(os, "replace", refuse)
    compact(tmp_path, POINT)
    assert len(ranges(tmp_path)) == FAN


def test_a_reader_meanwhile_sees_every_sample(tmp_path: Path) -> None:
    store_blocks(tmp_path, 0, 2 * FAN)
    reading = examine(point_folder(tmp_path, POINT))
    found = [next(reading) for _ in range(10)]
    compact(tmp_path, POINT)
    found += list(reading)
    covered: set[int] = set()
    for span, _ in found:
        assert span.start <= len(covered)  # in order, and no gap
        covered |= set(range(span.start, span.stop))
    assert covered == set(range(2 * FAN))


def test_a_damaged_merged_file_is_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qle.running.tasks.measure_range", arrays_of)
    store_blocks(tmp_path, 0, FAN, FAN)
    (merged,) = tmp_path.rglob("*.npz")
    merged.write_bytes(b"")
    tasks = list(plan_point(tmp_path, POINT, FAN))
    assert len(tasks) == FAN
    outcomes = [complete(task) for task in tasks]
    assert [len(outcome.damage) for outcome in outcomes] == [1] + [0] * (FAN - 1)
    compact(tmp_path, POINT)
    assert ranges(tmp_path) == [(0, FAN)]
    assert seen(tmp_path) == list(range(FAN))


def test_a_sweep_merges_as_it_goes_and_resumes_by_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qle.running.cluster._limit_threads", lambda: None)
    monkeypatch.setattr("qle.running.tasks.batch_size", lambda N: 2)
    monkeypatch.setattr("qle.store.compaction.batch_size", lambda N: 2)
    monkeypatch.setattr("qle.store.compaction.FAN", 4)
    table = {"model": "khgps", "grid": {"N": 16, "h": 0.1, "J": 0.1}, "measure": {"modes": 2}}

    def run(store: Path, samples: int) -> xr.Dataset:
        return qle.sweep({**table, "samples": samples}, store=store, executor=Inline(), progress="none")

    first = run(tmp_path, 21)
    found = sorted((span.start, span.stop) for folder in tmp_path.glob("*/*") for span in spans(folder))
    # groups of 4 blocks of 2 samples: two of them full; then two blocks and the last sample
    assert found == [(0, 8), (8, 16), (16, 18), (18, 20), (20, 21)]
    dataset = run(tmp_path, 32)
    xr.testing.assert_identical(dataset.isel(sample=slice(21)), first)
    xr.testing.assert_identical(dataset, run(tmp_path / "alone", 32))
    assert len(list((tmp_path / "alone").rglob("*.npz"))) == 1
