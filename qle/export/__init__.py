"""What is taken away: data sets as NetCDF, tables as CSV, modes in space for other programs."""

from qle.export.datasets import export, write_netcdf

__all__ = ["export", "write_netcdf"]
