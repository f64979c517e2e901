"""What experiments collect of real samples: every column once more, from Hessians and lines."""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

import khgps
import lattice_gps
import quartic
from lattice_gps import GPSLattice
from qle.experiments import lattice_fields
from qle.experiments.nonlinear_driving import softenings
from qle.measurements.cubic_modes import collect, modes_at, settle
from qle.measurements.ensemble import Ensemble
from qle.measurements.soft_modes import soft_modes
from qle.verification.comparison import Comparison
from tests.on_paper import differences

Array = np.ndarray
STRONG = Ensemble(name="strong", params=khgps.KHGPS(N=40, J=0.3, h=0.01), seed=7)


def upper(problem: quartic.Problem, x: Array, z: Array) -> bool:
    """Return whether b3^2 > 3 b2 b4, from derivatives along z."""
    M, A = quartic.hessian(problem, x), problem.anharmonicity
    return bool((A * x @ z**3) ** 2 > 3 * (z @ M @ z) * A * np.sum(z**4))


@pytest.mark.parametrize("lower", [False, True])
def test_soft_modes_are_those_of_hessians(lower: bool) -> None:
    """Six samples by descent from the minimum without couplings; none of them is in an upper well."""
    params = STRONG.params
    assert isinstance(params, khgps.KHGPS)
    modes = soft_modes(params, 0.4, samples=6, seed=7, method="descent", lower=lower)
    assert (modes.samples, modes.upper) == (6, 0)
    assert modes.counts.tolist() == [np.sum(modes.sample == s) for s in range(6)]
    for sample in range(6):
        problem = STRONG.landscape(sample)
        x = quartic.minimize(problem, method="descent", tol=1e-8).x
        rows = modes.sample == sample
        values, vectors = np.linalg.eigh(quartic.hessian(problem, x))
        soft = values < 0.4**2
        z = vectors[:, soft]
        np.testing.assert_allclose(modes.frequency[rows], values[soft] ** 0.5, rtol=1e-5)
        np.testing.assert_array_equal(modes.stiffness[rows], problem.stiffness[np.abs(z).argmax(axis=0)])
        np.testing.assert_allclose(modes.participation[rows], 1 / np.sum(z**4, axis=0) / 40, rtol=1e-4)
        assert modes.in_upper_well[rows].tolist() == [upper(problem, x, one) for one in z.T]
        assert modes.mean_x2[sample] == pytest.approx(np.mean(x**2), rel=1e-6)
    assert modes.frequency.size > 5


def test_tables_of_cubic_modes_hold_each_of_them() -> None:
    before, after = collect(STRONG, 4)
    left = 0
    for sample, (problem, x) in enumerate(STRONG.minima(4)):
        modes = modes_at(problem, x)
        found = settle(problem, x, modes)
        end, settled, wells = found.x, found.modes, found.left
        left += wells
        for table, place, own in ((before, x, modes), (after, end, settled)):
            rows = table.sample == sample
            for name in ("b2", "b3", "b4", "participation"):
                np.testing.assert_array_equal(getattr(table, name)[rows], [getattr(one, name) for one in own])
            values, vectors = np.linalg.eigh(quartic.hessian(problem, place))
            assert table.softest[sample] == pytest.approx(values[0] ** 0.5, rel=1e-6)
            number = 1 / np.sum(vectors[:, 0] ** 4)
            assert 40 * table.spread[sample] == pytest.approx(number, rel=1e-4)
        for one in modes:  # expansions along their directions, and solutions of M z ~ A x z^2
            z, A = one.direction, problem.anharmonicity
            M = quartic.hessian(problem, x)
            assert (one.b2, abs(one.b3), one.b4) == pytest.approx(
                (z @ M @ z, abs(A * x @ z**3), A * np.sum(z**4)), rel=1e-9
            )
            assert one.residual < 1e-8
    assert (before.left, after.left) == (0, left)
    assert before.ratio == pytest.approx(before.b3**2 / before.b2 / before.b4)
    assert (before.frequency**2) == pytest.approx(before.b2)


def test_ways_to_instabilities_have_two_distances_a_decade() -> None:
    """Thirteen, the nearest at 1e-6 of the way from h = 0.01 to h_c, which is within 0.1 of it."""
    ways = softenings(STRONG, 4)
    assert ways
    for way in ways:
        whole = way.distance[-1]
        assert 0.0 < whole < 0.1
        np.testing.assert_allclose(way.distance / whole, 10.0 ** np.arange(-6.0, 0.1, 0.5), rtol=1e-6)


class Fields(NamedTuple):
    """What the experiment on weakly coupled lattices finds of made-up minima, and what it was given."""

    found: Comparison
    made: list[tuple[Any, Array, Array]]  # problem, displacements and fields of each sample
    anew: list[Array]  # fields of couplings drawn anew


LOW, HIGH = 1.2e-5, 0.01**1.5 / 16


@pytest.fixture(scope="module")
def fields() -> Fields:
    made: list[tuple[Any, Array, Array]] = []
    anew: list[Array] = []
    own = lattice_fields._anew

    def sampled(params: GPSLattice, *, seed: int, sample: int) -> tuple[Any, Array]:
        assert (params, seed) == (GPSLattice(L=12, J=0.01), 220)
        rng = np.random.default_rng(sample)
        field = rng.choice((-1, 1), 1728) * LOW * rng.random(1728) ** -1.1
        x = 0.1 * rng.standard_cauchy(1728)
        made.append((SimpleNamespace(stiffness=rng.random(1728)), x, field))
        return made[-1][:2]

    def drawn(*arguments: Any) -> Array:
        anew.append(own(*arguments))
        return anew[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice_fields, "relax", sampled)
        patch.setattr(lattice_fields, "static_fields", lambda problem, x: made[-1][2])
        patch.setattr(lattice_fields, "_anew", drawn)
        (found,) = lattice_fields.weak(True)
    return Fields(found, made, anew)


def test_exponents_of_fields_differ_by_what_their_windows_say(fields: Fields) -> None:
    """The difference of the exponents in the window, and its error by twentieths left out."""
    assert differences([fields.found], measured=False) == []

    def exponent(rows: list[Array]) -> float:
        size = np.abs(np.concatenate(rows))
        return lattice_fields._tail_exponent(size[(size > LOW) & (size < HIGH)], LOW, HIGH)[0]

    stiff = [field[problem.stiffness > 0.1] for problem, _, field in fields.made]

    def difference(left_out: Array) -> float:
        kept = [s for s in range(150) if s not in left_out]
        return exponent([stiff[s] for s in kept]) - exponent([fields.anew[s] for s in kept])

    assert fields.found.measured == pytest.approx(difference(np.array([])), abs=1e-6)
    without = np.array([difference(part) for part in np.array_split(np.arange(150), 20)])
    error = (19 / 20 * np.sum((without - without.mean()) ** 2)) ** 0.5
    assert fields.found.error == pytest.approx(error, rel=1e-4)
    assert fields.found.size == 19


def test_couplings_are_drawn_anew_with_their_variance(fields: Fields) -> None:
    """Four draws for each stiff site, sums over sixty sources: their variance by the distances."""
    problem, x, _ = fields.made[0]
    stiff = np.flatnonzero(problem.stiffness > 0.1)
    assert fields.anew[0].shape == (4 * stiff.size,)
    sources = np.argsort(-np.abs(x))[:60]
    r = lattice_gps.distance(12, 3, stiff[:, np.newaxis], sources)
    squares = np.where(r > 0, 0.01**2 * np.maximum(r, 1.0) ** -6.0 * x[sources] ** 2 / 12, 0.0).sum(axis=1)
    # of 60,000 draws of unit variance, fourth moment 9/5 at least: within 5 of their errors, 4 percent
    assert np.mean(fields.anew[0].reshape(4, -1) ** 2 / squares) == pytest.approx(1.0, abs=0.06)
