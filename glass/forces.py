"""Energy and forces of smoothed powers in one pass over the pairs: what each step of a minimisation asks for.

Bonds, from which all derivatives follow, are arrays that are written and read again. Here nothing is kept but
the sums; some pairs at a time, so that what is in reach comes first and is then treated side by side.
"""

import numpy as np

from landscape.jit import kernel

_PAIRS = 256  # at a time


@kernel
def nearest(v):  # type: ignore[no-untyped-def]
    """Return np.rint(v) of |v| < 2^51: such sums have no digits behind the point, and take no call."""
    return (v + 6755399441055744.0) - 6755399441055744.0  # 1.5 2^52


@kernel
def with_slope(u, m, law, power, value, slope):  # type: ignore[no-untyped-def]
    """Write sum c u^-n - sum c_l (u - end)^l of the first m elements and its derivative; `power` is room."""
    exponents, factors, taylor, end = law
    value[:m], slope[:m] = 0.0, 0.0
    for term in range(exponents.size):
        n, bit = exponents[term], 1
        while 2 * bit <= n:
            bit *= 2
        for p in range(m):
            power[p] = 1.0 / u[p]
        while bit > 1:  # the next binary digit of n
            bit //= 2
            for p in range(m):
                power[p] *= power[p]
                if n & bit:
                    power[p] *= 1.0 / u[p]
        for p in range(m):
            value[p] += factors[term] * power[p]
            slope[p] -= factors[term] * power[p] * (1.0 / u[p]) * n
    for p in range(m):
        taken, taken_slope = 0.0, 0.0
        for k in range(taylor.size - 1, -1, -1):
            taken_slope = taken_slope * (u[p] - end) + taken
            taken = taken * (u[p] - end) + taylor[k]
        value[p] -= taken
        slope[p] -= taken_slope


@kernel
def within(x, start, stop, walls, pairing, end, i, j, r, u, scale):  # type: ignore[no-untyped-def]
    """Write particles, r, u = r^2/lambda^2 and 1/lambda^2 of the pairs with u < end; return how many."""
    (box, shear), (sizes, species, lengths, _, non_additivity) = walls, pairing
    d, width, height, depth = x.shape[1], box[0], box[1], box[x.shape[1] - 1]
    m, rz, tabled = 0, 0.0, lengths.size > 0
    for p in range(start.size):
        a, b = start[p], stop[p]
        rx, ry = x[b, 0] - x[a, 0], x[b, 1] - x[a, 1]
        moved = nearest(ry * (1.0 / height))
        rx -= moved * shear * height
        rx, ry = rx - nearest(rx * (1.0 / width)) * width, ry - moved * height
        if d == 3:
            rz = x[b, 2] - x[a, 2]
            rz -= nearest(rz * (1.0 / depth)) * depth
        far = 0.5 * (sizes[a] + sizes[b]) * (1.0 - non_additivity * abs(sizes[a] - sizes[b]))
        if tabled:
            far = lengths[species[a], species[b]]
        i[m], j[m], r[m, 0], r[m, 1], r[m, 2] = a, b, rx, ry, rz
        scale[m] = 1.0 / (far * far)
        u[m] = (rx * rx + ry * ry + rz * rz) * scale[m]
        m += u[m] < end  # else the next is written over it: no branch to foretell
    return m


@kernel
def energy_and_gradient(x, start, stop, walls, pairing, law, out):  # type: ignore[no-untyped-def]
    """Return the energy of pairs of particles at x (N, d), and add its gradient to `out` (N, d).

    `walls` are the box and the shear, `pairing` sizes, species, lengths and energies of pairs of species and
    non-additivity, `law` n, c, Taylor coefficients and the square of the reach.
    """
    species, energies = pairing[1], pairing[3]
    i, j = np.empty(_PAIRS, np.int64), np.empty(_PAIRS, np.int64)
    r, u, scale = np.empty((_PAIRS, 3)), np.empty(_PAIRS), np.empty(_PAIRS)
    power, value, slope = np.empty(_PAIRS), np.empty(_PAIRS), np.empty(_PAIRS)
    total = 0.0
    for first in range(0, start.size, _PAIRS):
        some = slice(first, min(first + _PAIRS, start.size))
        m = within(x, start[some], stop[some], walls, pairing, law[3], i, j, r, u, scale)
        with_slope(u, m, law, power, value, slope)
        for p in range(m):
            factor = energies[species[i[p]], species[j[p]]]
            total += factor * value[p]
            for k in range(x.shape[1]):
                force = 2.0 * scale[p] * factor * slope[p] * r[p, k]
                out[i[p], k] -= force
                out[j[p], k] += force
    return total
