"""Measured specific heats: tables of them from text files, in K and in J/mol K or J/g K."""

import math
from dataclasses import dataclass, replace
from os import PathLike
from typing import Self

import numpy as np
from numpy.typing import NDArray

from arguments import array, brief, choice, count, frozen, read_table, real, settled, shown
from arguments.files import Table, of_file
from spm.heat_units import HeatUnit, heat_unit, kelvin

Array = NDArray[np.float64]

COLUMNS = ("T", "C", "C_error")
NAMES = {
    "T": ("temperature", "temp"),
    "C": ("c_p", "cp", "c_v", "cv", "specific heat", "heat capacity"),
    "C_error": ("error", "err", "dc", "sigma", "sigma_c", "c_err", "uncertainty"),
}
UNITS = ("J/mol K", "J/g K", "J/K", "1")


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class HeatTable:
    """A specific heat, measured or computed.

    Attributes
    ----------
    T : ndarray, shape (k,)
        > 0, in K; in any unit if `unit` is "1".
    C : ndarray, shape (k,)
    C_error : ndarray, shape (k,), or None
        Standard errors > 0.
    unit : str
        Of C: "J/mol K", "J/g K", "J/K" (of a sample) or "1".
    filled : int
        How many errors were missing, and are the median relative error of the others.

    Raises
    ------
    ValueError
        For arrays of different lengths, values out of range, or another unit.
    """

    T: Array
    C: Array
    C_error: Array | None = None
    unit: str = "1"
    filled: int = 0

    def __post_init__(self) -> None:
        T = array("T", self.T, ("k",), above=0.0)
        error = None if self.C_error is None else array("C_error", self.C_error, T.shape, above=0.0)
        settled(
            self,
            T=frozen(T),
            C=frozen(array("C", self.C, T.shape)),
            C_error=None if error is None else frozen(error),
            unit=choice("unit", self.unit, UNITS),
            filled=count("filled", self.filled, least=0),
        )

    def within(self, low: float, high: float) -> Self:
        """Return the part with low <= T <= high; raise ValueError if there is none."""
        low, high = real("low", low, least=0.0), real("high", high, above=0.0, infinite=True)
        kept = (low <= self.T) & (high >= self.T)
        if not kept.any():
            raise ValueError(
                f"window = {low:g} to {high:g}: holds no T, which are {self.T.min():g} to {self.T.max():g}"
            )
        error = None if self.C_error is None else self.C_error[kept]
        return replace(self, T=self.T[kept], C=self.C[kept], C_error=error)

    def per(self, amount: str, *, molar_mass: float) -> Self:
        """Return the table per "mol" of formula units or per "g", with the mass of a formula unit in g/mol.

        Raises
        ------
        ValueError
            For a table in J/K or without units, or a mass <= 0.
        """
        amount = choice("amount", amount, ("mol", "g"))
        molar_mass = real("molar_mass", molar_mass, above=0.0)
        if self.unit not in UNITS[:2]:
            raise ValueError(f"C in {_named(self.unit)}: must be per mol or per g to be converted")
        unit = f"J/{amount} K"
        factor = 1.0 if unit == self.unit else molar_mass if amount == "mol" else 1.0 / molar_mass
        error = None if self.C_error is None else self.C_error * factor
        return replace(self, C=self.C * factor, C_error=error, unit=unit)


def read_specific_heat(
    path: str | PathLike[str], *, T_unit: str | None = None, C_unit: str | None = None
) -> HeatTable:
    r"""Return the specific heat of a text file, in K and in J/mol K, J/g K or J/K.

    The first line names the columns T, C and, if there are errors, C_error, in any order, with others or
    without, each with its unit behind it: T (mK), C [mJ/mol K], C_error (%) (`arguments.read_table`). Cp, C_p
    and "specific heat", temperature, and error are other names. A file without names has T, C and, in a third
    column, C_error. An error without a unit is in that of C. A table without any unit is kept as it is; T
    without a unit is in K if C has one. Missing errors become the median relative error of the others.

    Parameters
    ----------
    path : path
    T_unit, C_unit : str, optional
        Units that the file does not name: K, mK, uK, nK; as `spm.heat_unit`.

    Returns
    -------
    HeatTable

    Raises
    ------
    ValueError
        With file and line, for a column that is missing, a value out of range or a unit that is none.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> import spm
    >>> written = Path("glass.csv").write_text("T (mK),C (mJ/mol K)\n100,2\n200,9\n")
    >>> heat = spm.read_specific_heat("glass.csv")
    >>> heat.T, heat.C, heat.unit
    (array([0.1, 0.2]), array([0.002, 0.009]), 'J/mol K')
    """
    table = read_table(
        path, COLUMNS[:2], optional=COLUMNS[2:], also=NAMES, unnamed=COLUMNS, blank=COLUMNS[2:]
    )
    T = table.require("T", above=0.0)
    C = table.require("C", above=-math.inf if "C_error" in table.columns else 0.0)
    with of_file(table.path):
        units = {"T": _stated(table, "T", T_unit), "C": _stated(table, "C", C_unit)}
        unit = heat_unit(units["C"]) if units["C"] else HeatUnit(1.0, "1")
        T, C = T * (kelvin(units["T"]) if units["T"] else 1.0), C * unit.factor
        C_error, filled = _errors(table, C, unit) if "C_error" in table.columns else (None, 0)
        return HeatTable(T=T, C=C, C_error=C_error, unit=unit.name, filled=filled)


def _stated(table: Table, name: str, given: str | None) -> str:
    """Return the unit of a column; raise ValueError if the file names another one than is given."""
    there = table.units.get(name, "")
    if given is not None and there and given != there:
        raise ValueError(f"{name} in {shown(given)}: the file has it in {shown(there)}; leave one out")
    return given or there


def _errors(table: Table, C: Array, unit: HeatUnit) -> tuple[Array, int]:
    """Return the errors of C, and how many of them were missing."""
    error = table.require("C_error", above=0.0, missing=True).copy()
    own = table.units.get("C_error", "")
    if own == "%":
        error = error / 100.0 * np.abs(C)
    else:
        other = heat_unit(own) if own else unit
        if other.name != unit.name:
            raise ValueError(f"C_error in {shown(own)}: must be in % or, as C, in {_named(unit.name)}")
        error = error * other.factor
    missing = np.isnan(error)
    known = ~missing & (C != 0.0)
    if missing.any():
        if not known.any():
            raise ValueError("C_error has no entry; leave the column out")
        error[missing] = np.median(error[known] / np.abs(C[known])) * np.abs(C[missing])
    return error, int(missing.sum())


def _named(unit: str) -> str:
    return unit if unit != "1" else "no unit"
