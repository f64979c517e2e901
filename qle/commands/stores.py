"""What a command reads: the store of a sweep, or a file of frequencies in its place."""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arguments import nearest
from qle.commands.parser import BadInput, Commands, Parser, Run, add_command

if TYPE_CHECKING:
    import xarray as xr

SERIES = "which one, if the store has several (see qle info)"
WHERE = "only this value, such as L=8; may be repeated"
OF_FILES = {
    "--particles": ("N", int, "particles of a sample; needed, unless the file is of qle export"),
    "--dimension": ("D", int, "coordinates of each particle; default 1"),
    "--zero-modes": ("N", int, "translations of a sample, in the lists or left out of them; default 0"),
    "--complete": ("OMEGA", float, "no mode below is missing; default: each sample has its lowest"),
    "--samples": ("S", int, "with --complete: how many there are, with those that have no mode there"),
    "--units": ("UNIT", str, "of the frequencies, such as THz, where the file does not say"),
    "--columns": ("NAMES", str, "of a file without names of columns, such as sample,frequency"),
}


def add_store_command(
    commands: Commands, name: str, run: Run, summary: str, *, choose: bool = True
) -> Parser:
    """Add a command that reads a store; with `choose`, one series of it."""
    command = add_command(commands, name, run, summary)
    if choose:
        add_store_options(command)
    else:
        command.add_argument("store", metavar="STORE", type=Path, help="folder of a sweep")
    return command


def add_store_options(command: argparse.ArgumentParser) -> None:
    """Add to the arguments of a command a store, the part of it that is asked for, or a file in its place."""
    command.add_argument(
        "store", metavar="STORE", type=Path, help="folder of a sweep, or file of frequencies"
    )
    command.add_argument("--series", metavar="DIGITS", help=SERIES)
    command.add_argument("--where", metavar="NAME=VALUE", action="append", default=[], help=WHERE)
    add_file_options(command)


def add_file_options(command: argparse.ArgumentParser) -> None:
    """Add what a file of frequencies does not say itself."""
    group = command.add_argument_group(
        "for a file of frequencies (a table with the column frequency and, of several samples, sample; .npy, "
        ".npz, NetCDF)"
    )
    for option, (metavar, kind, words) in OF_FILES.items():
        dest = f"file_{option.strip('-').replace('-', '_')}"
        group.add_argument(option, metavar=metavar, type=kind, dest=dest, help=words)


def read(options: argparse.Namespace) -> "xr.Dataset":
    """Return what a command asks of its store or file; raise BadInput where there is no such thing."""
    from qle.dataset import open_store
    from qle.store.batches import StoreError

    require(options.store)
    if options.store.is_file():
        if options.series is not None:
            raise BadInput(f"--series {options.series}: is of stores, and {options.store} is a file")
        dataset = read_file(options.store, options)
    else:
        refuse_file_options(options, options.store)
        try:
            dataset = open_store(options.store, series=options.series)
        except StoreError as error:
            raise BadInput(str(error)) from None
    for condition in options.where:
        dataset = _select(dataset, condition)
    return dataset


def read_stores(paths: Sequence[Path]) -> "dict[str, xr.Dataset]":
    """Return what several stores hold, by their names; raise BadInput where there is no such thing."""
    from qle.dataset import open_store
    from qle.store.batches import StoreError

    if len(set(paths)) < len(paths):
        raise BadInput(f"{' '.join(map(str, paths))}: names a store twice")
    for path in paths:
        require(path)
    try:
        return {name: open_store(path) for name, path in named(paths).items()}
    except StoreError as error:
        raise BadInput(str(error)) from None


def named(paths: Sequence[Path]) -> dict[str, Path]:
    """Return paths by their last names, or whole where several have the same."""
    names = Counter(path.name for path in paths)
    return {path.name if names[path.name] == 1 else str(path): path for path in paths}


def require(path: Path) -> None:
    """Raise BadInput for a path where there is nothing, neither a store nor a file."""
    if not path.exists():
        raise BadInput(f"{path}: there is no such folder or file")


def read_file(path: Path, options: argparse.Namespace) -> "xr.Dataset":
    """Return the frequencies in a file; raise BadInput for a mistake in it, or in the options."""
    from qle.readers.frequencies import read_spectra

    given = {name: value for name, value in _file_options(options).items() if value is not None}
    if "columns" in given:
        given["columns"] = [word.strip() for word in given["columns"].split(",")]
    try:
        return read_spectra(path, given.pop("particles", None), **given)
    except ValueError as error:
        raise BadInput(str(error)) from None


def _file_options(options: argparse.Namespace) -> dict[str, Any]:
    names = (option.strip("-").replace("-", "_") for option in OF_FILES)
    return {name: getattr(options, f"file_{name}") for name in names}


def words_of(options: argparse.Namespace) -> list[str]:
    """Return the words that name a store or file on a command line, the part of it, and what it lacks."""
    words = [str(options.store)]
    words += [] if options.series is None else ["--series", options.series]
    words += [word for condition in options.where for word in ("--where", condition)]
    given = zip(OF_FILES, _file_options(options).values(), strict=True)
    return words + [word for name, value in given if value is not None for word in (name, str(value))]


def refuse_file_options(options: argparse.Namespace, store: Path) -> None:
    """Raise BadInput for options of files where a store is read, which knows these things."""
    for option, value in zip(OF_FILES, _file_options(options).values(), strict=True):
        if value is not None:
            raise BadInput(f"{option} {value}: is for a file of frequencies, and {store} is none")


def _select(dataset: "xr.Dataset", condition: str) -> "xr.Dataset":
    """Return the part where a parameter has a value: a dimension is kept if every data set has it."""
    from qle.dataset import ALWAYS_DIMS
    from qle.description.grid import name_of

    name, given, text = condition.partition("=")
    if not given:
        raise BadInput(f"--where {condition}: must be NAME=VALUE")
    if name in ("sample", "mode") or name not in dataset.dims:
        swept = [str(dim) for dim in dataset["status"].dims if dim != "sample"]
        raise BadInput(f"--where {condition}: must name one of {', '.join(swept)}{nearest(name, swept)}")
    values = dataset[name].values
    try:
        wanted = name_of(float(text) if values.dtype.kind in "if" else text)
        place = [name_of(value) for value in values.tolist()].index(wanted)
        kept = dataset["status"].ndim == 2 or name in (*ALWAYS_DIMS, "ensemble")  # the only one beside sample
        return dataset.isel({name: [place] if kept else place})
    except ValueError:
        there = ", ".join(str(value) for value in values.tolist())
        raise BadInput(f"--where {condition}: {name} has the values {there}") from None
