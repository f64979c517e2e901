"""Which particles are near each other in a periodic box, under simple shear too (Lees and Edwards 1972).

Under a shear gamma an image in y is shifted by gamma L_y in x. Lists hold each pair once, i < j, in ascending
order whatever cells they were found in: sums over bonds do not hang on when a list was made.
"""

import numpy as np

from landscape.jit import kernel

FINE = 2  # cells in the longest distance that is looked at


@kernel
def nearest(v):  # type: ignore[no-untyped-def]
    """Return np.rint(v) of |v| < 2^51: such sums have no digits behind the point, and take no call."""
    return (v + 6755399441055744.0) - 6755399441055744.0  # 1.5 2^52


@kernel
def image(rx, ry, width, height, shear):  # type: ignore[no-untyped-def]
    """Return the nearest image of (rx, ry), and by how many boxes in y it is moved.

    Scalars alone: an array as an argument would cost more than all of this. Products with 1/width round
    otherwise than quotients only where images are half a box away.
    """
    moved = nearest(ry * (1.0 / height))
    rx -= moved * shear * height
    return rx - nearest(rx * (1.0 / width)) * width, ry - moved * height, -moved


@kernel
def mixed(a, b, non_additivity):  # type: ignore[no-untyped-def]
    """Return lambda_ij of two sizes."""
    return 0.5 * (a + b) * (1.0 - non_additivity * abs(a - b))


@kernel
def sort_into_cells(x, box, shear, width):  # type: ignore[no-untyped-def]
    """Return how many cells, at least `width` wide (d,), where each begins in `order`, particles by cells."""
    n, d = x.shape
    lean = shear - np.rint(shear * box[1] / box[0]) * box[0] / box[1]  # of the box, its images the same
    cells = np.empty(d, np.int64)
    for k in range(d):
        wide = box[k] / np.sqrt(1.0 + lean * lean) if k == 0 else box[k]
        cells[k] = max(1, min(int(wide / width), 1 + int(n ** (1.0 / d))))
    begin = np.zeros(cells.prod() + 1, np.int64)
    cell, order = np.zeros(n, np.int64), np.empty(n, np.int64)
    for i in range(n):
        for k in range(d):
            share = (x[i, k] - lean * x[i, 1]) / box[k] if k == 0 else x[i, k] / box[k]
            place = min(int((share - np.floor(share)) * cells[k]), cells[k] - 1)
            cell[i] = cell[i] * cells[k] + place
        begin[cell[i] + 1] += 1
    begin = np.cumsum(begin)
    filled = begin.copy()
    for i in range(n):
        order[filled[cell[i]]] = i
        filled[cell[i]] += 1
    return cells, begin, order


@kernel
def cells_around(cell, cells, near):  # type: ignore[no-untyped-def]
    """Write the cells up to `FINE` away from one, those before it left out, to `near`; return how many."""
    total, found = 1, 0
    for k in range(cells.size):
        total *= min(cells[k], 2 * FINE + 1)
    for turn in range(total):
        at, stride, left, rest = 0, 1, turn, cell
        for k in range(cells.size - 1, -1, -1):
            several = min(cells[k], 2 * FINE + 1)  # fewer cells are not visited twice
            at += stride * ((rest % cells[k] + left % several - FINE) % cells[k])
            rest, left, stride = rest // cells[k], left // several, stride * cells[k]
        if at >= cell:
            near[found] = at
            found += 1
    return found


@kernel
def neighbours(x, box, shear, sizes, species, table, non_additivity, reach, longest, skin):  # type: ignore[no-untyped-def]
    """Return i, j (P,) of the pairs nearer than reach lambda_ij + skin; no lambda_ij is above `longest`."""
    n, d = x.shape
    most = reach * longest + skin
    cells, begin, order = sort_into_cells(x, box, shear, most / FINE)
    near, placed = np.empty((2 * FINE + 1) ** d, np.int64), x[order]
    start, stop = np.empty(16 * n, np.int64), np.empty(16 * n, np.int64)
    found, width, height, depth, tabled = 0, box[0], box[1], box[d - 1], table.size > 0
    for cell in range(begin.size - 1):
        around = cells_around(cell, cells, near) if begin[cell] < begin[cell + 1] else 0
        for at in range(begin[cell], begin[cell + 1]):
            i, px, py, pz = order[at], placed[at, 0], placed[at, 1], placed[at, d - 1]
            for turn in range(around):
                first = at + 1 if near[turn] == cell else begin[near[turn]]
                for other in range(first, begin[near[turn] + 1]):
                    rx, ry, _ = image(placed[other, 0] - px, placed[other, 1] - py, width, height, shear)
                    square = rx * rx + ry * ry
                    if d == 3:
                        rz = placed[other, 2] - pz
                        square += (rz - nearest(rz * (1.0 / depth)) * depth) ** 2
                    if square >= most * most:
                        continue
                    j = order[other]
                    length = mixed(sizes[i], sizes[j], non_additivity)
                    if tabled:
                        length = table[species[i], species[j]]
                    if square < (reach * length + skin) ** 2:
                        if found == start.size:
                            start = np.concatenate((start, np.empty_like(start)))
                            stop = np.concatenate((stop, np.empty_like(stop)))
                        start[found], stop[found] = min(i, j), max(i, j)
                        found += 1
    return ascending(n, start[:found], stop[:found])


@kernel
def ascending(n, start, stop):  # type: ignore[no-untyped-def]
    """Return pairs in ascending order of the first particle, then of the second, each by counting."""
    i, j = np.empty_like(start), np.empty_like(stop)
    order = counted(n, stop, np.arange(stop.size))
    for to, p in enumerate(counted(n, start, order)):
        i[to], j[to] = start[p], stop[p]
    return i, j


@kernel
def counted(n, keys, order):  # type: ignore[no-untyped-def]
    """Return an order sorted by keys from 0 to n - 1, equal ones as they were."""
    at, out = np.zeros(n + 1, np.int64), np.empty_like(order)
    for key in keys:
        at[key + 1] += 1
    at = np.cumsum(at)
    for p in order:
        out[at[keys[p]]] = p
        at[keys[p]] += 1
    return out


@kernel
def measure(x, start, stop, box, shear, sizes, species, table, non_additivity, reach):  # type: ignore[no-untyped-def]
    """Return i, j, r (P, d), q, lambda and boxes moved in y, of the pairs within reach."""
    p, d = start.size, x.shape[1]
    i, j = np.empty(p, np.int64), np.empty(p, np.int64)
    r, q, length, moved = np.empty((p, d)), np.empty(p), np.empty(p), np.empty(p)
    found, width, height, depth = 0, box[0], box[1], box[d - 1]
    for k in range(p):
        a, b = start[k], stop[k]
        rx, ry, images = image(x[b, 0] - x[a, 0], x[b, 1] - x[a, 1], width, height, shear)
        half = 0.5 * rx * rx + 0.5 * ry * ry
        if d == 3:
            rz = x[b, 2] - x[a, 2]
            rz -= nearest(rz * (1.0 / depth)) * depth
            half += 0.5 * rz * rz
            r[found, 2] = rz
        far = table[species[a], species[b]] if table.size else mixed(sizes[a], sizes[b], non_additivity)
        i[found], j[found], r[found, 0], r[found, 1] = a, b, rx, ry
        q[found], length[found], moved[found] = half, far, images
        if 2.0 * half < (reach * far) ** 2:  # else the next is written over it: no branch to foretell
            found += 1
    return i[:found], j[:found], r[:found], q[:found], length[:found], moved[:found]
