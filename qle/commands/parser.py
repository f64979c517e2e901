"""What all commands share: how one is added, and how it fails."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import xarray as xr

Parser: TypeAlias = argparse.ArgumentParser
Commands: TypeAlias = Any  # what add_subparsers returns has no public name
Run: TypeAlias = Callable[[argparse.Namespace], int]

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class BadInput(Exception):
    """What was asked for cannot be done; the message says why."""


def add_command(commands: Commands, name: str, run: Run, summary: str, epilog: str = "") -> Parser:
    """Add a command to the parser's `commands`; it calls run(options), which returns the exit code."""
    command: Parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def add_store_command(
    commands: Commands, name: str, run: Run, summary: str, *, choose: bool = True
) -> Parser:
    """Add a command that reads a store; with `choose`, one series of it."""
    command = add_command(commands, name, run, summary)
    command.add_argument("store", metavar="STORE", type=Path, help="folder of a sweep")
    if choose:
        command.add_argument(
            "--series", metavar="DIGITS", help="which one, if the store has several (see qle info)"
        )
        command.add_argument(
            "--where",
            metavar="NAME=VALUE",
            action="append",
            default=[],
            help="only this value, such as L=8; may be repeated",
        )
    return command


def read(options: argparse.Namespace) -> "xr.Dataset":
    """Return what a command asks of its store; raise BadInput where there is no such thing."""
    from qle.dataset import open_store
    from qle.store import StoreError

    try:
        dataset = open_store(options.store, series=options.series)
    except StoreError as error:
        raise BadInput(str(error)) from None
    for condition in options.where:
        dataset = _select(dataset, condition)
    return dataset


def _select(dataset: "xr.Dataset", condition: str) -> "xr.Dataset":
    """Return the part where a parameter has a value: a dimension is kept if every data set has it."""
    from qle.dataset import ALWAYS_DIMS

    name, given, text = condition.partition("=")
    if not given:
        raise BadInput(f"--where {condition}: must be NAME=VALUE")
    if name in ("sample", "mode") or name not in dataset.dims:
        swept = [str(dim) for dim in dataset["status"].dims if dim != "sample"]
        raise BadInput(f"--where {condition}: must name one of {', '.join(swept)}")
    values = dataset[name].values
    try:
        wanted = [float(text)] if values.dtype.kind in "if" else [text]
        return dataset.sel({name: wanted if name in ALWAYS_DIMS else wanted[0]})
    except (KeyError, ValueError):
        there = ", ".join(str(value) for value in values.tolist())
        raise BadInput(f"--where {condition}: {name} has the values {there}") from None
