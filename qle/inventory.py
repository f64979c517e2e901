"""What is in a store: its series, and for each how far it is."""

import re
import warnings
from collections import Counter
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import quartic
from qle.store import (
    Identity,
    StoreDamage,
    StoreError,
    StoreVersion,
    StoreWarning,
    check,
    examine,
    series_of,
)

_FOLDER_NAME = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, eq=False)
class Series:
    """The folder of a series, and what its results have in common."""

    folder: Path
    identity: Identity

    @property
    def point_folders(self) -> list[Path]:
        """The folders of its grid points, by digest."""
        return _digest_folders(self.folder)

    def __str__(self) -> str:
        """Return one line that tells it from other series."""
        protocol, measure = dict(self.identity["protocol"]), dict(self.identity["measure"])
        head = (
            f"{self.folder.name[:8]}: {self.identity['model']}, seed {self.identity['seed']}, "
            f"{protocol.pop('method')} from {protocol.pop('start')}, tol {protocol.pop('tol'):g}"
        )
        return ", ".join([head, *(f"{key} {value}" for key, value in (protocol | measure).items())])


@dataclass(frozen=True, eq=False)
class Contents:
    """What a store holds of one series.

    Attributes
    ----------
    series : Series
    points : int
        Grid points with any sample.
    samples : int
        Samples, all points together, each counted once.
    statuses : dict of str to int
        How many samples have each status.
    damaged : tuple of Path
        Files that are damaged, and files that a sweep has set aside.
    bytes : int
        Size of all files of the series.
    """

    series: Series
    points: int
    samples: int
    statuses: dict[str, int]
    damaged: tuple[Path, ...]
    bytes: int


def list_series(store: Path) -> list[Series]:
    """Return the series of a store, by digest; raise StoreError if there is no store, or nothing in it.

    Warns
    -----
    StoreWarning
        Of series in another version of the format, which are left out beside others that can be read.
    """
    if not store.is_dir():
        raise StoreError(f"{store}: there is no such folder")
    found: list[Series] = []
    foreign: list[StoreVersion] = []
    for folder in _digest_folders(store):
        try:
            identity = _identity(folder)
        except StoreVersion as error:
            foreign.append(error)
        else:
            found += [] if identity is None else [Series(folder, identity)]
    if not found:
        raise foreign[0] if foreign else StoreError(f"{store}: holds no results")
    for other in foreign:
        warnings.warn(f"{other}; its series is left out", StoreWarning, stacklevel=2)
    return found


def choose_series(store: Path, prefix: str | None) -> Series:
    """Return the one series whose digest starts with `prefix`; if there is not one, raise StoreError."""
    found = list_series(store)
    matching = [one for one in found if one.folder.name.startswith(prefix or "")]
    if len(matching) != 1:
        asked = "" if prefix is None else f" and {len(matching)} that start with {prefix!r}"
        names = "; ".join(map(str, found))
        raise StoreError(
            f"{store}: holds {len(found)} series{asked}: choose one by its first digits: {names}"
        )
    return matching[0]


def info(store: str | PathLike[str]) -> list[Contents]:
    """Return what a store holds, series by series, after checking every file of it.

    Raises
    ------
    StoreError
        There is no such store, or nothing in it.
    """
    return [_contents(series) for series in list_series(Path(store))]


def _contents(series: Series) -> Contents:
    statuses: Counter[str] = Counter()
    damaged, points = [], 0
    for folder in series.point_folders:
        end = 0
        for span, found in examine(folder):
            if isinstance(found, StoreDamage):
                damaged.append(span.path)
                continue
            new = found.arrays["status"][max(0, end - span.start) :]
            statuses.update(quartic.STATUSES[code] for code in new)
            end = max(end, span.stop)
        points += end > 0
        damaged += sorted(folder.glob("*.damaged"))
    size = sum(path.stat().st_size for path in series.folder.rglob("*.npz*"))
    return Contents(series, points, sum(statuses.values()), dict(statuses), tuple(damaged), size)


def _identity(folder: Path) -> Identity | None:
    """Return the identity of the series in a folder, from its first undamaged batch."""
    for point in _digest_folders(folder):
        for _, found in check(point):
            if not isinstance(found, StoreDamage):
                return series_of(found)
    return None


def _digest_folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if _FOLDER_NAME.fullmatch(path.name))
