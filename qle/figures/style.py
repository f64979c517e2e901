"""The one look of all figures: sizes, fonts, colours that colour-blind readers and grey prints can order."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from qle.store.writing import replacing

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "cm",
    "font.size": 8.0,
    "axes.labelsize": 9.0,
    "axes.titlesize": 8.0,
    "figure.titlesize": 8.0,
    "legend.fontsize": 7.0,
    "legend.title_fontsize": 7.0,
    "axes.linewidth": 0.7,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.top": True,
    "ytick.right": True,
    "legend.frameon": False,
    "hatch.linewidth": 0.5,
    "savefig.dpi": 300,
    "svg.hashsalt": "qle",
}
COLUMN, PAGE = 3.35, 6.7
"""Widths in inches: of one column, 85 mm, and of a page, 170 mm. At these a figure is printed as it is."""

MARKERS = "osD^vP*X<>hp"
SUFFIXES = (".png", ".pdf", ".svg")


def shades(count: int) -> list[tuple[float, float, float, float]]:
    """Return `count` colours from dark to light along viridis, its palest end left out."""
    palette = mpl.colormaps["viridis"]
    return [palette(0.85 * i / max(count - 1, 1)) for i in range(count)]


@contextmanager
def one_look() -> Iterator[None]:
    """Draw what is drawn within it in the one look, whatever the settings of the user or the session are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


@contextmanager
def page(path: str | Path, width: float, height: float) -> Iterator[Figure]:
    """Give an empty figure of `width` by `height` inches, in the one look; write it when the body has ended.

    Raises
    ------
    ValueError
        At once, unless the suffix of `path` is a format that `save` writes.
    """
    path = Path(path)
    check_suffix(path)
    with one_look():
        drawing = figure(width, height)
        yield drawing
        save(drawing, path)


def figure(width: float, height: float) -> Figure:
    """Return an empty figure of `width` by `height` inches that needs no display and no global state."""
    canvas = FigureCanvasAgg(Figure(figsize=(width, height), layout="constrained"))
    return canvas.figure


def save(drawing: Figure, path: Path) -> Path:
    """Write `drawing` in the format of the suffix of `path` and return `path`.

    No date is written, so the same figure gives the same file. An earlier file is replaced once the new one
    is whole.
    """
    undated = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}}
    with replacing(path) as file:
        drawing.savefig(file, format=path.suffix[1:], metadata=undated.get(path.suffix))
    return path


def check_suffix(path: Path) -> None:
    """Raise ValueError unless the suffix of `path` is a format that `save` writes."""
    if path.suffix not in SUFFIXES:
        raise ValueError(f'path = "{path}": must end in one of {", ".join(SUFFIXES)}')
