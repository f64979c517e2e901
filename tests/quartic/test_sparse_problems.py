"""Sparse couplings and LinearOperators against the same as an array."""

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.linalg import LinearOperator

import quartic
from quartic.couplings import Operator, Sparse
from tests.networks_of_springs import ring

N = 60


def network(n: int, seed: int) -> scipy.sparse.coo_array:
    """Return random couplings of 4 to a site, some of them given in two parts."""
    rng = np.random.default_rng(seed)
    i, j = rng.integers(n, size=(2, 2 * n))
    i, j, c = i[i != j], j[i != j], rng.normal(size=2 * n)[i != j]
    return scipy.sparse.coo_array((np.tile(c, 2), (np.append(i, j), np.append(j, i))), shape=(n, n))


@pytest.fixture(scope="module")
def problems() -> dict[str, quartic.Problem]:
    """Return one problem in three forms."""
    matrix = network(N, seed=1)
    array = matrix.toarray()
    operator = LinearOperator((N, N), matvec=lambda x: array @ x, dtype=np.float64)
    stiffness = np.random.default_rng(2).uniform(-0.5, 1.0, N)
    given = {"array": (array + array.T) / 2.0, "sparse": matrix, "operator": operator}
    return {name: quartic.Problem(stiffness, coupling, 0.1, 1.0) for name, coupling in given.items()}


@pytest.mark.parametrize("kind", ["sparse", "operator"])
def test_results_are_those_of_the_array(kind: str, problems: dict[str, quartic.Problem]) -> None:
    mine, wanted = problems[kind], problems["array"]
    start = quartic.minimize(wanted).x
    x = quartic.minimize(mine, start=start + 1e-4).x
    np.testing.assert_allclose(x, start, rtol=0, atol=1e-8)
    for name in ("hessian", "gradient", "energy"):
        found, same = (getattr(quartic, name)(p, x + 0.1) for p in (mine, wanted))
        np.testing.assert_allclose(found, same, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        quartic.low_modes(mine, x, 4).eigenvalues, quartic.low_modes(wanted, x, 4).eigenvalues, rtol=1e-9
    )
    found, same = (quartic.cubic_modes(p, x, count=3) for p in (mine, wanted))
    assert found[0].barrier == pytest.approx(same[0].barrier, rel=1e-8)
    np.testing.assert_allclose(  # by rows, one at a time
        quartic.heat_capacities(mine, x).local, quartic.heat_capacities(wanted, x).local, rtol=1e-7
    )
    ends = [quartic.explore(p, starts=8, seed=3) for p in (mine, wanted)]
    np.testing.assert_allclose(ends[0].energies, ends[1].energies, rtol=1e-9)


def test_modes_of_many_sparse_sites_need_no_dense_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring of oscillators at x = 0: lambda = kappa - 2 J cos q, softest at q = 0."""
    n, strength = 2000, 0.3
    kappa = 2.0 * strength + 1e-6
    coupling = scipy.sparse.csr_array(scipy.sparse.diags_array(
        [np.full(n - 1, -strength), np.full(n - 1, -strength), [-strength], [-strength]],
        offsets=[-1, 1, n - 1, 1 - n],
    ))  # fmt: skip
    ringed = quartic.Problem(np.full(n, kappa), coupling, 0.0, 1.0)
    monkeypatch.setattr(Sparse, "dense", lambda self: pytest.fail("a dense copy"))
    found = quartic.low_modes(ringed, np.zeros(n), 5)
    q = 2.0 * np.pi * np.array([0, 1, 1, 2, 2]) / n
    wanted = 1e-6 + 4.0 * strength * np.sin(q / 2.0) ** 2
    np.testing.assert_allclose(found.eigenvalues, wanted, rtol=0, atol=1e-14)
    assert (found.method, found.complete) == ("sparse", True)


def test_solutions_of_many_sparse_sites_are_those_of_a_sparse_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """At any size; of an operator, whose matrix would take N products, by conjugate gradients."""
    matrix = 0.1 * scipy.sparse.csr_array(
        scipy.sparse.eye_array(5000, k=1) + scipy.sparse.eye_array(5000, k=-1)
    )
    for kind in (Sparse, Operator):
        monkeypatch.setattr(kind, "dense", lambda self: pytest.fail("a dense copy"))
    b, ways = np.random.default_rng(1).normal(size=5000), []
    for coupling in (matrix, scipy.sparse.linalg.aslinearoperator(matrix)):
        chain = quartic.Problem(np.ones(5000), coupling, 0.0, 1.0)
        inverse = quartic.Inverse(chain, np.zeros(5000))
        z = inverse.solve(b)
        ways.append(inverse.method)
        np.testing.assert_allclose(z + matrix @ z, b, rtol=0, atol=1e-8)
    assert ways == ["factor", "products"]


def test_what_is_given_is_copied_and_its_diagonal_counts() -> None:
    matrix = scipy.sparse.csr_array(ring(6) - 2.0 * np.eye(6))
    coupling = Sparse(matrix)
    matrix.data[:] = 7.0
    np.testing.assert_array_equal(coupling.dense(), ring(6) - 2.0 * np.eye(6))
    with_diagonal = quartic.Problem(np.ones(6), scipy.sparse.linalg.aslinearoperator(ring(6)), 0.0, 1.0)
    np.testing.assert_allclose(quartic.hessian(with_diagonal, np.zeros(6)), np.eye(6) + ring(6))
    np.testing.assert_array_equal(coupling.rescaled(3).dense(), 8.0 * coupling.dense())


def test_lengths_of_rows_of_a_large_operator_are_estimated() -> None:
    """From 16 random vectors: right to 1/(2 16)^(1/2) = 18 per cent, on average over sites to far less."""
    n = 1500
    matrix = scipy.sparse.csr_array(network(n, seed=3))
    wanted = Sparse((matrix + matrix.T) / 2.0).strength
    found = Operator(scipy.sparse.linalg.aslinearoperator(matrix)).strength
    seen = wanted > 0.0
    ratio = found[seen] ** 2 / wanted[seen] ** 2
    assert abs(ratio.mean() - 1.0) < 5.0 * np.sqrt(2.0 / 16 / seen.sum())
