"""The normal numbers of pairs: the right quantiles, and no trace of how they are made.

Statistical tests have fixed seeds and say how many numbers they look at; a perfect generator fails a test
statistic with probability P.
"""

from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from landscape import disorder
from quartic.couplings import Packed, normal

Array = Any  # numpy arrays of numbers
P = 1e-4


def words(n: int, sample: int, label: str = "test") -> Array:
    """Return the words of all pairs (i, j), those with j > i in use, from the definition, shape (n, n)."""

    def mix(x: Array) -> Array:
        for multiplier, shift in ((0x7FEB352D, 16), (0x846CA68B, 15)):
            x = (x ^ (x >> shift)) * multiplier % 2**32
        return x ^ (x >> 16)

    a, b, c, d = disorder.pair_keys(n, seed=1, sample=sample, label=label).astype(np.int64)[:, :n]
    return mix((mix(a[:, None] ^ c) + (b[:, None] ^ d)) % 2**32)


def exact(word: Array) -> Array:
    """Return the number that is exceeded with probability (t + 1/2)/2^32, times 4096 and the sign."""
    negative = word >= 2**31
    t = np.where(negative, 2**32 - 1 - word, word)
    return np.where(negative, 1, -1) * 4096.0 * special.ndtri((t + 0.5) / 2**32)


def integers(word: Array) -> Array:
    out = np.empty(word.size, np.int16)
    normal.integers(word.ravel().astype(np.uint32), out)
    return out.reshape(word.shape).astype(np.float64)


def gaussian(n: int, sample: int) -> Array:
    return Packed.normal(n, scale=1.0, seed=1, sample=sample, label="test").dense()


def test_integers_are_rounded_quantiles() -> None:
    """Against scipy's ndtri; 0.5 of rounding and 0.03 as `magnitude` and `exponent` promise."""
    edges = np.concatenate([2 ** np.arange(1, 32) + k for k in range(-40, 40)]).clip(0, 2**31 - 1)
    random = np.random.default_rng(1).integers(0, 2**31, 500_000)
    word = np.concatenate([np.arange(50_000), edges, random])
    q = integers(word)
    assert np.abs(q - exact(word)).max() < 0.53
    np.testing.assert_array_equal(integers(2**32 - 1 - word), -q)
    # the largest of all is Phi^-1(1 - 2^-33) = 6.338 standard deviations
    assert q.max() == q[0] == round(-4096 * special.ndtri(2.0**-33))


def alternations(error: Array) -> int:
    """Return how many points the longest sequence of alternating signs has."""
    signs = np.sign(error[error != 0.0])
    return 1 + int(np.sum(signs[1:] != signs[:-1]))


def test_quantile_formula_is_the_best_of_its_degrees() -> None:
    """De la Vallee Poussin: n + m + 2 errors of alternating sign, each of at least d, prove that no formula
    of degrees (n, m) has a largest error below d. In float64, with the coefficients as they are.
    """
    e = np.linspace(0.0, 32.0, 20_001)
    formula = normal.magnitude.py_func(e)  # type: ignore[attr-defined]
    error = formula + 4096.0 * special.ndtri(0.5 * 2.0**-e)
    assert np.abs(error).max() < 0.0106
    assert alternations(error[np.abs(error) > 0.0099]) == 5 + 4 + 2


def test_logarithm_is_the_best_of_its_degree() -> None:
    """log2(1 + f) = f P(f): an error of f times six coefficients must alternate seven times with f's sign."""
    f = np.linspace(2**-0.5 - 1, 2**0.5 - 1, 20_001)[1:-1]
    tail = ((1.0 + f) * 2.0**30).astype(np.float32)  # exponents near 1, where float32 rounding is 1e-7
    error = np.array([normal.exponent(x) for x in tail]) + np.log2(tail / 2.0**31)
    assert np.abs(error).max() < 2.4e-6
    assert alternations((error * np.sign(tail - 2.0**30))[np.abs(error) > 1.9e-6]) == 7


@pytest.mark.parametrize("n", [2, 45, 130])
def test_elements_are_the_integers_of_the_words_of_the_definition(n: int) -> None:
    word = words(n, 17)
    q = np.triu(integers(word), 1)
    j = Packed.normal(n, scale=0.7, seed=1, sample=17, label="test").dense()
    np.testing.assert_array_equal(j, (0.7 / 4096.0) * (q + q.T))


def test_bits_of_words_are_fair_and_independent() -> None:
    """5 * 10^5 words: each of 32 bits alone, against the next in the word, the row and the column."""
    n = 1000
    bits = np.unpackbits(words(n, 3).astype(">u4").view(np.uint8).reshape(n, n, 4), axis=2).astype(np.int8)
    bits = 2 * bits - 1
    upper = np.triu(np.ones((n - 1, n - 1), bool), 1)
    here = bits[:-1, :-1][upper]
    others = {
        "fair": np.ones_like(here),
        "in the word": np.roll(here, 1, axis=1),
        "along the row": bits[:-1, 1:][upper],
        "along the column": bits[1:, :-1][upper],
    }
    for name, other in others.items():
        z = (here * other).sum(axis=0, dtype=np.int64) / np.sqrt(len(here))
        assert stats.chi2.sf(np.sum(z**2), 32) > P, name


def test_neighbours_have_no_joint_structure() -> None:
    """Histograms of (u, u') on 16 x 16 cells, 5 * 10^5 pairs: along the row, the column and the diagonal."""
    n = 1000
    cell = (words(n, 4) >> 28).astype(np.int64)
    upper = np.triu(np.ones((n - 1, n - 1), bool), 1)
    here = cell[:-1, :-1][upper]
    for other in (cell[:-1, 1:], cell[1:, :-1], cell[1:, 1:]):
        counts = np.bincount(16 * here + other[upper], minlength=256)
        assert stats.chisquare(counts).pvalue > P


def test_words_of_a_square_have_no_relation() -> None:
    """Pairs of rows and of columns, 3 * 10^5 squares: alternating sums and sums without carries, as bytes.

    Each square has eight row and column keys and four words; with too little mixing, such a sum of
    the words knows the keys' structure.
    """
    word = words(2048, 7)[:1024, 1024:]
    a, b, c, d = (word[row::2, column::2] for row in (0, 1) for column in (0, 1))
    for total in ((a - b - c + d) % 2**32, a ^ b ^ c ^ d, (a + b - c - d) % 2**32):
        for shift in (0, 8, 16, 24):
            counts = np.bincount((total >> shift & 255).ravel(), minlength=256)
            assert stats.chisquare(counts).pvalue > P


def test_rows_do_not_repeat_each_other_at_any_shift() -> None:
    """All lags of 64 rows with each other and all columns likewise: 8 * 10^6 correlations of 2000 numbers.

    The largest of them all is compared to the union bound.
    """
    n, rows = 2000, 64
    g = integers(words(n, 5)) / 4096.0
    for block in (g[:rows], g[:, :rows].T):
        transform = np.fft.rfft(block, 2 * n, axis=1)
        largest = max(
            np.abs(np.fft.irfft(transform[i].conj() * transform[i + 1 :], axis=1)).max()
            for i in range(rows - 1)
        )
        assert largest / np.sqrt(n) < stats.norm.isf(P / 2 / (rows * (rows - 1) / 2 * 2 * n))


def test_loops_of_three_and_four_pairs_are_uncorrelated() -> None:
    """Sums over all triangles and squares of sites, which see a structure in every pair of rows and columns.

    Independent unit normal g_ij give both sums mean 0 and as variance the number of loops; 20 samples of 400
    sites, so 2 * 10^8 triangles and 6 * 10^10 squares. tr g^4 counts each square 8 times, and the walks
    that run back on themselves.
    """
    n, z = 400, []
    for sample in range(20):
        g = gaussian(n, sample)
        square = g @ g
        z.append(np.sum(square * g) / 6.0 / np.sqrt(special.comb(n, 3)))
        back = 2.0 * np.sum(np.diag(square) ** 2) - np.sum(g**4)
        z.append((np.sum(square**2) - back) / 8.0 / np.sqrt(3.0 * special.comb(n, 4)))
    assert stats.chi2.sf(np.sum(np.square(z)), len(z)) > P
    assert abs(np.sum(z)) / np.sqrt(len(z)) < stats.norm.isf(P / 2)


def test_law_and_moments() -> None:
    """2 * 10^6 numbers: Kolmogorov-Smirnov, and mean, variance and kurtosis."""
    g = gaussian(2000, 6)[np.triu_indices(2000, 1)]
    g += np.random.default_rng(2).uniform(-0.5, 0.5, g.size) / 4096.0  # undo the steps, invisibly else
    assert stats.kstest(g, "norm").pvalue > P
    for power, mean, variance in ((1, 0.0, 1.0), (2, 1.0, 2.0), (4, 3.0, 96.0)):
        z = np.sum(g**power - mean) / np.sqrt(variance * g.size)
        assert abs(z) < stats.norm.isf(P / 2)


def test_edge_of_the_spectrum_is_that_of_independent_numbers() -> None:
    """The largest eigenvalues of 150 matrices, N = 120, and 150 by numpy's generator: Kolmogorov-Smirnov."""
    n, count = 120, 150
    rng = np.random.default_rng(3)

    def other() -> Array:
        g = np.triu(rng.normal(size=(n, n)), 1)
        return g + g.T

    ours = [np.linalg.eigvalsh(gaussian(n, s))[-1] for s in range(count)]
    theirs = [np.linalg.eigvalsh(other())[-1] for _ in range(count)]
    assert stats.ks_2samp(ours, theirs).pvalue > P


def test_other_addresses_have_other_numbers() -> None:
    """The same pair under another seed, sample, label or size: 8 * 10^4 pairs, four correlations."""
    n = 400
    base: dict[str, Any] = {"n": n, "scale": 1.0, "seed": 1, "sample": 2, "label": "test"}
    g = Packed.normal(**base).dense()
    for change in ({"seed": 2}, {"sample": 1}, {"label": "tests"}, {"n": n + 1}):
        other = Packed.normal(**{**base, **change}).dense()[:n, :n]
        assert abs(np.sum(g * other)) / 2.0 / np.sqrt(special.comb(n, 2)) < stats.norm.isf(P / 8)
