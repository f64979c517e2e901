"""Wells found elsewhere: quartics, pairs and paths give back what they were made of."""

import csv
import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import eigh_tridiagonal

import spm
from qle.cli import main

# U = (s^2 - 1)^2 + t (s^3/3 - s): stationary at s = -1, -t/4, 1, as U' = (4 s + t)(s^2 - 1)
TILT = 0.4
SADDLE = -TILT / 4


def tilted(s: float) -> float:
    return (s * s - 1) ** 2 + TILT * (s**3 / 3 - s)


LOWER, UPPER = 1.0, -1.0  # U(+-1) = -+ 2 t/3
BARRIER, ASYMMETRY = tilted(SADDLE) - tilted(LOWER), 4 * TILT / 3
AT = {  # U'' = 12 s^2 - 4 + 2 t s, U''' = 24 s + 2 t, U'''' = 24
    at: (8 + 2 * TILT * at, 24 * at + 2 * TILT, 24.0) for at in (LOWER, UPPER)
}


def write(path: Path, header: str, rows: list[list[object]]) -> Path:
    with path.open("w", newline="") as file:
        file.write(header + "\n")
        csv.writer(file).writerows(rows)
    return path


def test_either_minimum_of_a_quartic_gives_its_lower_one(tmp_path: Path) -> None:
    """Rows at the upper, at the lower minimum, of a symmetric pair, U = (s^2 - 1)^2, and of a single well."""
    rows: list[list[object]] = [[*AT[UPPER]], [*AT[LOWER]], [8, -24, 24], [1, 0, 1]]
    given = spm.read_wells(write(tmp_path / "wells.csv", "b2,b3,b4", rows))
    assert (given.kind, given.labels, given.unit) == ("quartics", ("1", "2", "3", "4"), ("1", "1"))
    assert not given.wells.violates.any()
    np.testing.assert_allclose(given.wells.exact_barrier, [BARRIER, BARRIER, 1.0, np.nan], rtol=1e-13)
    np.testing.assert_allclose(
        given.wells.exact_asymmetry, [ASYMMETRY, ASYMMETRY, 0.0, np.nan], rtol=1e-13, atol=1e-13
    )
    np.testing.assert_allclose(given.wells.b2[:2], AT[LOWER][0], rtol=1e-13)


def test_a_pair_of_minima_is_the_quartic_with_its_barrier(tmp_path: Path) -> None:
    given = spm.read_wells(
        write(tmp_path / "pairs.csv", "label,barrier,asymmetry,distance", [["a b", BARRIER, ASYMMETRY, 2.0]])
    )
    assert given.labels == ("a b",)
    b2, b3, b4 = AT[LOWER]
    for found, expected in zip((given.wells.b2, given.wells.b3, given.wells.b4), (b2, -b3, b4), strict=True):
        assert found[0] == pytest.approx(expected, rel=1e-12)  # mirrored: b3 < 0
    with pytest.raises(ValueError, match=re.escape("asymmetry[1] = 2.0: must be < barrier = 2.0")):
        spm.quartic_of_pair([1.0, 2.0], [0.5, 2.0], 1.0)


def test_a_path_of_a_quartic_gives_it_exactly(tmp_path: Path) -> None:
    """In any order of its points, shifted in s and in energy; beside it a path that is no quartic well."""
    s = np.linspace(-1.3, 1.2, 14)
    rows: list[list[object]] = [["one", x + 5, tilted(x) - 9] for x in s[::-1]]
    rows += [["hill", x, -tilted(x)] for x in s]
    given = spm.read_wells(write(tmp_path / "paths.csv", "label,s,energy", rows))
    (path,) = given.paths
    assert (given.kind, given.labels, given.open) == ("paths", ("one",), ("hill",))
    for found, expected in zip((path.b2, path.b3, path.b4), AT[LOWER], strict=True):
        assert found == pytest.approx(expected, rel=1e-11)
    assert path.fitted_barrier == pytest.approx(BARRIER, rel=1e-11)
    assert path.fitted_asymmetry == pytest.approx(ASYMMETRY, rel=1e-10)
    assert max(path.misfit, path.fitted_barrier_error) < 1e-12
    # a cubic spline is off by 5/384 h^4 max U'''' inside (de Boor), and more at the ends: twice that
    h = s[1] - s[0]
    assert abs(path.barrier - BARRIER) < 2 * 2 * 5 / 384 * 24 * h**4
    assert abs(path.asymmetry - ASYMMETRY) < 2 * 2 * 5 / 384 * 24 * h**4


def test_the_barrier_of_a_path_is_its_own_where_it_is_no_quartic() -> None:
    """U = (1 - cos s)/2, from minimum to minimum, s = 0 to 2 pi: barrier 1."""
    s = np.linspace(0.0, 2.0 * math.pi, 25)
    path = spm.fit_path(s, 0.5 * (1.0 - np.cos(s)))
    assert path.barrier == pytest.approx(1.0, abs=1e-4)  # h^4 max U''''/16
    assert path.asymmetry == pytest.approx(0.0, abs=1e-12)
    ends = spm.fit_path([0, 1, 2, 3, 4], [0, 1, 2, 3, 4.5])  # rises all the way: one minimum
    assert math.isnan(ends.barrier)
    bump = spm.fit_path(s, 0.5 * (1.0 - np.cos(s)) + 1e-3 * np.sin(8 * s))  # wiggles are no second well
    assert bump.barrier == pytest.approx(1.0, abs=0.01)


def test_the_errors_of_a_fitted_path_hold() -> None:
    """Noise of 0.02 on 20 points: pulls of barrier and asymmetry over 400 paths have spread 1.

    4 standard deviations of a spread, 1/sqrt(800), about that of t with 15 degrees of freedom, 1.074; the
    mean moves by second order, 0.1. A factor of 1.3 in the errors would be seen.
    """
    s = np.linspace(-1.4, 1.4, 20)
    exact, rng = np.array([tilted(x) for x in s]), np.random.default_rng(5)
    pulls = []
    for _ in range(400):
        path = spm.fit_path(s, exact + 0.02 * rng.normal(size=20))
        pulls.append(
            [
                (path.fitted_barrier - BARRIER) / path.fitted_barrier_error,
                (path.fitted_asymmetry - ASYMMETRY) / path.fitted_asymmetry_error,
            ]
        )
    assert (np.abs(np.std(pulls, axis=0) - 1.074) < 4 / math.sqrt(800) + 0.02).all()
    assert (np.abs(np.mean(pulls, axis=0)) < 4 * 1.074 / 20 + 0.1).all()


def test_units_of_wells(tmp_path: Path) -> None:
    """1 meV = 11.604518 K (CODATA); 1 nm = 10 A; hbar^2/m of helium is 12.12 K A^2, as in its literature."""
    header = "barrier (meV),asymmetry (meV),distance (nm)"
    given = spm.read_wells(write(tmp_path / "pairs.csv", header, [[10, 2, 0.05]]))
    assert given.unit == ("K", "A")
    assert given.wells.exact_barrier[0] == pytest.approx(116.04518, rel=1e-6)
    assert given.wells.exact_asymmetry[0] == pytest.approx(23.209036, rel=1e-6)
    rows: list[list[object]] = [[8, -24, 24]]
    own = spm.read_wells(write(tmp_path / "b.csv", "b2,b3,b4", rows), energy="meV", length="nm")
    assert own.wells.b2[0] == pytest.approx(8 * 11.604518 / 1e2, rel=1e-6)
    assert own.wells.b4[0] == pytest.approx(24 * 11.604518 / 1e4, rel=1e-6)
    assert 1 / spm.mass_of(4.002602) == pytest.approx(12.12, abs=0.005)


def test_a_single_two_level_system_has_the_schottky_heat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Far below the third level, C = (E/T)^2 e^(E/T)/(1 + e^(E/T))^2, with E of the tilted well at mass 4.

    E is that of the Schroedinger equation in second differences on two grids, whose error h^2 is removed.
    """
    mass = 4.0
    gaps = []
    for count in (700, 1400):
        x, h = np.linspace(-3.0, 3.0, count, retstep=True)
        on = 1 / (mass * h**2) + np.array([tilted(v) for v in x])
        off = np.full(count - 1, -0.5 / (mass * h**2))
        low, _ = eigh_tridiagonal(on, off, select="i", select_range=(0, 1))
        gaps.append((h**2, low[1] - low[0]))
    (h1, g1), (h2, g2) = gaps
    E = g2 + (g2 - g1) * h2 / (h1 - h2)
    path = write(tmp_path / "wells.csv", "b2,b3,b4", [[*AT[UPPER]]])
    options = ["--mass", str(mass), "--temperatures", f"{0.05 * E}", f"{0.1 * E}"]
    assert main(["wells", str(path), *options, "-o", str(tmp_path / "out")]) == 0
    text = capsys.readouterr().out.splitlines()
    assert text[0] == "wells.csv: 1 wells from quartics, hbar = k_B = 1"
    assert text[1] == "0 single, 1 double: 1 tunnel, 0 frozen"
    with (tmp_path / "out-wells.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row["splitting"]) == pytest.approx(E, rel=1e-6)
    assert row["kind"] == "double"
    assert float(row["barrier"]) == pytest.approx(BARRIER, rel=1e-9)
    heat = np.loadtxt(tmp_path / "out-heat.csv", delimiter=",", skiprows=1)
    z = E / heat[:, 0]
    np.testing.assert_allclose(heat[:, 1], z**2 * np.exp(-z) / (1 + np.exp(-z)) ** 2, rtol=1e-4)
    assert (tmp_path / "out.png").stat().st_size > 10_000
    density = np.loadtxt(tmp_path / "out-density.csv", delimiter=",", skiprows=1)
    assert density[0] < E < density[1]
    assert density[2] * (density[1] - density[0]) == pytest.approx(1.0)


PATH = "".join(f"a,{x},{tilted(x)}\n" for x in np.linspace(-1, 1, 6))
MISTAKES = {
    "": "has no columns",
    "b2,b3\n1,2\n": "the first line must name b2, b3, b4; or barrier, asymmetry, distance; or s, energy",
    "b2,b3,b4,s,energy\n1,2,1,0,0\n": "the first line must name b2, b3, b4; or barrier, asymmetry,",
    "b2,b3,b4\n1,2,1\n-1,2,1\n": "line 3: b2 = -1.0: must be finite and > 0",
    "b2,b3,b4\n1,2,0\n": "line 2: b4 = 0.0: must be finite and > 0",
    "b2,b3,b4\n1,nan,1\n": "line 2: b3 = nan: must be finite",
    "b2,b3,b4\n1,x,1\n": "line 2: b3 = 'x': must be a number",
    "b2,b3,b4\n1,2\n": "line 2: b4 = '': must be a number",
    "b2,b2,b3,b4\n1,1,2,1\n": "line 1: names column b2 twice",
    "b2,b3,b4\n": "has no rows",
    "b2 (K),b3,b4\n1,2,1\n": "b2 in K: name the units of U and s by --energy and --length instead",
    "barrier,asymmetry,distance\n1,2,1\n": "line 2: asymmetry = 2: must be >= 0 and < barrier = 1, both from",
    "barrier,asymmetry,distance\n1,-0.5,1\n": "line 2: asymmetry = -0.5: must be >= 0 and < barrier = 1",
    "barrier,asymmetry,distance\n1,0,0\n": "line 2: distance = 0.0: must be finite and > 0",
    "barrier (K),asymmetry (meV),distance (A)\n1,0,1\n": "asymmetry in meV: must be in K, as the other",
    "barrier (K),asymmetry (K),distance\n1,0,1\n": "has no unit of length; give both units or none",
    "barrier (erg),asymmetry (erg),distance (A)\n1,0,1\n": "energy unit = 'erg': must be one of K, meV, eV",
    "label,s,energy\n" + PATH + "b,1,2\nb,2,3\n": "line 8: path b has 2 points; must be at least 5",
    "label,s,energy\n" + PATH + "a,1,5\n": "line 8: s = 1 is in path a twice",
    "b2,b3,b4\n1e-200,1e200,1e-200\n": "so large, so small or so different that floating-point numbers do",
    "barrier,asymmetry,distance\n1e300,0,1e-300\n": "barrier, distance: so large, so small or so different",
    "s,energy\n-2,4\n-1,1\n0,0\n1,1\n2,4\n": "no quartic with b4 > 0 fits any of 1 paths",  # not by rounding
    "s,energy\n0,0\n1,1\n2,0\n3,-9\n4,-20\n5,-50\n": "no quartic with b4 > 0 fits any of 1 paths",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_one_line_with_file_row_and_rule(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wells.csv"
    path.write_text(text)
    assert main(["wells", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"qle: error: {path}: {MISTAKES[text]}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--mass", "-1"], "mass = -1.0: must be finite and > 0"),
        (["--freeze", "1"], "freeze = 1.0: must be in [1e-30, 0.1]"),
        (["--temperatures", "2", "1"], "temperatures, the higher, = 1.0: must be finite and > 2"),
        (["--energy", "K"], "has no unit of length; give both units or none"),
        (["--energy", "K", "--length", "mile"], "length unit = 'mile': must be one of A"),
    ],
)
def test_bad_options_are_one_line(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "wells.csv", "b2,b3,b4", [[8, -24, 24]])
    assert main(["wells", str(path), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_a_high_barrier_is_frozen_and_an_oscillator(tmp_path: Path) -> None:
    """U = 400 (s^2 - 1)^2, mass 2: omega = 1600^(1/2) in either well, E_1 - E_0 is not computed."""
    given = spm.read_wells(write(tmp_path / "wells.csv", "b2,b3,b4", [[3200, -9600, 9600]]))
    levels = spm.well_levels(given.wells, mass=2.0)
    assert levels.frozen.all()
    assert np.isnan(levels.splitting).all()
    assert levels.log_tunnelling[0] < math.log(1e-8)
    heat = spm.specific_heat(given.wells, [10.0], mass=2.0, complete=True)
    x = 40.0 / 20.0
    assert heat.C[0] == pytest.approx((x / math.sinh(x)) ** 2, rel=1e-12)
