"""One step of every sample: its stages, and what fields of earlier stages do to them."""

import numpy as np

from landscape.jit import kernel

MOST = 30  # of Newton's method


@kernel
def invert(m, out):  # type: ignore[no-untyped-def]
    """Fill out = m^-1, both (3, 3)."""
    for a in range(3):
        b, c = (a + 1) % 3, (a + 2) % 3
        for k in range(3):
            i, j = (k + 1) % 3, (k + 2) % 3
            out[k, a] = m[b, i] * m[c, j] - m[b, j] * m[c, i]
    d = m[0, 0] * out[0, 0] + m[0, 1] * out[1, 0] + m[0, 2] * out[2, 0]
    for a in range(3):
        for k in range(3):
            out[a, k] /= d


@kernel
def solve_stages(low, high, x, kappa, field, matrix, own, y, inverse):  # type: ignore[no-untyped-def]
    """Solve y = x + matrix (-kappa y - y^3/6 + field + own y) for samples low to high, from the y given.

    `matrix` is dt times that of the rule, `own` the response within the step. Fills `inverse`, (9, samples),
    with the inverse of 1 + matrix (V'' - own) at y.
    """
    m, w, f, r = np.empty((3, 3)), np.empty((3, 3)), np.empty(3), np.empty(3)
    for s in range(low, high):
        for _ in range(MOST):
            for a in range(3):
                f[a] = field[a, s] - kappa[s] * y[a, s] - y[a, s] ** 3 / 6.0
                for b in range(3):
                    f[a] += own[a, b] * y[b, s]
            for a in range(3):
                r[a] = x[s] - y[a, s]
                for b in range(3):
                    r[a] += matrix[a, b] * f[b]
                    m[a, b] = (1.0 if a == b else 0.0) + matrix[a, b] * (kappa[s] + 0.5 * y[b, s] ** 2)
                    for c in range(3):
                        m[a, b] -= matrix[a, c] * own[c, b]
            invert(m, w)
            change, size = 0.0, abs(x[s])
            for a in range(3):
                d = w[a, 0] * r[0] + w[a, 1] * r[1] + w[a, 2] * r[2]
                y[a, s] += d
                change, size = max(change, abs(d)), max(size, abs(y[a, s]))
            if change <= 1e-9 * size:
                break
        for a in range(3):
            for b in range(3):
                inverse[3 * a + b, s] = w[a, b]


@kernel
def add_memory(total, g, block):  # type: ignore[no-untyped-def]
    """Add g times the tangents of an earlier step, (3, columns, samples) of float32, to the first columns."""
    for m in range(block.shape[1]):
        p, q, r = block[0, m], block[1, m], block[2, m]
        for a in range(3):
            row, u, v, w = total[a, m], g[a, 0], g[a, 1], g[a, 2]
            for s in range(p.size):
                row[s] += u * p[s] + v * q[s] + w * r[s]


@kernel
def finish_tangents(low, inverse, last, matrix, total):  # type: ignore[no-untyped-def]
    """Turn memories into tangents: inverse (last + total), and inverse matrix for the three new columns."""
    count, size = last.shape
    for m in range(count + 3):
        for s in range(size):
            if m < count:
                u = last[m, s] + total[0, m, s]
                v = last[m, s] + total[1, m, s]
                w = last[m, s] + total[2, m, s]
            else:
                u, v, w = matrix[0, m - count], matrix[1, m - count], matrix[2, m - count]
            for a in range(3):
                d = inverse[3 * a, low + s] * u + inverse[3 * a + 1, low + s] * v
                total[a, m, s] = d + inverse[3 * a + 2, low + s] * w
