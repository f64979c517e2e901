"""All kernels compiled before they are needed: for containers, clusters, and who does not want to wait."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import glass
import khgps
import landscape
import lattice_gps
import quartic
import spm
from landscape import disorder
from landscape.compilation import COMPILATION
from qle import PACKAGES
from qle.description.measure import LINES, Measure
from qle.measurements.sample import measure
from quartic.anneal import FIELD_PATHS
from quartic.couplings import Dense, Packed, Regenerated, Rotated

WITHOUT = ("arguments", "theory", "qle")
"""Packages that have no kernels."""


class Warmed(NamedTuple):
    """How many kernels there are, how many compilations that took, others being cached, and how long."""

    kernels: int
    compiled: int
    seconds: float


def warm() -> Warmed:
    """Compile every kernel for the arguments that it is called with, by small runs of everything."""
    for package in (importlib.import_module(name) for name in PACKAGES if name not in WITHOUT):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    COMPILATION.told = True
    before, seconds = COMPILATION.compiled, COMPILATION.seconds
    for part in PARTS:
        part()
    return Warmed(len(COMPILATION.kernels), COMPILATION.compiled - before, COMPILATION.seconds - seconds)


def _glassy(n: int, h: float = 0.1, **others: object) -> quartic.Problem:
    """Return a sample with many minima."""
    return khgps.draw(khgps.KHGPS(N=n, J=0.4, h=h, kappa_min=0.1, **others), seed=1, sample=n)  # type: ignore[arg-type]


def _couplings() -> None:
    kinds = (
        Packed.normal(150, scale=0.1, seed=1, sample=2, label="warm"),
        Regenerated(150, scale=0.1, seed=1, sample=2, label="warm"),
        Rotated(150, np.linspace(-1.0, 1.0, 256), seed=1, sample=2, label="warm"),
        Dense(_glassy(150).coupling.dense()),
        *(
            lattice_gps.draw(lattice_gps.GPSLattice(L=4, J=0.2), seed=1, sample=0, coupling=name).coupling
            for name in lattice_gps.model.COUPLINGS
        ),
    )
    for coupling in kinds:
        block = disorder.normal(coupling.size * 20, seed=1, sample=0, label="warm").reshape(-1, 20)
        parts = [coupling.dense(), coupling.row(3), coupling.strength, coupling.rescaled(-7)]
        parts += [coupling.lower(kind) for kind in (np.float32, np.float64)]
        for part in (block[:, 0], block[:, :3], block):
            parts.append(coupling @ np.ascontiguousarray(part))
        parts.append(coupling.products(block.astype(np.float32)))


def _minima() -> None:
    pair = quartic.Problem(np.ones(2), 0.1 * (1.0 - np.eye(2)), field=0.1, anharmonicity=1.0)
    quartic.minimize(pair, method="descent", start="zero")  # both move alike: in a space of one vector
    problem = _glassy(60)
    landscape.flow(problem, np.zeros(60), [1.0], probes=1)
    for method in quartic.METHODS:
        for start in quartic.STARTS:
            quartic.minimize(problem, method=method, start=start, check=False)
    for path in FIELD_PATHS:
        quartic.anneal(problem, path=path, steps=4)
    quartic.explore(problem, starts=33)
    for coupling in ("stored", "regenerated", "structured"):
        quartic.minimize(_glassy(100, coupling=coupling, beta=0.5))


def _modes() -> None:
    problem = _glassy(300)
    x = quartic.minimize(problem).x
    for method in ("dense", "factor", "davidson"):
        quartic.low_modes(problem, x, 12, method=method)
    quartic.low_modes(problem, x, 12, method="davidson", verify=False)
    quartic.low_modes(problem, np.zeros(300), 12, method="factor")  # of a saddle
    asked = {name: True for name, rules in LINES.items() if rules["of"] != "particles"}
    measure(problem, quartic.minimize(problem), Measure(modes=8, **asked))
    z = quartic.low_modes(problem, x, 5).vectors
    for method in ("factor", "products"):
        quartic.Inverse(problem, x, method=method).solve(z)
    for method in ("descent", "fixed-point"):
        quartic.cubic_modes(problem, x, count=4, method=method)
        quartic.quartic_modes(problem, x, count=4, method=method)


def _driving() -> None:
    problem = _glassy(60)
    up = quartic.drive(problem, quartic.minimize(problem).x, h_to=0.6)
    quartic.softening(problem, up.events[0].fold, h_from=problem.field[0], points=5)


def _lattice() -> None:
    problem = lattice_gps.draw(lattice_gps.GPSLattice(L=4, J=1.0), seed=2, sample=0)
    lattice_gps.reconstruct(problem)
    lattice_gps.site_potentials(problem, quartic.minimize(problem, start="kick").x)


def _potentials() -> None:
    law = spm.SoftPotentials()
    spm.tally(spm.sample(law, 2000, seed=3))
    spm.stream(law, 3000, seed=3)
    spm.specific_heat(spm.sample_soft(law, 500, b2_max=1e-2, seed=3), np.array([1e-6, 1e-5]), mass=1e4)
    spm.levels(np.array([1.0, 0.1]), np.array([0.5, 0.5]), 1.0, mass=1e4, count=4)


def _solutions() -> None:
    params = khgps.KHGPS(N=100, J=0.2, h=0.5, kappa_min=0.2)
    khgps.rs_spectrum(params, np.array([0.3, 0.6]))
    distributions = khgps.rs_distributions(params)
    for law in (distributions.x, distributions.field, distributions.k):
        law.density(np.array([0.1, 0.2]))
    khgps.critical_coupling(0.1, kappa_min=0.2)
    khgps.ground_state(khgps.solve_rsb(khgps.KHGPS(N=2, J=0.3, h=0.01)))
    khgps.solve_dynamics(params, times=[1.0], start="decoupled", samples=64)


def _particles() -> None:
    noise = disorder.normal(72, seed=1, sample=0, label="warm").reshape(-1, 2)
    places = 1.2 * np.indices((6, 6)).reshape(2, -1).T + 0.1 * noise
    made = glass.PairGlass(places, sizes=np.tile([1.0, 1.4], 18), box=7.2, potential="inverse_power_mixture")
    x = landscape.minimize(made, made.x, tol=1e-9).x
    landscape.low_modes(made.hessian(x), 5)
    glass.shear_modulus(made, x)
    glass.SimpleShear(made).curve(x, 0.0, noise.ravel(), 1.0)
    glass.sticky_spheres()
    for search in (landscape.cubic_modes, landscape.quartic_modes):
        search(made, x, count=4)
    glass.quench(glass.draw(glass.SoftSpheres(N=64, T_p=2.0, sweeps=100), seed=1, sample=0))


PARTS: tuple[Callable[[], None], ...] = (
    _couplings,
    _minima,
    _modes,
    _driving,
    _lattice,
    _potentials,
    _solutions,
    _particles,
)
