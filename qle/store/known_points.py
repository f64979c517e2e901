"""Where the points of a sweep are in a store that knows some of them by other digits of the same numbers."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from qle.description.grid import Value, name_of
from qle.description.identity import Identity, digest
from qle.description.spec import Spec
from qle.store.batches import StoreError, check_folder, examine

Name = tuple[tuple[str, Value], ...]


def points_in(store: Path, spec: Spec) -> Iterator[Identity]:
    """Yield the identities of a sweep's points, in the order of its grid.

    A point that the store does not have, but has one of the same name (`grid.name_of`), is that one: what is
    computed for it is computed with the numbers that are there.
    """
    folder = store / digest(spec.series)
    present = _names(folder)
    others: dict[Name, Mapping[str, Any]] | None = None
    for point in _own(spec):
        if present and digest(point) not in present:
            if others is None:
                others = _by_name(folder, present - {digest(one) for one in _own(spec)})
            point = {**point, "parameters": others.get(_name(point["parameters"]), point["parameters"])}
        yield point


def _own(spec: Spec) -> Iterator[Identity]:
    return ({**spec.series, "parameters": values} for values in spec.points())


def _name(parameters: Mapping[str, Any]) -> Name:
    return tuple((key, name_of(value)) for key, value in sorted(parameters.items()))


def _names(folder: Path) -> set[str]:
    """Return the names in a series' folder; none if there is no folder that can be read."""
    try:
        check_folder(folder)
        return set(os.listdir(folder))
    except (StoreError, OSError):
        return set()


def _by_name(folder: Path, digests: set[str]) -> dict[Name, Mapping[str, Any]]:
    """Return the parameters of the points of a series by their names, from one whole batch of each."""
    found: dict[Name, Mapping[str, Any]] = {}
    for one in sorted(digests):
        batch = next((b for _, b in examine(folder / one) if not isinstance(b, StoreError)), None)
        if batch is not None:
            parameters = batch.identity["parameters"]
            found.setdefault(_name(parameters), parameters)
    return found
