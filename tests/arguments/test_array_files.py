"""Files of numpy: every array is read as it was saved; what is damaged, too large or a pickle is refused."""

import io
import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from arguments import read_arrays

ARRAYS = {
    "float64": np.arange(6.0).reshape(2, 3),
    "columns first": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "big-endian": np.arange(3, dtype=">f4"),
    "integers": np.arange(4),
    "a number": np.array(2.5),
    "empty": np.empty((0, 3)),
    "text": np.array(["THz"]),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_an_array_is_read_as_it_was_saved(kind: str, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", ARRAYS[kind])
    found = read_arrays(tmp_path / "a.npy")[""]
    np.testing.assert_array_equal(found, ARRAYS[kind])
    assert found.dtype == ARRAYS[kind].dtype
    assert found.flags.writeable


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_archive_is_read_by_names_whatever_the_file_is_called(
    save: Callable[..., None], tmp_path: Path
) -> None:
    with (tmp_path / "modes.dat").open("wb") as file:
        save(file, frequency=ARRAYS["float64"], sample=ARRAYS["integers"])
    found = read_arrays(tmp_path / "modes.dat")
    assert found.keys() == {"frequency", "sample"}
    np.testing.assert_array_equal(found["frequency"], ARRAYS["float64"])


def saved(array: object) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)  # type: ignore[arg-type]
    return file.getvalue()


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            made.writestr(f"{name}.npy", content)
    return file.getvalue()


WHOLE, OBJECTS = saved(np.ones(3)), saved(np.array([1.0, None], object))
MISTAKES = {
    "objects": (OBJECTS, "holds Python objects, which are pickles"),
    "objects in an archive": (archive(frequency=OBJECTS), "frequency holds Python objects"),
    "a pickle": (pickle.dumps([1.0]), "is neither an .npy nor an .npz file, or a pickle"),
    "text": (b"1.0", "is neither an .npy nor an .npz file"),
    "an empty file": (b"", "is neither an .npy nor an .npz file"),
    "an end too early": (WHOLE[:-1], "ends after 23 of 24 bytes of an array of shape (3,)"),
    "another version": (WHOLE[:6] + b"\x09" + WHOLE[7:], "is of version (9, 0) of the format"),
    "an archive of nothing": (archive(), "has no arrays"),
    "an archive that is damaged": (archive(a=WHOLE).replace(b"\xf0?", b"\xf8?", 1), "Bad CRC-32"),
    "two arrays in one": (WHOLE + WHOLE, "goes on after its array of shape (3,)"),
    "more than there is room": (
        WHOLE[:10] + WHOLE[10:].replace(b"(3,), }" + 9 * b" ", b"(3000000000,), }"), "needs more than 4 GiB"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", MISTAKES)
def test_what_is_no_array_of_numbers_is_refused(kind: str, tmp_path: Path) -> None:
    content, message = MISTAKES[kind]
    path = tmp_path / "a.npy"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: ") + ".*" + re.escape(message)):
        read_arrays(path)
