"""What the page of the first hour shows as printed is what its commands and its code print."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.fresh import Fresh
from tests.page_commands import run

PAGE = Path(__file__).parents[2] / "docs" / "first-hour.md"
PAIR = re.compile(r"^```(sh|python)\n(.*?)^```\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STEPS = [match.groups() for match in PAIR.finditer(PAGE.read_text(encoding="utf-8"))]
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")


@pytest.mark.parametrize(("language", "body", "shown"), STEPS, ids=["diagram", "A_g", "soft spot"])
def test_transcript(
    language: str, body: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: Fresh
) -> None:
    monkeypatch.chdir(tmp_path)
    out = run(body)[0] if language == "sh" else fresh.run(body, tmp_path).out
    assert NUMBER.sub("#", out).split() == NUMBER.sub("#", shown).split()
    printed, expected = ([float(one) for one in NUMBER.findall(text)] for text in (out, shown))
    # samples: rounding differs between processors, and may lead one of 200 to another minimum;
    rtol, atol = (1e-6, 1e-9) if language == "sh" else (0.02, 0.02)
    np.testing.assert_allclose(printed, expected, rtol=rtol, atol=atol)
