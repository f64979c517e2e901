"""A law of the stiffness of one's own in sweeps: from files, tables and objects, and its identity."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import khgps
import qle
import quartic
from qle.description.grid import SpecError
from qle.description.identity import digest
from tests.executors import Inline

GRID = {"N": 20, "J": 0.3, "h": 0.01}
TABLE = {"kappa": [0.1, 0.4, 1.0], "density": [0.0, 1.0, 0.0]}


def spec(**grid: Any) -> qle.Spec:
    return qle.Spec(model="khgps", samples=3, grid={**GRID, **grid}, measure={"modes": 5})  # type: ignore[arg-type]


def identity(one: qle.Spec) -> str:
    (values,) = one.points()
    return digest({**one.series, "parameters": values})


def written(folder: Path, law: str, text: str) -> Path:
    (folder / "law.csv").write_text(text, encoding="utf-8")
    path = folder / "sweep.toml"
    path.write_text(
        f'model = "khgps"\nsamples = 3\nmeasure = {{ modes = 5 }}\n[grid]\nN = 20\nJ = 0.3\nh = 0.01\n'
        f"stiffness = {law}\n",
        encoding="utf-8",
    )
    return path


def test_one_law_has_one_identity_however_it_is_given(tmp_path: Path) -> None:
    """A file beside the sweep's, a table in it, arrays, and the law itself; densities by a power of two."""
    text = "kappa,density\n0.1,0\n0.4,2\n1.0,0\n"
    law = khgps.KHGPS(N=2, J=0.0, h=0.0, stiffness=(TABLE["kappa"], TABLE["density"])).law
    given = [
        qle.read_spec(written(tmp_path, '"law.csv"', text)),
        qle.read_spec(written(tmp_path, "{ kappa = [0.1, 0.4, 1.0], density = [0.0, 4, 0] }", text)),
        spec(stiffness=TABLE),
        spec(stiffness=(np.array(TABLE["kappa"]), TABLE["density"])),
        spec(stiffness=str(tmp_path / "law.csv")),
        spec(stiffness=law),
        spec(stiffness=law.text),
    ]
    assert len({identity(one) for one in given}) == 1
    (values,) = given[0].points()
    assert (values["kappa_min"], values["kappa_0"], values["beta"]) == (0.1, 1.0, 1.0)
    others = [spec(), spec(kappa_min=0.1), spec(stiffness={**TABLE, "density": [0.0, 1.0, 0.1]})]
    assert len({identity(one) for one in (*others, given[0])}) == 4


def test_sweeps_without_a_law_say_nothing_of_it() -> None:
    """Stores made before there were such laws stay what they are."""
    (values,) = spec().points()
    assert list(values) == ["N", "J", "h", "kappa_0", "kappa_min", "beta", "A", "coupling"]


def test_a_sweep_is_of_the_law_and_resumes(tmp_path: Path) -> None:
    one = spec(stiffness=TABLE)
    first = qle.sweep(one, store=tmp_path / "store", executor=Inline(), progress="none").load()
    again = qle.sweep(one, store=tmp_path / "store", executor=Inline(), progress="none").load()
    opened = qle.open(tmp_path / "store").load()
    assert first.identical(again)
    assert str(opened["stiffness"].values) == next(one.points())["stiffness"]
    params = khgps.KHGPS(N=20, J=0.3, h=0.01, stiffness=(TABLE["kappa"], TABLE["density"]))
    problem = khgps.draw(params, seed=1, sample=2)
    minimum = quartic.minimize(problem, start="decoupled")
    assert float(opened["mean_x2"].values.ravel()[2]) == pytest.approx(np.mean(minimum.x**2), rel=1e-8)


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ({"kappa": [0.1, 1.0]}, "grid.stiffness.density: is missing: a law needs kappa and density"),
        ({**TABLE, "density": [0, -1, 0]}, "grid.stiffness[1][1] = -1.0: must be finite and >= 0"),
        ({**TABLE, "weight": [1.0]}, "grid.stiffness.weight = [1.0]: unknown key"),
        ("nowhere.csv", "grid.stiffness = 'nowhere.csv': cannot be read: No such file"),
        ([TABLE, TABLE], "grid.stiffness"),
        (abs, "grid.stiffness = <built-in function abs>: must be expanded first"),
        (1.0, "grid.stiffness = 1.0: must be a table (kappa, density)"),
        ("[[1, 2]]", "grid.stiffness = '[[1, 2]]': must be the text of a StiffnessLaw"),
    ],
)
def test_bad_laws(law: Any, message: str) -> None:
    with pytest.raises(SpecError, match="^" + re.escape(message)) as caught:
        spec(stiffness=law)
    assert "\n" not in str(caught.value)


def test_what_contradicts_a_law(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=re.escape("grid.kappa_0 = 2.0: must be left out, or that of")):
        spec(stiffness=TABLE, kappa_0=2.0)
    path = written(tmp_path, '"law.csv"', "kappa,density\n0.1,1\n0.4,x\n")
    with pytest.raises(SpecError, match=re.escape(f"{path}: grid.{tmp_path / 'law.csv'}: line 3")):
        qle.read_spec(path)
