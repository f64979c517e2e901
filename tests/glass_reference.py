"""Pair energies by all pairs and by r, in long double, slowly: the other route of the tests of glasses."""

import itertools
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mpmath
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


def sticky(r_c: float) -> Series:
    """A Lennard-Jones core, and beyond its minimum what value and two slopes ask for there and at r_c.

    By x, with 30 digits: 4 (a x^-12 - b x^-6) + sum c_2l x^2l, six numbers of six conditions.
    """
    with mpmath.workdps(30):
        bottom = mpmath.mpf(2) ** (mpmath.mpf(1) / 6)
        end, powers = bottom * mpmath.mpf(r_c), (-12, -6, 0, 2, 4, 6)
        rows = [[falling(n, k) * x ** (n - k) for n in powers] for x in (bottom, end) for k in range(3)]
        core = {-12: 4, -6: -4}
        wanted = [sum(c * falling(n, k) * bottom ** (n - k) for n, c in core.items()) for k in range(3)]
        found = mpmath.lu_solve(mpmath.matrix(rows), mpmath.matrix([*wanted, 0, 0, 0]))
        tail = {n: np.longdouble(mpmath.nstr(c, 25)) for n, c in zip(powers, found, strict=True)}
    return lambda x: tuple(
        sum(c * falling(n, k) * x ** (n - k) for n, c in (core if x < float(bottom) else tail).items())
        for k in range(5)
    )


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


def polarised(
    given: glass.PairGlass, series: Series, x: Array, fields: Sequence[tuple[Array, float]]
) -> np.longdouble:
    """Return the mixed derivative along p fields (z, strain), of those along the sums of some of them."""
    p, total = len(fields), np.longdouble(0)
    for count in range(1, p + 1):
        for some in itertools.combinations(fields, count):
            z, strain = sum(one[0] for one in some), sum(one[1] for one in some)
            total += (-1) ** (p - count) * along(given, series, x, np.asarray(z), strain)[p]
    return total / math.factorial(p)


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


CASES: dict[str, tuple[Series, tuple[float, ...]]] = {  # and sizes to choose from
    "soft_spheres": (inverse_power(10, 3, 1.4), (1.0, 1.3, 1.8, 2.22)),
    "inverse_power_mixture": (inverse_power(10, 3, 1.48), (1.0, 1.4)),
    "ninarello": (inverse_power(12, 2, 1.25), (0.8, 1.0, 1.5)),
    "kob_andersen": (lennard_jones(3, 2.5), (1.0, 0.88)),
    "harmonic_spheres": (contact(2.0), (1.4, 2.0)),
    "hertzian_spheres": (contact(2.5), (1.4, 2.0)),
    "sticky_spheres": (sticky(1.5), (1.0, 1.4)),
}
"""The potentials by their names in `glass`, by r."""


def made(name: str, n: int, d: int, seed: int, shear: float = 0.0) -> glass.PairGlass:
    """Return particles near a lattice, in a box of different sides."""
    sizes = np.random.default_rng(seed).choice(CASES[name][1], n)
    box = max((n / 0.65) ** (1 / d), 6.6) * np.array([1.03, 0.96, 1.01])[:d]
    places = scattered(n, d, box, seed)
    return glass.PairGlass(places, sizes=sizes, box=box, potential=name, shear=shear)
