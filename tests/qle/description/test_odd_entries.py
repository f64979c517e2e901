"""What is no batch or folder where one should be is named, set aside and computed anew; links stay shut."""

import os
import socket
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import qle
from qle import Spec, StoreDamage, StoreError, StoreWarning
from qle.cli import main
from qle.description.identity import Identity
from qle.running.tasks import complete, plan_point
from qle.store.batches import Span, examine, point_folder, read_batch, set_aside, spans, write_batch
from qle.store.blocks import clear_locks, discard_locks, hold
from qle.store.compaction import compact
from tests.batches import arrays_of
from tests.executors import Inline

SPEC = Spec(model="khgps", samples=10, grid={"N": 8, "h": 0.1, "J": 0.1}, measure={"modes": 2})  # type: ignore[arg-type]
POINT: Identity = {**SPEC.series, "parameters": next(SPEC.points())}
NAME = "0-5.npz"


def stored(store: Path, start: int = 0, stop: int = 5) -> Path:
    write_batch(store, {**POINT, "start": start, "stop": stop}, arrays_of(POINT, start, stop))
    return point_folder(store, POINT) / f"{start}-{stop}.npz"


def directory(path: Path) -> None:
    path.mkdir()
    (path / "file").write_bytes(b"?")


def dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


def loop(path: Path) -> None:
    path.symlink_to(path)


def link_to_a_batch(path: Path) -> None:
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere) if path.exists() else elsewhere.write_bytes(b"?")
    path.symlink_to(elsewhere)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        before = Path.cwd()
        os.chdir(path.parent)  # the path of a socket has 107 characters at most
        one.bind(path.name)
        os.chdir(before)


ODD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "folder": (directory, "is a folder"),
    "dangling link": (dangling, "is a symbolic link"),
    "loop": (loop, "is a symbolic link"),
    "link": (link_to_a_batch, "is a symbolic link"),
    "pipe": (os.mkfifo, "is a named pipe"),
    "socket": (listening, "is a socket"),
    "empty": (Path.touch, "is truncated"),
    "text": (lambda path: path.write_text("notes"), "is truncated"),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_batch_is_named_set_aside_and_computed_again(tmp_path: Path, kind: str) -> None:
    """In time: opening a pipe would wait for ever."""
    whole, path = stored(tmp_path, 5, 10), stored(tmp_path)
    make, reason = ODD[kind]
    if kind != "link":
        path.unlink()
    make(path)
    ((_, damage), (_, found)) = examine(path.parent)
    assert isinstance(damage, StoreDamage)
    assert (damage.path, reason in damage.reason) == (str(path), True)
    assert not isinstance(found, StoreError)
    with pytest.warns(StoreWarning, match=f"{NAME}: .*samples count as missing"):
        assert qle.open(tmp_path).status.values.ravel().tolist() == [-1] * 5 + [0] * 5
    (contents,) = qle.info(tmp_path)
    assert (contents.samples, contents.damaged) == (5, (path,))
    (task,) = plan_point(tmp_path, POINT, 10)
    outcome = complete(task)
    assert (outcome.done, outcome.new, outcome.damage) == (True, 5, (str(damage),))
    assert path.with_name(f"{NAME}.damaged").lstat()
    assert [span.path for span in spans(path.parent)] == [path, whole]
    assert read_batch(Span(0, 5, path)).identity["stop"] == 5
    assert list(plan_point(tmp_path, POINT, 10)) == []
    (contents,) = qle.info(tmp_path)
    assert (contents.samples, contents.damaged) == (10, (path.with_name(f"{NAME}.damaged"),))


@pytest.mark.parametrize("level", ["series", "point"])
@pytest.mark.parametrize("kind", ["dangling link", "loop", "pipe", "text", "link to a folder"])
def test_an_odd_folder_is_named_set_aside_and_made_anew(tmp_path: Path, level: str, kind: str) -> None:
    store, outside = tmp_path / "store", tmp_path / "outside"
    outside.mkdir()
    folder = point_folder(store, POINT)
    odd = folder if level == "point" else folder.parent
    odd.parent.mkdir(parents=True)
    odd.symlink_to(outside) if kind == "link to a folder" else ODD[kind][0](odd)
    with pytest.raises(StoreError, match=rf"{odd.name}: is a .*, must be a folder"):
        qle.open(store)
    (task,) = plan_point(store, POINT, 10)
    outcome = complete(task)
    assert outcome.new == 10
    assert [text.split(": ")[0] for text in outcome.damage] == [str(odd)]
    assert list(outside.iterdir()) == []
    assert qle.open(store).sizes["sample"] == 10


def test_a_sweep_says_what_it_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qle.running.cluster._limit_threads", lambda: None)
    path = stored(tmp_path)
    path.unlink()
    os.mkfifo(path)
    (tmp_path / "locks").symlink_to(tmp_path)
    with pytest.warns(StoreWarning) as said:
        qle.sweep(SPEC, store=tmp_path, executor=Inline(), progress="none")
    assert [str(one.message) for one in said] == [
        f"{tmp_path / 'locks'}: is a symbolic link, must be a folder; it was set aside",
        f"{path}: is a named pipe, must be a file; it was set aside and its samples computed again",
    ]


def test_locks_elsewhere_are_not_deleted(tmp_path: Path) -> None:
    store, outside = tmp_path / "store", tmp_path / "outside"
    store.mkdir()
    outside.mkdir()
    victims = [outside / name for name in ("0123456789abcdef-0.lock", "apt.lock")]
    for victim in victims:
        victim.touch()
    (store / "locks").symlink_to(outside)
    discard_locks(store)
    assert all(victim.exists() for victim in victims)
    with pytest.raises(StoreError, match="locks: is a symbolic link"), hold(store / "locks" / "a.lock"):
        pass
    assert clear_locks(store) == f"{store / 'locks'}: is a symbolic link, must be a folder"
    assert clear_locks(store) is None
    assert (store / "locks.damaged").is_symlink()


def test_only_our_own_locks_are_deleted_and_odd_ones_stop_nobody(tmp_path: Path) -> None:
    locks = tmp_path / "locks"
    locks.mkdir()
    ours = [locks / name for name in ("0123456789abcdef-17.lock", "client-0123456789abcdef.lock")]
    others = [locks / name for name in ("apt.lock", "notes.txt", "0123456789abcdef-18.lock")]
    for path in (*ours, *others[:2]):
        path.touch()
    others[2].symlink_to(tmp_path / "target")
    discard_locks(tmp_path)
    assert sorted(locks.iterdir()) == sorted(others)
    with hold(others[2]) as held:
        assert held
    assert not (tmp_path / "target").exists()
    assert others[2].with_name(f"{others[2].name}.damaged").is_symlink()


def test_temporary_names_of_folders_and_links_are_left_alone(tmp_path: Path) -> None:
    path = stored(tmp_path, 0, 10)
    (path.parent / "0-10.npz.aa.tmp").mkdir()
    (path.parent / "0-10.npz.bb.tmp").symlink_to(path)
    assert list(plan_point(tmp_path, POINT, 10)) == []


def test_merging_removes_only_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qle.store.compaction.batch_size", lambda N: 2)
    monkeypatch.setattr("qle.store.compaction.FAN", 4)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    path = stored(tmp_path, 0, 8)
    (path.parent / "2-4.npz").symlink_to(path)
    (path.parent / "4-6.npz").mkdir()
    stored(tmp_path, 0, 2)
    compact(tmp_path, POINT)
    assert [span.path.name for span in spans(path.parent)] == ["0-8.npz", "2-4.npz", "4-6.npz"]


def test_damage_never_takes_the_place_of_earlier_damage(tmp_path: Path) -> None:
    for content in (b"first", b"second", b"third"):
        (tmp_path / NAME).write_bytes(content)
        set_aside(tmp_path / NAME)
    names = [f"{NAME}.damaged{end}" for end in ("", "-2", "-3")]
    assert [(tmp_path / name).read_bytes() for name in names] == [b"first", b"second", b"third"]


def test_two_that_set_the_same_aside_do_it_once(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}").write_bytes(b"?")
        with ThreadPoolExecutor(2) as both:
            list(both.map(set_aside, 2 * [tmp_path / f"{number}"]))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{n}.damaged" for n in range(20))


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Give a folder that everybody may reach, other than those of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def somebody(folder: Path) -> Iterator[None]:
    """Be a user without special rights, in a folder of his own."""
    if os.geteuid():
        yield
        return
    os.chown(folder, 65534, 65534)
    for path in folder.rglob("*"):
        os.chown(path, 65534, 65534)
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_what_cannot_be_read_is_set_aside(reachable: Path) -> None:
    stored(reachable, 5, 10)
    stored(reachable).chmod(0)
    with somebody(reachable):
        with pytest.warns(StoreWarning, match=f"{NAME}: cannot be read: Permission denied"):
            qle.open(reachable)
        (task,) = plan_point(reachable, POINT, 10)
        assert complete(task).new == 5
    assert (qle.open(reachable).status == 0).all()


def test_a_shortage_of_our_own_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def short(*_: object) -> int:
        raise OSError(24, "Too many open files")

    path = stored(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", short)
        with pytest.raises(StoreError, match="cannot be read: Too many open files") as caught:
            list(examine(path.parent))
    assert not isinstance(caught.value, StoreDamage)


def test_a_store_that_may_only_be_read_is_read(reachable: Path) -> None:
    """All is there, so a sweep has nothing to write, also if a killed run has left something."""
    path = stored(reachable, 0, 10)
    (path.parent / "0-10.npz.aa.tmp").touch()
    (reachable / "locks").mkdir()
    (reachable / "locks" / "0123456789abcdef-17.lock").touch()
    folders = [reachable, reachable / "locks", path.parent.parent, path.parent]
    for folder in folders:
        folder.chmod(0o555)
    try:
        with somebody(reachable), warnings.catch_warnings():
            warnings.simplefilter("error")
            dataset = qle.sweep(SPEC, store=reachable, executor=Inline(), progress="none")
            path.chmod(0)
            (task,) = plan_point(reachable, POINT, 10)
            with pytest.raises(StoreError, match="Permission denied"):
                complete(task)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert (dataset.status == 0).all()


def test_a_store_with_only_damage_says_which(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = stored(tmp_path)
    path.write_bytes(b"?")
    for command in (["table", str(tmp_path)], ["info", str(tmp_path)], ["figure", "vdos", str(tmp_path)]):
        assert main(command) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"qle: error: {path}: the checksum does not match")
        assert line.endswith("the store has no whole batch")
    set_aside(path)
    with pytest.raises(StoreError, match=f"holds no results, only what was set aside: {path}.damaged"):
        qle.open(tmp_path)


@pytest.mark.parametrize("name", ["5-3.npz", "00-5.npz", "0-5 (1).npz", "\udcff-5.npz", "0-5.npz.damaged"])
def test_files_that_are_no_batches_are_named_by_info_alone(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = stored(tmp_path).parent
    (folder / name).write_bytes(b"?")
    assert (qle.open(tmp_path).status == 0).all()
    (contents,) = qle.info(tmp_path)
    assert contents.damaged == (folder / name,)
    assert main(["info", str(tmp_path)]) == 0
    assert "damaged: " in capsys.readouterr().out
