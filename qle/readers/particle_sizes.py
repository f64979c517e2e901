"""Sizes of particles from the columns of a snapshot: numbers, or species by name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, real, shown
from glass import Potential
from glass.potentials import named

Array = NDArray[np.float64]
SIZES = ("size", "sizes", "lambda", "diameter", "diameters", "radius", "radii")
"""Columns of sizes, in the order in which they are looked for; capitals or not."""
SPECIES = ("species", "element", "elements", "type", "types", "name", "names", "typeid")
"""Columns of names of species, likewise."""
_ORDERS = (("A", "B", "C"), ("1", "2", "3"), ("0", "1", "2"))
_MOST = 8  # species that are told in a message


def sizes_of(
    columns: Mapping[str, NDArray[Any]],
    n: int,
    where: Callable[[int], str],
    potential: str | Potential,
    sizes: str | ArrayLike | None,
    species: Mapping[str, float] | None,
) -> Array:
    """Return lambda of each of n particles, as `qle.readers.snapshots.Snapshot.glass` says."""
    if sizes is not None and species is not None:
        raise ValueError("sizes, species: must be one of them, and not both")
    if species is not None:
        return _by_name(columns, where, {str(name): size for name, size in species.items()})
    if isinstance(sizes, str):
        return _column(columns, where, sizes)
    if sizes is not None:
        return np.broadcast_to(array("sizes", sizes, (), (n,), above=0.0), n).copy()
    wanted = named(potential).mixing.species
    if wanted and _found(columns, SPECIES) is not None:
        return _by_name(columns, where, _in_order(columns, wanted))
    if (name := _found(columns, SIZES)) is not None:
        return _column(columns, where, name)
    raise ValueError(
        f"has no sizes: {_told(columns)}; give sizes (--sizes COLUMN, or one number), or those of species "
        "(--species A=1 B=0.88)"
    )


def _found(columns: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """Return the first column with one of these names."""
    there = {name.casefold(): name for name in columns}
    return next((there[name] for name in names if name in there), None)


def _column(columns: Mapping[str, NDArray[Any]], where: Callable[[int], str], name: str) -> Array:
    """Return the numbers of a column as lambda; twice those of radii."""
    if name not in columns:
        raise ValueError(f"sizes = {shown(name)}: must be a column of the file; {_told(columns)}")
    given = columns[name]
    if given.dtype.kind not in "iuf":
        raise ValueError(f"sizes = {shown(name)}: holds text, {shown(str(given[0]))}: must be numbers")
    values = np.asarray(given, np.float64)
    wrong = ~(np.isfinite(values) & (values > 0.0))
    if wrong.any():
        i = int(wrong.argmax())
        raise ValueError(f"{where(i)}: {name} = {values[i]:g}: must be finite and > 0")
    return values * (2.0 if name.casefold().startswith("radi") else 1.0)


def _by_name(
    columns: Mapping[str, NDArray[Any]], where: Callable[[int], str], known: Mapping[str, float]
) -> Array:
    """Return lambda of the particles by the names of their species."""
    name = _found(columns, SPECIES)
    if name is None:
        raise ValueError(f"has no species: {_told(columns)}")
    names, which = np.unique(_words(columns[name]), return_inverse=True)
    for k, one in enumerate(names):
        if one not in known:
            i = int(np.argmax(which == k))
            raise ValueError(
                f"{where(i)}: {name} {one}: has no size; must be one of {', '.join(known)} "
                f"(--species {one}=...)"
            )
    sizes = np.array([real(f"size of {one}", known[one], above=0.0) for one in names])
    return np.asarray(sizes[which], np.float64)


def _in_order(columns: Mapping[str, NDArray[Any]], sizes: Sequence[float]) -> dict[str, float]:
    """Return the sizes of a potential by the names A, B or 1, 2 or 0, 1."""
    name = _found(columns, SPECIES)
    there = list(map(str, np.unique(_words(columns[name or ""]))))
    for order in _ORDERS:
        if set(there) <= set(order[: len(sizes)]):
            return dict(zip(order, sizes, strict=False))
    told = ", ".join(there[:_MOST]) + ", ..." * (len(there) > _MOST)
    raise ValueError(
        f"{name}: {told}: must be A, B or 1, 2 for a potential with sizes "
        f"{', '.join(f'{s:g}' for s in sizes)}, or give a size for each "
        f"(--species {there[0]}={sizes[0]:g} ...)"
    )


def _words(given: NDArray[Any]) -> NDArray[np.str_]:
    """Return names of species as text; whole numbers without a point."""
    if given.dtype.kind == "f" and np.all(given == np.floor(given)):
        given = given.astype(np.int64)
    return given.astype(np.str_)


def _told(columns: Mapping[str, Any]) -> str:
    return f"its columns are {', '.join(columns)}" if columns else "it has positions alone"
