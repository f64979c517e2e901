"""`qle lattice`: relaxed samples of the lattice model, measured."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from qle.commands.outputs import modes_file, write_modes
from qle.commands.parser import Commands, add_command
from qle.description.grid import SpecError
from qle.figures.lattice_options import add_model, params_of

if TYPE_CHECKING:
    from qle.measurements.lattice import LatticeSamples

EPILOG = """\
Minima are reached by minimising the energy from small random displacements. Printed are, with errors from
samples: destabilised oscillators (kappa' < 0), sites with two wells, sites in the upper of them, the exponent
of D below omega_cut, the participation number N e of the modes there, and the scale of displacements and
fields.

examples:
  qle lattice
  qle lattice --samples 1 --modes-to modes.xyz    each mode a frame: amplitudes of the sites, for OVITO
  qle lattice --samples 1 --modes-to modes.html   a page that turns them in a browser
  qle lattice --L 12 --J 0.3 --beta 1 --samples 100
  qle figure participation --L 6 10 --J 0.1       one of the figures of the same model
"""
MODES = 20  # lowest modes of a sample, or N where that is less


def add_lattice(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    summary = "measure relaxed samples of the GPS lattice"
    command = add_command(commands, "lattice", run, summary, EPILOG)
    add_model(command, samples=50)
    what = f"the {MODES} softest modes of sample 0 as .xyz, for OVITO, .vtk, for ParaView, or .html, to turn"
    command.add_argument("--modes-to", metavar="FILE", type=Path, help=what)


def run(options: argparse.Namespace) -> int:
    """Measure and print; raise SpecError for bad input."""
    from qle.export.lattice import lattice_modes
    from qle.measurements.lattice import measure

    vectors = None if options.modes_to is None else modes_file(options.modes_to)
    try:
        params = params_of(options, options.L, options.J)
        modes = min(MODES, params.N)
        with tqdm(total=options.samples, unit=" samples", disable=None) as bar:
            first: list[Any] = []

            def seen(sample: int, *one: Any) -> None:
                bar.update()
                if vectors is not None and sample == 0:
                    first.append(lattice_modes(params, *one))

            found = measure(params, options.samples, modes=modes, seed=options.seed, seen=seen)
    except (TypeError, ValueError) as error:
        raise SpecError(str(error)) from None
    print(describe(found))
    if vectors is not None:
        write_modes(vectors, first)
        print(vectors)
    return 0


def describe(found: "LatticeSamples") -> str:
    """Return the measurements as text, with standard errors over samples."""
    from qle.statistics.lattice import summary

    said, params = summary(found), found.params
    model = f"L = {params.L}, d = {params.d}, J = {params.J:g}, beta = {params.beta:g}"
    head = f"{model}, {len(found.frequency)} samples; modes below omega_cut: {said.modes}"
    rows = [f"{name:<32}{value:>12.4g} +- {error:.2g}" for name, (value, error) in said.numbers.items()]
    return "\n".join([head, *rows])
