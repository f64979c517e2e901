"""`qle warm`: kernels compiled before they are needed."""

import argparse

from qle.commands.parser import OK, Commands, add_command

EPILOG = """\
The engine is compiled where it is called first, some seconds for each part, and kept for later runs. Do all
of it at once when you make a container, in which nobody may write later, or before many jobs start on nodes
that share your files. NUMBA_CACHE_DIR names the folder.
"""


def add_warm(commands: Commands) -> None:
    """Add it to the parser's `commands`."""
    add_command(commands, "warm", _warm, "compile all kernels, and keep them", EPILOG)


def _warm(options: argparse.Namespace) -> int:
    from qle.running.kernels import warm

    done = warm()
    print(f"{done.kernels} kernels: {done.compiled} compiled in {done.seconds:.1f} s, the others were there")
    return OK
