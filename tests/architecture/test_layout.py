"""docs/layout.md is true: its rooms are those of the linter, in order, and what it places is there."""

import ast
import re
from pathlib import Path

from tests.packages import PROJECT

ROOM = re.compile(r"^\| `(qle/\S+)` \|", re.MULTILINE)
WALK = re.compile(r"^\| [^|`]+ \| `(\S+\.py)` \| `(\w+)` \|$", re.MULTILINE)


def page(root: Path) -> str:
    return (root / "docs" / "layout.md").read_text(encoding="utf-8")


def test_rooms_are_those_of_the_linter(root: Path) -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if "qle.cli" in one.get("layers", ()))
    rooms = [room.removesuffix(".py").replace("/", ".") for room in ROOM.findall(page(root))]
    assert rooms == layers
    there = {path.stem for path in (root / "qle").iterdir() if (path / "__init__.py").exists()}
    there |= {path.stem for path in (root / "qle").glob("*.py")} - {"__init__"}
    assert {room.removeprefix("qle.") for room in rooms} == there


def test_what_the_page_places_is_there(root: Path) -> None:
    places = WALK.findall(page(root))
    assert len(places) >= 6
    for file, name in places:
        tree = ast.parse((root / file).read_text(encoding="utf-8"))
        assert name in {getattr(node, "name", None) for node in tree.body}, f"{file}: {name}"
