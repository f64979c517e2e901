"""Snapshots by libraries of others, each an extra of the distribution: ASE (Atoms, files) and gsd."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qle.readers.frames import Frame, chosen

GSD = b"\xdf\x65" * 4
"""What a GSD file begins with."""

_NO_COLUMNS = ("positions", "numbers")
_SCRIPTS = ("py",)  # formats of ASE that are programs


def is_atoms(given: object) -> bool:
    """Return whether an object is one of ASE's Atoms, or like them."""
    return all(hasattr(given, name) for name in ("positions", "cell", "pbc", "arrays"))


def from_atoms(atoms: Any) -> Frame:
    """Return what is in ASE's Atoms."""
    columns: dict[str, NDArray[Any]] = {"species": np.array(atoms.get_chemical_symbols(), np.str_)}
    for name, values in atoms.arrays.items():
        if name not in _NO_COLUMNS and np.ndim(values) == 1:
            columns[name] = np.asarray(values)
    cell = np.array(atoms.cell, np.float64)
    places = np.array(atoms.positions, np.float64)
    periodic = tuple(bool(one) for one in np.broadcast_to(atoms.pbc, 3))
    return Frame("ASE", places, cell if cell.any() else None, periodic, columns)


def read_with_ase(path: Path, frame: int) -> Frame:
    """Return what ASE finds in a file; raise ValueError where it finds nothing, or is not installed."""
    own = "is no extended XYZ, LAMMPS data, LAMMPS dump, npz or GSD"
    try:
        from ase.io import read
        from ase.io.formats import filetype
    except ImportError:
        raise ValueError(f"{own}; for other formats ASE is needed: pip install qle[ase]") from None
    try:
        if (kind := filetype(str(path))) in _SCRIPTS:
            raise ValueError("is a program, which is not run")
        found = from_atoms(read(str(path), index=frame, format=kind))
    except Exception as error:  # each of its hundred readers fails in its own way
        told = " ".join(str(error).split()) or "nothing found"
        raise ValueError(f"{own}, and ASE cannot read it: {type(error).__name__}: {told}") from None
    return found._replace(kind=f"ASE ({kind})")


def read_gsd(path: Path, frame: int) -> Frame:
    """Return a frame of a GSD file; raise ValueError where it is damaged, or gsd not installed."""
    try:
        import gsd.hoomd
    except ImportError:
        raise ValueError("is GSD, which needs the library gsd: pip install qle[gsd]") from None
    try:
        with gsd.hoomd.open(str(path), "r") as file:
            frames = len(file)
            found = file[frame] if -frames <= frame < frames else None
    except (RuntimeError, OSError, KeyError, ValueError) as error:
        raise ValueError(f"is damaged: {' '.join(str(error).split())}") from None
    number = chosen(frame, frames)
    assert found is not None  # noqa: S101
    particles = found.particles
    if found.configuration.box is None or not particles.N:
        raise ValueError(f"frame {number} has no particles or no box")
    x, y, z, xy, xz, yz = (float(one) for one in found.configuration.box)
    cell = np.array([[x, 0.0, 0.0], [xy * y, y, 0.0], [xz * z, yz * z, z]])  # tilt factors, not lengths
    columns: dict[str, NDArray[Any]] = {}
    if len(particles.types):
        columns["species"] = np.array(particles.types, np.str_)[particles.typeid]
    if np.any(particles.diameter != 1.0):  # which is what it says where nobody has written any
        columns["diameter"] = particles.diameter.astype(np.float64)
    d = int(found.configuration.dimensions)
    places = particles.position.astype(np.float64)[:, :d]
    return Frame("GSD", places, cell[:d, :d], (True,) * d, columns, None, number, frames)
