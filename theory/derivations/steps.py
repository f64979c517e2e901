"""A derivation: sympy steps with a sentence each, and conclusions compared with `theory.formulas`."""

from dataclasses import dataclass
from typing import Any

import sympy

from theory import formulas


class DerivationError(ArithmeticError):
    """What was derived is not what is stated."""


@dataclass(frozen=True)
class Step:
    """One step: a sentence, and what it leads to."""

    sentence: str
    expression: Any


@dataclass(frozen=True)
class Conclusion:
    """What was derived of one formula: `derived` shall equal `formulas.<formula>(sympy, *arguments)`."""

    formula: str
    arguments: tuple[Any, ...]
    derived: Any

    @property
    def stated(self) -> Any:
        """The line of `theory.formulas`, as an expression."""
        return getattr(formulas, self.formula)(sympy, *self.arguments)

    def check(self) -> None:
        """Raise DerivationError unless derived and stated are the same expression."""
        stated = self.stated
        if not same(self.derived, stated):
            raise DerivationError(f"{self.formula}: derived {self.derived}, stated {stated}")


@dataclass(frozen=True)
class Derivation:
    """A finished derivation; `print` it, or take `latex()`.

    Attributes
    ----------
    title : str
    steps : tuple of Step
    conclusions : tuple of Conclusion
    """

    title: str
    steps: tuple[Step, ...]
    conclusions: tuple[Conclusion, ...]

    def check(self) -> None:
        """Raise DerivationError unless every conclusion equals its formula."""
        for conclusion in self.conclusions:
            conclusion.check()

    def __str__(self) -> str:
        lines = [self.title, "=" * len(self.title), ""]
        for number, step in enumerate(self.steps, 1):
            lines += [f"{number}. {step.sentence}", f"      {sympy.sstr(step.expression)}"]
        lines += ["", "Hence, equal to what `theory.formulas` states:"]
        lines += [f"      {c.formula} = {sympy.sstr(c.stated)}" for c in self.conclusions]
        return "\n".join(lines)

    def latex(self) -> str:
        """Return the derivation as LaTeX, an enumeration under a paragraph heading."""
        items = [f"\\item {_text(s.sentence)} \\[ {sympy.latex(s.expression)} \\]" for s in self.steps]
        ends = [f"\\[ \\text{{{_text(c.formula)}}} = {sympy.latex(c.stated)} \\]" for c in self.conclusions]
        body = "\n".join(["\\begin{enumerate}", *items, "\\end{enumerate}", *ends])
        return f"\\paragraph{{{_text(self.title)}}}\n{body}"


class Draft:
    """A derivation being written: `step` records and returns its expression, `conclude` ends it."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.steps: list[Step] = []
        self.conclusions: list[Conclusion] = []

    def step(self, sentence: str, expression: Any) -> Any:
        """Record a step; return its expression."""
        self.steps.append(Step(sentence, expression))
        return expression

    def require(self, sentence: str, left: Any, right: Any) -> None:
        """Record that two sides computed apart are equal.

        Raises
        ------
        DerivationError
            If they are not.
        """
        if not same(left, right):
            raise DerivationError(f"{sentence}: {left} is not {right}")
        shown = right if left == right else sympy.Eq(left, right, evaluate=False)
        self.steps.append(Step(sentence, shown))

    def conclude(self, formula: str, arguments: tuple[Any, ...], derived: Any) -> None:
        """Record what was derived of a formula."""
        self.conclusions.append(Conclusion(formula, arguments, derived))

    def finish(self) -> Derivation:
        """Return the derivation, its conclusions checked.

        Raises
        ------
        DerivationError
            If a conclusion differs from its formula.
        """
        derivation = Derivation(self.title, tuple(self.steps), tuple(self.conclusions))
        derivation.check()
        return derivation


def same(left: Any, right: Any) -> bool:
    """Return whether two expressions are proven equal.

    First at a point of its symbols, which rejects without algebra what is not; then by simplification.
    """
    if isinstance(left, sympy.Tuple):
        return len(left) == len(right) and all(map(same, left, right))
    left, right = (_plain(sympy.sympify(side)) for side in (left, right))
    difference = left - right
    if difference == 0:
        return True
    symbols = sorted(difference.free_symbols, key=str)
    point = {s: sympy.Rational(n + 2, 2 * n + 9) for n, s in enumerate(symbols)}
    size = abs(sympy.N(left.subs(point), 40)) + 1
    if abs(sympy.N(difference.subs(point), 40)) > size * sympy.Float("1e-25"):
        return False
    waves = {f: sympy.Dummy(positive=True) for f in difference.atoms(sympy.sin, sympy.cos)}
    if all(sympy.N(f.subs(point)) > 0 for f in waves):  # as they are in the domains of the formulas
        left, right, difference = (side.xreplace(waves) for side in (left, right, difference))
    rules = (sympy.simplify, _logarithms, _exponentials, lambda e: sympy.simplify(sympy.gammasimp(e)))
    return any(rule(difference) == 0 for rule in rules) or _ratio(left, right) == 1


def _plain(expression: Any) -> Any:
    """Return an expression with the arguments of its sines and cosines in one form."""
    return expression.replace(
        lambda e: isinstance(e, (sympy.sin, sympy.cos)), lambda e: e.func(sympy.cancel(e.args[0]))
    )


def _logarithms(expression: Any) -> Any:
    return sympy.simplify(sympy.expand_log(sympy.powdenest(expression, force=True), force=True))


def _exponentials(expression: Any) -> Any:
    return sympy.simplify(expression.rewrite(sympy.exp))


def _ratio(left: Any, right: Any) -> Any:
    ratio = sympy.powdenest(sympy.sympify(left) / right, force=True)
    return sympy.simplify(sympy.exp(sympy.simplify(sympy.expand_log(sympy.log(ratio), force=True))))


def _text(words: str) -> str:
    """Return words with the characters escaped that LaTeX takes for commands."""
    for character in "_^&%#$":
        words = words.replace(character, f"\\{character}")
    return words
