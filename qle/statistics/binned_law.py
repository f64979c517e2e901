"""A_g, its exponent and the boson peak of a density of states in bins, beside a Debye part."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from arguments import count, real
from qle.readers.binned import BinnedDensity
from qle.statistics.binned_fit import BinnedData, Exponent, fitted
from qle.statistics.smooth_law import LAW, ROUGHNESS_OF_POWERS, features, precisions
from qle.statistics.tail_law import LEAST_MODES, LIE, MODES_PER_SAMPLE, WIDEST, WINDOW

Array = npt.NDArray[np.float64]

SURE = 3.0  # the excess over the Debye part is so many of its errors, or there is none to fit
_ROOTS, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_PLACES, _SHARES = 0.5 * (1.0 + _ROOTS), 0.5 * _WEIGHTS  # of the nodes in a bin of width 1


@dataclass(frozen=True, kw_only=True)
class BinnedLaw:
    """D = A_D omega^(d - 1) + A_g omega^4 exp g, fitted to bins up to omega_window.

    Attributes
    ----------
    A_g, A_g_low, A_g_high : float
        Of the excess at omega -> 0, with its 95 percent interval, which allows for a bend as that of
        `qle.statistics.tail` does; nan where 4 is denied.
    bend, bend_low, bend_high : float
        g at omega_cut.
    exponent, exponent_low, exponent_high : float
        Of the excess.
    allowance : float
        Share of the variance of ln A_g that allows for a bend nobody can see.
    debye : float
        A_D that was subtracted, 0 for none.
    omega_cut, omega_window : float
        How far D may bend is assumed in units of omega_cut.
    bins : int
        Below omega_window.
    chi2, freedom : float
        Of these bins about the fit with a free bend; freedom is bins less the parameters that they see.
    p_value : float
        Probability of a chi^2 at least as large; nan where the errors are from the scatter.
    verdict : str
        "given", or "not_quartic": 4 is outside the 99 percent interval of the exponent.
    """

    A_g: float
    A_g_low: float
    A_g_high: float
    bend: float
    bend_low: float
    bend_high: float
    exponent: float
    exponent_low: float
    exponent_high: float
    allowance: float
    debye: float
    omega_cut: float
    omega_window: float
    bins: int
    chi2: float
    freedom: float
    p_value: float
    verdict: str


def binned_tail(
    binned: BinnedDensity, *, debye: float = 0.0, dimension: int = 3, cutoff: float | None = None
) -> BinnedLaw:
    """Return A_g and the exponent of what a density of states in bins has beyond its Debye part.

    The mean of the law over each bin is compared with what is there: of counts by the likelihood of a Poisson
    law, of D by least squares. The bend g is that of `qle.statistics.smooth_law`, and so is the allowance for
    it. Bins do not tell how samples differ: their modes are taken as independent. Modes that repel each other
    scatter less; samples that differ much scatter more, and then the intervals are too short.

    Parameters
    ----------
    binned : BinnedDensity
    debye : float
        A_D >= 0 of D = A_D omega^(d - 1) (`debye_level`); taken as known.
    dimension : int
        d.
    cutoff : float, optional
        omega_cut. Of counts the default is the edge below which half a mode per sample, and seven at least,
        are in excess of the Debye part; the window ends where six times as many are, at 3^(1/2) omega_cut at
        most. Where D is given it must be, and the window ends at 3^(1/2) omega_cut.

    Raises
    ------
    ValueError
        For an argument out of range, fewer than three bins below the window, an excess below three of its
        errors, or a fit that does not converge.

    Examples
    --------
    Of D = 0.005 omega^2 + 0.01 omega^4 exp(-(omega/2)^2), known to 5 percent:

    >>> import numpy as np
    >>> import qle
    >>> from qle.statistics import binned_tail
    >>> edges = np.linspace(0.0, 3.2, 65)
    >>> omega = 0.5 * (edges[1:] + edges[:-1])
    >>> D = 0.005 * omega**2 + 0.01 * omega**4 * np.exp(-((omega / 2.0) ** 2))
    >>> bins = qle.binned_density(edges[:-1], edges[1:], density=D, density_error=0.05 * D)
    >>> law = binned_tail(bins, debye=0.005, cutoff=0.7)
    >>> bool(law.A_g_low < 0.01 < law.A_g_high), law.verdict
    (True, 'given')
    """
    debye, d = real("debye", debye, least=0.0), count("dimension", dimension)
    cut, end = _window(binned, debye, d, cutoff)
    data = _data(binned, debye, d, end)
    reach = (end / cut) ** 2
    law, scale = fitted(data, precisions(reach))
    if not law.converged:
        raise ValueError("bins: the fit does not converge; they look like no power and a Debye part")
    found, bend = law.estimate(np.eye(LAW)[0]), law.estimate(law.log_density(1.0 / reach))
    power = Exponent(data, precisions(reach, roughness=ROUGHNESS_OF_POWERS), scale, law.error_freedom)
    given = not power.denies(0.0, LIE)
    size = 5.0 / (binned.exposure * end**5)
    A_g = [size * math.exp(value) for value in (found.value, *found.interval())]
    bends = [bend.value, *bend.interval()]
    exponents = [4.0 + value for value in (power.best, *power.interval())]
    if not given:
        A_g = bends = [math.nan] * 3
    return BinnedLaw(
        **_named("A_g", A_g),
        **_named("bend", bends),
        **_named("exponent", exponents),
        allowance=found.allowance / found.error**2,
        debye=debye,
        omega_cut=cut,
        omega_window=end,
        bins=data.values.size,
        chi2=law.chi2,
        freedom=law.freedom,
        p_value=math.nan if data.relative else float(chdtrc(law.freedom, law.chi2)),
        verdict="given" if given else "not_quartic",
    )


def _named(name: str, values: list[float]) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))


def debye_in(binned: BinnedDensity, debye: float, d: int) -> Array:
    """Return the integral of A_D omega^(d - 1) over each bin."""
    return np.asarray(debye * (binned.high**d - binned.low**d) / d)


def _window(binned: BinnedDensity, debye: float, d: int, cutoff: float | None) -> tuple[float, float]:
    """Return omega_cut and omega_window, which is an edge."""
    edges = binned.high
    if cutoff is not None:
        cutoff = real("cutoff", cutoff, above=0.0, most=float(edges[-1]), otherwise="the bins end below it")
    if binned.counts is None or binned.samples is None:
        if cutoff is None:
            raise ValueError(
                "cutoff (--cutoff): must be given, as D without counts does not say how far it is omega^4"
            )
        cut, most = cutoff, np.inf
    else:
        excess = np.cumsum(binned.counts - binned.exposure * debye_in(binned, debye, d))
        least = max(MODES_PER_SAMPLE * binned.samples, float(LEAST_MODES))
        if cutoff is not None:
            cut = cutoff
            least = max(float(np.interp(cut, edges, excess)), 1.0)
        elif not (excess >= least).any():
            raise ValueError(
                f"debye = {debye:.4g}: counts are at most {excess.max():.3g} above the Debye part, must be "
                f"{least:g} at least; is the level in the units of the bins, and are all modes in them?"
            )
        else:
            cut = float(edges[np.argmax(excess >= least)])
        most = (
            float(edges[np.argmax(excess >= WINDOW * least)]) if (excess >= WINDOW * least).any() else np.inf
        )
    inside = edges <= min(max(most, cut), WIDEST * cut) * (1.0 + 1e-9)
    if inside.sum() < 3:
        raise ValueError(
            f"bins: {inside.sum()} end below omega_window = {min(most, WIDEST * cut):.4g}, must be three at "
            "least; give narrower ones"
        )
    return cut, float(edges[inside][-1])


def _data(binned: BinnedDensity, debye: float, d: int, end: float) -> BinnedData:
    used = binned.high <= end * (1.0 + 1e-9)
    low, width = binned.low[used], binned.width[used]
    omega = (low[:, np.newaxis] + width[:, np.newaxis] * _PLACES) / end
    values = binned.density[used] * width * binned.exposure
    variance = None if binned.counts is not None else (binned.error[used] * width) ** 2
    waves = binned.exposure * debye_in(binned, debye, d)[used]
    scatter = np.sqrt((np.maximum(values, 1.0) if variance is None else variance).sum())
    excess, relative = float((values - waves).sum()), binned.weights == "scatter"
    if excess <= (0.0 if relative else SURE * scatter):
        raise ValueError(
            f"debye = {debye:g}: what is above the Debye part below omega_window = {end:.4g}, {excess:.3g} "
            f"+- {scatter:.2g}, must be three of its errors; give a lower level or a higher cutoff"
        )
    shares = 5.0 * omega**4 * (width / end)[:, np.newaxis] * _SHARES
    return BinnedData(values, variance, relative, waves, shares, features(np.minimum(omega, 1.0) ** 2))
