"""The bytes of a batch: a zip of .npy files that `numpy.load` reads, and behind it the SHA-256 of all before.

The checksum proves that nothing was altered, not that what was written is sound: whoever can write a file can
give it a checksum. So nothing in it is believed: what an array is to be is known before it is looked at, its
header is compared with that, and no more memory is taken than the file has bytes.
"""

import ast
import hashlib
import io
import json
import reprlib
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qle.description.identity import Arrays

Forms = Mapping[str, tuple[np.dtype[Any], tuple[int, ...]]]

CHECKSUM_LENGTH = 64
MOST_BYTES = 2**30
"""Of a batch file: more than any has, and little enough to be read."""

LONGEST_HEADER = 512
UNSOUND = (
    *(ValueError, TypeError, KeyError, SyntaxError, RecursionError, OverflowError, MemoryError),
    *(EOFError, NotImplementedError, RuntimeError, struct.error, zipfile.BadZipFile),
)  # fmt: skip
"""What reading crafted bytes may raise."""


def pack(identity: str, arrays: Arrays) -> bytes:
    """Return the bytes of a batch; equal batches are equal bytes."""
    buffer = io.BytesIO()
    content = {"identity": np.array(identity), **arrays}
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in content.items():
            with archive.open(f"{name}.npy", "w") as member:  # dated 1980
                np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
        archive.comment = bytes(CHECKSUM_LENGTH)
    body = buffer.getvalue()[:-CHECKSUM_LENGTH]
    return body + hashlib.sha256(body).hexdigest().encode()


def proven(content: bytes) -> bool:
    """Return whether the checksum is that of the bytes before it."""
    body, checksum = content[:-CHECKSUM_LENGTH], content[-CHECKSUM_LENGTH:]
    return hashlib.sha256(body).hexdigest().encode() == checksum


def unpack_identity(content: bytes) -> dict[str, Any]:
    """Return the identity in the bytes of a batch; raise one of `UNSOUND` if there is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        header, data = _member(archive, "identity")
    if header["descr"] != f"<U{len(data) // 4}" or header["shape"] != (1,):
        raise ValueError("identity: is no text")
    identity = json.loads(data.decode("utf-32-le").rstrip("\0"), parse_constant=_refuse)
    if not isinstance(identity, dict):
        raise ValueError("identity: is no object")
    return identity


def unpack_arrays(content: bytes, forms: Forms) -> dict[str, NDArray[Any]]:
    """Return the arrays of a batch, which must have these forms; raise one of `UNSOUND` if they have not."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        there = sorted(archive.namelist())
        if there != sorted(f"{name}.npy" for name in ("identity", *forms)):
            raise ValueError(f"holds {reprlib.repr(there)}, not the arrays that its identity says")
        return {name: _array(archive, name, *form) for name, form in forms.items()}


def _array(archive: zipfile.ZipFile, name: str, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    header, data = _member(archive, name)
    if header != {"descr": kind.str, "fortran_order": False, "shape": shape}:
        raise ValueError(f"{name}: is {reprlib.repr(header)}, must be {kind.str} of shape {shape}")
    return np.frombuffer(data, kind).reshape(shape)


def _member(archive: zipfile.ZipFile, name: str) -> tuple[dict[str, Any], bytes]:
    """Return the header and the data of an .npy file in an archive."""
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        raise ValueError(f"{name}: is compressed")
    content = archive.read(info)
    if content[:8] != b"\x93NUMPY\x01\x00":
        raise ValueError(f"{name}: is no array")
    (length,) = struct.unpack_from("<H", content, 8)
    if length > LONGEST_HEADER:
        raise ValueError(f"{name}: has a header of {length} bytes")
    header = ast.literal_eval(content[10 : 10 + length].decode("ascii"))
    if not isinstance(header, dict) or set(header) != {"descr", "fortran_order", "shape"}:
        raise ValueError(f"{name}: has no header")
    return header, content[10 + length :]


def _refuse(constant: str) -> Callable[..., Any]:
    raise ValueError(f"identity: has {constant}")
