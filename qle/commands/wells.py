"""`qle wells`: barriers, tunnel splittings and specific heat of wells found elsewhere."""

import argparse
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qle.commands.outputs import named, write_csv
from qle.commands.parser import BadInput, Commands, add_command
from qle.description.grid import SpecError

if TYPE_CHECKING:
    import spm

EPILOG = """\
The first line of FILE names its columns, with or without a column label, separated by commas, semicolons,
tabs or blanks:
  b2, b3, b4                      derivatives at a minimum, either one of two
  barrier, asymmetry, distance    of a pair of minima, energies above the lower one: the quartic that has them
  s, energy                       along paths, one for each label: a quartic is fitted

Writes NAME-wells.csv (a row a well), NAME-density.csv (of the splittings of wells that tunnel), NAME-heat.csv
(C(T) per well, in units of k_B) and NAME.png. Of a path, barrier and asymmetry are those of the path itself,
and fitted_barrier and fitted_asymmetry those of its quartic, whose levels are computed.

Without units hbar = k_B = 1. With --energy and --length, or units in the file, as s (A) and energy (meV), the
mass is in u, and energies and T are in K.

examples:
  qle wells modes.csv --mass 100
  qle wells pairs.csv --energy K --length A --mass 28.09
"""
STEPS = 41  # temperatures


def add_wells(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    summary = "barriers, tunnel splittings and specific heat of wells found elsewhere"
    command = add_command(commands, "wells", run, summary, EPILOG)
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--mass", metavar="M", type=float, default=1.0, help="default 1")
    command.add_argument("--energy", metavar="UNIT", help="K, meV, eV, kJ/mol or J")
    command.add_argument("--length", metavar="UNIT", help="A, nm, pm or m")
    command.add_argument(
        "--freeze", metavar="E", type=float, default=1e-8,
        help="double wells with a tunnel splitting below it, in units of (b4/m^2)^(1/3) with hbar = 1, stay "
        "in their lower well; default 1e-08",
    )  # fmt: skip
    command.add_argument(
        "--temperatures", nargs=2, metavar=("LOW", "HIGH"), type=float,
        help="of C(T); default: a tenth of the smallest E_1 - E_0, and the median one",
    )  # fmt: skip
    command.add_argument("-o", "--output", metavar="NAME", type=Path, help="default: FILE without its ending")


def run(options: argparse.Namespace) -> int:
    """Read, compute, print and write; raise SpecError for bad input."""
    import spm
    from qle.figures import given_wells as picture
    from qle.statistics.given_wells import grid

    name = options.output or options.file.with_suffix("")
    ends = ("-wells.csv", "-density.csv", "-heat.csv", ".png")
    paths = {end: named(name, end) for end in ends}
    if options.file in paths.values():
        raise BadInput(f"{options.file}: a result would replace the data; name others with --output")
    try:
        given = spm.read_wells(options.file, energy=options.energy, length=options.length)
        mass = spm.mass_of(options.mass) if given.unit[0] == "K" else options.mass
        levels = spm.well_levels(given.wells, mass=mass, freeze=options.freeze)
        T = grid(levels, options.temperatures, STEPS)
        heat = spm.specific_heat(given.wells, T, mass=mass, freeze=options.freeze, complete=True)
        print(describe(options.file, given, levels))
        print(write_csv(paths["-wells.csv"], *_table(given, levels)))
        tunnels = levels.double & ~levels.frozen
        if tunnels.any():
            density = spm.density(levels.splitting[tunnels], potentials=given.wells.size)
            columns = (density.edges[:-1], density.edges[1:], density.density, density.error, density.events)
            rows = ((f"{x:.10g}" for x in row) for row in zip(*columns, strict=True))
            print(write_csv(paths["-density.csv"], ("low", "high", "density", "error", "wells"), rows))
        rows = ((f"{x:.10g}" for x in row) for row in zip(heat.T, heat.C, heat.error, strict=True))
        print(write_csv(paths["-heat.csv"], ("T", "C", "C_error"), rows))
        print(picture.draw(given, levels, heat, paths[".png"]))
    except spm.BasisError as error:
        raise SpecError(f"{error}; lower --temperatures need fewer") from None
    except ValueError as error:
        raise SpecError(str(error)) from None
    return 0


def describe(file: Path, given: "spm.GivenWells", levels: "spm.WellLevels") -> str:
    """Return what was read, and how many wells of each kind there are, with the spread of their energies."""
    from qle.statistics.given_wells import spread

    double, frozen = int(levels.double.sum()), int(levels.frozen.sum())
    units = "energies in K, mass in u" if given.unit[0] == "K" else "hbar = k_B = 1"
    text = [
        f"{file.name}: {given.wells.size} wells from {given.kind}, {units}",
        f"{given.wells.size - double} single, {double} double: {double - frozen} tunnel, {frozen} frozen",
    ]
    if given.open:
        text.append(f"{len(given.open)} paths that no quartic with b4 > 0 fits: {', '.join(given.open[:5])}")
    if given.paths:
        text.append(f"misfit of quartics {spread([path.misfit for path in given.paths])}")
        text.append(f"barrier of the paths {spread([path.barrier for path in given.paths])}")
    tunnels = levels.double & ~levels.frozen
    for name, values in (
        ("barrier" if not given.paths else "barrier of the quartics", given.wells.exact_barrier),
        ("asymmetry", given.wells.exact_asymmetry),
        ("E_1 - E_0 of wells that tunnel", levels.splitting[tunnels]),
    ):
        text.append(f"{name} {spread(values)}")
    return "\n".join(text)


def _table(given: "spm.GivenWells", levels: "spm.WellLevels") -> tuple[list[str], Iterator[list[str]]]:
    """Return header and rows of the table of wells; empty where there is no such number."""
    wells = given.wells
    columns: dict[str, Iterable[float]] = {"b2": wells.b2, "b3": wells.b3, "b4": wells.b4, "r": wells.r}
    exact: dict[str, Iterable[float]] = {"barrier": wells.exact_barrier, "asymmetry": wells.exact_asymmetry}
    own = ("barrier", "asymmetry", "fitted_barrier", "fitted_barrier_error", "fitted_asymmetry",
           "fitted_asymmetry_error", "misfit")  # fmt: skip
    paths: dict[str, Iterable[float]] = {name: [getattr(path, name) for path in given.paths] for name in own}
    columns |= {
        **(paths if given.paths else exact),
        "splitting": levels.splitting,
        "ln_tunnelling": levels.log_tunnelling,
    }
    kinds = [
        "frozen" if frozen else "double" if double else "single"
        for double, frozen in zip(levels.double, levels.frozen, strict=True)
    ]
    rows = zip(*columns.values(), strict=True)
    return ["label", *columns, "kind"], (
        [label, *("" if math.isnan(x) else f"{x:.10g}" for x in row), kind]
        for label, row, kind in zip(given.labels, rows, kinds, strict=True)
    )
