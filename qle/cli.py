"""The `qle` command."""

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from tqdm import tqdm

from qle.claim_commands import add_claims
from qle.dataset import open_store
from qle.export import export
from qle.grid import SpecError
from qle.inventory import info
from qle.phase_commands import add_figures, add_phase_diagram
from qle.progress import Kind
from qle.spec import read_spec
from qle.spm_commands import add_soft_potentials
from qle.store import StoreError, StoreWarning
from qle.sweep import SweepError, SweepWarning, count_statuses, sweep

if TYPE_CHECKING:
    import xarray as xr

Parser: TypeAlias = argparse.ArgumentParser
Commands: TypeAlias = Any  # what add_subparsers returns has no public name
Run: TypeAlias = Callable[[argparse.Namespace], int]

EPILOG = """\
example:
  qle sweep sweeps/quick.toml            compute, or resume, what the file describes
  qle info results/quick                 what is there
  qle figure vdos results/quick          draw the density of states

exit codes:
  0  fine
  1  the run failed, or some samples did not converge
  2  bad input: a mistake on the command line, in the file or in the choice of the store
  130  interrupted
"""

SPEC_HELP = """\
SPEC is a TOML file such as

  model = "khgps"
  samples = 200
  seed = 1

  [grid]          # a number, a list, or a range for each parameter of the model
  N = 500
  h = 0.01
  J = { from = 0.03, to = 0.3, points = 5, spacing = "log" }
  kappa_0 = [0.3, 1.0, 3.0]

  [protocol]      # of the minimisation; these are the defaults
  method = "lbfgs"
  start = "decoupled"
  tol = 1e-10
  max_products = 100000

  [measure]
  modes = 20      # the softest ones, or "all"
  chi = false     # also the static susceptibility

The same command again resumes what was interrupted, and computes nothing twice.
"""

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class _BadInput(Exception):
    """What was asked for cannot be done; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    with warnings.catch_warnings():
        for category in (StoreWarning, SweepWarning):
            warnings.simplefilter("always", category)
        warnings.showwarning = _show_warning
        try:
            return int(options.run(options))
        except (SpecError, _BadInput) as error:
            return _say(f"error: {error}", BAD_INPUT)
        except (StoreError, SweepError) as error:
            return _say(f"error: {error}", FAILED)
        except BrokenPipeError:  # the reader, head or less, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        except OSError as error:
            return _say(f"error: {error.filename}: {error.strerror}", FAILED)
        except KeyboardInterrupt as interruption:
            return _say(str(interruption) or "interrupted", INTERRUPTED)


def _sweep(options: argparse.Namespace) -> int:
    spec = read_spec(options.spec)
    store = options.store or Path("results") / options.spec.stem
    progress: Kind | None = "none" if options.quiet else None
    dataset = sweep(spec, store=store, workers=options.workers, progress=progress)
    if not options.quiet:
        print(_table_text(dataset))
        print(f"results: {store}")
    return OK if set(count_statuses(dataset)) == {"converged"} else FAILED


def _info(options: argparse.Namespace) -> int:
    try:
        contents = info(options.store)
    except StoreError as error:
        raise _BadInput(str(error)) from None
    for one in contents:
        statuses = ", ".join(f"{count} {status}" for status, count in one.statuses.items())
        print(one.series)
        print(f"  {one.points} points, {one.samples} samples ({statuses}), {one.bytes / 1e6:.1f} MB")
        for path in one.damaged:
            print(f"  damaged: {path}")
    return OK


def _table(options: argparse.Namespace) -> int:
    print(_table_text(_open(options)))
    return OK


def _export(options: argparse.Namespace) -> int:
    try:
        export(_open(options), options.file)
    except ValueError as error:
        raise _BadInput(str(error)) from None
    print(options.file)
    return OK


def _figure(options: argparse.Namespace) -> int:
    from qle.figures import vdos

    path = options.output or options.store.with_name(f"{options.store.name}-vdos.png")
    try:
        print(vdos.draw(_open(options), path))
    except ValueError as error:
        raise _BadInput(str(error)) from None
    return OK


def _open(options: argparse.Namespace) -> "xr.Dataset":
    try:
        return open_store(options.store, series=options.series)
    except StoreError as error:
        raise _BadInput(str(error)) from None


def _table_text(dataset: "xr.Dataset") -> str:
    from qle.statistics import table, to_text

    return to_text(table(dataset))


def _say(text: str, code: int = OK) -> int:
    """Write one line to standard error, clear of a progress bar; return the exit code."""
    tqdm.write(f"qle: {' '.join(text.split())}", file=sys.stderr)
    return code


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say(f"warning: {message}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qle",
        description="Sweeps of glass models over grids of parameters, their results and figures.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"qle {version('qle')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = _command(commands, "sweep", _sweep, "compute, or resume, a sweep", SPEC_HELP)
    command.add_argument("spec", metavar="SPEC", type=Path, help="TOML file, see below")
    command.add_argument("--store", metavar="DIR", type=Path, help="default: results/<name of SPEC>")
    command.add_argument("--workers", metavar="N", type=int, help="processes; default: one per processor")
    command.add_argument("--quiet", action="store_true", help="no progress and no table")

    _store_command(commands, "info", _info, "say what is in a store", choose=False)
    _store_command(commands, "table", _table, "print the tail of every grid point")
    command = _store_command(commands, "export", _export, "write NetCDF, or the table as CSV")
    command.add_argument("file", metavar="FILE", type=Path, help="ends in .nc or .csv")
    add_phase_diagram(commands)
    add_claims(commands)
    add_soft_potentials(commands)
    command = commands.add_parser("figure", help="draw a figure")
    figures = command.add_subparsers(required=True, metavar="FIGURE")
    add_figures(figures)
    command = _store_command(figures, "vdos", _figure, "density of states with its omega^4 law")
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help=".png, .pdf or .svg; default: <STORE>-vdos.png"
    )
    return parser


def _command(commands: Commands, name: str, run: Run, summary: str, epilog: str = "") -> Parser:
    command: Parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _store_command(commands: Commands, name: str, run: Run, summary: str, *, choose: bool = True) -> Parser:
    command = _command(commands, name, run, summary)
    command.add_argument("store", metavar="STORE", type=Path, help="folder of a sweep")
    if choose:
        command.add_argument(
            "--series", metavar="DIGITS", help="which one, if the store has several (see qle info)"
        )
    return command


if __name__ == "__main__":
    sys.exit(main())
