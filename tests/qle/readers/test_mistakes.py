"""Files that are no Hessians, and arguments that do not fit them: one line with file, place and rule."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse

import qle
from qle.cli import main
from tests.networks_of_springs import ring, write_lammps

D1, D3 = {"dimension": 1}, {"dimension": 3}


def saved(value: Any, **named: Any) -> Callable[[Path], Path]:
    """Return what writes an array."""

    def write(folder: Path) -> Path:
        path = folder / ("a.npz" if named else "a.npy")
        np.savez(path, **named) if named else np.save(path, value, allow_pickle=True)
        return path

    return write


def text(body: str, name: str = "a.txt") -> Callable[[Path], Path]:
    """Return what writes a text."""

    def write(folder: Path) -> Path:
        (folder / name).write_text(body)
        return folder / name

    return write


def lammps(folder: Path) -> Path:
    return write_lammps(folder / "a.dat", ring(4), np.ones(4))


def cut(write: Callable[[Path], Path], share: float = 0.7) -> Callable[[Path], Path]:
    """Return what writes only the beginning of a file, whole lines of a text."""

    def short(folder: Path) -> Path:
        path = write(folder)
        content = path.read_bytes()[: int(share * path.stat().st_size)]
        path.write_bytes(content[: content.rfind(b"\n") + 1] if path.suffix in (".dat", ".mtx") else content)
        return path

    return short


def market(folder: Path) -> Path:
    scipy.io.mmwrite(folder / "a.mtx", scipy.sparse.coo_array(ring(5)))
    return folder / "a.mtx"


def packed(folder: Path) -> Path:
    scipy.sparse.save_npz(folder / "a.npz", scipy.sparse.csr_array(ring(5)))
    return folder / "a.npz"


def with_element(i: int, j: int, value: float) -> np.ndarray:
    matrix: np.ndarray = ring(6)
    matrix[i, j] = value
    return matrix


def odd(folder: Path) -> Path:
    (folder / "a.bin").write_bytes(bytes(range(200)))
    return folder / "a.bin"


MISTAKES: list[tuple[Callable[[Path], Path], dict[str, Any], str]] = [
    (saved(np.ones((3, 4))), D1, "has shape (3, 4): must be square, (N, N)"),
    (saved(np.ones(9)), D1, "has shape (9,): must be square"),
    (saved(np.ones((2, 2, 2))), D1, "has shape (2, 2, 2): must be square"),
    (saved(np.ones((0, 0))), D1, "has shape (0, 0): must be square"),
    (saved(ring(4)), D3, "has 4 rows: must be a multiple of dimension = 3"),
    (saved(ring(4)), {}, "does not say the dimension: give it (--dimension), coordinates of a particle"),
    (saved(ring(4)), {"dimension": 0}, "dimension = 0: must be an integer of at least 1"),
    (saved(with_element(2, 3, np.nan)), D1, "row 2, column 3 (from 0): nan: must be finite and real"),
    (saved(with_element(5, 0, np.inf)), D1, "row 5, column 0 (from 0): inf: must be finite and real"),
    (saved(ring(4) + 1j * np.eye(4)), D1, "row 0, column 0 (from 0): (2+1j): must be finite and real"),
    (saved(with_element(1, 4, 0.5)), D1, "row 1, column 4 (from 0): 0.5, but 0 at (4, 1): differ by 0.25 of"),
    (saved(np.array([[1, None], [None, 2]])), D1, "holds Python objects, which are pickles"),
    (saved(np.array([["a", "b"], ["c", "d"]])), D1, "holds elements of type <U1: must be real numbers"),
    (saved(np.zeros((4, 4))), D1, "all elements are zero"),
    (saved(None, hessian=np.array([[None]])), D1, "hessian holds Python objects, which are pickles"),
    (saved(None, a=ring(3), b=ring(4)), D1, "holds a, b: must hold one array, or one that is named hessian"),
    (cut(saved(ring(20))), D1, "ends after "),
    (cut(packed), D1, "is neither an .npy nor an .npz file"),
    (cut(market), D1, "is no whole Matrix Market file: Truncated file"),
    (text("", "a.mtx"), D1, "is empty"),
    (text("# nothing\n\n"), D1, "has no numbers"),
    (text("%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n1 1\n"), D1, "line 1: has no val"),
    (text("%%MatrixMarket matrix array complex general\n1 1\n1 2\n"), D1, "line 1: must hold real"),
    (text("%%MatrixMarket matrix array real general\n2 2\n1\n2\nx\n4\n"), D1, "is no whole Matrix"),
    (text("1 2\n3 4 5\n"), D1, "line 2: has 3 numbers, line 1 has 2: must be as many"),
    (text("1 2\n# x\n3 four\n"), D1, "line 3: 'four': must be a finite real number"),
    (text("1 0\n0 nan\n"), D1, "line 2: 'nan': must be a finite real number"),
    (text("1 2 3\n4 5 6\n"), D1, "has 2 lines of three numbers: what dynamical_matrix of LAMMPS"),
    (cut(lammps), D1, "has 33 lines of three numbers: what dynamical_matrix of LAMMPS"),
    (lammps, {"dimension": 4}, "dimension = 4: must be an integer from 1 to 3"),
    (lammps, {"dimension": 1, "masses": [1.0, -1.0, 1.0, 1.0]}, "masses[1] = -1.0: must be finite and > 0"),
    (lammps, {"dimension": 1, "masses": np.ones(5)}, "masses: are 5: must be 4"),
    (saved(ring(4)), {"dimension": 2, "masses": np.ones(3)},
     "masses: are 3: must be 2, one for each particle, or 4, one for each coordinate"),
    (lammps, {"dimension": 1, "masses": [1, 2, 3, 4], "zero_modes": "translations"}, "translations are no"),
    (lammps, {"dimension": 1, "zero_modes": "rigid"}, "zero_modes = 'rigid': must be"),
    (lammps, {"dimension": 1, "asymmetry": 2.0}, "asymmetry = 2.0: must be"),
    (saved(np.diag([1.0, 2.0, 3.0])), D3, "translations are no zero modes: all particles pushed alike feel"),
    (lammps, {"dimension": 1, "count": 4}, "count = 4: must be an integer from 1 to 3; 1 of 4 are tr"),
    (odd, D1, "has 200 bytes and is neither text, npy, npz nor Matrix Market"),
    (saved(-ring(4)), {"dimension": 1, "pseudo": 2}, "no pseudo-harmonic modes: "),
]  # fmt: skip


@pytest.mark.parametrize(("write", "named", "message"), MISTAKES)
def test_each_mistake_is_one_line(
    write: Callable[[Path], Path], named: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = write(tmp_path)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: {message}")) as caught:
        qle.modes(path, **named)
    assert "\n" not in str(caught.value)


def test_files_of_one_glass_have_one_size(tmp_path: Path) -> None:
    for n in (4, 5):
        np.save(tmp_path / f"{n}.npy", ring(n))
    paths = sorted(tmp_path.iterdir())
    with pytest.raises(ValueError, match=re.escape(f"{paths[1]}: has 5 particles, not 4 as {paths[0]}")):
        qle.modes(paths, dimension=1)
    with pytest.raises(ValueError, match="files: must be at least one"):
        qle.modes([], dimension=1)


def test_the_command_reads_masses_and_writes_three_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    masses = np.array([1.0, 2.0, 3.0, 4.0])
    Path("masses.txt").write_text("# of four\n1\n2\n3\n4\n")
    for name in ("a.dat", "b.dat"):
        write_lammps(Path(name), ring(4), masses)
    told = ["--dimension", "1", "--masses", "masses.txt", "--modes", "all", "-o", "all"]
    assert main(["modes", "a.dat", "b.dat", *told]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("a.dat: 4 particles, d = 1, dense, asymmetry 0, 1 translations taken out (")
    assert lines[-3:] == ["all.csv", "all.nc", "all.png"]
    with Path("all.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == ["a.dat"] * 3 + ["b.dat"] * 3
    root = np.sqrt(masses)
    wanted = np.linalg.eigvalsh(ring(4) / root / root[:, None])[1:]
    np.testing.assert_allclose([float(row["frequency"]) ** 2 for row in rows[:3]], wanted, atol=1e-7)
    np.save("saddle.npy", -ring(4))
    assert main(["modes", "saddle.npy", "--dimension", "1", "-o", "saddle"]) == 0  # nothing to draw
    assert main(["modes", "a.dat"]) == 2  # three directions, of which two have no springs
    assert main(["modes", "a.dat", "--dimension", "1", "--masses", "a.dat"]) == 2
    assert main(["modes", "a.dat", "--dimension", "1", "--modes", "few"]) == 2
    assert main(["modes", "absent.dat", "--dimension", "1"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert errors[1:] == [
        "qle: error: a.dat: line 1: 3 columns without names, not 1 (mass); the first line must name mass",
        'qle: error: --modes few: must be an integer, or "all"',
        "qle: error: absent.dat: No such file or directory",
    ]
    assert len(errors) == 4


def test_options_of_the_command_say_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Springs 2 between masses 2 in a ring of four: M = 2 ring/2, or weighted; omega^2 = 2, 2, 4."""
    monkeypatch.chdir(tmp_path)
    Path("masses.txt").write_text("2\n2\n2\n2\n")
    np.save("plain.npy", 2.0 * ring(4))
    np.save("weighted.npy", ring(4))
    np.save("held.npy", ring(4) + np.eye(4))
    np.save("skew.npy", ring(4) + 0.01 * np.triu(np.ones((4, 4)), 1))
    line = ["--dimension", "1", "--modes", "all"]

    def squares(*options: str) -> list[float]:
        assert main(["modes", *options, *line, "-o", "out"]) == 0
        with Path("out.csv").open(newline="") as file:
            return [round(float(row["frequency"]) ** 2, 9) for row in csv.DictReader(file)]

    assert squares("plain.npy", "--masses", "masses.txt") == [2.0, 2.0, 4.0]
    assert squares("weighted.npy", "--masses", "masses.txt", "--weighted") == [2.0, 2.0, 4.0]
    assert squares("held.npy", "--zero-modes", "none") == [1.0, 3.0, 3.0, 5.0]
    assert main(["modes", "held.npy", *line, "--zero-modes", "translations"]) == 2
    assert main(["modes", "skew.npy", *line, "--zero-modes", "none"]) == 2
    assert len(squares("skew.npy", "--asymmetry", "0.01", "--zero-modes", "none")) == 4
    assert main(["modes", "plain.npy", *line, "--pseudo", "2", "--units", "THz", "-o", "out"]) == 0
    found = qle.read_spectra("out.nc")
    assert (found.frequency.attrs["units"], found.sizes["pseudo"]) == ("THz", 2)
