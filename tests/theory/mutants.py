"""Planted errors: every number, operator and function of every formula is changed, one at a time.

Run as a script it prints, for docs/theory.md, what catches them.
"""

import ast
import importlib
import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from theory import formulas
from theory.derivations import DERIVATIONS, derive
from theory.derivations.steps import Conclusion
from theory.formulas.table import TABLE, dimension_of

SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
CALLS = {
    "sqrt": "cbrt", "cbrt": "sqrt", "sin": "cos", "cos": "sin", "exp": "cosh", "log": "sqrt", "gamma": "zeta",
    "zeta": "gamma", "asinh": "sinh", "sinh": "cosh", "acos": "cos", "tanh": "sinh", "atan": "tanh",
}  # fmt: skip

# mutants that are the same function: what catches them would be wrong
EQUIVALENT = {
    "barrier_integral": ("Mult -> Div",) * 3,  # by `one`, which is 1
    "dilute_field_width": ("Mult -> Div",),  # by n/n
    "strong_displacement": ("Mult -> Div",) * 2,  # by J/J
    "special_prefactor": ("Sub -> Add",),  # sin(pi (a - 1)) = sin(pi (a + 1))
}


@dataclass(frozen=True)
class Mutant:
    """A formula with one error: what was changed, and the function."""

    formula: str
    change: str
    function: Callable[..., Any]


def mutants(name: str) -> Iterator[Mutant]:
    """Yield the formula with each number raised by one, each operator and each function swapped."""
    function = getattr(formulas, name)
    tree = ast.parse(inspect.getsource(function))
    body = tree.body[0]
    assert isinstance(body, ast.FunctionDef)
    body.body = body.body[1:]  # without the docstring
    sites = sum(1 for node in ast.walk(body) if _change(node) is not None)
    for site in range(sites):
        copy = ast.parse(ast.unparse(tree))
        changed = [node for node in ast.walk(copy.body[0]) if _change(node) is not None]
        change = _apply(changed[site])
        scope = dict(vars(importlib.import_module(function.__module__)))
        exec(compile(ast.fix_missing_locations(copy), name, "exec"), scope)
        yield Mutant(name, change, scope[name])


def _change(node: ast.AST) -> str | None:
    """Return what would be changed at a node, None where nothing is."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return f"{node.value} -> {node.value + 1}"
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS:
        return f"{type(node.op).__name__} -> {SWAPS[type(node.op)].__name__}"
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return f"{called} -> {CALLS[called]}" if called in CALLS else None
    return None


def _apply(node: ast.AST) -> str:
    """Change a node; return what was done."""
    change = _change(node)
    assert change is not None
    if isinstance(node, ast.Constant):
        node.value += 1  # type: ignore[operator]
    elif isinstance(node, ast.BinOp):
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node.func.attr = CALLS[node.func.attr]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        node.func.id = CALLS[node.func.id]
    return change


def conclusions(name: str) -> list[tuple[str, Conclusion]]:
    """Return what derivations conclude of a formula, with their names."""
    return [(d, c) for d in DERIVATIONS for c in derive(d).conclusions if c.formula == name]


def dimension_fails(mutant: Mutant) -> bool:
    """Return whether the mutant scales otherwise than the table says, at one point."""
    if mutant.formula not in TABLE:
        return False
    entry = TABLE[mutant.formula]
    values = {n: 0.6 * a.low + 0.4 * a.high for n, a in entry.arguments.items()}

    def factor(item: Any) -> float:
        energy, length = dimension_of(item, values)
        return float(1.3 ** float(energy) * 0.7 ** float(length))

    try:
        with np.errstate(all="raise"):
            old = mutant.function(np, *map(np.float64, values.values()))
            new = mutant.function(
                np, *(np.float64(v * factor(entry.arguments[n])) for n, v in values.items())
            )
    except (ArithmeticError, AttributeError, NameError, TypeError, ValueError):
        return True
    return not math.isclose(new, old * factor(entry), rel_tol=1e-9)


def derivation_fails(mutant: Mutant, concluded: list[tuple[str, Conclusion]]) -> list[str]:
    """Return the derivations whose result the mutant is not, by numbers at a point of the symbols."""
    return [d for d, conclusion in concluded if not _agrees(mutant, conclusion)]


def _agrees(mutant: Mutant, conclusion: Conclusion) -> bool:
    """Return whether mutant and derived result agree at a point: what `same` rejects first."""
    import sympy

    point: dict[Any, Any] = {}
    arguments = sympy.flatten(conclusion.arguments)
    for symbol in sorted(sympy.Tuple(*arguments).free_symbols, key=str):
        value = sympy.Rational(len(point) + 2, 2 * len(point) + 9)
        point[symbol] = -value if symbol.is_negative else value
    try:
        stated = sympy.sympify(mutant.function(sympy, *conclusion.arguments))
        difference = sympy.N((stated - conclusion.derived).subs(point), 20)
        return bool(abs(difference) < 1e-15 * abs(sympy.N(conclusion.derived.subs(point), 20)))
    except (ArithmeticError, AttributeError, NameError, TypeError, ValueError):
        return False


def caught(name: str) -> list[tuple[Mutant, list[str]]]:
    """Return the mutants of a formula, each with what catches it."""
    concluded = conclusions(name)
    return [(m, derivation_fails(m, concluded) + ["dimensions"] * dimension_fails(m)) for m in mutants(name)]


if __name__ == "__main__":
    print("| formula | mutants | caught by a derivation | by dimensions too | missed | derivations |")
    print("|---|---|---|---|---|---|")
    for formula in sorted(formulas.__all__):
        rows = caught(formula)
        by = sorted({c for _, catchers in rows for c in catchers} - {"dimensions"})
        derived = sum(any(c != "dimensions" for c in catchers) for _, catchers in rows)
        units = sum("dimensions" in catchers for _, catchers in rows)
        missed = [m.change for m, catchers in rows if not catchers]
        print(
            f"| {formula} | {len(rows)} | {derived} | {units} | {', '.join(missed) or 0} | {', '.join(by)} |"
        )
