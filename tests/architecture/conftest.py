"""What the architecture tests look at."""

from pathlib import Path

import pytest

from tests.packages import PACKAGES


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the repository."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def packages() -> list[str]:
    """Return the packages of the distribution."""
    return list(PACKAGES)


@pytest.fixture(scope="session")
def sources(root: Path, packages: list[str]) -> list[Path]:
    """Return all Python files of the packages."""
    return [path for name in packages for path in sorted((root / name).rglob("*.py"))]
