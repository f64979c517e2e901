"""Sweeps that are on their way: a file in the store says what was asked for, until all of it is there.

    STORE/<series>/<digest>.asked      the description of a sweep, as JSON

Without it nobody who opens a store could tell a sweep that is half done from a smaller one that is finished.
"""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from qle.description.identity import Identity, digest
from qle.description.spec import Spec
from qle.store.batches import StoreDamage, StoreError, check_folder, kind_of, point_folder, read_file, spans
from qle.store.blocks import gaps
from qle.store.writing import written_beside

SUFFIX = ".asked"


class Unfinished(NamedTuple):
    """A sweep that is not finished: the file that says so, what it asks for, and samples that are missing."""

    path: Path
    spec: Spec
    missing: int

    def __str__(self) -> str:
        """Return what is missing, in a line."""
        most = "" if self.spec.target is None else "at most "
        return (
            f"a sweep of {self.spec.size} points with {most}{self.spec.samples} samples is unfinished, {most}"
            f"{self.missing} of {self.spec.size * self.spec.samples} are missing; the same sweep resumes it, "
            f"or remove {self.path}"
        )


@contextmanager
def recorded(store: Path, spec: Spec) -> Iterator[None]:
    """Have a sweep on record in its store while the body runs, and afterwards unless that ended well.

    A store that cannot be written has no record, and one that has all samples needs none.
    """
    if not any(_missing(store, spec)):
        yield
        return
    table = table_of(spec)
    folder = store / digest(spec.series)
    path = folder / f"{digest(table)}{SUFFIX}"
    with suppress(StoreError, OSError):
        folder.mkdir(parents=True, exist_ok=True)
        check_folder(folder)
        with written_beside(path) as file:
            file.write(json.dumps(table).encode())
    yield
    with suppress(StoreError, OSError):
        path.unlink(missing_ok=True)
        for other in _records(folder):  # of smaller sweeps that this one has finished
            if not _read(other).missing:
                other.unlink(missing_ok=True)


def unfinished_sweeps(folder: Path) -> Iterator[Unfinished | StoreDamage]:
    """Yield the sweeps on record in a series' folder that lack samples, and the records that are damaged."""
    for path in _records(folder):
        try:
            found = _read(path)
        except StoreDamage as damage:
            yield damage
        except (FileNotFoundError, StoreError):  # it has just ended
            continue
        else:
            if found.missing:
                yield found


def _records(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}")) if kind_of(folder) == "a folder" else []


def _read(path: Path) -> Unfinished:
    """Return what a record says and what its store lacks of it; raise StoreDamage if it is none."""
    try:
        spec = Spec.from_mapping(json.loads(read_file(path)))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise StoreDamage(path, f"is no record of a sweep, remove it: {error}") from error
    return Unfinished(path, spec, sum(_missing(path.parents[1], spec)))


def _missing(store: Path, spec: Spec) -> Iterator[int]:
    """Yield how many samples each point lacks, by the names of its files."""
    for values in spec.points():
        folder = point_folder(store, {**spec.series, "parameters": values})
        present = [(span.start, span.stop) for span in spans(folder)]
        yield sum(stop - start for start, stop in gaps(0, spec.samples, present))


def table_of(spec: Spec) -> Identity:
    """Return a sweep as a mapping that `Spec.from_mapping` takes."""
    table: dict[str, Any] = {"model": spec.model, "samples": spec.samples, "seed": spec.seed}
    table["grid"] = {name: list(values) for name, values in spec.grid.items()}
    table |= {"protocol": dataclasses.asdict(spec.protocol), "measure": dataclasses.asdict(spec.measure)}
    return table if spec.target is None else {**table, "target": dataclasses.asdict(spec.target)}
