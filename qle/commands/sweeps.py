"""`qle sweep` and the commands that read what it stored."""

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from qle.commands.cluster import add_cluster_options, workforce
from qle.commands.parser import FAILED, OK, BadInput, Commands, add_command
from qle.commands.stores import add_store_command, read
from qle.description.measure import LINES

if TYPE_CHECKING:
    import xarray as xr

    from qle.running.progress import Kind

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
  starts = 1      # more: the lowest minimum of so many random starts
  field_path = "constant"  # or a strong field taken away, "falling" or "alternating",
  field_steps = 30         # in so many steps

  [measure]
  modes = 20      # the softest ones, or "all"
                  # complete_below = 0.1 keeps only those below a frequency, much cheaper where most samples
                  # have none
MEASUREMENTS

  [target]        # optional: spend the samples where they are needed
  error = 0.1     # relative standard error of A_at_cut; samples is then the most that a point gets

Of model = "soft_spheres" the grid has N, d, T_p, density and sweeps, and the protocol method = "quench" or
"flow" from start = "drawn", with tol = 1e-12.

The same command again resumes what was interrupted, and computes nothing twice.
"""


def add_sweeps(commands: Commands) -> None:
    """Add sweep, info, table and export to the parser's `commands`."""
    width = max(map(len, LINES))
    lines = (
        f"  {f'{name} = false':<{width + 10}}# also the {rules['says']}" for name, rules in LINES.items()
    )
    epilog = SPEC_HELP.replace("MEASUREMENTS", "\n".join(lines))
    command = add_command(commands, "sweep", _sweep, "compute, or resume, a sweep", epilog)
    command.add_argument("spec", metavar="SPEC", type=Path, help="TOML file, see below")
    command.add_argument("--samples", metavar="N", type=int, help="at every point, instead of the file's")
    command.add_argument("--store", metavar="DIR", type=Path, help="default: results/<name of SPEC>")
    command.add_argument("--workers", metavar="N", type=int, help="processes; default: one per processor")
    add_cluster_options(command)
    command.add_argument("--quiet", action="store_true", help="no progress and no table")
    add_store_command(commands, "info", _info, "say what is in a store", choose=False)
    add_store_command(commands, "table", _table, "print the tail of every grid point")
    command = add_store_command(commands, "export", _export, "write NetCDF, or the table as CSV")
    command.add_argument("file", metavar="FILE", type=Path, help="ends in .nc or .csv")


def _sweep(options: argparse.Namespace) -> int:
    from qle.description.spec import read_spec
    from qle.running.sweeping import count_statuses, sweep

    spec = read_spec(options.spec)
    if options.samples is not None:
        spec = dataclasses.replace(spec, samples=options.samples)
    store = options.store or Path("results") / options.spec.stem
    progress: Kind | None = "none" if options.quiet else None
    with workforce(options) as remote:
        dataset = sweep(spec, store=store, workers=options.workers, progress=progress, **remote)
    if not options.quiet:
        print(_table_text(dataset))
        print(f"results: {store}")
    return OK if set(count_statuses(dataset)) == {"converged"} else FAILED


def _info(options: argparse.Namespace) -> int:
    from qle.store.batches import StoreError
    from qle.store.inventory import info

    try:
        contents = info(options.store)
    except StoreError as error:
        raise BadInput(str(error)) from None
    for one in contents:
        statuses = ", ".join(f"{count} {status}" for status, count in one.statuses.items())
        print(one.series)
        print(f"  {one.points} points, {one.samples} samples ({statuses}), {one.bytes / 1e6:.1f} MB")
        for path in one.damaged:
            print(f"  damaged: {path}")
        for line in one.unfinished:
            print(f"  {line}")
    return OK


def _table(options: argparse.Namespace) -> int:
    print(_table_text(read(options)))
    return OK


def _export(options: argparse.Namespace) -> int:
    from qle.export import export

    try:
        export(read(options), options.file)
    except ValueError as error:
        raise BadInput(str(error)) from None
    print(options.file)
    return OK


def _table_text(dataset: "xr.Dataset") -> str:
    from qle.running.adaptive import estimators
    from qle.statistics import table, to_text

    if "followers" in dataset:
        return to_text(table(estimators(dataset), cutoff=dataset["omega_cut"]))
    return to_text(table(dataset))
