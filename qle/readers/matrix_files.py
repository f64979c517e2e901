"""Files of square matrices, told apart by what is in them.

npy; npz with one array, or as scipy.sparse saves it; Matrix Market; text of N lines with N numbers; and what
the command dynamical_matrix of LAMMPS writes, text or binary. Text may be compressed by gzip.
"""

import gzip
import io
import math
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from arguments import read_arrays, shown
from arguments.array_files import NUMPY
from arguments.files import of_file

_GZIP, _MARKET = b"\x1f\x8b", b"%%MatrixMarket"
_COMMENTS = ("#", "%")
_LAMMPS = "what dynamical_matrix of LAMMPS writes"


class MatrixFile(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    matrix : (n, n) array of float64, or csr_array of scipy.sparse
        Finite; as it is in the file, symmetric or not.
    lammps : bool
        Whether LAMMPS wrote it: three coordinates an atom, m^-1/2 in front and behind.
    """

    matrix: Any
    lammps: bool


def read_matrix(path: str | PathLike[str]) -> MatrixFile:
    """Return the square matrix of a file.

    Raises
    ------
    ValueError
        With file, place and rule, for one that holds no square matrix of finite real numbers.
    OSError
        The file cannot be read.
    """
    path = Path(path)
    with of_file(path):
        try:
            with _opened(path) as file:
                found, lammps = _read(path, file)
            return MatrixFile(_checked(found), lammps)
        except UnicodeDecodeError:
            raise ValueError("is no text of ASCII or UTF-8") from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"is truncated or damaged: {error}") from None


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Give a file to read bytes from, uncompressed."""
    with path.open("rb") as file:
        packed = file.peek(2).startswith(_GZIP)
        if not packed:
            yield file
            return
        with gzip.open(file) as inside:
            yield inside


def _read(path: Path, file: Any) -> tuple[Any, bool]:
    """Return the matrix of a file, and whether LAMMPS wrote it."""
    start = file.peek(64)[:64]
    if not start:
        raise ValueError("is empty")
    if start.startswith(NUMPY):
        return _array(path), False
    if start.startswith(_MARKET):
        return _market(file), False
    if not all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in start):
        return _binary(file), True
    rows = _table(file)
    lammps = rows.shape[1] == 3 and rows.shape[0] != 3
    return (_blocks(rows), True) if lammps else (rows, False)


def _array(path: Path) -> Any:
    """Return the matrix of a file of numpy or of scipy.sparse."""
    arrays = read_arrays(path)
    if {"format", "shape", "data"} <= set(arrays):
        from scipy.sparse import load_npz

        return load_npz(path)
    chosen = "hessian" if "hessian" in arrays else next(iter(arrays))
    if len(arrays) > 1 and chosen != "hessian":
        raise ValueError(f"holds {', '.join(arrays)}: must hold one array, or one that is named hessian")
    return arrays[chosen]


def _market(file: Any) -> Any:
    from scipy.io import mmread

    header = file.peek(128).split(b"\n")[0].decode("latin-1").lower()
    for word, rule in (
        ("pattern", "has no values, only places"),
        ("complex", "must hold real numbers, not complex"),
    ):
        if word in header.split():
            raise ValueError(f"line 1: {rule}")
    try:
        return mmread(file)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is no whole Matrix Market file: {str(error).rstrip('.')}") from None


def _table(file: IO[bytes]) -> NDArray[np.float64]:
    """Return the numbers of a text, (lines, numbers in each)."""
    lines = io.TextIOWrapper(file, "utf-8")
    try:
        comma = _separator(lines)
        lines.seek(0)
        rows = _parsed(lines, comma)
        if not rows.size or not np.isfinite(rows).all():
            lines.seek(0)
            raise ValueError(_faulty(lines, comma))
        return rows
    finally:
        lines.detach()  # the file is not ours to close


def _parsed(lines: Iterable[str], separator: str | None) -> NDArray[np.float64]:
    """Return the numbers of lines; none where one has no numbers, or another count of them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a file without numbers
            return np.loadtxt(lines, np.float64, comments=_COMMENTS, ndmin=2, delimiter=separator)
    except ValueError:
        return np.empty((0, 0))


def _blocks(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix of lines of LAMMPS: (i, alpha, j), j the fastest, with the three beta in each."""
    atoms = math.isqrt(len(rows) // 3)
    if len(rows) != 3 * atoms**2:
        raise ValueError(
            f"has {len(rows)} lines of three numbers: {_LAMMPS} has 3 N^2, {3 * atoms**2} of {atoms} atoms "
            f"and {3 * (atoms + 1) ** 2} of {atoms + 1}; this is cut off, or of `fold yes`"
        )
    return rows.reshape(3 * atoms, 3 * atoms)


def _binary(file: IO[bytes]) -> NDArray[np.float64]:
    content = file.read()
    atoms = math.isqrt(len(content) // 8) // 3
    if not atoms or len(content) != 8 * (3 * atoms) ** 2:
        raise ValueError(
            f"has {len(content)} bytes and is neither text, npy, npz nor Matrix Market; {_LAMMPS} with "
            "`binary yes` has 8 (3 N)^2 bytes"
        )
    return np.frombuffer(content, "<f8").reshape(3 * atoms, 3 * atoms)


def _numbers(line: str, separator: str | None) -> list[str]:
    """Return the entries of a line, its comment left out."""
    for mark in _COMMENTS:
        line = line.partition(mark)[0]
    return [entry.strip() for entry in line.split(separator)] if line.strip() else []


def _separator(lines: Iterable[str]) -> str | None:
    """Return what is between numbers: a comma, or blanks (None)."""
    first = next((line for line in lines if _numbers(line, None)), "")
    return "," if "," in first else None


def _faulty(lines: Iterable[str], separator: str | None) -> str:
    """Return what is wrong with the first line of other than finite numbers, or of another count."""
    first, count = 0, 0
    for number, line in enumerate(lines, 1):
        entries = _numbers(line, separator)
        bad = next((entry for entry in entries if not _finite(entry)), None)
        if bad is not None:
            return f"line {number}: {shown(bad)}: must be a finite real number"
        first, count = (first, count) if count or not entries else (number, len(entries))
        if entries and len(entries) != count:
            return f"line {number}: has {len(entries)} numbers, line {first} has {count}: must be as many"
    return "has no numbers"


def _finite(entry: str) -> bool:
    try:
        return math.isfinite(float(entry))
    except ValueError:
        return False


def _checked(found: Any) -> Any:
    """Return a square matrix as float64 numbers; raise ValueError for another, with the first bad element."""
    sparse = hasattr(found, "tocsr")
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not found.shape[0]:
        raise ValueError(f"has shape {tuple(found.shape)}: must be square, (N, N)")
    if sparse:
        found = found.tocsr().copy()
        found.sum_duplicates()
    values = found.data if sparse else found
    if values.dtype.kind not in "iufc":
        raise ValueError(f"holds elements of type {values.dtype}: must be real numbers")
    with np.errstate(over="ignore"):  # of longer floats: what becomes infinite is refused
        real = np.ascontiguousarray(values.real, np.float64)
    good = np.isfinite(real) & (values.imag == 0.0) if values.dtype.kind == "c" else np.isfinite(real)
    if not good.all():
        where = np.argwhere(~good)[0]
        i, j = _place(found, int(where[0])) if sparse else where
        raise ValueError(f"row {i}, column {j} (from 0): {values[tuple(where)]}: must be finite and real")
    if not sparse:
        return real
    from scipy.sparse import csr_array

    return csr_array((real, found.indices, found.indptr), shape=found.shape)


def _place(matrix: Any, element: int) -> tuple[int, int]:
    """Return row and column of a stored element."""
    return int(np.searchsorted(matrix.indptr, element, side="right")) - 1, int(matrix.indices[element])
