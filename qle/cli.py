"""The `qle` command."""

import argparse
import io
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version

from tqdm import tqdm

from qle import PACKAGES
from qle.commands.animate import add_animate
from qle.commands.claims import add_claims
from qle.commands.compare import add_compare
from qle.commands.dynamics import add_dynamics
from qle.commands.figures import add_figures
from qle.commands.glass import add_glass
from qle.commands.glassy_phase import add_glassy_phase
from qle.commands.heat_fit import add_heat_fit
from qle.commands.lattice import add_lattice
from qle.commands.modes import add_modes
from qle.commands.parser import BAD_INPUT, FAILED, INTERRUPTED, OK, BadInput, Parser, one_line
from qle.commands.phase_diagram import add_phase_diagram
from qle.commands.plan import add_plan
from qle.commands.report import add_report
from qle.commands.soft_potentials import add_soft_potentials
from qle.commands.sweeps import add_sweeps
from qle.commands.vdos_fit import add_vdos_fit
from qle.commands.warm import add_warm
from qle.commands.wells import add_wells
from qle.description.grid import SpecError
from qle.running.notices import SweepWarning
from qle.store.batches import StoreWarning

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

QLE_TRACEBACK=1 in the environment shows where an error comes from that nobody foresaw.
"""

MISPLACED = (FileNotFoundError, IsADirectoryError, NotADirectoryError)
"""Errors of paths that are mistakes of whoever gave them."""

COMMANDS = (
    add_sweeps,
    add_plan,
    add_report,
    add_compare,
    add_phase_diagram,
    add_glassy_phase,
    add_dynamics,
    add_claims,
    add_soft_potentials,
    add_heat_fit,
    add_vdos_fit,
    add_wells,
    add_lattice,
    add_modes,
    add_glass,
    add_animate,
    add_warm,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code. What goes wrong is one line on standard error."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # of settings and folders that we do not use
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files may be anything
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        try:
            return _run(arguments)
        except (SpecError, BadInput) as error:
            return _say(f"error: {error}", BAD_INPUT)
        except BrokenPipeError:  # the reader, head or less, has seen enough
            _leave_output()
            return FAILED
        except OSError as error:
            _leave_output()
            return _say(f"error: {_reason(error)}", BAD_INPUT if isinstance(error, MISPLACED) else FAILED)
        except MemoryError as error:
            return _say(f"error: the memory does not suffice: {error}".rstrip(": "), FAILED)
        except KeyboardInterrupt as interruption:
            return _say(str(interruption) or "interrupted", INTERRUPTED)
        except Exception as error:  # the last resort: no user is to see a traceback
            return _say(f"error: {_describe(error)}", FAILED)


def _run(arguments: Sequence[str] | None) -> int:
    """Do what the arguments say, and write all of what it prints."""
    try:
        options, unknown = _parser().parse_known_args(arguments)
        if unknown:
            options.command.refuse(unknown)
        return _with_warnings(options)
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()


def _with_warnings(options: argparse.Namespace) -> int:
    for category in (StoreWarning, SweepWarning):
        warnings.simplefilter("always", category)
    return int(options.run(options))


def _reason(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def _describe(error: Exception) -> str:
    """Return what an error says, if it is one of ours or of an import; else also its kind, as of a fault.

    With the environment variable QLE_TRACEBACK, the traceback is written first.
    """
    if os.environ.get("QLE_TRACEBACK"):
        traceback.print_exception(error)
    ours = type(error).__module__.partition(".")[0] in PACKAGES
    if ours or isinstance(error, ImportError):
        return str(error)
    return (
        f"{type(error).__name__}: {error}: this should not happen; QLE_TRACEBACK=1 in the environment shows "
        "where it did, for a report"
    )


def _leave_output() -> None:
    """Let what is still to be written to a broken standard output go nowhere, also at the end of Python."""
    with suppress(OSError, AttributeError, ValueError):
        sys.stdout.flush()
        return
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str, code: int = OK) -> int:
    """Write one line to standard error, clear of a progress bar; return the exit code."""
    if sys.stderr is not None:
        tqdm.write(f"qle: {one_line(text)}", file=sys.stderr)
    return code


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say(f"warning: {message}")


def _parser() -> Parser:
    parser = Parser(
        prog="qle",
        description="Sweeps of glass models over grids of parameters, their results and figures.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"qle {version('qle')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    add_figures(commands, main)
    return parser


if __name__ == "__main__":
    sys.exit(main())
