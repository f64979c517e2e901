"""The same disorder minimised by several protocols: what each finds, and differences sample by sample."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from arguments import shown
from qle.statistics.intervals import mean_interval
from qle.statistics.moments import moments
from qle.statistics.points import grid_dims, labelled, points
from qle.statistics.tail_law import tail

TAIL = (
    "A_g", "A_g_low", "A_g_high", "exponent", "exponent_low", "exponent_high", "A_at_cut", "omega_cut",
    "n_modes",
)  # fmt: skip
MEANS = ("energy", "energy_low", "energy_high", "x_rms", "x_rms_low", "x_rms_high", "n_samples")
_NAMES = ("energy_change", "energy_change_low", "energy_change_high", "same")
_LONG_NAMES = {
    "energy_change": "energy per oscillator less that of the first protocol, mean over samples of both",
    "energy_change_low": "lower end of its 95 percent interval",
    "energy_change_high": "upper end of its 95 percent interval",
    "same": "fraction of samples that end in the same energy as by the first protocol",
    "A_g_ratio": "A_g over that of the first protocol",
    "A_g_ratio_error": "its standard error, from resampling the same samples in both; bends taken as alike",
}
SAME = 1e-8  # relative difference of energies that counts as none


def compare(datasets: Mapping[str, xr.Dataset], *, resamples: int = 1000) -> xr.Dataset:
    """Return tail, energy and displacement of several protocols, and their differences to the first one.

    Sweeps of one seed have the same disorder, sample by sample, whatever the protocol. So differences of
    energies are taken within samples, where most of the scatter drops out, and ratios of A_g within
    resampled sets of samples. The allowance for a bend (`tail`) is not in the errors of those ratios: on the
    same disorder the laws are taken to bend alike.

    Parameters
    ----------
    datasets : mapping of str to xarray.Dataset
        For each protocol what `qle.open` returns; same grid, samples and seed.

    Returns
    -------
    xarray.Dataset
        Over `protocol` and the grid: A_g and exponent with intervals, A_at_cut, omega_cut, n_modes (`tail`),
        energy and x_rms with intervals, n_samples (`moments`); energy_change with its interval, same,
        A_g_ratio and A_g_ratio_error.

    Raises
    ------
    ValueError
        If there is no protocol, or grid, samples or seed differ; the message names the protocol.

    Examples
    --------
    A protocol beside itself, in a phase with one minimum, where all others would end in it too:

    >>> import qle
    >>> from qle.statistics import compare
    >>> grid = {"N": [20, 40], "J": 0.1, "h": 0.1, "kappa_min": 1.0}
    >>> data = qle.sweep({"model": "khgps", "samples": 20, "grid": grid}, store="pair", progress="none")
    >>> compared = compare({"lbfgs": data, "again": data})
    >>> compared.same.values.squeeze(), float(abs(compared.energy_change).max())
    (array([[1., 1.],
           [1., 1.]]), 0.0)
    """
    if not isinstance(datasets, Mapping) or not datasets:
        raise ValueError(f"datasets = {shown(datasets)}: must be a mapping with one for each protocol")
    for name, dataset in datasets.items():
        labelled(f"datasets[{name!r}]", dataset)
    first = next(iter(datasets.values()))
    for name, dataset in datasets.items():
        _check_same(name, first, dataset)
    laws = {name: tail(dataset, resamples=resamples) for name, dataset in datasets.items()}
    base = next(iter(laws.values()))
    rows = []
    for name, dataset in datasets.items():
        ratio = laws[name]["A_g_resampled"] / base["A_g_resampled"]
        row = laws[name][list(TAIL)].merge(moments(dataset)[list(MEANS)], compat="override")
        row["A_g_ratio"] = laws[name]["A_g"] / base["A_g"]
        row["A_g_ratio_error"] = ratio.std("resample", ddof=1, skipna=False)
        rows.append(row.merge(_changes(first, dataset)))
    result = xr.concat(rows, dim=xr.DataArray(list(datasets), dims="protocol", name="protocol"))
    for name, text in _LONG_NAMES.items():
        result[name].attrs = {"long_name": text, "units": "1"}
    return result


def _check_same(name: str, first: xr.Dataset, other: xr.Dataset) -> None:
    for dim in (*grid_dims(first), "sample"):
        if dim not in other.dims or not np.array_equal(first[dim], other[dim]):
            raise ValueError(f"{name}: differs in {dim} from the first protocol; sweep the same grid")
    for key in ("seed", "model"):
        if first.attrs.get(key) != other.attrs.get(key):
            raise ValueError(
                f"{name}: {key} = {other.attrs.get(key)}: must be {first.attrs.get(key)}, as the first"
            )


def _changes(first: xr.Dataset, other: xr.Dataset) -> xr.Dataset:
    """Return the changes of energy over samples that converged in both."""
    dims = grid_dims(first)
    shape = tuple(first.sizes[dim] for dim in dims)
    energies = [d.sortby("sample")["energy"].transpose(*dims, "sample").values for d in (first, other)]
    before, after = (energy.reshape(-1, first.sizes["sample"]) for energy in energies)
    rows = []
    for a, b, e, f in zip(points(first), points(other), before, after, strict=True):
        both = a.included & b.included
        change = f[both] - e[both]
        low, high = mean_interval(change)
        same = np.mean(np.abs(change) <= SAME * np.abs(e[both])) if change.size else np.nan
        rows.append((change.mean() if change.size else np.nan, low, high, same))
    columns = np.array(rows).T.reshape(len(_NAMES), *shape)
    return xr.Dataset({name: (dims, column) for name, column in zip(_NAMES, columns, strict=True)})
