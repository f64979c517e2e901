"""The built wheel holds all packages and the command: what an editable install would not notice missing."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.docs.test_code_blocks import WITH_PYTHON, blocks

WHERE = """
import importlib, json, sys
print(json.dumps({name: importlib.import_module(name).__file__ for name in sys.argv[1:]}))
"""


DEVELOPMENT = ("benchmarks", "extending", "layout")
"""Pages about changing the code, which is not in a wheel."""

PAGES = [page.stem for page in WITH_PYTHON if page.stem not in DEVELOPMENT]


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints, run in `cwd` without the help of PYTHONPATH."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["MPLBACKEND"] = "agg"
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clean_environment(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a virtual environment with the wheel installed and the dependencies, but not the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, root, cwd=folder)
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    run(*pip, "--python", python, "install", "--no-deps", *folder.glob("*.whl"), cwd=folder)
    # Lines of a .pth file are added to sys.path, but .pth files found there (such as the one of an
    # editable install) are not read.
    purelib = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    )
    (purelib / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv"


def test_all_packages_come_from_the_wheel(
    clean_environment: Path, packages: list[str], tmp_path: Path
) -> None:
    places = json.loads(run(clean_environment / "bin" / "python", "-I", "-c", WHERE, *packages, cwd=tmp_path))
    assert list(places) == packages
    assert [name for name in packages if clean_environment not in Path(str(places[name])).parents] == []


def test_the_command_of_the_wheel_runs(clean_environment: Path, tmp_path: Path) -> None:
    assert "0.1.0" in run(clean_environment / "bin" / "qle", "--version", cwd=tmp_path)


@pytest.mark.verify
@pytest.mark.parametrize("name", PAGES)
def test_the_python_of_every_page_runs_with_the_wheel_alone(
    clean_environment: Path, root: Path, tmp_path: Path, name: str
) -> None:
    """Shell lines name sweeps of the repository, and are run as the command that is tested above."""
    page = next(page for page in WITH_PYTHON if page.stem == name)
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks(page, "python")), encoding="utf-8")
    run(clean_environment / "bin" / "python", "-P", "-W", "error", script, cwd=tmp_path)
