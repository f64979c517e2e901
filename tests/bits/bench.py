"""Sweeps with every measurement and protocol, the tables made from them, and ensembles."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import khgps
import lattice_gps
import qle
from qle import statistics
from qle.description.protocol import Protocol
from qle.measurements.cubic_modes import collect
from qle.measurements.ensemble import RANDOM, Ensemble
from qle.measurements.lattice import measure
from qle.measurements.lattice_modes import lattice_modes
from qle.measurements.soft_modes import soft_modes

Results = Iterator[tuple[str, Any]]

GRID = {"N": [40, 60], "J": 0.3, "h": 0.05, "kappa_0": 1.0}
EVERYTHING = {"modes": 20, "chi": True, "nonlinear": True, "wells": True, "heat": True}
PROTOCOLS: dict[str, dict[str, Any]] = {
    "descent": {"method": "descent"},
    "random": {"start": "random"},
    "best": {"start": "random", "starts": 4},
    "falling": {"field_path": "falling", "field_steps": 5},
    "alternating": {"field_path": "alternating", "field_steps": 5},
}


def _sweep(folder: Path, name: str, **changes: Any) -> Any:
    spec = {"model": "khgps", "seed": 1, "samples": 20, "grid": GRID, "measure": {"modes": 20}, **changes}
    return qle.sweep(spec, store=folder / name, workers=1, progress="none").load()


def sweeps() -> Results:
    """Every measurement, protocol and model, read back from a store of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = _sweep(folder, "measured", samples=3, grid={**GRID, "N": 40}, measure=EVERYTHING)
        yield "every measurement", measured
        for protocol, given in PROTOCOLS.items():
            yield protocol, _sweep(folder, protocol, samples=3, protocol=given)
        lattice = {"L": 5, "J": [0.5, 1.0], "d": 3}
        yield (
            "lattice",
            _sweep(
                folder, "lattice", model="lattice_gps", samples=3, grid=lattice, protocol={"start": "kick"}
            ),
        )
        plain = _sweep(folder, "plain")
        yield "plain", plain
        yield "opened", qle.open(folder / "plain").load()
        yield from _tables(plain, _sweep(folder, "other", protocol={"method": "descent"}))


def _tables(plain: Any, other: Any) -> Results:
    tail = statistics.tail(plain, resamples=50)
    yield "tail", tail
    yield "vdos", statistics.vdos(plain, resamples=50)
    yield "softest", statistics.softest(plain)
    yield "moments", statistics.moments(plain)
    yield "windows", statistics.windows(plain, resamples=50)
    yield "finite size", statistics.finite_size(tail)
    yield "compare", statistics.compare({"lbfgs": plain, "descent": other}, resamples=50)
    yield "crossover", statistics.crossover(plain)
    yield "table", statistics.to_text(statistics.table(plain, resamples=50))


def ensembles() -> Results:
    """What is collected of ensembles without a store: soft modes, cubic modes, the way to lower wells."""
    mean_field = khgps.KHGPS(N=60, J=0.3, h=0.02)
    lattice = lattice_gps.GPSLattice(L=5, J=0.3)
    yield "lattice", measure(lattice, 3, modes=5, seed=2)
    for name, modes in zip(
        ("descended", "lower"), lattice_modes(lattice, 0.3, samples=6, seed=2), strict=True
    ):
        yield f"lattice modes, {name}", modes
    yield "soft modes", soft_modes(mean_field, 0.3, samples=8, seed=1)
    for params, protocol in ((mean_field, Protocol()), (lattice, RANDOM)):
        ensemble = Ensemble(params=params, seed=3, protocol=protocol)
        for name, found in zip(("found", "lower"), collect(ensemble, 3), strict=True):
            yield f"cubic modes of {type(params).__name__}, {name}", found


PARTS: dict[str, Callable[[], Results]] = {"sweeps": sweeps, "ensembles": ensembles}
