"""What is in a store: its series, and for each how far it is."""

import os
import re
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import quartic
from qle.description.identity import Identity, series_of
from qle.store.batches import StoreDamage, StoreError, StoreWarning, check_folder, examine, kind_of, spans
from qle.store.unfinished import unfinished_sweeps

_FOLDER_NAME = re.compile("[0-9a-f]{16}")
_ASIDE = ".damaged"
FREQUENCIES = "frequencies in one are for qle table, figure, compare and export, or qle.read_spectra"


@dataclass(frozen=True, eq=False)
class Series:
    """The folder of a series, and what its results have in common."""

    folder: Path
    identity: Identity

    @property
    def point_folders(self) -> list[Path]:
        """The folders of its grid points, by digest; they may be damaged."""
        return _digests(self.folder)

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
        Files and folders that are damaged or no batches, and those that a sweep has set aside.
    bytes : int
        Size of all files of the series.
    unfinished : tuple of str
        Of sweeps that are on their way, or were interrupted: a line for each, with what it lacks.
    """

    series: Series
    points: int
    samples: int
    statuses: dict[str, int]
    damaged: tuple[Path, ...]
    bytes: int
    unfinished: tuple[str, ...]


def list_series(store: Path) -> list[Series]:
    """Return the series of a store, by digest.

    Raises
    ------
    StoreError
        There is no store, or no whole batch in it; the message names what is damaged.

    Warns
    -----
    StoreWarning
        Of series without a whole batch, and of those in another version of the format, which are left out
        beside others that can be read.
    """
    if store.is_file():
        raise StoreError(store, f"is a file, and no folder of a sweep; {FREQUENCIES}")
    if not store.is_dir():
        raise StoreError(store, "there is no such folder")
    found: list[Series] = []
    faults: list[StoreError] = []
    for folder in _digests(store):
        series = _series(folder)
        if isinstance(series, Series):
            found.append(series)
        elif series is not None:
            faults.append(series)
    if not found and faults:
        raise type(faults[0])(faults[0].path, f"{faults[0].reason}; the store has no whole batch")
    if not found:
        aside = sorted(store.rglob(f"*{_ASIDE}*"))
        rest = f", only what was set aside: {aside[0]}" if aside else ""
        raise StoreError(store, f"holds no results{rest}")
    for fault in faults:
        warnings.warn(f"{fault}; its series is left out", StoreWarning, stacklevel=2)
    return found


def choose_series(store: Path, prefix: str | None) -> Series:
    """Return the one series whose digest starts with `prefix`; if there is not one, raise StoreError."""
    found = list_series(store)
    matching = [one for one in found if one.folder.name.startswith(prefix or "")]
    if len(matching) != 1:
        asked = "" if prefix is None else f" and {len(matching)} that start with {prefix!r}"
        names = "; ".join(map(str, found))
        raise StoreError(store, f"holds {len(found)} series{asked}: choose one by its first digits: {names}")
    return matching[0]


def other_sources(store: Path, model: str) -> list[Series]:
    """Return the series of a user's model that were computed with another source of it."""
    try:
        found = list_series(store)
    except StoreError:
        return []
    name = model.partition("@")[0]
    others = [one for one in found if one.identity["model"] != model]
    return [one for one in others if str(one.identity["model"]).partition("@")[0] == name]


def info(store: str | PathLike[str]) -> list[Contents]:
    """Return what a store holds, series by series, after checking every file of it.

    Returns
    -------
    list of Contents
        One for each series.

    Raises
    ------
    StoreError
        There is no such store, or nothing in it.

    Examples
    --------
    >>> import qle
    >>> grid = {"N": [20, 40], "J": 0.1, "h": 0.1, "kappa_min": 1.0}
    >>> swept = qle.sweep({"model": "khgps", "samples": 20, "grid": grid}, store="pair", progress="none")
    >>> held = qle.info("pair")[0]
    >>> held.points, held.samples, held.statuses
    (2, 40, {'converged': 40})
    """
    return [_contents(series) for series in list_series(Path(store))]


def _contents(series: Series) -> Contents:
    statuses: Counter[str] = Counter()
    damaged, points = [], 0
    for folder in series.point_folders:
        end = 0
        for span, found in examine(folder):
            if isinstance(found, StoreError):
                damaged.append(span.path)
                continue
            new = found.arrays["status"][max(0, end - span.start) :]
            statuses.update(quartic.STATUSES[code] for code in new)
            end = max(end, span.stop)
        points += end > 0
    damaged += _strange(series)
    size, sweeps = _bytes(series.folder), tuple(map(str, unfinished_sweeps(series.folder)))
    return Contents(series, points, sum(statuses.values()), dict(statuses), tuple(damaged), size, sweeps)


def _series(folder: Path) -> Series | StoreError | None:
    """Return the series of a folder, from its first whole batch; if it has none, what is wrong with one."""
    fault: StoreError | None = None
    try:
        check_folder(folder)
    except StoreDamage as damage:
        return damage
    for point in _digests(folder):
        for _, found in examine(point):
            if not isinstance(found, StoreError):
                return Series(folder, series_of(found.identity))
            fault = fault or found
    return fault


def _strange(series: Series) -> list[Path]:
    """Return what sweeps have set aside, and files that end as batches do but have no name of one."""
    folders = [one for one in (series.folder, *series.point_folders) if kind_of(one) == "a folder"]
    names = {folder: set(os.listdir(folder)) for folder in folders}
    batches = {span.path for folder in folders for span in spans(folder)}
    found = [
        folder / name
        for folder in folders
        for name in names[folder]
        if _ASIDE in name or (name.endswith(".npz") and folder / name not in batches)
    ]
    return sorted(found)


def _bytes(folder: Path) -> int:
    """Return the size of all batch files in a folder and those below."""
    total = 0
    for place, _, names in os.walk(folder):  # links are not followed
        for name in names:
            with suppress(FileNotFoundError):  # merged or set aside meanwhile
                total += (Path(place) / name).lstat().st_size if ".npz" in name else 0
    return total


def _digests(parent: Path) -> list[Path]:
    """Return what has the name of a series' or point's folder, sorted; it may be no folder."""
    try:
        names = os.listdir(parent)
    except OSError as error:
        raise StoreError(parent, f"cannot be read: {error.strerror}") from error
    return sorted(parent / name for name in names if _FOLDER_NAME.fullmatch(name))
