"""Properties of the claims, as hypothesis tests that run by being called: a failure raises AssertionError.

A property compares a formula with the definition it comes from, by a route that its derivation does not
take: search on a grid, quadrature, finite differences. `PROPERTIES` has them by the names that claims use.
"""

from collections.abc import Callable

from theory.properties import (
    broken_symmetry,
    excitations,
    gradient_flow,
    mean_field,
    reconstruction,
    soft_potentials,
    thermal,
    valleys,
)

PROPERTIES: dict[str, Callable[[], None]] = {
    name: getattr(module, name)
    for module in (
        soft_potentials,
        reconstruction,
        excitations,
        valleys,
        mean_field,
        broken_symmetry,
        gradient_flow,
        thermal,
    )
    for name in module.__all__
}

__all__ = ["PROPERTIES"]
