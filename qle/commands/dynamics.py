"""`qle dynamics`: gradient descent, N -> infinity and samples."""

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qle.commands.outputs import named, number
from qle.commands.parser import OK, BadInput, Commands, add_command

if TYPE_CHECKING:
    import xarray as xr

EPILOG = """\
Dynamical mean field for N -> infinity and the flow of some samples of N oscillators, both from the same
start. Writes FILE.nc (NetCDF) and FILE.png. Errors are those of batches and of samples; a pull is the
difference over both. Where its noise takes over, the limit ends: more --samples go farther.
--hessians K adds the eigenvalues of K samples of stored couplings at t = 10, 100, ... and in the minimum, as
D(omega) and A_g along the quench. Eigenvalues below zero are counted, and are no vibrations; where most
samples have some, A_g is not given.

examples:
  qle dynamics --J 0.3 --until 50
  qle dynamics --until 10000 --flows 0 --samples 1024 --hessians 40 -o spectra
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
        ("--hessians", 0, "samples with Hessians"), ("--hessian-size", 2000, "oscillators of these"),
    ):  # fmt: skip
        command.add_argument(name, metavar="K", type=int, default=whole, help=f"{words}; default {whole}")
    command.add_argument("--start", default="zero", help="zero, decoupled or random; default zero")
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("dynamics"), help="without suffix"
    )


def run(options: argparse.Namespace) -> int:
    """Compute, print the table, write data and figure; raise BadInput for bad input."""
    from tqdm import tqdm

    from arguments import count
    from khgps import KHGPS
    from qle.export import write_netcdf
    from qle.figures import dynamics as picture
    from qle.measurements.spectra import LARGEST
    from qle.solutions.dynamics import gradient_descent, times_until
    from qle.solutions.flow_spectra import decades_until, flow_spectra

    data, drawing = (named(options.output, suffix) for suffix in (".nc", ".png"))
    law = {name: getattr(options, name) for name in ("N", "J", "h", "kappa_0", "kappa_min", "beta", "A")}
    asked = {name: getattr(options, name) for name in ("start", "samples", "batches", "flows", "seed")}

    each = partial(tqdm, unit=" samples", disable=None)
    try:
        hessians = count("hessians", options.hessians, least=0)
        size = count("hessian-size", options.hessian_size, least=2, most=LARGEST)
        found = gradient_descent(
            KHGPS(**law, coupling="structured"), times=times_until(options.until, options.points), each=each,
            **asked,
        )  # fmt: skip
        if hessians:
            spectra = flow_spectra(
                KHGPS(**law | {"N": size}), times=decades_until(options.until),
                start=options.start, samples=hessians, seed=options.seed, each=each,
            )  # fmt: skip
            found = found.merge(spectra).assign_attrs(spectra.attrs)
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
    """Return a row for each time, the powers of the speed, energies of ends, and what Hessians are like."""
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
    text = _aligned(rows)
    for name, power, error in powers(data):
        text.append(f"speed of {name} ~ t^{power:.2f} +- {error:.2f} over the last factor of four")
    text.append(f"energy of the ground state {data['ground_energy'].item():.6g}")
    for name, words in (("descent", "minima that the flows end in"), ("lbfgs", "minima by lbfgs")):
        mean, scatter = (float(one) for one in of_samples(data, name))
        text.append(f"energy of {words} {number(mean, scatter)}")
    return "\n".join([*text, *(_hessians(data) if "eigenvalue" in data else [])])


def _hessians(data: "xr.Dataset") -> list[str]:
    """Return a row for each time with what the Hessian is like there."""
    from qle.statistics.flow_spectra import along_flow

    law = along_flow(data)
    rows = [
        ["t", "share < 0", "+-", "lowest", "+-", "saddles", "D ~ omega^", "95 percent", "A_g", "95 percent"]
    ]
    for k, time in enumerate(data["stop"].values):
        at = {name: float(law[name][k]) for name in law.data_vars}
        ends = [f"{at[f'{name}_low']:.3g} to {at[f'{name}_high']:.3g}" for name in ("exponent", "A_g")]
        names = ("down", "down_error", "lowest", "lowest_error", "saddles")
        numbers = [
            format(at[name], form) for name, form in zip(names, (".3g", ".1g") * 2 + (".2g",), strict=True)
        ]
        label = "minimum" if time == float("inf") else f"{time:.4g}"
        rows.append([label, *numbers, f"{at['exponent']:.3g}", ends[0], f"{at['A_g']:.3g}", ends[1]])
    samples, N = data.sizes["hessian_sample"], data["hessian_N"].item()
    return [
        f"Hessians of {samples} samples of N = {N}, {data.attrs['hessian_coupling']} couplings",
        *_aligned(rows),
    ]


def _aligned(rows: list[list[str]]) -> list[str]:
    """Return the rows of a table as lines."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
