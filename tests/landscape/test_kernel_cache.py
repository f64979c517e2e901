"""Kernels where nothing can be written: installed read-only, without a home; and without the compiler."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numba
import pytest

from landscape import kernel_cache
from tests.packages import PACKAGES

ROOT = Path(__file__).parents[2]
SCRIPT = """
import subprocess, sys
import khgps, lattice_gps, quartic, spm, theory, qle.running.sweeping
assert quartic.__file__.startswith(sys.argv[1])
print((spm.sample(spm.SoftPotentials(), 3, seed=1).b4 > 0.0).all())
subprocess.run([sys.executable, "-P", "-c", "import quartic, spm"], check=True)
"""


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder that nobody may write with the packages, without a cache."""
    site = tmp_path_factory.mktemp("read-only") / "site"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, site / package, ignore=shutil.ignore_patterns("__pycache__"))
    (site / "home").mkdir()
    for folder, _, _ in os.walk(site):
        Path(folder).chmod(0o555)
    yield site
    for folder, _, _ in os.walk(site):
        Path(folder).chmod(0o755)


def without_privileges() -> list[str]:
    """Return what to put before a command so that even root heeds the permissions of files."""
    if os.getuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everything, and there is no setpriv to give that up")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def run(site: Path, home: Path, temporary: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with the packages of `site`, a home, a folder for temporary files, and no privileges."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA", "XDG", "QUARTIC"))}
    environment = {**clean, "PYTHONPATH": str(site), "HOME": str(home), "TMPDIR": str(temporary)}
    return subprocess.run(
        [*without_privileges(), sys.executable, "-P", *command],
        env=environment, cwd=temporary, capture_output=True, text=True,
    )  # fmt: skip


def test_a_read_only_installation_without_a_home_works_and_says_once_where_its_kernels_are(
    read_only: Path, tmp_path: Path
) -> None:
    first = run(read_only, read_only / "home", tmp_path, "-c", SCRIPT, str(read_only))
    assert (first.returncode, first.stdout) == (0, "True\n"), first.stderr
    assert first.stderr.count("CacheWarning") == 1
    assert "NUMBA_CACHE_DIR" in first.stderr
    assert list(tmp_path.rglob("*.nbi")), "nothing was kept"
    later = run(read_only, read_only / "nonexistent", tmp_path, "-c", "import quartic")
    assert (later.returncode, later.stderr) == (0, "")


def test_a_folder_that_others_can_write_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in a cache is run; without a place for it kernels are compiled anew; that is said once."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv(kernel_cache.NOWHERE, raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    folder = tmp_path / f"quartic-kernels-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.warns(kernel_cache.CacheWarning, match="each process compiles its own"):
        assert not kernel_cache.find_folder()
    assert not kernel_cache.find_folder()  # no second warning, which would be an error here
    folder.rmdir()
    folder.symlink_to(tmp_path)
    del os.environ[kernel_cache.NOWHERE]
    with pytest.warns(kernel_cache.CacheWarning):
        assert not kernel_cache.find_folder()


def test_without_the_compiler_there_is_one_line() -> None:
    command = [sys.executable, "-m", "qle.cli", "table", "absent"]
    done = subprocess.run(
        command, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("qle: error: NUMBA_DISABLE_JIT is set")


def test_a_user_without_a_home_gets_no_folder_named_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`~` stays `~` for a user whom the system does not know; numba would make it in the working folder."""

    def unknown(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(
        os, "environ", {k: v for k, v in os.environ.items() if k not in ("HOME", "XDG_CACHE_HOME")}
    )
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.warns(kernel_cache.CacheWarning, match="kernels are kept in"):
        kernel_cache.find_folder_if_homeless()
    assert str(tmp_path) in kernel_cache.config.CACHE_DIR
