"""Processes that have imported nothing of ours and start at once: forks of one that has imported the rest."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

SERVER = """
import json, os, sys, warnings
import matplotlib.pyplot, numba, numpy, pandas, scipy.optimize, scipy.sparse.linalg, scipy.special, xarray
for line in sys.stdin:
    code, folder, out, err = json.loads(line)
    if not (child := os.fork()):
        for number, name in ((1, out), (2, err)):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
        os.chdir(folder)
        warnings.simplefilter("error")
        exec(code, {"__name__": "__main__"})
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Ended(NamedTuple):
    """A process that has ended: its exit code, that of a signal negative, and what it wrote."""

    code: int
    out: str
    err: str


class Fresh:
    """Runs Python as ``python -W error -c`` does; `folder` is for what the processes write."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, 0
        environment = {**os.environ, "MPLBACKEND": "agg"}
        command, pipe = [sys.executable, "-c", SERVER], subprocess.PIPE
        self._server = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)

    def run(self, code: str, folder: Path) -> Ended:
        """Run code in a folder."""
        self._number += 1
        out, err = (self._folder / f"{self._number}.{name}" for name in ("out", "err"))
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        print(json.dumps([code, str(folder), str(out), str(err)]), file=self._server.stdin, flush=True)
        return Ended(int(self._server.stdout.readline()), out.read_text(), err.read_text())

    def end(self) -> None:
        """End the process whose forks the others are."""
        self._server.communicate()
