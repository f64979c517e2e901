"""A file for writers that cannot stop half way, as HDF5, which else complains of every object it has open."""

import io
import os
from collections.abc import Callable
from typing import Any, BinaryIO


class Unstoppable(io.RawIOBase):
    """Pass on to a file what is written, up to the first error; all after that goes nowhere.

    The error is raised when the `with` block has ended.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._error: OSError | None = None
        self._place = self._end = 0

    def __enter__(self) -> "Unstoppable":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()  # which writes what waits
        if self._error is not None:
            raise self._error

    def readable(self) -> bool:
        """Return whether it can be read: yes."""
        return True

    def writable(self) -> bool:
        """Return whether it can be written: yes."""
        return True

    def seekable(self) -> bool:
        """Return whether it has places: yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place and return it."""
        self._place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._end}[whence]
        self._do(self._file.seek, self._place)
        return self._place

    def truncate(self, size: int | None = None) -> int:
        """Set the size and return it."""
        self._end = self._place if size is None else size
        self._do(self._file.truncate, self._end)
        return self._end

    def write(self, data: Any) -> int:
        """Write bytes and return how many."""
        size = memoryview(data).nbytes
        self._do(self._file.write, data)
        self._place += size
        self._end = max(self._end, self._place)
        return size

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer, after an error with zeros, and return how many bytes were read."""
        view = memoryview(buffer).cast("B")
        read = self._do(self._file.readinto, view)  # type: ignore[attr-defined]
        if read is None:
            view[:] = bytes(len(view))
            read = len(view)
        self._place += read
        return int(read)

    def flush(self) -> None:
        """Write what waits."""
        self._do(self._file.flush)

    def _do(self, action: Callable[..., Any], *arguments: Any) -> Any:
        if self._error is None:
            try:
                return action(*arguments)
            except OSError as error:
                self._error = error
        return None
