"""Rotated couplings: the transform, the contract of a coupling, how near frames are to random rotations."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import quartic
from landscape import disorder, threads
from quartic.couplings import Rotated
from quartic.couplings.hadamard import transform, transform_row

# (N, M): all small sizes, one row of the layout and several, and lengths that threads share
SIZES = [(1, 1), (2, 2), (3, 4), (5, 8), (13, 16), (700, 1024), (5000, 8192), (16384, 16384), (70000, 2**17)]
SIGMAS = 4.5  # of a mean over samples: 7e-6 false alarms for each number compared; the seeds are fixed


def walsh_hadamard(x: np.ndarray) -> np.ndarray:
    """H x, axis by axis of x as a cube of 2 x 2 x ... numbers."""
    cube = x.reshape((2,) * (x.size.bit_length() - 1))
    for axis in range(cube.ndim):
        first, second = np.split(cube, 2, axis)
        cube = np.concatenate([first + second, first - second], axis)
    return np.asarray(cube.ravel() / np.sqrt(x.size))


def reference(n: int, eigenvalues: np.ndarray, x: np.ndarray) -> np.ndarray:
    """P Q^T S Q P^T x as the class describes it, seed 1, sample 2, label "c"."""
    full = eigenvalues.size
    words = disorder.vector_words(1, full, seed=1, sample=2, label=f"c of {n}: signs")[:full]
    order = np.argsort(disorder.uniform(full, seed=1, sample=2, label=f"c of {n}: order"))
    signs = [np.where(words >> np.uint64(bit) & np.uint64(1), -1.0, 1.0) for bit in range(3)]
    y = np.concatenate([x, np.zeros(full - n)])
    for sign in signs:
        y = walsh_hadamard(sign * y)
    y *= eigenvalues[order]
    for sign in reversed(signs):
        y = sign * walsh_hadamard(y)
    return np.asarray(y[:n])


def example(n: int, full: int) -> tuple[Rotated, np.ndarray]:
    eigenvalues = np.linspace(-1.0, 2.0, full)
    return Rotated(n, eigenvalues, seed=1, sample=2, label="c"), eigenvalues


@pytest.fixture
def any_threads() -> Iterator[None]:
    """Give back the number of threads after a test that changes it."""
    before = threads.count()
    yield
    threads.set_threads(before)


@pytest.mark.parametrize("bits", range(13))
def test_the_transform(bits: int) -> None:
    """Against the reference; numbers that are whole stay exact."""
    x = np.arange(1.0, 2.0**bits + 1.0) ** 2 % 101
    expected = np.round(walsh_hadamard(x) * 2 ** (bits / 2))
    whole, rows = x.copy(), x.copy()
    transform(whole, 1)
    transform_row(rows)
    np.testing.assert_array_equal(whole, expected)
    np.testing.assert_array_equal(rows, expected)


@pytest.mark.parametrize(("n", "full"), SIZES)
def test_the_product_is_the_one_described(n: int, full: int) -> None:
    """Rounding: 6 log2 M sums of numbers of the size of x."""
    coupling, eigenvalues = example(n, full)
    x = disorder.normal(n, seed=3, sample=0, label="x")
    np.testing.assert_allclose(coupling.product(x), reference(n, eigenvalues, x), rtol=0.0, atol=2e-14)


@given(st.sampled_from(SIZES), st.integers(0, 3), st.sampled_from(["f8", "f4"]))
def test_blocks_are_columns(size: tuple[int, int], m: int, kind: str) -> None:
    n, full = size
    coupling, _ = example(n, full)
    block: np.ndarray = disorder.normal(n * m, seed=3, sample=1, label="block").reshape(n, m).astype(kind)
    product = coupling.products(block)
    assert (product.dtype.str[1:], product.shape, product.flags.f_contiguous) == (kind, (n, m), True)
    for k in range(m):
        out = np.empty(n)
        assert coupling.product(np.ascontiguousarray(block[:, k], np.float64), out) is out
        np.testing.assert_array_equal(product[:, k], out.astype(kind))


@given(st.integers(1, 70))
def test_all_ways_to_the_matrix_agree(n: int) -> None:
    coupling, eigenvalues = example(n, 1 << (n - 1).bit_length())
    matrix = coupling.dense()
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(np.asarray(coupling), matrix)
    rows = np.array([coupling.row(i) for i in range(n)])
    np.testing.assert_allclose(rows, matrix, atol=1e-14)
    np.testing.assert_allclose(matrix @ np.eye(n)[0], reference(n, eigenvalues, np.eye(n)[0]), atol=1e-14)
    z = disorder.normal(n, seed=3, sample=2, label="z") * (1.0 + 0.5j)
    np.testing.assert_allclose(coupling @ z, matrix @ z, atol=1e-13)


@pytest.mark.parametrize("full", [1, 8, 256])
def test_the_spectrum_is_the_one_given(full: int) -> None:
    """And a matrix cut from it interlaces (Cauchy): lambda_k <= mu_k <= lambda_(k + M - N)."""
    coupling, eigenvalues = example(full, full)
    np.testing.assert_allclose(np.linalg.eigvalsh(coupling.dense()), eigenvalues, atol=1e-13)
    n = full // 2 + 1
    cut = np.linalg.eigvalsh(example(n, full)[0].dense())
    assert np.all(eigenvalues[:n] <= cut + 1e-13)
    assert np.all(cut <= eigenvalues[full - n :] + 1e-13)


@pytest.mark.parametrize(("n", "full"), [(40000, 2**16), (2**17, 2**17)])
@pytest.mark.usefixtures("any_threads")
def test_the_bits_do_not_depend_on_threads(n: int, full: int) -> None:
    coupling, _ = example(n, full)
    x = disorder.normal(n, seed=3, sample=0, label="x")
    products = []
    for count in (1, 2, 3):
        threads.set_threads(count)
        products += [coupling.product(x), coupling.products(x[:, None])[:, 0]]
    for other in products[1:]:
        np.testing.assert_array_equal(products[0], other)


def test_the_address_is_all_that_counts() -> None:
    eigenvalues = np.linspace(-1.0, 1.0, 64)
    x = np.ones(40)
    one, again = (Rotated(40, eigenvalues, seed=1, sample=2, label="c").product(x) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    for n, seed, sample, label in ((41, 1, 2, "c"), (40, 2, 2, "c"), (40, 1, 3, "c"), (40, 1, 2, "d")):
        other = Rotated(n, eigenvalues, seed=seed, sample=sample, label=label).product(np.ones(n))
        assert not np.any(other[:40] == one)


def test_memory_is_linear_in_size() -> None:
    for n, full in SIZES:
        assert example(n, full)[0].nbytes == 8 * n + 11 * full


@pytest.mark.parametrize(
    ("n", "eigenvalues", "message"),
    [
        (3, np.zeros(3), "eigenvalues has shape (3,): must be (M,) with M a power of two"),
        (3, np.zeros((4, 1)), "eigenvalues has shape (4, 1): must be (M,)"),
        (1, np.zeros(0), "eigenvalues has shape (0,): must be (M,)"),
        (5, np.zeros(4), "n = 5: must be an integer from 1 to 4"),
        (0, np.zeros(4), "n = 0: must be an integer from 1"),
        (4, [0.0, 1.0, np.nan, 2.0], "eigenvalues[2] = nan: must be finite"),
    ],
)
def test_bad_arguments_name_value_and_rule(n: int, eigenvalues: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        Rotated(n, eigenvalues, seed=1, sample=0, label="c")


def test_a_problem_takes_the_diagonal_for_its_own() -> None:
    """The energy of the pairs and of the diagonal, x.J.x/2; the derivative of the gradient is the Hessian."""
    coupling, _ = example(13, 16)
    problem = quartic.Problem(np.linspace(0.2, 1.0, 13), coupling, 0.1, 1.0)
    x = np.linspace(-1.0, 1.0, 13)
    site = problem.stiffness * x**2 / 2 + x**4 / 24 - 0.1 * x
    np.testing.assert_allclose(quartic.energy(problem, x), site.sum() + x @ coupling.dense() @ x / 2)
    step = 1e-20j * np.eye(13)
    columns = [quartic.gradient(problem, x + d).imag / 1e-20 for d in step]
    np.testing.assert_allclose(np.array(columns), quartic.hessian(problem, x), atol=1e-13)


def ensemble(eigenvalues: np.ndarray, samples: int) -> Iterator[np.ndarray]:
    for sample in range(samples):
        yield Rotated(eigenvalues.size, eigenvalues, seed=5, sample=sample, label="c").dense()


def pull(values: list[float], expected: float) -> float:
    """(mean - expected)/error, of independent samples."""
    return float((np.mean(values) - expected) / (np.std(values, ddof=1) / np.sqrt(len(values))))


def test_low_moments_are_those_of_random_rotations() -> None:
    """Exact averages over the Haar measure of O(M), for eigenvalues of sum 0 that are skewed.

    With p_k = tr S^k and q a random unit vector, moments of q.S.q follow from its Gaussian cumulants
    2^(k - 1) (k - 1)! p_k and the moments of its length: E W_ii^2 = 2 p_2/(M (M + 2)),
    E W_ii^4 = (48 p_4 + 12 p_2^2)/(M (M + 2)(M + 4)(M + 6)), E (q.S.q)(q.S^2.q) = 2 p_3/(M (M + 2)); with the
    latter the sum of W_ij W_jk W_ki over different i, j, k is p_3 (1 - 6/(M + 2) + 16/((M + 2)(M + 4))).
    """
    size = 128
    eigenvalues = -np.log((np.arange(size) + 0.5) / size)
    eigenvalues -= eigenvalues.mean()
    p2, p3, p4 = (float(np.sum(eigenvalues**k)) for k in (2, 3, 4))
    squares, fourths, triangles = [], [], []
    for matrix in ensemble(eigenvalues, 400):
        diagonal = np.diag(matrix)
        off = matrix - np.diag(diagonal)
        squares.append(np.mean(diagonal**2))
        fourths.append(np.mean(diagonal**4))
        triangles.append(np.sum(off @ off * off))
    m = float(size)
    assert abs(pull(squares, 2 * p2 / (m * (m + 2)))) < SIGMAS
    assert abs(pull(fourths, (48 * p4 + 12 * p2**2) / (m * (m + 2) * (m + 4) * (m + 6)))) < SIGMAS
    assert abs(pull(triangles, p3 * (1 - 6 / (m + 2) + 16 / ((m + 2) * (m + 4))))) < SIGMAS


def test_elements_are_nearly_normal_and_hold_no_trace_of_the_transform() -> None:
    """Off the diagonal, eigenvalues ascending: fourth moments, and sites paired as the transform pairs them.

    With signs s of a Walsh function, sum s_i s_j W_ij^2 has the mean M (E W_ii^2 - E W_ij^2) over the Haar
    measure, and would be of order M sum_j W_ij^2 if the frame knew s. Fourth moments of a frame from only
    three random bits a site exceed those of a rotation by about 1/M, measured; the bound is 3/M.
    """
    size = 256
    eigenvalues = np.linspace(-1.0, 1.0, size)
    pair = float(eigenvalues @ eigenvalues) / ((size - 1) * (size + 2))
    diagonal = 2 * float(eigenvalues @ eigenvalues) / (size * (size + 2))
    sites = np.arange(size)
    signs = [np.where(sites & bit, -1.0, 1.0) for bit in (1, 2, size // 2)]
    walsh: list[list[float]] = [[], [], []]
    fourths, partners = [], []
    for matrix in ensemble(eigenvalues, 300):
        off = (matrix - np.diag(np.diag(matrix))) ** 2
        for values, s in zip(walsh, signs, strict=True):
            values.append(float(s @ matrix**2 @ s))
        fourths.append(np.mean(off**2) / pair**2)
        partners.append(np.mean(off * off[sites ^ 1][:, sites ^ 1]) / pair**2)
    assert max(abs(pull(values, size * (diagonal - pair))) for values in walsh) < SIGMAS
    assert abs(np.mean(fourths) - 3.0) < 3.0 * 3.0 / size
    assert abs(np.mean(partners) - 1.0) < 3.0 * 3.0 / size


def test_strength_is_the_mean_row_norm() -> None:
    """Of eigenvalues with a mean, cut to part of the sites: sum_j J_ij^2 averaged over sites and samples."""
    eigenvalues = np.linspace(-1.0, 2.0, 64) ** 3
    squares = []
    for sample in range(300):
        coupling = Rotated(40, eigenvalues, seed=5, sample=sample, label="c")
        squares.append(np.mean(np.sum(coupling.dense() ** 2, axis=1)))
    assert np.ptp(coupling.strength) == 0.0
    assert abs(pull(squares, coupling.strength[0] ** 2)) < SIGMAS
    np.testing.assert_allclose(example(64, 64)[0].strength ** 2, np.mean(np.linspace(-1.0, 2.0, 64) ** 2))
