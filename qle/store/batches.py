"""The results store: immutable batch files, each carrying what it is and a proof that it is whole.

    STORE/<series>/<point>/<start>-<stop>.npz      samples start <= s < stop of one grid point

The folders are named by the digests of the identities of series and points (`qle.description.identity`). A
batch is a zip of .npy files, readable by `numpy.load`, whose last 64 bytes (the zip's comment) are the
SHA-256 of all the bytes before them: any altered byte is found before it is parsed.

What else is where a batch or a folder should be, a link, a pipe, a folder, a file that cannot be read or one
that is no batch, is damage: it is named, and a sweep sets it aside. A store follows no links.
"""

import errno
import os
import re
import stat
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from qle.description.identity import (
    FORMAT_VERSION,
    POINT_KEYS,
    Arrays,
    Identity,
    canonical,
    digest,
    series_of,
)
from qle.store.batch_file import MOST_BYTES, UNSOUND, pack, proven, unpack_arrays, unpack_identity
from qle.store.writing import written_beside

ATTEMPTS = 3
"""Times that a batch is written if others remove what is being written."""

_BATCH_NAME = re.compile(r"(0|[1-9][0-9]*)-([1-9][0-9]*)\.npz")
_TEMPORARY_NAME = re.compile(_BATCH_NAME.pattern + r"\.[0-9a-f]+\.tmp")
_OF_THE_FILE = {errno.EACCES, errno.EPERM, errno.EIO, errno.ELOOP, errno.ENXIO, errno.ENODEV}
"""Errors of opening that are a file's own, and no shortage of this process or a network that is away."""

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISREG, "a file"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)


class StoreError(Exception):
    """A store that cannot be read or written as asked: `path` and the `reason`."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(str(path), reason)
        self.path, self.reason = str(path), reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class StoreDamage(StoreError):
    """Something that is truncated, altered, or not what its place says."""


class StoreVersion(StoreError):
    """A batch file in another version of the format."""


class StoreWarning(UserWarning):
    """Something in a store was left out or set aside."""


class Span(NamedTuple):
    """A file of the samples start <= s < stop."""

    start: int
    stop: int
    path: Path


class Batch(NamedTuple):
    """The identity of a batch (its point's, with "start" and "stop"); its arrays, first axis the sample."""

    identity: Identity
    arrays: Arrays


def point_folder(store: Path, identity: Identity) -> Path:
    """Return the folder of the point that a point's or a batch's identity describes."""
    point = {key: identity[key] for key in POINT_KEYS}
    return store / digest(series_of(identity)) / digest(point)


def spans(folder: Path) -> list[Span]:
    """Return the batch files of a point's folder, by start; empty if there is no such folder.

    Only the names are looked at: the files may be damaged, or no files.
    """
    return [span for span in _matching(folder, _BATCH_NAME) if span.start < span.stop]


def unfinished(folder: Path) -> list[Span]:
    """Return the temporary files of a point's folder: being written, or left by a run that was killed."""
    return [span for span in _matching(folder, _TEMPORARY_NAME) if kind_of(span.path) == "a file"]


def kind_of(path: Path) -> str | None:
    """Return in words what is at a path, a link not followed; None if nothing is.

    Raises
    ------
    StoreError
        That cannot be found out.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(path, f"cannot be read: {error.strerror}") from error
    return next((words for test, words in _KINDS if test(mode)), "a device")


def check_folder(folder: Path) -> None:
    """Raise StoreDamage if something is at a path that is no folder, or none that can be read."""
    kind = kind_of(folder)
    if kind is not None and kind != "a folder":
        raise StoreDamage(folder, f"is {kind}, must be a folder")
    if kind is not None and not os.access(folder, os.R_OK | os.X_OK):
        raise StoreDamage(folder, f"cannot be read: {os.strerror(errno.EACCES)}")


def write_batch(store: Path, identity: Identity, arrays: Arrays) -> None:
    """Write one batch so that at every instant it is absent or whole, also through a power cut.

    Where locks do not work, another run may take what is being written for what a killed run left, and remove
    it: then it is written again.

    Raises
    ------
    StoreError
        The file system refuses (read-only, full, no permission), or it is no batch; nothing is left behind.
    """
    path = point_folder(store, identity) / f"{identity['start']}-{identity['stop']}.npz"
    content = pack(canonical(identity), arrays)
    try:
        if identity["format"] == FORMAT_VERSION:
            _unpacked(content, identity)
    except UNSOUND as error:
        raise StoreError(path, f"is not written, as it would be no batch: {error}") from error
    for left in reversed(range(ATTEMPTS)):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with written_beside(path) as file:
                file.write(content)
            return
        except OSError as error:
            if not (left and isinstance(error, FileNotFoundError)):
                raise StoreError(path, f"cannot be written: {error.strerror}") from error


def read_batch(span: Span) -> Batch:
    """Return a batch, checked to the last byte and number.

    Raises
    ------
    StoreDamage
        It is no file, cannot be read, fails its checksum, or is no batch, or that of another point or range.
    FileNotFoundError
        The file is gone (another run may have set it aside, or merged it).
    StoreVersion
        The file is in another version of the format.
    StoreError
        It cannot be read now.
    """
    content = read_file(span.path)
    if not proven(content):
        raise StoreDamage(span.path, "the checksum does not match, the file is truncated or altered")
    try:
        identity = unpack_identity(content)
        version = identity["format"]
        if version == FORMAT_VERSION or {*POINT_KEYS} <= {*identity}:
            folder = point_folder(Path(), identity)
            named = (*span.path.parts[-3:-1], span.start, span.stop)
            if named != (*folder.parts, identity["start"], identity["stop"]):
                raise StoreDamage(span.path, "holds another point or range, the file was moved or renamed")
        if version != FORMAT_VERSION:
            text = f"is in store format {version!r:.20}: this version of qle reads format {FORMAT_VERSION}"
            raise StoreVersion(span.path, text)
        return _unpacked(content, identity)
    except UNSOUND as error:
        raise StoreDamage(span.path, f"is no batch: {error}") from error


def examine(
    folder: Path, start: int = 0, stop: int | None = None
) -> Iterator[tuple[Span, Batch | StoreError]]:
    """Read the batch files of a point's folder that overlap [start, stop), by their start.

    Yields where each is, and the batch or what is wrong with it; of a folder that is none, or cannot be read,
    the folder instead of a file. Where another run has meanwhile merged files or set one aside, what is there
    now is read.
    """
    try:
        check_folder(folder.parent)
        check_folder(folder)
    except StoreDamage as error:
        yield Span(start, max(start, stop or 0) + 1, Path(error.path)), error
        return
    left, seen = deque(spans(folder)), set()
    while left:
        span = left.popleft()
        if span in seen or span.stop <= start or (stop is not None and stop <= span.start):
            continue
        seen.add(span)
        try:
            yield span, read_batch(span)
        except (StoreDamage, StoreVersion) as error:
            yield span, error
        except FileNotFoundError:
            left = deque(other for other in spans(folder) if span.start < other.stop)


def set_aside(path: Path) -> None:
    """Rename what is damaged to <name>.damaged, or <name>.damaged-2 and so on, so that it counts as missing.

    Raises
    ------
    StoreError
        It cannot be renamed.
    """
    number = 1
    while os.path.lexists(target := path.with_name(f"{path.name}.damaged{f'-{number}' * (number > 1)}")):
        number += 1
    try:
        os.rename(path, target)
    except FileNotFoundError:
        pass  # another run has just done it
    except OSError as error:
        raise StoreError(path, f"is damaged and cannot be renamed: {error.strerror}") from error


def _matching(folder: Path, pattern: re.Pattern[str]) -> list[Span]:
    if kind_of(folder.parent) != "a folder" or kind_of(folder) != "a folder":
        return []
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(folder, f"cannot be read: {error.strerror}") from error
    matches = filter(None, map(pattern.fullmatch, names))
    return sorted(Span(int(match[1]), int(match[2]), folder / match[0]) for match in matches)


def _unpacked(content: bytes, identity: Identity) -> Batch:
    from qle.store.layout import check_values, forms  # they know the models, and these the engine

    arrays = unpack_arrays(content, forms(identity))
    check_values(arrays, identity["measure"].get("complete_below"))
    return Batch(identity, arrays)


def read_file(path: Path) -> bytes:
    """Return the bytes of a file of a store; no link is followed, no pipe waited for and no device touched.

    Raises
    ------
    StoreDamage, StoreError, FileNotFoundError
        As `read_batch`.
    """
    kind = kind_of(path)
    if kind is None:
        raise FileNotFoundError(path)
    if kind != "a file":
        raise StoreDamage(path, f"is {kind}, must be a file")
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if found.st_size > MOST_BYTES or not stat.S_ISREG(found.st_mode):
                raise StoreDamage(path, f"is no batch: it has {found.st_size} bytes")
            return file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        kind_of_error = StoreDamage if error.errno in _OF_THE_FILE else StoreError
        raise kind_of_error(path, f"cannot be read: {error.strerror}") from error
