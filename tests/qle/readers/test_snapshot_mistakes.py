"""Snapshots that are none, and options that do not fit them: one line with file, place, value and rule."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qle
from qle.cli import main
from qle.readers.potentials import potential_of
from tests import snapshot_writers as write
from tests.glass_reference import tabled

GLASS = tabled()
PLACES, SIZES, BOX = GLASS.x.reshape(-1, 2), GLASS.sizes, GLASS.box
Writer = Callable[[Path], Path]


def xyz(folder: Path, **changed: Any) -> Path:
    given = {"places": PLACES, "box": BOX, "size": SIZES} | changed
    return write.xyz(folder / "a.xyz", given.pop("places"), given.pop("box"), **given)


def dump(folder: Path) -> Path:
    return write.dump(folder / "a.dump", PLACES, BOX, radius=SIZES / 2)


def data(folder: Path) -> Path:
    return write.data(folder / "a.data", PLACES, BOX, diameters=SIZES)


def edited(writer: Writer, old: str, new: str, count: int = 1) -> Writer:
    """Return what writes a file in which a text is another."""

    def made(folder: Path) -> Path:
        path = writer(folder)
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, count))
        return path

    return made


def lines(writer: Writer, kept: slice) -> Writer:
    """Return what writes only some of the lines of a file."""

    def made(folder: Path) -> Path:
        path = writer(folder)
        path.write_text("".join(path.read_text().splitlines(keepends=True)[kept]))
        return path

    return made


def arrays(**given: Any) -> Writer:
    known = {"positions": PLACES, "box": BOX, "sizes": SIZES} | given

    def made(folder: Path) -> Path:
        np.savez(folder / "a.npz", **{name: one for name, one in known.items() if one is not None})
        return folder / "a.npz"

    return made


def text(body: str) -> Writer:
    def made(folder: Path) -> Path:
        (folder / "a.txt").write_text(body)
        return folder / "a.txt"

    return made


def moved(i: int, place: list[float]) -> np.ndarray:
    places = PLACES.copy()
    places[i] = place
    return places


def deep(z: np.ndarray) -> np.ndarray:
    return np.column_stack([PLACES, z])


SOFT: dict[str, Any] = {"potential": "soft_spheres"}
KA: dict[str, Any] = {"potential": "kob_andersen"}
HALF = np.where(np.arange(400) < 200, "A", "C")
MISTAKES: list[tuple[Writer, dict[str, Any], str]] = [
    # what is no snapshot, or one that is cut off
    (text(""), SOFT, "is empty"),
    (text("hello\n"), SOFT, "is no extended XYZ, LAMMPS data, LAMMPS dump, npz or GSD"),
    (text("import os\n"), SOFT, "is no extended XYZ, LAMMPS data, LAMMPS dump, npz or GSD"),
    (lines(xyz, slice(0, 100)), SOFT, "ends after 98 of the 400 particles that line 1 announces"),
    (edited(xyz, "400", "399"), SOFT, "line 402: number of particles = '"),
    (edited(xyz, "400", "0"), SOFT, "line 1: number of particles = '0': must be an integer of at least 1"),
    (lines(dump, slice(0, 50)), SOFT, "frame 0 has 41 rows of atoms, not 400 as line 4 says"),
    (lines(dump, slice(0, 6)), SOFT, "frame 0 has no ITEM: ATOMS: is cut off"),
    (edited(dump, "\n400\n", "\n300\n"), SOFT, "frame 0 has 400 rows of atoms, not 300 as line 4 says"),
    (lines(data, slice(0, 90)), SOFT, "has 75 rows in section Atoms, not 400 as line 3 says"),
    (lines(data, slice(0, 10)), SOFT, "has no section Atoms: is cut off"),
    (edited(data, "400 atoms", "401 atoms"), SOFT, "has 400 rows in section Atoms, not 401 as line 3 says"),
    # numbers
    (edited(xyz, "2.07703121", "two"), SOFT, "line 3: size = 'two': must be a number"),
    (lambda f: xyz(f, places=moved(7, [np.nan, 0.0])), SOFT, "line 10: position [nan, 0.0, 0.0]: must be"),
    (lambda f: xyz(f, places=moved(3, [0.0, np.inf])), SOFT, "line 6: position [0.0, inf, 0.0]: must be"),
    (lambda f: xyz(f, places=moved(3, [1e12, 0.0])), SOFT, "line 6: is 4.03e+10 boxes away in x: must"),
    (lambda f: xyz(f, size=np.where(np.arange(400) == 5, -1.0, SIZES)), SOFT, "line 8: size = -1: must"),
    (lambda f: xyz(f, size=np.where(np.arange(400) == 5, np.nan, SIZES)), SOFT, "line 8: size = nan:"),
    (edited(dump, "ITEM: ATOMS id type x y z", "ITEM: ATOMS id type x y"), SOFT, "line 10: has 6 entries"),
    (edited(dump, " x y z ", " a b c "), SOFT, "line 9: ITEM: ATOMS has no columns x y z, nor xu, xs, xsu"),
    (edited(dump, "\n100 1 ", "\n99 1 "), SOFT, "line "),
    # boxes
    (edited(xyz, "Lattice=", "cell="), SOFT, "has no box (in extended XYZ Lattice)"),
    (xyz, {**SOFT, "box": 24.8}, "box: must not be given, the file has one"),
    (edited(xyz, 'Lattice="24', 'Lattice="-24'), SOFT, "box: length -24.8069 in x: must be > 0"),
    (edited(xyz, ' 0 0 0 24', ' 0 0 0 nan 24'), SOFT, "line 2: Lattice has 10 numbers: must be 9"),
    (edited(xyz, "T T F", "T F F"), SOFT, "periodic: T F F: must be T in all 2 dimensions"),
    (edited(dump, "pp pp pp", "pp ff pp"), SOFT, "periodic: T F T: must be T in all 2 dimensions"),
    (edited(dump, "BOX BOUNDS", "BOX BOUNDS abc origin"), SOFT, "line 5: is a general triclinic box"),
    (arrays(box=np.array([[24.8, 3.0], [0.0, 24.8]])), SOFT, "box: edges (24.8, 3), (0, 24.8): must be"),
    (arrays(box=np.eye(3) * 25.0 + 9.0 * np.eye(3, k=-2), positions=deep(25.0 * SIZES / 2.3)), SOFT,
     "box: edges (25, 0, 0), (0, 25, 0), (9, 0, 25): must be"),
    (arrays(box=2.0 * BOX), SOFT, "box: 24.92 of 49.61 in x hold no particle, a mean "),
    (arrays(box=0.5 * BOX), SOFT, " apart, a mean spacing is 0.62: must be >= 0.1 of it; is a "),
    (arrays(positions=moved(8, list(PLACES[11]))), SOFT, "particle 8 (from 0) and particle 11 (from 0) are"),
    (arrays(positions=100.0 * PLACES, box=100.0 * BOX), SOFT, "no particle is within reach of another:"),
    (arrays(positions=PLACES[:9], sizes=SIZES[:9], box=[4.0, 4.0]), SOFT, "box = 4: must be >= "),
    (edited(data, " xlo xhi", " xlo xho"), SOFT, "has no line xlo xhi: the box must be there"),
    # dimensions
    (arrays(positions=deep(SIZES)), SOFT, "box: has 2 edges: must be 3, one for each dimension"),
    (arrays(positions=deep(SIZES)), {**SOFT, "dimension": 2}, "dimension = 2: z differs by up to 1.2"),
    (arrays(), {**SOFT, "dimension": 3}, "dimension = 3: must be 2, as positions have x and y alone"),
    (xyz, {**SOFT, "dimension": 4}, "dimension = 4: must be an integer from 2 to 3"),
    (arrays(positions=PLACES[:, 0]), SOFT, "positions has shape (400,): must be (N, 2) or (N, 3)"),
    (arrays(positions=None), SOFT, "has no array positions; it has box, sizes"),
    (arrays(positions=PLACES[:1], sizes=[1.0]), SOFT, "has 1 particle: must be two or more"),
    # sizes and species
    (arrays(sizes=None), SOFT, "has no sizes: it has positions alone; give sizes"),
    (arrays(), {**SOFT, "sizes": "radius"}, "sizes = 'radius': must be a column of the file;"),
    (arrays(sizes=SIZES[:7]), SOFT, "has no sizes: it has positions alone"),
    (arrays(names=HALF), {**SOFT, "sizes": "names"}, "sizes = 'names': holds text, 'A': must be numbers"),
    (arrays(types=HALF), KA, "types: A, C: must be A, B or 1, 2 for a potential with sizes 1, 0.88"),
    (arrays(types=HALF), {**KA, "species": {"A": 1.0, "B": 0.88}}, "particle 200 (from 0): types C: "),
    (arrays(types=HALF), {**KA, "species": {"A": 1.0, "C": -1.0}}, "size of C = -1.0: must be"),
    (arrays(), {**KA, "species": {"A": 1.0}}, "has no species: its columns are sizes"),
    (arrays(), KA, "sizes[0] = 2.077"),
    (arrays(), {**SOFT, "sizes": 1.0, "species": {"A": 1.0}}, "sizes, species: must be one"),
    (edited(data, "Atoms # sphere", "Atoms"), SOFT, "line 14: rows of Atoms have 7 entries, not 5"),
    (edited(data, "Atoms # sphere", "Atoms # body"), SOFT, "line 14: style body of Atoms is not"),
    # the rest
    (xyz, {"potential": "soft_sphere"}, "potential = 'soft_sphere': must be one of soft_spheres, "),
    (dump, {**SOFT, "frame": 1}, "frame = 1: must be in -1 .. 0, the file has 1"),
    (dump, {**SOFT, "frame": 0.5}, "frame = 0.5: must be an integer"),
    (edited(xyz, "pos:R:3", "pos:R"), SOFT, "line 2: Properties='pos:R:size:R:1': must be name:type:width"),
    (edited(xyz, "pos:R:3", "loc:R:3"), SOFT, "line 2: Properties has 0 columns pos: must be pos:R:3"),
    (edited(xyz, 'pbc="T T F"', 'pbc="T X F"'), SOFT, "line 2: pbc='T X F': must be"),
    (xyz, {**SOFT, "count": 799}, "count = 799: must be an integer from 1 to 798"),
    (xyz, {**SOFT, "starts": 0}, "starts = 0: must be an integer from 1 to 798"),
]  # fmt: skip


@pytest.mark.parametrize(("writer", "named", "message"), MISTAKES)
def test_each_mistake_is_one_line(
    writer: Writer, named: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = writer(tmp_path)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: ")) as caught:
        qle.soft_spots(path, **named)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ids_that_come_twice_name_both_lines(tmp_path: Path) -> None:
    path = edited(dump, "\n100 1 ", "\n99 1 ")(tmp_path)
    rows = [k for k, line in enumerate(path.read_text().splitlines(), 1) if line.startswith("99 1 ")]
    with pytest.raises(ValueError, match=f"line {rows[1]}: id 99 is there twice, on line {rows[0]} too"):
        qle.read_snapshot(path)


def test_libraries_that_are_missing_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line with the extra that brings each."""
    for name in ("ase.io", "ase.io.formats", "gsd.hoomd", "gsd"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    (tmp_path / "a.gsd").write_bytes(b"\xdf\x65" * 4 + bytes(300))
    with pytest.raises(ValueError, match=r"is GSD, which needs the library gsd: pip install qle\[gsd\]$"):
        qle.read_snapshot(tmp_path / "a.gsd")
    with pytest.raises(
        ValueError, match=r"npz or GSD; for other formats ASE is needed: pip install qle\[ase\]$"
    ):
        qle.read_snapshot(text("CONTCAR\n")(tmp_path))


def test_damaged_gsd_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("gsd.hoomd")
    (tmp_path / "a.gsd").write_bytes(b"\xdf\x65" * 4 + bytes(300))
    with pytest.raises(ValueError, match=r"a.gsd: is damaged: .+"):
        qle.read_snapshot(tmp_path / "a.gsd")


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("soft", {}, "potential = 'soft': must be one of soft_spheres, "),
        (
            "soft_spheres",
            {"reech": 1.4},
            "parameter 'reech': soft_spheres has ",
        ),
        ("harmonic_spheres", {"reach": 1.4}, "parameter 'reach': harmonic_spheres has none"),
        ("soft_spheres", {"smooth": 2.5}, "smooth = 2.5: must be an integer from 1 to 3"),
        ("sticky_spheres", {"r_c": 0.9}, "r_c = 0.9: must be finite and > 1"),
    ],
)
def test_parameters_of_potentials(name: str, parameters: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        potential_of(name, parameters)
    assert potential_of("soft_spheres", {"reach": 1.5, "smooth": 2.0}).smooth == 2


def test_the_command_says_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    dump(tmp_path)
    told = ["glass", "a.dump", "--potential", "soft_spheres"]
    assert main([*told, "--parameter", "reach"]) == 2
    assert main([*told, "--species", "A=x"]) == 2
    assert main([*told, "--sizes", "lambda"]) == 2
    assert main([*told, "--modes-to", "absent/a.xyz"]) == 2
    assert main([*told, "-o", "absent/a"]) == 2
    assert main(["glass", "absent.xyz", "--potential", "soft_spheres"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "qle: error: --parameter reach: must be NAME=X, X a number",
        "qle: error: --species A=x: must be NAME=X, X a number",
        "qle: error: a.dump: sizes = 'lambda': must be a column of the file; its columns are id, "
        "type, radius",
        'qle: error: path = "absent/a.xyz": there is no folder "absent"',
        'qle: error: path = "absent/a.csv": there is no folder "absent"',
        "qle: error: absent.xyz: No such file or directory",
    ]
