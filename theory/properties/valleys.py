"""Curved valleys: cubic modes by iteration, and by a scan of B, against what is derived."""

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from theory import formulas
from theory.properties.agreement import agree, require
from theory.strategies import positive

__all__ = [
    "bent_modes_obey_their_share",
    "mode_has_the_response",
    "pair_has_the_ratios",
    "valley_by_minimising",
]
Array = NDArray[np.float64]
_ENOUGH = 1e-9  # residual of a mode


def _mode(M: Array, third: Array, z: Array) -> tuple[Array, float, float]:
    """Return (z, b2, b3) of a cubic mode by the fixed point of (S 15), in steps that are halved twice."""
    for step in np.repeat([1.0, 0.5, 0.25], 500):
        z = z / np.sqrt(z @ M @ z)
        push = np.einsum("ijk,j,k", third, z, z)
        b3 = float(push @ z)
        if abs(b3) < 1e-6 or np.linalg.norm(M @ z - push / b3) < _ENOUGH * np.linalg.norm(M @ z):
            break
        z = (1.0 - step) * z + step * np.linalg.solve(M, push) / b3
    b2, push = float(z @ M @ z), np.einsum("ijk,j,k", third, z, z)
    b3 = float(push @ z)
    assume(abs(b3) > 1e-3)
    assume(np.linalg.norm(M @ z - b2 / b3 * push) < 10.0 * _ENOUGH * np.linalg.norm(M @ z))
    return z, b2, b3


def _random(seed: int, N: int) -> tuple[Array, Array]:
    """Return a positive definite M and symmetric U''' of any size."""
    rng = np.random.default_rng(seed)
    root, free = rng.normal(size=(N, N)), rng.normal(size=(N, N, N))
    orders = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    return root @ root.T + 0.3 * np.eye(N), np.sum([free.transpose(p) for p in orders], axis=0) / 6.0


@settings(max_examples=40)
@given(st.integers(0, 2**31), st.integers(2, 6), positive(0.1, 10.0))
def mode_has_the_response(seed: int, N: int, b4: float) -> None:
    """X/b4 is r; of the response across any z, f_perp is 3 s^2 r."""
    M, third = _random(seed, N)
    rng = np.random.default_rng(seed + 1)
    pi, b2, b3 = _mode(M, third, rng.normal(size=N))
    push = np.einsum("ijk,j,k", third, pi, pi)
    follow = np.linalg.solve(M, push)
    r = b3**2 / (b2 * b4)
    agree(push @ follow / b4, r, 1e-6)
    z = rng.normal(size=N)
    z /= np.sqrt(z @ M @ z)
    beside, across = pi - z * (z @ M @ pi), follow - z * (z @ push)
    undone, share = 3.0 * (across @ M @ across) / b4, (beside @ M @ beside) / b2
    require(share <= 1.0 + 1e-12, f"s^2 = {share}")
    agree(formulas.bent_ratio(np, undone, share), r, 1e-6)


@settings(max_examples=40)
@given(positive(0.05, 2.0), positive(0.01, 3.0))
def pair_has_the_ratios(f: float, r_z: float) -> None:
    """Scan B of z and y, b2 = b4 = k = 1, for its two minima: r is the first's f + r_z or more, f/3 to f."""
    b3, c = np.sqrt(r_z), np.sqrt(f / 3.0)
    found = []
    for side in (1.0, -1.0):  # p > 0 and p < 0: between lies b3 = 0
        ends = (
            np.array([0.0, 2.0 * (1.0 + b3 / c)])
            if side > 0
            else np.array([b3 / (3.0 * c), 2.0 * (1.0 + b3 / c)])
        )
        for _ in range(40):
            p = np.linspace(ends[0], ends[1], 33)[1:-1]
            barrier = (1.0 + p**2) ** 3 / (b3 + 3.0 * side * c * p) ** 2
            best = int(np.argmin(barrier))
            width = (ends[1] - ends[0]) / 32.0
            ends = np.array([p[best] - width, p[best] + width])
        found.append((b3 + 3.0 * side * c * p[best]) ** 2 / (1.0 + p[best] ** 2))
    ahead, behind = formulas.valley_ratio(np, f, r_z), formulas.backward_ratio(np, f, r_z)
    agree(found[0], ahead, 1e-5)
    agree(found[1], behind, 1e-5)
    require(ahead >= (f + r_z) * (1.0 - 1e-12), f"r_+ = {ahead} < {f} + {r_z}")
    require(f / 3.0 <= behind * (1.0 + 1e-12) <= f * (1.0 + 1e-9), f"r_- = {behind}, f = {f}")


@given(positive(0.3, 3.0), st.floats(-1.0, 1.0), positive(0.3, 3.0), positive(0.3, 3.0))
def valley_by_minimising(b2: float, b3: float, b4: float, c: float) -> None:
    """Take the fourth difference of the least energy of z and two coordinates that follow it."""
    k = np.array([1.0, 2.5])
    pull = c * np.array([1.0, -0.7])

    def least(z: float) -> float:
        y = np.linalg.solve(np.diag(k), -pull * z**2 / 2.0)
        straight = b2 * z**2 / 2 + b3 * z**3 / 6 + b4 * z**4 / 24
        return straight + float(y @ (k * y)) / 2 + float(pull @ y) * z**2 / 2

    along = sum(w * least(0.5 * n) for w, n in zip((1, -4, 6, -4, 1), range(-2, 3), strict=True)) / 0.5**4
    response = b3**2 / b2 + pull @ (pull / k)
    undone = formulas.undone_share(np, response, b4, b3**2 / (b2 * b4))
    require(abs(along - b4 * (1.0 - undone)) < 1e-9 * (b4 + response), f"{along}, b4 = {b4}, f = {undone}")


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.integers(1, 4), positive(0.1, 3.0), positive(0.1, 3.0))
def bent_modes_obey_their_share(seed: int, sites: int, K: float, g: float) -> None:
    """Find cubic modes of a few bent sites in their straight coordinates: r = F/(3 s^2)."""
    rng = np.random.default_rng(seed)
    N, A, x = 2 * sites, 1.0, rng.normal(size=sites)
    root = rng.normal(size=(sites, sites))
    M, third = np.zeros((N, N)), np.zeros((N, N, N))
    M[:sites, :sites] = root @ root.T + 0.3 * np.eye(sites)
    for i in range(sites):
        j, lean = i + sites, np.zeros(N)
        lean[[i, j]] = g * x[i], 1.0
        M += K * np.outer(lean, lean)
        third[i, i, i] += A * x[i]
        bend: Any = np.zeros((N, N))
        bend[i, i] = g
        third += K * sum(np.einsum(e, lean, bend) for e in ("i,jk->ijk", "j,ik->ijk", "k,ij->ijk"))
    pi, b2, b3 = _mode(M, third, rng.normal(size=N))
    u, v = pi[:sites], pi[sites:]
    off = v + g * x * u
    b4 = A * np.sum(u**4) + 3.0 * K * g**2 * np.sum(u**4)
    F, share = formulas.bent_share(np, K, g, A), K * (off @ off) / b2
    agree(b3**2 / (b2 * b4), formulas.bent_ratio(np, F, share), 1e-6)
