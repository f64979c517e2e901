"""What the page of specific heats and wells shows as printed is what its commands print, and its tables."""

import re
from pathlib import Path

import numpy as np
import pytest

from arguments import read_table
from tests.page_commands import run

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "heat-and-wells.md").read_text(encoding="utf-8")
PAIRS = re.findall(r"^```sh\n(.*?)^```\n\nprints\n\n```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
TABLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")


@pytest.mark.parametrize(("body", "shown"), PAIRS)
def test_what_a_command_prints(
    body: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").symlink_to(DOCS)
    monkeypatch.chdir(tmp_path)
    out, _ = run(body)
    assert NUMBER.sub("#", out).split() == NUMBER.sub("#", shown).split()
    printed, expected = ([float(one) for one in NUMBER.findall(text)] for text in (out, shown))
    np.testing.assert_allclose(printed, expected, rtol=2e-4, atol=0.0)  # the last digit printed


def test_the_tables_are_those_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for code in TABLES:
        exec(code, {})
    made = sorted(tmp_path.glob("*.csv"))
    assert [path.name for path in made] == sorted(path.name for path in (DOCS / "data").glob("*.csv"))
    for path in made:
        header = path.read_text().splitlines()[0].split(",")
        names = [name.split(" (")[0] for name in header if name != "label"]
        old, new = (read_table(folder / path.name, names).columns for folder in (DOCS / "data", tmp_path))
        for name in names:
            np.testing.assert_allclose(new[name], old[name], rtol=1e-5, atol=1e-12)
