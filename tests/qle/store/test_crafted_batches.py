"""Batches that somebody made: with a checksum that is right, in their place, and not what a sweep writes.

All are damage, found when they are read, in no time and with no more memory than the file has bytes.
"""

import hashlib
import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qle
from qle import Spec, StoreDamage, StoreError, StoreWarning
from qle.description.identity import Identity, canonical
from qle.running.tasks import complete, plan_point
from qle.store.batch_file import pack
from qle.store.batches import Span, examine, point_folder, read_batch, write_batch
from tests.batches import arrays_of

SPEC = Spec(
    model="khgps",
    samples=10,
    grid={"N": 8, "h": 0.1, "J": 0.1},
    measure={"modes": 2, "chi": True, "nonlinear": True, "heat": True},  # type: ignore[arg-type]
)
POINT: Identity = {**SPEC.series, "parameters": next(SPEC.points())}
IDENTITY: dict[str, Any] = {**POINT, "start": 0, "stop": 5}
GOOD = arrays_of(POINT, 0, 5)


def npy(array: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), **options)
    return file.getvalue()


def header(descr: str, shape: str, data: bytes = b"", *, order: str = "False") -> bytes:
    """Return an .npy file whose header says what it is told to."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def members(**changes: bytes | None) -> dict[str, bytes]:
    """Return the files in a good batch with some changed, or None for left out."""
    content: dict[str, bytes | None] = {"identity": npy(np.array([canonical(IDENTITY)]))}
    content |= {name: npy(array) for name, array in GOOD.items()} | changes
    return {name: data for name, data in content.items() if data is not None}


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive with its checksum."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.npy", data)
        archive.comment = bytes(64)
    return sealed(buffer.getvalue()[:-64])


def sealed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).hexdigest().encode()


def placed(store: Path, content: bytes, identity: Identity = IDENTITY) -> Path:
    path = point_folder(store, identity) / f"{identity['start']}-{identity['stop']}.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def changed(name: str, change: Callable[[Any], Any]) -> dict[str, bytes]:
    array = GOOD[name].copy()
    return members(**{name: npy(change(array))})


def put(index: Any, value: float) -> Callable[[Any], Any]:
    def change(array: Any) -> Any:
        array[index] = value
        return array

    return change


FIELD = np.zeros(5, [("a", "<f8")])
CRAFTED: dict[str, tuple[bytes, str]] = {
    "no zip": (sealed(b"PK\x05\x06" + bytes(500)), "is no batch"),
    "nothing in it": (zipped({}), "is no batch"),
    "an array missing": (zipped(members(chi=None)), "not the arrays that its identity says"),
    "an array too many": (zipped(members(more=npy([1.0]))), "not the arrays"),
    "fewer rows": (zipped(changed("energy", lambda a: a[:-1])), r"energy: is .*\(4,\).*must be <f8 of shape"),
    "fewer rows in all": (
        zipped(members(**{name: npy(array[:3]) for name, array in GOOD.items()})),
        r"must be .* of shape \(5,",
    ),
    "fewer modes": (zipped(changed("frequency", lambda a: a[:, :1])), r"must be <f8 of shape \(5, 2\)"),
    "other order": (zipped(changed("frequency", np.asfortranarray)), "frequency: is"),
    "float32": (zipped(changed("energy", lambda a: a.astype("f4"))), "must be <f8"),
    "big-endian": (zipped(changed("energy", lambda a: a.astype(">f8"))), "must be <f8"),
    "complex": (zipped(changed("energy", lambda a: a.astype(complex))), "must be <f8"),
    "words": (zipped(changed("energy", lambda a: a.astype(str))), "must be <f8"),
    "fields": (zipped(members(energy=npy(FIELD))), "must be <f8"),
    "pickle": (zipped(members(energy=npy(np.array(5 * [None]), allow_pickle=True))), "must be <f8"),
    "huge shape": (zipped(members(energy=header("'<f8'", "(1000000000000,)"))), "must be <f8 of shape"),
    "right header, no data": (zipped(members(energy=header("'<f8'", "(5,)"))), "is no batch"),
    "right header, much data": (zipped(members(energy=header("'<f8'", "(5,)", bytes(48)))), "is no batch"),
    "half a number": (zipped(members(energy=header("'<f8'", "(5,)", bytes(39)))), "is no batch"),
    "deep header": (zipped(members(energy=header(250 * "[" + 250 * "]", "(5,)"))), "header of"),
    "deep enough": (zipped(members(energy=header(210 * "[" + 210 * "]", "(5,)"))), "is no batch"),
    "header that calls": (zipped(members(energy=header("print('x')", "(5,)"))), "is no batch"),
    "no header": (zipped(members(energy=b"\x93NUMPY\x01\x00\xff\xff")), "is no batch"),
    "no array": (zipped(members(energy=b"")), "energy: is no array"),
    "compressed": (zipped(members(), zipfile.ZIP_DEFLATED), "is compressed"),
    "zip bomb": (zipped(members(energy=bytes(10**7)), zipfile.ZIP_DEFLATED), "is compressed"),
    "status 99": (zipped(changed("status", put(2, 99))), "status: is from 0 to 99, must be 0 to 3"),
    "status -1": (zipped(changed("status", put(2, -1))), "status: is from -1"),
    "nan frequency": (zipped(changed("frequency", put((3, 1), np.nan))), "frequency: is not finite"),
    "nan energy": (zipped(changed("energy", put(3, np.nan))), "energy: is not finite"),
    "inf chi": (zipped(changed("chi", put(3, np.inf))), "chi: is not finite"),
    "unstable": (zipped(changed("frequency", put((3, 0), -1.0))), "frequency: is not positive"),
    "identity a number": (zipped(members(identity=npy(5))), "identity: is no text"),
    "identity no object": (zipped(members(identity=npy(np.array(["[]"])))), "identity: is no object"),
    "identity no JSON": (zipped(members(identity=npy(np.array(["{"])))), "is no batch"),
    "identity empty": (zipped(members(identity=npy(np.array(["{}"])))), "is no batch"),
    "identity deep": (zipped(members(identity=npy(np.array([10**5 * "["])))), "is no batch"),
    "identity huge number": (
        zipped(members(identity=npy(np.array(['{"format": ' + 5000 * "9" + "}"])))),
        "is no batch",
    ),
    "identity nan": (zipped(members(identity=npy(np.array(['{"format": NaN}'])))), "has NaN"),
    "identity no Unicode": (
        zipped(members(identity=header("'<U1'", "(1,)", b"\xff\xff\xff\xff"))),
        "is no batch",
    ),
}


@pytest.mark.parametrize("kind", CRAFTED)
def test_a_crafted_batch_is_damage(tmp_path: Path, kind: str) -> None:
    content, reason = CRAFTED[kind]
    path = placed(tmp_path, content)
    tracemalloc.start()
    with pytest.raises(StoreDamage, match=reason) as caught:
        read_batch(Span(0, 5, path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.path == str(path)
    assert len(str(caught.value)) < len(str(path)) + 300  # a line, whatever is in the file
    assert peak < 10 * len(content) + 10**6  # of which most is where the parser of JSON goes deep


def test_a_good_one_made_by_the_same_hands_is_none(tmp_path: Path) -> None:
    batch = read_batch(Span(0, 5, placed(tmp_path, zipped(members()))))
    for name, array in GOOD.items():
        np.testing.assert_array_equal(batch.arrays[name], array)


def with_changes(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    identity: dict[str, Any] = json.loads(canonical(IDENTITY))
    place = identity
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return identity


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("model",), "ising"),
        (("model",), ["khgps"]),
        (("seed",), -1),
        (("seed",), 1.5),
        (("seed",), True),
        (("start",), -5),
        (("start",), 5),
        (("stop",), 2**33),
        (("more",), 1),
        (("parameters",), {}),
        (("parameters",), 5),
        (("parameters", "N"), "many"),
        (("parameters", "N"), -8),
        (("parameters", "N"), 9),
        (("parameters", "N"), 10**9),
        (("parameters", "J"), None),
        (("parameters", "kappa_0"), -1.0),
        (("parameters", "more"), 1.0),
        (("protocol",), {}),
        (("protocol", "tol"), "1e-10"),
        (("protocol", "method"), "magic"),
        (("protocol", "starts"), 1),
        (("measure",), []),
        (("measure", "modes"), 0),
        (("measure", "modes"), 3),
        (("measure", "modes"), 10**12),
        (("measure", "modes"), "all"),
        (("measure", "chi"), "yes"),
        (("measure", "chi"), False),
    ],
)
def test_an_identity_that_no_sweep_has_or_that_the_arrays_do_not_fit_is_damage(
    tmp_path: Path, path: tuple[str, ...], value: Any
) -> None:
    """In its own place, so that nothing but what it says is wrong."""
    identity = with_changes(path, value)
    file = placed(tmp_path, pack(canonical(identity), GOOD), identity)
    with pytest.raises(StoreDamage, match="is no batch"):
        read_batch(Span(identity["start"], identity["stop"], file))
    with pytest.raises(StoreError, match=r"the store has no whole batch|holds no results"):
        qle.open(tmp_path)


def test_another_format_in_our_folder_blocks_nothing(tmp_path: Path) -> None:
    version: Any
    for version in (99, [], None):
        path = placed(tmp_path / str(version), pack(json.dumps({"format": version}), {}))
        ((_, found),) = examine(path.parent)
        assert isinstance(found, StoreError)
        (task,) = plan_point(tmp_path / str(version), POINT, 5)
        assert complete(task).new == 5


def test_a_file_too_large_for_a_batch_is_not_read(tmp_path: Path) -> None:
    path = placed(tmp_path, b"")
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(StoreDamage, match="is no batch: it has 1099511627776 bytes"):
        read_batch(Span(0, 5, path))


def test_what_would_be_no_batch_is_not_written(tmp_path: Path) -> None:
    for arrays in ({"status": GOOD["status"]}, {**GOOD, "energy": GOOD["energy"] * np.nan}):
        with pytest.raises(StoreError, match="is not written, as it would be no batch"):
            write_batch(tmp_path, IDENTITY, arrays)
    assert list(tmp_path.iterdir()) == []


def test_a_crafted_batch_is_computed_again(tmp_path: Path) -> None:
    path = placed(tmp_path, CRAFTED["status 99"][0])
    with pytest.raises(StoreError, match=r"status: is from 0 to 99.*the store has no whole batch"):
        qle.open(tmp_path)
    write_batch(tmp_path, {**POINT, "start": 5, "stop": 10}, arrays_of(POINT, 5, 10))
    with pytest.warns(StoreWarning, match="its samples count as missing"):
        assert (qle.open(tmp_path).status.values.ravel() == 5 * [-1] + 5 * [0]).all()
    (task,) = plan_point(tmp_path, POINT, 10)
    outcome = complete(task)
    assert outcome.new == 5
    assert outcome.damage[0].startswith(f"{path}: is no batch: status")
    assert (qle.open(tmp_path).status == 0).all()


BYTES = zipped(members())[:-64]


@given(
    places=st.lists(st.tuples(st.integers(0, len(BYTES) - 1), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.none() | st.integers(0, len(BYTES)),
)
def test_any_bytes_are_a_batch_or_damage(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int]], cut: int | None
) -> None:
    """Most changes meet the arrays' numbers, which are as good as others; the rest headers and records."""
    content = bytearray(BYTES)
    for place, value in places:
        content[place] = value
    path = placed(tmp_path_factory.mktemp("store"), sealed(bytes(content[:cut])))
    try:
        batch = read_batch(Span(0, 5, path))
    except StoreDamage:
        return
    assert {name: array.shape for name, array in batch.arrays.items()} == {
        name: array.shape for name, array in GOOD.items()
    }
