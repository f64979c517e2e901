"""Every derivation runs, ends in the stated formulas, prints, and refuses what is wrong."""

import pytest
import sympy

from theory import claims, formulas
from theory.derivations import DERIVATIONS, derive
from theory.derivations.steps import Conclusion, DerivationError, Draft, same


@pytest.mark.parametrize("name", DERIVATIONS)
def test_derivation_ends_in_the_formulas(name: str) -> None:
    derivation = derive(name)
    assert derivation.conclusions
    text, latex = str(derivation), derivation.latex()
    assert all(step.sentence in text for step in derivation.steps)
    assert latex.count("\\item") == len(derivation.steps)
    assert all(conclusion.formula in text for conclusion in derivation.conclusions)


def test_every_formula_is_derived() -> None:
    derived = {conclusion.formula for name in DERIVATIONS for conclusion in derive(name).conclusions}
    assert derived == set(formulas.__all__)


def test_an_unknown_derivation_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"derivation = 'barrier_lw': must be one of .*, did you mean 'barrier_law'"
    ):
        derive("barrier_lw")
    with pytest.raises(ValueError, match=r"derivation = 's14': .*, did you mean 'S14'"):
        derive("s14")


def test_a_derivation_has_the_name_of_its_claims_too() -> None:
    by_claim = {claim.id: claim.derivation for claim in claims()}
    assert derive("S14") is derive(by_claim["S14"] or "")
    for claim, derivation in by_claim.items():
        if derivation is None:
            with pytest.raises(ValueError, match=f"derivation = '{claim}': this claim has no derivation"):
                derive(claim)
        else:
            assert derivation in DERIVATIONS


def test_a_wrong_conclusion_is_refused() -> None:
    b2, b3 = sympy.symbols("b2 b3", positive=True)
    draft = Draft("Wrong")
    draft.conclude("cubic_barrier", (b2, b3), 2 * b2**3 / (3 * b3**3))
    with pytest.raises(
        DerivationError, match="cubic_barrier: derived 2\\*b2\\*\\*3/\\(3\\*b3\\*\\*3\\), stated"
    ):
        draft.finish()


def test_a_wrong_step_is_refused() -> None:
    x = sympy.Symbol("x")
    with pytest.raises(DerivationError, match="Doubled: 2\\*x is not 3\\*x"):
        Draft("Wrong").require("Doubled", 2 * x, 3 * x)


def test_equal_is_not_guessed() -> None:
    """Expressions that agree to 1e-20 differ; ones that differ in form only are the same."""
    x = sympy.Symbol("x", positive=True)
    assert not same(x, x * (1 + sympy.Rational(1, 10**20)))
    assert not same(sympy.Tuple(x, 1), sympy.Tuple(x, 2))
    assert same(sympy.sqrt(x**2 * 8), 2 * sympy.sqrt(2) * x)
    assert same(sympy.log(x**2 * 6), 2 * sympy.log(x) + sympy.log(2) + sympy.log(3))


def test_conclusions_compare_with_the_formula_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    conclusion = Conclusion(
        "mode_number", sympy.symbols("A_g omega_g", positive=True), sympy.sympify("A_g*omega_g**5")
    )
    with pytest.raises(DerivationError):
        conclusion.check()  # symbols without the assumption are others
    A_g, omega_g = conclusion.arguments
    right = Conclusion("mode_number", (A_g, omega_g), A_g * omega_g**5)
    right.check()
    monkeypatch.setattr(formulas, "mode_number", lambda lib, a, w: a * w**4)
    with pytest.raises(DerivationError):
        right.check()
