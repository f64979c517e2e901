"""What LAMMPS writes of particles: data files (write_data) and dumps of text (dump atom, dump custom)."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qle.readers.boxes import tilted
from qle.readers.frames import ALL_AROUND, Array, Frame, as_column, as_numbers, chosen, split_rows, whole

DATA, DUMP = "LAMMPS data", "LAMMPS dump"
STYLES = {
    "atomic": "id type x y z",
    "charge": "id type q x y z",
    "bond": "id mol type x y z",
    "angle": "id mol type x y z",
    "molecular": "id mol type x y z",
    "full": "id mol type q x y z",
    "sphere": "id type diameter density x y z",
}
"""Columns of the section Atoms by style; three numbers of boxes may follow."""

_ATOMS = re.compile(r"\s*\d+\s+atoms\s*$")
_SECTION = re.compile(r"[A-Z][A-Za-z/]*( [A-Za-z/]+)*")
_BOUNDS = ("xlo xhi", "ylo yhi", "zlo zhi")
_PLACES = (("x", "y", "z"), ("xu", "yu", "zu"), ("xs", "ys", "zs"), ("xsu", "ysu", "zsu"))
_NO_GENERAL = "is a general triclinic box (avec, bvec, cvec): must be a restricted one, as write_data has it"


def is_data(text: str) -> bool:
    """Return whether a text is a data file: its head says how many atoms there are."""
    return any(_ATOMS.match(line.partition("#")[0]) for line in text[:5000].split("\n")[1:])


def read_data(text: str) -> Frame:
    """Return what is in a data file; raise ValueError with the line for what is none."""
    lines = [line.partition("#")[0].strip() for line in text.split("\n")]
    begin = next((k for k, line in enumerate(lines) if line == "Atoms"), len(lines))
    head = {_label(line): (k + 1, line.split()) for k, line in enumerate(lines[:begin]) if k and line}
    n = whole(head["atoms"][1][0], "atoms", head["atoms"][0])
    if begin == len(lines):
        raise ValueError("has no section Atoms: is cut off, or no data file")
    if "avec" in head:
        raise ValueError(f"line {head['avec'][0]}: {_NO_GENERAL}")
    low, high = np.array([_bounds(head, label) for label in _BOUNDS]).T
    xy, xz, yz = _values(head, "xy xz yz", 3) if "xy xz yz" in head else (0.0, 0.0, 0.0)
    first = next((k for k in range(begin + 1, len(lines)) if lines[k]), len(lines))
    last = next((k for k in range(first, len(lines)) if not lines[k] or _SECTION.match(lines[k])), len(lines))
    if last - first != n:
        raise ValueError(f"has {last - first} rows in section Atoms, not {n} as line {head['atoms'][0]} says")
    hint = text.split("\n")[begin].partition("#")[2].strip()
    names = _named(hint, len(lines[first].split()), begin + 1)
    texts = split_rows(lines[first:last], first + 1, len(names), "as the first of Atoms")
    columns = dict(zip(names, texts, strict=True))
    numbers = np.arange(first + 1, last + 1)
    places = np.column_stack([as_numbers(axis, columns[axis], numbers) for axis in "xyz"])
    return _sorted(DATA, places, tilted(low, high, (xy, xz, yz)), ALL_AROUND, columns, numbers, 0, 1)


def _label(line: str) -> str:
    """Return what the numbers in front of a line of the head are."""
    return " ".join(word for word in line.split() if word[0].isalpha())


def _bounds(head: dict[str, tuple[int, list[str]]], label: str) -> list[float]:
    if label not in head:
        raise ValueError(f"has no line {label}: the box must be there")
    return _values(head, label, 2)


def _values(head: dict[str, tuple[int, list[str]]], label: str, count: int) -> list[float]:
    line, words = head[label]
    return [float(one) for one in as_numbers(label, words[:count], [line] * count)]


def _named(hint: str, width: int, line: int) -> list[str]:
    """Return the columns of Atoms: of the style that its line names, atomic if it names none."""
    style = hint or "atomic"
    if style not in STYLES:
        raise ValueError(f"line {line}: style {style} of Atoms is not known: must be {', '.join(STYLES)}")
    names = STYLES[style].split()
    if width not in (len(names), len(names) + 3):
        say = "" if hint else f"; name their style behind it, as Atoms # sphere ({', '.join(STYLES)})"
        raise ValueError(f"line {line}: rows of Atoms have {width} entries, not {len(names)} of {style}{say}")
    return names + ["ix", "iy", "iz"] * (width > len(names))


def read_dump(text: str, frame: int) -> Frame:
    """Return a frame of a dump of text; raise ValueError with the line for what is none."""
    lines = text.split("\n")
    starts = [k for k, line in enumerate(lines) if line.startswith("ITEM: TIMESTEP")]
    number = chosen(frame, len(starts))
    end = starts[number + 1] if number + 1 < len(starts) else len(lines)
    items = {}
    for k in range(starts[number], end):
        if lines[k].startswith("ITEM: "):
            items[_item(lines[k])] = k
            if lines[k].startswith("ITEM: ATOMS"):
                break
    for name in ("NUMBER OF ATOMS", "BOX BOUNDS", "ATOMS"):
        if items.get(name, len(lines)) + 1 >= len(lines):
            raise ValueError(f"frame {number} has no ITEM: {name}: is cut off")
    at = items["NUMBER OF ATOMS"] + 1
    n = whole(lines[at].strip(), "NUMBER OF ATOMS", at + 1)
    names, first = lines[items["ATOMS"]].split()[2:], items["ATOMS"] + 1
    body = [line for line in lines[first:end] if line.strip()]
    if len(body) != n:
        raise ValueError(f"frame {number} has {len(body)} rows of atoms, not {n} as line {at + 1} says")
    columns = dict(zip(names, split_rows(body, first + 1, len(names), "as ITEM: ATOMS says"), strict=True))
    numbers = np.arange(first + 1, first + 1 + n)
    low, cell, periodic = _dump_box(lines, items["BOX BOUNDS"])
    places = _dump_places(columns, numbers, low, cell, first)
    return _sorted(DUMP, places, cell, periodic, columns, numbers, number, len(starts))


def _item(line: str) -> str:
    """Return the name of an item, without what follows it."""
    words = line.removeprefix("ITEM: ").strip()
    return next((name for name in ("BOX BOUNDS", "ATOMS") if words.startswith(name)), words)


def _dump_box(lines: Sequence[str], at: int) -> tuple[Array, Array, tuple[bool, ...]]:
    """Return the lower ends (3,), the edges in rows, and which are periodic."""
    words = lines[at].split()[3:]
    if "abc" in words:
        raise ValueError(f"line {at + 1}: {_NO_GENERAL}")
    tilts = words[:3] == ["xy", "xz", "yz"]
    flags = words[3:] if tilts else words
    columns = split_rows(lines[at + 1 : at + 4], at + 2, 2 + tilts, "bounds of the box")
    where = range(at + 2, at + 5)
    low, high = (as_numbers("bound of the box", column, where) for column in columns[:2])
    xy, xz, yz = as_numbers("tilt of the box", columns[2], where) if tilts else np.zeros(3)
    x, y = (0.0, xy, xz, xy + xz), (0.0, yz)  # the bounds are those of the tilted box
    low = low - [min(x), min(y), 0.0]
    high = high - [max(x), max(y), 0.0]
    periodic = tuple(flag == "pp" for flag in flags) if flags else ALL_AROUND
    return low, tilted(low, high, (xy, xz, yz)), periodic


def _dump_places(
    columns: dict[str, tuple[str, ...]], lines: NDArray[np.int64], low: Array, cell: Array, first: int
) -> Array:
    for axes in _PLACES:
        if set(axes) <= set(columns):
            found = np.column_stack([as_numbers(axis, columns[axis], lines) for axis in axes])
            return low + found @ cell if axes[0].startswith("xs") else found
    raise ValueError(
        f"line {first}: ITEM: ATOMS has no columns x y z, nor xu, xs, xsu; it has {' '.join(columns)}"
    )


def _sorted(
    kind: str,
    places: Array,
    cell: Array,
    periodic: tuple[bool, ...],
    texts: dict[str, tuple[str, ...]],
    lines: NDArray[np.int64],
    number: int,
    frames: int,
) -> Frame:
    """Return the frame in the order of ids, which must all differ."""
    taken = {name for axes in _PLACES for name in axes} | {"ix", "iy", "iz"}
    columns: dict[str, NDArray[Any]] = {
        name: np.array(texts[name], np.str_) if name in ("type", "element") else as_column(texts[name])
        for name in texts
        if name not in taken
    }
    if "id" in columns:
        ids = as_numbers("id", texts["id"], lines)
        order = np.argsort(ids, kind="stable")
        twice = np.flatnonzero(np.diff(ids[order]) == 0.0)
        if twice.size:
            one, other = lines[order[twice[0]]], lines[order[twice[0] + 1]]
            raise ValueError(f"line {other}: id {ids[order[twice[0]]]:g} is there twice, on line {one} too")
        places, lines = places[order], lines[order]
        columns = {name: column[order] for name, column in columns.items()}
    return Frame(kind, places, cell, periodic, columns, lines, number, frames)
