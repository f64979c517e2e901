"""Imports are light: models load no figures, data frames or algebra and compile nothing, help no engine.

Nor do the models that samples are drawn of load any part of scipy: `scipy.linalg` loads where it is used.
"""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import qle

SCRIPT = """
import json, sys
from numba import njit
from numba.core.event import install_recorder

with install_recorder("numba:compile") as during_import:
    import glass, khgps, lattice_gps, quartic, scipy
    slow = {f"scipy.{part}" for part in scipy.__all__} & set(sys.modules)
    import spm
with install_recorder("numba:compile") as control:
    njit(lambda a: a + 1.0)(1.0)
heavy = slow | ({"matplotlib", "pandas", "sympy", "xarray"} & set(sys.modules))
print(json.dumps([sorted(heavy), len(during_import.buffer), len(control.buffer)]))
"""


def test_importing_a_model_loads_nothing_heavy_and_compiles_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}  # an empty cache: nothing comes from there
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    heavy, compilations, compilations_of_control = json.loads(done.stdout)
    assert heavy == []
    assert compilations == 0
    assert compilations_of_control > 0, "the recorder sees no compilation at all, so it proves nothing"


def test_importing_models_does_without_the_compiler() -> None:
    """numba takes more time than all of them; kernels get it from `landscape.jit` with the first call."""
    script = "import sys, glass, khgps, lattice_gps, quartic, spm; sys.exit('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, "numba is loaded: take types, cgutils and intrinsic from landscape.jit"


HELP = """
import sys
from qle.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.exit(" ".join({"numba", "scipy", "matplotlib", "pandas", "sympy", "xarray"} & set(sys.modules)) or 0)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["sweep", "--help"], ["figure", "--help"], ["mistake"]])
def test_help_and_mistakes_come_without_the_engine(arguments: list[str]) -> None:
    """numba and scipy alone take most of a second to load."""
    done = subprocess.run([sys.executable, "-c", HELP, *arguments], capture_output=True, text=True)
    assert "usage: " in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr


def test_every_public_name_comes_from_its_home() -> None:
    """`qle` imports them where they are used first."""
    assert {name for names in qle._HOMES.values() for name in names} == {
        "open_store" if name == "open" else name for name in qle.__all__ if name != "__version__"
    }
    for name in qle.__all__:
        assert name in dir(qle)
        assert getattr(qle, name) is getattr(qle, name)
    assert qle.open is qle.dataset.open_store
    assert qle.sweep is importlib.import_module("qle.running.sweeping").sweep
    assert not hasattr(qle, "swep")


OWN_DATA = """
import sys
from qle.cli import main
code = main(sys.argv[1:])
sys.exit(" ".join({"khgps", "qle.running.sweeping", "scipy.stats"} & set(sys.modules)) or code)
"""


def test_modes_of_a_file_come_without_models_and_sweeps(tmp_path: Path) -> None:
    """They took half of the command's time."""
    np.save(tmp_path / "hessian.npy", np.diag([1.0, 2.0, 3.0]))
    arguments = ["modes", "hessian.npy", "--dimension", "1"]
    done = subprocess.run(
        [sys.executable, "-c", OWN_DATA, *arguments], cwd=tmp_path, capture_output=True, text=True
    )
    assert "omega = 1 (e = 0.33), 1.41421 (e = 0.33), 1.73205 (e = 0.33)" in done.stdout
    assert done.returncode == 0, done.stderr
