"""The examples of docs/extending.md, added to a copy of the package, do what the page says."""

import re
import shutil
from pathlib import Path

import pytest

from tests.fresh import Fresh

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
FILE = re.compile(r"^```python\n# ((?:qle|landscape)/\S+\.py)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINE = re.compile(r"^in ((?:qle|landscape)/\S+\.py), below `([^`]*)`:\n(.*?)$", re.DOTALL | re.MULTILINE)
OWN = re.compile(r"^```(?:python|toml)\n# (my_\w+\.\w+).*?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
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


def with_examples(package: str, folder: Path) -> Path:
    """Return a folder with a copy of a package that has the files and lines of the page."""
    shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, body in FILE.findall(PAGE):
        if name.startswith(package):
            assert not (folder / name).exists()
            (folder / name).write_text(body, encoding="utf-8")
    for name, mark, line in LINE.findall(PAGE):
        if name.startswith(package):
            old = (folder / name).read_text(encoding="utf-8")
            assert old.count(f"{mark}\n") == 1, mark
            (folder / name).write_text(old.replace(f"{mark}\n", f"{mark}\n{line}\n"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of `qle` that has the files and lines of the page."""
    return with_examples("qle", tmp_path_factory.mktemp("extended"))


def run(fresh: Fresh, folder: Path, code: str) -> str:
    """Run Python with the packages of a folder; return what it prints."""
    ended = fresh.run(f"import sys\nsys.path[:1] = [{str(folder)!r}, {str(ROOT)!r}]\n{code}", folder)
    assert ended.code == 0, ended.err
    return ended.out


def qle(fresh: Fresh, folder: Path, *arguments: str) -> str:
    """Run the command so; return what it prints."""
    return run(fresh, folder, f"from qle.cli import main\nsys.exit(main({list(arguments)}))")


def test_each_example_is_one_file_and_one_more() -> None:
    files, others = [name for name, _ in FILE.findall(PAGE)], {name for name, *_ in LINE.findall(PAGE)}
    assert len(files) == 4
    assert sorted(others) == [
        "landscape/minima.py", "qle/description/measure.py", "qle/description/models.py",
        "qle/figures/table.py",
    ]  # fmt: skip


def test_a_sweep_of_the_new_model_has_the_new_measurement(extended: Path, fresh: Fresh) -> None:
    (extended / "ring.toml").write_text(SWEEP)
    qle(fresh, extended, "sweep", "ring.toml", "--store", "store", "--workers", "1", "--quiet")
    run(fresh, extended, READ)
    help_text = qle(fresh, extended, "sweep", "--help")
    assert re.search("displacement = false +# also the largest displacement", help_text)


def test_the_model_of_a_users_own_is_swept(tmp_path: Path, fresh: Fresh) -> None:
    """From a folder with nothing but its file and that of the sweep."""
    (name, module), (sweep, table) = OWN.findall(PAGE)
    assert (name, sweep) == ("my_models.py", "my_sweep.toml")
    (tmp_path / name).write_text(module, encoding="utf-8")
    (tmp_path / sweep).write_text(table, encoding="utf-8")
    qle(fresh, tmp_path, "sweep", sweep, "--store", "store", "--workers", "1", "--quiet")
    run(fresh, tmp_path, "import qle; assert (qle.open('store').status == 0).all()")


def test_the_new_figure_is_drawn(extended: Path, fresh: Fresh) -> None:
    assert "law of the displacements" in qle(fresh, extended, "figure", "--help")
    qle(fresh, extended, "figure", "displacements", "--samples", "2", "-o", "x.svg")
    assert (extended / "x.svg").read_text().startswith("<?xml")


def test_the_new_minimiser_minimises(tmp_path: Path, fresh: Fresh) -> None:
    """A bowl, with its Hessian, so that no kernel of the copy is compiled."""
    script = (
        "import landscape, numpy as np\n"
        "k = np.array([1.0, 3.0])\n"
        "energy, gradient = lambda x: k @ x**2 / 2, lambda x: k * x\n"
        "bowl = landscape.Functions(energy, gradient, 2, hessian=lambda x: np.diag(k))\n"
        "found = landscape.minimize(bowl, [1.0, -1.0], method='steepest', tol=1e-6, certify=False)\n"
        "print(landscape.minima.METHODS[-1], abs(found.x).max() < 1e-5)"
    )
    assert run(fresh, with_examples("landscape", tmp_path), script) == "steepest True\n"
