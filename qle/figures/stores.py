"""Sets of samples side by side: in stores that are named, or swept for the figure where none is."""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qle.dataset import open_store
from qle.description.spec import Spec
from qle.figures.record import Options, add_samples
from qle.running.sweeping import sweep
from qle.statistics.excitations import one_by_one
from qle.store.batches import StoreError


def add_stores(parser: argparse.ArgumentParser, samples: int) -> None:
    """Add the stores, and how many samples are swept where none is given."""
    parser.add_argument(
        "stores", metavar="STORE", type=Path, nargs="*",
        help="folder of a sweep; without any, samples are swept, which takes some minutes",
    )  # fmt: skip
    add_samples(parser, samples, "samples of each set, where no stores are given")


def collect_sets(options: Options, specs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what is in the stores, by their names; if there are none, samples of `specs`."""
    if options.stores:
        try:
            return {"datasets": one_by_one({path.name: open_store(path) for path in options.stores})}
        except StoreError as error:
            raise ValueError(str(error)) from None
    sets = {}
    for name, asked in specs.items():
        with tempfile.TemporaryDirectory() as folder:
            sets[name] = sweep(Spec(samples=options.samples, **asked), store=folder, progress="none")
    return {"datasets": sets}
