"""Laws of one coefficient of the soft potentials, all regular: densities, quantiles, supports."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, ndtr, ndtri, stdtr, stdtrit

from arguments import array, frozen, real, settled, shown

Array = NDArray[np.float64]

LEAST_SHARE = 1e-6  # of a law that its limits must keep


@dataclass(frozen=True, kw_only=True)
class Gaussian:
    """Normal law of given mean and standard deviation, conditioned to (low, high).

    Parameters
    ----------
    mean, deviation : float
        Of the law before it is cut.
    low, high : float
        Where it is cut; infinite if not given.

    Raises
    ------
    ValueError
        Unless deviation > 0, low < high, and the limits keep at least 1e-6 of the law.

    Examples
    --------
    >>> import spm
    >>> float(spm.Gaussian(deviation=2.0).density(0.0).round(4))  # 1/(2 (2 pi)^(1/2))
    0.1995
    """

    mean: float = 0.0
    deviation: float = 1.0
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        settled(self, mean=real("mean", self.mean), deviation=real("deviation", self.deviation, above=0.0))
        _settle_limits(self)

    @property
    def whole(self) -> bool:
        """Return whether no limit cuts the law."""
        return self.low == -math.inf and self.high == math.inf

    def density(self, a: ArrayLike) -> Array:
        """Return the probability density at a."""
        below, above = self._ends()
        a = _points(a)
        z = (a - self.mean) / self.deviation
        bell = np.exp(-0.5 * z**2) / (math.sqrt(2.0 * math.pi) * self.deviation * (above - below))
        return _inside(a, bell, self.low, self.high)

    def quantile(self, u: ArrayLike) -> Array:
        """Return where the distribution function is u, 0 < u < 1."""
        below, above = self._ends()
        return np.asarray(self.mean + self.deviation * ndtri(below + (above - below) * _shares(u)))

    def _ends(self) -> tuple[float, float]:
        """Return the distribution function of the uncut law at both limits."""
        below, above = ((end - self.mean) / self.deviation for end in (self.low, self.high))
        return float(ndtr(below)), float(ndtr(above))


@dataclass(frozen=True, kw_only=True)
class StudentT:
    """Student's t law, shifted to `location` and stretched by `scale`, conditioned to (low, high).

    Parameters
    ----------
    freedom : float
        Degrees of freedom: the density falls as |a|^-(freedom + 1).
    location, scale : float
        Of the law before it is cut.
    low, high : float
        Where it is cut; infinite if not given.

    Raises
    ------
    ValueError
        Unless freedom >= 1, scale > 0, low < high, and the limits keep at least 1e-6 of the law.

    Examples
    --------
    With one degree of freedom, that of Cauchy, 1/(pi (1 + a^2)):

    >>> import spm
    >>> spm.StudentT(freedom=1.0).density([0.0, 1.0]).round(4)
    array([0.3183, 0.1592])
    """

    freedom: float = 3.0
    location: float = 0.0
    scale: float = 1.0
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        settled(self, location=real("location", self.location), scale=real("scale", self.scale, above=0.0))
        settled(self, freedom=real("freedom", self.freedom, least=1.0))
        _settle_limits(self)

    def density(self, a: ArrayLike) -> Array:
        """Return the probability density at a."""
        nu = self.freedom
        below, above = self._ends()
        a = _points(a)
        z = (a - self.location) / self.scale
        norm = math.exp(gammaln((nu + 1.0) / 2.0) - gammaln(nu / 2.0)) / math.sqrt(nu * math.pi)
        bell = norm * (1.0 + z**2 / nu) ** (-(nu + 1.0) / 2.0) / (self.scale * (above - below))
        return _inside(a, bell, self.low, self.high)

    def quantile(self, u: ArrayLike) -> Array:
        """Return where the distribution function is u, 0 < u < 1."""
        below, above = self._ends()
        share = below + (above - below) * _shares(u)
        return np.asarray(self.location + self.scale * stdtrit(self.freedom, share))

    def _ends(self) -> tuple[float, float]:
        """Return the distribution function of the uncut law at both limits."""
        below, above = ((end - self.location) / self.scale for end in (self.low, self.high))
        return float(stdtr(self.freedom, below)), float(stdtr(self.freedom, above))


@dataclass(frozen=True, kw_only=True)
class Uniform:
    """Uniform law on (low, high).

    Parameters
    ----------
    low, high : float

    Raises
    ------
    ValueError
        Unless low < high, both finite.

    Examples
    --------
    >>> import spm
    >>> spm.Uniform(low=0.0, high=4.0).density([1.0, 5.0])
    array([0.25, 0.  ])
    """

    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        low = real("low", self.low)
        settled(self, low=low, high=real("high", self.high, above=low))

    def density(self, a: ArrayLike) -> Array:
        """Return the probability density at a."""
        a = _points(a)
        flat = np.full(a.shape, 1.0 / (self.high - self.low))
        return _inside(a, flat, self.low, self.high)

    def quantile(self, u: ArrayLike) -> Array:
        """Return where the distribution function is u, 0 < u < 1."""
        return self.low + (self.high - self.low) * _shares(u)


@dataclass(frozen=True)
class Tabulated:
    """A law of the user: density given at ascending values, linear between them, zero outside.

    Parameters
    ----------
    values : sequence of float
        Ascending, at least two.
    densities : sequence of float
        At the values, >= 0 and finite, > 0 somewhere; need not be normalised.

    Raises
    ------
    ValueError
        For other values or densities: the first wrong one is named.

    Examples
    --------
    A triangle; its lower half has half of the weight:

    >>> import spm
    >>> triangle = spm.Tabulated([0.0, 1.0, 2.0], [0.0, 1.0, 0.0])
    >>> float(triangle.density(1.0)), float(triangle.quantile(0.5))
    (1.0, 1.0)
    """

    values: Sequence[float]
    densities: Sequence[float]
    low: float = field(init=False)
    high: float = field(init=False)
    _x: Array = field(init=False, repr=False, compare=False)
    _p: Array = field(init=False, repr=False, compare=False)
    _cdf: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        x = frozen(array("values", self.values, ("k",)))
        p = array("densities", self.densities, x.shape, least=0.0)
        if x.size < 2 or not (np.diff(x) > 0.0).all():
            raise ValueError(f"values = {shown(self.values)}: must be two or more, ascending")
        masses = 0.5 * (p[1:] + p[:-1]) * np.diff(x)
        if not masses.sum() > 0.0:
            raise ValueError("densities: must be > 0 somewhere")
        fields = {"values": tuple(x.tolist()), "densities": tuple(p.tolist())}
        derived = {"low": float(x[0]), "high": float(x[-1]), "_x": x, "_p": p / masses.sum()}
        cdf = np.concatenate([[0.0], np.cumsum(masses) / masses.sum()])
        settled(self, **fields, **derived, _cdf=cdf)

    def density(self, a: ArrayLike) -> Array:
        """Return the probability density at a."""
        return np.interp(_points(a), self._x, self._p, left=0.0, right=0.0)

    def quantile(self, u: ArrayLike) -> Array:
        """Return where the distribution function is u, 0 < u < 1; exact, by a quadratic in each piece."""
        u = _shares(u)
        piece = np.clip(np.searchsorted(self._cdf, u, side="right") - 1, 0, self._x.size - 2)
        p, width = self._p[piece], np.diff(self._x)[piece]
        slope = (self._p[piece + 1] - p) / width
        mass = np.maximum(u - self._cdf[piece], 0.0)
        root = np.sqrt(np.maximum(p**2 + 2.0 * slope * mass, 0.0))
        step = np.divide(2.0 * mass, p + root, out=np.zeros_like(mass), where=p + root > 0.0)
        return self._x[piece] + np.minimum(step, width)


Marginal: TypeAlias = Gaussian | Uniform | StudentT | Tabulated


def _points(a: ArrayLike) -> Array:
    return array("a", a, infinite=True)


def _shares(u: ArrayLike) -> Array:
    return array("u", u, above=0.0, below=1.0)


def _inside(a: Array, density: Array, low: float, high: float) -> Array:
    """Return `density` where low <= a <= high, else 0."""
    return np.where((a >= low) & (a <= high), density, 0.0)


def _settle_limits(law: Gaussian | StudentT) -> None:
    """Convert the limits of a law; raise ValueError unless low < high keep enough of it."""
    low = real("low", law.low, infinite=True)
    settled(law, low=low, high=real("high", law.high, above=low, infinite=True))
    below, above = law._ends()
    if not above - below >= LEAST_SHARE:
        limits = f"low = {law.low}, high = {law.high}"
        raise ValueError(f"{limits}: keep {above - below:.1e} of the law; must keep {LEAST_SHARE:g}")
