"""Pair energies by all pairs and by r, in long double, slowly: the other route of the tests of glasses."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import glass

Array = np.ndarray
Series = Callable[[Any], tuple[Any, ...]]
"""phi and four derivatives by x = r/lambda, of x within reach."""

TABLE = Path(__file__).parent / "glass" / "soft_spheres_2d_n400.npz"


def tabled() -> glass.PairGlass:
    """Return the configuration of which the energy, moduli and modes are known from another code."""
    with np.load(TABLE) as given:
        return glass.PairGlass(
            given["x"], sizes=given["sizes"], box=float(given["L"]), potential="soft_spheres"
        )


def inverse_power(beta: int, q: int, end: float) -> Series:
    """x^-beta + sum c_2l x^2l, by the closed form of the coefficients with double factorials."""

    def double(n: int) -> int:
        return math.prod(range(n, 0, -2))

    x_c = np.longdouble(end)
    c = [
        (-1) ** (k + 1)
        * np.longdouble(double(beta + 2 * q))
        / (double(2 * q - 2 * k) * double(2 * k) * double(beta - 2) * (beta + 2 * k))
        * x_c ** -(beta + 2 * k)
        for k in range(q + 1)
    ]
    return lambda x: tuple(
        falling(-beta, k) * x ** (-beta - k)
        + sum(falling(2 * m, k) * c[m] * x ** (2 * m - k) for m in range(q + 1))
        for k in range(5)
    )


def falling(n: int, k: int) -> int:
    """n (n - 1) ... (n - k + 1)."""
    return math.prod(n - i for i in range(k))


def lennard_jones(q: int, end: float) -> Series:
    """4 (x^-12 - x^-6) with both powers cut off smoothly."""
    twelve, six = inverse_power(12, q, end), inverse_power(6, q, end)
    return lambda x: tuple(4 * (a - b) for a, b in zip(twelve(x), six(x), strict=True))


def contact(alpha: float) -> Series:
    """(1 - x)^alpha/alpha."""
    a = np.longdouble(alpha)
    slopes = (1 / a, -1, a - 1, -(a - 1) * (a - 2), (a - 1) * (a - 2) * (a - 3))
    return lambda x: tuple(s * (1 - x) ** (a - k) for k, s in enumerate(slopes))


def along(given: glass.PairGlass, series: Series, x: Array, z: Array, strain: float = 0.0) -> Array:
    """Return the energy and four derivatives along x + s z and gamma + s strain, all by r (5,)."""
    n, d = given.particles, given.dimension
    box, gamma = given.box.astype(np.longdouble), np.longdouble(given.shear)
    mixing = given.potential.mixing
    places, moves = (a.reshape(n, d).astype(np.longdouble) for a in (x, z))
    total = np.zeros(5, np.longdouble)
    for i in range(n):
        for j in range(i):
            r = places[j] - places[i]
            boxes = np.rint(r[1] / box[1])
            r = r - np.array([gamma, 1] + [0] * (d - 2)) * boxes * box[1]
            r[0] -= np.rint(r[0] / box[0]) * box[0]
            r[2:] -= np.rint(r[2:] / box[2:]) * box[2:]
            u = moves[j] - moves[i]
            u[0] += strain * r[1]
            a, b = np.longdouble(given.sizes[i]), np.longdouble(given.sizes[j])
            length, depth = (a + b) / 2 * (1 - np.longdouble(mixing.non_additivity) * abs(a - b)), 1.0
            if mixing.species:
                first, second = mixing.species.index(float(a)), mixing.species.index(float(b))
                length, depth = np.longdouble(mixing.lengths[first][second]), mixing.energies[first][second]
            y = np.sqrt(r @ r) / length
            if y < given.potential.reach:
                total = total + depth * chain(y, r @ u / length**2, u @ u / length**2, series(y))
    return np.asarray(total)


def chain(r: Any, a: Any, uu: Any, phi: tuple[Any, ...]) -> Array:
    """Return the derivatives by s of phi(r(s)), r(s)^2 = r^2 + 2 a s + uu s^2."""
    r1 = a / r
    r2 = (uu - r1**2) / r
    r3 = -3 * r1 * r2 / r
    r4 = -(3 * r2**2 + 4 * r1 * r3) / r
    f, f1, f2, f3, f4 = phi
    return np.array(
        [
            f,
            f1 * r1,
            f2 * r1**2 + f1 * r2,
            f3 * r1**3 + 3 * f2 * r1 * r2 + f1 * r3,
            f4 * r1**4 + 6 * f3 * r1**2 * r2 + f2 * (3 * r2**2 + 4 * r1 * r3) + f1 * r4,
        ]
    )


def scattered(n: int, d: int, box: float | Array, seed: int) -> Array:
    """Return positions (n, d): a grid of n places in the box, each moved by some of its width."""
    numbers = np.random.default_rng(seed)
    side = math.ceil(n ** (1 / d))
    grid = np.stack(np.meshgrid(*[np.arange(side)] * d, indexing="ij"), -1).reshape(-1, d)
    chosen = grid[numbers.permutation(len(grid))[:n]]
    return np.asarray((chosen + 0.35 * (numbers.random((n, d)) - 0.5)) * (box / side))
