"""Units of frequency: which are known, and how they are written."""

import math
from typing import NamedTuple

from arguments import nearest, shown

LIGHT = 299_792_458.0
ELECTRON = 1.602176634e-19
HBAR = 6.62607015e-34 / (2.0 * math.pi)
"""Exact, in SI units."""

REDUCED = "1"

RADIANS = {
    REDUCED: 1.0,
    "rad/s": 1.0,
    "rad/ps": 1e12,
    "Hz": 2.0 * math.pi,
    "GHz": 2e9 * math.pi,
    "THz": 2e12 * math.pi,
    "cm^-1": 200.0 * math.pi * LIGHT,
    "meV": 1e-3 * ELECTRON / HBAR,
}
"""Angular frequency in rad/s of one of each unit; of the reduced unit, in the same reduced unit."""

_ALSO = {
    **{name.casefold(): name for name in RADIANS},
    **dict.fromkeys(("", "dimensionless", "reduced", "lj"), REDUCED),
    **dict.fromkeys(("cm-1", "1/cm", "cm**-1", "cm⁻¹"), "cm^-1"),
    **dict.fromkeys(("rad s^-1", "rad s-1"), "rad/s"),
    **dict.fromkeys(("rad ps^-1", "rad ps-1", "rad / ps"), "rad/ps"),
}


class FrequencyUnit(NamedTuple):
    """A unit of frequency.

    Attributes
    ----------
    name : str
        One of `RADIANS`, or what a data set says; "1" is the reduced unit of a model, omega = sqrt(lambda).
    """

    name: str

    @property
    def radians(self) -> float:
        """Angular frequency of one such unit."""
        return RADIANS[self.name]

    def power(self, exponent: int) -> str:
        """Return the unit of a power of a frequency: "THz^-5", "1"."""
        if exponent == 0 or self.name == REDUCED:
            return REDUCED
        if exponent == 1:
            return self.name
        return f"{self.name if self.name.isalpha() else f'({self.name})'}^{exponent}"


def chosen_unit(of_file: str, given: str | None) -> FrequencyUnit:
    """Return the unit that a file names, or for one that names none an argument.

    Raises
    ------
    ValueError
        They differ, or are not known.
    """
    found = frequency_unit(of_file, "units of the file")
    if given is None or frequency_unit(given) == found:
        return found
    if of_file:
        raise ValueError(f"units = {shown(given)}: must be {found.name}, as the file says")
    return frequency_unit(given)


def frequency_unit(value: object, name: str = "units") -> FrequencyUnit:
    """Return a unit by its name; raise ValueError for one that is not known, or leaves 2 pi open as 1/ps."""
    if isinstance(value, str):
        text = value.strip()
        for word in (text, _ALSO.get(text.casefold(), "")):
            if word in RADIANS:
                return FrequencyUnit(word)
    hint = nearest(value, RADIANS)
    raise ValueError(f"{name} = {shown(value)}: must be one of {', '.join(RADIANS)} (1: reduced){hint}")
