"""Every kind of coupling against its dense matrix, and the promises about bits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csc_array
from scipy.sparse.linalg import aslinearoperator

from landscape import threads
from landscape.memory import line_zeros
from quartic.couplings import Coupling, Dense, Operator, Packed, Regenerated, Sparse, row_panels

Array = Any  # numpy arrays of numbers
ADDRESS: dict[str, Any] = {"scale": 0.3, "seed": 5, "sample": 7, "label": "test"}
LARGE = 3001  # odd, and large enough for two tasks


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a pool and a number of threads of its own."""
    monkeypatch.setattr(threads, "_state", threads._State())


def in_panels(matrix: Array, dtype: type) -> Array:
    """Return the elements above the diagonal in panels, slowly, as `quartic.couplings.row_panels` says."""
    n = len(matrix)
    upper: Array = np.zeros((n + 64, n + 64), dtype)
    upper[:n, :n] = np.triu(matrix, 1)
    return np.array(
        [
            upper[top : top + 8, left : left + 32]
            for top in range(0, n, 8)
            for left in range(top // 32 * 32, n, 32)
        ]
    )


def symmetric(n: int, rng: np.random.Generator) -> Array:
    """Return a symmetric matrix of float32 numbers over many decades, with a zero diagonal."""
    upper = np.triu(rng.normal(size=(n, n)) * 10.0 ** rng.integers(-3, 3, (n, n)), 1).astype(np.float32)
    return (upper + upper.T).astype(np.float64)


KINDS: dict[str, Callable[[int, np.random.Generator], tuple[Coupling, Array]]] = {
    "dense": lambda n, rng: (lambda m: (Dense(m), m))(symmetric(n, rng)),
    "sparse": lambda n, rng: (lambda m: (Sparse(csc_array(m)), m))(symmetric(n, rng)),
    "operator": lambda n, rng: (lambda m: (Operator(aslinearoperator(m)), m))(symmetric(n, rng)),
    "packed float32": lambda n, rng: (
        lambda m: (Packed(n, in_panels(m, np.float32), 0.7), np.float64(0.7) * m)
    )(symmetric(n, rng)),
    "packed": lambda n, rng: (lambda j: (j, j.dense()))(Packed.normal(n, **ADDRESS)),
    "regenerated": lambda n, rng: (Regenerated(n, **ADDRESS), Packed.normal(n, **ADDRESS).dense()),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def bound(matrix: Array, x: Array, eps: float) -> Array:
    """Return what rounding may do to J x: N eps sum_j |J_ij x_j|, the bound for any order of the sum."""
    return (len(matrix) + 2) * eps * (np.abs(matrix) @ np.abs(x)) + 1e-300


@kinds
@given(n=st.integers(1, 70), m=st.sampled_from([1, 2, 3, 5, 17, 32, 33, 50]), seed=st.integers(0, 2**32 - 1))
def test_products_and_rows_are_those_of_the_matrix(kind: str, n: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    coupling, matrix = KINDS[kind](n, rng)
    assert coupling.size == n
    assert coupling.shape == matrix.shape
    np.testing.assert_array_equal(coupling.dense(), matrix)
    np.testing.assert_array_equal(np.asarray(coupling), matrix)
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(np.diag(matrix), 0.0)
    np.testing.assert_array_equal([coupling.row(i) for i in range(n)], matrix)
    np.testing.assert_allclose(coupling.strength, np.linalg.norm(matrix, axis=1), rtol=1e-14)
    x, block = rng.normal(size=n), rng.normal(size=(n, m))
    out = np.full(n, np.nan)
    assert coupling.product(x, out) is out
    np.testing.assert_array_equal(out, coupling @ x)
    assert np.all(np.abs(out - matrix @ x) <= bound(matrix, x, 2e-16))
    assert np.all(np.abs(coupling @ block - matrix @ block) <= bound(matrix, block, 2e-16))
    np.testing.assert_array_equal(
        coupling @ (x + 2j * x[::-1]), coupling @ x + 1j * (coupling @ (2 * x[::-1]))
    )
    single = block.astype(np.float32)
    product = coupling.products(single)
    assert product.dtype == np.float32
    assert product.shape == (n, m)
    assert product.flags.f_contiguous
    assert np.all(np.abs(product - matrix @ single.astype(np.float64)) <= bound(matrix, single, 1.2e-7))
    np.testing.assert_array_equal(coupling @ single, coupling @ single.astype(np.float64))


@kinds
def test_results_are_new_and_strength_is_read_only(kind: str) -> None:
    coupling, matrix = KINDS[kind](40, np.random.default_rng(0))
    x = np.ones(40)
    coupling.dense()[:] = coupling.row(3)[:] = coupling.product(x)[:] = np.nan
    (coupling @ np.ones((40, 2)))[:] = np.nan
    np.testing.assert_array_equal(coupling.dense(), matrix)
    assert np.isfinite(coupling @ x).all()
    with pytest.raises(ValueError, match="read-only"):
        coupling.strength[0] = 1.0


@pytest.mark.parametrize("n", [1, 8, 31, 33, 70, 513])
def test_products_of_integers_are_exact(n: int) -> None:
    """q_ij x_j with integers x is a sum of integers below 2^53: no rounding, in whatever order."""
    coupling = Packed.normal(n, **{**ADDRESS, "scale": 4096.0})
    q, x = coupling.dense().astype(np.int64), np.random.default_rng(1).integers(-(2**20), 2**20, n)
    np.testing.assert_array_equal(coupling @ x, q @ x)
    np.testing.assert_array_equal((coupling.strength**2).round(), (q**2).sum(axis=1))


@pytest.mark.parametrize("n", [9, 40, 70])
def test_product_is_the_documented_sequence_of_additions(n: int) -> None:
    """Plain float64 additions in a stated order give the same bits: no contraction, no vector width."""
    coupling = Packed.normal(n, **ADDRESS)
    q = np.zeros((96, 96))
    q[:n, :n] = np.triu(Packed.normal(n, **{**ADDRESS, "scale": 4096.0}).dense(), 1)
    x, out = np.zeros(96), np.zeros(row_panels.width(n))
    x[:n] = np.random.default_rng(2).normal(size=n)
    for top in range(0, n, 8):
        lanes = np.zeros((8, 32))
        for left in range(top // 32 * 32, n, 32):
            block = q[top : top + 8, left : left + 32]
            lanes += block * x[left : left + 32]
            for r in range(8):
                out[left : left + 32] += block[r] * x[top + r]
        for half in (16, 8, 4, 2, 1):
            lanes[:, :half] += lanes[:, half : 2 * half]
        out[top : top + 8] += lanes[:, 0]
    np.testing.assert_array_equal(coupling @ x[:n], out[:n] * (0.3 / 4096.0))


@pytest.mark.parametrize("n", [9, 40, 70])
@pytest.mark.parametrize(
    ("kind", "wide", "bits"), [(np.float32, np.float64, 23), (np.float64, np.longdouble, 44)]
)
def test_products_of_a_block_are_the_documented_sequence(n: int, kind: Any, wide: Any, bits: int) -> None:
    """Fused multiplications and additions, each rounded once, give the same bits: whatever the processor.

    x is a multiple of 2^-bits in [1, 2) and q an integer below 2^15, so that q x plus a partial sum is exact
    in the wider type (sums below 2^20: 43 bits of 53, 64 of 64), and its rounding the only one.
    """
    if np.finfo(wide).nmant < bits + 19:
        pytest.skip("long double is no longer than double here")
    coupling = Packed.normal(n, **{**ADDRESS, "scale": 4096.0})
    q = np.zeros((96, 96), wide)
    q[:n, :n] = np.triu(coupling.dense(), 1)
    x, out = np.zeros((96, 17), wide), np.zeros((96, 17), kind)
    x[:n] = 1 + np.random.default_rng(2).integers(0, 2**bits, (n, 17)) / wide(2.0**bits)
    for top in range(0, 96, 32):
        lanes = np.zeros((32, 17), kind)
        for c in range(top, 96):
            lanes = (lanes + q[top : top + 32, c, None] * x[c]).astype(kind)
            for i in range(top, top + 32):
                out[c] = (out[c] + q[i, c] * x[i]).astype(kind)
        out[top : top + 32] += lanes
    np.testing.assert_array_equal(coupling.products(x[:n].astype(kind)), out[:n])


@pytest.fixture(scope="module")
def large() -> tuple[Packed, Regenerated, Array, Array, Array]:
    """Packed and regenerated couplings of several tasks, J x, J X and J X in float32, with one thread."""
    threads.set_threads(1)
    stored, again = Packed.normal(LARGE, **ADDRESS), Regenerated(LARGE, **ADDRESS)
    assert len(stored._tasks) > 1
    block = np.random.default_rng(3).normal(size=(LARGE, 18))
    threads.set_threads(2)
    return stored, again, stored @ block[:, 0], stored @ block, stored.products(block.astype(np.float32))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_bits_depend_on_no_thread_and_no_storage(large: tuple[Any, ...], count: int) -> None:
    stored, _, product, products, single = large
    threads.set_threads(count)
    block = np.random.default_rng(3).normal(size=(LARGE, 18))
    for coupling in (Packed.normal(LARGE, **ADDRESS), Regenerated(LARGE, **ADDRESS)):
        np.testing.assert_array_equal(coupling @ block[:, 0], product)
        np.testing.assert_array_equal(coupling @ block, products)
        np.testing.assert_array_equal(coupling.products(block.astype(np.float32)), single)
        np.testing.assert_array_equal(coupling.strength, large[0].strength)
    few = np.column_stack([stored @ column for column in block.T[:3]])
    np.testing.assert_array_equal(stored @ block[:, :3], few)  # so few columns are multiplied one by one
    np.testing.assert_array_equal(stored._values, Packed.normal(LARGE, **ADDRESS)._values)


def test_products_at_the_same_time_share_no_memory() -> None:
    """Of threads of the user's own, each a size and vectors of its own."""
    couplings = [Packed.normal(n, **ADDRESS) for n in (300, 301, 320)]
    vectors = [np.full(one.size, k + 1.0) for k in range(40) for one in couplings]
    alone = [couplings[k % 3].product(x) for k, x in enumerate(vectors)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda k: couplings[k % 3].product(vectors[k]), range(len(vectors))))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("count", [2, 3])
def test_bits_of_dense_depend_on_no_thread(count: int) -> None:
    """N = 2100 is three strips."""
    matrix = symmetric(2100, np.random.default_rng(4))
    coupling, block = Dense(matrix), np.random.default_rng(3).normal(size=(2100, 3))
    threads.set_threads(1)
    product, products = coupling @ block[:, 0], coupling @ block
    threads.set_threads(count)
    np.testing.assert_array_equal(coupling @ block[:, 0], product)
    np.testing.assert_array_equal(coupling @ block, products)


def test_several_tasks_make_the_matrix(large: tuple[Any, ...]) -> None:
    stored, again, product, products, single = large
    matrix = stored.dense()
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(matrix[::500], again.dense()[::500])
    for i in (0, 7, 8, 1999, LARGE - 1):
        np.testing.assert_array_equal(stored.row(i), matrix[i])
        np.testing.assert_array_equal(again.row(i), matrix[i])
    block = np.random.default_rng(3).normal(size=(LARGE, 18))
    # |J x| is about 16; N = 3001 additions of random sign
    np.testing.assert_allclose(product, matrix @ block[:, 0], atol=1e-12, rtol=0.0)
    np.testing.assert_allclose(products, matrix @ block, atol=1e-12, rtol=0.0)
    np.testing.assert_allclose(single, matrix @ block, atol=5e-4, rtol=0.0)
    np.testing.assert_allclose(stored.strength, np.linalg.norm(matrix, axis=1), rtol=1e-13)


@given(n=st.integers(1, 20_000), run=st.none() | st.integers(1, 2000))
def test_tasks_are_all_panels_in_order(n: int, run: int | None) -> None:
    offset = row_panels.offsets(n)
    assert offset[-1] == sum((row_panels.width(n) - top // 32 * 32) // 32 for top in range(0, n, 8))
    tasks = row_panels.tasks(offset, run)
    bounds = [pair for task in tasks for pair in task]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(offset) - 1
    assert all(a[1] == b[0] for a, b in pairwise(bounds))
    assert all(first < last for first, last in bounds)
    assert len(tasks) <= 16


def test_memory() -> None:
    """N^2 bytes and a little for int16, 16 bytes a site for the keys, and the label says what it is."""
    n = 4000
    assert 1.0 <= Packed.normal(n, **ADDRESS).nbytes / n**2 < 1.01
    assert Regenerated(n, **ADDRESS).nbytes == 16 * n
    assert repr(Regenerated(n, **ADDRESS)) == "Regenerated(N=4000, 64000 bytes)"


def test_what_does_not_fit_is_refused() -> None:
    values = np.zeros((3, 8, 32), np.int16)
    with pytest.raises(
        ValueError, match=r"shape \(3, 8, 32\) and type int16: must be \(2, 8, 32\), int16 or"
    ):
        Packed(10, values, 1.0)
    with pytest.raises(ValueError, match=r"type float64: must be \(3, 8, 32\), int16 or float32"):
        Packed(20, values.astype(np.float64), 1.0)
    with pytest.raises(ValueError, match=r"operand has shape \(5,\): must be \(20,\) or \(20, m\)"):
        Packed(20, values, 1.0) @ np.ones(5)
    for change, message in (
        ({"n": 0}, "n = 0: must be an integer"),
        ({"scale": np.inf}, "scale = inf: must be"),
    ):
        with pytest.raises(ValueError, match=message):
            Regenerated(**{"n": 3, **ADDRESS, **change})
    given = np.zeros((3, 8, 32), np.int16)
    coupling = Packed(20, given, 1.0)
    given[:] = 1  # later changes to what was given change nothing
    assert not coupling.dense().any()
    for bad in (np.array([[0.0, 1.0], [2.0, 0.0]]), np.eye(2), np.ones((2, 3))):
        with pytest.raises(ValueError, match="coupling"):
            Dense(bad)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_vectors_of_a_block_begin_with_a_line_of_memory(kind: type[np.floating[Any]]) -> None:
    zeros = [line_zeros((3, n), kind) for n in range(1, 40)]
    assert all(z.ctypes.data % 64 == 0 and z.flags.c_contiguous and not z.any() for z in zeros)
    assert [z.shape for z in zeros] == [(3, n) for n in range(1, 40)]
