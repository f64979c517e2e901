"""`qle phase-diagram`, which needs no sweep."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.commands.outputs import named
from qle.commands.parser import Commands, add_command
from qle.description.grid import SpecError

if TYPE_CHECKING:
    import xarray as xr

EPILOG = """\
Writes FILE.nc (NetCDF: J, exponent, q, chi, gap_edge, replicon over h and the stiffness laws, with --wells
double_J) and FILE.png; with --page FILE.html too, which any browser shows without a network: click on (h, J)
for D(omega), q, chi, replicon and regime, past the critical line too. A point there takes seconds.
Several values of --kappa-min or --kappa-0 give the map J_c(h, kappa_min, kappa_0).

examples:
  qle phase-diagram
  qle phase-diagram --page
  qle phase-diagram --kappa-min 0.03 0.1 0.3 --h-max 1 -o map
"""
ZERO = 12  # decimals of the replicon, after which it is rounding; + 0.0 turns -0.0 into 0.0
ROWS = 9  # of each line that are printed
CELLS = 12  # fields and couplings of a page
MOST_CELLS = 60


def add_phase_diagram(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    summary = "critical line of KHGPS and its special point"
    command = add_command(commands, "phase-diagram", run, summary, EPILOG)
    command.add_argument(
        "--kappa-min", metavar="K", type=float, nargs="+", default=[0.1], help="> 0; default 0.1"
    )
    command.add_argument("--kappa-0", metavar="K", type=float, nargs="+", default=[1.0], help="default 1")
    command.add_argument("--beta", type=float, default=0.0, help="exponent of the stiffness law; default 0")
    command.add_argument("--A", type=float, default=1.0, help="anharmonicity; default 1")
    command.add_argument("--h-max", type=float, help="default: 3 times the field of the special point")
    command.add_argument("--points", type=int, default=200, help="fields of each line; default 200")
    command.add_argument(
        "--wells", action="store_true", help="also where wells become double: a minute for each law"
    )
    command.add_argument(
        "--page", metavar="N", type=int, nargs="?", const=CELLS,
        help=f"also a page to click on, of N fields and N couplings; {CELLS} without N",
    )  # fmt: skip
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, default=Path("phase-diagram"), help="without suffix"
    )


def run(options: argparse.Namespace) -> int:
    """Compute the lines, print them, write data and figure; raise SpecError for bad input."""
    from qle.export import write_netcdf
    from qle.figures import phase_diagram as picture
    from qle.solutions.phase_diagram import phase_diagram, suitable_fields

    law = {name: getattr(options, name) for name in ("kappa_min", "kappa_0", "beta", "A")}
    data, drawing, page = (named(options.output, suffix) for suffix in (".nc", ".png", ".html"))
    if options.page is not None and not 2 <= options.page <= MOST_CELLS:
        raise SpecError(f"--page {options.page}: must be from 2 to {MOST_CELLS}")
    if options.page and len(options.kappa_min) * len(options.kappa_0) > 1:
        raise SpecError("--page: needs one --kappa-min and one --kappa-0; several were given")
    try:
        fields = suitable_fields(**law, h_max=options.h_max, points=options.points)
        diagram = phase_diagram(fields, **law, wells=options.wells)
        write_netcdf(diagram, data)
        picture.draw(diagram, drawing)
        if options.page:
            _write_page(diagram, options.page, page)
    except ValueError as error:
        raise SpecError(str(error)) from None
    print(describe(diagram), data, drawing, *([page] if options.page else []), sep="\n")
    return 0


def _write_page(diagram: "xr.Dataset", cells: int, path: Path) -> None:
    """Solve the model on both sides of the critical line, and write the page."""
    from tqdm import tqdm

    from qle.report.plane_page import write_plane
    from qle.solutions.plane import both_sides, plane

    law: dict[str, Any] = {
        name: float(diagram[name].item()) for name in ("kappa_min", "kappa_0", "beta", "A")
    }
    solved = plane(
        *both_sides(diagram, cells), **law, each=lambda models: tqdm(models, unit=" points", disable=None)
    )
    write_plane(solved, diagram, path)


def describe(diagram: "xr.Dataset") -> str:
    """Return each critical line as text: some of its points, and the special one."""
    lines = diagram.stack(law=("kappa_min", "kappa_0"))
    step = max(1, (lines.sizes["h"] - 1) // (ROWS - 1))
    text = []
    for i in range(lines.sizes["law"]):
        line = lines.isel(law=i)
        text.append(f"kappa_min = {line['kappa_min'].item():g}, kappa_0 = {line['kappa_0'].item():g}")
        text.append(
            f"{'h':>12}{'J_c':>15}{'exponent':>10}{'q':>15}{'chi':>15}{'gap edge':>12}{'replicon':>12}"
        )
        for row in range(0, lines.sizes["h"], step):
            point = {name: line[name][row].item() for name in ("J", "exponent", "q", "chi")}
            ends = line["gap_edge"][row].item(), round(line["replicon"][row].item(), ZERO) + 0.0
            text.append(
                f"{line['h'][row].item():12.6g}{point['J']:15.9g}{point['exponent']:10g}"
                f"{point['q']:15.9g}{point['chi']:15.9g}{ends[0]:12.4g}{ends[1]:12.4g}"
            )
        special = line["special_h"].item(), line["special_J"].item()
        found = "no special point" if special[0] != special[0] else "special point h = {:.9g}, J = {:.9g}"
        text.append(found.format(*special) + "\n")
    return "\n".join(text)
