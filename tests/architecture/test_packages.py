"""The packages are named in pyproject.toml, for its tools, and once for the package when it is installed."""

from pathlib import Path

import qle
from tests.packages import PACKAGES, PROJECT


def test_every_package_is_in_every_list(root: Path) -> None:
    tools = PROJECT["tool"]
    found = {path.parent.name for path in root.glob("*/__init__.py")} - {"benchmarks"}
    assert set(PACKAGES) == found
    assert qle.PACKAGES == PACKAGES
    assert tools["mypy"]["files"] == [*PACKAGES, "tests", "benchmarks"]
    assert tools["importlinter"]["root_packages"] == list(PACKAGES)
    contracts = tools["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if "qle" in one.get("layers", ()))
    assert {name for layer in layers for name in layer.split(" | ")} == set(PACKAGES)
