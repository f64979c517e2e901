"""The figures of nonlinear excitations, which need no sweep."""

import argparse
from pathlib import Path
from typing import Any

from qle.commands.outputs import figure
from qle.commands.parser import Commands, add_command

FIGURES = {
    "fig10": ("softest normal and softest cubic mode of lattice samples", 300),
    "fig11": ("b3^2 against b2 b4 of cubic modes", 100),
    "fig12": ("softening of normal and cubic modes on the way to instabilities", 15),
    "fig13": ("map of the local heat capacities of a plane lattice", 1),
    "fig14": ("overlap of cubic modes with the way to a second minimum", 40),
    "barriers": ("the law p(B) of energy barriers", 300),
}
EDGE, COUPLING = 40, 0.3  # L and J of the plane lattice of fig13


def add_nonlinear_figures(figures: Commands) -> None:
    """Add fig10 to fig14, named as in the source paper, and barriers, to the parser's `figures`."""
    for name, (summary, samples) in FIGURES.items():
        command = add_command(figures, name, draw_figure, summary)
        what = "the sample that is drawn" if name == "fig13" else "samples of each ensemble"
        command.add_argument("--samples", metavar="N", type=int, default=samples,
                             help=f"{what}; default {samples}")  # fmt: skip
        command.add_argument("-o", "--output", metavar="FILE", type=Path, default=Path(f"{name}.png"))
        command.set_defaults(figure=name)


def draw_figure(options: argparse.Namespace) -> int:
    """Compute and draw one of the figures; raise SpecError for bad input."""
    from qle.description.grid import ADDRESSES, SpecError, integer

    samples, path = integer("samples", options.samples, 1, ADDRESSES + 1), figure(options.output)
    try:
        print(_draw(options.figure, samples, path))
    except ValueError as error:
        raise SpecError(str(error)) from None
    return 0


def _draw(name: str, samples: int, path: Path) -> Path:
    from qle.experiments import nonlinear_driving, nonlinear_modes, nonlinear_wells
    from qle.figures import barriers, nonlinear_bounds, overlaps, softening, softest
    from qle.measurements.cubic_modes import collect

    models: dict[str, Any] = {e.name: e for e in nonlinear_modes.ENSEMBLES}
    if name == "fig10":
        lattice = nonlinear_modes.ENSEMBLES[2]
        return softest.draw(collect(lattice, samples)[0], lattice.name, path)
    if name == "fig11":
        return nonlinear_bounds.draw({k: collect(e, samples)[0] for k, e in models.items()}, path)
    if name == "fig12":
        ways = {e.name: nonlinear_driving.softenings(e, samples) for e in nonlinear_driving.ENSEMBLES}
        return softening.draw(ways, path)
    if name == "fig13":
        return _map(samples, path)
    if name == "fig14":
        wells = {e.name: nonlinear_wells.pushed(e, samples) for e in nonlinear_wells.ENSEMBLES}
        return overlaps.draw(wells, path)
    return barriers.draw({k: collect(e, samples) for k, e in models.items()}, path)


def _map(sample: int, path: Path) -> Path:
    """Draw the heat capacities of one sample of the plane lattice."""
    import lattice_gps
    import quartic
    from qle.figures import heat_map
    from quartic.nonlinear.heat import heat_capacities

    params = lattice_gps.GPSLattice(L=EDGE, J=COUPLING, d=2)
    problem = lattice_gps.draw(params, seed=141, sample=sample)
    x = quartic.minimize(problem, start="random", seed=sample).x
    return heat_map.draw(params, heat_capacities(problem, x, largest=2000), path)
