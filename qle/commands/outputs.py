"""Files that a command writes: their names, checked before the work that fills them, and tables."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from qle.commands.parser import BadInput
from qle.store.writing import replacing

PAGE = ".html"  # of modes that are turned


def beside(folder: Path, ending: str) -> Path:
    """Return <folder><ending>, beside a folder, also for one given as "." or "..".

    Raises
    ------
    BadInput
        For the root folder, which has no name.
    """
    return named(folder if folder.name not in ("", "..") else folder.resolve(), ending)


def named(prefix: Path, ending: str) -> Path:
    """Return <prefix><ending>; raise BadInput for a prefix without a name, or a folder that is not there."""
    if prefix.name in ("", ".."):
        raise BadInput(f"{prefix}: is a folder; must be the name of a file")
    return ready(prefix.with_name(prefix.name + ending))


def figure(path: Path) -> Path:
    """Return the path of a figure; raise BadInput for one that cannot be written, or not in that format."""
    from qle.figures.style import check_suffix

    try:
        check_suffix(path)
    except ValueError as error:
        raise BadInput(str(error)) from None
    return ready(path)


def modes_file(path: Path) -> Path:
    """Return the path of a file of modes; raise BadInput for one that cannot be written, or of no format."""
    from qle.export.modes import SUFFIXES

    if path.suffix not in (*SUFFIXES, PAGE):
        raise BadInput(f'path = "{path}": must end in {", ".join(SUFFIXES)} or {PAGE}')
    return ready(path)


def write_modes(path: Path, snapshots: Sequence[Any]) -> None:
    """Write modes as `qle.export.modes` does, or as a page; raise BadInput for more than that can hold."""
    from qle.export import modes
    from qle.report.modes_page import write_page

    try:
        (write_page if path.suffix == PAGE else modes.write_modes)(path, snapshots)
    except ValueError as error:
        raise BadInput(str(error)) from None


def figure_of(file: Path, given: Path | None) -> Path:
    """Return the path of the figure of a file: the one given, or that of the file with .png.

    Raises
    ------
    BadInput
        As `figure`, and where it would replace the file.
    """
    path = figure(given or named(file.parent / file.stem, ".png"))
    if path == file:
        raise BadInput(f"{path}: the figure would replace the data; name another one with --output")
    return path


def ready(path: Path) -> Path:
    """Return the path of a file that is to be written; raise BadInput if its folder is not there."""
    if not path.parent.is_dir():
        raise BadInput(f'path = "{path}": there is no folder "{path.parent}"')
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; must be the name of a file")
    return path


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Iterable[object]]) -> Path:
    """Write a table, and return `path`; an earlier file is replaced once the new one is whole."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    with replacing(path) as file:
        file.write(text.getvalue().encode())
    return path


def number(value: float, error: float) -> str:
    """Return a value with its error."""
    return f"{value:.5g} +- {error:.2g}"
