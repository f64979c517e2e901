"""`qle heat-fit`: the specific heat of a glass, measured, fitted to (S 23)."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from qle.commands.outputs import figure_of, number
from qle.commands.parser import BadInput, Commands, add_command
from qle.description.grid import SpecError

if TYPE_CHECKING:
    import spm

EPILOG = """\
FILE is a table whose first line names the columns T, C and, if there are errors, C_error, separated by
commas, semicolons, tabs or blanks, each with its unit behind it, as T (mK) and C (mJ/mol K); a file without
names has these columns in this order. Prints C_TLS, C_D, C_sm and T_min, with errors, and writes the figure
of C/T^3 and of the reduced specific heat (C - C_D T^3)/T^3. Without C_error the scatter about the fit gives
the errors, by --weights. C_D is fitted, or given, or that of sound waves.

examples:
  qle heat-fit glass.csv --debye 0.0121
  qle heat-fit silica.csv --window 0.2 2 --sound 5968 3764 --density 2200 --molar-mass 60.08
"""


def add_heat_fit(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    summary = "fit a specific heat to C_TLS T + C_D T^3 + C_sm T^5"
    command = add_command(commands, "heat-fit", run, summary, EPILOG)
    command.add_argument("file", metavar="FILE", type=Path)
    command.add_argument("--T-unit", metavar="UNIT", help="K or mK, if the file does not name it")
    command.add_argument("--C-unit", metavar="UNIT", help='such as "J/mol K" or "mJ/(g K)", likewise')
    command.add_argument(
        "--window", nargs=2, metavar=("LOW", "HIGH"), type=float, help="of T that is fitted; default: all"
    )
    command.add_argument("--per", choices=("mol", "g"), help="convert to this; needs --molar-mass")
    command.add_argument("--molar-mass", metavar="M", type=float, help="of a formula unit, in g/mol")
    command.add_argument("--debye", metavar="C_D", type=float, help="default: fitted")
    command.add_argument(
        "--sound", nargs=2, metavar=("V_L", "V_T"), type=float,
        help="longitudinal and transverse speed in m/s, which give C_D",
    )  # fmt: skip
    command.add_argument("--density", metavar="RHO", type=float, help="in kg/m^3, with --sound")
    command.add_argument(
        "--weights", choices=("relative", "equal"), default="relative",
        help="errors of C where the file has none: all relative errors alike (default), or all errors",
    )  # fmt: skip
    command.add_argument(
        "-o", "--output", metavar="FIGURE", type=Path, help=".png, .pdf or .svg; default: FILE with .png"
    )


def run(options: argparse.Namespace) -> int:
    """Fit a user's data, print the fit, then draw it; raise SpecError for bad input."""
    import spm
    from qle.figures import specific_heat as picture

    path = figure_of(options.file, options.output)
    _check(options)
    try:
        data = spm.read_specific_heat(options.file, T_unit=options.T_unit, C_unit=options.C_unit)
        if options.per:
            data = data.per(options.per, molar_mass=options.molar_mass)
        used = data.within(*options.window) if options.window else data
        debye = _elastic(options, data.unit) if options.sound else options.debye
        fit = spm.fit_specific_heat(used.T, used.C, used.C_error, debye=debye, weights=options.weights)
        print(describe_data(options.file, data, used))
        print(describe(fit, data.unit))
        if options.sound:
            print(_calorimetric(used, options.weights))
        print(picture.draw(data, fit, path, window=options.window))
    except ValueError as error:
        raise SpecError(str(error)) from None
    return 0


def describe_data(file: Path, data: "spm.HeatTable", used: "spm.HeatTable") -> str:
    """Return what is read, in which units, and what of it is fitted."""
    units = "no units" if data.unit == "1" else f"T in K, C in {data.unit}"
    part = "all" if used.T.size == data.T.size else f"{used.T.size}"
    filled = f"; {data.filled} without an error have the median relative one" if data.filled else ""
    return (
        f"{file.name}: {data.T.size} rows, {units}{filled}; "
        f"{part} fitted, T = {used.T.min():.6g} to {used.T.max():.6g}"
    )


def describe(fit: "spm.HeatFit", unit: str) -> str:
    """Return the coefficients of a fit with their errors."""
    errors = fit.covariance.diagonal() ** 0.5
    names, values = ("C_TLS", "C_D", "C_sm"), (fit.C_TLS, fit.C_D, fit.C_sm)
    of = [f" {unit}^{power}" if unit != "1" else "" for power in (2, 4, 6)]
    text = [
        f"{name:6}{number(value, error)}{one}" if error else f"{name:6}{value:.5g}{one}, given"
        for name, value, error, one in zip(names, values, errors, of, strict=True)
    ]
    text.append(f"T_min {number(fit.T_min, fit.T_min_error)}{' K' if unit != '1' else ''}")
    if fit.relative_error is not None:
        text.append(f"no C_error: each C is taken to be known to {fit.relative_error:.2%}, as it scatters")
    elif fit.equal_error is not None:
        text.append(f"no C_error: each C is taken to be known to {fit.equal_error:.3g}, as it scatters")
    else:
        text.append(f"chi^2 {fit.chi2:.4g} for {fit.freedom} degrees of freedom")
    return "\n".join(text)


def _check(options: argparse.Namespace) -> None:
    """Raise BadInput for options that do not go together."""
    if options.sound and options.debye is not None:
        raise BadInput("--sound: --debye gives C_D already; leave one of them out")
    if options.sound and options.density is None:
        raise BadInput("--sound: needs --density, in kg/m^3")
    if options.density is not None and not options.sound:
        raise BadInput("--density: needs --sound, the speeds of sound")
    if options.per and options.molar_mass is None:
        raise BadInput(f"--per {options.per}: needs --molar-mass, of a formula unit in g/mol")
    if options.window and not 0.0 <= options.window[0] < options.window[1] <= math.inf:
        low, high = options.window
        raise BadInput(f"--window {low:g} {high:g}: must be two temperatures, the lower first")


def _elastic(options: argparse.Namespace, unit: str) -> float:
    """Return C_D of sound waves in the unit of the data."""
    import spm

    if unit not in ("J/mol K", "J/g K"):
        raise ValueError(f"C in {unit if unit != '1' else 'no unit'}: must be per mol or per g for --sound")
    if unit == "J/mol K" and options.molar_mass is None:
        raise ValueError("--sound: C is per mol; needs --molar-mass, of a formula unit in g/mol")
    longitudinal, transverse = options.sound
    return spm.debye_coefficient(
        longitudinal=longitudinal,
        transverse=transverse,
        density=options.density,
        molar_mass=options.molar_mass if unit == "J/mol K" else None,
    )


def _calorimetric(used: "spm.HeatTable", weights: str) -> str:
    """Return what C_D is if it is fitted, which (S 23) says is that of sound waves."""
    import spm

    try:
        free = spm.fit_specific_heat(used.T, used.C, used.C_error, weights=weights)
    except ValueError as error:
        return f"C_D fitted instead: {error}"
    return f"C_D fitted instead: {number(free.C_D, free.covariance[1, 1] ** 0.5)} {used.unit}^4"
