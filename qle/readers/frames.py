"""One frame of a file of particles, as it stands there: what every reader of snapshots returns."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arguments import shown

Array = NDArray[np.float64]
ALL_AROUND = (True, True, True)


class Frame(NamedTuple):
    """Particles, and what is known of each.

    Attributes
    ----------
    kind : str
        Of the file: "LAMMPS dump".
    places : (N, 2) or (N, 3) array
    cell : (k, k) array or None
        Edges of the box in rows, k = 3, or 2 for places in a plane; None where the file has none.
    periodic : tuple of bool
        Of each edge.
    columns : dict of str to (N,) array
        What else there is of each particle, numbers or text, by the names in the file.
    lines : (N,) array of int, or None
        The line that each is from, counted from 1; None for a file that has none.
    number, frames : int
        Which of the frames of the file it is, from 0, and how many there are.
    """

    kind: str
    places: Array
    cell: Array | None
    periodic: tuple[bool, ...]
    columns: Mapping[str, NDArray[Any]]
    lines: NDArray[np.int64] | None = None
    number: int = 0
    frames: int = 1

    def where(self, i: int) -> str:
        """Return where a particle is in the file."""
        return f"particle {i} (from 0)" if self.lines is None else f"line {self.lines[i]}"


def chosen(frame: int, frames: int) -> int:
    """Return the number of a frame, which is counted from the end if negative; ValueError for none."""
    if not -frames <= frame < frames:
        raise ValueError(f"frame = {frame}: must be in {-frames} .. {frames - 1}, the file has {frames}")
    return frame % frames


def split_rows(lines: Sequence[str], first: int, width: int, what: str) -> list[tuple[str, ...]]:
    """Return the columns of lines of entries between blanks, text by text.

    Parameters
    ----------
    first : int
        The number of the first of the lines, from 1.
    width : int
        How many entries each must have.
    what : str
        They are called so in the message.
    """
    rows = [line.split() for line in lines]
    for k, row in enumerate(rows):
        if len(row) != width:
            raise ValueError(f"line {first + k}: has {len(row)} entries, not {width} ({what})")
    return list(zip(*rows, strict=True))


def as_numbers(name: str, texts: Sequence[str], lines: Sequence[int] | NDArray[np.int64]) -> Array:
    """Return the numbers of texts; raise ValueError with the line for one that is no number."""
    try:
        return np.array(texts, np.float64)
    except ValueError:
        k = next(k for k, text in enumerate(texts) if not _is_number(text))
        raise ValueError(f"line {lines[k]}: {name} = {shown(texts[k])}: must be a number") from None


def as_column(texts: Sequence[str]) -> NDArray[Any]:
    """Return a column of numbers if all are, else of text."""
    try:
        return np.array(texts, np.float64)
    except ValueError:
        return np.array(texts, np.str_)


def whole(text: str, what: str, line: int) -> int:
    """Return the integer >= 1 of a text; raise ValueError with the line for another."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) < 10**9):
        raise ValueError(f"line {line}: {what} = {shown(text)}: must be an integer of at least 1")
    return int(text)


def _is_number(text: str) -> bool:
    try:
        np.array([text], np.float64)
    except ValueError:
        return False
    return True
