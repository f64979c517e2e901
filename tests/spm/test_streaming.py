"""Streaming: the same sums as the table's, for any number of threads, in memory that does not grow."""

import re
import tracemalloc

import numpy as np
import pytest

import spm
from spm.streaming import CHUNK, CHUNKS
from spm.tally import Tally, bin_edges, bins_of

LAW = spm.SoftPotentials()


def arrays(tally: Tally) -> list[np.ndarray]:
    return [tally.counts, tally.squares, tally.joint, tally.joint_squares, tally.extremes, tally.sums]


def test_a_stream_is_the_tally_of_the_table() -> None:
    """Counts are equal; what is read from r and from the roots of U' agrees to their rounding."""
    n = 3 * CHUNK + 17
    stream, table = spm.stream(LAW, n, seed=3, threads=1), spm.tally(spm.sample(LAW, n, seed=3))
    for name in ("counts", "squares", "joint", "joint_squares", "potentials"):
        np.testing.assert_array_equal(getattr(stream, name), getattr(table, name))
    np.testing.assert_allclose(stream.extremes, table.extremes, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(stream.sums, table.sums, rtol=1e-11)


def test_sums_of_a_table_by_hand() -> None:
    wells = spm.sample(LAW, 5000, seed=1)
    tally = spm.tally(wells)
    upper = ~wells.is_global
    assert tally.wells.tolist() == [5000, wells.size - 5000]
    np.testing.assert_allclose(tally.sums[0, 0], [wells.b2[~upper].sum(), (wells.b2[~upper] ** 2).sum()])
    np.testing.assert_allclose(tally.sums[1, 2], [wells.b4[upper].sum(), (wells.b4[upper] ** 2).sum()])
    np.testing.assert_array_equal(tally.counts[0, 0], np.histogram(wells.b2[~upper], bin_edges())[0])
    np.testing.assert_array_equal(tally.counts[1, 2], np.histogram(wells.r[upper], bin_edges())[0])
    pairs = wells.partner >= 0
    np.testing.assert_array_equal(
        tally.counts[1, 1], np.histogram(wells.barrier[upper & pairs], bin_edges())[0]
    )
    assert tally.joint.sum() == np.count_nonzero(pairs) / 2
    np.testing.assert_allclose(tally.extremes[0, 2], [wells.r[~upper].min(), wells.r[~upper].max()])


def test_weights_are_multiplicities() -> None:
    """Wells listed twice or thrice, against weights 2 and 3."""
    wells = spm.sample(LAW, 300, seed=1)
    times = np.resize([1, 2, 3], wells.size)
    plain = {name: getattr(wells, name) for name in ("b2", "b3", "b4")}
    one = spm.tally(spm.QuarticWells(**plain, weight=times.astype(float), potentials=1.0))
    other = spm.tally(spm.QuarticWells(**{k: np.repeat(v, times) for k, v in plain.items()}, potentials=1.0))
    for name in ("counts", "joint", "extremes", "sums"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-12)
    assert one.squares.sum() == 3 * np.sum(times**2) - np.sum(times[np.isnan(wells.barrier)] ** 2)


def test_any_number_of_threads_gives_the_same_bits() -> None:
    n = 3 * CHUNK * CHUNKS // 2
    one, *others = (arrays(spm.stream(LAW, n, seed=5, threads=threads)) for threads in (1, 2, 3))
    for other in others:
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_memory_does_not_grow() -> None:
    """Peak of numpy's allocations: eight tasks need no more than three, which are at hand at once."""
    peaks = []
    spm.stream(LAW, 1, threads=1)
    for tasks in (3, 8):
        tracemalloc.start()
        spm.stream(LAW, tasks * CHUNK * CHUNKS, threads=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
    assert peaks[1] < 32e6


def test_bins_are_those_of_the_edges() -> None:
    edges = bin_edges()
    assert edges[0] == 2.0**-110
    assert edges[-1] == 2.0**50
    inner = edges[:-1]
    np.testing.assert_array_equal(bins_of(inner), np.arange(inner.size))
    np.testing.assert_array_equal(bins_of(np.nextafter(edges[1:], 0.0)), np.arange(inner.size))
    assert bins_of(np.array([0.0, 1e-300, 1e300])).tolist() == [0, 0, inner.size - 1]


def test_no_threads() -> None:
    with pytest.raises(ValueError, match=re.escape("threads = 0: must be an integer of at least 1")):
        spm.stream(LAW, 1, threads=0)
