"""Modes in space as one page of HTML that turns them, without server or network."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qle.export.modes import Mode, Place, in_space
from qle.report.page import ENVIRONMENT
from qle.store.writing import replacing

MOST = 2_000_000  # numbers on a page: some 16 megabytes
DIGITS = 5


def write_page(path: Path, snapshots: Sequence[tuple[Place, Sequence[Mode]]]) -> None:
    """Write modes as a page on which one is chosen and turned; an earlier one is replaced when it is whole.

    Displacements are lines, from the place of each particle; amplitudes of sites are discs, in two colours
    for their signs. Both are as large as their share of the largest says, times a number that can be set,
    and none are drawn below a share that can be set. The largest is in the middle: the box is periodic.

    Raises
    ------
    ValueError
        For more numbers than a browser has patience for.
    OSError
        It cannot be written.
    """
    numbers = sum(place.position.size + sum(one.vector.size for one in modes) for place, modes in snapshots)
    if numbers > MOST:
        raise ValueError(
            f"{path}: has {numbers} numbers, must have at most {MOST}; take fewer modes, or a .xyz"
        )
    text = ENVIRONMENT.get_template("modes.html").render(data=[page_data(*one) for one in snapshots])
    with replacing(path) as file:
        file.write(text.encode(errors="backslashreplace"))


def page_data(place: Place, modes: Sequence[Mode]) -> dict[str, Any]:
    """Return what the page knows of a snapshot: its box, places in shares of that, and modes.

    Modes are over their largest displacement, whose place is `middle`.
    """
    return {
        "flat": place.position.shape[1] == 2,
        "cell": _rounded(place.cell),
        "places": _rounded(in_space(place.position) @ np.linalg.inv(place.cell)),
        "modes": [
            {
                "name": mode.name.replace("_", " "),
                "told": ", ".join(f"{name} {_shown(value)}" for name, value in mode.told.items()),
                "middle": int(lengths.argmax()),
                "vector": _rounded(in_space(mode.vector) / (lengths.max() or 1.0)),
            }
            for mode in modes
            for lengths in [np.linalg.norm(mode.vector.reshape(len(place.position), -1), axis=1)]
        ],
    }


def _rounded(values: NDArray[np.float64]) -> Any:
    return np.round(values, DIGITS).tolist()


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
