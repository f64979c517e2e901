"""Addressed random numbers: the published generator, the right laws, and nothing but the address."""

from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from landscape import disorder

# Known answers of Philox-4x32-10 (counter, key, words) published with Random123 by Salmon et al. 2011.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
ADDRESS: dict[str, Any] = {"seed": 1, "sample": 17, "label": "test"}


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_words_are_the_published_generator(
    counter: tuple[int, ...], key: tuple[int, ...], words: tuple[int, ...]
) -> None:
    out = np.empty(4, np.uint64)
    disorder.fill_words(out, *counter, np.uint64(key[0]), np.uint64(key[1]))
    assert tuple(out.tolist()) == words


def test_normal_numbers_are_quantiles() -> None:
    """Against scipy's ndtri, an implementation of its own (Cephes)."""
    words = np.random.default_rng(1).integers(0, 2**32, 200_000).astype(np.uint64)
    words[:6] = [0, 1, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1]
    out = np.empty(words.size)
    disorder.fill_normal(out, words)
    exact = special.ndtri((words.astype(np.float64) + 0.5) / 2**32)
    np.testing.assert_allclose(out, exact, rtol=2.0**-23, atol=1e-16)  # one rounding to float32
    mirrored = np.empty(words.size)
    disorder.fill_normal(mirrored, np.uint64(2**32 - 1) - words)
    np.testing.assert_array_equal(mirrored, -out)


def test_uniform_numbers_are_inside_the_open_interval() -> None:
    """The extreme words give the extreme numbers."""
    u = disorder.uniform(100_000, **ADDRESS)
    assert u.min() > 0.0
    assert u.max() < 1.0
    top = (np.float64(2**52 - 1) + 0.5) * 2.0**-52
    assert 0.0 < 0.5 * 2.0**-52
    assert top < 1.0


def test_laws_and_independence() -> None:
    """Kolmogorov-Smirnov and correlations of 10^5 and more numbers: five tests at p = 1e-4 each."""
    n, p = 100_000, 1e-4
    assert stats.kstest(disorder.uniform(n, **ADDRESS), "uniform").pvalue > p
    z = disorder.normal(n, **ADDRESS)
    assert stats.kstest(z, "norm").pvalue > p
    # neighbours, and the same address under another seed, sample or label, are uncorrelated
    limit = stats.norm.isf(p / 2)
    assert abs(np.mean(z[1:] * z[:-1])) * np.sqrt(n) < limit
    for other in ({"seed": 2}, {"sample": 18}):
        w = disorder.normal(n, **{**ADDRESS, **other})
        assert abs(np.mean(z * w)) * np.sqrt(n) < limit


def test_every_part_of_the_address_matters() -> None:
    base = disorder.normal(40, **ADDRESS)
    for change in ({"seed": 2}, {"sample": 16}, {"label": "other"}):
        assert not np.any(disorder.normal(40, **{**ADDRESS, **change}) == base)
    assert not np.any(disorder.normal(41, **ADDRESS)[:40] == base)


def test_keys_of_pairs_are_blocks_of_the_generator() -> None:
    """Four words of site i from its own counter; vectors of the same label have other words."""
    keys = disorder.pair_keys(70, **ADDRESS)
    assert keys.shape == (4, 96)
    assert keys.dtype == np.uint32
    out = np.empty(4, np.uint64)
    for i in (0, 1, 69):
        disorder.fill_words(out, i, 0, 70, crc32(b"pair:test"), np.uint64(1), np.uint64(17))
        assert keys[:, i].tolist() == out.tolist()
    assert not np.any(keys.T.ravel()[:70] == disorder.vector_words(1, 70, **ADDRESS)[:70])


@given(st.sampled_from(["n", "seed", "sample"]), st.sampled_from([-1, 2**32, 1.0, "1", None]))
def test_only_integers_of_32_bits_are_addresses(name: str, value: Any) -> None:
    arguments: dict[str, Any] = {"n": 3, "seed": 0, "sample": 0, name: value}
    n = arguments.pop("n")
    with pytest.raises(ValueError, match=f"{name} = {value!r}: must be an integer in"):
        disorder.normal(n, label="test", **arguments)
