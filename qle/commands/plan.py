"""`qle plan`: what a sweep will cost."""

import argparse
from pathlib import Path

from qle.commands.parser import OK, Commands, add_command

EPILOG = """\
Times some samples of each size on this machine, which takes minutes where they are large, and multiplies by
the samples that are missing in the store. ~ marks times that are extrapolated. Fails if a sample does not fit
into the memory, or the results on the disk.
"""


def add_plan(commands: Commands) -> None:
    """Add plan to the parser's `commands`."""
    command = add_command(commands, "plan", _plan, "say what a sweep will cost", EPILOG)
    command.add_argument("spec", metavar="SPEC", type=Path, help="TOML file, see qle sweep --help")
    command.add_argument("--store", metavar="DIR", type=Path, help="default: results/<name of SPEC>")


def _plan(options: argparse.Namespace) -> int:
    from qle.description.spec import read_spec
    from qle.running.plan import plan, to_text

    spec = read_spec(options.spec)
    print(to_text(plan(spec, store=options.store or Path("results") / options.spec.stem)))
    if spec.target is not None:
        print("these are the most samples that its target allows; it may need fewer")
    return OK
