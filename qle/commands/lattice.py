"""`qle lattice` and the figures of the lattice model, which need no sweep."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from qle.grid import SpecError

if TYPE_CHECKING:
    from lattice_gps import GPSLattice
    from qle.lattice_measure import LatticeSamples

EPILOG = """\
Minima are reached by minimising the energy from small random displacements. Printed are, with errors from
samples: destabilised oscillators (kappa' < 0), sites with two wells, sites in the upper of them, the exponent
of D below omega_cut, the participation number N e of the modes there, and the scale of displacements and
fields.

examples:
  qle lattice
  qle lattice --L 12 --J 0.3 --beta 1 --samples 100
"""
FIGURES = {
    "reconstruction": "spectra of the lattice model step by step: bare, coupled, without fields, final",
    "boson-peak": "D/omega^2 of the lattice model for several J, and omega_b against J",
    "mode-profile": "decay of soft modes of the lattice model from their centres, for several L",
    "mode-map": "one soft mode of the lattice model on the plane through its centre",
    "participation": "oscillators in each mode of the lattice model against its frequency, for several L",
    "fields": "law of the static fields in the lattice model",
}
SHARE = 0.005  # of the modes of each sample, the softest, that enter a profile
MODES = 20  # lowest modes of a sample, or N where that is less
MODES_PER_SAMPLE = 0.5  # below the cut-off of `qle lattice`, as in the table of a sweep


def add_lattice(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    summary = "measure relaxed samples of the GPS lattice"
    command = commands.add_parser(
        "lattice",
        help=summary,
        description=summary,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _model(command, samples=50)
    command.set_defaults(run=run)


def add_lattice_figures(figures: Any) -> None:
    """Add the figures to the parser's `figures`."""
    for name, summary in FIGURES.items():
        command = figures.add_parser(name, help=summary, description=summary)
        if name == "boson-peak":
            _model(command, samples=100, J=(0.1, 0.17, 0.3))
        elif name == "mode-profile":
            _model(command, samples=30, L=(8, 12))
        elif name == "participation":
            _model(command, samples=30, L=(6, 10))
        elif name == "mode-map":
            _model(command, samples=None)
            command.add_argument("--sample", type=int, default=0, help="default 0")
        else:
            _model(command, samples=50)
        command.add_argument("-o", "--output", metavar="FILE", type=Path, default=Path(f"{name}.png"))
        command.set_defaults(run=draw, figure=name)


def _model(
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


def run(options: argparse.Namespace) -> int:
    """Measure and print; raise SpecError for bad input."""
    from qle.lattice_measure import measure

    try:
        params = _params(options, options.L, options.J)
        modes = min(MODES, params.N)
        with tqdm(total=options.samples, unit=" samples", disable=None) as bar:
            found = measure(
                params, options.samples, modes=modes, seed=options.seed, seen=lambda sample: bar.update()
            )
    except (TypeError, ValueError) as error:
        raise SpecError(str(error)) from None
    print(describe(found))
    return 0


def draw(options: argparse.Namespace) -> int:
    """Draw the figure of the name; raise SpecError for bad input."""
    from qle.figures.style import check_suffix

    try:
        check_suffix(options.output)
        if getattr(options, "samples", 1) < 1:
            raise ValueError(f"samples = {options.samples}: must be at least 1")
        print(_DRAWN[options.figure](options))
    except (TypeError, ValueError) as error:
        raise SpecError(str(error)) from None
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
    lines = [f"{_title(found.params)}, {samples} samples; {n} modes below omega_cut"]
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


def _params(options: argparse.Namespace, L: int, J: float) -> "GPSLattice":
    from lattice_gps import GPSLattice

    return GPSLattice(L=L, J=J, beta=options.beta, kappa_0=options.kappa_0, A=options.A, d=options.d)


def _title(params: "GPSLattice") -> str:
    return f"L = {params.L}, d = {params.d}, J = {params.J:g}, beta = {params.beta:g}"


def _progress(samples: int) -> Iterable[int]:
    bar: Iterator[int] = tqdm(range(samples), unit=" samples", disable=None)
    return bar


def _reconstruction(options: argparse.Namespace) -> Path:
    import lattice_gps
    from lattice_gps.reconstruction import reconstruct
    from qle.figures import reconstruction as picture

    params = _params(options, options.L, options.J)
    rows = [
        reconstruct(lattice_gps.draw(params, seed=options.seed, sample=s), seed=s)
        for s in _progress(options.samples)
    ]
    return picture.draw(rows, options.output, title=_title(params))


def _boson_peak(options: argparse.Namespace) -> Path:
    import numpy as np

    import quartic
    from qle.figures import boson_peak as picture
    from qle.lattice_measure import relax
    from qle.statistics.boson_peak import boson_peak

    peaks = {}
    for J in sorted(set(options.J)):
        params = _params(options, options.L, J)
        rows = []
        for sample in _progress(options.samples):
            problem, x = relax(params, seed=options.seed, sample=sample)
            rows.append(np.sqrt(np.linalg.eigvalsh(quartic.hessian(problem, x))))
        try:
            peaks[J] = boson_peak(np.array(rows), params.N)
        except ValueError as error:
            raise ValueError(f"J = {J:g}: {error}") from None
    title = f"L = {options.L}, d = {options.d}, beta = {options.beta:g}, {options.samples} samples for each J"
    return picture.draw(peaks, options.output, beta=options.beta, title=title)


def _mode_profile(options: argparse.Namespace) -> Path:
    import numpy as np

    import quartic
    from lattice_gps.profile import radial_profile
    from qle.figures import mode_profile as picture
    from qle.lattice_measure import relax

    profiles = {}
    for L in sorted(set(options.L)):
        params = _params(options, L, options.J)
        vectors = []
        for sample in _progress(options.samples):
            problem, x = relax(params, seed=options.seed, sample=sample)
            softest = max(1, round(SHARE * params.N))
            vectors.append(quartic.low_modes(problem, x, softest).vectors)
        profiles[L] = radial_profile(np.concatenate(vectors, axis=1), L, options.d)
    title = (
        f"d = {options.d}, J = {options.J:g}, beta = {options.beta:g}\nsoftest {SHARE:.1%} of the modes of "
        f"{options.samples} samples for each L"
    )
    return picture.draw(profiles, options.d, options.output, title=title)


def _participation(options: argparse.Namespace) -> Path:
    import numpy as np

    import quartic
    from qle.figures import participation as picture
    from qle.lattice_measure import relax

    found = {}
    for L in sorted(set(options.L)):
        params = _params(options, L, options.J)
        rows = []
        for sample in _progress(options.samples):
            values, vectors = np.linalg.eigh(
                quartic.hessian(*relax(params, seed=options.seed, sample=sample))
            )
            rows.append((np.sqrt(values), quartic.participation_ratio(vectors)))
        omega, e = np.array(rows).transpose(1, 0, 2)
        found[params.N] = omega, e
    title = (
        f"d = {options.d}, J = {options.J:g}, beta = {options.beta:g}, {options.samples} samples for each N"
    )
    return picture.draw(found, options.output, title=title)


def _mode_map(options: argparse.Namespace) -> Path:
    import quartic
    from qle.figures import mode_map as picture
    from qle.lattice_measure import relax

    params = _params(options, options.L, options.J)
    problem, x = relax(params, seed=options.seed, sample=options.sample)
    mode = quartic.low_modes(problem, x, 1)
    omega, e = float(mode.eigenvalues[0]) ** 0.5, float(quartic.participation_ratio(mode.vectors)[0])
    title = f"{_title(params)}\nsample {options.sample}: omega = {omega:.3g}, N e = {params.N * e:.3g}"
    return picture.draw(mode.vectors[:, 0], params.L, params.d, options.output, title=title)


def _fields(options: argparse.Namespace) -> Path:
    from qle.figures import fields as picture
    from qle.lattice_measure import measure

    params = _params(options, options.L, options.J)
    found = measure(params, options.samples, modes=1, seed=options.seed)
    return picture.draw(found.field, options.output, title=f"{_title(params)}, {options.samples} samples")


_DRAWN = {
    "reconstruction": _reconstruction,
    "boson-peak": _boson_peak,
    "mode-profile": _mode_profile,
    "mode-map": _mode_map,
    "participation": _participation,
    "fields": _fields,
}
