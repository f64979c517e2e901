"""Driving by any parameter: folds and avalanches in closed form, by differences of the gradient alone."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

import landscape
import quartic
from landscape.nonlinear.branch import Branch
from landscape.nonlinear.fold import locate
from tests.networks import network
from tests.surfaces import lennard_jones

Array = NDArray[np.float64]
CUBE = 0.1 ** (1.0 / 3.0)
TILT = 2.0 / 27.0**0.5  # of x^4/4 - x^2/2 - TILT x, at which the left well goes


class Tilted(landscape.Family):
    """x^4/4 - s(h) x^2/2 - f(h) x, with the derivatives of all this left to differences."""

    def __init__(self, force: Callable[[float], float], stiffness: Callable[[float], float]) -> None:
        self.force, self.stiffness = force, stiffness

    def at(self, h: float) -> landscape.Functions:
        f, s = self.force(h), self.stiffness(h)
        return landscape.Functions(
            lambda x: float(x[0] ** 4 / 4.0 - s * x[0] ** 2 / 2.0 - f * x[0]), lambda x: x**3 - s * x - f, 1
        )


class Field(landscape.Family):
    """A problem in a uniform field, of which only energies and forces are told."""

    def __init__(self, problem: quartic.Problem) -> None:
        self.problem = problem

    def at(self, h: float) -> landscape.Functions:
        p = self.problem
        now = quartic.Problem(p.stiffness, p.coupling, p.field - p.field.mean() + h, p.anharmonicity)
        return landscape.Functions(now.energy, now.gradient, p.size)


class Pulled(landscape.Family):
    """Two atoms pulled apart by a force h."""

    def at(self, h: float) -> landscape.Functions:
        pair = lennard_jones(2)

        def gradient(x: Array) -> Array:
            apart = x[3:] - x[:3]
            unit = apart / np.linalg.norm(apart)
            return np.asarray(pair.gradient(x) - h * np.concatenate([-unit, unit]))

        return landscape.Functions(
            lambda x: pair.energy(x) - h * float(np.linalg.norm(x[3:] - x[:3])),
            gradient,
            6,
            dimension=3,
            zero_modes="rigid",
            length=0.1,
        )


def test_a_well_is_driven_over_its_edge_by_a_force() -> None:
    """At h_c = 2/27^(1/2) from x = -3^(-1/2) to 2/3^(1/2): the energy falls by 1/12 + 2/3. dH/dh = -x."""
    found = landscape.drive(Tilted(lambda h: h, lambda h: 1.0), [-1.0], h_from=0.0, h_to=0.5)
    assert found.status == "arrived"
    (event,) = found.events
    assert event.fold.h == pytest.approx(TILT, rel=1e-9)
    assert event.fold.x[0] == pytest.approx(-(3.0**-0.5), rel=1e-6)
    assert event.fold.direction[0] == 1.0
    assert event.fold.force == pytest.approx(-1.0, rel=1e-9)
    np.testing.assert_allclose([event.fold.b3, event.fold.b4], [-6.0 / 3.0**0.5, 6.0], rtol=1e-5)
    assert event.x[0] == pytest.approx(2.0 / 3.0**0.5, rel=1e-9)
    assert event.energy_drop == pytest.approx(0.75, rel=1e-9)
    assert event.size == pytest.approx(3.0**0.5, rel=1e-6)
    assert event.slope == pytest.approx(-(3.0**0.5), rel=1e-6)
    np.testing.assert_allclose(found.slope[0], 1.0, rtol=1e-9)
    np.testing.assert_allclose(found.lowest_eigenvalue[0], 2.0, rtol=1e-9)
    assert found.x[0] ** 3 - found.x[0] == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize(
    ("family", "to", "edge", "felt"),
    [
        (Tilted(math.expm1, lambda h: 1.0), 0.5, math.log1p(TILT), -(1.0 + TILT)),
        (
            Tilted(lambda h: 0.2, lambda h: 1.0 - h),
            0.6,
            1.0 - 3.0 * 0.1 ** (2.0 / 3.0),
            -(0.1 ** (1.0 / 3.0)),
        ),
    ],
)
def test_a_parameter_enters_in_any_way(family: Tilted, to: float, edge: float, felt: float) -> None:
    """A force exp(h) - 1; and a well that softens, s = 1 - h, where M and p = x move too: s = 3 x^2."""
    start = landscape.minimize(family.at(0.0), [-1.0]).x
    found = landscape.drive(family, start, h_from=0.0, h_to=to)
    assert found.events[0].fold.h == pytest.approx(edge, rel=1e-8)
    sign = math.copysign(1.0, felt) * math.copysign(1.0, found.events[0].fold.force)
    assert sign * found.events[0].fold.force == pytest.approx(felt, rel=1e-6)


def test_a_branch_moves_as_its_derivatives_say() -> None:
    """dx/dh, d2x/dh2 and d lambda/dh of x^3 - (1 - h) x - 0.2 = 0, by implicit differentiation."""
    branch = Branch(Tilted(lambda h: 0.2, lambda h: 1.0 - h), 1e-10)
    h = 0.1
    x = branch.correct(np.array([1.0]), h)
    point = branch.point(x, h)
    value = float(x[0])
    curvature = 3.0 * value**2 - (1.0 - h)
    slope = -value / curvature
    bend = -(6.0 * value * slope**2 + 2.0 * slope) / curvature
    assert point.slope[0] == pytest.approx(slope, rel=1e-8)
    assert point.bend[0] == pytest.approx(bend, rel=1e-6)
    assert point.rates[0] == pytest.approx(6.0 * value * slope + 1.0, rel=1e-6)
    assert point.eigenvalues[0] == pytest.approx(curvature, rel=1e-9)


def test_two_atoms_are_pulled_apart() -> None:
    """V'(r) is largest at r = (26/7)^(1/6); the five motions as a whole do not make M singular before."""
    family = Pulled()
    x = landscape.minimize(family.at(0.0), np.array([0.0, 0.0, 0.0, 0.6, 0.7, 0.7])).x
    branch = Branch(family, 1e-9)
    here = branch.point(branch.correct(x, 0.0), 0.0)
    while here.h < 2.3:
        here = branch.advance(here, 2.3, longest=1.0, least=1e-9)
    fold = locate(branch, here, 1.0)
    r = (26.0 / 7.0) ** (1.0 / 6.0)
    assert np.linalg.norm(fold.x[3:] - fold.x[:3]) == pytest.approx(r, rel=1e-6)
    assert fold.h == pytest.approx(24.0 * (r**-7 - 2.0 * r**-13), rel=1e-9)
    assert abs(fold.force) == pytest.approx(2.0**0.5, rel=1e-6)  # psi = (-e, e)/2^(1/2)
    assert family.at(fold.h).zero_modes(fold.x).T @ fold.direction == pytest.approx(np.zeros(5), abs=1e-12)


def test_oscillators_known_by_forces_alone_are_driven_alike() -> None:
    """Every avalanche of `quartic.drive`, its derivatives exact, at the same field and with the same end."""
    problem = network(2)
    x = quartic.minimize(problem, method="descent").x
    exact = quartic.drive(problem, x, h_to=0.0)
    found = landscape.drive(Field(problem), x, h_from=float(problem.field.mean()), h_to=0.0)
    assert len(found.events) == len(exact.events) >= 1
    for own, wanted in zip(found.events, exact.events, strict=True):
        assert own.fold.h == pytest.approx(wanted.fold.h, abs=1e-9)
        assert own.energy_drop == pytest.approx(wanted.energy_drop, rel=1e-8)
        assert own.slope == pytest.approx(-problem.size * wanted.magnetisation, rel=1e-7)
    np.testing.assert_allclose(found.x, exact.x, rtol=0, atol=1e-8)


def test_a_well_softens_as_the_root_of_the_distance() -> None:
    """(S 21): b2 over (2 |b3 F| distance)^(1/2) goes to 1; the next order is the root of the distance."""
    family = Tilted(lambda h: h, lambda h: 1.0)
    fold = landscape.drive(family, [-1.0], h_from=0.0, h_to=0.5).events[0].fold
    found = landscape.softening(family, fold, h_from=0.0, nearest=1e-4, points=5)
    assert found.status == "arrived"
    np.testing.assert_allclose(found.b2[0] / found.predicted[0], 1.0, atol=3.0 * found.distance[0] ** 0.5)
    assert found.b2[-1] == pytest.approx(2.0, rel=1e-8)
    assert found.b3[-1] == pytest.approx(-6.0, rel=1e-6)
    np.testing.assert_allclose(found.force, -1.0, rtol=1e-8)
    np.testing.assert_allclose(found.overlap, 1.0, rtol=1e-12)
