"""Softening towards an instability: the square-root law, exactly for one oscillator."""

import math

import numpy as np
import pytest

import khgps
import quartic
from quartic.nonlinear.drive import Drive, drive
from quartic.nonlinear.softening import Softening, softening
from theory import formulas


@pytest.fixture(scope="module")
def driven() -> tuple[quartic.Problem, Drive]:
    """Return a sample of KHGPS and what happens in it between h = 0.01 and its first two instabilities."""
    problem = khgps.draw(khgps.KHGPS(N=200, J=0.2, h=0.01), seed=1, sample=0)
    x = quartic.minimize(problem, method="descent").x
    result = drive(problem, x, h_to=0.3, max_events=2)
    assert result.status == "max_events"
    return problem, result


@pytest.fixture(scope="module")
def softened(driven: tuple[quartic.Problem, Drive]) -> list[Softening]:
    problem, result = driven
    starts = (0.01, result.events[0].fold.h)
    return [
        softening(problem, event.fold, h_from=start, nearest=1e-8, points=9)
        for start, event in zip(starts, result.events, strict=True)
    ]


def test_one_oscillator_is_exact() -> None:
    """kappa = -1, A = 2: the fold is at x_c = -1; at h_c - d, h = -x + x^3/3 gives b2 = x^2 - 1."""
    problem = quartic.Problem([-1.0], [[0.0]], 0.0, 2.0)
    (event,) = drive(problem, quartic.minimize(problem, start=[-2.0]).x, h_to=1.0).events
    found = softening(problem, event.fold, h_from=0.0, points=5)
    assert found.status == "arrived"
    for distance, b2, lowest in zip(found.distance, found.b2, found.lowest_eigenvalue, strict=True):
        # x^3/3 - x = 2/3 - d has its lowest root at x = -1 - y, y^2 + y^3/3 = d
        y = math.sqrt(distance)
        for _ in range(60):
            y = math.sqrt(distance / (1.0 + y / 3.0))
        assert b2 == pytest.approx(2.0 * y + y**2, rel=1e-6)
        assert lowest == pytest.approx(b2, rel=1e-9)
    np.testing.assert_allclose(found.predicted, 2.0 * np.sqrt(found.distance), rtol=1e-12)
    assert found.overlap.tolist() == found.normal_overlap.tolist() == [1.0] * 5


def test_the_square_root_law_near_instabilities(
    driven: tuple[quartic.Problem, Drive], softened: list[Softening]
) -> None:
    """b2 = (2 b3 F (h_c - h))^(1/2) (S 21) to leading order; corrections fall as the root of it."""
    for event, found in zip(driven[1].events, softened, strict=True):
        d = found.distance
        expected = [
            float(formulas.softening_stiffness(np, abs(event.fold.b3), abs(event.fold.force), s)) for s in d
        ]
        np.testing.assert_allclose(found.predicted, expected, rtol=1e-12)
        for stiffness in (found.b2, found.lowest_eigenvalue):
            excess = stiffness / found.predicted - 1.0
            assert abs(excess[0]) < 0.05
            assert excess[0] / excess[2] == pytest.approx(math.sqrt(d[0] / d[2]), rel=0.2)
            exponent = math.log(stiffness[1] / stiffness[0]) / math.log(d[1] / d[0])
            assert exponent == pytest.approx(0.5, abs=abs(excess[1]))
        assert found.overlap[0] > 0.999
        assert found.normal_overlap[0] > 0.999


def test_the_states_are_those_of_the_drive_forwards(
    driven: tuple[quartic.Problem, Drive], softened: list[Softening]
) -> None:
    problem, result = driven
    x = quartic.minimize(problem, method="descent").x
    for distance, lowest in zip(softened[0].distance[3:], softened[0].lowest_eigenvalue[3:], strict=True):
        there = drive(problem, x, h_to=result.events[0].fold.h - distance)
        assert there.events == ()
        assert there.lowest_eigenvalue[-1] == pytest.approx(lowest, rel=1e-5)


def test_the_cubic_mode_is_at_least_as_stiff_as_the_lowest_normal_mode(softened: list[Softening]) -> None:
    """z.M.z >= lambda for every z; and the mode is on the side of its barrier."""
    for found in softened:
        assert np.all(found.b2 >= found.lowest_eigenvalue * (1.0 - 1e-9))
        assert np.all(found.b3 < 0.0)
        assert np.all(np.diff(found.distance) > 0.0)


def test_what_is_refused(driven: tuple[quartic.Problem, Drive]) -> None:
    problem, result = driven
    fold = result.events[0].fold
    with pytest.raises(ValueError, match="must be below h_c"):
        softening(problem, fold, h_from=1.0)
    with pytest.raises(ValueError, match="nearest = 1"):
        softening(problem, fold, h_from=0.0, nearest=1.0)
    with pytest.raises(ValueError, match="points = 1"):
        softening(problem, fold, h_from=0.0, points=1)
