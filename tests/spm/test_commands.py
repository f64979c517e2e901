"""`qle spm` and `qle heat-fit`: what they print, write and refuse."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

import spm
from qle.cli import main
from qle.commands.soft_potentials import choose
from qle.figures import quartic_wells

SMALL = ["--potentials", "3e4", "--soft", "3e4", "--quantum", "60", "--threads", "1"]


def test_a_run_prints_laws_and_writes_tables_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["spm", "--law", "student", *SMALL, "-o", str(tmp_path / "out")]) == 0
    text = capsys.readouterr().out
    found = re.search(
        r"p\(b2\), global minima +([\d.]+) \+- ([\d.]+) +1.5 +([\d.]+) \+- ([\d.e-]+) +([\d.]+)", text
    )
    assert found is not None
    exponent, error, prefactor, prefactor_error, derived = (float(group) for group in found.groups())
    assert abs(exponent - 1.5) < 4.0 * error + 1e-3
    assert abs(prefactor - derived) < 4.0 * prefactor_error + 0.01 * derived  # b2 up to 0.01
    for name in ("out-laws.png", "out-wells.png", "out-heat.png"):
        assert str(tmp_path / name) in text
        assert (tmp_path / name).stat().st_size > 10_000
    with (tmp_path / "out-laws.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["sample"], row["law"]) == ("plain", "D_global")]
    assert sum(float(r["density"]) * (float(r["high"]) - float(r["low"])) for r in rows) == pytest.approx(1.0)
    heat = spm.read_specific_heat(tmp_path / "out-heat.csv")
    assert heat.T.size == 31
    assert (heat.C > 0.0).all()
    assert heat.C_error is not None


@pytest.mark.parametrize("quantum", [200, 2000])
def test_specific_heat_of_few_wells(quantum: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """C_sm is the derived one within 4 errors, seed fixed; cold wells that are not there are not fitted."""
    counts = ["--potentials", "1000", "--soft", "2e4", "--quantum", str(quantum)]
    assert main(["spm", *counts, "-o", str(tmp_path / "out")]) == 0
    text = capsys.readouterr().out
    found = re.search(r"C_sm +([\d.e-]+) \+- ([\d.e-]+), derived ([\d.e-]+)", text)
    assert found is not None
    C_sm, error, derived = (float(group) for group in found.groups())
    assert abs(C_sm - derived) < 4.0 * error < derived
    assert f"C_TLS and T_min unknown: too few of {quantum} wells tunnel; raise --quantum" in text


@pytest.mark.parametrize(("name", "kind"), [("gaussian", spm.Gaussian), ("uniform", spm.Uniform)])
def test_the_other_laws(name: str, kind: type) -> None:
    law = choose(name)
    assert {type(getattr(law, a)) for a in ("a1", "a2", "a3", "a4")} == {kind}


def test_the_fit_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "glass.csv"
    rows = [f"{T},{2 * T + 0.3 * T**3 + 0.05 * T**5},{0.01 * T}" for T in (0.3, 0.5, 1.0, 2.0, 3.0)]
    path.write_text("T,C,C_error\n" + "\n".join(rows) + "\n")
    assert main(["heat-fit", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:5]] == [
        ["C_TLS", "2"], ["C_D", "0.3"], ["C_sm", "0.05"], ["T_min", "2.5149"],  # (2/0.05)^(1/4)
    ]  # fmt: skip
    assert lines[-1] == str(tmp_path / "glass.png")
    assert (tmp_path / "glass.png").stat().st_size > 10_000


def test_weights_of_a_table_without_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With equal errors the largest C decide: a wrong one at low T moves C_sm by little."""
    T = np.linspace(0.3, 3.0, 12)
    C = (2 * T + 0.3 * T**3 + 0.05 * T**5) * np.where(np.arange(T.size) == 0, 1.5, 1.0)
    path = tmp_path / "glass.csv"
    path.write_text("T,C\n" + "\n".join(f"{t},{c}" for t, c in zip(T, C, strict=True)) + "\n")
    soft = {}
    for weights in ("relative", "equal"):
        assert main(["heat-fit", str(path), "--weights", weights]) == 0
        out = capsys.readouterr().out
        assert ("%, as it scatters" in out) == (weights == "relative")
        soft[weights] = float(re.findall(r"C_sm +(\S+)", out)[0])
    assert abs(soft["equal"] / 0.05 - 1) < 0.1 * abs(soft["relative"] / 0.05 - 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--potentials", "0"], "n = 0: must be an integer from 1 to 2**32"),
        (["--potentials", "1.5"], "potentials = 1.5: must be a whole number"),
        (["--b2-max", "-1"], "b2_max = -1.0: must be finite and > 0"),
        (["--mass", "0"], "mass = 0.0: must be finite and > 0"),
        (["--seed", "-1"], "seed = -1: must be an integer in [0, 2**32)"),
        (["--threads", "0"], "threads = 0: must be an integer of at least 1"),
    ],
)
def test_bad_input_is_one_line(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["spm", *SMALL, "-o", str(tmp_path / "out"), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"qle: error: {message}"


def test_bad_data_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "glass.csv"
    path.write_text("T,C,C_error\n0,1,1\n1,1,1\n2,1,1\n")
    assert main(["heat-fit", str(path)]) == 2
    assert capsys.readouterr().err == f"qle: error: {path}: line 2: T = 0.0: must be finite and > 0\n"
    path.write_text("T,C\n1,1\n2,1\n3,1\n")
    assert main(["heat-fit", str(path), "--debye", "-1"]) == 2
    assert capsys.readouterr().err == "qle: error: debye = -1.0: must be finite and >= 0\n"
    assert main(["heat-fit", str(tmp_path / "absent.csv")]) == 2
    assert "absent.csv: No such file or directory" in capsys.readouterr().err


def test_modes_of_any_model_can_be_drawn(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    modes = spm.QuarticWells(b2=rng.random(30), b3=rng.normal(size=30), b4=np.ones(30))
    assert quartic_wells.draw(modes, tmp_path / "wells.svg").read_bytes().startswith(b"<?xml")
    with pytest.raises(ValueError, match=re.escape("must end in one of .png, .pdf, .svg")):
        quartic_wells.draw(modes, tmp_path / "wells.jpg")


def test_a_fit_is_printed_even_if_it_cannot_be_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """C_D in other units than the data, 1000 times too large: nothing is left of C to draw."""
    path = tmp_path / "glass.csv"
    path.write_text("T,C,C_error\n" + "".join(f"{T},{T + T**3},{0.01 * T}\n" for T in (0.5, 1.0, 2.0, 3.0)))
    assert main(["heat-fit", str(path), "--debye", "1000"]) == 2
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["C_TLS", "C_D", "C_sm"]
    assert err == ("qle: error: C_D = 1000: C_D T^3 exceeds every C; is it in the units of the data?\n")
    assert not path.with_suffix(".png").exists()
    assert main(["heat-fit", str(path), "-o", "glass.jpg"]) == 2
    assert capsys.readouterr().out == ""  # a mistake that shows before the work is told before it


def test_a_table_without_errors_is_fitted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "glass.txt"
    rng = np.random.default_rng(5)
    rows = [
        f"{T:.6g} {(2 * T + 0.3 * T**3 + 0.05 * T**5) * (1 + 0.02 * rng.normal()):.9g}"
        for T in np.geomspace(0.3, 4.0, 400)
    ]
    path.write_text("T C\n" + "\n".join(rows).replace(".", ",") + "\n")
    assert main(["heat-fit", str(path)]) == 0
    out = capsys.readouterr().out
    # the standard deviation of a spread found from 400 values is 2 percent / sqrt(800) = 0.07 percent
    found = re.search(r"each C is taken to be known to ([\d.]+)%", out)
    assert found is not None
    assert float(found[1]) == pytest.approx(2.0, abs=4 * 0.07)
