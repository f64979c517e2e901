"""A law of the stiffness of one's own in the grid of a sweep: kept as text that is the whole law."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import khgps
from arguments import read_table
from qle.description.grid import SpecError, check_keys, fault

COLUMNS = ("kappa", "density")
KEY = "grid.stiffness"


def with_law(grid: Mapping[str, Any], folder: Path | None = None) -> dict[str, Any]:
    """Return a grid with its law of the stiffness as text, and kappa_min, kappa_0 and beta of that law.

    Parameters
    ----------
    grid : mapping
        Its stiffness is a file of the columns kappa and density, a table or a mapping of these, a
        `khgps.StiffnessLaw`, or its text: one law a sweep.
    folder : Path, optional
        Where a file is, unless its path is absolute; by default the current one.

    Raises
    ------
    SpecError
    """
    law = _law(grid["stiffness"], folder or Path())
    own = {name: getattr(law, name) for name in ("kappa_min", "kappa_0", "beta")}
    return {**own, **grid, "stiffness": law.text}


def _law(given: Any, folder: Path) -> khgps.StiffnessLaw:
    if isinstance(given, list | tuple) and len(given) == 1:
        given = given[0]
    if isinstance(given, Mapping):
        check_keys(f"{KEY}.", given, COLUMNS)
        for name in COLUMNS:
            if name not in given:
                raise SpecError(f"{KEY}.{name}: is missing: a law needs kappa and density")
        given = (given["kappa"], given["density"])
    elif callable(given):
        raise fault(KEY, given, "must be expanded first: give the law of khgps.KHGPS(stiffness=...)")
    try:
        if isinstance(given, str | Path) and not str(given).startswith("["):
            table = read_table(folder / given, COLUMNS)
            given = tuple(table.require(name) for name in COLUMNS)
        return khgps.KHGPS(N=2, J=0.0, h=0.0, stiffness=given).law
    except OSError as error:
        raise fault(KEY, str(given), f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SpecError(f"grid.{error}") from None
