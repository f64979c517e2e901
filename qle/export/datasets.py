"""Taking a data set away: NetCDF 4 for its arrays, CSV for its table."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qle.store.unstoppable import Unstoppable
from qle.store.writing import replacing

if TYPE_CHECKING:
    import xarray as xr

SUFFIXES = (".nc", ".csv")
COMPRESSION = {"zlib": True, "complevel": 4, "shuffle": True}


def export(dataset: "xr.Dataset", path: Path) -> None:
    """Write the whole data set (.nc) or the table of its tails (.csv); the folder must exist.

    Raises
    ------
    ValueError
        For another suffix.
    OSError
        The file cannot be written; an earlier one stays as it was.
    """
    if path.suffix == ".nc":
        write_netcdf(dataset.assign_attrs(_counts(dataset)) if "status" in dataset else dataset, path)
    elif path.suffix == ".csv":
        from qle.statistics import table

        with replacing(path) as file:
            file.write(table(dataset).to_csv(index=False).encode())
    else:
        raise ValueError(f"{path}: must end in {' or '.join(SUFFIXES)}")


def write_netcdf(dataset: "xr.Dataset", path: Path) -> None:
    """Write a data set as compressed NetCDF 4, whole or not at all; raise OSError if it cannot be written."""
    numeric = [name for name, one in dataset.variables.items() if one.ndim and one.dtype.kind in "biuf"]
    with replacing(path) as file, Unstoppable(file) as target:
        dataset.to_netcdf(target, engine="h5netcdf", encoding={name: dict(COMPRESSION) for name in numeric})


def _counts(dataset: "xr.Dataset") -> dict[str, Any]:
    """Return how many samples of a data set are what, all points together, as attributes."""
    from qle.statistics.points import COUNTS, points

    grid = list(points(dataset))
    return {name: sum(point.counts[name] for point in grid) for name in COUNTS}
