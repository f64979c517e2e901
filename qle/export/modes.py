"""Modes in space as files that others draw: extended XYZ (OVITO, ASE) and legacy VTK (ParaView, VisIt)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qle.store.writing import replacing

Array = NDArray[np.float64]
SUFFIXES = (".xyz", ".vtk")
PRECISION = "%.12g"


class Place(NamedTuple):
    """Where the particles or sites of modes are.

    Attributes
    ----------
    position : (N, d) array
    cell : (3, 3) array
        Rows are the edges of the box.
    columns : mapping of names to (N,) arrays
        What else each has, whatever the mode.
    grid : int
        Sites along an edge, if these are all sites of a lattice, in C order of their coordinates; else 0.
    """

    position: Array
    cell: Array
    columns: Mapping[str, Array]
    grid: int = 0


class Mode(NamedTuple):
    """A mode.

    Attributes
    ----------
    name : str
        A word.
    told : mapping of names to numbers and words
    vector : (N, d) or (N,) array
        Displacements of particles, or amplitudes of sites.
    """

    name: str
    told: Mapping[str, object]
    vector: Array


def write_modes(path: Path, snapshots: Sequence[tuple[Place, Sequence[Mode]]]) -> None:
    """Write the modes of each of some places in the format that the suffix says.

    .xyz has a frame for each mode. .vtk has a field for each, on one set of points, or on a grid, which can
    be sliced and contoured.

    Raises
    ------
    ValueError
        For another suffix, or a .vtk of several places.
    OSError
        It cannot be written; an earlier file stays as it was.
    """
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path}: must end in {' or '.join(SUFFIXES)}")
    if path.suffix == ".vtk" and len(snapshots) != 1:
        raise ValueError(f"{path}: holds one snapshot, {len(snapshots)} were given; .xyz holds all")
    with replacing(path) as file:
        for place, modes in snapshots:
            if path.suffix == ".vtk":
                _write_vtk(file, place, modes)
            for mode in modes if path.suffix == ".xyz" else ():
                _write_frame(file, place, mode)


def _write_frame(file: BinaryIO, place: Place, mode: Mode) -> None:
    """Write a mode as a frame of extended XYZ: species X, pos, the columns, and displacement or amplitude."""
    d = place.position.shape[1]
    kind = "amplitude:R:1" if mode.vector.ndim == 1 else "displacement:R:3"
    kinds = ":".join(["species:S:1:pos:R:3", *(f"{name}:R:1" for name in place.columns), kind])
    lattice = " ".join(f"{value:.16g}" for value in place.cell.ravel())
    around = " ".join("T" if axis < d else "F" for axis in range(3))
    told = " ".join(f"{name}={_shown(value)}" for name, value in mode.told.items())
    head = f'{len(place.position)}\nLattice="{lattice}" Properties={kinds} pbc="{around}" {told}\n'
    file.write(head.encode("utf-8", "surrogateescape"))
    rows = np.column_stack([in_space(place.position), *place.columns.values(), in_space(mode.vector)])
    np.savetxt(file, rows, "X " + " ".join([PRECISION] * rows.shape[1]))


def _shown(value: object) -> str:
    """Return a number in ten digits, or a word, in quotes if it has to be."""
    if isinstance(value, float):
        return f"{value:.10g}"
    word = str(value).replace('"', "'").replace("\n", " ")
    return word if word.isalnum() else f'"{word}"'


def _write_vtk(file: BinaryIO, place: Place, modes: Sequence[Mode]) -> None:
    """Write all modes as fields of one set of points, or of a grid with x fastest."""
    n, d, edge = len(place.position), place.position.shape[1], place.grid
    file.write(b"# vtk DataFile Version 3.0\nmodes, written by qle\nASCII\n")
    if edge:
        sides = " ".join(str(edge if axis < d else 1) for axis in range(3))
        file.write(f"DATASET STRUCTURED_POINTS\nDIMENSIONS {sides}\nORIGIN 0 0 0\nSPACING 1 1 1\n".encode())
        order = np.arange(n).reshape((edge,) * d).ravel(order="F")
    else:
        file.write(f"DATASET POLYDATA\nPOINTS {n} double\n".encode())
        np.savetxt(file, in_space(place.position), PRECISION)
        file.write(f"VERTICES {n} {2 * n}\n".encode())
        np.savetxt(file, np.column_stack([np.ones(n, np.int64), np.arange(n)]), "%d")
        order = np.arange(n)
    file.write(f"POINT_DATA {n}\n".encode())
    for name, values in [*place.columns.items(), *((mode.name, mode.vector) for mode in modes)]:
        head = (
            f"SCALARS {name} double 1\nLOOKUP_TABLE default" if values.ndim == 1 else f"VECTORS {name} double"
        )
        file.write(f"{head}\n".encode())
        np.savetxt(file, in_space(values)[order], PRECISION)


def in_space(values: Array) -> Array:
    """Return places or vectors (N, d) as (N, 3), and what has one number each as it is."""
    return np.pad(values, ((0, 0), (0, 3 - values.shape[1]))) if values.ndim == 2 else values
