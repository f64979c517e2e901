"""What a page says: of a store or a file, all in words."""

import hashlib
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xarray as xr

from qle.description.models import described
from qle.description.toml_file import to_toml
from qle.report.pictures import Picture, pictures
from qle.report.progress import Progress, of_series, stamp
from qle.statistics.points import grid_dims, unit_of
from qle.statistics.summary import rounded, table
from qle.store.batches import StoreError
from qle.store.inventory import choose_series
from qle.store.labels import NOT_ASKED
from qle.store.unfinished import table_of, unfinished_sweeps

Facts = list[tuple[str, str]]

MANY = 12  # values of a parameter that are all named


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What is on a page.

    Attributes
    ----------
    name : str
        Of the store or file.
    asked, protocol, provenance : list of pairs of str
        What was asked for, how it was computed, where it is from.
    progress : list of Progress
        Of the sweeps that are unfinished, or of all there is; none for a file.
    notes : sequence of str
        What was said when it was read.
    columns, rows : list of str, list of lists of str
        The table; the last column says why A_g is withheld.
    pictures : list of Picture
    again : list of str
        Commands.
    toml : str
        The sweep as a file, "" for a file of frequencies.
    """

    name: str
    asked: Facts
    protocol: Facts
    provenance: Facts
    columns: list[str]
    rows: list[list[str]]
    pictures: list[Picture]
    again: list[str]
    notes: Sequence[str] = ()
    progress: list[Progress] = field(default_factory=list)
    toml: str = ""


def of_store(
    store: Path,
    dataset: xr.Dataset,
    words: Sequence[str],
    *,
    series: str | None = None,
    notes: Sequence[str] = (),
) -> Contents:
    """Return what there is to say of a series of a store.

    Parameters
    ----------
    store : Path
    dataset : xarray.Dataset
        What `qle.open` returns of it, or a part.
    words : sequence of str
        That name the store and the part on a command line.
    series : str, optional
        Which series, as in `qle.open`.
    notes : sequence of str

    Raises
    ------
    StoreError
        As `qle.open`.
    ValueError
        There is nothing that a statistic takes.
    """
    chosen = choose_series(store, series)
    unfinished = [one for one in unfinished_sweeps(chosen.folder) if not isinstance(one, StoreError)]
    asked = dict(table_of(unfinished[0].spec) if len(unfinished) == 1 else _asked(chosen.identity, dataset))
    asked["model"] = str(asked["model"]).partition("@")[0]
    name = store.resolve().name or "store"
    statuses = Counter(dataset["status"].values.ravel().tolist())
    meanings = zip(
        dataset["status"].flag_values.tolist(), dataset["status"].flag_meanings.split(), strict=True
    )
    counted = [
        f"{statuses[value]} {word}" for value, word in meanings if statuses[value] and word != NOT_ASKED
    ]
    newest = max((path.stat().st_mtime for path in chosen.folder.rglob("*.npz")), default=0.0)
    columns, *rows = rounded(table(dataset, resamples=2))
    return Contents(
        name=name,
        asked=[
            ("model", asked["model"]),
            *_grid(asked["grid"]),
            ("samples at each point", str(asked["samples"])),
        ],
        protocol=_pairs({**chosen.identity["protocol"], **chosen.identity["measure"]}),
        provenance=[
            ("series", chosen.folder.name),
            ("seed of the disorder", str(chosen.identity["seed"])),
            ("model as it was run", str(chosen.identity["model"])),
            ("samples", ", ".join(counted)),
            ("latest results", stamp(newest)),
            ("format of the store", str(chosen.identity["format"])),
            ("this page", f"written by qle {version('qle')}"),
        ],
        columns=columns,
        rows=rows,
        pictures=pictures(dataset),
        again=[
            f"qle sweep {shlex.quote(f'{name}.toml')} --store {shlex.quote(str(store))}",
            *_reading(words),
        ],
        notes=notes,
        progress=of_series(chosen, dataset),
        toml=to_toml(asked),
    )


def of_file(file: Path, dataset: xr.Dataset, words: Sequence[str], *, notes: Sequence[str] = ()) -> Contents:
    """Return what there is to say of a file of frequencies; arguments and errors are those of `of_store`."""
    content = file.read_bytes()
    columns, *rows = rounded(table(dataset, resamples=2))
    unit = unit_of(dataset).name
    kept = {"particles": "N", "coordinates of each": "dimension", "modes of a sample in all": "vibrations"}
    facts = [(text, str(dataset[name].values)) for text, name in kept.items() if name in dataset.coords]
    if "complete_below" in dataset.coords:
        facts.append(("no mode is missing below", f"omega = {float(dataset['complete_below'].max()):.6g}"))
    return Contents(
        name=file.name,
        asked=[
            ("frequencies of", str(dataset.attrs.get("model", "a file"))),
            ("samples", str(dataset.sizes["sample"])),
            ("unit of frequencies", "reduced" if unit == "1" else unit),
            *facts,
        ],
        protocol=_pairs(
            {name: value for name, value in dataset.attrs.items() if name not in ("model", "units")}
        ),
        provenance=[
            ("file", file.name),
            ("size", f"{len(content)} bytes"),
            ("SHA-256", hashlib.sha256(content).hexdigest()),
            ("this page", f"written by qle {version('qle')}"),
        ],
        columns=columns,
        rows=rows,
        pictures=pictures(dataset),
        again=_reading(words),
        notes=notes,
    )


def _reading(words: Sequence[str]) -> list[str]:
    return [f"qle {command} {shlex.join(words)}" for command in ("table", "figure vdos", "report")]


def _asked(identity: Mapping[str, Any], dataset: xr.Dataset) -> dict[str, Any]:
    """Return what a sweep would have to ask for to give this data set, as a table of TOML."""
    dims = set(grid_dims(dataset))
    sized = "N" in described(identity["model"]).extent
    grid = {
        str(name): coordinate.values.tolist()
        for name, coordinate in dataset.coords.items()
        if set(coordinate.dims) <= dims and (name != "N" or sized)
    }
    return {
        "model": identity["model"],
        "samples": dataset.sizes["sample"],
        "seed": identity["seed"],
        "grid": grid,
        "protocol": dict(identity["protocol"]),
        "measure": dict(identity["measure"]),
    }


def _grid(grid: Mapping[str, Any]) -> Facts:
    """Return the values of each parameter, of many the ends."""
    facts = []
    for name, given in grid.items():
        values = given if isinstance(given, list) else [given]
        text = [f"{value:.6g}" if isinstance(value, float) else str(value) for value in values]
        words = ", ".join(text) if len(text) <= MANY else f"{text[0]} to {text[-1]}, {len(text)} values"
        facts.append((name, words))
    return facts


def _pairs(table: Mapping[str, Any]) -> Facts:
    return [(str(name).replace("_", " "), str(value)) for name, value in table.items()]
