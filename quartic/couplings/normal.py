"""Integers q_ij that are normal numbers with the address of a pair: J_ij = scale * q_ij.

Each site i has four 32-bit keys a_i, b_i, c_i, d_i (`landscape.disorder.pair_keys`); the pair i < j the word

    word_ij = mix(mix(a_i ^ c_j) + (b_i ^ d_j)),    additions and products modulo 2^32.

mix is a bijection of 32-bit words, so that the words of any set of pairs without a closed loop i-j-k-...-i
are independent if the keys are. Two sites share a sequence of words only where 64 key bits agree. A word
below 2^31 is t, and q_ij is positive; else its complement is t, and q_ij is negative:

    q_ij = +-round(4096 g),    g the standard normal number that is exceeded with probability (t + 1/2)/2^32.

float32 arithmetic without contractions makes the same integer on every machine. It is off by less than 0.03
before rounding, that is by less than 1e-5 in g; the largest |q| is 4096 * 6.34, well inside 16 bits.
"""

import numpy as np

from landscape.jit import kernel

UNIT = 4096  # q of one standard deviation


@kernel
def mix(x):  # type: ignore[no-untyped-def]
    """Return a bijection of 32-bit words that lets every bit act on all (lowbias32 of C. Wellons, 2018)."""
    x = np.uint32(x ^ (x >> np.uint32(16)))
    x = np.uint32(x * np.uint32(0x7FEB352D))
    x = np.uint32(x ^ (x >> np.uint32(15)))
    x = np.uint32(x * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))


@kernel
def exponent(tail):  # type: ignore[no-untyped-def]
    """Return -log2(tail / 2^31), within 2.2e-6 and float32 rounding, for float32 `tail` in [0.5, 2^31].

    The polynomial is the best of its degree for log2(1 + f), 2^(-1/2) < 1 + f < 2^(1/2).
    """
    bits = np.int32(np.float32(tail).view(np.int32) - np.int32(0x3F3504F3))
    whole = np.int32(bits >> np.int32(23))
    f = np.int32((bits & np.int32(0x7FFFFF)) + np.int32(0x3F3504F3)).view(np.float32) - np.float32(1.0)
    log = np.float32(-0.20659181)
    log = log * f + np.float32(0.32215482)
    log = log * f + np.float32(-0.36748997)
    log = log * f + np.float32(0.47934802)
    log = log * f + np.float32(-0.72113186)
    log = log * f + np.float32(1.44271348)
    return (np.float32(31.0) - np.float32(whole)) - log * f


@kernel
def magnitude(e):  # type: ignore[no-untyped-def]
    """Return 4096 g, P(|normal number| > g) = 2^-e, within 0.0106 and rounding, for float32 e in [0, 32].

    The rational function is the best of its degrees in the absolute error, 0.0103.
    """
    top = np.float32(3.84545911e-2)
    top = top * e + np.float32(1.36416556e1)
    top = top * e + np.float32(4.39780022e2)
    top = top * e + np.float32(2.75602435e3)
    top = top * e + np.float32(3.55787218e3)
    top = top * e + np.float32(1.02492275e-2)
    bottom = np.float32(2.27961324e-4)
    bottom = bottom * e + np.float32(2.06668781e-2)
    bottom = bottom * e + np.float32(3.08417427e-1)
    bottom = bottom * e + np.float32(1.12023242)
    bottom = bottom * e + np.float32(1.0)
    return top / bottom


@kernel
def integer(word):  # type: ignore[no-untyped-def]
    """Return the int16 q of a 32-bit word."""
    signed = np.int32(word)
    sign = np.int32(signed >> np.int32(31))
    tail = np.float32(np.int32(signed ^ sign)) + np.float32(0.5)
    # 3 * 2^22 leaves no fraction bits: the sum is rounded to the nearest integer, which its low bits hold
    rounded = np.float32(magnitude(exponent(tail)) + np.float32(12582912.0)).view(np.int32)
    return np.int16((rounded ^ sign) - sign)


@kernel
def fill(values, panels, blocks, n, keys):  # type: ignore[no-untyped-def]
    """Fill the blocks `values` (k, 8, 32): block m holds rows 8 panels[m] ... and columns 32 blocks[m] ...

    Elements with j <= i or outside the matrix are 0. `keys` is (4, N') uint32, N' >= n covers every block.
    """
    for m in range(panels.size):
        top = 8 * panels[m]
        left = 32 * blocks[m]
        c = keys[2, left : left + 32]
        d = keys[3, left : left + 32]
        for r in range(8):
            i = top + r
            row = values[m, r]
            a = keys[0, i]
            b = keys[1, i]
            for k in range(32):
                word = mix(np.uint32(mix(np.uint32(a ^ c[k])) + np.uint32(b ^ d[k])))
                row[k] = integer(word)
            if i >= n:
                row[:] = 0
            elif left <= i:
                row[: i + 1 - left] = 0
            if left + 32 > n:
                row[max(0, n - left) :] = 0


@kernel
def integers(words, out):  # type: ignore[no-untyped-def]
    """Fill `out` (int16) with the q of uint32 words."""
    for k in range(words.size):
        out[k] = integer(words[k])
