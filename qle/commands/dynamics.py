"""`qle dynamics`: gradient descent, N -> infinity and samples."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from qle.commands.outputs import named
from qle.commands.parser import OK, BadInput, Commands, add_command

if TYPE_CHECKING:
    import xarray as xr

EPILOG = """\
Dynamical mean field for N -> infinity and the flow of some samples of N oscillators, both from the same
start. Writes FILE.nc (NetCDF) and FILE.png. Errors are those of batches and of samples; a pull is the
difference over both. Where its noise takes over, the limit ends: more --samples go farther.

examples:
  qle dynamics --J 0.3 --until 50
  qle dynamics --J 0.15 --h 0.1 --kappa-min 0.1 --start random --flows 8 -N 4096 -o symmetric
"""
SUMMARY = "gradient descent of KHGPS: energy, speed, correlation and response in time"


def add_dynamics(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    command = add_command(commands, "dynamics", run, SUMMARY, EPILOG)
    for name, default, words in (
        ("--J", 0.3, "coupling"), ("--h", 0.01, "field"), ("--kappa-0", 1.0, "largest stiffness"),
        ("--kappa-min", 0.0, "smallest stiffness"), ("--beta", 0.0, "exponent of the stiffness law"),
        ("--A", 1.0, "anharmonicity"), ("--until", 20.0, "last time"),
    ):  # fmt: skip
        command.add_argument(
            name, metavar="X", type=float, default=default, help=f"{words}; default {default:g}"
        )
    for name, whole, words in (
        ("--points", 10, "times, from 0.5 on"), ("--samples", 4096, "samples of the limit, a power of two"),
        ("--batches", 3, "batches of these"), ("--flows", 4, "samples of N oscillators"),
        ("-N", 2048, "oscillators of a sample"), ("--seed", 0, "of all random numbers"),
    ):  # fmt: skip
        command.add_argument(name, metavar="K", type=int, default=whole, help=f"{words}; default {whole}")
    command.add_argument("--start", default="zero", help="zero, decoupled or random; default zero")
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("dynamics"), help="without suffix"
    )


def run(options: argparse.Namespace) -> int:
    """Compute, print the table, write data and figure; raise BadInput for bad input."""
    from tqdm import tqdm

    from khgps import KHGPS
    from qle.export import write_netcdf
    from qle.figures import dynamics as picture
    from qle.solutions.dynamics import gradient_descent, times_until

    data, drawing = (named(options.output, suffix) for suffix in (".nc", ".png"))
    law = {name: getattr(options, name) for name in ("N", "J", "h", "kappa_0", "kappa_min", "beta", "A")}
    asked = {name: getattr(options, name) for name in ("start", "samples", "batches", "flows", "seed")}
    try:
        found = gradient_descent(
            KHGPS(**law, coupling="structured"), times=times_until(options.until, options.points), **asked,
            each=lambda numbers: tqdm(numbers, unit=" samples", disable=None),
        )  # fmt: skip
        write_netcdf(found, data)
        print(describe(found))
        print(data)
        print(picture.draw(found, drawing))
    except ValueError as error:
        raise BadInput(str(error)) from None
    if found.attrs["status"] == "noise":
        reached = int(found["energy"].notnull().sum())
        print(f"the limit ends after {reached} of {found.sizes['time']} times: its noise takes over")
    return OK


def describe(data: "xr.Dataset") -> str:
    """Return a row for each time, the powers of the speed and the energy of the ground state."""
    from qle.solutions.dynamics import of_samples, powers

    rows = [["t", "e", "+-", "samples", "+-", "pull", "E[x]", "E[x'^2]", "C(t,t)", "chi"]]
    energies, errors = of_samples(data, "energy")
    for k, time in enumerate(data["time"].values):
        e, error = data["energy"].values[k], data["energy_error"].values[k]
        both = float((error**2 + errors[k] ** 2) ** 0.5)
        others = [data[name].values[k] for name in ("mean_x", "dissipation")]
        numbers = [e, error, energies[k], errors[k], (energies[k] - e) / both if both > 0.0 else float("nan")]
        numbers += [*others, data["C"].values[k, k], data["chi"].values[k]]
        forms = (".6g", ".1e", ".6g", ".1e", ".1f", ".5g", ".3e", ".5g", ".5g")
        rows.append([f"{time:.4g}", *(format(one, form) for one, form in zip(numbers, forms, strict=True))])
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    text = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    for name, power, error in powers(data):
        text.append(f"speed of {name} ~ t^{power:.2f} +- {error:.2f} over the last factor of four")
    text.append(f"energy of the ground state {data['ground_energy'].item():.6g}")
    return "\n".join(text)
