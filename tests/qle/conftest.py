"""Fixtures of several files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from tests.executors import Here
from tests.pages import Drawn, check_explained


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sweeps and plans start no processes, which take a second or two each before they do anything."""
    monkeypatch.setattr("qle.running.sweeping.Crew", Here)
    monkeypatch.setattr("qle.running.plan.Crew", Here)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Drawn:
    """Return a function that returns the figure which a call writes."""
    pages: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, file, **_: pages.append(self))

    def read(draw: Callable[[Path], Path]) -> Figure:
        assert draw(tmp_path / "figure.svg") == tmp_path / "figure.svg"
        named = any(panel.get_legend_handles_labels()[1] for panel in pages[-1].axes)
        assert named == bool(pages[-1].legends or any(panel.get_legend() for panel in pages[-1].axes))
        check_explained(pages[-1])
        return pages[-1]

    return read
