"""The record of a model: what a sweep needs to know to check, draw, size and label its samples."""

import dataclasses
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import quartic

LABELS = {
    "J": "coupling strength",
    "h": "field",
    "kappa_0": "largest stiffness",
    "beta": "exponent of the stiffness law",
    "A": "anharmonicity",
}
"""Of parameters that several models have."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """What a sweep needs to know of a model.

    Attributes
    ----------
    parameters : type
        Its dataclass of parameters, with an attribute N, the number of oscillators.
    draw : callable
        draw(parameters, *, seed, sample) returns one sample: a `landscape.Landscape`, as `quartic.Problem`.
    extent : tuple of str
        The parameters that decide N.
    small : int
        A value of the first of them, large enough to compile every kernel and small enough to take no time.
    labels : mapping
        Its parameters in words.
    starts_at_saddle : callable
        starts_at_saddle(values, start) tells whether the start, "zero" or "decoupled", is x = 0 for these
        parameters, and that a saddle: exactly so for large N, mostly so in a sample.
    particles : bool
        Whether its samples are N particles in d dimensions, with N d coordinates and d translations.
    quick : mapping
        Other parameters that small samples have at most, by name.
    protocol : mapping
        What the keys of a protocol are where a sweep leaves them out, unless as for `Protocol`.
    methods, starts : tuple of str
        Those of a protocol that it has.
    always : tuple of str
        Measurements that every sample has, by the names of their files.
    seconds : callable, optional
        seconds(values) returns about how long one processor takes for a sample, to the factor of ten; not
        given for dense couplings, whose samples take (N/1000)^2/8.
    """

    parameters: type[Any]
    draw: Callable[..., Any]
    extent: tuple[str, ...]
    small: int
    labels: Mapping[str, str]
    starts_at_saddle: Callable[[Mapping[str, Any], str], bool]
    particles: bool = False
    quick: Mapping[str, int] = field(default_factory=dict)
    protocol: Mapping[str, Any] = field(default_factory=dict)
    methods: tuple[str, ...] = quartic.METHODS
    starts: tuple[str, ...] = quartic.STARTS
    always: tuple[str, ...] = ()
    seconds: Callable[[Mapping[str, Any]], float] | None = None

    def values(self, parameters: object) -> dict[str, Any]:
        """Return what a store keeps of parameters: numbers and words; those that are None stay out."""
        found = {one.name: getattr(parameters, one.name) for one in dataclasses.fields(self.parameters)}
        return {name: getattr(value, "text", value) for name, value in found.items() if value is not None}

    def coordinates(self, values: Mapping[str, Any]) -> int:
        """Return the number of coordinates of a sample with these parameters."""
        given = self.parameters(**values)
        return int(given.N * given.d if self.particles else given.N)

    def oscillators(self, values: Mapping[str, Any]) -> int:
        """Return N of a sample with these parameters; of particles the modes that are no translations."""
        return self.coordinates(values) - (int(values["d"]) if self.particles else 0)

    def pace(self, values: Mapping[str, Any]) -> int:
        """Return the number of densely coupled oscillators whose samples take as long as these."""
        if self.seconds is None:
            return self.oscillators(values)
        return max(1, round(1000.0 * math.sqrt(8.0 * self.seconds(values))))

    def shrunk(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters like these of a sample that takes no time."""
        most = {self.extent[0]: self.small, **self.quick}
        return {name: min(most.get(name, value), value) for name, value in values.items()}

    def names(self, given: Collection[str]) -> tuple[str, ...]:
        """Return names of parameters in the model's order."""
        return tuple(one.name for one in dataclasses.fields(self.parameters) if one.name in given)

    def fields(self, grid: Mapping[str, Any]) -> type[Any]:
        """Return the dataclass that a grid is read by."""
        return self.parameters

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise ValueError or TypeError unless these are parameters of the model, all of them."""
        if self.values(self.parameters(**values)) != values:
            raise ValueError("parameters: must be those of the model, all of them")
