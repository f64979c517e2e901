"""Power laws fitted to densities in bins."""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from arguments import real
from spm.laws import Density

Array = NDArray[np.float64]

LEAST_EVENTS = 10.0  # wells that a power law is fitted to at least
STEEPEST = 40.0  # exponent that is still looked for


@dataclass(frozen=True, kw_only=True)
class PowerLaw:
    """density = prefactor x^exponent, fitted by maximum likelihood.

    Attributes
    ----------
    exponent, exponent_error : float
        The error is 0 if the exponent was given.
    prefactor, prefactor_error : float
        At that exponent.
    low, high : float
        Ends of the bins that entered.
    events : float
        Wells that entered.
    """

    exponent: float
    exponent_error: float
    prefactor: float
    prefactor_error: float
    low: float
    high: float
    events: float


def power_law(
    density: Density, *, low: float = 0.0, high: float = math.inf, exponent: float | None = None
) -> PowerLaw:
    """Return the power law that a density follows in the bins that lie within [low, high].

    Maximum likelihood: a bin with m wells per potential counts m/phi events, of Poisson mean prefactor/phi
    times the integral of x^exponent over the bin. phi is variance/m: 1/potentials where wells have no
    weights, so that events are plain counts, else the power law through the bins. Errors are those of the
    weighted counts. A table that ends at some b2 does not fill its last bin: `high` must leave it out, and
    `low` what is below the least b2 of `sample_soft`.

    Parameters
    ----------
    density : Density
    low, high : float
        Only bins wholly inside enter. Below the first well, down to `low`, there were none: that enters too.
    exponent : float, optional
        If given, only the prefactor is fitted. Must be > -1, unless low > 0.

    Returns
    -------
    PowerLaw

    Raises
    ------
    ValueError
        For fewer than 10 wells there, or where no exponent fits.

    Examples
    --------
    p(b2) ~ b2^(3/2) of global minima; this table is complete from b2 = 1e-10 on, and has no wells below:

    >>> import spm
    >>> soft = spm.sample_soft(spm.SoftPotentials(), 20_000, b2_max=1e-4)
    >>> fit = spm.power_law(spm.laws(soft).b2_global, low=2e-10, high=9e-5)
    >>> round(fit.exponent, 2)
    1.5
    """
    low = real("low", low, least=0.0)
    high = real("high", high, above=low, infinite=True)
    if exponent is not None:
        exponent = real("exponent", exponent, above=-math.inf if low > 0.0 else -1.0)
        real("exponent", exponent, least=-STEEPEST, most=STEEPEST)  # else its integrals leave the floats
    edges, mass, variance = _within(density, low, high)
    wells = float(mass.sum() ** 2 / variance.sum()) if variance.sum() > 0.0 else 0.0
    if wells < LEAST_EVENTS:
        raise ValueError(
            f"low = {low}, high = {high}: {wells:.3g} wells there; must be at least {LEAST_EVENTS:g}"
        )
    phi = _unit(edges, mass, variance)
    power, power_error = (exponent, 0.0) if exponent is not None else _exponent(edges, mass, variance, phi)
    expected = np.sum(np.exp(_log_integrals(edges / edges[-1], power)) / phi)
    scale = expected * edges[-1] ** (power + 1.0)
    return PowerLaw(
        exponent=power,
        exponent_error=power_error,
        prefactor=float(np.sum(mass / phi) / scale),
        prefactor_error=float(math.sqrt(np.sum(variance / phi**2)) / scale),
        low=float(edges[0]),
        high=float(edges[-1]),
        events=wells,
    )


def _unit(edges: Array, mass: Array, variance: Array) -> Array:
    """Return phi of each bin: the power law through variance/mass, each bin with the weight of its wells."""
    filled = variance > 0.0
    logs = np.log(0.5 * (edges[1:] + edges[:-1]) / edges[-1])
    phi = np.log(variance[filled] / mass[filled])
    weight = mass[filled] ** 2 / variance[filled]
    centre, level = (float(weight @ values / weight.sum()) for values in (logs[filled], phi))
    spread = float(weight @ (logs[filled] - centre) ** 2)
    slope = float(weight @ ((logs[filled] - centre) * (phi - level))) / spread if spread > 0.0 else 0.0
    return np.asarray(np.exp(level + slope * (logs - centre)))


def _within(density: Density, low: float, high: float) -> tuple[Array, Array, Array]:
    """Return edges, wells per potential and their variance in the bins within [low, high]."""
    inside = (density.edges[:-1] >= low) & (density.edges[1:] <= high)
    edges = np.append(density.edges[:-1][inside], density.edges[1:][inside][-1:])
    mass, variance = (density.density * density.width)[inside], (density.error * density.width)[inside] ** 2
    if edges.size and low < density.edges[0]:
        edges, mass, variance = np.append(low, edges), np.append(0.0, mass), np.append(0.0, variance)
    return edges, mass, variance


def _exponent(edges: Array, mass: Array, variance: Array, phi: Array) -> tuple[float, float]:
    """Return the exponent where the score of the likelihood vanishes, and its error."""
    x = edges / edges[-1]

    def slopes(power: float) -> tuple[Array, float]:
        """Return the derivatives of the log of each bin's share by the exponent, and their variance."""
        logs = _log_integrals(x, power) - np.log(phi)
        shares = np.exp(logs - logs.max())
        shares /= shares.sum()
        own = _mean_logs(x, power)
        own -= shares @ own
        return own, float(shares @ own**2)

    ends = (-STEEPEST if edges[0] > 0.0 else -1.0 + 1e-9, STEEPEST + 1.0)
    try:
        power = float(scipy.optimize.brentq(lambda p: float((mass / phi) @ slopes(p)[0]), *ends, xtol=1e-10))
    except ValueError:
        raise ValueError(f"no exponent between {ends[0]:g} and {ends[1]:g} fits the density") from None
    own, information = slopes(power)
    error = math.sqrt((variance / phi**2) @ own**2) / (np.sum(mass / phi) * information)
    return power, float(error)


def _log_integrals(x: Array, power: float) -> Array:
    """Return the logarithm of the integral of x^power over each bin, 0 <= x <= 1."""
    k = power + 1.0
    if k == 0.0:
        return np.log(np.log(x[1:] / x[:-1]))
    with np.errstate(divide="ignore"):
        logs = k * np.log(x)
    if k > 0.0:
        return logs[1:] + np.log(-np.expm1(logs[:-1] - logs[1:]) / k)
    return logs[:-1] + np.log(np.expm1(logs[1:] - logs[:-1]) / k)


def _mean_logs(x: Array, power: float) -> Array:
    """Return the mean of ln x in each bin where the density is x^power, + 1/(power + 1)."""
    widths = np.full(x.size - 1, np.inf)
    np.log(np.divide(x[1:], x[:-1], out=widths, where=x[:-1] > 0.0), out=widths)
    growth = np.expm1(np.clip((power + 1.0) * widths, -700.0, 700.0))
    finite = np.where(np.isfinite(widths), widths, 0.0)
    return np.log(x[1:]) + finite / growth
