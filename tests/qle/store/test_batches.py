"""Batch files: whole or absent, proven to the last byte, and in their place."""

import errno
import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qle import Spec, StoreDamage, StoreError
from qle.description.identity import Arrays, Identity, digest
from qle.store.batches import (
    Batch,
    examine,
    point_folder,
    read_batch,
    set_aside,
    spans,
    unfinished,
    write_batch,
)
from tests.batches import arrays_of

SPEC = Spec(model="khgps", samples=10, grid={"N": 8, "h": 0.1, "J": [0.1, 0.2]}, measure={"modes": 2})  # type: ignore[arg-type]
POINTS: list[dict[str, Any]] = [{**SPEC.series, "parameters": p} for p in SPEC.points()]


def batch(point: Identity, start: int, stop: int) -> tuple[Identity, Arrays]:
    return {**point, "start": start, "stop": stop}, arrays_of(point, start, stop)


def stored(store: Path, point: Identity = POINTS[0], start: int = 0, stop: int = 5) -> Path:
    write_batch(store, *batch(point, start, stop))
    return point_folder(store, point) / f"{start}-{stop}.npz"


def only(path: Path) -> Batch:
    (span,) = [span for span in spans(path.parent) if span.path == path]
    return read_batch(span)


def test_a_batch_comes_back_bit_for_bit_and_numpy_reads_it_too(tmp_path: Path) -> None:
    path = stored(tmp_path)
    identity, arrays = batch(POINTS[0], 0, 5)
    found = only(path)
    assert found.identity == identity
    with np.load(path, allow_pickle=False) as by_numpy:
        for name, array in arrays.items():
            assert found.arrays[name].dtype == array.dtype
            assert found.arrays[name].tobytes() == array.tobytes() == by_numpy[name].tobytes()


def test_equal_batches_are_equal_files(tmp_path: Path) -> None:
    assert stored(tmp_path / "a").read_bytes() == stored(tmp_path / "b").read_bytes()


def test_the_names_of_folders_do_not_change() -> None:
    # printf '{"a":[1,2.5],"b":"x"}' | sha256sum, its head; any other value would orphan every store
    assert digest({"b": "x", "a": [1, 2.5]}) == "5cefae54a95b31dc"


@given(data=st.data())
def test_any_altered_byte_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = stored(tmp_path_factory.mktemp("store"))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(StoreDamage, match=path.name):
        only(path)


@given(data=st.data())
def test_any_truncation_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = stored(tmp_path_factory.mktemp("store"))
    size = path.stat().st_size
    os.truncate(path, data.draw(st.integers(0, size - 1)))
    with pytest.raises(StoreDamage, match="truncated"):
        only(path)


def test_appended_bytes_are_found(tmp_path: Path) -> None:
    path = stored(tmp_path)
    with path.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(StoreDamage):
        only(path)


def test_a_pickle_with_a_valid_checksum_is_damage_and_is_not_read(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "exploded"),)

    path = stored(tmp_path)
    buffer = io.BytesIO()
    np.savez(buffer, identity=np.array("{}"), x=np.array([Bomb()], dtype=object))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = bytes(64)
    body = buffer.getvalue()[:-64]
    path.write_bytes(body + hashlib.sha256(body).hexdigest().encode())
    with pytest.raises(StoreDamage, match="is no batch"):
        only(path)
    assert not (tmp_path / "exploded").exists()


def test_a_file_in_the_place_of_another_is_found(tmp_path: Path) -> None:
    here, there = stored(tmp_path), stored(tmp_path, POINTS[1])
    later = stored(tmp_path, start=5, stop=10)
    contents = [path.read_bytes() for path in (here, there, later)]
    for path, content in zip((there, later, here), contents, strict=True):
        path.write_bytes(content)
        with pytest.raises(StoreDamage, match="another point or range"):
            only(path)


def test_another_format_is_an_error_and_no_damage(tmp_path: Path) -> None:
    path = stored(tmp_path, {**POINTS[0], "format": 99})
    with pytest.raises(StoreError, match="store format 99") as caught:
        only(path)
    assert not isinstance(caught.value, StoreDamage)


def test_damage_is_set_aside_under_its_own_name(tmp_path: Path) -> None:
    path = stored(tmp_path)
    set_aside(path)
    set_aside(path)  # another run was faster
    assert [p.name for p in path.parent.iterdir()] == ["0-5.npz.damaged"]
    assert list(examine(path.parent)) == []


def test_only_what_overlaps_is_read(tmp_path: Path) -> None:
    paths = [stored(tmp_path, start=start, stop=start + 5) for start in (0, 5, 10)]
    paths[2].write_bytes(b"")
    ranges = [(span.start, span.stop) for span, _ in examine(paths[0].parent, 4, 10)]
    assert ranges == [(0, 5), (5, 10)]


@pytest.mark.parametrize(
    "name", ["notes.txt", "5-3.npz", "00-5.npz", "0-5.npz.damaged", "0-5.npy", "a-b.npz"]
)
def test_other_files_are_no_batches(tmp_path: Path, name: str) -> None:
    folder = stored(tmp_path).parent
    (folder / name).write_bytes(b"?")
    assert [span.path.name for span in spans(folder)] == ["0-5.npz"]
    assert unfinished(folder) == []


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_full_disk_is_one_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(StoreError, match=r"0-5\.npz: cannot be written: No space left on device"):
        stored(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
