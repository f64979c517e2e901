"""Frozen dataclasses and other records: their fields set, and shown in short."""

import dataclasses
from collections.abc import Callable
from html import escape
from typing import Any, TypeVar

import numpy as np

Record = TypeVar("Record")

WIDTH = 110  # characters of a line
FEW = 4  # elements up to which an array or a sequence is shown whole
LONGEST = 80  # characters of one value that is no text


def settled(record: object, **values: object) -> None:
    """Give fields of a frozen dataclass the values that they are converted to, in its `__post_init__`."""
    for name, value in values.items():
        object.__setattr__(record, name, value)


def brief(*names: str) -> Callable[[type[Record]], type[Record]]:
    """Return a class decorator: records print in a few lines, and in a notebook as a small table.

    Numbers and words are shown whole, arrays by shape and range, and what is longer by its type.

    Parameters
    ----------
    names : str
        Attributes to show; the public fields of a dataclass or named tuple if not given.
    """

    def shown(record: Any) -> list[tuple[str, str]]:
        return [(name, _short(getattr(record, name))) for name in names or _fields(record)]

    def text(record: Any) -> str:
        parts = [f"{name}={value}" for name, value in shown(record)]
        return _wrapped(f"{type(record).__name__}(", parts) + ")"

    def table(record: Any) -> str:
        rows = (f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in shown(record))
        return f"<table><caption>{type(record).__name__}</caption>{''.join(rows)}</table>"

    def decorate(record: type[Record]) -> type[Record]:
        for name, method in (("__repr__", text), ("_repr_html_", table)):
            setattr(record, name, method)
        return record

    return decorate


def _fields(record: Any) -> list[str]:
    """Return the names of the fields to show."""
    if dataclasses.is_dataclass(record):
        return [one.name for one in dataclasses.fields(record) if one.repr]
    return list(record._fields)


def _short(value: Any) -> str:
    """Return a value in one line."""
    if isinstance(value, np.ndarray) and value.size > FEW:
        return _array(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return repr(value)
    text = " ".join(repr(value).split())
    many = isinstance(value, tuple | list) and len(value) > FEW
    if not many and len(text) <= LONGEST and " at 0x" not in text:  # where an object lies is no news
        return text
    if isinstance(value, tuple | list):
        return f"{len(value)} of {type(value[0]).__name__}"
    return f"{type(value).__name__}(...)"


def _array(values: np.ndarray[Any, Any]) -> str:
    """Return shape and range of an array."""
    text = f"array {values.shape}"
    if values.dtype == bool:
        return f"{text}, {values.sum()} true"
    known = values[~np.isnan(values)]
    if known.size == 0:
        return f"{text}, all nan"
    low, high = known.min(), known.max()
    return f"{text} from {low:.4g} to {high:.4g}" if low < high else f"{text}, all {low:.4g}"


def _wrapped(start: str, parts: list[str]) -> str:
    """Return start and parts in lines broken between parts only."""
    lines = [start]
    for count, part in enumerate(parts, 1):
        piece = part if count == len(parts) else f"{part}, "
        if len(lines[-1]) + len(piece) > WIDTH:
            lines.append(" " * len(start))
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)
