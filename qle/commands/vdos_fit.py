"""`qle vdos-fit`: A_g and the boson peak of a density of states in bins."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from qle.commands.outputs import figure_of
from qle.commands.parser import OK, BadInput, Commands, add_command

if TYPE_CHECKING:
    from qle.readers.binned import BinnedDensity
    from qle.statistics.binned_law import BinnedLaw
    from qle.statistics.binned_peak import BinnedPeak

EPILOG = """\
FILE is a table with the columns low and high, the edges of bins, and counts (modes in each bin, all samples
together), or density and, if there are errors, density_error. A unit behind low, "low (THz)", is that of the
frequencies. Prints A_g of D = A_D omega^(d - 1) + A_g omega^4 with its interval, the exponent and the boson
peak with their errors, how the bins were weighted, and writes the figure of D/omega^(d - 1).

examples:
  qle vdos-fit bins.csv --particles 4000 --dimension 3 --samples 200 --debye 0.005
  qle vdos-fit silica.csv --dimension 3 --sound 5900 3700 --density 6.6e28 --cutoff 0.7
"""
UNITS = "of the frequencies, such as THz, where the file does not say"


def add_vdos_fit(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    summary = "fit a density of states in bins: A_g, exponent, boson peak"
    command = add_command(commands, "vdos-fit", run, summary, EPILOG)
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--particles", metavar="N", type=int, help="of a sample; for counts")
    command.add_argument("--samples", metavar="S", type=int, help="all that were counted; for counts")
    command.add_argument("--dimension", metavar="D", type=int, default=3, help="default 3")
    command.add_argument("--zero-modes", metavar="N", type=int, default=0, help="of a sample; default 0")
    command.add_argument("--units", metavar="UNIT", help=UNITS)
    command.add_argument("--debye", metavar="A_D", type=float, help="level of D/omega^(d - 1); default 0")
    what = "velocities of sound, m/s or reduced, that A_D is computed from"
    command.add_argument("--sound", metavar=("C_L", "C_T"), type=float, nargs=2, help=what)
    command.add_argument("--density", metavar="RHO", type=float, help="particles per m^d, or reduced")
    command.add_argument("--cutoff", metavar="OMEGA", type=float, help="omega_cut; needed without counts")
    what = ".png, .pdf or .svg; default: FILE with .png"
    command.add_argument("-o", "--output", metavar="FIGURE", type=Path, help=what)


def run(options: argparse.Namespace) -> int:
    """Read, fit, print and draw; raise BadInput for what cannot be."""
    from qle.figures import binned_density as picture
    from qle.readers.binned import read_binned
    from qle.statistics.binned_law import binned_tail
    from qle.statistics.binned_peak import binned_peak

    path = figure_of(options.file, options.output)
    d, peak, missing = options.dimension, None, ""
    try:
        binned = read_binned(
            options.file, options.particles, dimension=d, zero_modes=options.zero_modes,
            samples=options.samples, units=options.units,
        )  # fmt: skip
        debye = _level(options, binned.unit.name)
        law = binned_tail(binned, debye=debye, dimension=d, cutoff=options.cutoff)
    except ValueError as error:
        raise BadInput(str(error)) from None
    try:
        peak = binned_peak(binned, debye=debye, dimension=d)
    except ValueError as error:
        missing = str(error)
    print(_text(binned, law, d, "from the velocities of sound" if options.sound else "as given"))
    print(_of_peak(binned, peak, d) if peak else f"omega_b   none: {missing}")
    print(picture.draw(binned, law, peak, path, dimension=d))
    return OK


def _level(options: argparse.Namespace, unit: str) -> float:
    """Return A_D; raise ValueError where it is given twice, or in half."""
    from qle.statistics.debye import debye_level

    if (options.sound is None) != (options.density is None):
        raise ValueError("--sound, --density: must be given both, or neither")
    if options.sound is None:
        return 0.0 if options.debye is None else float(options.debye)
    if options.debye is not None:
        raise ValueError(f"--debye {options.debye:g}: must not be given with --sound, which gives it")
    c_l, c_t = options.sound
    return debye_level(c_l, c_t, options.density, dimension=options.dimension, units=unit)


def _text(binned: "BinnedDensity", law: "BinnedLaw", d: int, source: str) -> str:
    from qle.readers.binned import WEIGHTS

    def in_unit(power: int) -> str:
        unit = binned.unit.power(power)
        return "" if unit == "1" else f" {unit}"

    level = f"{law.debye:.4g}{in_unit(-d)}, {source}" if law.debye else "nothing subtracted"
    lines = [
        f"weights   {WEIGHTS[binned.weights]}",
        f"Debye     {level}",
        f"window    {law.bins} bins up to {law.omega_window:.4g}{in_unit(1)}, "
        f"omega_cut {law.omega_cut:.4g}{in_unit(1)}",
        f"exponent  {law.exponent:.2f} ({law.exponent_low:.2f} .. {law.exponent_high:.2f})",
    ]
    if law.verdict == "given":
        share = f", {law.allowance:.0%} of its variance for a bend nobody can see"
        lines += [
            f"A_g       {law.A_g:.4g} ({law.A_g_low:.4g} .. {law.A_g_high:.4g}){in_unit(-5)}{share}",
            f"bend      {law.bend:.2f} ({law.bend_low:.2f} .. {law.bend_high:.2f})",
        ]
    else:
        lines.append("A_g       none: not quartic, 4 is outside the 99 percent interval of the exponent")
    if not math.isnan(law.p_value):
        freedom = f"{law.freedom:.1f} degrees of freedom"
        lines.append(f"chi^2     {law.chi2:.1f} for {freedom}, p = {law.p_value:.2g}")
    return "\n".join(lines)


def _of_peak(binned: "BinnedDensity", peak: "BinnedPeak", d: int) -> str:
    names = [binned.unit.power(power) for power in (1, -d)]
    unit, height = ("" if name == "1" else f" {name}" for name in names)
    of = "D" if d == 1 else "D/omega" if d == 2 else f"D/omega^{d - 1}"
    return (
        f"omega_b   {peak.omega_b:.4g} +- {peak.error:.2g}{unit}\n"
        f"excess    {peak.height:.4g} +- {peak.height_error:.2g}{height} of {of} there, above the Debye level"
    )
