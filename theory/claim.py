"""A claim: a statement of the theory that numerics can refute, and all that it rests on."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["derived", "corrected", "estimate", "assumed", "empirical", "open"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A quantitative statement about the models.

    Attributes
    ----------
    id : str
        Its name: the equation of the source (``"S14"``) or a subject (``"rs-omega4-prefactor"``).
    statement, latex : str
        In words, and as a formula (without dollar signs).
    source : str
        Equation or section of the source paper; "this project" where it is not in the source.
    domain : str
        Where it is stated to hold.
    kind : str
        "derived": from the model's equations, exactly or as the stated limit. "corrected": derived, and
        other than the source or the earlier notes say. "estimate": powers derived, constants not.
        "assumed": taken from the source as an input. "empirical", "open": marked so by the source; numerics
        decide.
    derivation : str or None
        Name in `theory.derivations`; None where there is none.
    formulas : tuple of str
        Names in `theory.formulas`.
    properties : tuple of str
        Names in `theory.properties`.
    numerics : str
        What numerics must show.
    """

    id: str
    statement: str
    latex: str
    source: str
    domain: str
    kind: Kind
    numerics: str
    derivation: str | None = None
    formulas: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"claim {self.id}: kind {self.kind!r} must be one of {', '.join(KINDS)}")
        if self.kind in ("derived", "corrected", "estimate") and self.derivation is None:
            raise ValueError(f"claim {self.id}: kind {self.kind!r} must name a derivation")
