"""omega_x, the frequency at which the density of states leaves its omega^4 law."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr

from arguments import real
from qle.statistics.points import Point, assemble, points
from qle.statistics.smooth_law import LAW, Fit, features, precisions, sample_features
from qle.statistics.tail_law import LEAST_SAMPLES, tail

Array = npt.NDArray[np.float64]

SLOPE, ROUGHNESS = 5.0, 2.0  # of g up to the end of the window, in units of the logarithm of the factor
GROWTH = 1.15  # of the windows in which D is sought to leave its law,
SURE = 3.0  # which it does where g is so many errors from 0
BEYOND = 1.3  # times omega_x is where the last windows end:
ROUNDS = 3  # so many of them
GRID = 200  # points in (0, 1] at which g is looked at, as z = (omega/end)^2

_DESCRIBE = {
    "omega_x": ("frequency at which D leaves A_g omega^4 by the factor", ()),
    "omega_x_error": ("standard error of omega_x, allowance for the shape of D included", ()),
    "omega_x_low": ("lower end of the 95 percent interval of omega_x", ()),
    "omega_x_high": ("upper end of the 95 percent interval of omega_x; inf where modes do not tell", ()),
    "side": (
        "1 where D rises above its omega^4 law there, -1 where it falls below, 0 where it does not leave",
        (),
    ),
    "omega_cut": ("cut-off that the search begins from", ()),
}
_Z = np.arange(1, GRID + 1) / GRID
_SHAPES = features(_Z)[:, :LAW]
_SHAPES[:, 0] = 0.0  # g alone


def crossover(
    dataset: xr.Dataset, *, factor: float = 2.0, cutoff: float | xr.DataArray | None = None
) -> xr.Dataset:
    """Return omega_x of every grid point: where D(omega)/(A_g omega^4) first is `factor` or 1/`factor`.

    D = A_g omega^4 exp g is fitted up to some frequency as `tail` does it, A_g with it, where now g may
    change by several times L = ln(factor) up to there (`qle.statistics.smooth_law`). From omega_cut on that
    frequency is raised until |g| exceeds L at its end, and 3 standard errors; then it is set to 1.3 omega_x,
    a few times. The interval holds the frequencies at which L is within the 95 percent interval of |g|: it
    has the errors of A_g. omega_x within a few omega_cut, or at a factor near 1, is that of a g hardly seen.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns.
    factor : float
        > 1; part of the definition.
    cutoff : float or DataArray over grid dimensions, optional
        omega_cut, as in `tail`.

    Returns
    -------
    xarray.Dataset
        Over the grid: omega_x, omega_x_error, omega_x_low, omega_x_high, side, omega_cut. nan where D keeps
        to the law as far as modes are stored, and with fewer than 3 samples with a mode below omega_cut.

    Raises
    ------
    ValueError
        For a factor that is not above 1, and as `tail`.

    Examples
    --------
    D = (5 omega^4 + 7 omega^6)/2 is twice its omega^4 part at omega = (5/7)^(1/2) = 0.845:

    >>> import numpy as np, qle
    >>> from qle.statistics import crossover
    >>> rng = np.random.default_rng(0)
    >>> power = np.where(rng.random((200, 200)) < 0.5, 1 / 5, 1 / 7)
    >>> found = crossover(qle.spectra(rng.random((200, 200)) ** power, 200)).squeeze()
    >>> float(found.omega_x_low) < (5 / 7) ** 0.5 < float(found.omega_x_high)
    True
    """
    factor = real("factor", factor, above=1.0)
    law = tail(dataset, cutoff=cutoff, resamples=2)
    flat = law[["omega_cut", "n_soft_samples"]].to_array().values.reshape(2, -1)
    rows = [
        _row(point, float(cut), soft >= LEAST_SAMPLES, float(np.log(factor)))
        for point, cut, soft in zip(points(dataset), *flat, strict=True)
    ]
    return assemble(dataset, rows, _DESCRIBE, {})


class _Window(NamedTuple):
    """A fit up to `end`, g on the grid, and where |g| first is L, z = (omega/end)^2: nan if nowhere."""

    end: float
    fit: Fit
    g: Array
    z: float


def _row(point: Point, cut: float, enough: bool, L: float) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(_DESCRIBE, np.nan) | {"omega_cut": cut, "side": 0}
    found = _search(point, cut, L) if enough else None
    if found is None:
        return row
    side = float(np.sign(np.interp(found.z, _Z, found.g)))
    at = found.fit.estimate(found.fit.log_density(found.z))
    steepness = float(np.interp(found.z, _Z, np.gradient(found.g, np.log(_Z)))) * 2.0  # dg/d ln omega
    omega_x = found.end * found.z**0.5
    row |= {"omega_x": omega_x, "side": side, "omega_x_error": omega_x * at.error / abs(steepness)}
    ends = np.array([found.fit.estimate(shape).interval() for shape in _SHAPES])
    upper, lower = (
        (ends.max(axis=1), ends.min(axis=1)) if side > 0 else (-ends.min(axis=1), -ends.max(axis=1))
    )
    row["omega_x_low"] = found.end * _first(upper >= L, 1.0) ** 0.5
    row["omega_x_high"] = found.end * _first(lower >= L, np.inf) ** 0.5
    return row


def _search(point: Point, cut: float, L: float) -> _Window | None:
    """Return the window that ends BEYOND omega_x; None where D does not leave its law for sure."""
    last = min(point.omega_complete, float(point.frequency.max()))
    end = cut
    while True:
        found = _fitted(point, end, L)
        there = found.fit.estimate(_SHAPES[-1])
        if abs(there.value) > max(L, SURE * there.error):
            break
        if end >= last:
            return None
        end = min(end * GROWTH, last)
    for _ in range(ROUNDS):
        closer = _fitted(point, min(BEYOND * found.end * found.z**0.5, last), L)
        if not np.isfinite(closer.z):
            break
        found = closer
    return found


def _fitted(point: Point, end: float, L: float) -> _Window:
    """Return the fit of the modes below `end`."""
    penalty = precisions(1.0, slope=SLOPE * L, roughness=ROUGHNESS * L)
    fit = Fit(sample_features(point.frequency, end), penalty)
    g = _SHAPES @ fit.theta
    before = np.concatenate([[0.0], np.abs(g)])
    j = int(np.argmax(before >= L))
    if j == 0:
        return _Window(end, fit, g, np.nan)
    return _Window(end, fit, g, float(np.interp(L, before[j - 1 : j + 1], np.array([j - 1, j]) / GRID)))


def _first(true: npt.NDArray[np.bool_], otherwise: float) -> float:
    """Return z at the first place that is true."""
    return float(_Z[np.argmax(true)]) if true.any() else otherwise
