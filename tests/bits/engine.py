"""Minima, modes, nonlinear excitations, driving and heat of small samples, by every method."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

import khgps
import lattice_gps
import quartic
from quartic.anneal import FIELD_PATHS
from quartic.nonlinear import cubic

Results = Iterator[tuple[str, Any]]


@cache
def glassy(n: int, *, h: float = 0.1) -> quartic.Problem:
    """Return a sample with many minima."""
    return khgps.draw(khgps.KHGPS(N=n, J=0.4, h=h, kappa_min=0.1), seed=1, sample=n)


@cache
def at_minimum(n: int) -> tuple[quartic.Problem, Any]:
    """Return a sample and its minimum."""
    return glassy(n), quartic.minimize(glassy(n)).x


def minima() -> Results:
    """By every method and start, in ordinary and in extreme units."""
    for method in quartic.METHODS:
        for start in quartic.STARTS:
            field = 0.0 if start == "kick" else 0.1
            found = quartic.minimize(glassy(120, h=field), method=method, start=start, seed=5, check=False)
            yield f"{method} {start}", found
    p = glassy(60)
    far = quartic.Problem(
        np.ldexp(p.stiffness, 300),
        p.coupling.rescaled(300),
        np.ldexp(p.field, 300),
        p.anharmonicity * 2.0**300,
    )
    yield "extreme units", quartic.minimize(far)
    yield "certified", quartic.minimize(p, certify=True)
    sparse = lattice_gps.draw(lattice_gps.GPSLattice(L=8, J=1.0), seed=1, sample=0)
    yield "lattice", quartic.minimize(sparse, start="kick")


def searches() -> Results:
    """Of many minima."""
    for path in FIELD_PATHS:
        yield f"anneal {path}", quartic.anneal(glassy(100), path=path, steps=8)
    yield "best of", quartic.best_of(glassy(100), starts=6, seed=3)
    yield "explore few", quartic.explore(glassy(100), starts=7, seed=3)
    yield "explore batches", quartic.explore(glassy(70), starts=33, seed=3)
    yield "explore without field", quartic.explore(glassy(70, h=0.0), starts=20, seed=3)


def modes() -> Results:
    """By every route."""
    problem, x = at_minimum(300)
    yield "dense", quartic.low_modes(problem, x, 12)
    yield "davidson small", quartic.low_modes(problem, x, 12, method="davidson")
    yield "factor small", quartic.low_modes(problem, x, 12, method="factor")
    yield "spectrum", quartic.spectrum(problem, x)
    yield "response", quartic.response(problem, x)
    large, y = at_minimum(1300)
    yield "default", quartic.low_modes(large, y, 10)
    yield "products", quartic.low_modes(large, y, 10, method="davidson", verify=False)
    yield "participation", quartic.participation_ratio(quartic.low_modes(problem, x, 12).vectors)
    params = khgps.KHGPS(N=2048, J=0.1, h=0.1, kappa_min=0.1, coupling="structured")
    rotated = khgps.draw(params, seed=1, sample=0)
    z = quartic.minimize(rotated, certify=False).x
    yield "structured", quartic.low_modes(rotated, z, 6, verify=False)


def nonlinear() -> Results:
    """Cubic and quartic modes, expansions and barriers, inverses."""
    problem, x = at_minimum(300)
    for method in cubic.METHODS:
        for starts in ("sites", "modes", "random"):
            found = quartic.cubic_modes(problem, x, starts=starts, count=6, method=method)
            yield f"cubic {method} {starts}", found
        yield f"quartic {method}", quartic.quartic_modes(problem, x, count=4, method=method)
    z = quartic.low_modes(problem, x, 5).vectors
    expansion = quartic.expansion(problem, x, z)
    yield "expansion", expansion
    yield "barrier", (quartic.barrier(expansion), quartic.barrier(expansion, exact=True))
    for method in ("factor", "products"):
        yield f"inverse {method}", quartic.Inverse(problem, x, method=method).solve(z)


def wells() -> Results:
    """Paths, saddles and double wells."""
    problem = glassy(40)
    found = quartic.explore(problem, starts=12, seed=1)
    yield "path", quartic.minimum_energy_path(problem, found.x[0], found.x[1])
    yield "saddle", quartic.saddle_between(problem, found.x[0], found.x[1])
    modes = quartic.cubic_modes(problem, found.x[0], count=5)
    yield "double wells", quartic.double_wells(problem, found.x[0], modes)
    yield "second minima", quartic.double_wells(problem, found.x[1], modes, paths=False)


def driving() -> Results:
    """Drives up and down, softening before a fold."""
    problem, x = at_minimum(60)
    up = quartic.drive(problem, x, h_to=0.6)
    yield "up", up
    yield "down", quartic.drive(problem, x, h_to=-0.1)
    yield "softening", quartic.softening(problem, up.events[0].fold, h_from=problem.field[0], points=7)


def heat() -> Results:
    """Thermal response."""
    problem, x = at_minimum(120)
    yield "capacities", quartic.heat_capacities(problem, x, largest=50)
    observable = quartic.Observable(slope=np.ones(120), curvature=x, pairs=([0, 3], [2, 9], [0.5, -1.0]))
    yield "response", quartic.thermal_response(problem, x, observable)


PARTS: dict[str, Callable[[], Results]] = {
    "minima": minima,
    "searches": searches,
    "modes": modes,
    "nonlinear": nonlinear,
    "wells": wells,
    "driving": driving,
    "heat": heat,
}
