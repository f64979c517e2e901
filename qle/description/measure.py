"""What is measured at each minimum of a sweep."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from qle.description.grid import SpecError, fault, integer


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is measured at each minimum.

    Parameters
    ----------
    modes : int or "all"
        How many of the softest normal modes.
    chi : bool
        Also the static susceptibility tr(M^-1)/N.
    nonlinear : bool
        Also the cubic modes that the softest sites lead to (`qle.measurements.excitations`).
    wells : bool
        Also the second minima that these lead to, with the barriers on the way.
    heat : bool
        Also the local heat capacity of every site.
    """

    modes: int | str = 20
    chi: bool = False
    nonlinear: bool = False
    wells: bool = False
    heat: bool = False

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
        for name in ("chi", "nonlinear", "wells", "heat"):
            if not isinstance(value := getattr(self, name), bool):
                raise fault(f"measure.{name}", value, "must be true or false")
        if self.wells and not self.nonlinear:
            raise fault("measure.wells", self.wells, "needs nonlinear = true, whose modes it follows")

    @property
    def factored(self) -> bool:
        """Whether a factor of the Hessian is needed, 8 N^2 bytes or more."""
        return self.chi or self.heat

    def count(self, size: int) -> int:
        """Return the number of modes of a sample of `size` oscillators."""
        return size if isinstance(self.modes, str) else self.modes
