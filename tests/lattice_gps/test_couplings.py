"""Couplings of the lattice: their definition, their law, and the promises about bits.

Statistical tests have fixed seeds and say how many numbers they look at; a perfect generator fails each of
them with probability P.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.sparse.linalg import LinearOperator, eigsh

import lattice_gps
from landscape import disorder, threads
from lattice_gps.couplings import RegeneratedLattice, stored_bytes
from quartic.couplings import Packed, row_panels

Array = Any  # numpy arrays of numbers
P = 1e-4
J = 0.3
LARGE = 15  # N = 3375: several tasks, and lines that begin anywhere in a block


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a pool and a number of threads of its own."""
    monkeypatch.setattr(threads, "_state", threads._State())


def couplings(L: int, d: int, *, sample: int = 7, seed: int = 5) -> RegeneratedLattice:
    return RegeneratedLattice(L, d, J=J, seed=seed, sample=sample)


def distances(L: int, d: int) -> Array:
    """Return r_ij between all pairs, 1 for i = j, shape (N, N)."""
    sites = np.arange(L**d)
    return lattice_gps.distance(L, d, sites[:, None], sites) + np.eye(L**d)


def definition(L: int, d: int) -> Array:
    """Return the matrix from the definition, slowly: 32-bit words with 64-bit integers, float32 products."""

    def mix(x: Array) -> Array:
        for multiplier, shift in ((0x7FEB352D, 16), (0x846CA68B, 15)):
            x = (x ^ (x >> shift)) * multiplier % 2**32
        return x ^ (x >> 16)

    n = L**d
    keys = disorder.pair_keys(n, seed=5, sample=7, label=f"lattice coupling, d = {d}")
    a, b, c, e = keys.astype(np.int64)[:, :n]
    word = mix((mix(a[:, None] ^ c) + (b[:, None] ^ e)) % 2**32)
    odd = np.where(word < 2**31, word, word - 2**32) // 128 // 2 * 2 + 1
    g = (odd * 2.0**-25).astype(np.float32)
    w = (distances(L, d) ** -d).astype(np.float32)
    upper = np.triu((g * w).astype(np.float64), 1)
    return J * (upper + upper.T)


def g_values(L: int, d: int, **address: int) -> Array:
    """Return g_ij, shape (N, N)."""
    return couplings(L, d, **address).dense() * distances(L, d) ** d / J


lattices = st.sampled_from([(d, L) for d, most in ((1, 200), (2, 20), (3, 7)) for L in range(2, most + 1)])


@settings(max_examples=40)
@given(lattices, st.sampled_from([1, 2, 17, 33]), st.integers(0, 2**32 - 1))
def test_the_matrix_is_that_of_the_definition(lattice: tuple[int, int], m: int, seed: int) -> None:
    """All elements bit for bit; products to N eps sum_j |J_ij x_j|, the bound for any order of the sum."""
    d, L = lattice
    n, matrix = L**d, definition(L, d)
    made = couplings(L, d)
    stored = made.stored()
    rng = np.random.default_rng(seed)
    x, block = rng.normal(size=n), rng.normal(size=(n, m))
    np.testing.assert_array_equal(np.diag(matrix), 0.0)
    for coupling in (made, stored):
        np.testing.assert_array_equal(coupling.dense(), matrix)
        for i in (0, n // 3, n - 1):
            np.testing.assert_array_equal(coupling.row(i), matrix[i])
        error = np.abs(coupling @ block - matrix @ block)
        assert np.all(error <= (n + 2) * 2e-16 * (np.abs(matrix) @ np.abs(block)))
        np.testing.assert_allclose(coupling.strength, np.linalg.norm(matrix, axis=1), rtol=1e-13)
    np.testing.assert_array_equal(made @ x, stored @ x)
    np.testing.assert_array_equal(made @ block.astype(np.float32), stored @ block.astype(np.float32))
    assert stored.nbytes == stored_bytes(n)


@pytest.mark.parametrize(("L", "d"), [(17, 3), (40, 2), (64, 2), (33, 2)])
def test_blocks_in_every_position_of_longer_lines(L: int, d: int) -> None:
    """|J_ij| r_ij^d comes close to J/2 in every row, and nowhere above: all distances are right."""
    made = couplings(L, d)
    n = L**d
    sites = np.arange(n)
    bound = J / 2 * (1 + 1e-6)  # float32 rounds g and w once each
    for i in (0, 7, 8, n // 2 + 3, n - 1):
        row = made.row(i)
        r = lattice_gps.distance(L, d, i, sites)
        assert row[i] == 0.0
        scaled = np.abs(np.delete(row * r**d, i))
        assert bound * 0.99 < scaled.max() < bound  # fails with 0.99^1088 = 2e-5 at most
        np.testing.assert_array_equal(row[::97], [made.row(int(j))[i] for j in sites[::97]])


@pytest.fixture(scope="module")
def large() -> tuple[Packed, Array, Array, Array]:
    """Stored couplings of several tasks, J x, J X and J X in float32, with one thread."""
    threads.set_threads(1)
    stored = couplings(LARGE, 3).stored()
    assert len(stored._tasks) > 1
    block = np.random.default_rng(3).normal(size=(LARGE**3, 18))
    threads.set_threads(2)
    return stored, stored @ block[:, 0], stored @ block, stored @ block.astype(np.float32)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_bits_depend_on_no_thread_and_no_storage(large: tuple[Any, ...], count: int) -> None:
    stored, product, products, single = large
    threads.set_threads(count)
    block = np.random.default_rng(3).normal(size=(LARGE**3, 18))
    made = couplings(LARGE, 3)
    np.testing.assert_array_equal(made.stored()._values, stored._values)
    np.testing.assert_array_equal(made @ block[:, 0], product)
    np.testing.assert_array_equal(made @ block, products)
    np.testing.assert_array_equal(made @ block.astype(np.float32), single)
    np.testing.assert_array_equal(made.strength, stored.strength)
    for i in (0, 8, 1687, LARGE**3 - 1):
        np.testing.assert_array_equal(made.row(i), stored.row(i))


def test_the_spectrum_is_that_of_the_definition() -> None:
    """Lanczos with regenerated products against LAPACK on the dense construction, N = 343."""
    matrix, made = definition(7, 3), couplings(7, 3)
    values = np.linalg.eigvalsh(matrix)
    operator = LinearOperator(made.shape, matvec=lambda x: made @ x.ravel(), dtype=np.float64)
    ends = np.sort(eigsh(operator, 6, which="BE", tol=1e-12, return_eigenvectors=False))
    np.testing.assert_allclose(ends, values[[0, 1, 2, -3, -2, -1]], rtol=1e-10)


def test_g_is_uniform_with_its_moments() -> None:
    """2.4 * 10^6 numbers: Kolmogorov-Smirnov; mean 0, variance 1/12, fourth moment 1/80 by their z."""
    g = g_values(13, 3)[np.triu_indices(13**3, 1)]
    assert np.abs(g).max() < 0.5 * (1 + 1e-6)
    assert stats.kstest(g, stats.uniform(-0.5, 1.0).cdf).pvalue > P
    # Var g = 1/12, Var g^2 = 1/80 - 1/144, Var g^4 = 1/2304 - 1/6400
    for power, mean, variance in ((1, 0.0, 1 / 12), (2, 1 / 12, 1 / 180), (4, 1 / 80, 1 / 2304 - 1 / 6400)):
        assert abs(np.sum(g**power - mean)) / np.sqrt(variance * g.size) < stats.norm.isf(P / 2)


def test_the_law_is_the_same_for_all_displacements_and_sites() -> None:
    """L = 8, d = 3, 4 samples: means of g and g^2 at each of 511 displacements and 512 sites, in z's.

    The largest |z| of all is compared to the union bound; sums of 4 * 256 numbers or more are normal.
    """
    L, d, samples = 8, 3, 4
    n = L**d
    sites = np.arange(n)
    steps = lattice_gps.displacement(L, d, sites[:, None], sites) % L
    to = np.ravel_multi_index(tuple(np.moveaxis(steps, -1, 0)), (L,) * d)
    sums: dict[str, Array] = {"site": np.zeros((2, n)), "displacement": np.zeros((2, n))}
    for sample in range(samples):
        g = g_values(L, d, sample=sample)
        for k, (values, mean, variance) in enumerate(((g, 0.0, 1 / 12), (g**2, 1 / 12, 1 / 180))):
            z = (values - mean) / np.sqrt(variance)
            np.fill_diagonal(z, 0.0)
            sums["site"][k] += z.sum(axis=1) / np.sqrt(n - 1)
            sums["displacement"][k] += np.bincount(to.ravel(), z.ravel(), n) / np.sqrt(n)
    # a displacement that is its own opposite meets each pair twice: n/2 numbers, variance 2
    own = np.all(lattice_gps.displacements(L, d) % (L // 2) == 0, axis=1)
    others = np.all(lattice_gps.displacements(L, d) == 0, axis=1)
    sums["displacement"][:, own] /= np.sqrt(2.0)
    z = np.concatenate([sums["site"].ravel(), sums["displacement"][:, ~others].ravel()]) / np.sqrt(samples)
    assert np.abs(z).max() < stats.norm.isf(P / 2 / z.size)


def test_other_addresses_and_dimensions_have_other_numbers() -> None:
    """64 sites, L = 64, 8, 4 in d = 1, 2, 3, and other seeds and samples: 10 correlations of 2016 numbers."""
    pairs = np.triu_indices(64, 1)
    g = [g_values(L, d)[pairs] for L, d in ((64, 1), (8, 2), (4, 3))]
    g += [g_values(4, 3, seed=6)[pairs], g_values(4, 3, sample=8)[pairs]]
    z = 12 * np.array([a @ b for k, a in enumerate(g) for b in g[:k]]) / np.sqrt(pairs[0].size)
    assert z.size == 10
    assert np.abs(z).max() < stats.norm.isf(P / 2 / z.size)


def test_memory() -> None:
    """Keys of 16 bytes a site and the table of distances regenerated; 2 N^2 bytes and a little stored."""
    made = couplings(16, 3)
    table = 4 * (9 * 9 * 32 + 64)
    assert made.nbytes == 16 * 16**3 + table
    assert repr(made) == f"RegeneratedLattice(N=4096, {made.nbytes} bytes)"
    for n in (2, 8, 9, 31, 64, 100, 4096):
        assert stored_bytes(n) == 1024 * row_panels.offsets(n)[-1]
    assert 2.0 < stored_bytes(64_000) / 64_000**2 < 2.01


def test_what_is_no_coupling_is_refused() -> None:
    for change, message in (
        ({"L": 1}, "L = 1: must be an integer of at least 2"),
        ({"d": 4}, "d = 4: must be an integer from 1 to 3"),
        ({"J": np.inf}, "scale = inf: must be finite"),
        ({"seed": -1}, "seed = -1: must be an integer in"),
    ):
        arguments: dict[str, Any] = {"L": 3, "d": 2, "J": J, "seed": 1, "sample": 0, **change}
        with pytest.raises(ValueError, match=message):
            RegeneratedLattice(**arguments)
