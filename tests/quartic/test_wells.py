"""Double wells: one oscillator exactly, weak couplings, and what pushes and barriers must satisfy."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import khgps
import quartic
from quartic.nonlinear.cubic import cubic_modes
from quartic.nonlinear.path import one_well
from quartic.nonlinear.wells import double_wells


@settings(max_examples=40)
@given(st.floats(0.05, 2.0), st.floats(0.01, 6.0), st.floats(0.2, 5.0), st.sampled_from([-1.0, 1.0]))
def test_one_oscillator_has_a_second_minimum_beyond_eight_thirds(
    b2: float, r: float, b4: float, side: float
) -> None:
    """With A = b4, x_0 = b3/b4 and kappa = b2 - b4 x_0^2/2, x_0 is a minimum of the given b2, b3, b4.

    It has a second minimum if r = b3^2/(b2 b4) > 8/3, a lower one if r > 3 (S IV.G); the barrier is that of
    the quartic, here derived as the stationary points of b2 s^2/2 + b3 s^3/6 + b4 s^4/24.
    """
    assume(abs(r - 8.0 / 3.0) > 1e-3)
    assume(abs(r - 3.0) > 1e-6)
    b3 = side * math.sqrt(r * b2 * b4)
    x0 = b3 / b4
    kappa = b2 - b4 * x0**2 / 2.0
    problem = quartic.Problem([kappa], [[0.0]], kappa * x0 + b4 * x0**3 / 6.0, b4)
    (well,) = double_wells(problem, [x0], [np.array([3.0])])
    assert well.expansion == pytest.approx((b2, -abs(b3), b4), rel=1e-10)
    assert well.status == ("found" if r > 8.0 / 3.0 else "none")
    if well.status == "none":
        assert well.x is None
        assert well.push == pytest.approx(1.5 * max(math.sqrt(6.0 * b2 / b4), 3.0 * abs(b3) / b4))
        assert math.isnan(well.barrier)
        assert math.isnan(well.quartic_barrier)
        return
    root = math.sqrt(9.0 * b3**2 - 24.0 * b2 * b4)
    top, bottom = ((3.0 * abs(b3) + s * root) / (2.0 * b4) for s in (-1.0, 1.0))
    exact = b2 * top**2 / 2.0 - abs(b3) * top**3 / 6.0 + b4 * top**4 / 24.0
    assert well.barrier == pytest.approx(exact, rel=1e-6, abs=1e-12)
    assert well.quartic_barrier == pytest.approx(exact, rel=1e-6)
    assert well.distance == pytest.approx(bottom, rel=1e-6)
    assert well.overlap == pytest.approx(1.0, abs=1e-15)
    assert (well.asymmetry < 0.0) == (r > 3.0)
    assert well.path is not None
    assert well.path.status == "direct"


def test_weak_couplings_change_the_barrier_by_the_work_of_the_neighbours() -> None:
    """To first order in J the barrier of oscillator 0 changes by J x_1 (x_top - x_0), x_1 at its place."""
    alone = quartic.Problem([-1.0, 0.7], np.zeros((2, 2)), [0.1, 0.4], 1.0)
    start = quartic.minimize(alone, start=[-2.0, 1.0]).x
    (before,) = double_wells(alone, start, [[1.0, 0.0]])
    assert before.path is not None
    top = before.path.saddles[0].x[0]
    changes = []
    for j in (1e-2, 1e-3):
        coupled = quartic.Problem([-1.0, 0.7], [[0.0, j], [j, 0.0]], [0.1, 0.4], 1.0)
        x = quartic.minimize(coupled, method="descent", start=start).x
        (after,) = double_wells(coupled, x, cubic_modes(coupled, x, starts=np.array([1.0, 0.0])))
        changes.append((after.barrier - before.barrier) / j - start[1] * (top - start[0]))
        assert after.overlap > 0.99
    assert abs(changes[1]) < 0.02
    assert changes[1] == pytest.approx(changes[0] / 10.0, rel=0.05)


def test_glassy_minima() -> None:
    """Second minima and their barriers, in four samples: what holds for each whatever the disorder."""
    count = 0
    for sample in (0, 1, 3, 4):
        problem = khgps.draw(khgps.KHGPS(N=100, J=0.2, h=0.01), seed=7, sample=sample)
        x = quartic.minimize(problem, method="descent", start="random").x
        modes = cubic_modes(problem, x, count=8)
        wells = double_wells(problem, x, modes)
        assert len(wells) == len(modes)
        for mode, well in zip(modes, wells, strict=True):
            assert abs(well.direction @ mode.direction) == pytest.approx(1.0, abs=1e-12)
            assert well.cubic_barrier == pytest.approx(mode.barrier, rel=1e-9)
            if well.x is None:
                continue
            count += 1
            assert well.path is not None
            assert not one_well(problem, x, well.x)
            assert np.abs(quartic.gradient(problem, well.x)).max() < 1e-9
            assert quartic.spectrum(problem, well.x)[0] > 0.0
            assert quartic.energy(problem, well.x) - quartic.energy(problem, x) == pytest.approx(
                well.asymmetry
            )
            assert well.barrier > max(0.0, well.asymmetry)
            # the push and the flow after it lead from x to x1: no lowest pass is higher than their top
            s = np.linspace(0.0, well.push, 1000)
            b2, b3, b4 = well.expansion
            assert well.barrier <= np.max(b2 * s**2 / 2 + b3 * s**3 / 6 + b4 * s**4 / 24) * (1.0 + 1e-4)
    assert count >= 4  # or nothing was tested


def test_the_same_second_minimum_is_counted_once() -> None:
    problem = quartic.Problem([-1.0, 0.7], np.zeros((2, 2)), [0.1, 0.4], 1.0)
    x = quartic.minimize(problem, start=[-2.0, 1.0]).x
    tilted = np.array([math.cos(0.1), math.sin(0.1)])
    first, second = double_wells(problem, x, [[1.0, 0.0], tilted])
    assert (first.status, second.status) == ("found", "same")
    assert second.barrier == first.barrier
    assert first.overlap == pytest.approx(1.0, abs=1e-9)
    assert second.overlap == pytest.approx(math.cos(0.1), abs=1e-9)


def test_paths_may_be_left_out_and_work_is_bounded() -> None:
    problem = quartic.Problem([-1.0], [[0.0]], 0.1, 1.0)
    x = quartic.minimize(problem, start=[-2.0]).x
    (well,) = double_wells(problem, x, [[1.0]], paths=False)
    assert well.status == "found"
    assert well.path is None
    assert math.isnan(well.barrier)
    (well,) = double_wells(problem, x, [[1.0]], max_products=1)
    assert well.status == "unconverged"
    assert well.x is None


def test_what_is_refused() -> None:
    problem = quartic.Problem([-1.0], [[0.0]], 0.1, 1.0)
    x = quartic.minimize(problem).x
    with pytest.raises(ValueError, match="reach = 0"):
        double_wells(problem, x, [[1.0]], reach=0.0)
    with pytest.raises(ValueError, match=r"modes\[1\] is zero"):
        double_wells(problem, x, [[1.0], [0.0]])
    unforced = quartic.Problem([-1.0], [[0.0]], 0.0, 1.0)
    with pytest.raises(ValueError, match="x is no minimum: the lowest eigenvalue there is -1, must be > 0"):
        double_wells(unforced, [0.0], [[1.0]])
