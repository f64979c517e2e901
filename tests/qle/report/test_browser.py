"""Pages in headless Chromium, where there is one: scripts run, and complain of nothing."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from qle.report.page import ENVIRONMENT

DOCS = Path(__file__).parents[3] / "docs"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


def shown(page: Path, profile: Path) -> str:
    """Return a page as its scripts leave it; raise AssertionError for an error on the console."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom"]
    command = [str(BROWSER), *options, f"--user-data-dir={profile}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in done.stderr
    return done.stdout


@pytest.mark.verify
@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
def test_pages_of_the_site_run(tmp_path: Path) -> None:
    plane = shown(DOCS / "static" / "phase-plane.html", tmp_path)
    assert re.search(r'<span id="field">0\.\d+</span>, J = <span id="coupling">0\.\d+</span>', plane)
    assert re.search(r'<td id="number-q">[\d.]+</td>', plane)
    assert re.search(r'<path id="curve" d="M[\d.]+ [\d.]+L', plane)
    for name, first in (
        ("lattice", "mode normal, number 0"),
        ("glass", "file glass.xyz, mode cubic, number 0"),
    ):
        kept = json.loads((DOCS / "data" / f"{name}-modes.json").read_text())
        path = tmp_path / f"{name}.html"
        path.write_text(ENVIRONMENT.get_template("modes.html").render(data=kept), encoding="utf-8")
        page = shown(path, tmp_path)
        assert f'<p id="told" aria-live="polite">{first}' in page
        assert page.count("<option") >= 5
