"""Arrays in the files of numpy, .npy and .npz."""

import math
import zipfile
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

MOST_BYTES = 2**32
NUMPY = (npy.MAGIC_PREFIX, b"PK\x03\x04", b"PK\x05\x06")
"""What files of numpy begin with."""

ONLY = ""
"""Name of the one array of an .npy file, which has none."""


def read_arrays(path: str | PathLike[str]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file by name; the one of an .npy file has the name "".

    What the file is, its content tells and not its name. Nothing in it is run: pickles, and arrays of
    objects, which are pickles, are refused.

    Raises
    ------
    ValueError
        With the file: it is neither .npy nor .npz, holds objects, is damaged, or needs more than 4 GiB.
    OSError
        It cannot be read.
    """
    path = Path(path)
    with path.open("rb") as file:
        try:
            if file.read(len(npy.MAGIC_PREFIX)) == npy.MAGIC_PREFIX:
                file.seek(0)
                return {ONLY: _array(file)}
            if zipfile.is_zipfile(file):
                return _archive(file)
        except (ValueError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise ValueError(f"{path}: {' '.join(str(error).split())}") from None
    raise ValueError(f"{path}: is neither an .npy nor an .npz file, or a pickle, which is not read")


def _archive(file: BinaryIO) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        if not names:
            raise ValueError("has no arrays")
        if sum(archive.getinfo(name).file_size for name in names) > MOST_BYTES:
            raise ValueError(f"needs more than {MOST_BYTES // 2**30} GiB")
        found = {}
        for name in names:
            with archive.open(name) as one:
                try:
                    found[name.removesuffix(".npy")] = _array(one)
                except ValueError as error:
                    raise ValueError(f"{name.removesuffix('.npy')} {error}") from None
        return found


def _array(file: Any) -> NDArray[Any]:
    """Return an array, whose header is looked at before anything is made room for."""
    version = npy.read_magic(file)
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise ValueError(f"is of version {version} of the format, which is not known")
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    try:
        shape, by_columns, dtype = read(file)
    except (UnicodeError, SyntaxError):
        raise ValueError("has a damaged header") from None
    if dtype.hasobject:
        raise ValueError("holds Python objects, which are pickles, and these are not read; save numbers")
    size, need = math.prod(shape), math.prod(shape) * dtype.itemsize
    if need > MOST_BYTES:
        raise ValueError(f"needs more than {MOST_BYTES // 2**30} GiB")
    content = file.read(need)
    if len(content) < need:
        raise ValueError(f"ends after {len(content)} of {need} bytes of an array of shape {shape}")
    if file.read(1):  # in an archive the end is also where its checksum is compared
        raise ValueError(f"goes on after its array of shape {shape}; save several as .npz")
    flat = np.frombuffer(bytearray(content), dtype, size)
    return flat.reshape(shape[::-1]).T if by_columns else flat.reshape(shape)
