"""Textbook surfaces with known minima, as landscapes of functions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import landscape

Array = NDArray[np.float64]

# Mueller and Brown 1979, Theor. Chim. Acta 53, 75: parameters (their Table 1)
HEIGHT = np.array([-200.0, -100.0, -170.0, 15.0])
XX, XY = np.array([-1.0, -1.0, -6.5, 0.7]), np.array([0.0, 0.0, 11.0, 0.6])
YY, X0 = np.array([-10.0, -10.0, -6.5, 0.7]), np.array([1.0, 0.0, -0.5, -1.0])
Y0 = np.array([0.0, 0.5, 1.5, 1.0])
MUELLER_BROWN_MINIMA = {(-0.558, 1.442): -146.700, (0.623, 0.028): -108.167, (-0.050, 0.467): -80.768}
MUELLER_BROWN_SADDLES = {(-0.822, 0.624): -40.665, (0.212, 0.293): -72.249}

ICOSAHEDRON_ENERGY = -44.326801  # of 13 atoms, in units of epsilon (Hoare and Pal 1971)


def mueller_brown(**given: Any) -> landscape.Functions:
    """Return the surface of Mueller and Brown, a sum of four Gaussians in two dimensions."""

    def terms(x: Array) -> tuple[Array, Array, Array]:
        dx, dy = x[0] - X0, x[1] - Y0
        return HEIGHT * np.exp(XX * dx**2 + XY * dx * dy + YY * dy**2), dx, dy

    def gradient(x: Array) -> Array:
        value, dx, dy = terms(x)
        return np.array([value @ (2.0 * XX * dx + XY * dy), value @ (XY * dx + 2.0 * YY * dy)])

    return landscape.Functions(lambda x: terms(x)[0].sum(), gradient, 2, length=0.3, **given)


def lennard_jones(atoms: int, **given: Any) -> landscape.Functions:
    """Return sum_{i<j} 4 (r_ij^-12 - r_ij^-6) of free atoms in three dimensions."""

    def pairs(x: Array) -> tuple[Array, Array, Array]:
        places = x.reshape(-1, 3)
        apart = places[:, None] - places
        square = np.einsum("ijk,ijk->ij", apart, apart)
        np.fill_diagonal(square, np.inf)
        return apart, square, square**-3

    def energy(x: Array) -> float:
        _, _, six = pairs(x)
        return float(2.0 * np.sum(six * six - six))

    def gradient(x: Array) -> Array:
        apart, square, six = pairs(x)
        forces = np.einsum("ij,ijk->ik", (24.0 * six - 48.0 * six * six) / square, apart)
        return np.asarray(forces.ravel())

    return landscape.Functions(
        energy, gradient, 3 * atoms, dimension=3, zero_modes="rigid", length=0.3, **given
    )


def icosahedron() -> Array:
    """Return the places (39,) of 13 atoms, a regular icosahedron with one in its middle, of unit radius."""
    golden = (1.0 + 5.0**0.5) / 2.0
    corners = [(0.0, s, t * golden) for s in (-1.0, 1.0) for t in (-1.0, 1.0)]
    turned = [[(a, b, c), (b, c, a), (c, a, b)] for a, b, c in corners]
    places = np.array([(0.0, 0.0, 0.0), *(one for three in turned for one in three)])
    return np.asarray(places.ravel() / golden)


def double_wells(c: float, **given: Any) -> landscape.Functions:
    """Return sum_i (x_i^4/4 - x_i^2/2) + c/2 (x_0 - x_1)^2.

    Minima are +-(1, 1) of energy -1/2, where M has the eigenvalues 2 and 2 + 2 c; and for c < 1/3
    +-(s, -s) with s^2 = 1 - 2 c, of energy -s^4/2 and eigenvalues 2 - 6 c and 2 - 4 c.
    """
    unlike = np.array([1.0, -1.0])

    def hessian(x: Array) -> Array:
        return np.asarray(np.diag(3.0 * x**2 - 1.0) + c * np.outer(unlike, unlike))

    return landscape.Functions(
        lambda x: float(np.sum(x**4 / 4.0 - x**2 / 2.0) + c / 2.0 * (unlike @ x) ** 2),
        lambda x: np.asarray(x**3 - x + c * (unlike @ x) * unlike),
        2,
        **{"hessian": hessian, **given},
    )
