"""Runs pytest in forks of a process that has imported the large libraries, none of the packages.

Reads one JSON list of arguments a line from stdin; answers with the id of the process, the leader of its
group, and, when that has ended, with its exit status.
"""

import json
import os
import sys

import matplotlib as mpl  # noqa: F401
import numba  # noqa: F401
import pandas as pd  # noqa: F401
import pytest
import scipy.optimize
import scipy.stats  # noqa: F401
import sympy  # noqa: F401
import xarray as xr  # noqa: F401


def run(arguments: list[str]) -> int:
    """Return the exit status of pytest, which sees no input and whose words nobody reads."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    return int(pytest.main(arguments))


if __name__ == "__main__":
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 1  # of whatever ends pytest itself
            try:
                status = run(json.loads(line))
            finally:
                os._exit(status)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
