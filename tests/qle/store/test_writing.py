"""Files of users: whole or as before, whatever stops the writing, and with the permissions that they had."""

import os
import signal
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qle.export import write_netcdf
from qle.figures.style import page
from qle.store import writing
from qle.store.writing import replacing
from tests.fresh import Fresh


@pytest.fixture(params=["nameless", "named"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once as Linux can, once as other systems and file systems do."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)


def put(path: Path, content: bytes = b"new") -> None:
    with replacing(path) as file:
        file.write(content)


@pytest.mark.usefixtures("_way")
def test_a_file_is_new_when_the_body_has_ended_and_as_before_if_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content in (b"", b"old", b"old"):
        if content:
            path.write_bytes(content)
        with pytest.raises(ZeroDivisionError), replacing(path) as file:
            file.write(bytes(10**6) if 1 / (file.write(b"half") - 4) else b"")
        assert [one.read_bytes() for one in tmp_path.iterdir()] == ([content] if content else [])
    put(path)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"new"]


@pytest.mark.usefixtures("_way")
def test_permissions_stay_and_new_files_have_those_of_the_umask(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"old")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        put(new)
    finally:
        os.umask(before)
    put(old)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o640, 0o640]


def test_an_owner_stays(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root gives files away")
    path = tmp_path / "a"
    path.write_bytes(b"old")
    os.chown(path, 65534, 65534)
    put(path)
    assert (path.stat().st_uid, path.stat().st_gid, path.read_bytes()) == (65534, 65534, b"new")


def test_of_a_link_the_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link, target = tmp_path / "link", tmp_path / "folder" / "target"
    link.symlink_to(target)
    for content in (b"first", b"second"):  # at first the link dangles
        put(link, content)
        assert link.is_symlink()
        assert target.read_bytes() == content


@pytest.mark.parametrize("kind", ["folder", "loop", "no folder"])
def test_what_cannot_be_written_is_one_error_with_the_path(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    if kind == "folder":
        path.mkdir()
    elif kind == "loop":
        path.symlink_to(path)
    else:
        path /= "b"
    with pytest.raises(OSError, match=r"\[Errno \d+\] .+: '.*/a(/b)?'"):
        put(path)


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    put(path)
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_where_a_file_cannot_be_given_a_name_it_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    put(tmp_path / "a")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"new"]


def test_long_names_are_possible(tmp_path: Path) -> None:
    put(tmp_path / (251 * "a" + ".csv"))


WRITERS = {
    "nc": 'write_netcdf(xr.Dataset({"x": ("i", np.random.default_rng(1).random(10**5))}), path)',
    "png": "with page(path, 4, 4) as drawing: drawing.subplots().plot([1, 2])",
    "csv": "with replacing(path) as file: file.write(bytes(10**6))",
}
START = """
import os, resource, signal; from pathlib import Path; import numpy as np, xarray as xr
from qle.export import write_netcdf; from qle.figures.style import page
from qle.store.writing import replacing
path = Path({!r})
"""


@pytest.mark.parametrize("suffix", ["nc", "png"])
def test_a_full_disk_leaves_the_earlier_file(tmp_path: Path, suffix: str, fresh: Fresh) -> None:
    """A process may make files of 4 kB only: what a full disk does, with an error of its own."""
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(b"old")
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
    code = f"try:\n  {WRITERS[suffix]}\nexcept OSError as error: print(error.strerror, error.filename)"
    ended = fresh.run(START.format(str(path)) + limit + code, tmp_path)
    assert ended == (0, f"File too large {path}\n", "")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"old"]


@pytest.mark.skipif(sys.platform != "linux", reason="leaves PATH.<digits>.tmp elsewhere")
@pytest.mark.parametrize("suffix", ["nc", "csv"])
def test_a_kill_leaves_the_earlier_file_and_nothing_else(tmp_path: Path, suffix: str, fresh: Fresh) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(b"old")
    killed = "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"  # all is written by then
    ended = fresh.run(START.format(str(path)) + killed + WRITERS[suffix], tmp_path)
    assert ended.code == -signal.SIGKILL
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"old"]


def test_netcdf_is_compressed_version_4_and_equal_data_are_equal_files(tmp_path: Path) -> None:
    dataset = xr.Dataset(
        {"x": ("i", np.zeros(10**6)), "flag": ("i", np.ones(10**6, bool)), "one": ((), 2.0)},
        coords={"word": ("j", ["a", "bc"])},
        attrs={"seed": 2**32 - 1},
    )
    paths = [tmp_path / f"{name}.nc" for name in "ab"]
    for path in paths:
        write_netcdf(dataset, path)
    contents = [path.read_bytes() for path in paths]
    assert contents[0] == contents[1]
    assert contents[0].startswith(b"\x89HDF")
    assert len(contents[0]) < 10**5
    with xr.open_dataset(paths[0]) as back:
        xr.testing.assert_identical(back, dataset)
    dataset.drop_vars("flag").assign_attrs(seed=1).to_netcdf(paths[0], engine="scipy")  # as versions before
    with xr.open_dataset(paths[0]) as back:
        np.testing.assert_array_equal(back.x, dataset.x)


def test_the_names_are_those_that_a_page_uses(tmp_path: Path) -> None:
    with page(tmp_path / "a.svg", 1.0, 1.0):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["a.svg"]
    assert writing.NAMED < 255 // 4  # characters take up to four bytes, and a name 255 of them
