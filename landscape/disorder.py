"""Quenched random numbers with addresses.

Every number is a pure function of its address (seed, sample, label, n, i): it does not depend on the
order of calls, on threads or on processes. The generator is Philox-4x32-10 (Salmon et al. 2011), a
bijection of a 128-bit counter under a 64-bit key:

    key     = (seed, sample)
    counter = (block of four words, 0, n, CRC-32 of the kind, vector or pair, and the label)

so that different addresses can never share a counter under one key. Numbers of pairs (i, j) are made from
keys of the sites, by the coupling that needs them (`quartic.couplings.normal`).
"""

import math
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

import arguments
from landscape.jit import kernel

WORD = 1 << 32


@kernel
def fill_words(out, first, row, n, label, k0, k1):  # type: ignore[no-untyped-def]
    """Fill `out` (uint64, size a multiple of 4) with 32-bit words of a row, from its block `first` on.

    Four words a block, from the ten rounds of Philox under the key (k0, k1). The masks tell the compiler
    that 32 x 32 bit products are enough; with them it vectorises the loop over blocks.
    """
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    for block in range(out.size // 4):
        c0 = np.uint64(first + block)
        c1 = np.uint64(row)
        c2 = np.uint64(n)
        c3 = np.uint64(label)
        key0 = k0
        key1 = k1
        for _ in range(10):
            p0 = np.uint64(0xD2511F53) * (c0 & low)
            p1 = np.uint64(0xCD9E8D57) * (c2 & low)
            c0 = (p1 >> half) ^ c1 ^ key0
            c1 = p1 & low
            c2 = (p0 >> half) ^ c3 ^ key1
            c3 = p0 & low
            key0 = (key0 + np.uint64(0x9E3779B9)) & low
            key1 = (key1 + np.uint64(0xBB67AE85)) & low
        out[4 * block] = c0
        out[4 * block + 1] = c1
        out[4 * block + 2] = c2
        out[4 * block + 3] = c3


@kernel
def central_quantile(q):  # type: ignore[no-untyped-def]
    """Return the standard normal quantile of 1/2 + q for |q| <= 0.425 (Wichura 1988, AS 241, PPND16)."""
    r = 0.180625 - q * q
    top = 2.5090809287301226727e3
    top = top * r + 3.3430575583588128105e4
    top = top * r + 6.7265770927008700853e4
    top = top * r + 4.5921953931549871457e4
    top = top * r + 1.3731693765509461125e4
    top = top * r + 1.9715909503065514427e3
    top = top * r + 1.3314166789178437745e2
    top = top * r + 3.3871328727963666080e0
    bottom = 5.2264952788528545610e3
    bottom = bottom * r + 2.8729085735721942674e4
    bottom = bottom * r + 3.9307895800092710610e4
    bottom = bottom * r + 2.1213794301586595867e4
    bottom = bottom * r + 5.3941960214247511077e3
    bottom = bottom * r + 6.8718700749205790830e2
    bottom = bottom * r + 4.2313330701600911252e1
    bottom = bottom * r + 1.0
    return q * top / bottom


@kernel
def tail_quantile(q):  # type: ignore[no-untyped-def]
    """Return the standard normal quantile of 1/2 + q for |q| > 0.425 and 1/2 - |q| > e^-25 (AS 241)."""
    r = math.sqrt(-math.log(0.5 - abs(q))) - 1.6
    top = 7.74545014278341407640e-4
    top = top * r + 2.27238449892691845833e-2
    top = top * r + 2.41780725177450611770e-1
    top = top * r + 1.27045825245236838258e0
    top = top * r + 3.64784832476320460504e0
    top = top * r + 5.76949722146069140550e0
    top = top * r + 4.63033784615654529590e0
    top = top * r + 1.42343711074968357734e0
    bottom = 1.05075007164441684324e-9
    bottom = bottom * r + 5.47593808499534494600e-4
    bottom = bottom * r + 1.51986665636164571966e-2
    bottom = bottom * r + 1.48103976427480074590e-1
    bottom = bottom * r + 6.89767334985100004550e-1
    bottom = bottom * r + 1.67638483018380384940e0
    bottom = bottom * r + 2.05319162663775882187e0
    bottom = bottom * r + 1.0
    return math.copysign(top / bottom, q)


@kernel
def fill_normal(out, words):  # type: ignore[no-untyped-def]
    """Fill `out` with standard normal quantiles of u = (word + 1/2) / 2^32, each rounded to float32.

    The central formula runs over all elements, which vectorises; the tails (15 percent) overwrite it.
    """
    for k in range(out.size):
        q = (np.float64(words[k]) - 2147483647.5) * 2.0**-32
        out[k] = np.float32(central_quantile(q))
    for k in range(out.size):
        q = (np.float64(words[k]) - 2147483647.5) * 2.0**-32
        if abs(q) > 0.425:
            out[k] = np.float32(tail_quantile(q))


def vector_words(each: int, n: int, *, seed: int, sample: int, label: str) -> NDArray[np.uint64]:
    """Return the 32-bit words of a vector of n numbers made of `each` words, rounded up to whole blocks."""
    n, k0, k1, code = _address(n, seed, sample, "vector:" + label)
    words = np.empty((each * n + 3) // 4 * 4, np.uint64)
    fill_words(words, 0, 0, n, code, k0, k1)
    return words


def uniform(n: int, *, seed: int, sample: int, label: str) -> NDArray[np.float64]:
    """Return n independent uniform numbers in the open interval (0, 1), shape (n,), with 52 random bits."""
    words = vector_words(2, n, seed=seed, sample=sample, label=label)
    bits = (words[0::2] << np.uint64(20)) | (words[1::2] >> np.uint64(12))
    return (bits[:n].astype(np.float64) + 0.5) * 2.0**-52


def normal(n: int, *, seed: int, sample: int, label: str) -> NDArray[np.float64]:
    """Return n independent standard normal numbers, shape (n,), each a float32 value.

    Quantiles of 32-bit uniform numbers: the largest possible magnitude is 6.34.
    """
    words = vector_words(1, n, seed=seed, sample=sample, label=label)
    out = np.empty(n)
    fill_normal(out, words)
    return out


def pair_keys(n: int, *, seed: int, sample: int, label: str) -> NDArray[np.uint32]:
    """Return four 32-bit keys of every site, shape (4, N'), from which numbers of pairs are made.

    Those of site i are block i of the generator; N' is n rounded up to a multiple of 32, for whole blocks.
    """
    n, k0, k1, code = _address(n, seed, sample, "pair:" + label)
    words = np.empty(4 * (-(-n // 32) * 32), np.uint64)
    fill_words(words, 0, 0, n, code, k0, k1)
    return np.ascontiguousarray(words.reshape(-1, 4).T, np.uint32)


def _address(n: int, seed: int, sample: int, label: str) -> tuple[int, np.uint64, np.uint64, int]:
    """Return (n, key words, label code), checked to be 32-bit words."""
    n, seed, sample = arguments.seed(n, name="n"), arguments.seed(seed), arguments.seed(sample, name="sample")
    return n, np.uint64(seed), np.uint64(sample), crc32(label.encode())
