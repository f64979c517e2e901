"""Oscillators in bent coordinates: the same minima, saddles and valleys, which straight lines miss.

Next to each site stands a stiff coordinate y_i that wants to be at -g x_i^2/2. Along the valley nothing has
changed; along a straight line the fourth derivative has risen from A_i to A_i + 3 K g^2 (derivation
`bent_valley` of `theory`).
"""

import numpy as np
from numpy.typing import NDArray

from arguments import array, real
from landscape.arrays import Matrix, Vector
from landscape.forms import Form
from landscape.hessian import Hessian, ProductHessian
from landscape.protocol import Landscape
from quartic.problem import Problem


class Bent(Landscape):
    """The energy H(x) + sum_i K (y_i + g x_i^2/2)^2/2 of sites (x_i, y_i), dimension 2.

    Parameters
    ----------
    problem : Problem
        H.
    K : float
        Stiffness of y_i, > 0. Together with y -> c y only K g^2 matters to nonlinear modes.
    g : float
        Curvature of the valleys, 1/length.

    Raises
    ------
    ValueError
        For an argument outside its range.

    Examples
    --------
    Every cubic mode has r > F/3, that of a single site r = F + r_0 (1 - F) or nearly:

    >>> import landscape, quartic
    >>> well = quartic.Problem([1.0], [[0.0]], 0.01, 1.0)
    >>> bent = quartic.Bent.of_share(well, 0.6)
    >>> x = bent.lifted(quartic.minimize(well).x)
    >>> landscape.cubic_modes(well, x[::2])[0].ratio < 0.001 < 0.2 < landscape.cubic_modes(bent, x)[0].ratio
    True
    """

    dimension = 2

    def __init__(self, problem: Problem, *, K: float, g: float) -> None:
        self.problem = problem
        self.K, self.g = real("K", K, above=0.0), real("g", g)
        self.length = problem.length

    @classmethod
    def of_share(cls, problem: Problem, share: float, *, K: float = 1.0) -> "Bent":
        """Return the bend whose sites have `undone` = share in [0, 1), where A is one number."""
        share, K = real("share", share, least=0.0, below=1.0), real("K", K, above=0.0)
        if np.ndim(problem.anharmonicity):
            raise ValueError("share: one for all sites needs one anharmonicity for all")
        return cls(problem, K=K, g=float(np.sqrt(share * problem.a_max / (3.0 * K * (1.0 - share)))))

    @property
    def size(self) -> int:
        """2 N."""
        return 2 * self.problem.size

    @property
    def undone(self) -> Vector:
        """F_i = 3 K g^2/(A_i + 3 K g^2), shape (N,), the share of b4 that is undone along valleys."""
        quartic = 3.0 * self.K * self.g**2
        return np.asarray(
            quartic / (np.broadcast_to(self.problem.anharmonicity, self.problem.size) + quartic)
        )

    def lifted(self, x: Vector) -> Vector:
        """Return sites x (N,) at the bottom of their valleys, (2 N,), where minima and saddles go."""
        x = array("x", x, (self.problem.size,))
        return np.column_stack([x, -self.g * x**2 / 2.0]).ravel()

    def energy(self, x: Vector) -> float:
        """Return the energy."""
        return self.evaluate(x)[0]

    def gradient(self, x: Vector) -> Vector:
        """Return its slopes."""
        return self.evaluate(x)[1]

    def evaluate(self, x: Vector) -> tuple[float, Vector]:
        """Return both."""
        site, stiff = _parts(np.asarray(x, np.float64))
        here, off = self.problem.at(site), stiff + self.g * site**2 / 2.0
        pull = self.K * off
        gradient = np.column_stack([here.gradient + pull * self.g * site, pull]).ravel()
        return here.energy + self.K * float(off @ off) / 2.0, gradient

    def hessian(self, x: Vector) -> Hessian:
        """Return M, by its products."""
        site, stiff = _parts(np.asarray(x, np.float64))
        inner = self.problem.hessian(site)
        lean = self.g * site
        pull = self.g * self.K * (stiff + self.g * site**2 / 2.0)

        def products(block: Matrix) -> Matrix:
            dx, dy = block[::2], block[1::2]
            off = self.K * (dy + lean[:, None] * dx)
            out = np.empty_like(block)
            out[::2] = inner.products(np.ascontiguousarray(dx)) + pull[:, None] * dx + lean[:, None] * off
            out[1::2] = off
            return out

        return ProductHessian(products, self.size, blocks=True)

    def third(self, x: Vector) -> Form:
        """Return U'''."""
        return _BentForm(self, np.asarray(x, np.float64), 3)

    def fourth(self, x: Vector) -> Form:
        """Return U''''."""
        return _BentForm(self, np.asarray(x, np.float64), 4)


class _BentForm(Form):
    """A form of H, with that of K (y + g x^2/2)^2/2: along (u, v) this is K (o + w s + p s^2/2)^2/2.

    o is the place off the valley, w = v + g x u its slope along the line and p = g u^2 its curvature: the
    third derivative is 3 K w p, the fourth 3 K p^2.
    """

    def __init__(self, bent: Bent, x: Vector, order: int) -> None:
        site, _ = _parts(x)
        self.order, self._bent, self._site = order, bent, site[:, None]
        self._own = bent.problem.third(site) if order == 3 else bent.problem.fourth(site)

    def vectors(self, block: Matrix) -> Matrix:
        """Return a third, or a fourth, of the slope of the form by each column."""
        u, v = block[::2], block[1::2]
        K, g, x = self._bent.K, self._bent.g, self._site
        out = np.empty_like(block)
        out[::2] = self._own.vectors(np.ascontiguousarray(u))
        if self.order == 3:
            slope = v + g * x * u
            out[::2] += K * g * (g * x * u**2 + 2.0 * slope * u)
            out[1::2] = K * g * u**2
        else:
            out[::2] += 3.0 * K * g**2 * u**3
            out[1::2] = 0.0
        return out


def _parts(x: NDArray[np.float64]) -> tuple[Vector, Vector]:
    """Return x_i and y_i."""
    return np.ascontiguousarray(x[::2]), np.ascontiguousarray(x[1::2])
