"""TOML files, in any encoding."""

import tomllib
from os import PathLike
from typing import Any

from arguments import read_text
from qle.description.grid import SpecError


def read_toml(path: str | PathLike[str]) -> dict[str, Any]:
    """Return the table of a TOML file.

    Raises
    ------
    SpecError
        The file is no text, or no TOML; the message does not name it.
    OSError
        It cannot be read.
    """
    try:
        text = read_text(path)
    except ValueError as error:
        raise SpecError(str(error).removeprefix(f"{path}: ")) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"is not valid TOML: {error}") from None
    except ValueError:
        raise SpecError("is not valid TOML: an integer of thousands of digits") from None
    except RecursionError:
        raise SpecError("is not valid TOML: brackets within brackets, too many") from None
