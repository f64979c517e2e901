"""The law of the stiffness: pieces, each a power of the distance to its lower end times a polynomial."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import scipy
from numpy.polynomial.chebyshev import chebinterpolate, chebval
from numpy.typing import ArrayLike, NDArray

from arguments import array

Array = NDArray[np.float64]
NODES = 24  # of Gauss and Jacobi, for integrals over a piece: exact up to degree 47
MOST_STEPS = 100  # of Newton's method and bisection
MOST_BETA = 100.0  # of quadratures: they err by 1e-12 there, by 1e-6 at 300, and powers overflow


class Piece(NamedTuple):
    """p(kappa) = (beta + 1) (kappa - low)^beta / width^(beta + 1) times a polynomial on [low, high].

    The polynomial is a Chebyshev series `shape` in t = 2 (kappa - low)/width - 1: its mean, with that power
    as its weight, is the share of the law in the piece. low = high is a point mass of weight shape[0].
    """

    low: float
    high: float
    beta: float
    shape: tuple[float, ...]

    @property
    def width(self) -> float:
        """Length of the piece."""
        return self.high - self.low

    def mean(self, values: Callable[[Array], Array], power: float = 0.0) -> float:
        """Return the mean of values(t) shape(t), of weight (kappa - low)^(beta + power), width > 0."""
        require_quadrature(self.beta)
        nodes, weights = _rule(self.beta + power)
        return float(weights @ (values(nodes) * chebval(nodes, self.shape)) / weights.sum())

    @property
    def mass(self) -> float:
        """Share of the law."""
        return self.shape[0] if len(self.shape) == 1 else self.mean(np.ones_like)


def require_quadrature(beta: float) -> None:
    """Refuse a law whose averages the quadratures miss."""
    if beta > MOST_BETA:
        raise ValueError(f"beta = {beta}: averages over stiffnesses are computed up to beta = {MOST_BETA:g}")


@cache
def _rule(power: float) -> tuple[Array, Array]:
    """Return Gauss's rule of the weight (1 + t)^power."""
    nodes, weights = scipy.special.roots_jacobi(NODES, 0.0, power)
    return nodes, weights


@dataclass(frozen=True, repr=False)
class StiffnessLaw:
    """A law of the stiffness kappa; `KHGPS(stiffness=...)` makes one of a table or a density.

    Attributes
    ----------
    pieces : tuple of Piece
        Ascending; their shares have the sum one. Between them may be gaps.

    Examples
    --------
    >>> from khgps import KHGPS
    >>> law = KHGPS(N=2, J=0.1, h=0.01, stiffness=([0.1, 0.5, 0.9], [0.0, 1.0, 0.0])).law
    >>> law
    StiffnessLaw(2 pieces on [0.1, 0.9], beta = 1.0)
    >>> law.density([0.3, 0.5]).round(10).tolist()  # its integral is one
    [1.25, 2.5]
    >>> law.quantile([0.0, 0.125, 0.5]).round(10).tolist()
    [0.1, 0.3, 0.5]
    """

    pieces: tuple[Piece, ...]

    @property
    def kappa_min(self) -> float:
        """The least stiffness."""
        return self.pieces[0].low

    @property
    def kappa_0(self) -> float:
        """The largest stiffness."""
        return self.pieces[-1].high

    @property
    def width(self) -> float:
        """kappa_0 - kappa_min."""
        return self.kappa_0 - self.kappa_min

    @property
    def beta(self) -> float:
        """The exponent of (kappa - kappa_min) at the lower edge, 0 at a point mass."""
        return self.pieces[0].beta

    @property
    def atom(self) -> bool:
        """Whether a finite share has the least stiffness."""
        return self.pieces[0].width == 0.0

    @property
    def edge(self) -> float:
        """p(kappa) tends to this times (kappa - kappa_min)^beta at the lower edge, where there is no atom."""
        first = self.pieces[0]
        scale: float = (first.beta + 1.0) / first.width ** (first.beta + 1.0)
        return scale * float(chebval(-1.0, first.shape))

    def scaled(self, unit: float) -> "StiffnessLaw":
        """Return the law of kappa/unit."""
        return StiffnessLaw(
            tuple(one._replace(low=one.low / unit, high=one.high / unit) for one in self.pieces)
        )

    def density(self, kappa: ArrayLike) -> Array:
        """Return p(kappa) in the shape of kappa; inf at point masses.

        Raises
        ------
        ValueError
            For what is no number.
        """
        values = array("kappa", kappa)
        total = np.zeros(values.shape)
        for low, high, beta, shape in self.pieces:
            width = high - low
            if width == 0.0:
                total[values == low] = math.inf
                continue
            inside = (values >= low) & ((values < high) | ((values == high) & (high == self.kappa_0)))
            distance = values[inside] - low
            with np.errstate(divide="ignore"):
                power = distance**beta
            total[inside] += (
                (beta + 1.0) / width ** (beta + 1.0) * power * chebval(2.0 * distance / width - 1.0, shape)
            )
        return total

    def quantile(self, u: ArrayLike) -> Array:
        """Return the kappa below which a share u of the law lies, 0 <= u <= 1, in the shape of u.

        The share below it is u but for rounding.

        Raises
        ------
        ValueError
            For a u beyond [0, 1].
        """
        values = array("u", u, least=0.0, most=1.0)
        if len(self.pieces) == 1:  # a law with an exponent alone: every sample is drawn of one
            return _quantile(self.pieces[0], self.pieces[0].mass, values)
        masses = np.array([one.mass for one in self.pieces])
        below = np.concatenate([[0.0], np.cumsum(masses)])
        which = np.clip(np.searchsorted(below, values, side="right") - 1, 0, len(self.pieces) - 1)
        kappa = np.empty(values.shape)
        for i in np.unique(which):
            here = which == i
            share = np.clip((values[here] - below[i]) / masses[i], 0.0, 1.0)
            kappa[here] = _quantile(self.pieces[i], masses[i], share)
        return kappa

    @property
    def text(self) -> str:
        """All that the law is, as text that `KHGPS(stiffness=...)` takes."""
        return json.dumps(self.pieces, separators=(",", ":"), allow_nan=False)

    def __repr__(self) -> str:
        """Return the law in short."""
        count = f"{len(self.pieces)} piece" + "s" * (len(self.pieces) > 1)
        return f"StiffnessLaw({count} on [{self.kappa_min}, {self.kappa_0}], beta = {self.beta})"


def power_law(kappa_min: float, kappa_0: float, beta: float) -> StiffnessLaw:
    """Return p(kappa) ~ (kappa - kappa_min)^beta on [kappa_min, kappa_0], one point if these are equal."""
    return StiffnessLaw((Piece(kappa_min, kappa_0, beta, (1.0,)),))


def _quantile(piece: Piece, mass: float, share: Array) -> Array:
    """Return the kappa below which a share of a piece lies.

    In z = (distance/width)^(beta + 1) the share is F(z) = z Q(z^(1/(beta + 1))), and F' = shape/mass.
    """
    low, width, beta = piece.low, piece.width, piece.beta
    shape = np.array(piece.shape) / mass
    z = share
    if shape.size == 2 and beta == 0.0:  # linear: a z + (b - a) z^2/2 = share
        start, end = shape[0] - shape[1], shape[0] + shape[1]
        z = 2.0 * share / (start + np.sqrt(np.maximum(start**2 + 2.0 * (end - start) * share, 0.0)))
    elif shape.size > 1:
        z = _root(beta, shape, share)
    return np.asarray(low + width * z ** (1.0 / (beta + 1.0)))


def _root(beta: float, shape: Array, share: Array) -> Array:
    """Return z where F(z) = share, by Newton's method within bisection."""
    nodes, weights = _rule(beta)
    weights = weights / weights.sum()

    def inner(t: Array) -> Array:  # Q: the mean of the shape over the part of the piece below t
        part = 0.5 * (1.0 + t)[..., np.newaxis] * (1.0 + nodes) - 1.0
        return np.asarray(chebval(part, shape) @ weights)

    Q = chebinterpolate(inner, shape.size - 1)  # type: ignore[type-var]
    z, low, high = share.copy(), np.zeros(share.shape), np.ones(share.shape)
    for _ in range(MOST_STEPS):
        t = 2.0 * z ** (1.0 / (beta + 1.0)) - 1.0
        miss = z * chebval(t, Q) - share
        low, high = np.where(miss < 0.0, z, low), np.where(miss > 0.0, z, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = z - miss / chebval(t, shape)
        new = np.where((new > low) & (new < high), new, 0.5 * (low + high))
        new = np.where(miss == 0.0, z, new)
        if np.all(abs(new - z) <= 1e-16 * z):
            break
        z = new
    return z
