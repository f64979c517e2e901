"""Uniform numbers with the address of a pair, divided by r^d: kernels.

Each site i has four 32-bit keys a_i, b_i, c_i, d_i (`landscape.disorder.pair_keys`); the pair i < j the word

    word_ij = mix(mix(a_i ^ c_j) + (b_i ^ d_j)),    additions and products modulo 2^32,

of `quartic.couplings.normal`, which says what is independent of what. Its 25 highest bits are read as an
integer with a sign and made odd: o_ij. So g_ij = o_ij / 2^25 is one of 2^24 numbers, in the middles of as
many equal parts of [-1/2, 1/2]. With w(r) the number r^-d / 2^25 rounded to float32,

    v_ij = o_ij w(r_ij),    a float32 product:

one operation that IEEE arithmetic rounds in one way, and so the same number on every machine.

The sites along the last axis are a line; line x * columns + y has the place (x, y) among the others, of
which there are rows * columns. The table of w (`lattice_gps.couplings.weights`) holds 2 * size steps along a
line for every distance dx <= rows/2, dy <= columns/2 of two lines, so that w for sites that follow each other
is a contiguous part of it, whichever image is the nearest.
"""

import numpy as np

from landscape.jit import kernel

MARGIN = 32  # at both ends of the table: what is read beyond a line, and not used


@kernel
def mix(x):  # type: ignore[no-untyped-def]
    """Return what `quartic.couplings.normal.mix` does: a kernel calls only kernels of its own file."""
    x = np.uint32(x ^ (x >> np.uint32(16)))
    x = np.uint32(x * np.uint32(0x7FEB352D))
    x = np.uint32(x ^ (x >> np.uint32(15)))
    x = np.uint32(x * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))


@kernel
def copy_line(weights, first, last, at, table, start):  # type: ignore[no-untyped-def]
    """Fill rows first <= r < last of `weights`, from column `at` on, with 32 weights from start - r on.

    The length of the copy is half of a row, not the constant 32: a loop of constant length would become 32
    single moves, at twice the time.
    """
    length = weights.shape[1] // 2
    for r in range(first, last):
        source = table[start - r : start - r + 32]
        into = weights[r, at : at + 32]
        for k in range(length):
            into[k] = source[k]


@kernel
def weigh(weights, top, left, size, rows, columns, table):  # type: ignore[no-untyped-def]
    """Fill the first 32 columns of `weights` (8, 64) with w(r_ij) of sites i = top + r and j = left + k.

    Rows that are in one line of sites share what is found for it, and are shifted by one place each. What is
    written beyond the end of a line of sites j, the next line overwrites. Where there is no site, anything
    may be left.
    """
    own = top // size
    z = top - own * size
    first = 0
    while first < 8 and own < rows * columns:
        last = min(8, first + size - z)
        x, y = own // columns, own % columns
        line = left // size
        begin = line * size - left
        u, v = line // columns, line % columns
        while begin < 32 and line < rows * columns:
            dx, dy = abs(u - x), abs(v - y)
            entry = min(dx, rows - dx) * (columns // 2 + 1) + min(dy, columns - dy)
            at = max(begin, 0)
            start = MARGIN + 2 * size * entry + size + (at - begin) - (z - first)
            copy_line(weights, first, last, at, table, start)
            begin += size
            line += 1
            v += 1
            if v == columns:
                u, v = u + 1, 0
        first = last
        own += 1
        z = 0


@kernel
def erase(block, top, left, n):  # type: ignore[no-untyped-def]
    """Set to 0 what is on or below the diagonal or outside the matrix."""
    for r in range(8):
        i = top + r
        if i >= n:
            block[r] = 0.0
        else:
            block[r, : min(max(i + 1 - left, 0), 32)] = 0.0
            block[r, min(n - left, 32) :] = 0.0


@kernel
def fill(values, panels, blocks, keys, size, rows, columns, table):  # type: ignore[no-untyped-def]
    """Fill the blocks `values` (k, 8, 32): block m holds rows 8 panels[m] ... and columns 32 blocks[m] ...

    float32 elements v_ij; those with j <= i or outside the matrix are 0. `keys` is (4, N') uint32, N' >= N
    covers every block.
    """
    n = size * rows * columns
    weights = np.zeros((8, 64), np.float32)
    for m in range(panels.size):
        top = 8 * panels[m]
        left = 32 * blocks[m]
        weigh(weights, top, left, size, rows, columns, table)
        c = keys[2, left : left + 32]
        d = keys[3, left : left + 32]
        for r in range(8):
            row = values[m, r]
            w = weights[r]
            a = keys[0, top + r]
            b = keys[1, top + r]
            for k in range(32):
                word = mix(np.uint32(mix(np.uint32(a ^ c[k])) + np.uint32(b ^ d[k])))
                odd = np.int32(np.int32(np.int32(word) >> np.int32(7)) | np.int32(1))
                row[k] = np.float32(odd) * w[k]
        if left < top + 8 or left + 32 > n:
            erase(values[m], top, left, n)
