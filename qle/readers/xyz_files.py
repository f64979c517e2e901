"""Extended XYZ: a count, a line of key=value, a line for each particle; frame after frame."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arguments import shown
from qle.readers.frames import ALL_AROUND, Array, Frame, as_numbers, chosen, split_rows, whole

KIND = "extended XYZ"
_PAIR = re.compile(r"""([\w.\-/]+)\s*=\s*("[^"]*"|'[^']*'|\{[^}]*\}|\[.*\]|[^\s"']+)""")
_PLACES = ("pos", "position", "positions")
_TYPES = "SRIL"
_TRUE, _FALSE = ("t", "true", "1"), ("f", "false", "0")


def is_xyz(text: str) -> bool:
    """Return whether a text begins as XYZ does, with a number alone."""
    return re.match(r"\s*\d+[ \t]*\n", text) is not None


def read_xyz(text: str, frame: int) -> Frame:
    """Return a frame of a text; raise ValueError with the line for what is none."""
    lines = text.split("\n")
    starts = _starts(lines)
    number = chosen(frame, len(starts))
    start = starts[number]
    n = whole(lines[start].strip(), "number of particles", start + 1)
    body = lines[start + 2 : start + 2 + n]
    there = next((k for k, line in enumerate(body) if not line.strip()), len(body))
    if there < n:
        raise ValueError(f"ends after {there} of the {n} particles that line {start + 1} announces")
    return _frame(lines[start + 1], body, start + 2, number, len(starts))


def _starts(lines: Sequence[str]) -> list[int]:
    """Return where frames begin."""
    starts, at = [], 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        starts.append(at)
        at += whole(lines[at].strip(), "number of particles", at + 1) + 2
    return starts


def _frame(comment: str, body: Sequence[str], line: int, number: int, frames: int) -> Frame:
    """Return the frame with this comment, which is the line of that number."""
    known = {key.casefold(): value.strip("\"'{}[]") for key, value in _PAIR.findall(comment)}
    names = _columns(known.get("properties", "species:S:1:pos:R:3"), line)
    lines = np.arange(line + 1, line + 1 + len(body))
    texts = split_rows(body, line + 1, len(names), "Properties of line " + str(line))
    found: dict[str, NDArray[Any]] = {}
    places: list[Array] = []
    for (name, kind), column in zip(names, texts, strict=True):
        if name in _PLACES:
            places.append(as_numbers(name, column, lines))
        else:
            found[name] = as_numbers(name, column, lines) if kind in "RI" else np.array(column, np.str_)
    if len(places) not in (2, 3):
        raise ValueError(
            f"line {line}: Properties has {len(places)} columns pos: must be pos:R:3, or pos:R:2"
        )
    cell = _cell(known["lattice"], line) if "lattice" in known else None
    periodic = _periodic(known["pbc"], line) if "pbc" in known else ALL_AROUND
    return Frame(KIND, np.column_stack(places), cell, periodic, found, lines, number, frames)


def _columns(given: str, line: int) -> list[tuple[str, str]]:
    """Return name and type of each column; those of a field of several have numbers behind, but places."""
    words = given.split(":")
    names: list[tuple[str, str]] = []
    for name, kind, width in zip(words[::3], words[1::3], words[2::3], strict=False):
        if kind.upper() not in _TYPES or not (width.isdigit() and 0 < int(width) < 1000):
            break
        many = range(int(width)) if int(width) > 1 and name not in _PLACES else [None] * int(width)
        names += [(name if k is None else f"{name}_{k}", kind.upper()) for k in many]
    else:
        if len(words) % 3 == 0:
            return names
    raise ValueError(f"line {line}: Properties={shown(given)}: must be name:type:width:..., types S, R, I, L")


def _cell(given: str, line: int) -> Array:
    entries = given.replace(",", " ").replace("[", " ").replace("]", " ").split()
    values = as_numbers("Lattice", entries, [line] * len(entries))
    if values.size not in (4, 9):
        raise ValueError(f"line {line}: Lattice has {values.size} numbers: must be 9, three edges")
    return values.reshape(2 if values.size == 4 else 3, -1)


def _periodic(given: str, line: int) -> tuple[bool, ...]:
    entries = given.replace(",", " ").casefold().split()
    if not entries or not set(entries) <= {*_TRUE, *_FALSE}:
        raise ValueError(f'line {line}: pbc={shown(given)}: must be "T T T", T or F for each edge')
    return tuple(entry in _TRUE for entry in entries)
