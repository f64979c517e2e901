"""GPSLattice: parameters, the law of stiffnesses, symmetries, and how couplings are chosen."""

import dataclasses
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import lattice_gps
import quartic
from lattice_gps.couplings import RegeneratedLattice, stored_bytes
from quartic.couplings import Packed
from quartic.starts import starting_point

BASE = lattice_gps.GPSLattice(L=5, J=0.3)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"L": 1}, ValueError, "L = 1: must be an integer of at least 2"),
        ({"L": 10.5}, ValueError, "L = 10.5: must be an integer of at least 2"),
        ({"L": 1626}, ValueError, "L = 1626: N = L^d = 4298942376 must be less than 2^32"),
        ({"d": 4}, ValueError, "d = 4: must be an integer from 1 to 3"),
        ({"d": 0}, ValueError, "d = 0: must be an integer from 1 to 3"),
        ({"J": -0.1}, ValueError, "J = -0.1: must be finite and >= 0"),
        ({"J": None}, ValueError, "J = None: must be a real number"),
        ({"h": -1}, ValueError, "h = -1: must be finite and >= 0"),
        ({"h": np.inf}, ValueError, "h = inf: must be finite"),
        ({"J": 10**400}, ValueError, "J = 1000"),
        ({"beta": -1.0}, ValueError, "beta = -1.0: must be finite and > -1, or"),
        ({"beta": -2}, ValueError, "beta = -2: must be finite and > -1"),
        ({"kappa_0": 0.0}, ValueError, "kappa_0 = 0.0: must be finite and > 0, or"),
        ({"A": 0.0}, ValueError, "A = 0.0: must be finite and > 0, or"),
        ({"A": "1"}, ValueError, "A = '1': must be a real number"),
    ],
)
def test_bad_parameters_name_value_and_rule(
    change: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match="^" + re.escape(message)):
        dataclasses.replace(BASE, **change)


def test_parameters_are_canonical() -> None:
    one = lattice_gps.GPSLattice(L=np.int64(4), J=1, beta=np.float32(0.5))  # type: ignore[arg-type]
    assert one == lattice_gps.GPSLattice(L=4, J=1.0, beta=0.5, kappa_0=1.0, A=1.0, d=3, h=0.0)
    assert [type(v) for v in dataclasses.asdict(one).values()] == [int, *4 * [float], int, float]
    assert [lattice_gps.GPSLattice(L=7, J=1.0, d=d).N for d in (1, 2, 3)] == [7, 49, 343]


@given(st.floats(0.001, 3.0), st.floats(-0.5, 3.0), st.floats(0.1, 9.0), st.floats(0.1, 9.0))
def test_parameters_only_scale_the_disorder(J: float, beta: float, kappa_0: float, A: float) -> None:
    params = lattice_gps.GPSLattice(L=3, J=J, beta=beta, kappa_0=kappa_0, A=A, h=0.2)
    problem = lattice_gps.draw(params, seed=4, sample=2)
    unit = lattice_gps.draw(lattice_gps.GPSLattice(L=3, J=1.0), seed=4, sample=2)
    np.testing.assert_allclose(problem.coupling, J * unit.coupling.dense(), rtol=1e-15)
    np.testing.assert_allclose(problem.stiffness, kappa_0 * unit.stiffness ** (1 / (beta + 1)), rtol=1e-14)
    assert (problem.anharmonicity, set(problem.field)) == (A, {0.2})


def test_samples_differ_and_repeat() -> None:
    one, again = (lattice_gps.draw(BASE, seed=1, sample=17) for _ in range(2))
    np.testing.assert_array_equal(one.coupling, again.coupling)
    np.testing.assert_array_equal(one.stiffness, again.stiffness)
    for seed, sample in ((1, 18), (2, 17)):
        other = lattice_gps.draw(BASE, seed=seed, sample=sample)
        assert not np.any(other.stiffness == one.stiffness)


@pytest.mark.parametrize("beta", [-0.5, 0.0, 1.0, 2.0])
def test_stiffness_law(beta: float) -> None:
    """P(kappa < k) = (k/kappa_0)^(beta + 1): Kolmogorov-Smirnov at p = 1e-4, 10,240 numbers."""
    params = lattice_gps.GPSLattice(L=2048, d=1, J=0.0, beta=beta, kappa_0=1.7)
    draws = [lattice_gps.draw(params, seed=1, sample=s, coupling="regenerated") for s in range(5)]
    kappa = np.concatenate([problem.stiffness for problem in draws])
    assert stats.kstest(kappa, lambda k: (k / 1.7) ** (beta + 1)).pvalue > 1e-4


@pytest.mark.parametrize(("L", "d"), [(9, 1), (4, 2), (3, 3)])
def test_energy_and_forces_are_those_of_the_sum_over_pairs(L: int, d: int) -> None:
    """(S 2) term by term, with the distances of brute force; g_ij from the matrix, all of |g| <= 1/2."""
    params = lattice_gps.GPSLattice(L=L, d=d, J=0.7, beta=1.0, A=1.3, h=0.2)
    problem = lattice_gps.draw(params, seed=3, sample=1)
    x = np.random.default_rng(1).normal(size=params.N)
    matrix = problem.coupling.dense()
    energy, force = 0.0, np.zeros(params.N)
    for i in range(params.N):
        energy += problem.stiffness[i] * x[i] ** 2 / 2 + 1.3 * x[i] ** 4 / 24 - 0.2 * x[i]
        force[i] += problem.stiffness[i] * x[i] + 1.3 * x[i] ** 3 / 6 - 0.2
        for j in range(i):
            g = matrix[i, j] * lattice_gps.distance(L, d, i, j) ** d / 0.7
            assert abs(g) <= 0.5 * (1 + 1e-6)
            energy += matrix[i, j] * x[i] * x[j]
            force[i] += matrix[i, j] * x[j]
            force[j] += matrix[i, j] * x[i]
    assert quartic.energy(problem, x) == pytest.approx(energy, rel=1e-12)
    np.testing.assert_allclose(quartic.gradient(problem, x), force, rtol=0, atol=1e-13)


def test_without_a_field_x_and_minus_x_are_alike() -> None:
    """Energy even, gradient odd to rounding (numpy's powers); mirrored starts end in mirrored minima."""
    problem = lattice_gps.draw(lattice_gps.GPSLattice(L=6, J=0.3), seed=1, sample=0)
    x = np.random.default_rng(1).normal(size=problem.size)
    assert quartic.energy(problem, -x) == pytest.approx(quartic.energy(problem, x), rel=1e-14)
    mirrored = -quartic.gradient(problem, -x)
    np.testing.assert_allclose(mirrored, quartic.gradient(problem, x), rtol=0, atol=1e-14)
    for start in ("kick", "random"):
        push = starting_point(problem, start, 5)
        one, other = (quartic.minimize(problem, start=sign * push, certify=True) for sign in (1, -1))
        np.testing.assert_allclose(other.x, -one.x, rtol=0, atol=1e-8)  # tol F over the softest stiffness
        assert one.energy < 0.0
        assert one.lowest_eigenvalue is not None
        assert one.lowest_eigenvalue > 0.0
    assert np.linalg.eigvalsh(quartic.hessian(problem, np.zeros(problem.size)))[0] < 0.0


@pytest.mark.parametrize("start", ["zero", "decoupled"])
def test_the_saddle_at_zero_is_refused(start: str) -> None:
    problem = lattice_gps.draw(lattice_gps.GPSLattice(L=6, J=0.3), seed=1, sample=0)
    with pytest.raises(quartic.MinimizationError, match=r"saddle .*try start='random' or 'kick'"):
        quartic.minimize(problem, start=start)


def test_stored_and_regenerated_couplings_give_the_same_minimum() -> None:
    """Bits of the minimum and of its modes, at N = 1728 (davidson: by products alone)."""
    params = lattice_gps.GPSLattice(L=12, J=0.2, beta=1.0)
    found = []
    for coupling, kind in (("stored", Packed), ("regenerated", RegeneratedLattice)):
        problem = lattice_gps.draw(params, seed=2, sample=0, coupling=coupling)
        assert type(problem.coupling) is kind
        minimum = quartic.minimize(problem, start="kick", certify=False)
        modes = quartic.low_modes(problem, minimum.x, 4, method="davidson", verify=False)
        found.append((minimum, modes))
    (one, soft), (other, again) = found
    np.testing.assert_array_equal(one.x, other.x)
    assert (one.energy, one.products) == (other.energy, other.products)
    np.testing.assert_array_equal(soft.eigenvalues, again.eigenvalues)
    np.testing.assert_array_equal(soft.vectors, again.vectors)


def test_memory_decides_between_stored_and_regenerated(monkeypatch: pytest.MonkeyPatch) -> None:
    need = stored_bytes(BASE.N)
    for free, kind in ((2 * need, Packed), (2 * need - 1, RegeneratedLattice), (None, Packed)):
        monkeypatch.setattr("lattice_gps.model.memory", lambda free=free: free)
        assert type(lattice_gps.draw(BASE, seed=1, sample=0).coupling) is kind
    monkeypatch.setattr("lattice_gps.model.memory", lambda: need)
    assert type(lattice_gps.draw(BASE, seed=1, sample=0, coupling="stored").coupling) is Packed
    with pytest.raises(ValueError, match=r"^coupling = 'dense': must be one of stored, regenerated, or None"):
        lattice_gps.draw(BASE, seed=1, sample=0, coupling="dense")


def test_couplings_too_large_to_store_are_refused_before_any_allocation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """N = 10^6: 1024 bytes for each of (125,000 x 31,250 - 1,953,062,500) blocks are 1863 GiB."""

    def nothing(*_: Any, **__: Any) -> None:
        raise AssertionError("something was made")

    monkeypatch.setattr("lattice_gps.model.memory", lambda: 24 * 2**30)
    monkeypatch.setattr("lattice_gps.model.RegeneratedLattice", nothing)
    monkeypatch.setattr("landscape.disorder.uniform", nothing)
    message = (
        "coupling = 'stored' takes 1.86e+03 GiB at L = 100, d = 3, and 24 GiB are free; "
        "coupling = 'regenerated' needs next to none"
    )
    with pytest.raises(MemoryError, match="^" + re.escape(message) + "$"):
        lattice_gps.draw(lattice_gps.GPSLattice(L=100, J=0.1), seed=1, sample=0, coupling="stored")


def test_large_couplings_are_regenerated_where_the_free_memory_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """N = 33^3 = 35,937: 2 N^2 bytes are 2.4 GiB."""
    monkeypatch.setattr("lattice_gps.model.memory", lambda: None)
    small, large = (
        lattice_gps.draw(lattice_gps.GPSLattice(L=L, J=0.1), seed=1, sample=0).coupling for L in (4, 33)
    )
    assert type(small) is Packed
    assert type(large) is RegeneratedLattice
