"""`qle report`: a sweep, or a file of frequencies, as one page for a browser."""

import argparse
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from arguments import count
from qle.commands.outputs import beside, ready
from qle.commands.parser import OK, BadInput, Commands
from qle.commands.stores import add_store_command, read, words_of
from qle.store.batches import StoreError, StoreWarning

if TYPE_CHECKING:
    from qle.report.contents import Contents

EPILOG = """\
One file that needs no other and no network: what was asked, how far it is, the table with its intervals,
figures, protocol, provenance, how to run it again and what to cite. With --watch it is written anew until
the sweep is finished: leave it open in a browser, also over a shared folder of a cluster.

examples:
  qle report results/quick
  qle report results/quick --watch 60 -o quick.html
  qle report fast.csv --particles 1000 --dimension 3
"""
EVERY = 60  # seconds between two pages
PATIENCE = 10  # times as long as a page takes, at least, until the next
LONGEST = 86400


def add_report(commands: Commands) -> None:
    """Add report to the parser's `commands`."""
    command = add_store_command(commands, "report", run, "write one page of HTML about a sweep")
    command.epilog = EPILOG
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help=".html; default: <STORE>-report.html"
    )
    what = f"write it anew so often while the sweep goes, default {EVERY}"
    command.add_argument("--watch", metavar="SECONDS", type=int, nargs="?", const=EVERY, help=what)


def run(options: argparse.Namespace) -> int:
    """Write the page, once or until the sweep is finished; raise BadInput for what cannot be read."""
    path = options.output or beside(options.store, "-report.html")
    if path.suffix != ".html":
        raise BadInput(f"{path}: must end in .html")
    if ready(path) == options.store:
        raise BadInput(f"{path}: the page would replace the data; name another one with --output")
    if options.watch is None:
        _write(options, path)
    else:
        try:
            count("watch", options.watch, most=LONGEST)
        except ValueError as error:
            raise BadInput(str(error)) from None
        if options.store.is_file():
            raise BadInput(f"--watch: is of stores, and {options.store} is a file, which does not grow")
        _watch(options, path)
    print(path)
    return OK


def _write(options: argparse.Namespace, path: Path) -> None:
    from qle.report.page import write

    write(_contents(options), path)


def _watch(options: argparse.Namespace, path: Path) -> None:
    """Write the page until no sample is missing, the last time without a call to load it again."""
    from qle.report.page import write
    from qle.report.progress import Pace

    pace, wait = Pace(), options.watch
    while True:
        began = time.time()
        page = _contents(options)
        going = any(one.there < one.asked for one in page.progress)
        write(page, path, pace=pace.words(page.progress, began), again_in=wait if going else 0)
        if not going:
            return
        wait = max(options.watch, int(PATIENCE * (time.time() - began)))
        time.sleep(wait)


def _contents(options: argparse.Namespace) -> "Contents":
    from qle.report.contents import of_file, of_store

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", StoreWarning)
        dataset = read(options)
    notes = [str(one.message) for one in said]
    try:
        if options.store.is_file():
            return of_file(options.store, dataset, words_of(options), notes=notes)
        return of_store(options.store, dataset, words_of(options), series=options.series, notes=notes)
    except (StoreError, ValueError) as error:
        raise BadInput(str(error)) from None
