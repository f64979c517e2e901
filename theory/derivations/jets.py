"""Functions of H in derivations: a function is a row of symbols, its derivatives."""

from typing import Any

import sympy as sp

HIGHEST = 6


class Jet:
    """A function of H as symbols of its derivatives, `self[n]` the n-th."""

    def __init__(self, name: str) -> None:
        self.symbols = tuple(
            sp.Symbol(f"{name}{n}" if n else name, positive=True) for n in range(HIGHEST + 1)
        )

    def __getitem__(self, n: int) -> sp.Symbol:
        return self.symbols[n]


def slope(expression: Any, *jets: Jet, times: int = 1) -> Any:
    """Return a derivative by H."""
    for _ in range(times):
        expression = sp.expand(
            sum(sp.diff(expression, jet[n]) * jet[n + 1] for jet in jets for n in range(HIGHEST))
        )
    return expression


def varied(expression: Any, by: Jet, *jets: Jet) -> Any:
    """Return the variation of int expression dH by a function; 0 for a total derivative."""
    terms = (
        (-1) ** n * slope(sp.diff(expression, by[n]), by, *jets, times=n) for n in range(HIGHEST)
        if sp.diff(expression, by[n]) != 0
    )  # fmt: skip
    return sp.expand(sum(terms))


def flowing(expression: Any, rate: Any, jet: Jet) -> Any:
    """Return the derivative of an expression in a function that changes at a rate."""
    return sp.expand(
        sum(
            sp.diff(expression, jet[n]) * slope(rate, jet, times=n)
            for n in range(HIGHEST)
            if sp.diff(expression, jet[n]) != 0
        )
    )
