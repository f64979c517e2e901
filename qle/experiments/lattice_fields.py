"""Static fields on the lattice: dilute sources on sites, dense ones, and relaxed samples at weak coupling."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from lattice_gps import GPSLattice
from lattice_gps.fields import static_fields
from lattice_gps.geometry import distance
from lattice_gps.profile import shells
from qle.experiments.integer_vectors import numbers_by_norm
from qle.measurements.lattice import relax
from qle.verification.comparison import Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SEED = 220
J, DISPLACEMENT = 0.4, 1.25
FIELDS = {True: 20_000, False: 200_000}
DILUTE = {1: (60_001, 2e-3), 2: (501, 4e-4), 3: (101, 1e-4)}  # d: L, sources per site
BALLS = {1: (10.0, 30.0, 20_000), 2: (3.0, 9.0, 200), 3: (3.0, 8.0, 150)}  # d: radii, and edge of the sum
WIDTHS = 3.0  # gamma times the largest t
WAVE = 10.0  # bound of the oscillation at these radii: 4 in the worst case, d = 3
EDGE = 3.0  # of the window of the tail: the field of a source so far away, where sites are dense enough
ABOVE = 10.0  # widths at which the window begins
WEAK = (0.01, 12)  # J, L of relaxed samples
WINDOW = (1.2e-5, WEAK[0] ** 1.5 / 2.0 / 2.0**3)  # displacements are about J^(1/2); sources at r > 2
SOURCES = 60  # of a sample that exert fields anew: more change nothing


def window(quick: bool) -> list[Comparison]:
    """Measure the tail exponent between 10 widths and what a source at r = 3 exerts, in d = 1, 2, 3."""
    found = []
    for d, (L, n) in DILUTE.items():
        field = _dilute(L, d, n, FIELDS[quick], SEED + d)
        width = float(formulas.dilute_field_width(np, n, J, DISPLACEMENT, float(d)))
        low, high = ABOVE * width, 0.5 * J * DISPLACEMENT / EDGE**d
        inside = np.abs(field[(np.abs(field) > low) & (np.abs(field) < high)])
        exponent, error = _tail_exponent(inside, low, high)
        how = (
            f"{inside.size} of {field.size} fields of sources on {n:g} of the sites of L = {L}, between "
            f"{low:.3g} and {high:.3g}, maximum likelihood"
        )
        found.append(
            sampled(
                "lattice-field-law", f"tail exponent on sites, d = {d}", 2.0, exponent, error, how,
                alternatives={"f^(-3/2)": 1.5, "f^-3": 3.0},
            )
        )  # fmt: skip
        waves = np.cos(field / width)
        error = waves.std() / math.sqrt(field.size)
        how = f"{field.size} fields of sources on {n:g} of the sites of L = {L}"
        quantity = f"E[cos(f/gamma)] on sites, d = {d}"
        found.append(sampled("lattice-field-law", quantity, math.exp(-1.0), waves.mean(), error, how))
    return found


def crowded(quick: bool) -> list[Comparison]:
    """Compare -ln E[cos(t f)], summed over the sites of a lattice, with what sites change to order n.

    The number of sites in a ball oscillates about its volume, and the sum with it, as the cosine of a phase
    2 pi (1 + 1/d) r: that of sin(t/(2 r^d)) turns as slowly as that of the sites at t = (4 pi/d) r^(d + 1). A
    mean over M turns with Hann's window leaves 1/(pi M (M^2 - 1)) of it.
    """
    found = []
    for d, (start, end, edge) in BALLS.items():
        r = np.linspace(start, end, 500)
        window = np.sin(math.pi * (r - start) / (end - start)) ** 2
        times = 4.0 * math.pi / d * r ** (d + 1)
        n = WIDTHS / (float(formulas.dilute_field_width(np, 1.0, 1.0, 1.0, float(d))) * times[-1])
        width = float(formulas.lattice_field_width(np, n, 1.0, 1.0, float(d)))
        dilute = float(formulas.dilute_field_width(np, n, 1.0, 1.0, float(d)))
        change = (_exponents(times, n, d, edge) - dilute * times) / n
        stated = ((width - dilute) * times + math.log1p(-n)) / n
        predicted, measured = (float(np.average(one, weights=window)) for one in (stated, change))
        turns = (1.0 + 1.0 / d) * (end - start)
        left = WAVE / (math.pi * turns * (turns**2 - 1.0)) + WIDTHS * n
        how = (
            f"sum over sites up to r = {edge} at n = {n:.2g}, mean over t = {times[0]:.3g} to "
            f"{times[-1]:.3g} with Hann's window; tolerance: what it leaves in {turns:.3g} turns of the "
            f"oscillation of the number of sites in a ball, of amplitude {WAVE:g} at most, and the next "
            f"order, {WIDTHS:g} n"
        )
        quantity = f"change of -ln E[cos(t f)] by sites, over n, d = {d}"
        bare = math.log1p(-n) / n
        others = {"sites change nothing": 0.0, "no 1 + n/3": bare, "no 1/(1 - n)": predicted - bare}
        found.append(
            computed(
                "lattice-field-sites", quantity, predicted, measured, left, how,
                alternatives={f"{name}, d = {d}": value for name, value in others.items()},
            )
        )  # fmt: skip
    return found


def _exponents(times: Array, n: float, d: int, edge: int) -> Array:
    """Return -ln E[cos(t f)] of sources of J x = 1 on a fraction n of the sites, up to the edge and on."""
    if d == 1:
        r, counts = np.arange(1.0, edge + 1.0), np.full(edge, 2.0)
    else:
        numbers = numbers_by_norm(d, edge**2 + 1)
        norms = np.flatnonzero(numbers)[1:]
        r, counts = np.sqrt(norms), numbers[norms].astype(np.float64)
    first = edge + (0.5 if d == 1 else 0.0)  # half of the last interval is that of the last site
    ball = 2.0 * math.pi ** (0.5 * d) / math.gamma(0.5 * d)  # its surface over r^(d - 1)
    sums = np.empty(times.size)
    for k, t in enumerate(times):
        s = np.sinc(0.5 * t / (math.pi * r**d))  # mean of cos(t g/r^d)
        # of 1 - s = y^2/6 - y^4/120, y = t/(2 r^d)
        beyond = ball / d * (t**2 / (24.0 * first**d) - t**4 / (5760.0 * first ** (3 * d)))
        sums[k] = n * beyond - np.sum(counts * np.log1p(-n * (1.0 - s)))
    return sums


def dense(quick: bool) -> list[Comparison]:
    """Compare the kurtosis of fields of independent displacements, on few sites and on all."""
    found, L = [], 7
    shell = shells(L, 3)
    r, counts = shell.r[1:], shell.counts[1:]
    sums = [float(np.sum(counts * r ** (-3.0 * power))) for power in (2, 4)]
    rng = np.random.Generator(np.random.PCG64(SEED))
    distance = np.repeat(r, counts)
    for n in (1.0, 0.3):
        fields = []
        for _ in range(5 if quick else 200):
            x = rng.normal(size=(5000, distance.size)) * (rng.random((5000, distance.size)) < n)
            fields.append((x * rng.uniform(-0.5, 0.5, x.shape)) @ distance**-3.0)
        field = np.concatenate(fields)
        kurtosis, error = _kurtosis(field)
        predicted = formulas.dense_field_kurtosis(np, 3.0 / n, *sums)
        how = f"{field.size} fields of normal displacements on a fraction n of the sites, L = {L}, d = 3"
        quantity = f"excess kurtosis, n = {n:g}"
        normal = {"normal fields": 0.0}
        found.append(
            sampled("lattice-field-dense", quantity, predicted, kurtosis, error, how, alternatives=normal)
        )
    return found


def weak(quick: bool) -> list[Comparison]:
    """Compare the tail of fields in relaxed samples with that of their displacements and other couplings.

    In the law of dilute fields couplings know nothing of displacements; in a minimum they made them. The
    window is as narrow, and its sites as few, for both.
    """
    samples = 150 if quick else 2000
    params = GPSLattice(L=WEAK[1], J=WEAK[0])
    rng = np.random.Generator(np.random.PCG64(SEED))
    own, anew = [], []
    for sample in range(samples):
        problem, x = relax(params, seed=SEED, sample=sample)
        stiff = problem.stiffness > 0.1
        own.append(_inside(static_fields(problem, x)[stiff]))
        anew.append(_inside(_anew(x, stiff, params, rng)))
    groups = np.array_split(np.arange(samples), 20)  # fields of a sample share their sources

    def excess(left_out: NDArray[np.intp]) -> float:
        kept = np.setdiff1d(np.arange(samples), left_out)
        one, other = (
            _tail_exponent(np.concatenate([rows[s] for s in kept]), *WINDOW)[0] for rows in (own, anew)
        )
        return one - other

    without = np.array([excess(group) for group in groups])
    m = len(groups)
    error = math.sqrt((m - 1) / m * float(np.sum((without - without.mean()) ** 2)))
    how = (
        f"{sum(row.size for row in own)} fields between {WINDOW[0]:.3g} and {WINDOW[1]:.3g} on sites of "
        f"kappa > 0.1 in {samples} minima of L = {params.L}; error from leaving out twentieths of the samples"
    )
    quantity = f"tail exponent in minima less that of couplings drawn anew, J = {params.J:g}, d = 3"
    measured = excess(np.array([], np.intp))
    return [sampled("lattice-field-law", quantity, 0.0, measured, error, how, freedom=m - 1)]


def _inside(field: Array) -> Array:
    """Return the magnitudes that are in the window."""
    size = np.abs(field)
    inside: Array = size[(size > WINDOW[0]) & (size < WINDOW[1])]
    return inside


def _anew(x: Array, at: NDArray[np.bool_], params: GPSLattice, rng: np.random.Generator) -> Array:
    """Return fields at some sites of the largest displacements and other couplings, four draws of them."""
    sources = np.argsort(-np.abs(x))[:SOURCES]
    r = distance(params.L, params.d, np.flatnonzero(at)[:, None], sources)
    reach = np.divide(params.J, r**params.d, out=np.zeros_like(r), where=r > 0.0)
    fields: Array = np.concatenate([(reach * rng.uniform(-0.5, 0.5, r.shape)) @ x[sources] for _ in range(4)])
    return fields


def _dilute(L: int, d: int, n: float, count: int, seed: int) -> Array:
    """Return fields at a site of sources so few that two hardly ever meet on a site."""
    rng = np.random.Generator(np.random.PCG64(seed))
    field = np.empty(count)
    for start in range(0, count, 2000):
        size = min(2000, count - start)
        owner = np.repeat(np.arange(size), rng.binomial(L**d - 1, n, size))
        steps = np.array(np.unravel_index(rng.integers(1, L**d, owner.size), (L,) * d))
        steps = np.minimum(steps, L - steps)
        distance = np.sqrt(np.sum(steps**2, axis=0, dtype=np.float64))
        terms = J * DISPLACEMENT * rng.uniform(-0.5, 0.5, owner.size) / distance**d
        field[start : start + size] = np.bincount(owner, terms, size)
    return field


def _tail_exponent(values: Array, low: float, high: float) -> tuple[float, float]:
    """Return alpha of p ~ f^-alpha on (low, high) by maximum likelihood, and its error."""
    end = math.log(high / low)
    mean = float(np.mean(np.log(values / low))) / end

    def excess(a: float) -> float:
        """Return the mean of u in (0, 1) of density ~ exp(-a u), less that measured."""
        return 1.0 / a - 1.0 / math.expm1(a) - mean if abs(a) > 1e-6 else 0.5 - mean

    a = float(brentq(excess, -200.0, 200.0))
    variance = 1.0 / a**2 - 1.0 / (2.0 * math.sinh(0.5 * a)) ** 2 if abs(a) > 1e-3 else 1.0 / 12.0
    return 1.0 + a / end, 1.0 / (end * math.sqrt(values.size * variance))


def _kurtosis(field: Array) -> tuple[float, float]:
    """Return the excess kurtosis and its error, of independent values of mean zero."""
    square = field**2 / np.mean(field**2)
    kurtosis = float(np.mean(square**2))
    influence = square**2 - 2.0 * kurtosis * square
    return kurtosis - 3.0, float(influence.std()) / math.sqrt(field.size)


EXPERIMENTS = (
    Experiment(claims=("lattice-field-law",), run=window, seconds=3.0),
    Experiment(claims=("lattice-field-sites",), run=crowded, seconds=1.0),
    Experiment(claims=("lattice-field-dense",), run=dense, seconds=2.0),
    Experiment(claims=("lattice-field-law",), run=weak, seconds=8.0),
)
