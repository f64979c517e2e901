"""The soft sites of one state (A = 1), of its lower wells or as descended, counted.

At fixed x, f = kappa' x + x^3/6 is linear in kappa', so E[F] is an integral over x and, for each x, over f.
"""

import math

import numpy as np
from numpy.polynomial.chebyshev import chebval
from numpy.typing import NDArray

from khgps.lower_well import lower_well
from khgps.stiffness_law import Piece

Array = NDArray[np.float64]
REACH = 9.0  # deviations of the field beyond which its law has no weight


class Sites:
    """Sites of one piece of the law at A = 1, for given q and chi."""

    def __init__(
        self,
        h: float,
        piece: Piece,
        J: float,
        q: float,
        chi: float,
        descended: bool = False,
        *,
        upper: bool = False,
    ) -> None:
        self.h, self.piece, self.u, self.s = h, piece, J**2 * chi, J * math.sqrt(q)
        self.descended, self.upper = descended, upper

    def fraction_below(self, k: float) -> float:
        """Return the fraction of sites of curvature below k > 0.

        At fixed x, df = x dk with f = x (k - x^2/3): the inner integral is over ln k.
        """
        nodes, weights = np.polynomial.legendre.leggauss(80)
        total = 0.0
        for mean in (self.h, -self.h):
            x, weight, low, high = self._range(mean, k)
            start = np.log(low / x + x**2 / 3.0)
            length = np.maximum(np.log(np.minimum(high / x + x**2 / 3.0, k)) - start, 0.0)
            inner = np.exp(start[:, None] + 0.5 * length[:, None] * (1.0 + nodes))
            z = (x[:, None] * (inner - x[:, None] ** 2 / 3.0) - mean) / self.s
            law = np.exp(-0.5 * z**2) / (math.sqrt(2.0 * math.pi) * self.s)
            law *= self._profile(inner - 0.5 * x[:, None] ** 2)
            total += float(np.sum(weight * 0.5 * length * np.sum(weights * inner**2 * law, axis=1)))
        return total / self.piece.width

    def _profile(self, kappa: Array) -> Array:
        """Return the density of kappa' times the width of the piece."""
        low, high, beta, shape = self.piece
        if beta == 0.0 and len(shape) == 1:
            return np.full(1, shape[0])
        part = np.clip((kappa + (self.u - low)) / (high - low), 1e-300, 1.0)
        return np.asarray((beta + 1.0) * part**beta * chebval(2.0 * part - 1.0, shape))

    def _range(self, mean: float, k: float) -> tuple[Array, Array, Array, Array]:
        """Return nodes x > 0 with weights, and for each the range of fields f > 0 of its stiffnesses.

        Panels end where sites of curvature k, kappa' = k - x^2/2, leave the law, or their range of fields: at
        f = 0, of descended ones at f = x^3/24 or -x^3/3. They are narrow where a narrow field makes steps,
        beside the ends of the law.
        """
        largest = max(mean, 0.0) + REACH * self.s
        end = math.sqrt(max(3.0 * k, 2.0 * (k + self.u)))  # kappa' >= -J^2 chi, or in a lower well
        end = min(end, (6.0 * largest) ** (1.0 / 3.0) + math.sqrt(6.0 * self.u))
        law = self.piece.low - self.u, self.piece.high - self.u
        fields = [max(mean + side * REACH * self.s, 0.0) for side in (-1.0, 1.0)]
        bends = [0.0, math.sqrt(3.0 * k), math.sqrt(8.0 * k / 3.0)]
        bends += [math.sqrt(2.0 * max(k - kappa, 0.0)) for kappa in law]
        bends += [math.sqrt(n * max(-kappa, 0.0)) for kappa in law for n in (2.0, 6.0, 8.0)]
        narrow = [
            np.linspace(lower_well(kappa, fields[0]), lower_well(kappa, fields[1]), 13) for kappa in law
        ]
        edges = np.unique(np.concatenate([np.geomspace(1e-9 * end, end, 150), np.array(bends), *narrow]))
        edges = edges[edges <= end]
        nodes, weights = np.polynomial.legendre.leggauss(24)
        x = (edges[:-1, None] + 0.5 * np.diff(edges)[:, None] * (1.0 + nodes)).ravel()
        weight = (0.5 * np.diff(edges)[:, None] * weights).ravel()
        low = np.clip((self.piece.low - self.u) * x + x**3 / 6.0, self._lowest(mean, x), largest)
        high = np.clip((self.piece.high - self.u) * x + x**3 / 6.0, low, largest)
        if self.upper:
            low, high = np.minimum(low, 0.0), np.minimum(high, 0.0)
        return x, weight, low, high

    def _lowest(self, mean: float, x: Array) -> Array:
        """Return the least field that counts at x > 0: 0 in lower wells.

        Of descended states it is that of k -> 0 on the side of the field h. On the other are sites of
        kappa' >= 0, and those whose well at x > 0 is gone, |f| > (2 |kappa'|)^(3/2)/3: k > 3 |kappa'|.
        """
        least = np.zeros_like(x)
        if self.descended:
            least = x**3 / 24.0 if mean < 0.0 else -(1.0 - 1e-9) * x**3 / 3.0
        return np.minimum(np.maximum(least, mean - REACH * self.s), max(mean, 0.0) + REACH * self.s)
