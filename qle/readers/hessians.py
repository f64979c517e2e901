"""Hessians from files: symmetrised, with masses, their translations known."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, choice, count, fraction, read_arrays, read_table
from arguments.array_files import NUMPY
from arguments.files import of_file
from landscape import Harmonic
from landscape.rigid import zero_modes as directions
from qle.readers.matrix_files import read_matrix

Array = NDArray[np.float64]
ZERO_MODES = ("translations", "none")
_FREE = 1e-4  # |M t|/(length of a row of M) of a translation t: finite differences leave less
_COUPLED = 1e-6  # of the largest element, from which a pair of particles interacts
_LAMMPS = 3  # coordinates of an atom in its files


@dataclass(frozen=True, eq=False)
class HessianFile:
    """A Hessian M that was read.

    Attributes
    ----------
    landscape : landscape.Harmonic
        M with masses and zero modes, as all of `landscape` takes it.
    asymmetry : float
        max |M_ij - M_ji| over max |M_ij| in the file; M is symmetrised.
    translations : int
        How many directions were taken out of the modes.
    free : float
        Largest |M t| of a unit translation t, over the root mean square length of a row.
    """

    path: Path
    landscape: Harmonic
    asymmetry: float
    translations: int
    free: float

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return self.landscape.size

    @property
    def dimension(self) -> int:
        """Coordinates of a particle."""
        return self.landscape.dimension

    def pairs(self) -> NDArray[np.int64]:
        """Return the pairs of particles (P, 2) that interact: by elements of M above 1e-6 of the largest."""
        hessian, d = self.landscape.hessian(), self.dimension
        if hessian.form == "sparse":
            matrix: Any = abs(hessian.matrix).tocoo()  # type: ignore[attr-defined]
            strong = matrix.data > _COUPLED * matrix.data.max()
            i, j = matrix.coords[0][strong] // d, matrix.coords[1][strong] // d
        else:
            blocks = np.abs(hessian.dense()).reshape(self.size // d, d, -1, d).max(axis=(1, 3))
            i, j = np.nonzero(blocks > _COUPLED * blocks.max())
        found = np.unique(np.column_stack([i, j]), axis=0)
        return np.asarray(found[found[:, 0] < found[:, 1]], np.int64)


def read_hessian(
    path: str | PathLike[str],
    *,
    dimension: int | None = None,
    masses: ArrayLike | None = None,
    weighted: bool | None = None,
    zero_modes: str | None = None,
    asymmetry: float = 1e-3,
) -> HessianFile:
    """Return the Hessian of a file as a landscape, `landscape.Harmonic`.

    Files, told apart by what is in them, and compressed by gzip or not: npy; npz with one array or one named
    ``hessian``, or as `scipy.sparse.save_npz` writes it; Matrix Market, dense and sparse; text with N numbers
    in each of N lines; the output of LAMMPS' command ``dynamical_matrix``, text or ``binary yes``.

    Parameters
    ----------
    dimension : int
        Coordinates of a particle, those of one after those of the other. LAMMPS has 3; 2 then leaves out the
        third, whose rows must be zero. Other files do not say.
    masses : (n,) array, optional
        Of particles or of coordinates, > 0; 1 if not given.
    weighted : bool, optional
        Whether the file has m^-1/2 M m^-1/2 in the place of M: so LAMMPS writes it, others do not unless this
        says so.
    zero_modes : {"translations", "none"}, optional
        Whether all particles pushed alike cost no energy, and these d directions are no modes. If not given:
        translations for d > 1; for d = 1 where M says so.
    asymmetry : float
        Largest |M_ij - M_ji| that is accepted, relative to the largest element; in (0, 1).

    Returns
    -------
    HessianFile

    Raises
    ------
    ValueError
        With the file and the rule, for what is no such matrix and for arguments that do not fit it.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import landscape, numpy as np, qle
    >>> np.save("pair.npy", [[2.0, 1.0], [1.0, 2.0]])
    >>> pair = qle.read_hessian("pair.npy", dimension=1)
    >>> landscape.spectrum(pair.landscape.hessian()).round(6)
    array([1., 3.])
    """
    path = Path(path)
    given, lammps = read_matrix(path)
    with of_file(path):
        if dimension is None and not lammps:
            raise ValueError("does not say the dimension: give it (--dimension), coordinates of a particle")
        d = count("dimension", _LAMMPS if dimension is None else dimension, most=_LAMMPS if lammps else None)
        given = _in_dimension(given, d) if lammps else given
        size = given.shape[0]
        if size % d:
            raise ValueError(f"has {size} rows: must be a multiple of dimension = {d}")
        m = _of_coordinates(masses, size, d)
        matrix, off = _symmetrised(given, fraction("asymmetry", asymmetry))
        if m is not None and (lammps if weighted is None else weighted):
            matrix = _scaled(matrix, np.sqrt(m))
        zero, free = _translations(matrix, d, zero_modes)
        harmonic = Harmonic(matrix, dimension=d, masses=m, zero_modes=zero if zero.size else None)
        return HessianFile(path, harmonic, off, zero.shape[1], free)


def read_masses(path: str | PathLike[str]) -> Array:
    """Return the masses in a file, (n,): a column of text, named mass or not at all, or one array of npy.

    Raises
    ------
    ValueError
        With the file, for one that holds anything else, and for masses that are not finite and > 0.
    OSError
        The file cannot be read.
    """
    path = Path(path)
    with path.open("rb") as file:
        numpy = file.read(8).startswith(NUMPY)
    if not numpy:
        return read_table(path, ["mass"], also={"mass": ["masses", "m"]}, unnamed=["mass"]).require(
            "mass", above=0.0
        )
    found = list(read_arrays(path).values())
    if len(found) != 1:
        raise ValueError(f"{path}: holds {len(found)} arrays: must be one, of masses")
    with of_file(path):
        return array("masses", found[0], ("n",), above=0.0)


def _in_dimension(matrix: Array, d: int) -> Array:
    """Return the rows and columns of the first d coordinates of each atom; the others must be zero."""
    n = matrix.shape[0] // _LAMMPS
    blocks = matrix.reshape(n, _LAMMPS, n, _LAMMPS)
    rest = max(float(np.abs(part).max(initial=0.0)) for part in (blocks[:, d:], blocks[:, :, :, d:]))
    if rest > _FREE * float(np.abs(matrix).max()):
        raise ValueError(f"dimension = {d}: forces in other directions reach {rest:.3g}: must be 0")
    return np.ascontiguousarray(blocks[:, :d, :, :d]).reshape(n * d, n * d)


def _of_coordinates(masses: ArrayLike | None, size: int, d: int) -> Array | None:
    """Return a mass for each coordinate."""
    if masses is None:
        return None
    found = array("masses", masses, ("n",), above=0.0)
    if found.size not in (size // d, size):
        each = "" if d == 1 else f", one for each particle, or {size}, one for each coordinate"
        raise ValueError(f"masses: are {found.size}: must be {size // d}{each}")
    return found if found.size == size else np.repeat(found, d)


def _symmetrised(matrix: Any, most: float) -> tuple[Any, float]:
    """Return (M + M^T)/2, and max |M_ij - M_ji| over max |M_ij|; ValueError where that is above `most`."""
    largest = float(abs(matrix).max())
    if largest == 0.0:
        raise ValueError("all elements are zero")
    off = abs(matrix - matrix.T)
    worst = float(off.max())
    if worst > most * largest:
        i, j = np.unravel_index(int(off.argmax()), off.shape)
        raise ValueError(
            f"row {i}, column {j} (from 0): {matrix[i, j]:.6g}, but {matrix[j, i]:.6g} at ({j}, {i}): "
            f"differ by {worst / largest:.2g} of the largest element, must be <= {most:g}"
        )
    return (matrix + matrix.T) / 2.0, worst / largest


def _scaled(matrix: Any, root: Array) -> Any:
    """Return m^1/2 M m^1/2."""
    if hasattr(matrix, "tocsr"):
        return matrix.multiply(root).multiply(root[:, None]).tocsr()
    return root[:, None] * matrix * root


def _translations(matrix: Any, d: int, asked: str | None) -> tuple[Array, float]:
    """Return translations (N, d), or (N, 0) where they are modes, and how much they are no zero modes."""
    if asked is not None:
        choice("zero_modes", asked, ZERO_MODES)
    zero = directions(np.zeros(matrix.shape[0]), d, "translations")
    elements = matrix.data if hasattr(matrix, "tocsr") else matrix
    row = float(np.linalg.norm(elements)) / matrix.shape[0] ** 0.5
    free = float(np.linalg.norm(matrix @ zero, axis=0).max()) / row
    wanted = asked == "translations" or (asked is None and (d > 1 or free <= _FREE))
    if wanted and free > _FREE:
        raise ValueError(
            f"translations are no zero modes: all particles pushed alike feel forces, {free:.2g} of a row, "
            f"must be <= {_FREE:g}; where masses differ give them (--masses), where particles are held say "
            "zero_modes = 'none' (--zero-modes none)"
        )
    return (zero if wanted else zero[:, :0]), free
