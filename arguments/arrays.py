"""Arrays of numbers."""

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments.scalars import as_float, bare, bounds, integer, within
from arguments.words import shown

Shape = tuple[int | str, ...]
Number = TypeVar("Number", bound=np.generic)


def array(
    name: str,
    value: ArrayLike,
    *shapes: Shape,
    above: float = -math.inf,
    least: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
    infinite: bool = False,
    missing: bool = False,
) -> NDArray[np.float64]:
    """Return finite real numbers within bounds as a C-ordered float64 array of native byte order.

    Parameters
    ----------
    value : array_like
        numpy arrays, nested lists, columns of pandas and xarray, by value: float64 itself is not copied,
        other types of number are rounded to it. Refused are masked values, nan, True, text, complex numbers,
        dates, structured arrays, and labelled arrays of two axes and more, whose order is not sure.
    *shapes : tuple of int or str
        Shapes allowed, any if none is given. A word stands for a length of at least one: ``(N, "m")``.
    above, least, below, most
        Bounds of every number, as in `real`.
    infinite, missing : bool
        Take infinities too, and nan, for "there is none".

    Raises
    ------
    ValueError
        With the name, the first wrong value and its place, and the rule.
    """
    found = _converted(name, value, complex_too=False)
    _check_shape(name, found, shapes)
    good = ~np.isnan(found) if infinite else np.isfinite(found)
    if (above, least, below, most) != (-math.inf, -math.inf, math.inf, math.inf):
        good &= within(found, above, least, below, most)
    good |= np.isnan(found) if missing else False
    if not good.all():
        _refuse(name, found, good, bounds(above, least, below, most, infinite))
    return found


def spread(**columns: NDArray[Number]) -> tuple[NDArray[Number], ...]:
    """Return columns (n,) of one length: numbers are repeated; raise ValueError for several lengths."""
    lengths = {name: column.size for name, column in columns.items() if column.ndim}
    size = max(lengths.values(), default=1)
    if set(lengths.values()) - {size}:
        text = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(f"{text} values: must be as many, or one number")
    return tuple(np.ascontiguousarray(np.broadcast_to(column, size)) for column in columns.values())


def numbers(name: str, value: ArrayLike, *shapes: Shape) -> NDArray[Any]:
    """Return what `array` does, or complex128 numbers where complex ones are given."""
    found = _converted(name, value, complex_too=True)
    _check_shape(name, found, shapes)
    good = np.isfinite(found)
    if not good.all():
        _refuse(name, found, good, "must be finite")
    return found


def integers(
    name: str, value: ArrayLike, *shapes: Shape, least: int = 0, below: int | None = None
) -> NDArray[np.int64]:
    """Return integers, least <= value < below, as an int64 array; raise ValueError for others, as 3.0."""
    given = plain(name, value)
    whole = given.dtype.kind == "O" and None not in map(integer, given.flat)
    if not (whole or given.dtype.kind in "iu") and given.size:
        raise ValueError(f"{name} = {shown(value)}: must be integers, not of type {given.dtype}")
    _check_shape(name, given, shapes)
    good = (given >= least) & (given < (2**63 if below is None else below))
    if not good.all():
        rule = f"must be >= {least}" if below is None else f"must be in {least} .. {below - 1}"
        _refuse(name, given, good, rule)
    return np.asarray(given, np.int64, order="C")


def truths(name: str, value: ArrayLike, *shapes: Shape) -> NDArray[np.bool_]:
    """Return True and False, as they are; raise ValueError for other types, also for 0 and 1."""
    given = plain(name, value)
    if given.dtype.kind != "b":
        raise ValueError(f"{name} = {shown(value)}: must be True or False, not of type {given.dtype}")
    _check_shape(name, given, shapes)
    return np.ascontiguousarray(given)


def rows(name: str, value: ArrayLike, size: int) -> NDArray[np.int64]:
    """Return the numbers of the rows chosen of `size`: given as such, -1 the last, or True for each kept."""
    given = plain(name, value)
    if given.dtype.kind == "b":
        return np.flatnonzero(truths(name, given, (size,)))
    found = integers(name, given, ("k",), least=-size, below=size)
    return np.where(found < 0, found + size, found)


def frozen(given: NDArray[Number]) -> NDArray[Number]:
    """Return an array that nobody can write to: the one given, or a copy if it can be written to.

    Writeable is also what is a view of such an array, or of memory that is none of numpy's.
    """
    owner: Any = given
    while isinstance(owner, np.ndarray) and not owner.flags.writeable:
        owner = owner.base
    if owner is None:
        return given
    found = given.copy()
    found.flags.writeable = False
    return found


def _labelled(value: object) -> bool:
    """Return whether a value names its axes, as those of xarray and tables of pandas do."""
    return not isinstance(value, np.ndarray) and (hasattr(value, "dims") or hasattr(value, "columns"))


def _converted(name: str, value: ArrayLike, *, complex_too: bool) -> NDArray[Any]:
    """Return the numbers in an array of the type of the result."""
    if isinstance(value, list | tuple):  # among floats numpy takes True for 1
        for k, one in enumerate(value):
            if isinstance(one, bool | np.bool_):
                raise ValueError(f"{name}[{k}] = {shown(one)}: must be a real number")
    given = plain(name, value)
    kind: Any = np.complex128 if complex_too and given.dtype.kind == "c" else np.float64
    if given.dtype.kind == "O":
        given = _of_objects(name, given)
    elif given.dtype.kind not in ("iufc" if complex_too else "iuf"):
        raise ValueError(f"{name} = {shown(value)}: must be real numbers, not of type {given.dtype}")
    found, flags = given, given.flags
    if not (given.dtype == kind and flags.c_contiguous and flags.aligned):
        with np.errstate(over="ignore"):  # of longer floats: what becomes infinite is refused
            found = np.require(given, kind, ("C", "A"))
    return found


def plain(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return a value as an array without labels and mask, of whatever type."""
    if type(value) is np.ndarray:
        return value
    parts = value if isinstance(value, list | tuple) else (value,)
    masked = sum(int(np.ma.getmaskarray(one).sum()) for one in parts if isinstance(one, np.ma.MaskedArray))
    if masked:
        raise ValueError(f"{name} has {masked} masked values: must have none")
    if _labelled(value) and getattr(value, "ndim", 2) > 1:
        raise ValueError(f"{name} = {shown(value)}: the order of its axes is not sure; give a plain array")
    try:
        return np.asarray(value)
    except (TypeError, ValueError, OverflowError):  # rows of several lengths, and things of other kinds
        raise ValueError(f"{name} = {shown(value)}: must be an array of real numbers") from None


def _of_objects(name: str, given: NDArray[Any]) -> NDArray[np.float64]:
    """Return an array of Python's numbers as floats."""
    found = np.empty(given.shape)
    for place, one in np.ndenumerate(given):
        number = as_float(one)
        if number is None:
            raise ValueError(f"{_at(name, place)} = {shown(bare(one))}: must be a real number")
        found[place] = number
    return found


def _check_shape(name: str, found: NDArray[Any], shapes: tuple[Shape, ...]) -> None:
    """Raise ValueError for a shape that is none of those allowed."""
    if not shapes or found.shape in shapes or any(_fits(found.shape, shape) for shape in shapes):
        return
    rule = " or ".join("a number" if not shape else _text(shape) for shape in shapes)
    words = dict.fromkeys(length for shape in shapes for length in shape if isinstance(length, str))
    least = f" with {', '.join(words)} >= 1" if words else ""
    raise ValueError(f"{name} has shape {found.shape}: must be {rule}{least}")


def _fits(given: tuple[int, ...], allowed: Shape) -> bool:
    """Return whether a shape is as allowed; a word has one length in all its places."""
    lengths: dict[str, int] = {}
    return len(given) == len(allowed) and all(
        one == (size if isinstance(size, int) else lengths.setdefault(size, max(one, 1)))
        for one, size in zip(given, allowed, strict=True)
    )


def _text(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"


def _refuse(name: str, found: NDArray[Any], good: NDArray[np.bool_], rule: str) -> None:
    """Raise the error for the first number that is not good."""
    place = tuple(int(k) for k in np.argwhere(~good)[0])
    raise ValueError(f"{_at(name, place)} = {shown(bare(found[place]))}: {rule}")


def _at(name: str, place: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, place))}]" if place else name
