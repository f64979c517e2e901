"""Pair potentials by name and the parameters of their functions in `glass`."""

import inspect
from collections.abc import Mapping

import glass
from arguments import choice, nearest, shown


def potential_of(name: str, parameters: Mapping[str, float]) -> glass.Potential:
    """Return `glass.<name>(**parameters)`.

    Raises
    ------
    ValueError
        For a name that is none of `glass.NAMES`, a parameter that it has not, and a value out of range.
    """
    function = getattr(glass, choice("potential", name, glass.NAMES))
    known = inspect.signature(function).parameters
    given: dict[str, float | int] = {}
    for key, value in parameters.items():
        if key not in known:
            has = ", ".join(known) or "none"
            raise ValueError(f"parameter {shown(key)}: {name} has {has}{nearest(key, known)}")
        whole = isinstance(known[key].default, int) and float(value).is_integer()
        given[key] = int(value) if whole else value
    found: glass.Potential = function(**given)
    return found
