"""Mixed derivatives as multilinear forms of bond fields, and forces as the slope of the energy in time."""

import itertools

import numpy as np
import pytest

import glass
from glass.elasticity import strain
from tests import glass_reference as reference


@pytest.mark.parametrize(
    ("name", "d"), list(itertools.product(sorted(reference.CASES), [2, 3])), ids=lambda v: str(v)
)
def test_mixed_derivatives_are_the_polarised_ones_of_the_reference(name: str, d: int) -> None:
    """Along displacements and strains at once, of every order that is defined; in any order of the fields."""
    made, numbers = reference.made(name, {2: 16, 3: 30}[d], d, 3, 0.2), np.random.default_rng(2)
    most = min(4, made.potential.smooth + 1)
    fields = [(numbers.normal(size=made.size), rate) for rate in (0.7, -0.4, 0.0, 1.1)][:most]
    bonds = made.bonds(made.x, most)
    assert bonds.i.size > 1
    u = [bonds.stretch(z) + rate * strain(bonds.r) for z, rate in fields]
    for p in range(2, most + 1):
        wanted = reference.polarised(made, reference.CASES[name][0], made.x, fields[:p])
        form = (bonds.second, bonds.third, bonds.fourth)[p - 2]
        for order in itertools.permutations(range(p)):
            *some, last = (u[k] for k in order)
            field = form(*some)
            size = float(np.sum(np.abs(last) * np.abs(field)))  # of the terms, beside which rounding is
            assert abs(float(np.sum(last * field) - wanted)) < 1e-10 * size


@pytest.mark.parametrize("name", ["soft_spheres", "kob_andersen", "sticky_spheres"])
def test_newtons_equations_keep_the_energy(name: str) -> None:
    """To second order of the time step, over lists of neighbours and bonds that begin and end on the way.

    The error of Verlet's steps falls to a quarter as they are halved: 0.2 to 0.3 of it.
    """
    made = reference.made(name, 60, 2, 8, 0.3)
    x = glass.quench(made).x
    errors = []
    for dt in (4e-3, 2e-3):
        place, v = x.copy(), 1.2 * np.random.default_rng(1).normal(size=x.size)
        force, energies = -made.gradient(place), []
        for _ in range(round(1.2 / dt)):
            v += 0.5 * dt * force
            place = place + dt * v
            force = -made.gradient(place)
            v += 0.5 * dt * force
            energies.append(made.energy(place) + 0.5 * float(v @ v))
        errors.append(float(np.std(energies)))
    assert np.abs(place - x).max() > 0.2  # beyond what lists of neighbours last
    assert 0.2 < errors[1] / errors[0] < 0.3
