"""`qle lattice` and the figures of the lattice run, and refuse bad input in one line."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lattice_gps import GPSLattice
from qle.commands.figures import add_figures
from qle.commands.lattice import add_lattice
from qle.commands.parser import BadInput, Parser
from qle.description.grid import SpecError
from qle.measurements.lattice import measure


def run(*arguments: str) -> int:
    parser = Parser()
    commands = parser.add_subparsers(required=True)
    add_lattice(commands)
    add_figures(commands, lambda _: 1)
    options = parser.parse_args(arguments)
    return int(options.run(options))


def test_measurements_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lattice", "--L", "5", "--J", "0.3", "--samples", "4") == 0
    text = capsys.readouterr().out
    assert text.startswith("L = 5, d = 3, J = 0.3, beta = 0, 4 samples; modes below omega_cut: 2")
    for name in ("destabilised oscillators", "sites with two wells", "exponent of D below"):
        assert name in text


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_smallest_lattice_is_measured(d: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lattice", "--L", "2", "--d", str(d), "--J", "1", "--samples", "3") == 0
    assert capsys.readouterr().out.startswith(f"L = 2, d = {d}, J = 1, beta = 0, 3 samples")


def test_measurements_agree_with_each_other() -> None:
    found = measure(GPSLattice(L=5, J=0.3), 4, modes=3, seed=1)
    assert found.frequency.shape == found.participation.shape == (4, 3)
    assert np.all(np.diff(found.frequency, axis=1) >= 0.0)
    assert np.all(found.upper_wells <= found.double_wells)
    assert np.all(found.double_wells <= 125 * found.destabilised)
    # the softest site is at least as stiff as the softest mode: (M^-1)_ii <= 1/lambda_1
    curvature = found.stiffness + found.displacement**2 / 2.0
    assert np.all(curvature.min(axis=1) >= found.frequency[:, 0] ** 2 * (1.0 - 1e-6))


@pytest.mark.parametrize(
    "name", ["reconstruction", "boson-peak", "mode-profile", "mode-map", "participation", "fields"]
)
def test_figures_are_drawn(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.png"
    options = {
        "boson-peak": ["--J", "0.15", "0.3", "--L", "5", "--samples", "60"],
        "mode-profile": ["--L", "5", "6", "--samples", "3"],
        "mode-map": ["--L", "6"],
        "participation": ["--L", "3", "5", "--samples", "3"],
    }.get(name, ["--L", "5", "--samples", "4", "--J", "0.3"])
    assert run("figure", name, *options, "-o", str(path)) == 0
    with Image.open(path) as image:
        assert image.width > 600
        assert image.convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lattice", "--d", "4"), "d = 4: must be an integer from 1 to 3"),
        (("lattice", "--L", "1"), "L = 1: must be an integer of at least 2"),
        (("lattice", "--beta", "-1"), "beta = -1.0: must be finite and > -1"),
        (("lattice", "--samples", "0"), "samples = 0: must be an integer from 1 to 2**32"),
        (("lattice", "--L", "40"), "N = 64000; N must be at most 6000"),
        (("figure", "mode-map", "--d", "1"), "d = 1: must be an integer from 2 to 3"),
        (("figure", "fields", "-o", "a.bmp"), "must end in one of .png, .pdf, .svg"),
        (("figure", "fields", "-o", "nowhere/a.png"), 'there is no folder "nowhere"'),
        (("figure", "reconstruction", "--L", "40"), "N = 64000; N must be at most 6000"),
        (("figure", "participation", "--L", "4", "40"), "N = 64000; N must be at most 6000"),
        (("figure", "fields", "--samples", "0"), "samples = 0: must be an integer from 1 to 2**32"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises((SpecError, BadInput), match=re.escape(message)) as caught:
        run(*arguments)
    assert "\n" not in str(caught.value)
