"""Files of particles as their manuals have them, written with nothing of what reads them."""

from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray


def in_space(places: Array) -> Array:
    """Return places (N, d) with z = 0 where they have none."""
    return np.pad(places, ((0, 0), (0, 3 - places.shape[1])))


def edges(box: Array, shear: float) -> Array:
    """Return the edges (3, 3) of a box in rows; its height is 1 in two dimensions."""
    cell = np.diag(np.pad(np.asarray(box, float), (0, 3 - len(box)), constant_values=1.0))
    cell[1, 0] = shear * box[1]
    return cell


def xyz(
    path: Path, places: Array, box: Array, *, shear: float = 0.0, digits: int = 8, **columns: Array
) -> Path:
    """Extended XYZ as ASE and OVITO write it."""
    cell = " ".join(f"{value:.16g}" for value in edges(box, shear).ravel())
    kinds = "".join(f":{name}:{'S' if one.dtype.kind == 'U' else 'R'}:1" for name, one in columns.items())
    pbc = "T T T" if places.shape[1] == 3 else "T T F"
    lines = [
        str(len(places)),
        f'Lattice="{cell}" Properties=pos:R:3{kinds} pbc="{pbc}" energy=-1.5 note="a = b"',
    ]
    for i, place in enumerate(in_space(places)):
        words = [f"{value:16.{digits}f}" for value in place]
        words += [
            str(one[i]) if one.dtype.kind == "U" else f"{one[i]:.{digits}f}" for one in columns.values()
        ]
        lines.append(" ".join(words))
    path.write_text("\n".join(lines) + "\n")
    return path


def data(
    path: Path, places: Array, box: Array, *, shear: float = 0.0, diameters: Array | None = None,
    types: Array | None = None, images: bool = False,
) -> Path:  # fmt: skip
    """The output of write_data, of style sphere where there are diameters, else atomic."""
    n, cell = len(places), edges(box, shear)
    types = np.ones(n, int) if types is None else types
    lines = ["LAMMPS data file via write_data, version 1 Jan 2024, timestep = 0", "", f"{n} atoms"]
    lines += [f"{types.max()} atom types", "", f"-0.5 {cell[0, 0] - 0.5:.16g} xlo xhi"]
    lines += [f"0 {cell[1, 1]:.16g} ylo yhi", f"-0.5 {cell[2, 2] - 0.5:.16g} zlo zhi"]
    lines += [f"{cell[1, 0]:.16g} 0 0 xy xz yz"] if shear else []
    lines += ["", "Masses", ""] + [f"{k} 1" for k in range(1, types.max() + 1)]
    lines += ["", "Atoms # " + ("atomic" if diameters is None else "sphere"), ""]
    for i in np.random.default_rng(0).permutation(n):
        size = "" if diameters is None else f" {diameters[i]:.16g} 1"
        words = " ".join(f"{value:.16g}" for value in in_space(places)[i])
        lines.append(f"{i + 1} {types[i]}{size} {words}" + " 0 -1 0" * images)
    lines += ["", "Velocities", ""] + [
        f"{i + 1} 0 0 0" + " 0 0 0" * (diameters is not None) for i in range(n)
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def dump(
    path: Path, places: Array, box: Array, *, shear: float = 0.0, scaled: bool = False, frames: int = 1,
    **columns: Array,
) -> Path:  # fmt: skip
    """The output of dump custom id type x y z and more, in no order; earlier frames are shifted copies."""
    n, cell = len(places), edges(box, shear)
    low = np.array([-1.0, 2.0, -0.5])
    high = low + np.diag(cell)
    xy = cell[1, 0]
    bounds = [[low[0] + min(0.0, xy), high[0] + max(0.0, xy), xy], [low[1], high[1], 0], [low[2], high[2], 0]]
    axes = "xs ys zs" if scaled else "x y z"
    text = []
    for frame in range(frames):
        text += ["ITEM: TIMESTEP", str(1000 * frame), "ITEM: NUMBER OF ATOMS", str(n)]
        text += ["ITEM: BOX BOUNDS " + "xy xz yz " * bool(shear) + "pp pp pp"]
        text += [" ".join(f"{value:.16e}" for value in row[: 3 if shear else 2]) for row in bounds]
        text += [f"ITEM: ATOMS id type {axes} {' '.join(columns)}".rstrip()]
        there = in_space(places) + low * [1, 1, 0] + 0.1 * (frames - 1 - frame) * np.array([1, 0, 0])
        if scaled:
            there = np.linalg.solve(cell.T, (there - low * [1, 1, 0]).T).T
        for i in np.random.default_rng(frame).permutation(n):
            more = [str(one[i]) if one.dtype.kind == "U" else f"{one[i]:.17g}" for one in columns.values()]
            text.append(" ".join([str(i + 1), "1", *(f"{value:.17g}" for value in there[i]), *more]))
    path.write_text("\n".join(text) + "\n")
    return path


def npz(path: Path, places: Array, box: Array, *, shear: float = 0.0, **columns: Array) -> Path:
    """Arrays by name."""
    more: Any = columns
    np.savez(path, positions=places, box=box, shear=shear, **more)
    return path
