"""`qle glassy-phase`: the ground state of the glassy phase, which needs no sweep."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.commands.outputs import named
from qle.commands.parser import FAILED, OK, BadInput, Commands, add_command

if TYPE_CHECKING:
    import xarray as xr

EPILOG = """\
Replica symmetry broken in full, N -> infinity: some seconds for each J, h and kappa_0. Writes FILE.nc
(NetCDF) and FILE.png. A_at_cut is the mean of D/omega^4 below omega_cut, where a share of the modes lies:
half a mode per sample of N oscillators is a share of 1/(2 N).

examples:
  qle glassy-phase
  qle glassy-phase --J 0.14 0.16 0.18 0.2 --h 0.006 --kappa-min 0.1 -o gapped
"""
SUMMARY = "ground state of KHGPS in the glassy phase, along lines of J"
COUPLINGS = (0.1, 0.15, 0.2, 0.3, 0.5, 0.8)
COLUMNS = (
    ("J", ".4g"), ("q_EA", ".6g"), ("q_0", ".3g"), ("replicon", ".3f"), ("gap_edge", ".4g"),
    ("chi_EA", ".4g"), ("chi", ".5g"), ("energy", ".8g"), ("energy_symmetric", ".8g"),
    ("omega_cut", ".3g"), ("A_at_cut", ".4g"), ("exponent", ".2f"),
)  # fmt: skip


def add_glassy_phase(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    command = add_command(commands, "glassy-phase", run, SUMMARY, EPILOG)
    several: dict[str, Any] = {"type": float, "nargs": "+"}
    command.add_argument(
        "--J",
        **several,
        default=COUPLINGS,
        help="couplings; default " + " ".join(f"{J:g}" for J in COUPLINGS),
    )
    command.add_argument("--h", **several, default=[0.01], help="fields; default 0.01")
    command.add_argument("--kappa-0", metavar="K", **several, default=[1.0], help="default 1")
    command.add_argument("--kappa-min", metavar="K", type=float, default=0.0, help="default 0")
    command.add_argument("--beta", type=float, default=0.0, help="exponent of the stiffness law; default 0")
    command.add_argument("--A", type=float, default=1.0, help="anharmonicity; default 1")
    command.add_argument(
        "--share", type=float, default=1e-3, help="of the modes below omega_cut; default 0.001"
    )
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("glassy-phase"), help="without suffix"
    )


def run(options: argparse.Namespace) -> int:
    """Compute the lines, print them, write data and figure; raise BadInput for bad input."""
    from tqdm import tqdm

    from qle.export import write_netcdf
    from qle.figures import ground_states as picture
    from qle.solutions.ground_states import UNSOLVED, ground_states

    data, drawing = (named(options.output, suffix) for suffix in (".nc", ".png"))
    law = {name: getattr(options, name) for name in ("h", "kappa_0", "kappa_min", "beta", "A", "share")}
    try:
        states = ground_states(
            options.J, **law, each=lambda models: tqdm(models, unit=" points", disable=None)
        )
        write_netcdf(states, data)
        print(describe(states))
        print(data)
        print(picture.draw(states, drawing))
    except ValueError as error:
        raise BadInput(str(error)) from None
    unsolved = int((states["status"] == UNSOLVED).sum())
    if unsolved:
        print(f"{unsolved} of {states['status'].size} points unsolved: docs/rsb.md says where that is so")
    return FAILED if unsolved else OK


def describe(states: "xr.Dataset") -> str:
    """Return each line of J as a table, and where wells become double along it."""
    from qle.solutions.ground_states import STATUS, edge_vanishes

    text = []
    lines = states.stack(line=("h", "kappa_0"))
    for i in range(lines.sizes["line"]):
        line = lines.isel(line=i)
        text.append(f"h = {line['h'].item():g}, kappa_0 = {line['kappa_0'].item():g}")
        rows = [[name for name, _ in COLUMNS] + ["status"]]
        for j in range(line.sizes["J"]):
            numbers = [format(line[name][j].item(), form) for name, form in COLUMNS]
            rows.append([*numbers, STATUS[int(line["status"][j])]])
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        text += [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
        ]
        text += [f"wells are double from J = {J:.4g} on" for J in edge_vanishes(line)]
        text.append("")
    return "\n".join(text).rstrip()
