"""Text files and tables of numbers as people have them."""

import codecs
import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

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
NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)", re.IGNORECASE)


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
    """

    path: Path
    columns: dict[str, NDArray[np.float64]]
    lines: tuple[int, ...]

    def require(self, name: str, *, above: float = -math.inf) -> NDArray[np.float64]:
        """Return a column of finite numbers above a bound; raise ValueError with the line for another one."""
        values = self.columns[name]
        wrong = ~(np.isfinite(values) & (values > above))
        if wrong.any():
            row = int(np.argmax(wrong))
            rule = "must be finite" + (f" and > {above:g}" if above > -math.inf else "")
            raise ValueError(f"{self.path}: line {self.lines[row]}: {name} = {values[row]}: {rule}")
        return values


def read_table(path: str | PathLike[str], names: Sequence[str], *, optional: Sequence[str] = ()) -> Table:
    """Return the columns `names`, and of `optional` those that are there, of a table in a text file.

    The first line that is no comment names the columns, or the last comment before the first numbers.
    Entries are separated by semicolons, tabs, commas or blanks, the first of these that the names are
    separated by; blanks around them, quotes, empty lines, empty entries at the end and lines that begin
    with # or % mean nothing. Numbers may have decimal commas, if none of the file has a point.

    Raises
    ------
    ValueError
        With file and line, for a column that is missing or there twice, an entry that is no number, points
        and commas in the numbers of one file, more entries than names, or no rows.
    OSError
        The file cannot be read.
    """
    path = Path(path)
    try:
        lines = list(enumerate(read_text(path).split("\n"), 1))
        separator, header, start = _header(lines, names)
        places = {n: header.index(n) for n in (*names, *optional) if n in header}
        rows = list(_rows(lines[start:], separator, len(header)))
        texts = [(number, name, row[k] if k < len(row) else "") for number, row in rows
                 for name, k in places.items()]  # fmt: skip
        values = _numbers(texts)
        if not rows:
            raise ValueError("has no rows")
    except (ValueError, csv.Error) as error:
        raise ValueError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from None
    columns = dict(zip(places, np.array(values).reshape(len(rows), -1).T, strict=True))
    return Table(path, columns, tuple(number for number, _ in rows))


def _header(lines: Sequence[tuple[int, str]], names: Sequence[str]) -> tuple[str, list[str], int]:
    """Return separator, names of the columns, and how many lines the rows come after."""
    rule = f"the first line must name {', '.join(names)}"
    comment = None
    for number, line in lines:
        bare = line.strip()
        if bare.startswith(COMMENTS):
            comment = bare.lstrip("".join(COMMENTS)).strip() or comment
            continue
        if not bare:
            continue
        separator = _separator(bare)
        header, start = _entries(bare, separator), number
        if all(map(NUMBER.fullmatch, filter(None, header))) and comment is not None:
            separator = _separator(comment)
            header, start = _entries(comment, separator), number - 1
        for name in names:
            if name not in header:
                raise ValueError(f"line {number}: has no column {name}; {rule}{nearest(name, header)}")
        for name in header:
            if name and header.count(name) > 1:
                raise ValueError(f"line {number}: names column {name} twice")
        return separator, header, start
    raise ValueError(f"has no columns; {rule}")


def _separator(line: str) -> str:
    outside = re.sub(r'"[^"]*"', "", line)
    return next((mark for mark in ";\t," if mark in outside), " ")


def _entries(line: str, separator: str) -> list[str]:
    """Return the entries of a line without blanks around them and without empty ones at its end."""
    if separator == " ":
        entries = [entry.strip('"') for entry in line.split()]
    else:
        (row,) = csv.reader([line], delimiter=separator, skipinitialspace=True)
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
        except csv.Error as error:
            raise ValueError(f"line {number}: {error}") from None
        if len(entries) > most:
            raise ValueError(f"line {number}: has {len(entries)} entries, more than the {most} columns")
        if entries:
            yield number, entries


def _numbers(texts: Sequence[tuple[int, str, str]]) -> list[float]:
    """Return the numbers of (line, name, text)."""
    points = any("." in text for _, _, text in texts)
    values = []
    for number, name, text in texts:
        where = f"line {number}: {name} = {shown(text)}"
        if not NUMBER.fullmatch(text):
            raise ValueError(f"{where}: must be a number")
        if "," in text and points:
            raise ValueError(f"{where}: has a comma, where other numbers have a point")
        values.append(float(text.replace(",", ".")))
    return values
