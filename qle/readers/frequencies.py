"""Files of frequencies: text, .npy, .npz, NetCDF."""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from arguments import read_arrays, read_table, shown
from arguments.array_files import NUMPY, ONLY
from arguments.files import of_file
from qle.description.units import chosen_unit
from qle.readers.lists import Listed, listed, listed_by_label
from qle.readers.netcdf import arrays_in, is_exported, read_netcdf
from qle.readers.spectra import labelled_set

if TYPE_CHECKING:
    import xarray as xr

ALSO = {
    "frequency": ("frequencies", "omega", "freq", "nu", "\u03c9", "\u03bd"),
    "sample": ("samples", "configuration", "config", "realization", "realisation", "glass"),
}
"""Other names that people give to these columns, capitals or not."""

NETCDF = (b"\x89HDF", b"CDF")
PICKLE = tuple(bytes([0x80, version]) for version in range(2, 6))
LARGEST = 2.0**53


def read_spectra(
    path: str | PathLike[str],
    N: int | None = None,
    *,
    dimension: int = 1,
    samples: int | None = None,
    zero_modes: int = 0,
    complete: float | None = None,
    units: str | None = None,
    columns: Sequence[str] = ("frequency",),
) -> "xr.Dataset":
    """Return the frequencies in a file as `qle.spectra` does.

    * Text: a table with the column frequency and, with several samples, sample (`arguments.read_table`;
      `ALSO` has other names that they may have). Without names it is one column, or as `columns` says.
    * .npy, and .npz with the array frequency: as `qle.spectra` takes it; beside it sample and units.
    * NetCDF: the variable frequency over sample and another dimension, nan where a sample has no more; or
      over one, along which sample is a variable. Files of `qle export` are read as they are, without N.

    Parameters
    ----------
    units : str, optional
        Where the file has none: "omega (THz)" as the name of a column, the array units of .npz, the attribute
        in NetCDF. Reduced, if nobody says.
    columns : sequence of str
        Of a text file without names: those of its columns, in order; other words for those not wanted.

    The others are those of `qle.spectra`; the name of the file is that of the set.

    Returns
    -------
    xarray.Dataset
        As of `qle.spectra`.

    Raises
    ------
    ValueError
        With file, row, value and rule, as `qle.spectra`; for a file that is none of these, a pickle or Python
        objects; units that differ from those of the file.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> import qle
    >>> lines = ["sample,frequency", "0,0.3", "0,0.5", "1,0.2", "1,0.6"]
    >>> written = Path("modes.csv").write_text(chr(10).join(lines))
    >>> qle.read_spectra("modes.csv", 100).frequency.values.squeeze()
    array([[0.3, 0.5],
           [0.2, 0.6]])
    """
    path = Path(path)
    with path.open("rb") as file:
        start = file.read(8)
    with of_file(path):
        if start.startswith(NETCDF) and is_exported(dataset := read_netcdf(path)):
            if N is not None:
                raise ValueError(f"N = {shown(N)}: must not be given, the file is of qle export and has it")
            return dataset
        given, unit = _read(path, start, columns)
        if N is None:
            raise ValueError("N, the number of particles (--particles): must be given")
        return labelled_set(
            given, N, dimension=dimension, samples=samples, zero_modes=zero_modes, complete=complete,
            unit=chosen_unit(unit, units), name=path.name,
        )  # fmt: skip


def _read(path: Path, start: bytes, columns: Sequence[str]) -> tuple[Listed, str]:
    """Return the frequencies in a file that begins so, and their unit."""
    if start.startswith(PICKLE):
        raise ValueError("is a pickle, which could run anything and is not read; save .npy or text")
    if start.startswith(NETCDF):
        names = [(name, *others) for name, others in ALSO.items()]
        return _from_arrays(arrays_in(read_netcdf(path), *names))
    if start.startswith(NUMPY):
        return _from_arrays(read_arrays(path))
    return _from_text(path, columns)


def _from_text(path: Path, columns: Sequence[str]) -> tuple[Listed, str]:
    if "frequency" not in columns:
        raise ValueError(f"columns = {', '.join(columns)}: must have frequency among them")
    table = read_table(path, ["frequency"], optional=["sample"], also=ALSO, unnamed=columns)
    values, lines = table.require("frequency"), table.lines
    labels = np.zeros(values.size, np.int64)
    if "sample" in table.columns:
        numbers = table.require("sample", above=-1.0)
        wrong = (numbers != np.floor(numbers)) | (numbers > LARGEST)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ValueError(f"line {lines[row]}: sample = {numbers[row]:g}: must be a whole number")
        labels = numbers.astype(np.int64)
    given = listed_by_label(values, labels, lambda i: f"line {lines[i]}: frequency")
    return given, table.units.get("frequency", "")


def _from_arrays(arrays: Mapping[str, Any]) -> tuple[Listed, str]:
    names = {name.casefold(): name for name in arrays}
    words = {"frequency": ("frequency", ONLY, *ALSO["frequency"]), "sample": ("sample", *ALSO["sample"])}
    found = {key: [arrays[names[one]] for one in some if one in names] for key, some in words.items()}
    if not found["frequency"]:
        raise ValueError(f"has no array frequency; it has {', '.join(arrays)}")
    sample = found["sample"][0] if found["sample"] else None
    return listed(found["frequency"][0], sample), str(arrays.get("units", ""))
