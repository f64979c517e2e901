"""The lines of shell that pages show, run in turn."""

import io
import os
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from qle.cli import main

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
SHELL = {"--version", "&", ";", "|", ">"}
"""Words that leave a line to a shell."""


def run(block: str) -> tuple[str, str]:
    """Run the lines of a block in the working folder; return what they print, and what they say beside it.

    A call of `qle` is made in this process, since one of its own would import for a second or two.
    """
    out, err = io.StringIO(), io.StringIO()
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if not words:
            continue
        if words[0] == "qle" and not SHELL & set(words):
            with redirect_stdout(out), redirect_stderr(err):
                code = main(words[1:])
        else:
            environment = {**os.environ, "PATH": PATH}
            done = subprocess.run(line, shell=True, env=environment, capture_output=True, text=True)
            code = done.returncode
            out.write(done.stdout)
            err.write(done.stderr)
        assert code == 0, f"{line}\n{err.getvalue()}"
    return out.getvalue(), err.getvalue()
