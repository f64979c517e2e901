"""Kernels that pass over the coupling matrix."""

import numpy as np

from quartic.jit import kernel

ASYMMETRIC, DIAGONAL, NOT_FINITE = 1, 2, 3


@kernel
def multiply(coupling, x, out):  # type: ignore[no-untyped-def]
    """Write J x to `out`, for a symmetric float64 matrix J of shape (N, N).

    Rows are added up, eight at a time: out_j = sum_i x_i J_ij. Every out_j is one chain of IEEE additions in
    the order of i, so that its bits depend on no vector width and no number of threads.
    """
    n = x.size
    out[:] = 0.0
    whole = n // 8 * 8
    for i in range(0, whole, 8):
        x0, x1, x2, x3 = x[i], x[i + 1], x[i + 2], x[i + 3]
        x4, x5, x6, x7 = x[i + 4], x[i + 5], x[i + 6], x[i + 7]
        r0, r1, r2, r3 = coupling[i], coupling[i + 1], coupling[i + 2], coupling[i + 3]
        r4, r5, r6, r7 = coupling[i + 4], coupling[i + 5], coupling[i + 6], coupling[i + 7]
        for j in range(n):
            near = (r0[j] * x0 + r1[j] * x1) + (r2[j] * x2 + r3[j] * x3)
            far = (r4[j] * x4 + r5[j] * x5) + (r6[j] * x6 + r7[j] * x7)
            out[j] += near + far
    for i in range(whole, n):
        xi = x[i]
        row = coupling[i]
        for j in range(n):
            out[j] += row[j] * xi


@kernel
def inspect(coupling, row_squares):  # type: ignore[no-untyped-def]
    """Fill sum_j J_ij^2 into `row_squares` and return the first fault as (kind, i, j); kind 0 is none."""
    n = row_squares.size
    tile = 64
    row_squares[:] = 0.0
    for i in range(n):
        if coupling[i, i] != 0.0:
            return DIAGONAL, i, i
    for top in range(0, n, tile):
        for left in range(top, n, tile):
            for i in range(top, min(top + tile, n)):
                for j in range(max(left, i + 1), min(left + tile, n)):
                    value = coupling[i, j]
                    if not np.isfinite(value):
                        return NOT_FINITE, i, j
                    if value != coupling[j, i]:
                        return ASYMMETRIC, i, j
                    row_squares[i] += value * value
                    row_squares[j] += value * value
    return 0, 0, 0
