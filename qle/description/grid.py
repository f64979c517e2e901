"""The grid of a sweep: from what a user writes for each parameter to the values of each axis."""

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_type_hints

import numpy as np

import arguments
from arguments import nearest, shown

Value = int | float | str
Taken = TypeVar("Taken")
Grid = Mapping[str, tuple[Value, ...]]

ADDRESSES = 2**32
"""Seeds and sample numbers lie below this."""

RANGE_KEYS = ("from", "to", "points", "spacing")
SPACINGS = ("linear", "log")
DIGITS = 12  # by which numbers are told apart
MOST_POINTS = 10**5  # of a grid, and of a range: a number that is meant, not a slip


class SpecError(ValueError):
    """A mistake in the description of a sweep: one line with the key, its value and the rule."""


def fault(key: str, value: object, rule: str) -> SpecError:
    """Return the error `key = value: rule`."""
    return SpecError(f"{key} = {shown(value)}: {rule}")


def integer(key: str, value: object, low: int, high: int | None = None) -> int:
    """Return value as an int in [low, high); raise SpecError for anything else, also for True and 3.0."""
    return _taken(arguments.count, key, value, least=low, most=None if high is None else high - 1)


def number(key: str, value: object) -> float:
    """Return value as a finite float (with +0 for -0); raise SpecError for anything else, also for True."""
    return _taken(arguments.real, key, value)


def name_of(value: Value) -> Value:
    """Return by what name a value is known: floats by 12 significant digits, all others by themselves.

    Two values of one name are one value of a grid and one point of a store, such as 0.2 and the
    0.19999999999999998 of `numpy.linspace`, while each is computed with as it was given first. float32(0.1)
    is 0.10000000149, another number.
    """
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return one value of each name, the name itself if it is one of them, ascending."""
    chosen: dict[Value, Value] = {}
    for value in sorted(set(values), key=lambda one: one == name_of(one)):
        chosen[name_of(value)] = value
    return tuple(sorted(chosen.values()))


def choice(key: str, value: object, allowed: Sequence[str], *, also: str = "") -> str:
    """Return value if it is one of the allowed words; raise SpecError otherwise (`arguments.choice`)."""
    return _taken(arguments.choice, key, value, allowed, also=also)


def _taken(take: Callable[..., Taken], *given: Any, **rules: Any) -> Taken:
    """Return what a function of `arguments` makes of a value; raise SpecError where it raises ValueError."""
    try:
        return take(*given, **rules)
    except ValueError as error:
        raise SpecError(str(error)) from None


def check_keys(prefix: str, given: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Raise SpecError for the first key that is not allowed, with the nearest one that is."""
    for key, value in given.items():
        if key not in allowed:
            hint = nearest(key, allowed) or f" (the keys are {', '.join(allowed)})"
            raise fault(f"{prefix}{key}", value, f"unknown key{hint}")


def expand_grid(grid: Mapping[str, Any], model: type[Any]) -> Grid:
    """Return the ascending values of every parameter of the model, in the order of the model's fields.

    Parameters
    ----------
    grid : mapping
        For each parameter a number, a list or column of numbers, or a range: a mapping with the keys from,
        to, points (2 to 10^5, both ends included) and spacing ("linear", the default, or "log"). Values
        between the ends are rounded to 12 significant digits, so that every machine has the same; those of
        integer parameters to the nearest integer. Numbers are told apart by 12 digits (`name_of`). For a
        parameter that is a word, a word or a list of words. A parameter that is left out has the model's
        default; one whose default is None stays out.
    model : dataclass

    Raises
    ------
    SpecError
    """
    fields = {field.name: field for field in dataclasses.fields(model)}
    kinds = {name: str if kind is object else kind for name, kind in get_type_hints(model).items()}
    check_keys("grid.", grid, tuple(fields))
    axes = {}
    for name, field in fields.items():
        if name not in grid and field.default is dataclasses.MISSING:
            raise SpecError(f"grid.{name}: is missing: the model needs it")
        if name not in grid and field.default is None:
            continue
        axes[name] = _axis(f"grid.{name}", grid.get(name, field.default), kinds[name])
    _check_points(axes)
    return axes


def points(grid: Grid) -> Iterator[dict[str, Value]]:
    """Yield the parameters of every grid point, the last parameter running fastest."""
    for values in itertools.product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def corners(grid: Grid) -> Iterator[dict[str, Value]]:
    """Yield parameters where a rule of a model is broken first: each axis along, and all ends together.

    A rule on one parameter is met everywhere if it is met along its axis; one that is monotone in several,
    as kappa_min <= kappa_0 and L^d < 2^32, if it is met at their ends.
    """
    first = {name: values[0] for name, values in grid.items()}
    for name, values in grid.items():
        for value in values:
            yield {**first, name: value}
    yield from points({name: tuple(dict.fromkeys((values[0], values[-1]))) for name, values in grid.items()})


def _check_points(axes: Grid) -> None:
    size = math.prod(map(len, axes.values()))
    if size > MOST_POINTS:
        swept = " x ".join(f"{len(values)} {name}" for name, values in axes.items() if len(values) > 1)
        raise fault("grid", swept, f"has {size} points, must have at most {MOST_POINTS}")


def _axis(key: str, given: object, kind: object) -> tuple[Value, ...]:
    if isinstance(given, Mapping) and kind is not str:
        given = _range(key, given, whole=kind is int)
    elif kind is not str and getattr(given, "ndim", None):
        given = _column(key, given, kind)
    entries = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    if not entries:
        raise fault(key, given, "must not be empty")
    values: list[Any] = sorted(_entry(key, entry, kind) for entry in entries)
    for value in _repeated(values):
        raise fault(key, value, "must be given only once")
    return tuple(values)


def _entry(key: str, entry: object, kind: object) -> Any:
    if kind is str:
        if not isinstance(entry, str):
            raise fault(key, entry, "must be a word")
        return entry
    if kind is not int:
        return number(key, entry)
    found = arguments.integer(entry)
    if found is None:
        raise fault(key, entry, "must be an integer")
    return found


def _column(key: str, given: Any, kind: object) -> list[Any]:
    """Return the numbers in an array, or a column of a table."""
    take: Callable[..., Any] = arguments.integers if kind is int else arguments.array
    return list(_taken(take, key, given, ("k",)).tolist())


def _range(key: str, table: Mapping[str, Any], *, whole: bool) -> list[Value]:
    check_keys(f"{key}.", table, RANGE_KEYS)
    for name in ("from", "to", "points"):
        if name not in table:
            raise SpecError(f"{key}.{name}: is missing: a range needs from, to and points")
    low, high = number(f"{key}.from", table["from"]), number(f"{key}.to", table["to"])
    count = integer(f"{key}.points", table["points"], 2, MOST_POINTS + 1)
    spacing = choice(f"{key}.spacing", table.get("spacing", "linear"), SPACINGS)
    if spacing == "log" and not (low > 0.0 and high > 0.0):
        raise fault(key, dict(table), "a range with log spacing must have from > 0 and to > 0")
    values = np.geomspace(low, high, count) if spacing == "log" else np.linspace(low, high, count)
    inner = [name_of(value) for value in values.tolist()[1:-1]]
    return [round(value) if whole else value for value in (low, *inner, high)]  # type: ignore[arg-type]


def _repeated(ordered: Iterable[Value]) -> list[Value]:
    return [a for a, b in itertools.pairwise(ordered) if name_of(a) == name_of(b)]
