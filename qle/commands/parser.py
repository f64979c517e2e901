"""What all commands share: how one is added, and how it fails."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from arguments import nearest

if TYPE_CHECKING:
    import xarray as xr

Commands: TypeAlias = Any  # what add_subparsers returns has no public name
Run: TypeAlias = Callable[[argparse.Namespace], int]

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
LONGEST_LINE = 1500  # characters of a message


class BadInput(Exception):
    """What was asked for cannot be done; the message says why."""


class Parser(argparse.ArgumentParser):
    """A parser that names the nearest of the known words for one that it does not know.

    `fill`, if there is one, is called with the parser before it first parses: it adds options whose making
    takes time, and only if they are asked for.
    """

    fill: "Callable[[Parser], object] | None" = None

    def parse_known_args(self, *arguments: Any, **named: Any) -> Any:
        """Have the options added, then parse."""
        fill, self.fill = self.fill, None
        if fill is not None:
            fill(self)
        return super().parse_known_args(*arguments, **named)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            hint = nearest(value, [str(word) for word in action.choices or ()])
            raise argparse.ArgumentError(action, f"{error.message}{hint}") from None

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """End with an error for words that mean nothing to this parser."""
        option = next((word for word in unknown if word.startswith("-")), "").partition("=")[0]
        hint = nearest(option, list(self._option_string_actions)) if option else ""
        self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")

    def error(self, message: str) -> NoReturn:
        """Write the usage and one line; end with the exit code of bad input."""
        super().error(one_line(message))


def one_line(text: str) -> str:
    """Return a message without line breaks, and without its middle if it is very long."""
    line = " ".join(text.split())
    half = LONGEST_LINE // 2
    return line if len(line) <= LONGEST_LINE else f"{line[:half]} ... {line[-half:]}"


def add_command(commands: Commands, name: str, run: Run, summary: str, epilog: str = "") -> Parser:
    """Add a command to the parser's `commands`; it calls run(options), which returns the exit code."""
    command: Parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run, command=command)
    return command


def add_store_command(
    commands: Commands, name: str, run: Run, summary: str, *, choose: bool = True
) -> Parser:
    """Add a command that reads a store; with `choose`, one series of it."""
    command = add_command(commands, name, run, summary)
    add_store_options(command, choose=choose)
    return command


def add_store_options(command: argparse.ArgumentParser, *, choose: bool = True) -> None:
    """Add the store to the arguments of a command; with `choose`, one series of it."""
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


def read(options: argparse.Namespace) -> "xr.Dataset":
    """Return what a command asks of its store; raise BadInput where there is no such thing."""
    from qle.dataset import open_store
    from qle.store.batches import StoreError

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
        return dataset.isel({name: [place] if name in ALWAYS_DIMS else place})
    except ValueError:
        there = ", ".join(str(value) for value in values.tolist())
        raise BadInput(f"--where {condition}: {name} has the values {there}") from None
