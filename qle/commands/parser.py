"""What all commands share: how one is added, and how it fails."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from arguments import nearest

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
