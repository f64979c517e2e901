"""Kernels that are made when they are needed: all of a file at once, and numba only then."""

import subprocess
import sys
from pathlib import Path

SOURCE = """
from landscape.jit import kernel

@kernel
def half(a):
    return 0.5 * a

@kernel
def quarter(a):
    return half(half(a))

def face(a):
    return quarter(a)
"""
SCRIPT = """
import sys
import one
from one import half, quarter
assert "numba" not in sys.modules
assert (quarter.__module__, quarter.__name__) == ("one", "quarter")
print(quarter(8.0), "numba" in sys.modules, one.face(8.0), half(8.0))
made = type(one.half).__module__.split(".")[0]  # also what was not called
print(made, quarter.py_func is one.quarter.py_func, len(quarter.signatures), one.half.signatures)
"""


def test_a_file_gets_all_its_kernels_with_the_first_call(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(SOURCE)
    command = [sys.executable, "-c", SCRIPT]
    root = str(Path(__file__).parents[2])
    environment = {"PYTHONPATH": f"{tmp_path}:{root}", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    first, second = done.stdout.splitlines()
    assert first == "2.0 True 2.0 4.0"
    assert second.startswith("numba True 1 [(float64,)")
    assert "compiled 2 kernels" in done.stderr, done.stderr
