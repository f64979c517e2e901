"""The derivations, by name: each a file with a function `derive`, which returns a checked `Derivation`.

`derive(name)` runs one: `print` it, or take its `latex()`. sympy is imported by the first.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from theory.derivations.steps import Derivation

DERIVATIONS = (
    "barrier_law",
    "barriers",
    "cavity",
    "cubic_modes",
    "cubic_window",
    "dilute_field",
    "driving",
    "heat_tail",
    "hybridisation",
    "lattice_fields",
    "mode_profile",
    "oscillator",
    "reconstruction",
    "soft_minima",
    "soft_sites",
    "softest_mode",
    "specific_heat",
    "strong_coupling",
    "thermal_response",
    "unstable_pairs",
    "weak_coupling",
    "wells_and_bound",
    "zero_field",
)

__all__ = ["DERIVATIONS", "derive"]


@cache
def derive(name: str) -> "Derivation":
    """Return a derivation, its conclusions compared with `theory.formulas`.

    Parameters
    ----------
    name : str
        One of `DERIVATIONS`.

    Raises
    ------
    ValueError
        For another name.
    theory.derivations.steps.DerivationError
        If what is derived is not what is stated.
    """
    if name not in DERIVATIONS:
        raise ValueError(f"derivation {name!r}: must be one of {', '.join(DERIVATIONS)}")
    module = import_module(f"theory.derivations.{name}")
    derivation: Derivation = module.derive()
    return derivation
