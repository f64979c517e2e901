"""`qle modes`: normal modes of Hessians in files."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.commands.outputs import named
from qle.commands.parser import BadInput, Commands, add_command

if TYPE_CHECKING:
    import xarray as xr

    from qle.readers.hessians import HessianFile

EPILOG = """\
FILE is a Hessian: npy, npz (one array, or a matrix of scipy.sparse), Matrix Market, text with N lines of N
numbers, or what the command dynamical_matrix of LAMMPS writes; compressed by gzip or not. Several files are
samples of one glass, of one size: their modes give A_g with its interval, as qle table does.
Writes NAME.csv (file, mode, frequency, participation ratio, residual), NAME.nc (for qle.open and xarray) and
NAME.png.

examples:
  qle modes dynmat.dat --masses masses.txt
  qle modes hessian.npy --dimension 1 --modes all
  qle modes glass-*.mtx --dimension 3 -o glass
"""
SHOWN = 6  # frequencies of a file that are printed


def add_modes(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    command = add_command(commands, "modes", run, "normal modes of Hessians of your own", EPILOG)
    command.add_argument("files", metavar="FILE", type=Path, nargs="+")
    command.add_argument("--dimension", metavar="D", type=int, help="coordinates of a particle; LAMMPS: 3")
    command.add_argument("--masses", metavar="FILE", type=Path, help="of particles or coordinates; default 1")
    command.add_argument(
        "--weighted", action="store_true", default=None,
        help="the matrix is m^-1/2 M m^-1/2, as that of LAMMPS always is",
    )  # fmt: skip
    command.add_argument(
        "--zero-modes", choices=("translations", "none"),
        help="default: translations; with --dimension 1 where the Hessian says so",
    )  # fmt: skip
    command.add_argument("--modes", metavar="K", help='lowest of each, or "all"; default 20')
    command.add_argument(
        "--pseudo", metavar="K", type=int, default=0, help="also pseudo-harmonic modes, from K starts"
    )
    command.add_argument(
        "--asymmetry", metavar="X", type=float, default=1e-3, help="largest accepted; default 0.001"
    )
    command.add_argument(
        "--units", metavar="UNIT", default="1", help="of frequencies, as THz; default: reduced"
    )
    command.add_argument(
        "-o", "--output", metavar="NAME", type=Path, default=Path("modes"), help="default modes"
    )


def run(options: argparse.Namespace) -> int:
    """Read, compute, print and write; raise BadInput for what is no Hessian."""
    from qle.export import write_netcdf
    from qle.figures import hessian_modes as picture
    from qle.readers.hessians import read_masses
    from qle.readers.modes import modes, write_csv

    paths = [named(options.output, suffix) for suffix in (".csv", ".nc", ".png")]
    try:
        masses = None if options.masses is None else read_masses(options.masses)
        found = modes(
            options.files,
            dimension=options.dimension,
            masses=masses,
            weighted=options.weighted,
            zero_modes=options.zero_modes,
            asymmetry=options.asymmetry,
            count=_count(options.modes),
            pseudo=options.pseudo,
            units=options.units,
            seen=lambda one: print(describe(one), flush=True),
        )
    except ValueError as error:
        raise BadInput(str(error)) from None
    print(lowest(found))
    if found.sizes["sample"] > 1:
        from qle.statistics import table, to_text

        print(to_text(table(found)))
    write_csv(found, paths[0])
    write_netcdf(found, paths[1])
    picture.draw(found, paths[2])
    for path in paths:
        print(path)
    return 0


def describe(one: "HessianFile") -> str:
    """Return what was read: sizes, asymmetry, what was taken out."""
    d = one.dimension
    out = f"{one.translations} translations taken out" if one.translations else "no zero modes taken out"
    return (
        f"{one.path}: {one.size // d} particles, d = {d}, {one.landscape.hessian().form}, asymmetry "
        f"{one.asymmetry:.2g}, {out} (forces {one.free:.2g} of a row)"
    )


def lowest(dataset: "xr.Dataset") -> str:
    """Return the lowest modes of each file, a line each."""
    lines = []
    for sample in range(dataset.sizes["sample"]):
        one: Any = dataset.isel(ensemble=0, sample=sample)
        numbers = zip(one["frequency"].values[:SHOWN], one["participation_ratio"].values[:SHOWN], strict=True)
        text = ", ".join(f"{omega:.6g} (e = {e:.2g})" for omega, e in numbers)
        lines.append(f"{one['file'].item()}: omega = {text}")
    return "\n".join(lines)


def _count(text: str | None) -> int | str | None:
    """Return how many modes, as `qle.modes` has it."""
    if text is None or text == "all":
        return text
    try:
        return int(text)
    except ValueError:
        raise BadInput(f'--modes {text}: must be an integer, or "all"') from None
