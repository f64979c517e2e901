"""Legacy VTK in text, as its format says it: what ParaView reads."""

from pathlib import Path

import numpy as np

Array = np.ndarray


def read_vtk(path: Path) -> tuple[dict[str, list[str]], Array, dict[str, Array]]:
    """Return the words behind each keyword, the points, empty for a grid, and the fields."""
    lines = path.read_text().splitlines()
    assert lines[0] == "# vtk DataFile Version 3.0"
    assert lines[2] == "ASCII"
    words, points, fields, at = {}, np.empty((0, 3)), {}, 3
    while at < len(lines):
        key, *rest = lines[at].split()
        words[key] = rest
        at += 1
        n = int(words.get("POINT_DATA", ["0"])[0])
        if key == "POINTS":
            points = np.loadtxt(lines[at : at + int(rest[0])], ndmin=2)
            at += int(rest[0])
        elif key == "VERTICES":
            at += int(rest[0])
        elif key in ("SCALARS", "VECTORS"):
            at += key == "SCALARS"  # the line of the table of colours
            fields[rest[0]] = np.loadtxt(lines[at : at + n])
            at += n
    return words, points, fields
