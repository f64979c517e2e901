"""The results store: immutable batch files, each carrying what it is and a proof that it is whole.

    STORE/<series>/<point>/<start>-<stop>.npz      samples start <= s < stop of one grid point

A *series* is everything that makes results comparable (format version, model, seed, protocol, measure); a
*point* is a series and the parameters of the model. Both are JSON objects ("identities"); the folders are
named by their digests. A batch is a zip of .npy files, readable by `numpy.load`, whose last 64 bytes (the
zip's comment) are the SHA-256 of all the bytes before them: any altered byte is found before it is parsed.
"""

import hashlib
import io
import json
import os
import re
import secrets
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

FORMAT_VERSION = 3
"""Raise it when the layout, the meaning or the computed numbers of the store change."""

SERIES_KEYS = ("format", "model", "seed", "protocol", "measure")
POINT_KEYS = (*SERIES_KEYS, "parameters")

Identity = Mapping[str, Any]
Arrays = Mapping[str, NDArray[Any]]
Found = TypeVar("Found")

_CHECKSUM_LENGTH = 64
_BATCH_NAME = re.compile(r"(0|[1-9][0-9]*)-([1-9][0-9]*)\.npz")
_TEMPORARY_NAME = re.compile(_BATCH_NAME.pattern + r"\.[0-9a-f]+\.tmp")


class StoreError(Exception):
    """A store that cannot be read or written as asked."""


class StoreDamage(StoreError):
    """A batch file that is truncated, altered, or not the batch that its place says."""


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


def canonical(identity: Identity) -> str:
    """Return the identity as JSON text: sorted keys, no spaces, floats by their shortest exact form."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(identity: Identity) -> str:
    """Return 16 hexadecimal digits, the head of the SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(identity).encode()).hexdigest()[:16]


def series_of(identity: Identity) -> Identity:
    """Return the series part of a point's or a batch's identity."""
    return {key: identity[key] for key in SERIES_KEYS}


def point_folder(store: Path, identity: Identity) -> Path:
    """Return the folder of the point that a point's or a batch's identity describes."""
    point = {key: identity[key] for key in POINT_KEYS}
    return store / digest(series_of(identity)) / digest(point)


def spans(folder: Path) -> list[Span]:
    """Return the batch files of a point's folder, by start; empty if there is no such folder.

    Only the names are looked at: the files may be damaged.
    """
    return [span for span in _matching(folder, _BATCH_NAME) if span.start < span.stop]


def unfinished(folder: Path) -> list[Span]:
    """Return the temporary files of a point's folder: being written, or left by a run that was killed."""
    return _matching(folder, _TEMPORARY_NAME)


def write_batch(store: Path, identity: Identity, arrays: Arrays) -> None:
    """Write one batch so that at every instant it is absent or whole, also through a power cut.

    Raises
    ------
    StoreError
        The file system refuses (read-only, full, no permission); nothing is left behind.
    """
    path = point_folder(store, identity) / f"{identity['start']}-{identity['stop']}.npz"
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(temporary, "xb") as file:
                file.write(_pack(identity, arrays))
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error


def prove(span: Span) -> Identity:
    """Return the identity of a batch after checking the file to the last byte, its arrays unread.

    Raises
    ------
    StoreDamage
        The checksum fails, or the batch inside belongs to another point or range; the message names the file.
    FileNotFoundError
        The file is gone (another run may have set it aside, or merged it).
    StoreVersion
        The file is in another version of the format.
    StoreError
        The file cannot be read.
    """
    return _read(span, arrays=False).identity


def read_batch(span: Span) -> Batch:
    """Return a batch, checked to the last byte; raises as `prove`."""
    return _read(span, arrays=True)


def examine(
    folder: Path, start: int = 0, stop: int | None = None
) -> Iterator[tuple[Span, Batch | StoreDamage]]:
    """Read the batch files of a point's folder that overlap [start, stop), by their start.

    Yields where each is, and the batch or what is wrong with it. Where another run has meanwhile merged files
    or set one aside, what is there now is read.
    """
    return _visit(folder, start, stop, read_batch)


def check(
    folder: Path, start: int = 0, stop: int | None = None
) -> Iterator[tuple[Span, Identity | StoreDamage]]:
    """As `examine`, but with the identities of the batches only (`prove`), in a third of the time."""
    return _visit(folder, start, stop, prove)


def set_aside(path: Path) -> None:
    """Rename a damaged file to <name>.damaged, so that its samples count as missing."""
    try:
        os.replace(path, path.with_name(path.name + ".damaged"))
    except FileNotFoundError:
        pass  # another run has just done it
    except OSError as error:
        raise StoreError(f"{path}: is damaged and cannot be renamed: {error.strerror}") from error


def _visit(
    folder: Path, start: int, stop: int | None, read: Callable[[Span], Found]
) -> Iterator[tuple[Span, Found | StoreDamage]]:
    left, seen = deque(spans(folder)), set()
    while left:
        span = left.popleft()
        if span in seen or span.stop <= start or (stop is not None and stop <= span.start):
            continue
        seen.add(span)
        try:
            yield span, read(span)
        except StoreDamage as error:
            yield span, error
        except FileNotFoundError:
            left = deque(other for other in spans(folder) if span.start < other.stop)


def _matching(folder: Path, pattern: re.Pattern[str]) -> list[Span]:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read: {error.strerror}") from error
    matches = filter(None, map(pattern.fullmatch, names))
    return sorted(Span(int(match[1]), int(match[2]), folder / match[0]) for match in matches)


def _pack(identity: Identity, arrays: Arrays) -> bytes:
    buffer = io.BytesIO()
    content = {"identity": np.array(canonical(identity)), **arrays}
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in content.items():
            with archive.open(
                f"{name}.npy", "w"
            ) as member:  # dated 1980, so that equal batches are equal bytes
                np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
        archive.comment = bytes(_CHECKSUM_LENGTH)
    body = buffer.getvalue()[:-_CHECKSUM_LENGTH]
    return body + hashlib.sha256(body).hexdigest().encode()


def _read(span: Span, *, arrays: bool) -> Batch:
    try:
        content = span.path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreError(f"{span.path}: cannot be read: {error.strerror}") from error
    body, checksum = content[:-_CHECKSUM_LENGTH], content[-_CHECKSUM_LENGTH:]
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise StoreDamage(f"{span.path}: the checksum does not match, the file is truncated or altered")
    try:
        batch = _unpack(content, arrays=arrays)
    except (ValueError, KeyError, zipfile.BadZipFile) as error:  # also a pickle, which is not read
        raise StoreDamage(f"{span.path}: is no batch: {error}") from error
    if batch.identity["format"] != FORMAT_VERSION:
        raise StoreVersion(
            f"{span.path}: is in store format {batch.identity['format']}: this version of qle reads "
            f"format {FORMAT_VERSION}"
        )
    folder = point_folder(Path(), batch.identity)
    named = (*span.path.parts[-3:-1], span.start, span.stop)
    if named != (*folder.parts, batch.identity["start"], batch.identity["stop"]):
        raise StoreDamage(f"{span.path}: holds another point or range, the file was moved or renamed")
    return batch


def _unpack(content: bytes, *, arrays: bool) -> Batch:
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        identity = json.loads(str(archive["identity"].item()))
        names = [name for name in archive.files if name != "identity"] if arrays else []
        return Batch(identity, {name: archive[name] for name in names})


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
