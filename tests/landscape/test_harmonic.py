"""A Hessian alone: modes of dense and sparse matrices, with their proofs, against closed forms and LAPACK."""

import tracemalloc
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.linalg import eigvalsh

import landscape
from landscape.hessian import DenseHessian, SparseHessian
from landscape.modes import low, sparse
from landscape.modes.inverse import Inverse

EDGE, N = 200, 1300  # sites of an edge of a square lattice; just above the size where LAPACK is the fastest


def springs(edge: int, *, ring: bool) -> scipy.sparse.csr_array:
    """Return the matrix of springs between neighbours on a square, tied to walls or periodic."""
    ones = np.ones(edge)
    chain = scipy.sparse.diags_array([-ones[1:], 2.0 * ones, -ones[1:]], offsets=[-1, 0, 1]).tolil()
    if ring:
        chain[0, edge - 1] = chain[edge - 1, 0] = -1.0
    one = scipy.sparse.identity(edge)
    return scipy.sparse.csr_array(scipy.sparse.kron(chain, one) + scipy.sparse.kron(one, chain))


def squared_frequencies(edge: int, *, ring: bool) -> np.ndarray:
    """Return all eigenvalues: sums of 2 - 2 cos(q) in two directions, q = pi n/(L + 1), or 2 pi n/L."""
    n = np.arange(edge)
    q = 2.0 * np.pi * n / edge if ring else np.pi * (n + 1) / (edge + 1)
    one = 4.0 * np.sin(q / 2.0) ** 2
    return np.sort((one[:, None] + one).ravel())


def test_a_sparse_matrix_of_40000_needs_no_dense_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which would be 12.8 GB; its modes are those of the square, each proven not to be the next."""
    matrix = springs(EDGE, ring=False)
    monkeypatch.setattr(SparseHessian, "dense", lambda self: pytest.fail("a dense copy"))
    tracemalloc.start()
    modes = landscape.low_modes(landscape.Harmonic(matrix).hessian(), 12)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6
    wanted = squared_frequencies(EDGE, ring=False)[:12]
    np.testing.assert_allclose(modes.eigenvalues, wanted, rtol=1e-10)
    assert (modes.method, modes.complete) == ("sparse", True)
    np.testing.assert_allclose(modes.vectors.T @ modes.vectors, np.eye(12), rtol=0, atol=1e-12)


def test_degenerate_modes_beside_zero_modes_are_all_found() -> None:
    """Fourfold and eightfold ones of a periodic square, whose translation is no mode."""
    edge = 40
    own = landscape.Harmonic(springs(edge, ring=True), zero_modes=np.ones((edge**2, 1))).hessian()
    modes = landscape.low_modes(own, 24)
    np.testing.assert_allclose(modes.eigenvalues, squared_frequencies(edge, ring=True)[1:25], rtol=1e-10)
    assert modes.complete
    np.testing.assert_allclose(modes.vectors.sum(axis=0), 0.0, atol=1e-10)


@pytest.mark.parametrize("shift", [-0.1, 0.0, 0.05, 0.3])
def test_inertia_counts_eigenvalues_below_a_shift(shift: float) -> None:
    """By the pivots of sparse and of dense factors, with and without a zero mode."""
    edge = 38  # N = 1444: sparse factors
    for ring in (False, True):
        values, matrix = squared_frequencies(edge, ring=ring), springs(edge, ring=ring)
        zero = np.ones((edge**2, 1)) if ring else None
        wanted = int(np.sum(values[ring:] < shift))
        assert landscape.inertia(landscape.Harmonic(matrix, zero_modes=zero).hessian(), shift) == wanted
        dense = landscape.Harmonic(matrix.toarray(), zero_modes=zero).hessian()
        assert landscape.inertia(dense, shift) == wanted


def test_the_inertia_of_a_saddle() -> None:
    """An indefinite matrix of known eigenvalues in a random frame; above N = 6000 products prove nothing."""
    rng = np.random.default_rng(1)
    q, _ = np.linalg.qr(rng.normal(size=(60, 60)))
    matrix = (q * np.linspace(-1.0, 2.0, 60)) @ q.T
    own = landscape.Harmonic((matrix + matrix.T) / 2.0).hessian()
    assert landscape.inertia(own) == 20
    assert landscape.inertia(own, -1.1) == 0
    many = landscape.hessian.ProductHessian(lambda block: 2.0 * block, 6001, blocks=True)
    assert landscape.inertia(many) is None


def glass(name: str) -> np.ndarray:
    """Return a matrix (N, N) of a kind that elimination of stiff sites serves, or does not."""
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(N, N))
    symmetric = (noise + noise.T) / (2.0 * N) ** 0.5
    matrix = {
        "semicircle": symmetric,
        "semicircle above zero": symmetric + 2.1 * np.eye(N),
        "oscillators": 0.2 * symmetric + np.diag(rng.uniform(0.5, 2.0, N)),
        "Wishart": noise @ noise.T / N,
    }[name]
    return np.asarray((matrix + matrix.T) / 2.0)


@pytest.mark.parametrize("name", ["semicircle", "semicircle above zero", "oscillators", "Wishart"])
def test_low_modes_of_any_dense_matrix_come_without_all_of_them(name: str) -> None:
    """With the proof that none is missing; the eigenvalues to what residuals of 1e-8 allow."""
    matrix = glass(name)
    modes = landscape.low_modes(DenseHessian(matrix), 12)
    assert (modes.method, modes.complete) == ("factor", True)
    wanted = eigvalsh(matrix, subset_by_index=(0, 11))
    np.testing.assert_allclose(modes.eigenvalues, wanted, rtol=0, atol=1e-10)
    residuals = np.linalg.norm(matrix @ modes.vectors - modes.vectors * modes.eigenvalues, axis=0)
    assert residuals.max() <= 1e-8 * DenseHessian(matrix).scale


def test_modes_of_products_alone_with_masses_and_zero_modes() -> None:
    """A ring of springs and masses, large enough that its matrix is not made unless a proof asks for it."""
    n = 1400
    rng = np.random.default_rng(3)
    masses, stiffness = rng.uniform(1.0, 3.0, n), rng.uniform(5.0, 9.0, n)
    matrix = np.diag(stiffness + np.roll(stiffness, 1))
    matrix[np.arange(n), (np.arange(n) + 1) % n] = matrix[(np.arange(n) + 1) % n, np.arange(n)] = -stiffness
    root = 1.0 / np.sqrt(masses)
    wanted = eigvalsh(root[:, None] * matrix * root, subset_by_index=(1, 5))
    given: dict[str, Any] = {"masses": masses, "zero_modes": np.ones((n, 1))}
    for kind in (matrix, scipy.sparse.csr_array(matrix)):
        modes = landscape.low_modes(landscape.Harmonic(kind, **given).hessian(), 5)
        np.testing.assert_allclose(modes.eigenvalues, wanted, rtol=1e-7)
        assert modes.complete
        np.testing.assert_allclose((modes.vectors * root[:, None]).T @ (masses), 0.0, atol=1e-8)


def test_a_mode_that_a_search_misses_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lowest is withheld from the first search; without a second one there is an error."""
    edge = 40
    own = landscape.Harmonic(springs(edge, ring=False)).hessian()
    near = sparse._near
    withheld: list[int] = []

    def skips(matrix: Any, lu: Any, k: int, zero: Any, known: Any) -> Any:
        values, vectors = near(matrix, lu, k + 1, zero, known)
        withheld.append(k)
        return (values[1:], vectors[:, 1:]) if len(withheld) == 1 else (values[:k], vectors[:, :k])

    monkeypatch.setattr(sparse, "_near", skips)
    wanted = squared_frequencies(edge, ring=False)[:6]
    np.testing.assert_allclose(landscape.low_modes(own, 6).eigenvalues, wanted, rtol=1e-10)
    assert withheld == [6, 2]  # the seventh is one of a pair
    monkeypatch.setattr(sparse, "_ROUNDS", 1)
    withheld.clear()
    with pytest.raises(landscape.EigenError, match="sparse missed 2 modes below the 6-th"):
        landscape.low_modes(own, 6, method="sparse")


def test_where_rows_are_exchanged_nothing_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    hessian = landscape.Harmonic(springs(40, ring=False)).hessian()
    made = sparse.factor
    monkeypatch.setattr(sparse, "factor", lambda *given: made(*given)._replace(below=None))
    modes = landscape.low_modes(hessian, 6)
    assert (modes.method, modes.complete) == ("sparse", None)
    assert landscape.inertia(hessian) is None


@pytest.mark.parametrize("values", [np.ones(500), np.zeros(500), np.repeat([-1.0, 0.0, 2.0], 200)])
def test_small_sparse_matrices_of_few_eigenvalues(values: np.ndarray) -> None:
    """Lanczos of one vector sees each once; what the pivots say is missing is looked for, or all is dense."""
    modes = landscape.low_modes(landscape.Harmonic(scipy.sparse.diags_array(values).tocsr()).hessian(), 5)
    assert modes.complete
    np.testing.assert_allclose(modes.eigenvalues, values[:5], rtol=0, atol=1e-12)


def test_one_factor_serves_the_proof_the_modes_and_solutions(monkeypatch: pytest.MonkeyPatch) -> None:
    hessian = landscape.Harmonic(springs(40, ring=True), zero_modes=np.ones((1600, 1))).hessian()
    made, shifts = sparse.factor, []

    def counted(matrix: Any, sigma: float) -> Any:
        shifts.append(sigma)
        return made(matrix, sigma)

    monkeypatch.setattr(sparse, "factor", counted)
    assert landscape.inertia(hessian) == 0
    Inverse(hessian).solve(np.random.default_rng(1).normal(size=1600))
    landscape.low_modes(hessian, 6, verify=False)
    assert shifts == [sparse.at_zero(hessian)]


def test_only_sparse_matrices_have_sparse_factors() -> None:
    with pytest.raises(ValueError, match="the Hessian is dense, must be a matrix of scipy"):
        landscape.low_modes(DenseHessian(np.eye(80)), 2, method="sparse")
    assert low.METHODS[-1] == "sparse"


@pytest.mark.parametrize("kind", [np.array, scipy.sparse.csr_array])
def test_a_matrix_is_kept_as_it_was_given(kind: Any) -> None:
    matrix = kind(np.diag([1.0, 2.0, 3.0]))
    harmonic = landscape.Harmonic(matrix)
    matrix *= 0.0
    if scipy.sparse.issparse(matrix):
        matrix.data[:] = 0.0
    np.testing.assert_array_equal(harmonic.hessian().dense(), np.diag([1.0, 2.0, 3.0]))
