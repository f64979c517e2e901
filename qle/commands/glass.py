"""`qle glass`: what is soft in snapshots of particles."""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.commands.outputs import modes_file, named, write_modes
from qle.commands.parser import BadInput, Commands, add_command

if TYPE_CHECKING:
    from qle.readers.snapshot import Snapshot

EPILOG = """\
FILE is a snapshot: extended XYZ, LAMMPS data or dump (text, compressed by gzip or not), npz; GSD with the
extra gsd, and with the extra ase whatever ASE reads. Its particles are led to the minimum of the energy
nearby; there come stress and modulus, the normal modes with the proof that none is missing, and the cubic and
pseudo-harmonic modes to which the softest lead. Several files are samples of one glass.
Writes NAME.csv (a line for each mode), NAME.nc (for qle.open and xarray, vectors too) and NAME.png.

potentials: soft_spheres, inverse_power_mixture, ninarello, kob_andersen, harmonic_spheres, hertzian_spheres,
sticky_spheres; with the parameters of their papers, or --parameter reach=1.4 and others of glass.<name>.

examples:
  qle glass dump.lammpstrj --potential soft_spheres --sizes radius
  qle glass melt.data --potential kob_andersen --species 1=1 2=0.88 --modes-to modes.xyz
"""
FAR = 0.1  # mean spacings, root mean square, beyond which a snapshot was at no minimum of this potential
SHOWN = 6  # modes of a kind that are printed
DOUBLE = 8.0 / 3.0  # r of a quartic with a second minimum


def add_glass(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    command = add_command(commands, "glass", run, "what is soft in snapshots of particles", EPILOG)
    command.add_argument("files", metavar="FILE", type=Path, nargs="+")
    command.add_argument("--potential", metavar="NAME", required=True, help="one of those below")
    command.add_argument(
        "--parameter", metavar="NAME=X", action="append", default=[], help="of the potential; may come again"
    )
    command.add_argument(
        "--sizes", metavar="COLUMN", help="of lambda, or one number for all; radii are doubled"
    )
    command.add_argument("--species", metavar="NAME=X", nargs="+", default=[], help="lambda of each species")
    command.add_argument(
        "--dimension", metavar="D", type=int, help="default: 2 where all z are the same, or 3"
    )
    command.add_argument(
        "--frame", metavar="K", type=int, default=-1, help="of several, from 0; default: last"
    )
    command.add_argument("--box", metavar="L", type=float, nargs="+", help="lengths, of a file without any")
    command.add_argument("--modes", metavar="K", type=int, help="normal modes; default 20")
    command.add_argument("--starts", metavar="K", type=int, help="of nonlinear modes; default 8")
    command.add_argument(
        "--modes-to",
        metavar="FILE",
        type=Path,
        help="modes as .xyz, for OVITO, .vtk, for ParaView, or .html, to turn",
    )
    command.add_argument(
        "-o", "--output", metavar="NAME", type=Path, default=Path("glass"), help="default glass"
    )


def run(options: argparse.Namespace) -> int:
    """Read, minimise, compute, print and write; raise BadInput for what is no snapshot."""
    from qle.export import write_netcdf
    from qle.export.spots import spot_modes, write_csv
    from qle.figures import soft_spots as picture
    from qle.readers.potentials import potential_of
    from qle.readers.soft_spots import soft_spots

    paths = [named(options.output, suffix) for suffix in (".csv", ".nc", ".png")]
    vectors = None if options.modes_to is None else modes_file(options.modes_to)
    if vectors is not None and vectors.suffix == ".vtk" and len(options.files) > 1:
        raise BadInput(f"--modes-to {vectors}: a .vtk holds one snapshot, {len(options.files)} were given")
    try:
        found = soft_spots(
            options.files,
            potential_of(options.potential, _numbers("--parameter", options.parameter)),
            sizes=_number_or_name(options.sizes),
            species=_numbers("--species", options.species) or None,
            dimension=options.dimension,
            frame=options.frame,
            box=options.box if options.box is None or len(options.box) > 1 else options.box[0],
            count=options.modes,
            starts=options.starts,
            seen=lambda one: print(describe(one), flush=True),
        )
    except ValueError as error:
        raise BadInput(str(error)) from None
    for sample in range(found.sizes["sample"]):
        print(summary(found.isel(ensemble=0, sample=sample)))
    write_csv(found, paths[0])
    write_netcdf(found, paths[1])
    picture.draw(found, paths[2])
    if vectors is not None:
        write_modes(vectors, spot_modes(found))
        paths.append(vectors)
    for path in paths:
        print(path)
    return 0


def describe(one: "Snapshot") -> str:
    """Return what was read."""
    box = " x ".join(f"{length:.6g}" for length in one.box)
    sheared = f", shear {one.shear:.6g}" if one.shear else ""
    frame = f", frame {one.frame} of {one.frames}" if one.frames > 1 else ""
    return (
        f"{one.name}: {one.kind}{frame}, {one.particles} particles, d = {one.dimension}, box {box}{sheared}"
    )


def summary(one: Any) -> str:
    """Return what is known of a snapshot, a line each."""
    known = {name: one[name].item() for name in one.data_vars if not one[name].ndim}
    far = known["moved_rms"] > FAR
    moved = f"moved     rms {known['moved_rms']:.2g}, max {known['moved_max']:.2g} mean spacings"
    lines = [
        moved
        + (
            ": the file is at no minimum of this potential: a liquid, or wrong sizes, box, units?"
            if far
            else ""
        ),
        f"minimum   energy {known['energy']:.10g}, pressure {known['pressure']:.6g}, shear stress "
        f"{known['shear_stress']:.6g}, shear modulus {known['shear_modulus']:.6g}, rattlers "
        f"{known['rattlers']}",
        f"normal    omega = {_listed(one['frequency'].values, one['participation_ratio'].values)}",
    ]
    if known["complete"] and math.isfinite(one["complete_below"].item()):
        lines.append(f"          proven: no other mode is below {one['complete_below'].item():.6g}")
    for kind, title in (("cubic", "cubic"), ("pseudo", "pseudo-h.")):
        rows = _rows(one, kind)
        if not rows:
            lines.append(f"{title:<10}none: no search converged, or this potential has no such derivatives")
        for k, row in enumerate(rows[:SHOWN]):
            second = ", a second minimum" * (row["ratio"] > DOUBLE and row["b4"] > 0.0)
            cost = f", cost {row['cost']:.4g}" if "cost" in row else ""
            lines.append(
                f"{title if k == 0 else '':<10}barrier {row['barrier']:.4g}{cost}, b2 {row['b2']:.4g}, b3 "
                f"{row['b3']:.4g}, b4 {row['b4']:.4g}, r {row['ratio']:.3g}, e {row['participation']:.2g}, "
                f"at particle {row['particle']} (from 0){second}"
            )
    return "\n".join(lines)


def _listed(omega: Sequence[float], e: Sequence[float]) -> str:
    pairs = list(zip(omega, e, strict=True))[:SHOWN]
    return ", ".join(f"{value:.6g} (e = {share:.2g})" for value, share in pairs)


def _rows(one: Any, kind: str) -> list[dict[str, Any]]:
    """Return the numbers of each mode of a kind that was found."""
    names = ("barrier", "cost", "b2", "b3", "b4", "ratio", "participation", "particle")
    known = {name: one[f"{kind}_{name}"].values for name in names if f"{kind}_{name}" in one}
    count = one.sizes.get(kind, 0)
    rows = [{name: values[k].item() for name, values in known.items()} for k in range(count)]
    return [row for row in rows if math.isfinite(row["b2"])]


def _numbers(option: str, given: Sequence[str]) -> dict[str, float]:
    """Return the numbers of NAME=X by name."""
    found: dict[str, float] = {}
    for word in given:
        name, _, text = word.partition("=")
        try:
            found[name] = float(text)
        except ValueError:
            raise BadInput(f"{option} {word}: must be NAME=X, X a number") from None
    return found


def _number_or_name(text: str | None) -> str | float | None:
    try:
        return text if text is None else float(text)
    except ValueError:
        return text
