"""`qle compare`: protocols on the same disorder, from the store of their sweeps."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.commands.parser import OK, BadInput, Commands, add_command
from qle.commands.stores import (
    add_file_options,
    named,
    read_file,
    read_stores,
    refuse_file_options,
    require,
)

if TYPE_CHECKING:
    import xarray as xr

    from qle.store.inventory import Series

COMPARE_HELP = """\
The sweeps that a store holds of one model and seed, on the same grid, have the same disorder. Differences are
to the first protocol, sample by sample; the intervals are of 95 percent.

Two files of frequencies or more are compared as sets of samples that have nothing in common: the interval of
a ratio of A_g has the errors of both.

Two stores or more are put side by side, glasses and models alike, a column for each of their grid points:
exponents, shapes of cubic, harmonic and pseudo-harmonic modes, barriers, second minima, heat, as far as they
were measured.

examples:
  qle sweep quench.toml --store both; qle sweep anneal.toml --store both
  qle compare both
  qle compare fast.csv slow.csv --particles 4000 --dimension 3
  qle compare results/glass results/khgps results/lattice
"""
HEAD = (
    "samples",
    "A_g",
    "interval",
    "A_g ratio",
    "exponent",
    "interval",
    "energy",
    "change",
    "interval",
    "same",
)


def add_compare(commands: Commands) -> None:
    """Add `qle compare` to the parser's `commands`."""
    command = add_command(
        commands, "compare", print_comparison, "compare protocols on the same disorder", COMPARE_HELP
    )
    what = "folder of the sweeps, folders of several, or files of frequencies"
    command.add_argument("store", metavar="STORE", type=Path, nargs="+", help=what)
    add_file_options(command)


def print_comparison(options: argparse.Namespace) -> int:
    """Print what each protocol of a store, or file, finds; raise BadInput for what cannot be compared."""
    for path in options.store:
        require(path)
    if len(options.store) > 1 and all(path.is_dir() for path in options.store):
        return _print_stores(options)
    if len(options.store) > 1 or options.store[0].is_file():
        return _print_files(options)
    refuse_file_options(options, options.store[0])
    from qle.dataset import open_store
    from qle.statistics import compare
    from qle.store.batches import StoreError
    from qle.store.inventory import list_series

    try:
        series = _labelled(list_series(options.store[0]))
        first = words({"method": "lbfgs", "start": "decoupled"})
        labels = sorted(series, key=lambda label: (not label.startswith(first), label))
        datasets = {label: open_store(options.store[0], series=series[label]) for label in labels}
        result = compare(datasets)
    except (StoreError, ValueError) as error:
        raise BadInput(str(error)) from None
    print(comparison_text(result))
    return OK


def _print_stores(options: argparse.Namespace) -> int:
    from qle.statistics.excitations import compare_excitations, comparison_text, one_by_one

    refuse_file_options(options, options.store[0])
    try:
        print(comparison_text(compare_excitations(one_by_one(read_stores(options.store)))))
    except ValueError as error:
        raise BadInput(str(error)) from None
    return OK


def _print_files(options: argparse.Namespace) -> int:
    from qle.statistics import compare_ensembles, to_text

    if len(options.store) < 2:
        raise BadInput(f"{options.store[0]}: is one file; must be two or more to compare")
    if len(set(options.store)) < len(options.store):
        raise BadInput(f"{' '.join(map(str, options.store))}: names a file twice")
    try:
        sets = {name: read_file(path, options) for name, path in named(options.store).items()}
        print(to_text(compare_ensembles(sets)))
    except ValueError as error:
        raise BadInput(str(error)) from None
    return OK


def _labelled(series: "Sequence[Series]") -> dict[str, str]:
    """Return the name of each series' folder by its protocol in words, with digits where two are the same."""
    label = {one.folder.name: words(one.identity["protocol"]) for one in series}
    often = Counter(label.values())
    return {text if often[text] == 1 else f"{text} ({name[:8]})": name for name, text in label.items()}


def words(protocol: Mapping[str, Any]) -> str:
    """Return a protocol's identity in words."""
    text = f"{protocol['method']} from {protocol['start']}"
    if "starts" in protocol:
        text = f"best of {protocol['starts']}, {text}"
    if "field_path" in protocol:
        text = f"{protocol['field_path']} field of {protocol['field_steps']} steps, {protocol['method']}"
    return text


def comparison_text(result: "xr.Dataset") -> str:
    """Return what `qle.statistics.compare` gives as aligned text, one block for each grid point."""
    dims = [str(dim) for dim in result["A_g"].dims if dim != "protocol"]
    lines = []
    for place, block in result.stack(point=dims).groupby("point"):
        values = (value if isinstance(value, str) else f"{value:g}" for value in place)
        at = ", ".join(f"{dim} = {value}" for dim, value in zip(dims, values, strict=True))
        rows: list[tuple[str, ...]] = [(at, *HEAD)]
        for i, label in enumerate(result["protocol"].values):
            rows.append((str(label), *_cells(block.isel(protocol=i).squeeze())))
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        for first, *others in rows:
            cells = [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(others, widths[1:], strict=True))]
            lines.append("  ".join(cells))
        lines.append("")
    return "\n".join(lines).rstrip()


def _cells(row: "xr.Dataset") -> tuple[str, ...]:
    number = {name: float(row[name]) for name in row.data_vars}

    def interval(name: str) -> str:
        return f"{number[name + '_low']:.3g} .. {number[name + '_high']:.3g}"

    return (
        f"{number['n_samples']:.0f}",
        f"{number['A_g']:.3g}",
        interval("A_g"),
        f"{number['A_g_ratio']:.3g} +- {number['A_g_ratio_error']:.2g}",
        f"{number['exponent']:.2f}",
        interval("exponent"),
        f"{number['energy']:.6g}",
        f"{number['energy_change']:.3g}",
        interval("energy_change"),
        f"{number['same']:.2f}",
    )
