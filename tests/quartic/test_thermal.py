"""First order in temperature: (S 22) against tensors, quadrature, sampling; heat capacities add up to N."""

import re
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import khgps
import quartic
from quartic.nonlinear.heat import heat_capacities
from quartic.nonlinear.thermal import Fluctuations, Observable, thermal_response
from tests.oscillators import problems, rescaled
from theory import formulas

GLASS = khgps.draw(khgps.KHGPS(N=300, J=0.1, h=0.01), seed=3, sample=0)
MINIMUM = quartic.minimize(GLASS, tol=1e-13, method="newton").x


def minimum_of(problem: quartic.Problem) -> np.ndarray:
    """A minimum whose Hessian is positive by 1e-4 of its size, so that rounding stays below 1e-10."""
    found = quartic.minimize(problem, start="random", tol=1e-14, method="newton", check=False)
    eigenvalues = quartic.spectrum(problem, found.x)
    assume(found.status in ("converged", "stalled") and found.gradient_norm < 1e-12 * found.force_scale)
    assume(eigenvalues[0] > 1e-4 * eigenvalues[-1])
    return found.x


class Parts(NamedTuple):
    """The arrays of an observable that has all its parts."""

    slope: np.ndarray
    curvature: np.ndarray
    i: np.ndarray
    j: np.ndarray
    values: np.ndarray

    def observable(self) -> Observable:
        return Observable(slope=self.slope, curvature=self.curvature, pairs=(self.i, self.j, self.values))

    def hessian(self) -> np.ndarray:
        matrix = np.diag(self.curvature)
        np.add.at(matrix, (self.i, self.j), self.values)
        np.add.at(matrix, (self.j, self.i), self.values)
        return matrix


@st.composite
def parts(draw: st.DrawFn, n: int) -> Parts:
    """Observables of two sites or more; a pair may occur twice."""
    numbers = arrays(np.float64, n, elements=st.floats(-2.0, 2.0, width=32))
    pairs = draw(st.lists(st.tuples(*[st.integers(0, n - 1)] * 2).filter(lambda p: p[0] != p[1]), max_size=5))
    i, j = np.array(pairs, np.int64).reshape(-1, 2).T
    values = draw(arrays(np.float64, i.size, elements=st.floats(-2.0, 2.0, width=32)))
    return Parts(draw(numbers), draw(numbers), i, j, values)


@settings(deadline=None)
@given(st.data())
def test_response_is_the_formula_with_all_tensors(data: st.DataObject) -> None:
    problem = data.draw(problems(max_size=5))
    assume(problem.size > 1)
    x = minimum_of(problem)
    given_parts = data.draw(parts(problem.size))
    third = np.zeros((x.size,) * 3)
    third[range(x.size), range(x.size), range(x.size)] = problem.anharmonicity * x
    inverse = np.linalg.inv(quartic.hessian(problem, x))
    stated = 2.0 * formulas.thermal_slope(np, given_parts.slope, given_parts.hessian(), inverse, third)
    size = np.abs(inverse).max() * (1.0 + np.abs(third).max() * np.abs(inverse).max())
    assert thermal_response(problem, x, given_parts.observable()) == pytest.approx(stated, abs=1e-9 * size)


@settings(deadline=None)
@given(st.data())
def test_heat_capacities_add_up_to_n(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = minimum_of(problem)
    heat = heat_capacities(problem, x)
    assert abs(heat.residual) < 1e-10
    assert abs(heat.local.sum() / problem.size - 1.0) < 1e-10
    assert heat.pair_values.sum() == pytest.approx(
        heat.shared.sum(), abs=1e-9 * (1 + np.abs(heat.shared).sum())
    )


@pytest.mark.parametrize("coupling", ["stored", "regenerated", "structured"])
def test_heat_capacities_of_every_coupling_add_up_to_n(coupling: str) -> None:
    """The structured coupling has a diagonal, which belongs to the sites."""
    problem = khgps.draw(khgps.KHGPS(N=200, J=0.2, h=0.01, coupling=coupling), seed=4, sample=0)
    x = quartic.minimize(problem, tol=1e-13, method="newton").x
    assert abs(heat_capacities(problem, x).residual) < 1e-10


def test_each_heat_capacity_is_the_response_of_its_term() -> None:
    heat = heat_capacities(GLASS, MINIMUM, largest=50)
    motion, n, x = Fluctuations(GLASS, MINIMUM), GLASS.size, MINIMUM
    matrix = GLASS.coupling.dense()
    for (i, j), c in zip(heat.pairs, heat.pair_values, strict=True):
        slope = np.zeros(n)
        slope[[i, j]] = matrix[i, j] * x[[j, i]]
        assert motion.response(Observable(slope=slope, pairs=([i], [j], [matrix[i, j]]))) == pytest.approx(c)
    for i in (0, 7, n - 1):
        slope, curvature = np.zeros((2, n))
        slope[i] = GLASS.stiffness[i] * x[i] + GLASS.anharmonicity * x[i] ** 3 / 6 - GLASS.field[i]
        curvature[i] = GLASS.stiffness[i] + GLASS.anharmonicity * x[i] ** 2 / 2
        response = motion.response(Observable(slope=slope, curvature=curvature))
        assert response == pytest.approx(heat.site[i], rel=1e-9)
        others = np.delete(np.arange(n), i)
        slope = 0.5 * matrix[i] * x[i]
        slope[i] = 0.5 * matrix[i] @ x
        pairs = (np.full(n - 1, i), others, 0.5 * matrix[i, others])
        assert motion.response(Observable(slope=slope, pairs=pairs)) == pytest.approx(
            heat.shared[i], rel=1e-9
        )


def test_the_largest_pairs_are_those_of_all() -> None:
    every = heat_capacities(GLASS, MINIMUM, largest=10**6)
    some = heat_capacities(GLASS, MINIMUM, largest=30)
    assert every.pair_values.size == 300 * 299 // 2
    assert np.all(every.pairs[:, 0] < every.pairs[:, 1])
    assert np.unique(every.pairs, axis=0).shape == every.pairs.shape
    np.testing.assert_array_equal(every.pairs[:30], some.pairs)
    np.testing.assert_array_equal(every.pair_values[:30], some.pair_values)
    assert np.all(np.diff(np.abs(every.pair_values)) <= 0.0)
    assert heat_capacities(GLASS, MINIMUM, largest=0).pairs.shape == (0, 2)


def boltzmann(problem: quartic.Problem, x: np.ndarray, t: float) -> np.ndarray:
    """<x_0>, <x_0^2> and <x_0 x_1> less their values at x, by sums over a grid of 161^N points.

    The grid reaches 9 standard deviations of the harmonic motion, exp(-40) of the weight.
    """
    values, vectors = np.linalg.eigh(quartic.hessian(problem, x))
    axis = np.linspace(-9.0, 9.0, 161)
    grid = np.stack(np.meshgrid(*[axis] * x.size, indexing="ij")).reshape(x.size, -1)
    places = x[:, None] + vectors @ (np.sqrt(t / values)[:, None] * grid)
    site = problem.stiffness @ places**2 / 2 + problem.anharmonicity * np.sum(places**4, axis=0) / 24
    energies = (
        site - problem.field @ places + np.sum(places * (problem.coupling.dense() @ places), axis=0) / 2
    )
    weight = np.exp(-(energies - energies.min()) / t)
    rows = np.stack([places[0] - x[0], places[0] ** 2 - x[0] ** 2, places[0] * places[-1] - x[0] * x[-1]])
    return np.asarray(rows @ weight / weight.sum())


@pytest.mark.parametrize(
    "problem",
    [
        quartic.Problem([0.4], np.zeros((1, 1)), 0.2, 1.3),
        quartic.Problem([0.4, 0.7], np.array([[0.0, 0.25], [0.25, 0.0]]), [0.2, -0.1], 1.3),
        quartic.Problem([-0.3, 0.5], np.array([[0.0, -0.2], [-0.2, 0.0]]), [0.3, 0.1], 0.7),
    ],
)
def test_averages_of_one_and_two_oscillators_by_quadrature(problem: quartic.Problem) -> None:
    """Slopes at T = 1e-4 to 4e-4 extrapolated to 0: the next orders, T and T^2, drop out; 1e-5 is left."""
    x = quartic.minimize(problem, method="newton", tol=1e-14).x
    one, two, four = (boltzmann(problem, x, t) / t for t in (1e-4, 2e-4, 4e-4))
    extrapolated = 2.0 * (8.0 * one - 6.0 * two + four) / 3.0
    unit = np.eye(x.size)[0]
    motion = Fluctuations(problem, x)
    square = motion.response(Observable(slope=2.0 * x[0] * unit, curvature=2.0 * unit))
    pair = square
    if x.size == 2:
        pair = motion.response(Observable(slope=x[::-1], pairs=([0], [1], [1.0])))
    stated = [motion.response(Observable(slope=unit)), square, pair]
    np.testing.assert_allclose(extrapolated, stated, rtol=1e-5)


def test_averages_of_ten_oscillators_by_sampling() -> None:
    """Boltzmann averages by reweighted harmonic samples of the glass, extrapolated from T and 2T to 0.

    The same 100,000 pairs y, -y at both temperatures; errors from 40 batches. 11 numbers to 4.5 of Student's
    deviations with 39 degrees of freedom: false-alarm rate 11 * 6e-5 < 1e-3. What the extrapolation leaves,
    of order T^2, is checked to be below the errors by its share at 4T.
    """
    problem = khgps.draw(khgps.KHGPS(N=10, J=0.3, h=0.3), seed=6, sample=0)
    x = quartic.minimize(problem, tol=1e-14, method="newton").x
    motion = Fluctuations(problem, x)
    root = np.linalg.cholesky(np.linalg.inv(quartic.hessian(problem, x)))
    y = root @ np.random.Generator(np.random.PCG64(5)).standard_normal((10, 100_000))
    slopes = {t: sampled_slopes(problem, x, y, t) for t in (1e-4, 2e-4, 4e-4)}
    near, far = 2.0 * slopes[1e-4] - slopes[2e-4], 2.0 * slopes[2e-4] - slopes[4e-4]
    measured, error = near.mean(axis=1), near.std(axis=1, ddof=1) / np.sqrt(40.0)
    energy = thermal_response(
        problem,
        x,
        Observable(
            slope=problem.stiffness * x - problem.field + x**3 / 6, curvature=problem.stiffness + x**2 / 2
        ),
    )
    stated = np.append(motion.shift, energy) / 2.0
    assert np.all(np.abs(far.mean(axis=1) - measured) < 3.0 * error)
    assert np.abs(stated).max() > 50.0 * error.max()
    assert np.all(np.abs(measured - stated) < 4.5 * error)


def sampled_slopes(problem: quartic.Problem, x: np.ndarray, y: np.ndarray, t: float) -> np.ndarray:
    """(<O> - O(x))/T of every x_i and of the energy without pairs, in 40 batches, shape (N + 1, 40)."""
    up, down = np.sqrt(t) * y, -np.sqrt(t) * y
    sums = np.zeros((x.size + 2, 40))
    force = problem.stiffness * x + problem.anharmonicity * x**3 / 6 - problem.field
    stiffness = problem.stiffness + problem.anharmonicity * x**2 / 2
    for z in (up, down):
        cubic = problem.anharmonicity * (x @ z**3) / 6
        quartic_ = problem.anharmonicity * np.sum(z**4, axis=0) / 24
        weight = np.exp(-(cubic + quartic_) / t)
        own = force @ z + stiffness @ z**2 / 2 + cubic + quartic_
        rows = np.vstack([z, own, np.ones_like(own)]) * weight
        sums += rows.reshape(x.size + 2, 40, -1).sum(axis=2)
    return np.asarray(sums[:-1] / sums[-1] / t)


@settings(deadline=None)
@given(st.data())
def test_response_is_linear_and_the_energy_adds_n(data: st.DataObject) -> None:
    """O = a + 3 b, and O + H, whose own slope vanishes: a constant added to O has no place to enter."""
    problem = data.draw(problems(max_size=5))
    assume(problem.size > 1)
    x, n = minimum_of(problem), problem.size
    motion = Fluctuations(problem, x)
    a, b = data.draw(parts(n)), data.draw(parts(n))
    both = Parts(
        a.slope + 3.0 * b.slope,
        a.curvature + 3.0 * b.curvature,
        np.append(a.i, b.i),
        np.append(a.j, b.j),
        np.append(a.values, 3.0 * b.values),
    )
    size = 1.0 + np.abs(motion.shift).max() + motion.variance.max()
    expected = motion.response(a.observable()) + 3.0 * motion.response(b.observable())
    assert motion.response(both.observable()) == pytest.approx(expected, abs=1e-11 * size)
    i, j = np.triu_indices(n, 1)
    energy = Observable(
        curvature=problem.stiffness + problem.anharmonicity * x**2 / 2,
        pairs=(i, j, problem.coupling.dense()[i, j]),
    )
    assert motion.response(energy) == pytest.approx(n, abs=1e-10 * n)


@settings(deadline=None)
@given(st.data())
def test_heat_capacities_have_no_unit_and_no_order(data: st.DataObject) -> None:
    problem = data.draw(problems())
    x = minimum_of(problem)
    heat = heat_capacities(problem, x)
    size = np.abs(heat.local).max()
    a = data.draw(st.floats(0.2, 5.0))
    unit = heat_capacities(rescaled(problem, a), x / a)
    np.testing.assert_allclose(unit.site, heat.site, atol=1e-8 * size)
    np.testing.assert_allclose(unit.shared, heat.shared, atol=1e-8 * size)
    order = np.array(data.draw(st.permutations(range(problem.size))))
    matrix = problem.coupling.dense()[np.ix_(order, order)]
    other = quartic.Problem(problem.stiffness[order], matrix, problem.field[order], problem.anharmonicity)
    np.testing.assert_allclose(heat_capacities(other, x[order]).local, heat.local[order], atol=1e-8 * size)


def test_other_minima_are_not_in_the_response() -> None:
    """kappa = -1, A = 6: minima near -1 and 1, a barrier of 1/4 between them, h tilts them by 0.02.

    At T = 0.001 the upper one has a weight of exp(-20): around the lower one (S 22) holds to its next order.
    At T = 0.02 it is exp(-1) and <x> is far below the lower minimum, whatever the slope says.
    """
    problem = quartic.Problem([-1.0], np.zeros((1, 1)), 0.01, 6.0)
    x = quartic.minimize(problem, start=np.array([1.0]), tol=1e-14, method="newton").x
    slope = thermal_response(problem, x, Observable(slope=[1.0])) / 2.0
    places = np.linspace(-2.0, 2.0, 4001)
    energies = -(places**2) / 2 + places**4 / 4 - 0.01 * places

    def mean(t: float) -> float:
        weight = np.exp(-(energies - energies.min()) / t)
        return float(weight @ places / weight.sum())

    assert mean(0.001) - x[0] == pytest.approx(0.001 * slope, rel=0.05)
    assert mean(0.02) - x[0] < 20.0 * 0.02 * slope < 0.0


@pytest.mark.parametrize(
    ("observable", "message"),
    [
        (Observable(slope=[1.0]), "slope has shape (1,): must be (300,)"),
        (Observable(curvature=np.full(300, np.nan)), "curvature[0] = nan: must be finite"),
        (Observable(pairs=([0], [300], [1.0])), "j[0] = 300: must be in 0 .. 299"),
        (Observable(pairs=([-1], [3], [1.0])), "i[0] = -1: must be in 0 .. 299"),
        (Observable(pairs=([3], [3], [1.0])), "pairs hold (3, 3): the sites must differ"),
        (Observable(pairs=([0.5], [3], [1.0])), "i = [0.5]: must be integers"),
        (
            Observable(pairs=([0], [3], [1.0, 2.0])),
            "value has shape (2,): must be (1,)",
        ),
    ],
)
def test_bad_observables_are_named(observable: Observable, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        thermal_response(GLASS, MINIMUM, observable)


def test_saddles_and_bad_counts_are_refused() -> None:
    saddle = quartic.Problem([1.0, -1.0], np.zeros((2, 2)), 0.0, 1.0)  # stationary at x = 0
    with pytest.raises(ValueError, match="the Hessian at x is not positive definite"):
        heat_capacities(saddle, np.zeros(2))
    with pytest.raises(ValueError, match=re.escape("largest = -1: must be an integer of at least 0")):
        heat_capacities(GLASS, MINIMUM, largest=-1)
