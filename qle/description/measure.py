"""What is measured at each minimum of a sweep."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from qle.description.grid import SpecError, fault, integer, number


def _asked(says: str, *, needs: str = "", of: str = "", factored: bool = False, still: bool = False) -> Any:
    """Return the field of a measurement: in words, and what it needs.

    Parameters
    ----------
    needs : str
        Another measurement.
    of : {"", "oscillators", "particles"}
        What alone has it.
    factored : bool
        A factor of the Hessian, 8 N^2 bytes or more.
    still : bool
        A minimum to small tolerance.
    """
    rules = {"says": says, "needs": needs, "of": of, "factored": factored, "still": still}
    return dataclasses.field(default=False, metadata=rules)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is measured at each minimum.

    Parameters
    ----------
    modes : int or "all"
        How many of the softest normal modes.
    complete_below : float, optional
        A frequency: only the modes below it are kept, all of them, but at most `modes`. Most samples have
        none below a low one, which is proven without computing any.
    chi, nonlinear, harmonic, pseudoharmonic, wells, heat, bond_heat, elasticity : bool
        What else, as their lines say; `qle.measurements` has a file for each.

    Examples
    --------
    >>> import qle
    >>> asked = qle.Measure(modes=5, chi=True)
    >>> asked.modes, asked.chi, asked.wells
    (5, True, False)
    """

    modes: int | str = 20
    complete_below: float | None = None
    chi: bool = _asked("static susceptibility tr(M^-1)/N", factored=True)
    nonlinear: bool = _asked("cubic modes: b2, b3, b4 and the barrier", still=True)
    harmonic: bool = _asked("normal modes: b2, b3 and b4 along the softest", still=True)
    pseudoharmonic: bool = _asked("pseudo-harmonic modes: b2, b3 and b4", still=True)
    wells: bool = _asked("second minima that these lead to, with the true barriers", needs="nonlinear")
    heat: bool = _asked("local heat capacity of every site", of="oscillators", factored=True, still=True)
    bond_heat: bool = _asked("heat capacity of every bond", of="particles", factored=True, still=True)
    elasticity: bool = _asked("pressure and shear modulus", of="particles", still=True)

    @property
    def identity(self) -> dict[str, Any]:
        """What is measured, in the store, without the excitations that are not."""
        table = dataclasses.asdict(self)
        return {key: value for key, value in table.items() if value or key in ("modes", "chi")}

    def __post_init__(self) -> None:
        if not (isinstance(self.modes, str) and self.modes == "all"):
            try:
                object.__setattr__(self, "modes", integer("measure.modes", self.modes, 1))
            except SpecError as error:
                raise SpecError(f"{error}, or 'all'") from None
        if self.complete_below is not None:
            below = number("measure.complete_below", self.complete_below)
            if not below > 0.0:
                raise fault("measure.complete_below", self.complete_below, "must be positive")
            if self.modes == "all":
                raise fault("measure.modes", self.modes, "must be a number with complete_below")
            object.__setattr__(self, "complete_below", below)
        for name in LINES:
            if not isinstance(value := getattr(self, name), bool):
                raise fault(f"measure.{name}", value, "must be true or false")
        for name in self.asked:
            needed = LINES[name]["needs"]
            if needed and not getattr(self, needed):
                raise fault(f"measure.{name}", True, f"needs {needed} = true, whose modes it follows")

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of what is measured beside normal modes."""
        return tuple(name for name in LINES if getattr(self, name))

    @property
    def factored(self) -> bool:
        """Whether a factor of the Hessian is needed, 8 N^2 bytes or more."""
        return any(LINES[name]["factored"] for name in self.asked)

    @property
    def still(self) -> tuple[str, ...]:
        """The names of what needs a minimum to small tolerance."""
        return tuple(name for name in self.asked if LINES[name]["still"])

    def count(self, size: int) -> int:
        """Return the number of modes of a sample of `size` oscillators."""
        return size if isinstance(self.modes, str) else self.modes


LINES = {field.name: field.metadata for field in dataclasses.fields(Measure) if field.metadata}
"""By the name of each measurement beside normal modes what it says and needs."""
