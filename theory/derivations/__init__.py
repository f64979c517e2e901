"""The derivations, by name: each a file with a function `derive`, which returns a checked `Derivation`.

`derive(name)` runs one: `print` it, or take its `latex()`. sympy is imported by the first.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from arguments import nearest, shown
from theory.statements import claims

if TYPE_CHECKING:
    from theory.derivations.steps import Derivation

DERIVATIONS = (
    "barrier_law",
    "barriers",
    "bent_valley",
    "broken_derivatives",
    "broken_symmetry",
    "cavity",
    "cubic_modes",
    "cubic_window",
    "deep_wells",
    "dilute_field",
    "driving",
    "gradient_flow",
    "heat_tail",
    "hybridisation",
    "lattice_fields",
    "marginality",
    "mode_profile",
    "near_q_EA",
    "onset",
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


def derive(name: str) -> "Derivation":
    """Return a derivation, its conclusions compared with `theory.formulas`.

    Parameters
    ----------
    name : str
        One of `DERIVATIONS`, or the id of a claim that has one, such as "S14".

    Raises
    ------
    ValueError
        For another name, or a claim without a derivation.
    theory.derivations.steps.DerivationError
        If what is derived is not what is stated.
    """
    if isinstance(name, str) and name in DERIVATIONS:
        return _derive(name)
    named = {claim.id: claim.derivation for claim in claims()}
    if not isinstance(name, str) or name not in named:
        known = [*DERIVATIONS, *(claim for claim, derivation in named.items() if derivation)]
        rule = f"must be one of {', '.join(DERIVATIONS)}, or a claim's id"
        raise ValueError(f"derivation = {shown(name)}: {rule}{nearest(name, known)}")
    derivation = named[name]
    if derivation is None:
        raise ValueError(f"derivation = {shown(name)}: this claim has no derivation")
    return _derive(derivation)


@cache
def _derive(name: str) -> "Derivation":
    module = import_module(f"theory.derivations.{name}")
    derivation: Derivation = module.derive()
    return derivation
