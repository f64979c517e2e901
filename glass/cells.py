"""Which particles are near each other in a periodic box, under simple shear too (Lees and Edwards 1972).

Under a shear gamma an image in y is shifted by gamma L_y in x. Lists hold each pair once, i < j, in ascending
order whatever cells they were found in: sums over bonds do not hang on when a list was made.
"""

import numpy as np

from landscape.jit import kernel


@kernel
def pair_length(i, j, sizes, species, table, non_additivity):  # type: ignore[no-untyped-def]
    """Return lambda_ij."""
    if table.size:
        return table[species[i], species[j]]
    return 0.5 * (sizes[i] + sizes[j]) * (1.0 - non_additivity * abs(sizes[i] - sizes[j]))


@kernel
def apart(x, i, j, box, shear, r):  # type: ignore[no-untyped-def]
    """Write the nearest image of x_j - x_i to r; return q = r^2/2 and how many boxes in y it was moved."""
    q = 0.0
    moved = np.rint((x[j, 1] - x[i, 1]) / box[1])
    for k in range(box.size):
        r[k] = x[j, k] - x[i, k]
        if k == 0:
            r[k] -= moved * shear * box[1]
        r[k] -= np.rint(r[k] / box[k]) * box[k]
        q += 0.5 * r[k] * r[k]
    return q, -moved


@kernel
def sort_into_cells(x, box, shear, reach):  # type: ignore[no-untyped-def]
    """Return numbers of cells (d,), the cell of each particle (N, d), and cells as linked lists."""
    n, d = x.shape
    lean = shear - np.rint(shear * box[1] / box[0]) * box[0] / box[1]  # of the box, its images the same
    cells = np.empty(d, np.int64)
    total = 1
    for k in range(d):
        width = box[k] / np.sqrt(1.0 + lean * lean) if k == 0 else box[k]
        cells[k] = max(1, min(int(width / reach), 1 + int(n ** (1.0 / d))))
        total *= cells[k]
    first, following = np.full(total, -1), np.full(n, -1)
    place = np.empty((n, d), np.int64)
    for i in range(n - 1, -1, -1):
        at = 0
        for k in range(d):
            share = (x[i, k] - lean * x[i, 1]) / box[k] if k == 0 else x[i, k] / box[k]
            place[i, k] = min(int((share - np.floor(share)) * cells[k]), cells[k] - 1)
            at = at * cells[k] + place[i, k]
        following[i], first[at] = first[at], i
    return cells, place, first, following


@kernel
def neighbours(x, box, shear, sizes, species, table, non_additivity, reach, longest, skin):  # type: ignore[no-untyped-def]
    """Return i, j (P,) of the pairs nearer than reach lambda_ij + skin; no lambda_ij is above `longest`."""
    n, d = x.shape
    cells, place, first, following = sort_into_cells(x, box, shear, reach * longest + skin)
    around = 1
    for k in range(d):
        around *= min(cells[k], 3)  # two or one cells are not visited twice
    start, stop = np.empty(16 * n, np.int64), np.empty(16 * n, np.int64)
    found, r = 0, np.empty(d)
    for i in range(n):
        begin = found
        for turn in range(around):
            at, left = 0, turn
            for k in range(d):
                several = min(cells[k], 3)
                at = at * cells[k] + (place[i, k] + left % several - 1) % cells[k]
                left //= several
            j = first[at]
            while j >= 0:
                if j > i:
                    q, _ = apart(x, i, j, box, shear, r)
                    far = reach * pair_length(i, j, sizes, species, table, non_additivity) + skin
                    if 2.0 * q < far * far:
                        if found == start.size:
                            start = np.concatenate((start, np.empty_like(start)))
                            stop = np.concatenate((stop, np.empty_like(stop)))
                        start[found], stop[found] = i, j
                        found += 1
                j = following[j]
        stop[begin:found].sort()
    return start[:found].copy(), stop[:found].copy()


@kernel
def measure(x, start, stop, box, shear, sizes, species, table, non_additivity, reach):  # type: ignore[no-untyped-def]
    """Return i, j, r (P, d), q, lambda and boxes moved in y, of the pairs within reach."""
    p, d = start.size, x.shape[1]
    i, j = np.empty(p, np.int64), np.empty(p, np.int64)
    r, q, length, moved = np.empty((p, d)), np.empty(p), np.empty(p), np.empty(p)
    found = 0
    here = np.empty(d)
    for k in range(p):
        half, images = apart(x, start[k], stop[k], box, shear, here)
        far = pair_length(start[k], stop[k], sizes, species, table, non_additivity)
        if 2.0 * half < (reach * far) ** 2:
            i[found], j[found], r[found] = start[k], stop[k], here
            q[found], length[found], moved[found] = half, far, images
            found += 1
    return i[:found], j[:found], r[:found], q[:found], length[:found], moved[:found]
