"""The record of a model: what a sweep needs to know to check, draw, size and label its samples."""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

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
    """

    parameters: type[Any]
    draw: Callable[..., Any]
    extent: tuple[str, ...]
    small: int
    labels: Mapping[str, str]
    starts_at_saddle: Callable[[Mapping[str, Any], str], bool]

    def values(self, parameters: object) -> dict[str, Any]:
        """Return what a store keeps of parameters: numbers and words; those that are None stay out."""
        found = {field.name: getattr(parameters, field.name) for field in dataclasses.fields(self.parameters)}
        return {name: getattr(value, "text", value) for name, value in found.items() if value is not None}

    def oscillators(self, values: Mapping[str, Any]) -> int:
        """Return N of a sample with these parameters."""
        return int(self.parameters(**values).N)

    def names(self, given: Collection[str]) -> tuple[str, ...]:
        """Return names of parameters in the model's order."""
        return tuple(field.name for field in dataclasses.fields(self.parameters) if field.name in given)

    def fields(self, grid: Mapping[str, Any]) -> type[Any]:
        """Return the dataclass that a grid is read by."""
        return self.parameters

    def check(self, values: Mapping[str, Any]) -> None:
        """Raise ValueError or TypeError unless these are parameters of the model, all of them."""
        if self.values(self.parameters(**values)) != values:
            raise ValueError("parameters: must be those of the model, all of them")
