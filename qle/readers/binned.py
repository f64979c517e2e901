"""Densities of states in bins: counts of modes, or D with errors."""

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, count, read_table
from arguments.files import Table, of_file
from qle.description.units import FrequencyUnit, chosen_unit, frequency_unit

Array = NDArray[np.float64]

ALSO = {
    "low": ("omega_low", "left", "bin_low"),
    "high": ("omega_high", "right", "bin_high"),
    "counts": ("count", "modes"),
    "density": ("D", "dos", "vdos"),
    "density_error": ("D_error", "dos_error", "vdos_error"),
}
"""Other names that columns may have in a file, capitals or not."""

WEIGHTS = {
    "counts": "counts: each bin has the variance of a Poisson law, its expectation",
    "errors": "errors as given, taken as independent",
    "scatter": "no errors given: every D has the same relative one, from the scatter about the fit",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class BinnedDensity:
    """D in bins, from low to high.

    Attributes
    ----------
    low, high : (m,) arrays
        Edges, ascending; between bins there may be gaps.
    density : (m,) array
        Mean of D over the bin; per mode, int D d omega = 1, where counts are given.
    error : (m,) array
        Standard error; of counts n^(1/2) of them, at least that of one mode. Relative to D where all that is
        known is D itself.
    counts : (m,) array or None
        Modes in each bin, all samples together.
    exposure : float
        Modes of all samples, wherever they are; 1 where D is given.
    samples : int or None
    unit : FrequencyUnit
    weights : str
        Of the bins in a fit, one of `WEIGHTS`.
    """

    low: Array
    high: Array
    density: Array
    error: Array
    counts: Array | None
    exposure: float
    samples: int | None
    unit: FrequencyUnit
    weights: str

    @property
    def width(self) -> Array:
        """Widths of the bins."""
        return self.high - self.low


def binned_density(
    low: ArrayLike,
    high: ArrayLike,
    *,
    counts: ArrayLike | None = None,
    N: int | None = None,
    dimension: int = 1,
    zero_modes: int = 0,
    samples: int | None = None,
    density: ArrayLike | None = None,
    density_error: ArrayLike | None = None,
    units: str = "1",
) -> BinnedDensity:
    """Return a density of states in bins.

    Parameters
    ----------
    low, high : (m,) arrays
        Edges of the bins, low >= 0.
    counts : (m,) array, optional
        Modes in each bin, all samples together: D = counts/(samples (N dimension - zero_modes) (high - low)).
    N, dimension, zero_modes, samples : int
        Particles of a sample, coordinates of each, modes that are no vibrations, and samples; for counts.
    density, density_error : (m,) arrays, optional
        Mean of D over each bin and its standard error, instead of counts. Without errors all D have the same
        relative one.
    units : str
        Of frequencies, as in `qle.spectra`; D is per such unit.

    Raises
    ------
    ValueError
        With name, place, value and rule, for bins that do not ascend, overlap or have no width, counts that
        are negative or no integers, D that is negative, or 0 without errors, both or neither of counts and
        density.

    Examples
    --------
    >>> import qle
    >>> bins = qle.binned_density([0.0, 0.5], [0.5, 1.0], counts=[3, 57], N=20, dimension=3, samples=10)
    >>> bins.density.tolist()
    [0.01, 0.19]
    """
    edges = [array("low", low, ("m",), least=0.0), array("high", high, ("m",))]
    if edges[0].shape != edges[1].shape:
        raise ValueError(f"low, high have shapes {edges[0].shape}, {edges[1].shape}: must be the same")
    columns = {"counts": counts, "density": density, "density_error": density_error}
    given = {name: array(name, one, edges[0].shape) for name, one in columns.items() if one is not None}
    return _checked(edges[0], edges[1], given, N, dimension, zero_modes, samples, frequency_unit(units),
                    lambda i, name: f"{name}[{i}]")  # fmt: skip


def read_binned(
    path: str | PathLike[str],
    N: int | None = None,
    *,
    dimension: int = 1,
    zero_modes: int = 0,
    samples: int | None = None,
    units: str | None = None,
) -> BinnedDensity:
    r"""Return the density of states in a text file, as `binned_density`.

    The columns are low and high, and counts, or density and density_error (`arguments.read_table`, `ALSO` has
    other names). The unit of low, "low (THz)", is that of the frequencies.

    Raises
    ------
    ValueError
        With file, line, value and rule, as `binned_density`.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> import qle
    >>> _ = Path("bins.csv").write_text("low (THz), high (THz), counts\n0, 0.5, 3\n0.5, 1, 57\n")
    >>> bins = qle.read_binned("bins.csv", 20, dimension=3, samples=10)
    >>> bins.density.tolist(), bins.unit.name
    ([0.01, 0.19], 'THz')
    """
    path = Path(path)
    table = read_table(path, ["low", "high"], optional=["counts", "density", "density_error"], also=ALSO)
    with of_file(path):
        given = {name: table.require(name) for name in table.columns}
        return _checked(given.pop("low"), given.pop("high"), given, N, dimension, zero_modes, samples,
                        _unit(table, units), lambda i, name: f"line {table.lines[i]}: {name}")  # fmt: skip


def _unit(table: Table, units: str | None) -> FrequencyUnit:
    low, high = table.units.get("low", ""), table.units.get("high", "")
    of_low = frequency_unit(low, "units of low")
    if high and frequency_unit(high, "units of high") != of_low:
        raise ValueError(f"units of high: {high}: must be {of_low.name}, as of low")
    return chosen_unit(low, units)


def _checked(
    low: Array,
    high: Array,
    given: dict[str, Array],
    N: int | None,
    dimension: int,
    zero_modes: int,
    samples: int | None,
    unit: FrequencyUnit,
    where: Callable[[int, str], str],
) -> BinnedDensity:
    """Return the record of columns of one length, each row of which has a name."""

    def refuse(wrong: NDArray[np.bool_], name: str, values: Array, rule: str) -> None:
        if wrong.any():
            i = int(np.argmax(wrong))
            raise ValueError(f"{where(i, name)} = {values[i]:g}: {rule}")

    refuse(low < 0.0, "low", low, "must be >= 0")
    refuse(high <= low, "high", high, "must be > low")
    refuse(np.concatenate([[False], low[1:] < low[:-1]]), "low", low, "must ascend")
    refuse(np.concatenate([[False], low[1:] < high[:-1] * (1.0 - 1e-9)]), "low", low,
           "the bin overlaps the one before; must be >= its high")  # fmt: skip
    if ("counts" in given) == ("density" in given):
        raise ValueError("counts, density: must be one of them, and not both")
    width = high - low
    if "density" in given:
        density = given["density"]
        refuse(density < 0.0, "density", density, "must be >= 0")
        error, weights = given.get("density_error"), "errors"
        if error is None:
            refuse(density == 0.0, "density", density, "must be > 0, or have an error")
            error, weights = density, "scatter"
        refuse(error <= 0.0, "density_error", error, "must be > 0")
        return BinnedDensity(low=low, high=high, density=density, error=error, counts=None, exposure=1.0,
                             samples=None, unit=unit, weights=weights)  # fmt: skip
    if "density_error" in given:
        raise ValueError("density_error: must not be given with counts, which have their own")
    n = given["counts"]
    refuse((n < 0.0) | (n != np.floor(n)), "counts", n, "must be an integer >= 0")
    if not n.any():
        raise ValueError("counts: must not be all 0")
    if N is None or samples is None:
        raise ValueError("N, samples (--particles, --samples): must be given with counts")
    modes = count("N", N) * count("dimension", dimension)
    modes -= count("zero_modes", zero_modes, least=0, most=modes - 1)
    exposure = float(count("samples", samples) * modes)
    if n.sum() > exposure:
        raise ValueError(
            f"counts: are {n.sum():g} together, more than samples (N dimension - zero_modes) = {exposure:g}"
        )
    return BinnedDensity(low=low, high=high, density=n / (exposure * width),
                         error=np.sqrt(np.maximum(n, 1.0)) / (exposure * width), counts=n, exposure=exposure,
                         samples=samples, unit=unit, weights="counts")  # fmt: skip
