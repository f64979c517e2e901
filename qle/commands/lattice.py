"""`qle lattice`, and the options of the lattice model."""

import argparse
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from qle.commands.parser import Commands, add_command
from qle.description.grid import SpecError

if TYPE_CHECKING:
    from lattice_gps import GPSLattice
    from qle.measurements.lattice import LatticeSamples

EPILOG = """\
Minima are reached by minimising the energy from small random displacements. Printed are, with errors from
samples: destabilised oscillators (kappa' < 0), sites with two wells, sites in the upper of them, the exponent
of D below omega_cut, the participation number N e of the modes there, and the scale of displacements and
fields.

examples:
  qle lattice
  qle lattice --L 12 --J 0.3 --beta 1 --samples 100
  qle figure participation --L 6 10 --J 0.1       one of the figures of the same model
"""
MODES = 20  # lowest modes of a sample, or N where that is less
MODES_PER_SAMPLE = 0.5  # below the cut-off of `qle lattice`, as in the table of a sweep


def add_lattice(commands: Commands) -> None:
    """Add the command to the parser's `commands`."""
    summary = "measure relaxed samples of the GPS lattice"
    add_model(add_command(commands, "lattice", run, summary, EPILOG), samples=50)


def run(options: argparse.Namespace) -> int:
    """Measure and print; raise SpecError for bad input."""
    from qle.measurements.lattice import measure

    try:
        params = params_of(options, options.L, options.J)
        modes = min(MODES, params.N)
        with tqdm(total=options.samples, unit=" samples", disable=None) as bar:
            found = measure(
                params, options.samples, modes=modes, seed=options.seed, seen=lambda sample: bar.update()
            )
    except (TypeError, ValueError) as error:
        raise SpecError(str(error)) from None
    print(describe(found))
    return 0


def describe(found: "LatticeSamples") -> str:
    """Return the measurements as text, with standard errors over samples."""
    import numpy as np

    N, samples = found.params.N, found.frequency.shape[0]
    cut = _cut(found)
    soft = found.frequency < cut
    n = int(soft.sum())
    rows = [
        ("destabilised oscillators", *_mean(found.destabilised)),
        ("sites with two wells", *_mean(found.double_wells / N)),
        ("sites in upper wells", *_mean(found.upper_wells / N)),
        ("<|x|>", *_mean(np.abs(found.displacement).mean(axis=1))),
        ("median |f'|", *_mean(np.median(np.abs(found.field), axis=1))),
    ]
    if n >= 2:
        power = (n - 1) / float(np.sum(np.log(cut / found.frequency[soft])))
        rows += [
            (f"exponent of D below {cut:.3g}", power - 1.0, power / n**0.5),
            ("participation number N e there", *_mean(N * found.participation[soft])),
        ]
    lines = [f"{title_of(found.params)}, {samples} samples; modes below omega_cut: {n}"]
    return "\n".join(lines + [f"{name:<32}{value:>12.4g} +- {error:.2g}" for name, value, error in rows])


def _cut(found: "LatticeSamples") -> float:
    """Return the frequency with half a mode per sample below it, or that below which none is missing."""
    import numpy as np

    modes = np.sort(found.frequency, axis=None)
    complete = float(found.frequency[:, -1].min())
    return min(float(modes[int(MODES_PER_SAMPLE * found.frequency.shape[0])]), complete)


def _mean(values: Any) -> tuple[float, float]:
    """Return mean and standard error; nan for the error of a single value."""
    import numpy as np

    error = values.std(ddof=1) / values.size**0.5 if values.size > 1 else np.nan
    return float(values.mean()), float(error)


def add_model(
    command: argparse.ArgumentParser,
    *,
    samples: int | None,
    L: int | tuple[int, ...] = 8,
    J: float | tuple[float, ...] = 0.1,
) -> None:
    """Add the options of the model; those whose default is a tuple take several values."""
    for name, default, kind in (("L", L, int), ("J", J, float)):
        several = isinstance(default, tuple)
        shown = " ".join(map(str, default)) if isinstance(default, tuple) else default
        command.add_argument(
            f"--{name}",
            type=kind,
            nargs="+" if several else None,
            default=list(default) if isinstance(default, tuple) else default,
            help=f"default {shown}",
        )
    command.add_argument("--beta", type=float, default=0.0, help="exponent of the stiffness law; default 0")
    command.add_argument("--kappa-0", metavar="K", type=float, default=1.0, help="default 1")
    command.add_argument("--A", type=float, default=1.0, help="anharmonicity; default 1")
    command.add_argument("--d", type=int, default=3, help="dimensions; default 3")
    if samples is not None:
        command.add_argument("--samples", metavar="N", type=int, default=samples, help=f"default {samples}")
    command.add_argument("--seed", type=int, default=0, help="default 0")


def params_of(options: argparse.Namespace, L: int, J: float) -> "GPSLattice":
    """Return the model that the options describe, of size L and coupling J."""
    from lattice_gps import GPSLattice

    return GPSLattice(L=L, J=J, beta=options.beta, kappa_0=options.kappa_0, A=options.A, d=options.d)


def title_of(params: "GPSLattice") -> str:
    """Return the parameters as the title of a figure."""
    return f"L = {params.L}, d = {params.d}, J = {params.J:g}, beta = {params.beta:g}"
