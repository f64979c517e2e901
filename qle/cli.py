"""The `qle` command."""

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from importlib.metadata import version

from tqdm import tqdm

from qle.commands.claims import add_claims
from qle.commands.gallery import add_gallery
from qle.commands.glassy_phase import add_compare, add_glassy_figures
from qle.commands.lattice import add_lattice
from qle.commands.lattice_figures import add_lattice_figures
from qle.commands.nonlinear import add_nonlinear_figures
from qle.commands.parser import BAD_INPUT, FAILED, INTERRUPTED, OK, BadInput, Parser
from qle.commands.phase_diagram import add_figures, add_phase_diagram
from qle.commands.plan import add_plan
from qle.commands.soft_potentials import add_soft_potentials
from qle.commands.sweeps import add_store_figures, add_sweeps
from qle.grid import SpecError
from qle.store import StoreError, StoreWarning

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

COMMANDS = (
    add_sweeps,
    add_plan,
    add_compare,
    add_phase_diagram,
    add_claims,
    add_soft_potentials,
    add_lattice,
)
FIGURES = (add_figures, add_glassy_figures, add_nonlinear_figures, add_lattice_figures, add_store_figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    from qle.run import SweepError  # not sooner: they load the engine, which takes a second
    from qle.sweeping import SweepWarning

    with warnings.catch_warnings():
        for category in (StoreWarning, SweepWarning):
            warnings.simplefilter("always", category)
        warnings.showwarning = _show_warning
        try:
            return int(options.run(options))
        except (SpecError, BadInput) as error:
            return _say(f"error: {error}", BAD_INPUT)
        except (StoreError, SweepError) as error:
            return _say(f"error: {error}", FAILED)
        except BrokenPipeError:  # the reader, head or less, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        except OSError as error:
            what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            return _say(f"error: {what}", FAILED)
        except KeyboardInterrupt as interruption:
            return _say(str(interruption) or "interrupted", INTERRUPTED)


def _say(text: str, code: int = OK) -> int:
    """Write one line to standard error, clear of a progress bar; return the exit code."""
    tqdm.write(f"qle: {' '.join(text.split())}", file=sys.stderr)
    return code


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say(f"warning: {message}")


def _parser() -> Parser:
    parser = argparse.ArgumentParser(
        prog="qle",
        description="Sweeps of glass models over grids of parameters, their results and figures.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"qle {version('qle')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    command = commands.add_parser("figure", help="draw a figure, or all of them")
    add_gallery(command, main)
    figures = command.add_subparsers(metavar="FIGURE")
    for add_figure in FIGURES:
        add_figure(figures)
    return parser


if __name__ == "__main__":
    sys.exit(main())
