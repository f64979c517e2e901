"""What the page of the first hour shows as printed is what its commands and its code print."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "first-hour.md"
PAIR = re.compile(r"^```(sh|python)\n(.*?)^```\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STEPS = [match.groups() for match in PAIR.finditer(PAGE.read_text(encoding="utf-8"))]
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")


@pytest.mark.parametrize(("language", "body", "shown"), STEPS, ids=["diagram", "A_g", "soft spot"])
def test_transcript(language: str, body: str, shown: str, tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", "-c", body] if language == "sh" else [sys.executable, "-c", body]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    assert NUMBER.sub("#", done.stdout).split() == NUMBER.sub("#", shown).split()
    printed, expected = ([float(one) for one in NUMBER.findall(text)] for text in (done.stdout, shown))
    # samples: rounding differs between processors, and may lead one of 200 to another minimum;
    # the diagram: a replicon of 0 is 0 up to rounding
    rtol, atol = (1e-6, 1e-9) if language == "sh" else (0.02, 0.02)
    np.testing.assert_allclose(printed, expected, rtol=rtol, atol=atol)
