"""`qle figure --all`: every figure, each with its defaults."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from qle.commands.parser import OK, BadInput, Parser

ALONE = (
    *("fig8a", "fig8b", "fig8c", "fig10", "fig11", "fig12", "fig13", "fig14", "barriers"),
    *("reconstruction", "boson-peak", "mode-profile", "mode-map", "fields", "participation"),
)
FROM_SWEEPS = ("fig9a", "fig9b", "fig9c")
SOFT = ("--potentials", "1e6", "--soft", "1e5", "--quantum", "2e3")

Main = Callable[[Sequence[str]], int]


def add_gallery(command: Parser, main: Main) -> None:
    """Let the parser of `qle figure` draw all figures; `main` runs a command."""
    command.add_argument("--all", action="store_true", help="draw every figure: about half an hour")
    command.add_argument(
        "--folder", metavar="DIR", type=Path, default=Path("gallery"), help="with --all; default gallery"
    )
    command.add_argument("--format", choices=("png", "svg", "pdf"), default="png", help="with --all")
    command.set_defaults(run=lambda options: _draw_all(options, main), command=command)


def _draw_all(options: argparse.Namespace, main: Main) -> int:
    """Draw everything; stop at the first figure that fails."""
    if not options.all:
        raise BadInput("figure: must be given the name of one, or --all; see qle figure --help")
    sweeps = {name: Path("sweeps") / f"{name}-smoke.toml" for name in FROM_SWEEPS}
    for file in sweeps.values():
        if not file.exists():
            raise BadInput(f"{file}: no such file; --all needs the folder sweeps/ of the repository")
    options.folder.mkdir(parents=True, exist_ok=True)
    commands = [["figure", name, "-o", _path(options, name)] for name in ALONE]
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
