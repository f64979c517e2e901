"""`qle figure`: one figure, or all of them."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from arguments import count
from qle.commands.outputs import beside
from qle.commands.outputs import figure as checked
from qle.commands.parser import OK, BadInput, Commands, Parser, add_command
from qle.commands.stores import add_store_options, read
from qle.description.grid import ADDRESSES
from qle.figures.table import TABLE, figure

SOFT = ("--potentials", "1e6", "--soft", "1e5", "--quantum", "2e3")

Main = Callable[[Sequence[str]], int]


def add_figures(commands: Commands, main: Main) -> None:
    """Add `qle figure` to the parser's `commands`; `main` runs a command."""
    command = commands.add_parser("figure", help="draw a figure, or all of them")
    command.add_argument("--all", action="store_true", help="draw every figure: about half an hour")
    command.add_argument(
        "--folder", metavar="DIR", type=Path, default=Path("gallery"), help="with --all; default gallery"
    )
    command.add_argument("--format", choices=("png", "svg", "pdf"), default="png", help="with --all")
    command.set_defaults(run=lambda options: _draw_all(options, main), command=command)
    figures = command.add_subparsers(metavar="FIGURE")
    for name, line in TABLE.items():
        parser = add_command(figures, name, _draw, line.summary)
        parser.fill = partial(_add_options, name=name)


def _add_options(parser: Parser, name: str) -> None:
    """Add the options of a figure, of its store if it has one, and of its file."""
    default = f"{name}.png"
    if TABLE[name].store:
        add_store_options(parser)
        default = f"<STORE>-{name}.png"
    figure(name).options(parser)
    what = f".png, .pdf or .svg; default: {default}"
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help=what)
    parser.set_defaults(figure=name)


def _draw(options: argparse.Namespace) -> int:
    """Draw one figure; raise BadInput for what cannot be drawn."""
    name, record = options.figure, figure(options.figure)
    try:
        count("samples", getattr(options, "samples", 1), most=ADDRESSES)
        if TABLE[name].store:
            path = checked(options.output or beside(options.store, f"-{name}.png"))
            options.dataset = read(options)
        else:
            path = checked(options.output or Path(f"{name}.png"))
        print(record.draw(path=path, **record.collect(options)))
    except (TypeError, ValueError) as error:
        raise BadInput(str(error)) from None
    return OK


def _draw_all(options: argparse.Namespace, main: Main) -> int:
    """Draw every figure, each with its defaults; stop at the first that fails."""
    if not options.all:
        raise BadInput("figure: must be given the name of one, or --all; see qle figure --help")
    sweeps = {name: Path("sweeps") / f"{line.sweep}.toml" for name, line in TABLE.items() if line.sweep}
    for file in sweeps.values():
        if not file.exists():
            raise BadInput(f"{file}: no such file; --all needs the folder sweeps/ of the repository")
    options.folder.mkdir(parents=True, exist_ok=True)
    commands = [["figure", name, "-o", _path(options, name)] for name in TABLE if not TABLE[name].store]
    for name, file in sweeps.items():
        store = str(options.folder / f"{name}-store")
        commands += [["sweep", str(file), "--store", store, "--quiet"]]
        commands += [["figure", name, store, "-o", _path(options, name)]]
    commands += [["spm", *SOFT, "-o", str(options.folder / "fig15a")]]
    for arguments in commands:
        code = main(arguments)
        if code != OK:
            return code
    return OK


def _path(options: argparse.Namespace, name: str) -> str:
    return str(options.folder / f"{name}.{options.format}")
