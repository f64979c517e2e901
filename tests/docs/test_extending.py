"""The examples of docs/extending.md, added to a copy of `qle`, do what the page says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
FILE = re.compile(r"^```python\n# (qle/\S+\.py)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINE = re.compile(r"^in (qle/\S+\.py), below `([^`]*)`:\n(.*?)$", re.DOTALL | re.MULTILINE)
SWEEP = """\
model = "ring"
samples = 4
[grid]
N = 12
J = 0.2
h = 0.05
kappa_0 = 1.0
[measure]
modes = 3
displacement = true
"""
READ = """
import qle, quartic, numpy as np
from qle.measurements.ensemble import Ensemble
from qle.description.ring import Ring
data = qle.open("store")
assert data.x_max.attrs["long_name"] == "largest |x_i|"
for sample in range(4):
    _, x = Ensemble(params=Ring(N=12, J=0.2, h=0.05), seed=1).relaxed(sample)
    np.testing.assert_allclose(data.x_max.values[0, 0, 0, sample], np.abs(x).max(), rtol=1e-6)
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of `qle` that has the files and lines of the page."""
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(ROOT / "qle", folder / "qle", ignore=shutil.ignore_patterns("__pycache__"))
    for name, body in FILE.findall(PAGE):
        assert not (folder / name).exists()
        (folder / name).write_text(body, encoding="utf-8")
    for name, mark, line in LINE.findall(PAGE):
        old = (folder / name).read_text(encoding="utf-8")
        assert old.count(f"{mark}\n") == 1, mark
        (folder / name).write_text(old.replace(f"{mark}\n", f"{mark}\n{line}\n"), encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", *arguments], cwd=folder, env=environment, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_example_is_one_file_and_one_more() -> None:
    files, others = [name for name, _ in FILE.findall(PAGE)], {name for name, *_ in LINE.findall(PAGE)}
    assert len(files) == 3
    assert sorted(others) == [
        "qle/description/measure.py", "qle/description/models.py", "qle/figures/table.py"
    ]  # fmt: skip


def test_a_sweep_of_the_new_model_has_the_new_measurement(extended: Path) -> None:
    (extended / "ring.toml").write_text(SWEEP)
    run(extended, "-m", "qle.cli", "sweep", "ring.toml", "--store", "store", "--workers", "1", "--quiet")
    run(extended, "-c", READ)
    assert "displacement = false  # also the largest displacement" in run(
        extended, "-m", "qle.cli", "sweep", "--help"
    )


def test_the_new_figure_is_drawn(extended: Path) -> None:
    assert "law of the displacements" in run(extended, "-m", "qle.cli", "figure", "--help")
    run(extended, "-m", "qle.cli", "figure", "displacements", "--samples", "2", "-o", "x.svg")
    assert (extended / "x.svg").read_text().startswith("<?xml")
