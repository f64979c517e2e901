"""Snapshots of particles from files of other programs, told apart by what is in them."""

import gzip
import zlib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, count, integer, read_arrays, shown
from arguments.array_files import NUMPY, ONLY
from arguments.files import of_file
from qle.readers.boxes import box_and_shear
from qle.readers.frames import ALL_AROUND, Array, Frame, chosen
from qle.readers.lammps_files import is_data, read_data, read_dump
from qle.readers.library_files import GSD, from_atoms, is_atoms, read_gsd, read_with_ase
from qle.readers.snapshot import Snapshot
from qle.readers.xyz_files import is_xyz, read_xyz

_NPZ = {
    "positions": ("positions", "x", "pos", "r"),
    "box": ("box", "L", "cell", "lattice"),
    "shear": ("shear", "gamma"),
}
"""Names of arrays in npz; what else has a number for each particle is a column."""

_FLAT = 1e-6  # of a box, within which all z are one
_EMPTY = 2.5  # mean spacings without a particle, at most
_FAR = 1e6  # boxes from the origin at most: beyond, digits are lost
_MOST_BYTES = 2**30  # of text, without compression


def read_snapshot(
    source: str | PathLike[str] | Any,
    *,
    dimension: int | None = None,
    frame: int = -1,
    box: ArrayLike | None = None,
) -> Snapshot:
    """Return the particles of a file, or of ASE's Atoms.

    What a file is its content tells: extended XYZ; LAMMPS data and dumps, of text; npz with the arrays
    ``positions`` (N, d), ``box`` and a number or word for each particle in others, as ``sizes`` or
    ``species``; GSD, with the extra ``gsd``; with the extra ``ase`` whatever ASE reads. Text may be
    compressed by gzip.

    Parameters
    ----------
    source : path or Atoms
    dimension : {2, 3}, optional
        If not given: 2 where all z are the same, else 3.
    frame : int
        Which one of a file of several, from 0, or from the end if negative.
    box : float or (d,) array, optional
        Lengths of the box of a file that has none.

    Returns
    -------
    Snapshot

    Raises
    ------
    ValueError
        With file, line, value and rule.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> import qle
    >>> lines = ["4", 'Lattice="2.2 0 0 0 2.2 0 0 0 1" Properties=pos:R:3:radius:R:1 pbc="T T F"']
    >>> lines += [f"{x} {y} 0 0.55" for x in (0, 1) for y in (0, 1)]
    >>> _ = Path("square.xyz").write_text(chr(10).join(lines))
    >>> square = qle.read_snapshot("square.xyz")
    >>> square.particles, square.dimension, square.box
    (4, 2, array([2.2, 2.2]))
    >>> square.glass("harmonic_spheres").sizes
    array([1.1, 1.1, 1.1, 1.1])
    """
    own = is_atoms(source)
    name = "Atoms" if own else str(Path(source))
    with of_file(name):
        if (number := integer(frame)) is None or abs(number) > 10**9:
            raise ValueError(f"frame = {shown(frame)}: must be an integer")
        found = from_atoms(source) if own else _read(Path(source), number)
        return _checked(name, found, dimension, box)


def _read(path: Path, frame: int) -> Frame:
    """Return the frame of a file of any kind."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise ValueError("is empty")
    if start.startswith(NUMPY):
        chosen(frame, 1)
        return _from_arrays(read_arrays(path))
    if start == GSD:
        return read_gsd(path, frame)
    text = _text(path)
    if text is not None and text.startswith("ITEM: "):
        return read_dump(text, frame)
    if text is not None and is_xyz(text):
        return read_xyz(text, frame)
    if text is not None and is_data(text):
        chosen(frame, 1)
        return read_data(text)
    return read_with_ase(path, frame)


def _from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Frame:
    """Return what is in the arrays of a file of numpy."""
    if ONLY in arrays:
        arrays = {"positions": arrays[ONLY]}
    found = {key: next((name for name in names if name in arrays), None) for key, names in _NPZ.items()}
    if (name := found["positions"]) is None:
        raise ValueError(f"has no array positions; it has {', '.join(arrays)}")
    places = array(name, arrays[name], ("N", 2), ("N", 3))
    n, d = places.shape
    cell = None
    if (name := found["box"]) is not None:
        given = array(name, arrays[name], (), (2,), (3,), (2, 2), (3, 3))
        cell = given.copy() if given.ndim == 2 else np.diag(np.resize(given, given.size if given.ndim else d))
    if cell is not None and (name := found["shear"]) is not None:
        cell[1, 0] += array(name, arrays[name], ()) * cell[1, 1]
    columns = {name: one for name, one in arrays.items() if one.shape == (n,) and name not in found.values()}
    return Frame("npz", places, cell, ALL_AROUND, columns)


def _checked(name: str, frame: Frame, dimension: int | None, box: ArrayLike | None) -> Snapshot:
    """Return a frame as a snapshot, if its particles fill a box that `glass` has."""
    places = frame.places
    bad = ~np.isfinite(places).all(axis=1)
    if bad.any():
        i = int(bad.argmax())
        raise ValueError(f"{frame.where(i)}: position {places[i].tolist()}: must be finite")
    if len(places) < 2:
        raise ValueError("has 1 particle: must be two or more")
    d = _dimension(places, frame.cell, dimension)
    if box is not None and frame.cell is not None:
        raise ValueError("box: must not be given, the file has one")
    if box is None and frame.cell is None:
        raise ValueError("has no box (in extended XYZ Lattice): give its lengths, box (--box)")
    given: Any = box
    cell = (
        frame.cell if frame.cell is not None else np.diag(np.broadcast_to(array("box", given, (), (d,)), d))
    )
    if len(cell) < d:
        raise ValueError(f"box: has {len(cell)} edges: must be {d}, one for each dimension")
    if not all(frame.periodic[:d]):
        told = " ".join("T" if one else "F" for one in frame.periodic)
        raise ValueError(f"periodic: {told}: must be T in all {d} dimensions")
    lengths, shear = box_and_shear(cell, d)
    found = Snapshot(name, frame.kind, places[:, :d].copy(), lengths, shear, dict(frame.columns),
                     frame.number, frame.frames, frame.lines)  # fmt: skip
    _check_filled(found)
    return found


def _dimension(places: Array, cell: Array | None, given: int | None) -> int:
    """Return 2 or 3, as given or as the places are; raise ValueError where they do not fit."""
    d = 3 if given is None else count("dimension", given, least=2, most=3)
    if places.shape[1] == 2:
        if given is not None and d != 2:
            raise ValueError("dimension = 3: must be 2, as positions have x and y alone")
        return 2
    scale = float(np.ptp(places[:, :2], axis=0).max() if cell is None else np.abs(cell[:2]).max())
    height = float(np.ptp(places[:, 2]))
    flat = height <= _FLAT * scale
    if given is None:
        return 2 if flat else 3
    if d == 2 and not flat:
        raise ValueError(f"dimension = 2: z differs by up to {height:.3g}: must be the same of all particles")
    return d


def _check_filled(found: Snapshot) -> None:
    """Raise ValueError where particles are too far away, or leave a slab of the box empty."""
    y = found.positions[:, 1]
    for k, axis in enumerate("xyz"[: found.dimension]):
        along = found.positions[:, k] - (found.shear * y if k == 0 else 0.0)
        share = along / found.box[k]
        if np.abs(share).max() > _FAR:
            i = int(np.abs(share).argmax())
            raise ValueError(f"{found.where(i)}: is {share[i]:.3g} boxes away in {axis}: must be <= {_FAR:g}")
        inside = np.sort(share - np.floor(share))
        gaps = np.diff(np.concatenate((inside, inside[:1] + 1.0)))
        widest = float(gaps.max() * found.box[k])
        if widest > _EMPTY * found.spacing:
            raise ValueError(
                f"box: {widest:.4g} of {found.box[k]:.4g} in {axis} hold no particle, a mean spacing is "
                f"{found.spacing:.3g}: must be <= {_EMPTY:g} of it; is the box too large, or a surface there?"
            )


def _text(path: Path) -> str | None:
    """Return the text of a file, compressed or not; None for one that is none."""
    with path.open("rb") as file:
        packed = file.peek(2).startswith(b"\x1f\x8b")
        try:
            content = (gzip.GzipFile(fileobj=file) if packed else file).read(_MOST_BYTES + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(f"is truncated or damaged: {error}") from None
    if len(content) > _MOST_BYTES:
        raise ValueError(f"is larger than {_MOST_BYTES // 2**20} MiB")
    try:
        text = str(content, "utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text.replace("\r\n", "\n")
