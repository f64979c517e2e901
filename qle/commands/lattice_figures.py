"""The figures of the lattice model, which need no sweep."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from arguments import count
from qle.commands.lattice import add_model, params_of, title_of
from qle.commands.outputs import figure
from qle.commands.parser import Commands, add_command
from qle.description.grid import ADDRESSES, SpecError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    import quartic
    from lattice_gps import GPSLattice

FIGURES = {
    "reconstruction": "spectra of the lattice model step by step: bare, coupled, without fields, final",
    "boson-peak": "D/omega^2 of the lattice model for several J, and omega_b against J",
    "mode-profile": "decay of soft modes of the lattice model from their centres, for several L",
    "mode-map": "one soft mode of the lattice model on the plane through its centre",
    "participation": "oscillators in each mode of the lattice model against its frequency, for several L",
    "fields": "law of the static fields in the lattice model",
}
SHARE = 0.005  # of the modes of each sample, the softest, that enter a profile


def add_lattice_figures(figures: Commands) -> None:
    """Add the figures to the parser's `figures`."""
    for name, summary in FIGURES.items():
        command = add_command(figures, name, draw, summary)
        if name == "boson-peak":
            add_model(command, samples=100, J=(0.1, 0.17, 0.3))
        elif name == "mode-profile":
            add_model(command, samples=30, L=(8, 12))
        elif name == "participation":
            add_model(command, samples=30, L=(6, 10))
        elif name == "mode-map":
            add_model(command, samples=None)
            command.add_argument("--sample", type=int, default=0, help="default 0")
        else:
            add_model(command, samples=50)
        command.add_argument("-o", "--output", metavar="FILE", type=Path, default=Path(f"{name}.png"))
        command.set_defaults(figure=name)


def draw(options: argparse.Namespace) -> int:
    """Draw the figure of the name; raise SpecError for bad input."""
    options.output = figure(options.output)
    try:
        count("samples", getattr(options, "samples", 1), most=ADDRESSES)
        print(_DRAWN[options.figure](options))
    except (TypeError, ValueError) as error:
        raise SpecError(str(error)) from None
    return 0


def _minima(
    options: argparse.Namespace, params: "GPSLattice"
) -> "Iterator[tuple[quartic.Problem, NDArray[np.float64]]]":
    """Yield the samples and their minima, with a bar."""
    from qle.measurements.lattice import relax

    for sample in tqdm(range(options.samples), unit=" samples", disable=None):
        yield relax(params, seed=options.seed, sample=sample)


def _whole(params: "GPSLattice") -> "GPSLattice":
    """Return the model; raise ValueError if its matrices are too large for a whole spectrum."""
    from qle.measurements.lattice import LARGEST

    if params.N > LARGEST:
        raise ValueError(
            f"L = {params.L}, d = {params.d}: the whole spectrum takes N x N matrices, N = {params.N}; N "
            f"must be at most {LARGEST}"
        )
    return params


def _reconstruction(options: argparse.Namespace) -> Path:
    import lattice_gps
    from lattice_gps.reconstruction import reconstruct
    from qle.figures import reconstruction as picture

    params = _whole(params_of(options, options.L, options.J))
    rows = [
        reconstruct(lattice_gps.draw(params, seed=options.seed, sample=s), seed=s)
        for s in tqdm(range(options.samples), unit=" samples", disable=None)
    ]
    return picture.draw(rows, options.output, title=title_of(params))


def _boson_peak(options: argparse.Namespace) -> Path:
    import numpy as np

    import quartic
    from qle.figures import boson_peak as picture
    from qle.statistics.boson_peak import boson_peak

    peaks = {}
    for params in [_whole(params_of(options, options.L, J)) for J in sorted(set(options.J))]:
        rows = [np.sqrt(np.linalg.eigvalsh(quartic.hessian(*found))) for found in _minima(options, params)]
        try:
            peaks[params.J] = boson_peak(np.array(rows), params.N)
        except ValueError as error:
            raise ValueError(f"J = {params.J:g}: {error}") from None
    title = f"L = {options.L}, d = {options.d}, beta = {options.beta:g}, {options.samples} samples for each J"
    return picture.draw(peaks, options.output, beta=options.beta, title=title)


def _mode_profile(options: argparse.Namespace) -> Path:
    import numpy as np

    import quartic
    from lattice_gps.profile import radial_profile
    from qle.figures import mode_profile as picture

    profiles = {}
    for params in [params_of(options, L, options.J) for L in sorted(set(options.L))]:
        softest = max(1, round(SHARE * params.N))
        vectors = [quartic.low_modes(*found, softest).vectors for found in _minima(options, params)]
        profiles[params.L] = radial_profile(np.concatenate(vectors, axis=1), params.L, params.d)
    title = (
        f"d = {options.d}, J = {options.J:g}, beta = {options.beta:g}\nsoftest {SHARE:.1%} of the modes of "
        f"{options.samples} samples for each L"
    )
    return picture.draw(profiles, options.d, options.output, title=title)


def _participation(options: argparse.Namespace) -> Path:
    import numpy as np

    import quartic
    from qle.figures import participation as picture

    found = {}
    for params in [_whole(params_of(options, L, options.J)) for L in sorted(set(options.L))]:
        rows = []
        for problem, x in _minima(options, params):
            values, vectors = np.linalg.eigh(quartic.hessian(problem, x))
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
    from qle.measurements.lattice import relax

    params = params_of(options, options.L, options.J)
    problem, x = relax(params, seed=options.seed, sample=options.sample)
    mode = quartic.low_modes(problem, x, 1)
    omega, e = float(mode.eigenvalues[0]) ** 0.5, float(quartic.participation_ratio(mode.vectors)[0])
    title = f"{title_of(params)}\nsample {options.sample}: omega = {omega:.3g}, N e = {params.N * e:.3g}"
    return picture.draw(mode.vectors[:, 0], params.L, params.d, options.output, title=title)


def _fields(options: argparse.Namespace) -> Path:
    from qle.figures import fields as picture
    from qle.measurements.lattice import measure

    params = params_of(options, options.L, options.J)
    with tqdm(total=options.samples, unit=" samples", disable=None) as bar:
        found = measure(params, options.samples, modes=1, seed=options.seed, seen=lambda sample: bar.update())
    return picture.draw(found.field, options.output, title=f"{title_of(params)}, {options.samples} samples")


_DRAWN = {
    "reconstruction": _reconstruction,
    "boson-peak": _boson_peak,
    "mode-profile": _mode_profile,
    "mode-map": _mode_map,
    "participation": _participation,
    "fields": _fields,
}
