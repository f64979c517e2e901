"""Two hosts on one shared folder whose locks do not work: work may be done twice, and nothing is lost."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qle
from qle.store.batches import ATTEMPTS, StoreError, spans, unfinished, write_batch
from tests.batches import arrays_of
from tests.lockless import SAMPLES, SPEC, sweep


def test_two_processes_without_locks_leave_every_sample_once_and_no_damage(tmp_path: Path) -> None:
    """Both write the same batches, remove what the other is writing, and merge what the other merges."""
    store, root = tmp_path / "store", Path(__file__).parents[3]
    other = subprocess.Popen(
        [sys.executable, "-m", "tests.lockless", str(store)],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    assert other.stdin is not None
    other.stdin.write("go\n")
    other.stdin.flush()
    sweep(str(store))
    _, errors = other.communicate(timeout=60)
    assert other.returncode == 0, errors
    data = qle.open(store)
    assert (data.status == 0).all()
    expected = [np.random.default_rng(sample).random() for sample in range(SAMPLES)]
    for J in SPEC.grid["J"]:
        np.testing.assert_array_equal(data.energy.sel(J=J).values.ravel(), expected)
    names = [path.name for path in store.rglob("*") if path.is_file()]
    assert [name for name in names if "damaged" in name or name.endswith(".tmp")] == []


@pytest.mark.parametrize("times", [1, ATTEMPTS])
def test_what_others_remove_while_it_is_written_is_written_again(
    times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the lock of a block takes a temporary file in it for what a killed run left."""
    point: Any = {**SPEC.series, "parameters": next(SPEC.points())}
    identity = {**point, "start": 0, "stop": 1}
    rename, removed = os.replace, list[str]()

    def replace(source: Any, target: Any) -> None:
        if len(removed) < times:
            removed.append(str(source))
            (left,) = unfinished(Path(source).parent)
            left.path.unlink()
        rename(source, target)

    monkeypatch.setattr(os, "replace", replace)
    if times < ATTEMPTS:
        write_batch(tmp_path, identity, arrays_of(point, 0, 1))
        (folder,) = {path.parent for path in tmp_path.rglob("*.npz")}
        assert [(span.start, span.stop) for span in spans(folder)] == [(0, 1)]
    else:
        with pytest.raises(StoreError, match=f"cannot be written: {os.strerror(errno.ENOENT)}"):
            write_batch(tmp_path, identity, arrays_of(point, 0, 1))
    assert len(removed) == times
    assert list(tmp_path.rglob("*.tmp")) == []
