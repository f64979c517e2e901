"""Taking a data set away: NetCDF for its arrays, CSV for its table."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

SUFFIXES = (".nc", ".csv")


def export(dataset: "xr.Dataset", path: Path) -> None:
    """Write the whole data set (.nc, NetCDF 3) or the table of its tails (.csv); the folder must exist.

    Raises
    ------
    ValueError
        For another suffix.
    OSError
        The file cannot be written.
    """
    if path.suffix == ".nc":
        dataset.assign_attrs(_short_integers(dataset.attrs)).to_netcdf(path, engine="scipy")
    elif path.suffix == ".csv":
        from qle.statistics import table

        table(dataset).to_csv(path, index=False)
    else:
        raise ValueError(f"{path}: must end in {' or '.join(SUFFIXES)}")


def _short_integers(attributes: dict[str, object]) -> dict[str, object]:
    """Return the attributes with integers beyond the 32 bits of NetCDF 3 as text."""
    limit = np.iinfo(np.int32).max
    return {
        name: str(value) if isinstance(value, int) and value > limit else value
        for name, value in attributes.items()
    }
