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
def nearest(v):  # type: ignore[no-untyped-def]
    """Return np.rint(v) of |v| < 2^51: such sums have no digits behind the point, and take no call."""
    return (v + 6755399441055744.0) - 6755399441055744.0  # 1.5 2^52


@kernel
def pair_energy(square, a, b, law):  # type: ignore[no-untyped-def]
    """Return x^-10 less its Taylor polynomial of order 3 at the reach, of two sizes at a squared distance.

    `law` and all else are scalars: an array as an argument would cost as much as the rest.
    """
    end, non_additivity, c0, c1, c2, c3 = law
    length = 0.5 * (a + b) * (1.0 - non_additivity * abs(a - b))
    if square > 1.000001 * end * (length * length):  # the most, and a product for them
        return 0.0
    u = square / (length * length)
    if u >= end:
        return 0.0
    t, y = 1.0 / u, u - end
    t2 = t * t
    return t2 * t2 * t - (((c3 * y + c2) * y + c1) * y + c0)


@kernel
def energy_at(i, place, x, sizes, near, count, box, law):  # type: ignore[no-untyped-def]
    """Return the energy of particle i at a place."""
    total, inverse = 0.0, 1.0 / box
    for m in range(count[i]):
        j = near[i, m]
        square = 0.0
        for k in range(place.size):
            r = x[j, k] - place[k]
            r -= nearest(r * inverse) * box
            square += r * r
        total += pair_energy(square, sizes[i], sizes[j], law)
    return total


@kernel
def cost_of_size(i, new, other, x, sizes, near, count, box, law):  # type: ignore[no-untyped-def]
    """Return what another size of particle i costs, its bond with particle `other` left out."""
    total, inverse = 0.0, 1.0 / box
    for m in range(count[i]):
        j = near[i, m]
        if j != other:
            square = 0.0
            for k in range(x.shape[1]):
                r = x[j, k] - x[i, k]
                r -= nearest(r * inverse) * box
                square += r * r
            total += pair_energy(square, new, sizes[j], law)
            total -= pair_energy(square, sizes[i], sizes[j], law)
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
def walk(x, sizes, near, count, walls, temperature, moves, rule, origin, state, tally):  # type: ignore[no-untyped-def]
    """Do up to `moves` steps, fewer where a particle comes farther from its origin; return how many.

    A share of the steps exchanges the sizes of two particles that differ by less than `window`; each other
    moves a particle by up to `width` in every direction. These and `farthest` are `rule`, and the box, the
    square of the reach, non-additivity and the four Taylor coefficients are `walls`.
    """
    n, d = x.shape
    box, end, non_additivity, taylor = walls
    law = (end, non_additivity, taylor[0], taylor[1], taylor[2], taylor[3])
    share, width, window, farthest = rule
    place = np.empty(d)
    for step in range(moves):
        i = int(uniform(state) * n)
        if uniform(state) < share:
            j = int(uniform(state) * n)
            while abs(sizes[i] - sizes[j]) >= window:
                j = int(uniform(state) * n)
            tally[SWAPS_TRIED] += 1.0
            cost = cost_of_size(i, sizes[j], j, x, sizes, near, count, box, law)
            cost += cost_of_size(j, sizes[i], i, x, sizes, near, count, box, law)
            if cost <= 0.0 or uniform(state) < boltzmann(cost / temperature):
                sizes[i], sizes[j] = sizes[j], sizes[i]
                tally[SWAPS_TAKEN] += 1.0
                tally[ENERGY] += cost
            continue
        for k in range(d):
            place[k] = x[i, k] + width * (2.0 * uniform(state) - 1.0)
        tally[TRIED] += 1.0
        cost = energy_at(i, place, x, sizes, near, count, box, law)
        cost -= energy_at(i, x[i], x, sizes, near, count, box, law)
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
