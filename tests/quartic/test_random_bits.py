"""Every bit of every kind of random number is fair, independent of the other bits and of the number before.

n numbers are taken apart into bits, +1 and -1. If these are fair and independent, three sums of squares over
n are chi-square variables: of the sums of each bit (as many degrees of freedom as bits), of the products of
two bits of a number, and of a bit and one of the next number. Each at p = 1e-6: 33 tests of fixed seeds,
false alarms 3e-5 for other seeds.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pytest
from scipy import special, stats

import lattice_gps
import spm
from landscape import disorder
from quartic.couplings import Packed
from spm.law import draw

Integers = npt.NDArray[np.int64]

COUNT = 8000
LIMIT = 1e-6
ADDRESS: dict[str, Any] = {"seed": 3, "sample": 8, "label": "bits"}


def p_values(numbers: Integers, bits: int) -> list[float]:
    """Return the three p-values of the lowest bits of numbers."""
    signs = 1.0 - 2.0 * ((numbers[:, np.newaxis] >> np.arange(bits)) & 1)
    single = signs.sum(axis=0) ** 2 / len(signs)
    pairs = (signs.T @ signs)[np.triu_indices(bits, 1)] ** 2 / len(signs)
    next_one = (signs[1:].T @ signs[:-1]).ravel() ** 2 / (len(signs) - 1)
    return [float(stats.chi2.sf(part.sum(), part.size)) for part in (single, pairs, next_one) if part.size]


def words() -> Integers:
    return disorder.vector_words(1, COUNT, **ADDRESS).astype(np.int64)


def keys() -> Integers:
    return disorder.pair_keys(COUNT // 4, **ADDRESS).T.ravel().astype(np.int64)


def uniform() -> Integers:
    """Return the integers k of u = (k + 1/2)/2^52."""
    return np.floor(disorder.uniform(COUNT, **ADDRESS) * 2.0**52).astype(np.int64)


def normal() -> Integers:
    """Return the 16 leading bits of Phi(z): float32 numbers keep more of them than that."""
    numbers: Integers = np.floor(special.ndtr(disorder.normal(COUNT, **ADDRESS)) * 2.0**16).astype(np.int64)
    return numbers


def of_pairs() -> Integers:
    """Return the normal numbers of pairs, whole multiples of 1/4096."""
    coupling = Packed.normal(128, scale=1.0, seed=3, sample=8, label="bits").dense()
    return np.rint(4096.0 * coupling[np.triu_indices(128, 1)]).astype(np.int64)


def of_bonds() -> Integers:
    """Return the uniform numbers of nearest neighbours, of 24 bits: there r^-3 = 1."""
    rows = []
    for sample in range(5):
        problem = lattice_gps.draw(lattice_gps.GPSLattice(L=8, J=1.0), seed=3, sample=sample)
        coupling = problem.coupling.dense().reshape(8, 8, 8, 8, 8, 8)
        x, y, z = np.indices((8, 8, 7))
        rows.append(coupling[x, y, z, x, y, z + 1].ravel())
    numbers: Integers = np.rint(np.concatenate(rows) * 2.0**25).astype(np.int64)
    assert (numbers % 2 == 1).all()
    return (numbers - 1) // 2


def of_potentials(name: str) -> Integers:
    """Return the 32-bit integers k of coefficients -1 + 2 (k + 1/2)/2^32."""
    law = spm.SoftPotentials(**dict.fromkeys(("a1", "a2", "a3"), spm.Uniform(low=-1.0, high=1.0)))
    values = draw(law, 5, COUNT, seed=3)[("a1", "a2", "a3").index(name)]
    return np.floor((values + 1.0) * 2.0**31).astype(np.int64)


KINDS: dict[str, tuple[Callable[[], Integers], int]] = {
    "words": (words, 32),
    "keys of sites": (keys, 32),
    "uniform": (uniform, 52),
    "normal": (normal, 16),
    "normal of pairs": (of_pairs, 10),  # fair up to exp(-2 pi^2 4^2): 2^10 is a quarter of one deviation
    "uniform of bonds": (of_bonds, 24),
    "potentials a1": (lambda: of_potentials("a1"), 32),
    "potentials a2": (lambda: of_potentials("a2"), 32),
    "potentials a3": (lambda: of_potentials("a3"), 32),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_bit_is_fair_and_independent(kind: str) -> None:
    make, bits = KINDS[kind]
    assert min(p_values(make(), bits)) > LIMIT


@pytest.mark.parametrize(
    "spoil",
    [
        lambda k, bit: k | (1 << bit),
        lambda k, bit: k & ~(1 << bit),
        lambda k, bit: (k & ~(1 << bit)) | (((k >> (bit + 1) % 52) & 1) << bit),
        lambda k, bit: (k & ~(1 << bit)) | ((np.arange(k.size) & 1) << bit),
    ],
    ids=["stuck at 1", "stuck at 0", "that of its neighbour", "in turn"],
)
def test_a_bad_bit_is_found_wherever_it_is(spoil: Callable[[Integers, int], Integers]) -> None:
    numbers = uniform()
    for bit in (0, 11, 12, 13, 31, 51):
        assert min(p_values(spoil(numbers, bit), 52)) < LIMIT


def test_numbers_are_those_of_their_words() -> None:
    """By the definitions, from the words of the generator: the high word of a uniform number comes first."""
    w = disorder.vector_words(2, 1001, **ADDRESS)[: 2 * 1001].astype(object)
    bits = w[::2] * 2**20 + w[1::2] // 2**12
    np.testing.assert_array_equal(disorder.uniform(1001, **ADDRESS), (bits.astype(float) + 0.5) * 2.0**-52)
    u = (disorder.vector_words(1, 1001, **ADDRESS)[:1001].astype(float) + 0.5) / 2**32
    np.testing.assert_allclose(disorder.normal(1001, **ADDRESS), special.ndtri(u), rtol=2.0**-23)


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> list[int]:
    """Return the four words of Philox-4x32-10, in integers without an end."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k[0], q % 2**32, (p >> 32) ^ c[3] ^ k[1], p % 2**32]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return c


def test_numbers_have_the_addresses_that_are_stated() -> None:
    """Key (seed, sample), counter (block, 0, n, CRC-32 of kind and label), or old results are lost.

    Potential i of `spm` is block i under the key (seed, 0), n = 0.
    """
    blocks = [philox((block, 0, 9, crc32(b"vector:bits")), (3, 8)) for block in range(3)]
    assert disorder.vector_words(1, 9, **ADDRESS).reshape(3, 4).tolist() == blocks
    keys = disorder.pair_keys(9, **ADDRESS)
    for site in range(9):
        assert keys[:, site].tolist() == philox((site, 0, 9, crc32(b"pair:bits")), (3, 8))
    flat = spm.Uniform(low=-1.0, high=1.0)
    law = spm.SoftPotentials(a1=flat, a2=flat, a3=flat, a4=spm.Uniform(low=0.0, high=2.0))
    found = np.array(draw(law, 5, 3, seed=11))
    for k in range(3):
        words = np.array(philox((5 + k, 0, 0, crc32(b"spm:potential")), (11, 0)), np.float64)
        np.testing.assert_array_equal((found[:, k] + [1.0, 1.0, 1.0, 0.0]) * 2.0**31, words + 0.5)
