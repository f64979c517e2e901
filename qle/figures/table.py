"""All figures of `qle figure`: a line for each, with the file of this package that has its record."""

from importlib import import_module
from typing import NamedTuple

from qle.figures.record import FigureRecord


class Line(NamedTuple):
    """Where a figure is and what it shows.

    Attributes
    ----------
    file : str
        Of this package; its `FIGURES` has the record. It is imported when the figure is asked for.
    summary : str
        For the help.
    store : bool
        Whether it is drawn from the store of a sweep, or a file in its place.
    sweep : str
        The sweep of the repository that `qle figure --all` draws it from.
    """

    file: str
    summary: str
    store: bool = False
    sweep: str = ""


TABLE = {
    "fig1": Line("excitations", "a quasilocalised mode of a glass, and the decay of such modes"),
    "fig3": Line(
        "hybrids", "a normal mode of a glass that is phonon and localised, and the cubic mode in it"
    ),
    "fig4": Line(
        "hybridisation", "participation ratios and D(omega) of glasses in space, with bands of phonons"
    ),
    "fig5": Line("universality", "D(omega) of glasses of several potentials, dimensions and histories"),
    "fig6": Line("parent_temperatures", "soft modes of glasses against the temperature of their liquid"),
    "fig7": Line("sticky_spheres", "soft modes of sticky spheres against the range of attraction"),
    "fig8a": Line("phase_diagram", "phase diagram in the (h, J) plane"),
    "fig8b": Line("critical_spectra", "D(omega) approaching the critical line where it is omega^2"),
    "fig8c": Line("critical_spectra", "D(omega) approaching the critical line where it is omega^4"),
    "fig9a": Line("gapless_density", "D(omega) in the glassy phase", store=True, sweep="fig9a-smoke"),
    "fig9b": Line("fig9", "A_g at weak coupling, against its exponent", store=True, sweep="fig9b-smoke"),
    "fig9c": Line("fig9", "A_g against J, across the crossover", store=True, sweep="fig9c-smoke"),
    "fig10": Line("softest", "softest normal and softest cubic mode of lattice samples"),
    "fig11": Line("nonlinear_bounds", "b3^2 against b2 b4 of cubic modes"),
    "fig12": Line("softening", "softening of normal and cubic modes on the way to instabilities"),
    "fig13": Line("heat_map", "map of the local heat capacities of a plane lattice"),
    "fig14": Line("overlaps", "overlap of cubic modes with the way to a second minimum"),
    "lower-bound": Line("lower_bound", "why r of cubic modes is bounded from below: curved valleys"),
    "barriers": Line("barriers", "the law p(B) of energy barriers"),
    "reconstruction": Line(
        "reconstruction", "spectra of the lattice model step by step: bare, coupled, without fields, final"
    ),
    "boson-peak": Line("boson_peak", "D/omega^2 of the lattice model for several J, and omega_b against J"),
    "mode-profile": Line(
        "mode_profile", "decay of soft modes of the lattice model from their centres, for several L"
    ),
    "mode-map": Line("mode_map", "one soft mode of the lattice model on the plane through its centre"),
    "participation": Line(
        "participation", "oscillators in each mode of the lattice model against its frequency, for several L"
    ),
    "landscape": Line("landscape_graph", "minima of one sample and the passes between them"),
    "glasses-and-models": Line(
        "glasses_and_models", "soft excitations of glasses beside those of models, from stores"
    ),
    "one-law": Line("one_law", "omega^4 of a glass, a lattice and mean field on one line, beside theory"),
    "depletion": Line(
        "depletion", "number of soft modes, of glasses against 1/T_p and of KHGPS against 1/J^2"
    ),
    "fields": Line("fields", "law of the static fields in the lattice model"),
    "slowing": Line("slowing", "powers of time that gradient descent follows, for several sizes"),
    "map": Line("plane_map", "A_g and more over two parameters of a sweep", store=True, sweep="plane-smoke"),
    "vdos": Line("vdos", "density of states with its omega^4 law", store=True),
}


def figure(name: str) -> FigureRecord:
    """Return the record of a figure; its file, and with it matplotlib and the engine, is imported now."""
    record: FigureRecord = import_module(f"qle.figures.{TABLE[name].file}").FIGURES[name]
    return record
