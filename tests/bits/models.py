"""Samples of every model and coupling, disorder, soft potentials, replica-symmetric solutions."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import khgps
import lattice_gps
import quartic
import spm
from landscape import disorder
from quartic.couplings import Dense, Packed, Regenerated, Rotated

Results = Iterator[tuple[str, Any]]


def numbers() -> Results:
    """Random numbers of every kind of address."""
    yield "words", disorder.vector_words(2, 37, seed=5, sample=7, label="bits")
    yield "uniform", disorder.uniform(101, seed=5, sample=7, label="bits")
    yield "normal", disorder.normal(101, seed=5, sample=7, label="bits")
    yield "pair keys", disorder.pair_keys(101, seed=5, sample=7, label="bits")


def couplings() -> Results:
    """Products, rows and strengths of every kind of coupling."""
    given = np.random.default_rng(1).normal(size=(60, 60))
    kinds = {
        "dense": Dense(given + given.T - np.diag(2.0 * given.diagonal())),
        "packed": Packed.normal(150, scale=0.1, seed=1, sample=2, label="bits"),
        "regenerated": Regenerated(150, scale=0.1, seed=1, sample=2, label="bits"),
        "rotated": Rotated(150, np.linspace(-1.0, 1.0, 256), seed=1, sample=2, label="bits"),
    }
    for name, coupling in kinds.items():
        x = disorder.normal(coupling.size * 20, seed=1, sample=0, label="block").reshape(-1, 20)
        yield f"{name} dense", coupling.dense()
        yield f"{name} row", coupling.row(3)
        yield f"{name} strength", coupling.strength
        yield f"{name} product", coupling @ x[:, 0]
        yield f"{name} few", coupling @ x[:, :3]
        yield f"{name} block", coupling @ x
        yield f"{name} single", coupling.products(x.astype(np.float32))
        yield f"{name} rescaled", coupling.rescaled(-7) @ x[:, 0]


def problems() -> Results:
    """Samples of both models, and their energies with derivatives."""
    for coupling in ("stored", "regenerated", "structured"):
        params = khgps.KHGPS(N=100, J=0.2, h=0.1, kappa_min=0.1, beta=0.5, coupling=coupling)
        yield from _parts(f"khgps {coupling}", khgps.draw(params, seed=1, sample=3))
    for coupling in lattice_gps.model.COUPLINGS:
        for L, d in ((30, 1), (9, 2), (6, 3)):
            given = lattice_gps.GPSLattice(L=L, d=d, J=1.2, h=0.02)
            yield from _parts(
                f"lattice {coupling} {d}", lattice_gps.draw(given, seed=1, sample=3, coupling=coupling)
            )


def _parts(name: str, problem: quartic.Problem) -> Results:
    x, d = (disorder.normal(problem.size, seed=9, sample=k, label="bits") for k in (0, 1))
    yield (
        f"{name} parts",
        (problem.stiffness, problem.field, problem.linear_strength, problem.coupling.dense()),
    )
    yield f"{name} energy", quartic.energy(problem, x)
    yield f"{name} gradient", quartic.gradient(problem, x)
    yield f"{name} hessian", quartic.hessian(problem, x)
    yield f"{name} line", quartic.line_coefficients(problem, x, d)


def lattice() -> Results:
    """Reconstruction, local fields and profiles."""
    problem = lattice_gps.draw(lattice_gps.GPSLattice(L=6, J=1.0), seed=2, sample=0)
    yield "reconstruction", lattice_gps.reconstruct(problem)
    x = quartic.minimize(problem, start="kick").x
    modes = quartic.low_modes(problem, x, 5)
    yield "fields", lattice_gps.site_potentials(problem, x)
    yield "profile", lattice_gps.radial_profile(modes.vectors, 6, 3)
    yield "core", lattice_gps.core_radius(modes.vectors, 6, 3)


def potentials() -> Results:
    """Soft potentials: wells, laws, levels, heat."""
    law = spm.SoftPotentials()
    wells = spm.sample(law, 2000, seed=3)
    yield "wells", wells
    yield "tally", spm.tally(wells)
    yield "stream", spm.stream(law, 3000, seed=3)
    yield "soft", spm.sample_soft(law, 500, b2_max=1e-2, seed=3)
    yield "levels", spm.levels(np.array([1.0, 0.1]), np.array([0.5, 0.5]), 1.0, mass=1e4, count=4)


def solutions() -> Results:
    """Replica-symmetric solutions."""
    for name, J, h in (("weak", 0.05, 0.1), ("strong", 0.2, 0.5)):
        params = khgps.KHGPS(N=100, J=J, h=h, kappa_min=0.2)
        yield f"{name} solution", khgps.solve_rs(params, unstable=True)
        yield f"{name} spectrum", khgps.rs_spectrum(params, np.array([0.3, 0.6, 1.0]))
    yield "critical", khgps.critical_coupling(0.1, kappa_min=0.2)


PARTS: dict[str, Callable[[], Results]] = {
    "numbers": numbers,
    "couplings": couplings,
    "problems": problems,
    "lattice": lattice,
    "potentials": potentials,
    "solutions": solutions,
}
