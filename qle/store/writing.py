"""Files that are written beside and renamed: at every instant a reader finds the earlier one or the new one.

On Linux what is being written has no name until it is whole, so a process that is killed leaves nothing
behind. Where a file system cannot do that, as over a network, it may leave <name>.<16 digits>.tmp.
"""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

NAMED = 50
"""So many characters of a file's name are in that of its temporary file."""


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Yield the file that is at `path` once the body has ended, and of which nothing is there if it fails.

    An earlier file keeps its permissions, and its owner if that may be; a new one has those of the umask. Of
    a link its target is replaced. A pipe or a device is written to as it is.

    Raises
    ------
    OSError
        It cannot be written; the error names `path`. An earlier file is as it was.
    """
    path = Path(path)
    try:
        earlier = _earlier(path)
        if earlier is not None and not stat.S_ISREG(earlier.st_mode):
            with path.open("wb") as file:
                yield file
        else:
            with written_beside(path.resolve(), earlier) as file:
                yield file
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


@contextmanager
def written_beside(target: Path, earlier: os.stat_result | None = None) -> Iterator[BinaryIO]:
    """Yield a file that is renamed to `target`, which is no link, once the body has ended.

    With `earlier` it gets that file's permissions and owner. Raises OSError, and leaves nothing behind.
    """
    descriptor, name = _opened(target)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            if earlier is not None:
                with suppress(PermissionError):
                    os.fchown(descriptor, earlier.st_uid, earlier.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(earlier.st_mode))
            os.fsync(descriptor)
            if name is None:
                name = _temporary(target)
                _give_name(descriptor, name)
        os.replace(name, target)
        _sync_folder(target.parent)
    finally:
        if name is not None:
            name.unlink(missing_ok=True)


def _earlier(path: Path) -> os.stat_result | None:
    """Return what is at a path, None if nothing; raise OSError if it may not be written."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return found


def _opened(target: Path) -> tuple[int, Path | None]:
    """Return a new file in the folder of `target`, open, and its name, None if it has none."""
    if os.path.isdir("/proc/self/fd"):
        with suppress(AttributeError, OSError):  # not every system, nor every file system, has this
            return os.open(target.parent, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o666), None
    name = _temporary(target)
    return os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o666), name


def _temporary(target: Path) -> Path:
    return target.with_name(f"{target.name[:NAMED]}.{secrets.token_hex(8)}.tmp")


def _give_name(descriptor: int, name: Path) -> None:
    place = f"/proc/self/fd/{descriptor}"
    try:
        os.link(place, name, src_dir_fd=descriptor)  # given a folder, it follows the link that `place` is
    except OSError:
        shutil.copy(place, name)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
