"""What a measurement is: the variables that it adds to each sample of a sweep, and how they are computed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

import glass
import landscape as general
import quartic
from landscape import Landscape, Modes

Array = NDArray[np.float64]
Found = TypeVar("Found")


class Place:
    """A minimum, at which each thing is computed once, whoever asks.

    Parameters
    ----------
    landscape : landscape.Landscape
    x : (N,) array
    """

    def __init__(self, landscape: Landscape, x: Array) -> None:
        self.landscape, self.x = landscape, x
        self._known: dict[Callable[..., Any], Any] = {}

    def once(self, compute: Callable[[Any, Array], Found]) -> Found:
        """Return compute(landscape, x), from the second time on what it returned first."""
        if compute not in self._known:
            self._known[compute] = compute(self.landscape, self.x)
        found: Found = self._known[compute]
        return found


def engine(landscape: Landscape) -> Any:
    """Return the package whose functions are for a landscape: `quartic` for oscillators, else `landscape`."""
    return quartic if isinstance(landscape, quartic.Problem) else general


def reference(landscape: Landscape) -> Array:
    """Return a configuration at which a landscape can be looked at: of particles where they were drawn."""
    return landscape.x if isinstance(landscape, glass.PairGlass) else np.zeros(landscape.size)


def low_modes(landscape: Landscape, x: Array, count: int) -> Modes:
    """Return the softest normal modes."""
    if isinstance(landscape, quartic.Problem):
        return quartic.low_modes(landscape, x, count)
    return general.low_modes(landscape.hessian(x), count)


def _nothing(landscape: Landscape) -> str | None:
    return None


class Axis(NamedTuple):
    """A dimension after that of samples.

    Attributes
    ----------
    name, label : str
    length : callable
        length(N) for samples of N oscillators.
    """

    name: str
    label: str
    length: Callable[[int], int]


SITE = Axis("site", "number of the oscillator", lambda N: N)


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One measurement of `Measure` beside normal modes; the file has its name, and this as MEASUREMENT.

    Attributes
    ----------
    variables : mapping
        What it adds, by name, in words.
    axis : Axis or None
        The dimension of each of them after that of samples; None for a number a sample, which must be finite.
    measure : callable
        measure(place) returns the variables of a minimum, each of the length of the axis; nan for what is not
        there.
    lacks : callable
        lacks(landscape) returns in words what a landscape does not have that is needed; None, as by default,
        if it has everything.
    """

    variables: Mapping[str, str]
    axis: Axis | None
    measure: Callable[[Place], Mapping[str, Any]]
    lacks: Callable[[Landscape], str | None] = _nothing

    def shape(self, size: int) -> tuple[int, ...]:
        """Return the shape of each variable of a sample of `size` oscillators."""
        return () if self.axis is None else (self.axis.length(size),)

    def absent(self, size: int) -> dict[str, Array]:
        """Return the variables of a sample where nothing can be measured."""
        return {name: np.full(self.shape(size), np.nan) for name in self.variables}
