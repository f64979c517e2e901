"""The check of the built site finds each kind of fault; `make verify` builds the site and checks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = ROOT / "docs" / "check_site.py"
GOOD = """<html><head><title>$</title><link href="a.css"></head><body><h1 id="top-of-it">A</h1>
<a href="#top-of-it">x</a> <a href="sub/b.html#deep">b</a> <a href="https://example.org/$">out</a>
<img src="p.png"> <img src="v.svg"> <img src="data:image/png;base64,AAAA">
<code>cost $5</code> <span class="math notranslate">\\(x\\)</span></body></html>"""


def check(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CHECK), str(folder), *options], capture_output=True, text=True, timeout=1500
    )


def site(folder: Path, page: str) -> Path:
    """Write a site of two pages."""
    (folder / "sub").mkdir(parents=True)
    (folder / "a.html").write_text(page)
    (folder / "a.css").write_text("p {}")
    (folder / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "v.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (folder / "sub" / "b.html").write_text('<p id="deep"><a href="../a.html">back</a></p>')
    return folder


def test_a_good_site_passes(tmp_path: Path) -> None:
    done = check(site(tmp_path / "site", GOOD))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("sub/b.html#deep", "sub/c.html", "no such file"),
        ("sub/b.html#deep", "sub/b.html#shallow", "no such anchor"),
        ("#top-of-it", "#bottom", "no such anchor"),
        ("sub/b.html#deep", "../outside.html", "no such file in the site"),
        ('src="p.png"', 'src="q.png"', "no such file"),
        ('src="v.svg"', 'src="broken.svg"', "is no SVG"),
        ('src="p.png"', 'src="broken.png"', "is no PNG"),
        ("a.css", "b.css", "no such file"),
        ("<code>cost $5</code>", "cost $5", "'$' in the text"),
        ('<span class="math notranslate">\\(x\\)</span>', "\\(x\\)", "in the text"),
        ("<code>cost $5</code>", "<p><br>[b](sub/b.md)</p>", "'](' in the text"),
        ("<code>cost $5</code>", "<p>| a | b |</p>", "a row of no table"),
        ("<code>cost $5</code>", '<div class="output stderr"><pre>old</pre></div>', "is a warning"),
    ],
)
def test_each_fault_is_found(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    folder = site(tmp_path / "site", GOOD.replace(old, new, 1))
    (tmp_path / "outside.html").write_text("")
    (folder / "broken.png").write_bytes(b"version https://git-lfs")
    (folder / "broken.svg").write_text("<svg")
    done = check(folder)
    assert done.stderr == ""
    assert done.returncode == 1
    assert says in done.stdout


def test_an_empty_folder_is_no_site(tmp_path: Path) -> None:
    assert check(tmp_path).returncode == 1


@pytest.mark.verify
def test_the_site_is_whole(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-c", "docs", ".", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stderr
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    done = check(tmp_path, *(["--browser", browser] if browser else []))
    assert done.returncode == 0, done.stdout + done.stderr
