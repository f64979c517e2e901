"""The joint law of the coefficients of soft potentials, U(q) = a1 q + a2 q^2/2! + a3 q^3/3! + a4 q^4/4!."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

import arguments
from landscape.disorder import WORD, fill_normal, fill_words
from spm.marginals import Gaussian, Marginal

Array = NDArray[np.float64]

LABEL = crc32(b"spm:potential")
MARGINALS = ("a1", "a2", "a3", "a4")
STANDARD = Gaussian()
POSITIVE = Gaussian(mean=1.0, deviation=0.5, low=0.0)


@dataclass(frozen=True, kw_only=True)
class SoftPotentials:
    """Law of the coefficients a1 .. a4, independent of each other (S, Sect. II A).

    Attributes
    ----------
    a1, a2, a3 : Gaussian, Uniform, StudentT or Tabulated
        Regular at the origin: with a density that is finite and > 0 at 0. Default: standard normal.
    a4 : the same types
        Of positive numbers only: low >= 0. Default: Gaussian(mean=1, deviation=0.5, low=0).

    Raises
    ------
    ValueError
        For a law that is not regular, or an a4 that may be negative.
    TypeError
        For another type of law.

    Notes
    -----
    A sampled coefficient is the quantile of a 32-bit uniform number, (k + 1/2)/2^32.

    Examples
    --------
    >>> import spm
    >>> flat = spm.Uniform(low=-2.0, high=2.0)
    >>> wells = spm.sample(spm.SoftPotentials(a1=flat, a2=flat, a3=flat), 100)
    >>> wells.potentials
    100.0
    """

    a1: Marginal = STANDARD
    a2: Marginal = STANDARD
    a3: Marginal = STANDARD
    a4: Marginal = POSITIVE

    def __post_init__(self) -> None:
        for name in MARGINALS:
            if not isinstance(getattr(self, name), Marginal):
                raise TypeError(f"{name} = {getattr(self, name)!r}: must be a law of spm.marginals")
        for name in MARGINALS[:3]:
            at_origin = float(getattr(self, name).density(0.0))
            if not 0.0 < at_origin < np.inf:
                raise ValueError(
                    f"{name}: density {at_origin} at the origin; must be finite and > 0 there (a regular law)"
                )
        if not self.a4.low >= 0.0:
            raise ValueError(f"a4: low = {self.a4.low}: must be >= 0, or U(q) is not bounded from below")


def draw(law: SoftPotentials, first: int, n: int, *, seed: int) -> tuple[Array, Array, Array, Array]:
    """Return a1, a2, a3, a4, each (n,), of the potentials first, first + 1, ... of a seed.

    Potential i is a function of (law, seed, i) alone: of the four words of block i of a row of its own label.
    """
    words = np.empty(4 * n, np.uint64)
    fill_words(words, first, 0, 0, LABEL, np.uint64(seed), np.uint64(0))
    a1, a2, a3, a4 = (_coefficient(getattr(law, name), words[k::4]) for k, name in enumerate(MARGINALS))
    return a1, a2, a3, np.maximum(a4, np.finfo(np.float64).tiny, out=a4)


def check_size(n: int, seed: int) -> tuple[int, int]:
    """Return (n, seed) as integers; raise ValueError unless 1 <= n <= 2^32 and 0 <= seed < 2^32."""
    return arguments.count("n", n, most=WORD), arguments.seed(seed)


def _coefficient(marginal: Marginal, words: NDArray[np.uint64]) -> Array:
    """Return the quantiles of 32-bit words."""
    if isinstance(marginal, Gaussian) and marginal.whole:
        z = np.empty(words.size)
        fill_normal(z, words)
        z *= marginal.deviation
        z += marginal.mean
        return z
    return marginal.quantile((words + 0.5) * 2.0**-32)
