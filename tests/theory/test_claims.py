"""The list of claims is complete, its names exist, and what the source leaves open is marked."""

import re

import pytest

import theory
from theory import formulas
from theory.derivations import DERIVATIONS, derive
from theory.properties import PROPERTIES

CLAIMS = theory.claims()


def test_names_exist_and_are_all_used() -> None:
    ids = [claim.id for claim in CLAIMS]
    assert len(ids) == len(set(ids))
    assert {name for claim in CLAIMS for name in claim.formulas} == set(formulas.__all__)
    assert {claim.derivation for claim in CLAIMS} - {None} == set(DERIVATIONS)
    assert {name for claim in CLAIMS for name in claim.properties} == set(PROPERTIES)


def test_each_numbered_equation_about_the_models_has_a_claim() -> None:
    """(S 8) and (S 9) are definitions for computer glasses; (S 12), (S 13), (S 16), (S 17) enter others."""
    text = " ".join(f"{claim.id} {claim.source}" for claim in CLAIMS)
    found = {int(number) for number in re.findall(r"\bS ?(\d+)", text)}
    assert found >= set(range(1, 24)) - {8, 9, 12, 13, 16, 17}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_claim_is_complete(claim: theory.Claim) -> None:
    assert all((claim.statement, claim.latex, claim.source, claim.domain, claim.numerics))
    assert claim.latex.count("{") == claim.latex.count("}")
    if claim.derivation:
        concluded = {conclusion.formula for conclusion in derive(claim.derivation).conclusions}
        assert set(claim.formulas) <= concluded


def test_what_the_source_leaves_open_is_marked() -> None:
    kinds = {claim.id: claim.kind for claim in CLAIMS}
    assert kinds["S18-lower"] == "empirical"  # IV.G: "no theoretical explanation"
    assert kinds["S20-glasses"] == "open"  # IV.G: "future research should validate or refute"
    assert kinds["glassy-omega4"] == "empirical"  # IV.E: "studied numerically"
    assert kinds["glassy-strong-A_g"] == "estimate"  # IV.E: a power law, its exponent not stated


def test_a_derived_claim_names_its_derivation() -> None:
    rest = {"statement": "s", "latex": "l", "source": "s", "domain": "d", "numerics": "n"}
    with pytest.raises(ValueError, match="claim x: kind 'derived' must name a derivation"):
        theory.Claim(id="x", kind="derived", **rest)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="claim x: kind 'proven' must be one of derived"):
        theory.Claim(id="x", kind="proven", **rest)  # type: ignore[arg-type]


def test_the_page_lists_every_claim(request: pytest.FixtureRequest) -> None:
    page = (request.config.rootpath / "docs" / "theory.md").read_text(encoding="utf-8")
    for claim in CLAIMS:
        statement = claim.statement.replace("|", "&#124;")
        assert f"| {claim.id} | {claim.kind} | {claim.source} | {statement} |" in page
