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
    return command


def read(options: argparse.Namespace) -> "xr.Dataset":
    """Return the data set of a command's store; raise BadInput where there is none."""
    from qle.dataset import open_store
    from qle.store import StoreError

    try:
        return open_store(options.store, series=options.series)
    except StoreError as error:
        raise BadInput(str(error)) from None
