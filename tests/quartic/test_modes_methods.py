"""Every method of `low_modes` against the dense solver: kinds of coupling, hard spectra, certificates."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import khgps
import quartic
from landscape import threads
from landscape.linear import blocks, cholesky
from landscape.modes import certificate, elimination
from landscape.modes import low as route
from landscape.modes.davidson import Search, davidson
from quartic import modes
from quartic.couplings import Dense
from quartic.curvature import Curvature

ITERATIVE = ("factor", "davidson")
KINDS = ("stored", "regenerated", "structured")


def minimum(n: int, j: float, coupling: str = "stored") -> tuple[quartic.Problem, np.ndarray]:
    """A sample and a minimum of it."""
    problem = khgps.draw(khgps.KHGPS(N=n, J=j, h=0.01, coupling=coupling), seed=1, sample=0)
    return problem, quartic.minimize(problem, certify=False).x


def planted(values: np.ndarray, seed: int) -> quartic.Problem:
    """A problem whose Hessian at x = 0 has these eigenvalues and random eigenvectors.

    Its diagonal goes into the stiffnesses.
    """
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(values.size, values.size)))
    matrix = (q * values) @ q.T
    upper = np.triu(matrix, 1)
    return quartic.Problem(matrix.diagonal(), upper + upper.T, 0.0, 1.0)


def check(problem: quartic.Problem, x: np.ndarray, k: int, low: modes.Modes) -> None:
    """Compare with LAPACK; an eigenvalue is off by at most the residual (Weinstein)."""
    matrix = quartic.hessian(problem, x)
    exact = np.linalg.eigvalsh(matrix)
    bound = 1e-8 * Curvature(problem, x).scale
    np.testing.assert_allclose(low.eigenvalues, exact[:k], rtol=0, atol=bound)
    np.testing.assert_allclose(low.vectors.T @ low.vectors, np.eye(k), rtol=0, atol=1e-12)
    residuals = np.linalg.norm(matrix @ low.vectors - low.vectors * low.eigenvalues, axis=0)
    assert residuals.max() <= 1.001 * bound
    np.testing.assert_allclose(low.residuals, residuals, rtol=0, atol=1e-13)
    assert np.all(np.max(low.vectors, axis=0) == np.max(np.abs(low.vectors), axis=0))


@pytest.mark.parametrize("method", ITERATIVE)
@pytest.mark.parametrize("j", [0.03, 0.3])
def test_iterative_methods_agree_with_the_dense_solver(method: str, j: float) -> None:
    problem, x = minimum(1000, j)
    low = quartic.low_modes(problem, x, 20, method=method)
    assert (low.method, low.complete) == (method, True)
    check(problem, x, 20, low)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ITERATIVE)
def test_every_kind_of_coupling(method: str, kind: str) -> None:
    problem, x = minimum(300, 0.2, kind)
    check(problem, x, 10, quartic.low_modes(problem, x, 10, method=method))


def test_products_alone_are_enough() -> None:
    """Without verification no N x N array is asked for."""

    class NoMatrix(Dense):
        def dense(self) -> np.ndarray:
            raise AssertionError("the matrix was asked for")

    problem, x = minimum(300, 0.2)
    bare = quartic.Problem(problem.stiffness, NoMatrix(problem.coupling.dense()), problem.field, 1.0)
    low = quartic.low_modes(bare, x, 10, method="davidson", verify=False)
    assert low.complete is None
    check(problem, x, 10, low)


@pytest.mark.parametrize("method", ITERATIVE)
@pytest.mark.parametrize("k", [1, 2, 33])
def test_any_number_of_modes(method: str, k: int) -> None:
    problem, x = minimum(300, 0.1)
    check(problem, x, k, quartic.low_modes(problem, x, k, method=method))


@pytest.mark.parametrize("method", ITERATIVE)
@pytest.mark.parametrize(("n", "k"), [(40, 1), (48, 2), (105, 9)])
def test_the_fewest_sites_that_the_iterative_methods_accept(method: str, n: int, k: int) -> None:
    """Where nearly every site would count as soft, half of them still do not."""
    problem, x = minimum(n, 0.1)
    check(problem, x, k, quartic.low_modes(problem, x, k, method=method))


@pytest.mark.parametrize("method", ITERATIVE)
def test_saddles(method: str) -> None:
    """At x = 0 a glassy sample has many negative eigenvalues."""
    problem, _ = minimum(400, 0.3)
    x = np.zeros(400)
    low = quartic.low_modes(problem, x, 20, method=method)
    assert low.eigenvalues[0] < -0.1
    check(problem, x, 20, low)
    assert not modes.positive_definite(problem, x)


@pytest.mark.parametrize("method", ITERATIVE)
@pytest.mark.parametrize("multiplicity", [2, 8])
def test_degenerate_modes_are_all_found(method: str, multiplicity: int) -> None:
    """Also more of them than a Krylov space of one vector can hold, and a cluster split by 1e-9."""
    values = np.linspace(0.5, 2.0, 300)
    values[:multiplicity] = 0.1
    values[10:14] = 0.2 + 1e-9 * np.arange(4)
    problem = planted(np.sort(values), seed=2)
    check(problem, np.zeros(300), 12, quartic.low_modes(problem, np.zeros(300), 12, method=method))


@pytest.mark.parametrize("method", ITERATIVE)
def test_a_soft_mode_on_stiff_sites_is_found(method: str) -> None:
    """A mode spread over sites stiffer than all others, in a sector of its own: symmetry keeps it apart.

    Sites 250 ... 299 couple to each other only, all pairs with -0.2: the mode (1, 1, ...)/50^(1/2) has
    lambda = 10 - 49 * 0.2 + small = 0.2, below all others. No correction for another mode ever leads there.
    """
    problem, x = minimum(250, 0.1)
    matrix = np.zeros((300, 300))
    matrix[:250, :250] = problem.coupling.dense()
    matrix[250:, 250:] = -0.2 * (1.0 - np.eye(50))
    lowest = np.linalg.eigvalsh(quartic.hessian(problem, x))[0]
    stiffness = np.append(problem.stiffness + x**2 / 2, np.full(50, 9.8 + lowest / 2))
    both = quartic.Problem(stiffness, matrix, 0.0, 1.0)
    low = quartic.low_modes(both, np.zeros(300), 5, method=method)
    assert low.eigenvalues[0] == pytest.approx(lowest / 2, rel=1e-6)
    check(both, np.zeros(300), 5, low)


@pytest.mark.parametrize("method", ITERATIVE)
def test_bits_depend_on_no_number_of_threads(method: str) -> None:
    problem, x = minimum(700, 0.2)
    found, usual = [], threads.count()
    try:
        for count in (1, 2, 3):
            quartic.set_threads(count)
            found.append(quartic.low_modes(problem, x, 10, method=method))
    finally:
        quartic.set_threads(usual)
    for other in found[1:]:
        np.testing.assert_array_equal(other.eigenvalues, found[0].eigenvalues)
        np.testing.assert_array_equal(other.vectors, found[0].vectors)


def test_uncoupled_sites() -> None:
    """J = 0: no scale comes from the coupling, and the modes sit on single sites."""
    curvature = np.random.default_rng(3).uniform(0.1, 1.0, 400)
    problem = quartic.Problem(curvature, np.zeros((400, 400)), 0.0, 1.0)
    for method in ITERATIVE:
        low = quartic.low_modes(problem, np.zeros(400), 5, method=method)
        np.testing.assert_allclose(low.eigenvalues, np.sort(curvature)[:5], rtol=0, atol=1e-8)


def test_arguments_out_of_range_are_refused() -> None:
    problem, x = minimum(100, 0.1)
    with pytest.raises(ValueError, match=re.escape("method = 'qr': must be one of dense, factor, davidson")):
        quartic.low_modes(problem, x, 3, method="qr")
    with pytest.raises(ValueError, match=re.escape("needs N >= 8 (k + 4), but N = 100, k = 20")):
        quartic.low_modes(problem, x, 20, method="davidson")


@pytest.mark.parametrize("gone", [0, 7, 18])
def test_a_missing_mode_is_noticed(gone: int) -> None:
    problem, x = minimum(500, 0.1)
    matrix = quartic.hessian(problem, x)
    values, vectors = np.linalg.eigh(matrix)
    assert certificate.none_missing(matrix, values[:20], vectors[:, :20])
    rest = np.delete(np.arange(20), gone)
    assert not certificate.none_missing(matrix, values[rest], vectors[:, rest])


def test_a_search_that_misses_a_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search is replaced by one that leaves out the third mode, without and with a count at hand."""
    problem, x = minimum(500, 0.1)
    values, vectors = np.linalg.eigh(quartic.hessian(problem, x))

    def skips(curvature: Curvature, inverse: object, k: int, **_: object) -> tuple[np.ndarray, np.ndarray]:
        kept = np.delete(np.arange(k + 1), 2)
        return values[kept], vectors[:, kept]

    monkeypatch.setattr(route, "davidson", skips)
    monkeypatch.setattr(route, "lowest", lambda hessian, found, k, bound: (*skips(hessian, found, k), 0.0))
    for method in ITERATIVE:
        with pytest.raises(quartic.EigenError, match="missed a mode below the 10-th"):
            quartic.low_modes(problem, x, 10, method=method)
    assert quartic.low_modes(problem, x, 10, method="davidson", verify=False).complete is None
    low = quartic.low_modes(problem, x, 10)
    assert low.method == "dense"
    check(problem, x, 10, low)


def test_inertia_counts_the_eigenvalues_below_the_shift() -> None:
    for j in (0.03, 0.3):
        problem, x = minimum(600, j)
        matrix = quartic.hessian(problem, x)
        inverse = elimination.exact(Curvature(problem, x), matrix, 20)
        assert inverse is not None
        exact = np.linalg.eigvalsh(matrix)
        assert (inverse.values < inverse.sigma).sum() == (exact < inverse.sigma).sum()
        assert np.all(inverse.values >= exact[: inverse.values.size] - 1e-6)  # Ritz values, to float32


def test_positive_definite_is_decided_on_both_sides_of_zero() -> None:
    """Down to 1e-12, far below float32 rounding."""
    for lowest in (0.1, 1e-5, 1e-12, -1e-12, -1e-5, -0.1):
        values = np.append(lowest, np.linspace(0.2, 1.5, 199))
        problem = planted(values, seed=4)
        assert modes.positive_definite(problem, np.zeros(200)) == (lowest > 0.0)


@pytest.mark.parametrize("j", [0.03, 0.3, 1.0])
@pytest.mark.parametrize("n", [300, 1200])
def test_the_margin_is_ten_times_the_rounding(n: int, j: float) -> None:
    problem, x = minimum(n, j)
    matrix = quartic.hessian(problem, x)
    factor = cholesky.factorise(matrix.astype(np.float32))
    assert factor is not None
    lower = np.tril(factor.lower).astype(np.float64)
    rounding = np.linalg.norm(lower @ lower.T - matrix, 2)
    assert 10.0 * rounding < certificate.margin(matrix)


@pytest.mark.parametrize(("n", "order"), [(1, 1), (40, 40), (257, 256), (600, 517), (1100, 1000)])
def test_cholesky_solves_and_eliminates(n: int, order: int) -> None:
    rng = np.random.default_rng(5)
    a = rng.normal(size=(n, n))
    matrix = a @ a.T / n + np.eye(n)
    factor = cholesky.factorise(matrix.copy(), order)
    assert factor is not None
    leading, b = matrix[:order, :order], matrix[:order, order:]
    x = rng.normal(size=(order, 19))  # a tile and one of 3
    np.testing.assert_allclose(leading @ factor.solve(x), x, rtol=0, atol=1e-12)
    np.testing.assert_allclose(leading @ factor.eliminated(), b, rtol=0, atol=1e-12)
    schur = matrix[order:, order:] - b.T @ np.linalg.solve(leading, b)
    np.testing.assert_allclose(factor.schur(), schur, rtol=0, atol=1e-12)
    single = cholesky.factorise(matrix.astype(np.float32), order)
    assert single is not None
    # sums of at most 1100 terms, each rounded to 2^-24 of what has magnitude 5; condition number below 5
    np.testing.assert_allclose(leading @ single.solve(x), x, rtol=0, atol=1e-4)
    matrix[order - 1, order - 1] -= 10.0 * np.trace(matrix)
    assert cholesky.factorise(matrix.copy(), order) is None


@pytest.mark.parametrize(("kind", "largest"), [(np.float32, 32), (np.float64, 2**18)])
@pytest.mark.parametrize(
    ("n", "m", "k"),
    [(7, 3, 2), (8, 1, 1), (61, 0, 5), (61, 9, 0), (4099, 21, 16), (4101, 600, 33), (90, 7, 49)],
)
def test_tall_products_are_those_of_numpy(
    n: int, m: int, k: int, kind: type[np.floating[Any]], largest: int
) -> None:
    """Of whole matrices and of columns of wider ones, in either order.

    All elements are integers, and so small that no sum of products of them needs more digits than there are:
    4101 of 32^2, and 600 times 5, are below 2^24; with 2^18 below 2^53, each of them above 2^24. So what is
    computed is exact in any order of the sums, but not where digits are dropped on the way.
    """
    rng = np.random.default_rng(12)

    def integers(top: int, *shape: int) -> np.ndarray:
        return rng.integers(-top, top, shape, endpoint=True).astype(kind)

    wide, b, c, theta = (
        integers(largest, n, m + 5),
        integers(largest, n, k),
        integers(largest, m, k),
        integers(3, k),
    )
    for a in (wide[:, :m], np.asfortranarray(wide[:, 5:])):
        exact, product = (left.astype(np.float64) @ right for left, right in ((a.T, b), (a, c)))
        np.testing.assert_array_equal(blocks.inner(a, b), exact)
        np.testing.assert_array_equal(blocks.inner(a, b.T.copy().T), exact)
        np.testing.assert_array_equal(blocks.inner(a.T.copy().T, b), exact)
        np.testing.assert_array_equal(blocks.combine(a, c), product)
        np.testing.assert_array_equal(blocks.combine(a.T.copy().T, c.T.copy().T), product)
        np.testing.assert_array_equal(blocks.residual(a, 2 * a, c, theta), product * (2 - theta))


def test_orthonormal_drops_what_adds_nothing() -> None:
    rng = np.random.default_rng(6)
    basis, _ = np.linalg.qr(rng.normal(size=(5000, 6)))
    new = rng.normal(size=(5000, 2))
    block = np.column_stack([basis @ rng.normal(size=6), new, new[:, 0] - new[:, 1], np.zeros(5000)])
    added = blocks.orthonormal(block, basis)
    whole = np.column_stack([basis, added])
    assert added.shape[1] == 2
    np.testing.assert_allclose(whole.T @ whole, np.eye(8), rtol=0, atol=1e-13)
    np.testing.assert_allclose(whole @ (whole.T @ new), new, rtol=0, atol=1e-11)


def test_a_narrow_basis_still_converges(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at N = 10^6, where few vectors fit: many restarts, and the diagonal as the approximate inverse."""
    problem, x = minimum(1000, 0.1)
    monkeypatch.setattr("landscape.modes.davidson._MEMORY", 0)
    curvature = Curvature(problem, x)
    values, vectors = davidson(curvature, elimination.Diagonal(curvature), 20, tol=1e-8, block=8)
    exact = np.linalg.eigvalsh(quartic.hessian(problem, x))[:20]
    np.testing.assert_allclose(values, exact, rtol=0, atol=1e-8)
    assert np.linalg.norm(curvature.products(vectors) - vectors * values, axis=0).max() <= 1e-8


def test_ritz_values_are_of_the_present_subspace() -> None:
    """After every change of H: float32 products put 1e-8 into it, which `compress` takes out."""
    problem, x = minimum(300, 0.1)
    curvature = Curvature(problem, x)
    search = Search(curvature, elimination.rough(curvature, 5), 5, 16)
    changes: list[Callable[[], object]] = [
        search.compress,
        lambda: search.append(np.random.default_rng(1).normal(size=(300, 4))),
        lambda: search.restart(search.ritz()[1]),
    ]
    for change in changes:
        search.ritz()
        change()
        h = search.h[: search.size, : search.size]
        np.testing.assert_allclose(search.ritz()[0], np.linalg.eigvalsh((h + h.T) / 2), rtol=0, atol=1e-13)
