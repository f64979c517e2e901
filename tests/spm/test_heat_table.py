"""Measured specific heats: every form of a table is that table, in its units; mistakes have their lines."""

import csv
import io
import math
import re
from pathlib import Path

import numpy as np
import pytest

import spm
from qle.cli import main

# 4.184: the thermochemical calorie; 1e-7: an erg; 60.08 g: a mole of SiO2; 8.31446: the gas constant, CODATA
T = np.array([0.5, 1.0, 2.0, 4.0])
C = np.array([1e-5, 4e-5, 5e-4, 1.2e-2])  # J/mol K
MOLE = 60.08
HEADERS = {
    "T (K),C (J/mol K)": (1.0, 1.0),
    "T (mK),C (mJ/mol K)": (1e3, 1e3),
    "T/K;C/(J/(mol K))": (1.0, 1.0),
    "Temperature [mK]\tC_p [uJ mol^-1 K^-1]": (1e3, 1e6),
    "T (uK)\tCp (cal/(mol K))": (1e6, 1 / 4.184),
    "T (K)  Cv (R)": (1.0, 1 / 8.31446261815324),
    "# T (K)  C (erg mol-1 K-1)": (1.0, 1e7),
}


@pytest.mark.parametrize("header", HEADERS)
def test_every_unit_of_a_table_is_its_table(header: str, tmp_path: Path) -> None:
    """Written by Python's own csv module, which knows nothing of ours."""
    factors = HEADERS[header]
    mark = next((one for one in ";\t," if one in header), " ")
    text = io.StringIO()
    rows = csv.writer(text, delimiter=mark, lineterminator="\r\n")
    rows.writerows(
        zip(map(repr, (T * factors[0]).tolist()), map(repr, (C * factors[1]).tolist()), strict=True)
    )
    path = tmp_path / "glass.dat"
    path.write_text(header + "\r\n" + text.getvalue())
    found = spm.read_specific_heat(path)
    np.testing.assert_allclose(found.T, T, rtol=1e-14)
    np.testing.assert_allclose(found.C, C, rtol=1e-14)
    assert (found.unit, found.C_error, found.filled) == ("J/mol K", None, 0)


def test_units_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "glass.csv"
    path.write_text("T (K),C (mJ/g K),C_error (uJ/(g K))\n2,3,60\n")
    grams = spm.read_specific_heat(path)
    assert grams.unit == "J/g K"
    moles = grams.per("mol", molar_mass=MOLE)
    assert moles.unit == "J/mol K"
    assert moles.C[0] == pytest.approx(0.003 * MOLE, rel=1e-15)
    assert moles.C_error is not None
    assert moles.C_error[0] == pytest.approx(6e-5 * MOLE, rel=1e-15)
    back = moles.per("g", molar_mass=MOLE)
    assert back.unit == "J/g K"
    assert back.C[0] == pytest.approx(0.003, rel=1e-15)
    assert moles.per("mol", molar_mass=MOLE).C[0] == moles.C[0]


@pytest.mark.parametrize(
    ("text", "factor", "name"),
    [
        ("J/kg K", 1e-3, "J/g K"), ("mJ/(g K)", 1e-3, "J/g K"), ("erg g^-1 K^-1", 1e-7, "J/g K"),
        ("J/molK", 1.0, "J/mol K"), ("\u00b5J g\u207b\u00b9 K\u207b\u00b9", 1e-6, "J/g K"),
        ("mJ/K", 1e-3, "J/K"),
        ("J/(mmol K)", 1e3, "J/mol K"), ("k_B", 8.31446261815324, "J/mol K"),
        ("nJ/(mol mK)", 1e-6, "J/mol K"),
    ],
)  # fmt: skip
def test_units_of_specific_heat(text: str, factor: float, name: str) -> None:
    unit = spm.heat_unit(text)
    assert unit.name == name
    assert unit.factor == pytest.approx(factor, rel=1e-14)


def test_errors_in_percent_and_errors_that_are_missing(tmp_path: Path) -> None:
    """Of the relative errors 1, 2 and 6 percent the median is 2."""
    path = tmp_path / "glass.csv"
    path.write_text("T (K);C (J/mol K);error (%)\n1;10;1\n2;20;\n3;30;2\n4;40;6\n5;50;nan\n")
    found = spm.read_specific_heat(path)
    np.testing.assert_allclose(found.C_error, [0.1, 0.4, 0.6, 2.4, 1.0], rtol=1e-14)  # type: ignore[arg-type]
    assert found.filled == 2


def test_a_table_without_names_or_units(tmp_path: Path) -> None:
    path = tmp_path / "glass.txt"
    path.write_text("1 2 0.5\n3 4 0.5\n")
    plain = spm.read_specific_heat(path)
    assert (plain.unit, plain.T.tolist(), plain.C.tolist()) == ("1", [1, 3], [2, 4])
    found = spm.read_specific_heat(path, T_unit="mK", C_unit="mJ/mol K")
    np.testing.assert_allclose(found.T, [0.001, 0.003], rtol=1e-15)
    np.testing.assert_allclose(found.C_error, [5e-4, 5e-4], rtol=1e-15)  # type: ignore[arg-type]


MISTAKES = {
    "T,C_error\n1,2\n": "line 1: has no column C; the first line must name T, C",
    "T,C,Cp\n1,2,3\n1,2,3,4\n": "line 3: has 4 entries, more than the 3 columns",
    "T,Cp,C_v\n1,2,3\n": "line 1: names column C twice",
    "T,C,C_error\n1,2,x\n": "line 2: C_error = 'x': must be a number",
    "T,C\n1,2\n3,\n": "line 3: C = '': must be a number",
    "T,C,C_error\n1,2\n": "C_error has no entry; leave the column out",
    "T,C,C_error\n1,2,1\n2,0.5,0\n": "line 3: C_error = 0.0: must be finite and > 0",
    "T,C\n1,2\n-1,0.5\n": "line 3: T = -1.0: must be finite and > 0",
    "T,C\n1,nan\n": "line 2: C = nan: must be finite",
    "T,C\n\n1,2\n2,-3\n": "line 4: C = -3.0: must be finite and > 0",
    "T,C,C_error\n": "has no rows",
    "": "has no columns; the first line must name T, C",
    "T (C),C (J/mol K)\n1,2\n": "T in 'C': must be in K, mK, uK or nK",
    "T (kK),C (J/mol K)\n1,2\n": "T in 'kK': must be in K, mK, uK or nK",
    "T (K),C (J/mol)\n1,2\n": "C in 'J/mol': must be such as J/mol K, mJ/(g K), erg g^-1 K^-1, cal/mol K",
    "T (K),C (J/T^3)\n1,2\n": "C in 'J/T^3': must be such as",
    "T,C/T^3\n1,2\n": "C in 'T^3': must be such as",
    "T (K),C (J/mol K),C_error (J/g K)\n1,2,1\n": "C_error in 'J/g K': must be in % or, as C, in J/mol K",
    "1 2 3 4\n": "line 1: 4 columns without names, not 3 (T, C, C_error)",
    "T;C\n0.5;1,5\n": "line 2: C = '1,5': has a comma, where other numbers have a point",
    "T,C\n1,1e\n": "line 2: C = '1e': must be a number",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_one_line_with_file_row_and_rule(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "glass.csv"
    path.write_text(text)
    assert main(["heat-fit", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"qle: error: {path}: {MISTAKES[text]}")
    assert err.count("\n") == 1


ELASTIC = ["--sound", "5968", "3764", "--density", "2200"]


@pytest.mark.parametrize(
    ("unit", "options", "message"),
    [
        ("J/mol K", ["--window", "2", "1"], "--window 2 1: must be two temperatures, the lower first"),
        ("J/mol K", ["--window", "50", "90"], "window = 50 to 90: holds no T, which are 0.5 to 4"),
        ("J/mol K", ["--per", "g"], "--per g: needs --molar-mass, of a formula unit in g/mol"),
        ("J/mol K", ["--per", "g", "--molar-mass", "-1"], "molar_mass = -1.0: must be finite and > 0"),
        ("J/K", ["--per", "g", "--molar-mass", "60"], "C in J/K: must be per mol or per g to be converted"),
        ("J/mol K", ["--sound", "5968", "3764"], "--sound: needs --density, in kg/m^3"),
        ("J/mol K", ["--density", "2200"], "--density: needs --sound, the speeds of sound"),
        ("J/mol K", ELASTIC, "--sound: C is per mol; needs --molar-mass, of a formula unit in g/mol"),
        ("J/K", ELASTIC, "C in J/K: must be per mol or per g for --sound"),
        ("J/g K", [*ELASTIC, "--debye", "1"], "--sound: --debye gives C_D already; leave one of them out"),
        ("J/g K", ["--sound", "5.9", "3.7", "--density", "2200"],
         "transverse = 3.7: must be in [50, 30000], or it is not in m/s"),
        ("J/g K", ["--sound", "5968", "3764", "--density", "2.2"],
         "density = 2.2: must be in [50, 30000], or it is not in kg/m^3"),
        ("J/g K", ["--sound", "3764", "5968", "--density", "2200"],
         "longitudinal = 3764: must be > 6891.25, (4/3)^(1/2) of the transverse speed: the bulk modulus is"),
        ("J/g K", ["--C-unit", "mJ/g K"], "glass.csv: C in 'mJ/g K': the file has it in 'J/g K'"),
        ("J/g K", ["--T-unit", "mK", "--window", "1", "2"], "window = 1 to 2: holds no T, which are 0.0005"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_the_table(
    unit: str, options: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{t},{c}\n" for t, c in zip(T, C, strict=True))
    Path("glass.csv").write_text(f"T,C ({unit})\n{rows}")
    assert main(["heat-fit", "glass.csv", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"qle: error: {message}")
    assert err.count("\n") == 1


def test_the_debye_coefficient_counts_the_waves() -> None:
    """Against the modes themselves, V/(2 pi)^3 of each wave per volume of k, with the heat of oscillators.

    C/V = sum_s int 4 pi k^2 dk/(2 pi)^3 k_B (x/2)^2/sinh^2(x/2), x = hbar v_s k/(k_B T), by quadrature, and
    by Debye's (12 pi^4/5) N k_B (T/theta)^3 for one atom per volume theta belongs to. Constants: CODATA 2018.
    """
    boltzmann, hbar, v_l, v_t, density, warm = 1.380649e-23, 1.054571817e-34, 5968.0, 3764.0, 2200.0, 0.7
    x = (np.arange(400_000) + 0.5) * 1e-4  # up to 40: what is beyond is 1e-14
    heat = (0.5 * x / np.sinh(0.5 * x)) ** 2
    volume = 0.0  # J/(m^3 K)
    for speed in (v_l, v_t, v_t):
        wave = x * boltzmann * warm / (hbar * speed)
        volume += (
            boltzmann * float(np.sum(4 * np.pi * wave**2 * heat) * (wave[1] - wave[0])) / (2 * np.pi) ** 3
        )
    found = spm.debye_coefficient(longitudinal=v_l, transverse=v_t, density=density)
    assert found == pytest.approx(volume / warm**3 / (1000 * density), rel=1e-8)  # the midpoint rule's error
    atoms = 3 * density / 0.06008 * 6.02214076e23
    mean = ((v_l**-3 + 2 * v_t**-3) / 3) ** (-1 / 3)
    theta = hbar * mean * (6 * math.pi**2 * atoms) ** (1 / 3) / boltzmann
    by_mole = spm.debye_coefficient(longitudinal=v_l, transverse=v_t, density=density, molar_mass=60.08)
    assert by_mole == pytest.approx(12 * math.pi**4 / 5 * 3 * 8.31446261815324 / theta**3, rel=1e-9)


def test_known_coefficients_come_back_within_their_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Noise of 1 percent on 40 values in mJ/mol K and mK, C_D of sound: pulls below 4, false alarm 2e-4.

    Power: the errors printed are below 3 percent, so a term off by a tenth is found.
    """
    rng = np.random.default_rng(8)
    warm = np.geomspace(0.2, 5.0, 60)
    debye = spm.debye_coefficient(longitudinal=5968, transverse=3764, density=2200, molar_mass=60.08)
    heat = 7e-5 * warm + debye * warm**3 + 1.5e-5 * warm**5
    heat[warm > 2.0] *= 3.0  # beyond the window (S 23) does not hold
    measured = heat * (1 + 0.01 * rng.normal(size=60))
    path = tmp_path / "silica.csv"
    path.write_text(
        "T (mK),Cp (mJ/mol K),error (%)\n"
        + "".join(
            f"{1e3 * t!r},{1e3 * c!r},1\n" for t, c in zip(warm.tolist(), measured.tolist(), strict=True)
        )
    )
    options = ["--window", "0.2", "2", *ELASTIC, "--molar-mass", "60.08"]
    assert main(["heat-fit", str(path), *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    inside = int((warm <= 2.0).sum())
    assert lines[0] == (
        f"silica.csv: 60 rows, T in K, C in J/mol K; {inside} fitted, T = 0.2 to {warm[inside - 1]:.6g}"
    )
    for line, name, true, unit in (
        (lines[1], "C_TLS", 7e-5, "J/mol K^2"), (lines[3], "C_sm", 1.5e-5, "J/mol K^6"),
        (lines[4], "T_min", (7 / 1.5) ** 0.25, "K"),
    ):  # fmt: skip
        found = re.fullmatch(rf"{name} +(\S+) \+- (\S+) {re.escape(unit)}", line)
        assert found is not None
        assert abs(float(found[1]) - true) < 4.0 * float(found[2]) < 0.12 * true
    assert lines[2] == f"C_D   {debye:.5g} J/mol K^4, given"
    free = re.fullmatch(r"C_D fitted instead: (\S+) \+- (\S+) J/mol K\^4", lines[6])
    assert free is not None
    assert abs(float(free[1]) - debye) < 4.0 * float(free[2])


def test_equal_weights_where_errors_are_missing() -> None:
    """Errors of one size s: pulls of C_sm have unit spread, s is found: 4 standard deviations of 300 fits."""
    warm, s = np.linspace(0.3, 3.0, 40), 0.05
    truth = 2.0 * warm + 0.3 * warm**3 + 0.05 * warm**5
    rng = np.random.default_rng(3)
    pulls, sizes = [], []
    for _ in range(300):
        fit = spm.fit_specific_heat(warm, truth + s * rng.normal(size=40), None, weights="equal")
        assert fit.equal_error is not None
        assert fit.relative_error is None
        sizes.append(fit.equal_error**2)
        pulls.append((fit.C_sm - 0.05) / math.sqrt(fit.covariance[2, 2]))
    assert abs(np.mean(pulls)) < 4.0 / math.sqrt(300)
    assert abs(np.std(pulls) - 1.0) < 4.0 / math.sqrt(600) + 0.03  # t of 37 degrees has spread 1.028
    assert abs(np.mean(sizes) / s**2 - 1.0) < 4.0 * math.sqrt(2.0 / 37 / 300)
    with pytest.raises(ValueError, match="weights = 'even': must be one of relative, equal"):
        spm.fit_specific_heat(warm, truth, None, weights="even")


def test_the_fit_is_the_same_in_every_unit() -> None:
    """C_TLS, C_D, C_sm per gram are those per mole over the molar mass, T_min is the same."""
    rng = np.random.default_rng(4)
    warm = np.geomspace(0.2, 2.0, 30)
    heat = (7e-5 * warm + 4.7e-5 * warm**3 + 1.5e-5 * warm**5) * (1 + 0.02 * rng.normal(size=30))
    moles = spm.HeatTable(T=warm, C=heat, unit="J/mol K")
    grams = moles.per("g", molar_mass=MOLE)
    a, b = (spm.fit_specific_heat(one.T, one.C, one.C_error) for one in (moles, grams))
    np.testing.assert_allclose(
        [b.C_TLS * MOLE, b.C_D * MOLE, b.C_sm * MOLE], [a.C_TLS, a.C_D, a.C_sm], rtol=1e-9
    )
    assert b.T_min == pytest.approx(a.T_min, rel=1e-9)
