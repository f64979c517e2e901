"""Importing the engine and the models is light: no figures, no data frames, no algebra, no compilation."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, sys
from numba import njit
from numba.core.event import install_recorder

with install_recorder("numba:compile") as during_import:
    import khgps, lattice_gps, quartic, spm
with install_recorder("numba:compile") as control:
    njit(lambda a: a + 1.0)(1.0)
heavy = {"matplotlib", "pandas", "sympy", "xarray"} & set(sys.modules)
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
