"""Copies of the working tree in which errors are planted and tests run."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path


class Tree:
    """A copy of the files that git knows or would add, with a cache of kernels of its own.

    Parameters
    ----------
    root : Path
        The working tree.
    folder : Path
        Of the copy; what an earlier run left is brought up to date.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder / "tree"
        self.cache = folder / "kernels"
        self.files = self._bring_up_to_date()
        self._server = self._start()
        self._clock = 0

    def _bring_up_to_date(self) -> list[str]:
        listing = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=self.root, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        files = [name for name in listing.split("\0") if name and (self.root / name).is_file()]
        for name in files:
            here, there = self.root / name, self.folder / name
            if not there.exists() or there.read_bytes() != here.read_bytes():
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_bytes(here.read_bytes())
        for path in self.folder.rglob("*.py"):
            if str(path.relative_to(self.folder)) not in files:
                path.unlink()
        return files

    def _start(self) -> "subprocess.Popen[bytes]":
        environment = os.environ | {
            "PYTHONPATH": str(self.folder),
            "NUMBA_CACHE_DIR": str(self.cache),
            "OPENBLAS_NUM_THREADS": "1",
        }
        return subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.server"], cwd=self.folder, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,  # `select` sees no buffer
        )  # fmt: skip

    def test(self, *arguments: str, seconds: float | None = None) -> int:
        """Return the exit status of pytest in the copy; what takes longer is killed, a status below 0."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        order = json.dumps(["-q", "-x", "-p", "no:cacheprovider", *arguments])
        self._server.stdin.write(order.encode() + b"\n")
        child = int(self._server.stdout.readline())
        if not select.select([self._server.stdout], [], [], seconds)[0]:
            os.killpg(child, signal.SIGKILL)
        status = int(self._server.stdout.readline())
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what the tests started and left
        return status

    def survives(self, file: str, text: str, tests: list[str], seconds: float) -> bool:
        """Return whether the tests pass with another text of a file; the file is put back.

        The kernels of the file are compiled afresh, and the compiled ones of the right text kept: numba and
        Python look at a file's time, which is therefore never that of another text.
        """
        path = self.folder / file
        right, time = path.read_bytes(), path.stat().st_mtime_ns
        kept = {entry: entry.read_bytes() for entry in self.cache.glob(f"*/{path.stem}.*")}
        self._clock += 1
        try:
            path.write_text(text, encoding="utf-8")
            os.utime(path, ns=(time, time + self._clock * 10**9))
            status = self.test(*tests, seconds=seconds)
        finally:
            path.write_bytes(right)
            os.utime(path, ns=(time, time))
            for entry in self.cache.glob(f"*/{path.stem}.*"):
                entry.unlink()
            for entry, content in kept.items():
                entry.write_bytes(content)
        return status == 0
