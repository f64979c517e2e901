"""Steps of swap Monte Carlo: a particle moves, or two exchange their sizes (ninarello2017).

Only sums, products, quotients and roundings of IEEE arithmetic decide what is accepted, and no library's
exponential: a liquid is the same on every machine.
"""

import numpy as np

from landscape.jit import kernel

TRIED, TAKEN, SWAPS_TRIED, SWAPS_TAKEN, ENERGY = range(5)


@kernel
def uniform(state):  # type: ignore[no-untyped-def]
    """Return the next number in [0, 1) of xoshiro256+ (Blackman and Vigna 2021), whose state is advanced."""
    found = state[0] + state[3]
    kept = state[1] << np.uint64(17)
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= kept
    state[3] = (state[3] << np.uint64(45)) | (state[3] >> np.uint64(19))
    return np.float64(found >> np.uint64(11)) * 2.0**-53


@kernel
def boltzmann(x):  # type: ignore[no-untyped-def]
    """Return exp(-x) of x >= 0 to 1e-11, 0 beyond 60: 2^-k times a Taylor polynomial."""
    if not x < 60.0:
        return 0.0
    k = int(x * 1.4426950408889634 + 0.5)
    y = k * 0.6931471805599453 - x
    total = 1.0
    for n in range(10, 0, -1):
        total = 1.0 + total * y / n
    for _ in range(k):
        total *= 0.5
    return total


@kernel
def pair_energy(square, a, b, end, non_additivity, taylor):  # type: ignore[no-untyped-def]
    """Return x^-10 less its Taylor polynomial at the reach, of two sizes at a squared distance."""
    length = 0.5 * (a + b) * (1.0 - non_additivity * abs(a - b))
    if square > 1.000001 * end * (length * length):  # the most, and a product for them
        return 0.0
    u = square / (length * length)
    if u >= end:
        return 0.0
    t = 1.0 / u
    t2 = t * t
    rest = 0.0
    for k in range(taylor.size - 1, -1, -1):
        rest = rest * (u - end) + taylor[k]
    return t2 * t2 * t - rest


@kernel
def squared(x, place, j, box):  # type: ignore[no-untyped-def]
    """Return the squared distance from a place to the nearest image of particle j."""
    total = 0.0
    for k in range(place.size):
        r = x[j, k] - place[k]
        r -= np.rint(r / box) * box
        total += r * r
    return total


@kernel
def energy_at(i, place, x, sizes, near, count, box, end, non_additivity, taylor):  # type: ignore[no-untyped-def]
    """Return the energy of particle i at a place."""
    total = 0.0
    for m in range(count[i]):
        j = near[i, m]
        square = squared(x, place, j, box)
        total += pair_energy(square, sizes[i], sizes[j], end, non_additivity, taylor)
    return total


@kernel
def cost_of_size(i, new, other, x, sizes, near, count, box, end, non_additivity, taylor):  # type: ignore[no-untyped-def]
    """Return what another size of particle i costs, its bond with particle `other` left out."""
    total = 0.0
    for m in range(count[i]):
        j = near[i, m]
        if j != other:
            square = squared(x, x[i], j, box)
            total += pair_energy(square, new, sizes[j], end, non_additivity, taylor)
            total -= pair_energy(square, sizes[i], sizes[j], end, non_additivity, taylor)
    return total


@kernel
def tabulate(i, j, near, count):  # type: ignore[no-untyped-def]
    """Write the neighbours of each particle to the rows of `near`, how many to `count`; return the most."""
    count[:] = 0
    for p in range(i.size):
        if max(count[i[p]], count[j[p]]) < near.shape[1]:
            near[i[p], count[i[p]]] = j[p]
            near[j[p], count[j[p]]] = i[p]
        count[i[p]] += 1
        count[j[p]] += 1
    return count.max()


@kernel
def walk(x, sizes, near, count, law, temperature, moves, rule, origin, state, tally):  # type: ignore[no-untyped-def]
    """Do up to `moves` steps, fewer where a particle comes farther from its origin; return how many.

    A share of the steps exchanges the sizes of two particles that differ by less than `window`; each other
    moves a particle by up to `width` in every direction. These and `farthest` are `rule`, and the box, the
    square of the reach, non-additivity and Taylor coefficients are `law`.
    """
    n, d = x.shape
    box, end, non_additivity, taylor = law
    share, width, window, farthest = rule
    place = np.empty(d)
    for step in range(moves):
        i = int(uniform(state) * n)
        if uniform(state) < share:
            j = int(uniform(state) * n)
            while abs(sizes[i] - sizes[j]) >= window:
                j = int(uniform(state) * n)
            tally[SWAPS_TRIED] += 1.0
            cost = cost_of_size(i, sizes[j], j, x, sizes, near, count, box, end, non_additivity, taylor)
            cost += cost_of_size(j, sizes[i], i, x, sizes, near, count, box, end, non_additivity, taylor)
            if cost <= 0.0 or uniform(state) < boltzmann(cost / temperature):
                sizes[i], sizes[j] = sizes[j], sizes[i]
                tally[SWAPS_TAKEN] += 1.0
                tally[ENERGY] += cost
            continue
        for k in range(d):
            place[k] = x[i, k] + width * (2.0 * uniform(state) - 1.0)
        tally[TRIED] += 1.0
        cost = energy_at(i, place, x, sizes, near, count, box, end, non_additivity, taylor)
        cost -= energy_at(i, x[i], x, sizes, near, count, box, end, non_additivity, taylor)
        if cost <= 0.0 or uniform(state) < boltzmann(cost / temperature):
            far = 0.0
            for k in range(d):
                x[i, k] = place[k]
                far += (place[k] - origin[i, k]) ** 2
            tally[TAKEN] += 1.0
            tally[ENERGY] += cost
            if far > farthest * farthest:
                return step + 1
    return moves
