"""What a figure is: its options, what is computed for it, and how it is drawn."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Options = argparse.Namespace


@dataclass(frozen=True, kw_only=True)
class FigureRecord:
    """One figure of `qle figure`; the line in `qle.figures.table` names it.

    Attributes
    ----------
    options : callable
        options(parser) adds its options to a parser. A figure of a store has those that choose the store, and
        every figure the one that names the file.
    collect : callable
        collect(options) returns what `draw` takes beside the path, by name; for a figure of a store,
        ``options.dataset`` is what was chosen of it. It raises ValueError for what cannot be drawn.
    draw : callable
        draw(path=path, **collected) writes the file and returns its path.
    """

    options: Callable[[argparse.ArgumentParser], object]
    collect: Callable[[Options], dict[str, Any]]
    draw: Callable[..., Path]


def add_samples(
    parser: argparse.ArgumentParser, default: int, what: str = "samples of each ensemble"
) -> None:
    """Add the option --samples."""
    parser.add_argument(
        "--samples", metavar="N", type=int, default=default, help=f"{what}; default {default}"
    )
