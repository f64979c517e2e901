"""Units of temperature and specific heat, as people write them, to K and J/mol K or J/g K."""

import re
from typing import NamedTuple

from scipy.constants import R, calorie

from arguments import shown

PREFIXES = {"": 1.0, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3, "k": 1e3}
ENERGIES = {"J": 1.0, "erg": 1e-7, "cal": calorie}
AMOUNTS = ("mol", "g", "K")
PART = re.compile(r"([nuµμmk]?)(erg|cal|mol|J|K|g)(?:\^?\{?(-?1)\}?)?")
BETWEEN = re.compile(r"[\s()*·⋅.]+")
RULE = "must be such as J/mol K, mJ/(g K), erg g^-1 K^-1, cal/mol K, J/K or R"


class HeatUnit(NamedTuple):
    """A unit of specific heat.

    Attributes
    ----------
    factor : float
        In the unit `name`.
    name : str
        "J/mol K", "J/g K" or "J/K", and "1" without a unit.
    """

    factor: float
    name: str


def kelvin(unit: str) -> float:
    """Return one such unit of temperature in K; raise ValueError unless it is K, mK, uK or nK."""
    found = PART.fullmatch(unit.strip())
    if found is None or found[2] != "K" or found[3] or PREFIXES[found[1]] > 1.0:
        raise ValueError(f"T in {shown(unit)}: must be in K, mK, uK or nK")
    return PREFIXES[found[1]]


def heat_unit(unit: str) -> HeatUnit:
    """Return what a unit of specific heat is.

    A prefix n, u, m or k, an energy J, erg or cal, and "per" as a slash, behind which all divides, or as a
    power -1: mJ/mol K, J/(kg K), erg g^-1 K^-1. R, of a mole of formula units, and k_B, of one of them, are
    8.314 J/mol K.

    Returns
    -------
    HeatUnit

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> import spm
    >>> spm.heat_unit("mJ/(kg K)")
    HeatUnit(factor=1e-06, name='J/g K')
    """
    if unit.strip() in ("R", "k_B", "kB"):
        return HeatUnit(R, "J/mol K")
    plain = unit.replace("\u2212", "-").replace("\u207b\u00b9", "-1")
    powers, factor = dict.fromkeys(("J", *AMOUNTS), 0), 1.0
    above, _, below = plain.partition("/")
    for text, sign in ((above, 1), (below.replace("/", " "), -1)):
        for prefix, word, power in _parts(text, unit):
            one = sign * int(power or 1)
            factor *= (PREFIXES[prefix] * ENERGIES.get(word, 1.0)) ** one
            powers["J" if word in ENERGIES else word] += one
    names = {(-1, 0): "J/mol K", (0, -1): "J/g K", (0, 0): "J/K"}
    name = names.get((powers["mol"], powers["g"]))
    if name is None or (powers["J"], powers["K"]) != (1, -1):
        raise ValueError(f"C in {shown(unit)}: {RULE}")
    return HeatUnit(factor, name)


def _parts(text: str, unit: str) -> list[tuple[str, str, str]]:
    """Return prefix, word and power of what a product of units is made of."""
    found, place = [], 0
    text = BETWEEN.sub(" ", text)
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        part = PART.match(text, place)
        if part is None:
            raise ValueError(f"C in {shown(unit)}: {RULE}")
        found.append((part[1], part[2], part[3]))
        place = part.end()
    return found
