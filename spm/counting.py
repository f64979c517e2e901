"""Counts of wells in logarithmic bins, their extremes and moments: the kernel of the streaming sampler.

A bin holds the floating-point numbers that share exponent and the three leading bits of the fraction: eight
bins an octave, of equal widths within the octave. Its number needs no logarithm.
"""

import numpy as np

from landscape.jit import kernel

OCTAVES = 160  # 2^-110 .. 2^50; what lies outside goes to the first or last bin
PER_OCTAVE = 8
BINS = OCTAVES * PER_OCTAVE
LOWEST = -110
FIRST = (1023 + LOWEST) * PER_OCTAVE
GLOBAL, OTHER = 0, 1  # first axis of all results
QUANTITIES = ("b2", "barrier", "r")  # second axis of histograms and extremes
MOMENTS = ("b2", "b3", "b4")  # second axis of sums


@kernel
def bin_numbers(values, out):  # type: ignore[no-untyped-def]
    """Fill `out` with the bins of positive values."""
    bits = values.view(np.int64)
    for k in range(values.size):
        out[k] = min(max((bits[k] >> 49) - FIRST, 0), BINS - 1)


@kernel
def count_wells(columns, upper, bins, histograms, joint, extremes, sums):  # type: ignore[no-untyped-def]
    """Add wells to histograms (2, 3, BINS), joint (OCTAVES, OCTAVES), extremes (2, 3, 2), sums (2, 3, 2).

    `columns` is (6, n): b2, b3, b4, barrier, asymmetry, and room for r; barrier and asymmetry are nan for
    wells alone in their potential. `upper` marks wells that are not global minima; `bins` is (4, n) of room.
    The joint histogram is of (asymmetry, barrier) of global minima; extremes are least and largest, sums
    those of first and second powers.
    """
    b2, b3, b4, barrier, asymmetry, r = columns
    for k in range(b2.size):
        r[k] = b3[k] / b2[k] * (b3[k] / b4[k])
    bin_numbers(b2, bins[0])
    bin_numbers(barrier, bins[1])
    bin_numbers(r, bins[2])
    bin_numbers(asymmetry, bins[3])
    for k in range(b2.size):
        group = OTHER if upper[k] else GLOBAL
        histograms[group, 0, bins[0, k]] += 1
        histograms[group, 2, bins[2, k]] += 1
        paired = barrier[k] >= 0.0
        if paired:
            histograms[group, 1, bins[1, k]] += 1
            if group == GLOBAL:
                joint[bins[3, k] // PER_OCTAVE, bins[1, k] // PER_OCTAVE] += 1
        for j in range(3):
            value = b2[k] if j == 0 else barrier[k] if j == 1 else r[k]
            if j != 1 or paired:
                extremes[group, j, 0] = min(extremes[group, j, 0], value)
                extremes[group, j, 1] = max(extremes[group, j, 1], value)
            moment = b2[k] if j == 0 else b3[k] if j == 1 else b4[k]
            sums[group, j, 0] += moment
            sums[group, j, 1] += moment * moment
