"""What exponential steps need of the energy of coupled oscillators, beside `landscape.linear.krylov`.

The first kernels are copies of those there: compiled ones call none of another file.
"""

import math

import numpy as np

from landscape.jit import kernel

_SERIES = 16  # terms of phi_k at |z| <= 1: the next one is below 1/19!


@kernel
def phi(k, z):  # type: ignore[no-untyped-def]
    """Return phi_k(z): by its series sum_j z^j/(j + k)! where |z| <= 1, else by the recurrence."""
    if abs(z) <= 1.0:
        term = 1.0
        for j in range(2, k + 1):
            term /= j
        total = 0.0
        for j in range(_SERIES + 1):
            total += term
            term *= z / (j + 1 + k)
        return total
    value = math.exp(z)
    term = 1.0
    for j in range(1, k + 1):
        value = (value - term) / z
        term /= j
    return value


@kernel
def amplitudes(values, vectors, k, dt):  # type: ignore[no-untyped-def]
    """Return the components (m,) of dt phi_k(-dt M) v / |v| in the basis."""
    m = values.size
    out = np.zeros(m)
    for n in range(m):
        weight = dt * phi(k, -dt * values[n]) * vectors[0, n]
        for j in range(m):
            out[j] += weight * vectors[j, n]
    return out


@kernel
def combine(basis, c, out):  # type: ignore[no-untyped-def]
    """Fill out = sum_j c_j basis_j."""
    out[:] = 0.0
    for j in range(c.size):
        row = basis[j]
        for i in range(out.size):
            out[i] += c[j] * row[i]


@kernel
def remainders(basis, values, vectors, norm, dt, a, w, x, diagonal, d, late, change):  # type: ignore[no-untyped-def]
    """Fill d = dt phi_1(-dt M) v and the remainders of the force; return (|d|, estimate of the error).

    The force at x + d differs from its linearisation by -A_i (x d^2/2 + d^3/6), A_i = a w_i, site by site.
    `late` is 32/9 of that at d(3 dt/4), `change` its difference from twice that at d(dt). The estimate is the
    norm of dt phi_3(-dt M) change, exact in the basis, and beside it with diag(M) for M.
    """
    m = values.size
    combine(basis, norm * amplitudes(values, vectors, 1, dt), d)
    combine(basis, norm * amplitudes(values, vectors, 1, 0.75 * dt), late)
    length = 0.0
    for i in range(d.size):
        length += d[i] * d[i]
        e = late[i]
        late[i] = -(32.0 / 9.0) * a * w[i] * e * e * (0.5 * x[i] + e / 6.0)
        change[i] = late[i] + 2.0 * a * w[i] * d[i] * d[i] * (0.5 * x[i] + d[i] / 6.0)
    overlaps = np.zeros(m)
    for j in range(m):
        row = basis[j]
        for i in range(d.size):
            overlaps[j] += row[i] * change[i]
    outside = change.copy()
    for j in range(m):
        row = basis[j]
        for i in range(d.size):
            outside[i] -= overlaps[j] * row[i]
    square = 0.0
    for n in range(m):
        component = 0.0
        for j in range(m):
            component += vectors[j, n] * overlaps[j]
        square += (phi(3, -dt * values[n]) * component) ** 2
    for i in range(d.size):
        # 1/(6 + 2 z) is phi_3(-z) to 10 per cent for all z >= 0
        square += (outside[i] / (6.0 + 2.0 * dt * max(diagonal[i], 0.0))) ** 2
    return math.sqrt(length), dt * math.sqrt(square)
