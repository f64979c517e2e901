"""Text files and tables of numbers as people have them."""

import codecs
import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from arguments.words import nearest, shown

MOST_BYTES = 2**26
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
COMMENTS = ("#", "%")
BRACKETS = r"[(\[](?:[^()\[\]]|\([^()]*\))*[)\]]"
UNIT = re.compile(rf"(?P<name>.*?)\s*(?P<unit>{BRACKETS})")
NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)", re.IGNORECASE)


@contextmanager
def of_file(path: str | PathLike[str]) -> Iterator[None]:
    """Have the message of a ValueError begin with the name of a file, once."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from None


def read_text(path: str | PathLike[str]) -> str:
    r"""Return the text of a file with line ends "\n", without a byte-order mark.

    The mark tells the encoding, UTF-8, UTF-16 or UTF-32. Without one it is UTF-16 where every other byte of
    the beginning is 0, else UTF-8, or Latin-1 if it is no UTF-8.

    Raises
    ------
    ValueError
        The file is no text, or larger than 64 MiB.
    OSError
        It cannot be read.
    """
    with Path(path).open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{path}: is larger than {MOST_BYTES // 2**20} MiB")
    text = _decode(content)
    if text is None or "\0" in text:
        raise ValueError(f"{path}: is no text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes) -> str | None:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _try(content[len(mark) :], encoding)
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(content) >= 4 and not any(content[first:64:2]) and all(content[1 - first : 64 : 2]):
            return _try(content, encoding)
    text = _try(content, "utf-8")
    return content.decode("latin-1") if text is None else text


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of numbers, and the line of the file that each row comes from.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (rows,)
    lines : tuple of int
        Counted from 1.
    units : dict of str to str
        Of the columns whose names are followed by one, as in ``T (mK)``, ``T [mK]`` or ``T/mK``.
    words : dict of str to list of str
        Columns of text.
    """

    path: Path
    columns: dict[str, NDArray[np.float64]]
    lines: tuple[int, ...]
    units: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)

    def require(self, name: str, *, above: float = -math.inf, missing: bool = False) -> NDArray[np.float64]:
        """Return a column of finite numbers above a bound; raise ValueError with the line for another one.

        With `missing`, an entry may be nan.
        """
        values = self.columns[name]
        wrong = ~(np.isfinite(values) & (values > above)) & ~(missing & np.isnan(values))
        if wrong.any():
            row = int(np.argmax(wrong))
            rule = "must be finite" + (f" and > {above:g}" if above > -math.inf else "")
            raise ValueError(f"{self.path}: line {self.lines[row]}: {name} = {values[row]}: {rule}")
        return values


def read_table(
    path: str | PathLike[str],
    names: Sequence[str],
    *,
    optional: Sequence[str] = (),
    also: Mapping[str, Sequence[str]] | None = None,
    unnamed: Sequence[str] = (),
    blank: Sequence[str] = (),
    text: Sequence[str] = (),
) -> Table:
    """Return the columns `names`, and of `optional` those that are there, of a table in a text file.

    The first line that is no comment names the columns, or the last comment before the first numbers; a name
    may have its unit behind it, in brackets or after a slash. Entries are separated by semicolons, tabs,
    commas or blanks, the first of these that the names are separated by; blanks around them, quotes, empty
    lines, empty entries at the end and lines that begin with # or % mean nothing. Numbers may have decimal
    commas, if none of the file has a point.

    Parameters
    ----------
    also : mapping, optional
        Other names that a column may have in the file, capitals or not.
    unnamed : sequence of str
        Names of all columns, in order, for a file that names none; those behind `names` may be missing there.
    blank : sequence of str
        Columns in which an empty entry is nan.
    text : sequence of str
        Columns of text, not of numbers.

    Raises
    ------
    ValueError
        With file and line, for a column that is missing or there twice, an entry that is no number, points
        and commas in the numbers of one file, more entries than names, or no rows.
    OSError
        The file cannot be read.
    """
    path, wanted = Path(path), (*names, *optional)
    with of_file(path):
        lines = list(enumerate(read_text(path).split("\n"), 1))
        head = _heading(lines, names, also or {}, unnamed)
        places = {name: head.names.index(name) for name in wanted if name in head.names}
        rows = list(_rows(lines[head.start :], head.separator, len(head.names)))
        numbers = [name for name in places if name not in text]
        values = _numbers(
            [(number, name, _entry(row, places[name])) for number, row in rows for name in numbers], blank
        )
        if not rows:
            raise ValueError("has no rows")
    columns = dict(zip(numbers, np.array(values).reshape(len(rows), -1).T, strict=True))
    units = {name: head.units[k] for name, k in places.items() if head.units[k]}
    words = {name: [_entry(row, places[name]) for _, row in rows] for name in places if name in text}
    return Table(path, columns, tuple(number for number, _ in rows), units, words)


def _entry(row: list[str], place: int) -> str:
    """Return an entry of a row, empty ones at whose end are left out."""
    return row[place] if place < len(row) else ""


class _Heading(NamedTuple):
    """Names and units of the columns, what separates them, and how many lines the rows come after."""

    separator: str
    names: list[str]
    units: list[str]
    start: int


def _heading(
    lines: Sequence[tuple[int, str]],
    names: Sequence[str],
    also: Mapping[str, Sequence[str]],
    unnamed: Sequence[str],
) -> _Heading:
    rule = f"the first line must name {', '.join(names)}"
    comment = None
    for number, line in lines:
        bare = line.strip()
        if bare.startswith(COMMENTS):
            comment = bare.lstrip("".join(COMMENTS)).strip() or comment
            continue
        if not bare:
            continue
        head = _named(bare, names, also, start=number)
        if all(map(NUMBER.fullmatch, filter(None, head.names))):
            width = len(head.names)
            if comment is not None:
                head = _named(comment, names, also, start=number - 1)
            if unnamed and not (set(names) <= set(head.names) and len(head.names) == width):
                if not len(names) <= width <= len(unnamed):
                    raise ValueError(
                        f"line {number}: {width} columns without names, not {len(unnamed)} "
                        f"({', '.join(unnamed)}); {rule}"
                    )
                head = _Heading(_separator(bare), list(unnamed[:width]), [""] * width, number - 1)
        _check_names(head.names, names, f"line {number}: ", rule)
        return head
    raise ValueError(f"has no columns; {rule}")


def _named(line: str, names: Sequence[str], also: Mapping[str, Sequence[str]], *, start: int) -> _Heading:
    """Return the heading that a line is: a column may be there by another name, or without capitals."""
    separator = _separator(line)
    if separator == " ":  # a unit, with the blanks in it, belongs to the name before it
        line = re.sub(rf"\s*{BRACKETS}", lambda unit: unit[0].strip().replace(" ", "\0"), line)
    entries = [entry.replace("\0", " ") for entry in _entries(line, separator)]
    header, units = entries.copy(), [""] * len(entries)
    known = {word.casefold() for word in (*names, *also, *(one for some in also.values() for one in some))}
    for k, entry in enumerate(entries):
        if found := UNIT.fullmatch(entry):
            header[k], units[k] = found["name"].rstrip("/ "), found["unit"][1:-1].strip()
    for k, entry in enumerate(header):
        name, unit = (part.strip() for part in entry.partition("/")[::2])
        if unit and name.casefold() in known and name not in header:
            header[k], units[k] = name, unit
    for name, others in also.items():
        if name not in header:
            words = {word.casefold() for word in (name, *others)}
            header = [name if one.casefold() in words else one for one in header]
    return _Heading(separator, header, units, start)


def _check_names(header: list[str], names: Sequence[str], where: str, rule: str) -> None:
    for name in names:
        if name not in header:
            raise ValueError(f"{where}has no column {name}; {rule}{nearest(name, header)}")
    for name in header:
        if name and header.count(name) > 1:
            raise ValueError(f"{where}names column {name} twice")


def _separator(line: str) -> str:
    outside = re.sub(rf'"[^"]*"|{BRACKETS}', "", line)
    return next((mark for mark in ";\t," if mark in outside), " ")


def _entries(line: str, separator: str) -> list[str]:
    """Return the entries of a line without blanks around them and without empty ones at its end."""
    if separator == " ":
        entries = [entry.strip('"') for entry in line.split()]
    else:
        try:
            (row,) = csv.reader([line], delimiter=separator, skipinitialspace=True)
        except csv.Error as error:
            raise ValueError(str(error)) from None
        entries = [entry.strip() for entry in row]
    while entries and not entries[-1]:
        entries.pop()
    return entries


def _rows(lines: Sequence[tuple[int, str]], separator: str, most: int) -> Iterator[tuple[int, list[str]]]:
    """Yield number and entries of each line that has any."""
    for number, line in lines:
        if line.lstrip().startswith(COMMENTS):
            continue
        try:
            entries = _entries(line, separator)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
        if len(entries) > most:
            raise ValueError(f"line {number}: has {len(entries)} entries, more than the {most} columns")
        if entries:
            yield number, entries


def _numbers(texts: Sequence[tuple[int, str, str]], blank: Sequence[str]) -> list[float]:
    """Return the numbers of (line, name, text); nan for empty texts of the columns `blank`."""
    points = any("." in text for _, _, text in texts)
    values = []
    for number, name, text in texts:
        if not NUMBER.fullmatch(text) and (text or name not in blank):
            raise ValueError(f"line {number}: {name} = {shown(text)}: must be a number")
        if "," in text and points:
            where = f"line {number}: {name} = {shown(text)}"
            raise ValueError(f"{where}: has a comma, where other numbers have a point")
        values.append(float(text.replace(",", ".") or "nan"))
    return values
