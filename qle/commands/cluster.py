"""The options of `qle sweep` that send its tasks to a cluster."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qle.description.grid import SpecError


def add_cluster_options(command: argparse.ArgumentParser) -> None:
    """Add the options to the parser of a command that sweeps."""
    command.add_argument("--cluster", metavar="ADDRESS", help="scheduler of Dask: tcp://... or tls://...")
    command.add_argument(
        "--stored-by",
        choices=("client", "workers"),
        default="client",
        help="with --cluster: who writes; default: client",
    )
    command.add_argument(
        "--insecure", action="store_true", help="allow tcp:// to other machines, in a network that you trust"
    )


@contextmanager
def workforce(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the arguments of `qle.sweep` that say who works; a cluster is connected while the body runs.

    Raises
    ------
    SpecError, SweepError
        As `qle.running.cluster.dask_executor`, and for options that need a cluster.
    """
    if options.cluster is None:
        if options.insecure or options.stored_by != "client":
            raise SpecError("--insecure and --stored-by: need --cluster")
        yield {}
        return
    from qle.running.cluster import dask_executor

    with dask_executor(options.cluster, insecure=options.insecure) as executor:
        yield {"executor": executor, "stored_by": options.stored_by}
