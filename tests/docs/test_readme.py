"""The numbers beside the first example of the README: measured, and known by theory."""

import re
from pathlib import Path

import numpy as np
import pytest

import khgps
import qle
from qle.statistics import table

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
POINT = {"h": 0.05, "J": 0.1, "kappa_0": 1.0}
NUMBER = r"([\d.]+)"
(MEASURED,) = re.findall(
    rf"# A_g = {NUMBER} \({NUMBER} to {NUMBER}\); the exponent is {NUMBER} \({NUMBER} to {NUMBER}\)", README
)
(THEORY,) = re.findall(rf"# {NUMBER}: the same by theory", README)


def test_the_example_has_an_omega_4_law_and_the_prefactor_of_theory() -> None:
    _, low, high, _, least, most = map(float, MEASURED)
    assert round(khgps.solve_one_state(**POINT).A_g, 1) == float(THEORY)
    assert low < float(THEORY) < high
    assert least < 4.0 < most


@pytest.mark.verify
def test_the_example_gives_what_it_says(tmp_path: Path) -> None:
    data = qle.sweep(
        qle.Spec(model="khgps", samples=200, grid={"N": 200, **POINT}), store=tmp_path, progress="none"
    )
    names = ["A_g", "A_g_low", "A_g_high", "exponent", "exponent_low", "exponent_high"]
    shown = [
        f"{x:.{len(text.partition('.')[2])}f}"
        for x, text in zip(table(data)[names].iloc[0], MEASURED, strict=True)
    ]
    assert shown == list(MEASURED)
    assert np.all(table(data)["verdict"] == "given")
