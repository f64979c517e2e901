"""Rules of size, names and places that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

LONGEST_FILE = 300  # lines
LONGEST_FUNCTION = 60  # lines of code; a kernel that mirrors a paper's steps may need them
CATCH_ALL = {"common", "core", "helper", "helpers", "misc", "util", "utils"}
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:home|root|tmp|Users|work)/")


def lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    """Return the number of lines of a function's body that are neither docstring, comment nor blank."""
    first = function.body[1:2] if ast.get_docstring(function) is not None else function.body
    if not first:
        return 0
    body = lines[first[0].lineno - 1 : function.end_lineno]
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in body)


def test_lines_of_code_count_neither_docstring_nor_comments() -> None:
    source = 'def f(a):\n    """Doc.\n\n    More.\n    """\n    # why\n\n    b = a\n    return b\n'
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert lines_of_code(function, source.splitlines()) == 2


def test_files_and_functions_are_small(root: Path, sources: list[Path]) -> None:
    too_long = []
    for path in sources:
        source = path.read_text(encoding="utf-8")
        lines, name = source.splitlines(), path.relative_to(root)
        if len(lines) > LONGEST_FILE:
            too_long.append(f"{name}: {len(lines)} lines")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = lines_of_code(node, lines)
                too_long += [f"{name}: {node.name}: {length} lines of code"] * (length > LONGEST_FUNCTION)
    assert too_long == []


def tracked(root: Path) -> list[Path]:
    """Return the files of the repository, relative to its root, without what git ignores."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the repository is unknown")
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [Path(name) for name in listing.stdout.split("\0") if name and (root / name).is_file()]


def test_no_file_is_a_catch_all(root: Path) -> None:
    assert [str(p) for p in tracked(root) if CATCH_ALL & {*p.parts[:-1], p.stem}] == []


@pytest.mark.parametrize("folder", ["home", "root", "tmp", "Users", "work"])
def test_a_planted_machine_path_is_found(folder: str) -> None:
    assert MACHINE_PATH.search(f"open('/{folder}/a')")
    assert not MACHINE_PATH.search(f"https://a.org/{folder}/a and ./{folder}/a")


def test_no_file_names_a_path_of_one_machine(root: Path) -> None:
    found = []
    for path in tracked(root):
        try:
            lines = (root / path).read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:  # not a text file
            continue
        found += [
            f"{path}:{k}: {line.strip()}" for k, line in enumerate(lines, 1) if MACHINE_PATH.search(line)
        ]
    assert found == []
