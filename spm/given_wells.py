"""Wells found elsewhere, in a text file: quartics, pairs of minima, or paths between them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from arguments import brief, read_table
from arguments.files import Table, of_file
from spm.pairs import quartic_of_pair
from spm.paths import LEAST, REACH, PathFit, fit_path
from spm.quantum import lower_well
from spm.shape import BOUND, ratio
from spm.table import QuarticWells
from spm.well_units import angstrom_of, kelvin_of

Array = NDArray[np.float64]

QUARTICS, PAIRS, PATHS = ("b2", "b3", "b4"), ("barrier", "asymmetry", "distance"), ("s", "energy")
ENERGY, LENGTH = ("barrier", "asymmetry", "energy"), ("distance", "s")


@brief()
@dataclass(frozen=True, eq=False, kw_only=True)
class GivenWells:
    """The wells of a file, each of its double wells once.

    Attributes
    ----------
    kind : str
        "quartics", "pairs" or "paths".
    labels : tuple of str
        Of the wells: of the file, or their numbers from 1.
    wells : QuarticWells
        At the lower minimum of each, with unit weights.
    paths : tuple of PathFit
        Of the same wells, if they are paths.
    open : tuple of str
        Labels of the paths that no quartic with b4 > 0 fits; they are in nothing else.
    unit : (str, str)
        "K" and "A", or "1" and "1".
    """

    kind: str
    labels: tuple[str, ...]
    wells: QuarticWells
    paths: tuple[PathFit, ...]
    open: tuple[str, ...]
    unit: tuple[str, str]


def read_wells(
    path: str | PathLike[str], *, energy: str | None = None, length: str | None = None
) -> GivenWells:
    r"""Return the wells of a text file whose first line names its columns (`arguments.read_table`).

    They are b2, b3, b4, derivatives at a minimum, either one of two; or barrier, asymmetry and distance of a
    pair of minima, energies above the lower one (`spm.quartic_of_pair`); or s and energy along paths
    (`spm.fit_path`). A column label names the wells; rows of one label are a path.

    Parameters
    ----------
    path : path
    energy, length : str, optional
        Units, K, meV, eV, kJ/mol or J, and A, nm, pm or m; of energies and lengths the file may name them. In
        b2, b3 and b4 they are those of U and s. With units all is given in K and angstroms.

    Returns
    -------
    GivenWells

    Raises
    ------
    ValueError
        With file and line, for a column that is missing or a value out of range; for one unit without the
        other; where no path has a quartic.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> import spm
    >>> text = "label,barrier (K),asymmetry (K),distance (nm)\npair 7,100,0,0.1\n"
    >>> written = Path("pairs.csv").write_text(text)
    >>> given = spm.read_wells("pairs.csv")
    >>> given.labels, given.unit, given.wells.exact_barrier.round(6)
    (('pair 7',), ('K', 'A'), array([100.]))
    """
    table = read_table(path, (), optional=("label", *QUARTICS, *PAIRS, *PATHS), text=("label",))
    kinds: dict[str, tuple[tuple[str, ...], Callable[[Table], GivenWells]]] = {
        "quartics": (QUARTICS, _quartics), "pairs": (PAIRS, _pairs), "paths": (PATHS, _paths),
    }  # fmt: skip
    there = [kind for kind, (names, _) in kinds.items() if set(names) <= set(table.columns)]
    with of_file(table.path):
        if len(there) != 1:
            either = "; or ".join(", ".join(names) for names, _ in kinds.values())
            raise ValueError(f"the first line must name {either}{', not several of these' if there else ''}")
        names, read = kinds[there[0]]
        for name in names:
            table.require(name, above=0.0 if name in ("b2", "b4", "barrier", "distance") else -np.inf)
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                return read(_scaled(table, names, energy, length))
        except FloatingPointError:
            raise ValueError(REACH) from None


def _scaled(table: Table, names: tuple[str, ...], energy: str | None, length: str | None) -> Table:
    """Return the table in K and angstroms, which its units then name; as it is if it has no units."""
    found = {"energy": energy, "length": length}
    for name in names:
        unit, kind = table.units.get(name, ""), "energy" if name in ENERGY else "length"
        if unit and name in QUARTICS:
            raise ValueError(f"{name} in {unit}: name the units of U and s by --energy and --length instead")
        if unit and found[kind] not in (None, unit):
            raise ValueError(f"{name} in {unit}: must be in {found[kind]}, as the other or as --{kind} says")
        found[kind] = unit or found[kind]
    if (found["energy"] is None) != (found["length"] is None):
        missing = "energy" if found["energy"] is None else "length"
        raise ValueError(f"has no unit of {missing}; give both units or none")
    if found["energy"] is None or found["length"] is None:
        return replace(table, units={})
    e, d = kelvin_of(found["energy"]), angstrom_of(found["length"])
    factor = {**dict.fromkeys(ENERGY, e), **dict.fromkeys(LENGTH, d), "b2": e / d**2, "b3": e / d**3,
              "b4": e / d**4}  # fmt: skip
    columns = {name: table.columns[name] * factor[name] for name in names}
    return replace(table, columns=columns, units={"energy": "K", "length": "A"})


def _quartics(table: Table) -> GivenWells:
    b2, b3, b4 = (table.columns[name] for name in QUARTICS)
    return _given(table, "quartics", _labels(table), _lowest(b2, b3, b4))


def _pairs(table: Table) -> GivenWells:
    barrier, above, distance = (table.columns[name] for name in PAIRS)
    wrong = ~((above >= 0.0) & (above < barrier))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"line {table.lines[row]}: asymmetry = {above[row]:g}: must be >= 0 and < barrier = "
            f"{barrier[row]:g}, both from the lower minimum"
        )
    b2, b3, b4 = quartic_of_pair(barrier, above, distance)
    return _given(table, "pairs", _labels(table), _lowest(b2, b3, b4))


def _paths(table: Table) -> GivenWells:
    labels = table.words.get("label", ["1"] * len(table.lines))
    fits: dict[str, PathFit] = {}
    for label in dict.fromkeys(labels):
        rows = [row for row, one in enumerate(labels) if one == label]
        s, energy = table.columns["s"][rows], table.columns["energy"][rows]
        seen: set[float] = set()
        for row, one in zip(rows, s.tolist(), strict=True):
            if one in seen:
                raise ValueError(f"line {table.lines[row]}: s = {one:g} is in path {label} twice")
            seen.add(one)
        if len(rows) < LEAST:
            raise ValueError(
                f"line {table.lines[rows[0]]}: path {label} has {len(rows)} points; must be at least {LEAST}"
            )
        fits[label] = fit_path(s, energy)
    bound = {label: fit for label, fit in fits.items() if fit.b4 > 0.0 and fit.b2 > 0.0}
    if not bound:
        raise ValueError(f"no quartic with b4 > 0 fits any of {len(fits)} paths")
    b2, b3, b4 = (np.array([getattr(fit, name) for fit in bound.values()]) for name in QUARTICS)
    unbound = tuple(label for label in fits if label not in bound)
    return _given(table, "paths", tuple(bound), _lowest(b2, b3, b4), tuple(bound.values()), unbound)


def _labels(table: Table) -> tuple[str, ...]:
    return tuple(table.words.get("label", [str(n) for n in range(1, len(table.lines) + 1)]))


def _lowest(b2: Array, b3: Array, b4: Array) -> QuarticWells:
    """Return the wells at their lower minima, where a quartic in units of b4 is that of `lower_well`."""
    eta, rho = lower_well(b2 / b4, b3 / b4)
    b2, b3 = eta * b4, rho * b4
    r = ratio(b2, b3, b4)  # at equal minima rounding may put it above the bound
    shorter = np.where(r > BOUND, np.sqrt(BOUND / np.maximum(r, BOUND)) * (1.0 - 1e-15), 1.0)
    return QuarticWells(b2=b2, b3=b3 * shorter, b4=b4)


def _given(
    table: Table,
    kind: str,
    labels: tuple[str, ...],
    wells: QuarticWells,
    paths: tuple[PathFit, ...] = (),
    unbound: tuple[str, ...] = (),
) -> GivenWells:
    unit = (table.units.get("energy", "1"), table.units.get("length", "1"))
    return GivenWells(kind=kind, labels=labels, wells=wells, paths=paths, open=unbound, unit=unit)
