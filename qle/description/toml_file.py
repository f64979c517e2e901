"""TOML files, in any encoding."""

import json
import tomllib
from collections.abc import Mapping
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


def to_toml(table: Mapping[str, Any]) -> str:
    """Return a table as TOML: words, truth values, finite numbers, lists of these, tables of such.

    TOML has no word for None, what is not given: such lines are left out.
    """
    lines = _lines({name: value for name, value in table.items() if not isinstance(value, Mapping)})
    for name, value in table.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{_key(name)}]", *_lines(value)]
    return "\n".join(lines) + "\n"


def _lines(plain: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in plain.items() if value is not None]


def _key(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else _value(name)


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    # JSON writes these as TOML does, but for DEL, which TOML wants escaped, and for pairs of escapes
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("\x7f", "\\u007f")
