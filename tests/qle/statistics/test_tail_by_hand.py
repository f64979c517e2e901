"""Every number of `tail` and `crossover` once more: by another quadrature and another search."""

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
import xarray as xr
from scipy import optimize, stats

from qle.statistics import compare, crossover, tail
from qle.statistics.resampling import resampling_weights

Array = np.ndarray
N, SAMPLES, STORED = 60, 40, 8
BETA = np.array(
    [
        optimize.brentq(lambda b: math.cos(b) + 1 / math.cosh(b), *np.multiply(math.pi, (k + 0.2, k + 0.8)))
        for k in range(4)
    ]
)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(120)
U = (1 + NODES) / 2
SHARE = WEIGHTS / 2 * 5 * U**4  # of the modes of an omega^4 law


def features(u: Array) -> Array:
    """Return 1, z, four shapes of a rod that is clamped at z = u^2 = 0, and ln u; (n, 7)."""
    y = np.multiply.outer(u**2, BETA)
    ratio = (np.cosh(BETA) + np.cos(BETA)) / (np.sinh(BETA) + np.sin(BETA))
    rod = np.cosh(y) - np.cos(y) - ratio * (np.sinh(y) - np.sin(y))
    return np.column_stack([np.ones_like(u), u**2, rod, np.log(u)])


class Law(NamedTuple):
    """The law of greatest penalised likelihood of modes below `end`."""

    theta: Array
    penalty: Array
    information: Array
    residuals: Array

    def estimate(self, direction: Array) -> tuple[float, float, float, float]:
        """Return the value, its error, the share of the allowance, and the degrees of freedom."""
        h = np.linalg.solve(self.information + np.diag(self.penalty), direction)
        S, f = len(self.residuals), features(U)[:, : h.size]
        free = h @ self.information @ h
        fourth = S * np.sum(SHARE * np.exp(f @ self.theta) * (f @ h) ** 4) / free**2
        measured = S / (S - 1) * np.sum((self.residuals @ h) ** 2) / free
        phi = 1.0
        for _ in range(3):
            nu = 1 / (1 / (S - 1) + max(fourth * (1 / phi + 6 * (phi - 1)) / 2, -1 / S))
            phi = (0.5 + nu * measured) / (0.5 + nu)
        sampling, allowance = phi * free, np.sum(self.penalty * h**2)
        total = sampling + allowance
        return direction @ self.theta, total**0.5, allowance / total, (0.5 + nu) * (total / sampling) ** 2

    def interval(self, direction: Array, confidence: float = 0.95) -> tuple[float, float]:
        """Return the ends of Student's interval."""
        value, error, _, freedom = self.estimate(direction)
        low, high = stats.t.interval(confidence, freedom, value, error)
        return float(low), float(high)


def fitted(frequency: Array, end: float, penalty: Array, weights: Array | None = None) -> Law:
    """Return the law of samples, each counted as often as its weight says."""
    p = penalty.size
    sums = np.array([features(row[row < end] / end).sum(axis=0)[:p] for row in frequency])
    times = np.ones(len(frequency)) if weights is None else weights
    S, f = times.sum(), features(U)[:, :p]

    def rates(theta: Array) -> Array:
        return np.asarray(S * SHARE * np.exp(f @ theta))

    start = np.zeros(p)
    start[0] = math.log((times @ sums)[0] / S)
    found = optimize.root(
        lambda theta: rates(theta) @ f + penalty * theta - times @ sums, start,
        jac=lambda theta: f.T @ (rates(theta)[:, np.newaxis] * f) + np.diag(penalty), tol=1e-12,
    )  # fmt: skip
    information = f.T @ (rates(found.x)[:, np.newaxis] * f)
    return Law(found.x, penalty, information, sums - rates(found.x) @ f / S)


def penalty(reach: float, slope: float, roughness: float, *, power: bool = False) -> Array:
    """Return inverse variances: those of b x and of W up to x = reach, and 1/30^2 of the exponent."""
    shapes = BETA**4 / (roughness**2 * reach**3)
    return np.array([0.0, (slope * reach) ** -2, *shapes, *([30.0**-2] if power else [])])


@pytest.fixture(scope="module")
def swept() -> xr.Dataset:
    """Return two points of a law that bends down from omega^4; at each other samples are left out."""
    rng = np.random.default_rng(1)
    numbers = (
        np.cumsum(rng.exponential(size=(2, SAMPLES, STORED)), axis=2) / np.array([8.0, 30.0])[:, None, None]
    )
    frequency = numbers**0.2 / (1 + 0.3 * numbers**0.4)
    status = np.zeros((2, SAMPLES), np.int8)
    status[0, [3, 7]], status[1, [7, 20, 29]] = 1, -1
    meaning = {"flag_values": np.array([-1, 0, 1], np.int8), "flag_meanings": "missing converged saddle"}
    grid = ("J", "sample")
    return xr.Dataset(
        {
            "status": (grid, status, meaning),
            "frequency": ((*grid, "mode"), frequency),
            "energy": (grid, rng.normal(size=(2, SAMPLES))),
            "mean_x2": (grid, rng.random((2, SAMPLES))),
        },
        coords={"J": [0.1, 0.2], "sample": np.arange(SAMPLES), "N": N},
    )


@pytest.mark.parametrize("share", [0.5, 1.2])
def test_every_number_of_the_tail(swept: xr.Dataset, share: float) -> None:
    found = tail(swept, modes_per_sample=share, resamples=4)
    for k in range(2):
        counts = swept["status"].values[k] == 0
        omega = swept["frequency"].values[k][counts]
        S, here = len(omega), found.isel(J=k)
        every, complete = np.sort(omega, axis=None), omega[:, -1].min()
        cut = min(every[int(share * S)], complete)
        n = np.sum(omega < cut)
        window = max(min(every[6 * n], complete, 3**0.5 * cut), cut)
        names = ("omega_cut", "omega_window", "omega_complete", "n_modes", "n_window", "n_soft_samples")
        expected = (cut, window, complete, n, np.sum(omega < window), np.sum(omega[:, 0] < cut))
        np.testing.assert_allclose([here[name] for name in names], expected, rtol=1e-14)
        reach = (window / cut) ** 2
        law = fitted(omega, window, penalty(reach, 0.65, 0.45))
        value, error, allowance, _ = law.estimate(np.eye(6)[0])
        scale = 5 / (N * window**5)
        A_g = scale * math.exp(value)
        low, high = (scale * math.exp(end) for end in law.interval(np.eye(6)[0]))
        compared(here, "A_g", (A_g, low, high), A_g * error)
        assert float(here["A_g_allowance"]) == pytest.approx(allowance, rel=1e-6)
        bend = features(np.array([cut / window]))[0, :6] * (np.arange(6) > 0)
        compared(here, "bend", (law.estimate(bend)[0], *law.interval(bend)))
        free = fitted(omega, window, penalty(reach, 0.65, 0.25, power=True))
        value, error, *_ = free.estimate(np.eye(7)[6])
        compared(here, "exponent", tuple(4 + x for x in (value, *free.interval(np.eye(7)[6]))), error)
        low, high = free.interval(np.eye(7)[6], 0.99)
        assert low < 0 < high
        assert str(here["verdict"].attrs["flag_meanings"]).split()[int(here["verdict"])] == "given"
        per_mode = N * cut**5 / 5
        assert float(here["A_at_cut"]) == pytest.approx(n / (S * per_mode), rel=1e-12)
        weights = resampling_weights(SAMPLES, 4)[:, counts]
        replicates = weights @ (omega < cut).sum(axis=1) / (weights.sum(axis=1) * per_mode)
        np.testing.assert_allclose(here["A_at_cut_resampled"], replicates, rtol=1e-12)
        assert float(here["A_at_cut_error"]) == pytest.approx(replicates.std(ddof=1), rel=1e-12)
        theta = [fitted(omega, window, penalty(reach, 0.65, 0.45), w).theta[0] for w in weights]
        np.testing.assert_allclose(here["A_g_resampled"], scale * np.exp(theta), rtol=1e-6)


def compared(here: xr.Dataset, name: str, ends: tuple[float, ...], error: float | None = None) -> None:
    """Compare a number with its interval and error."""
    found = [float(here[name + end]) for end in ("", "_low", "_high")]
    np.testing.assert_allclose(found, ends, rtol=1e-5, atol=1e-7)
    if error is not None:
        assert float(here[f"{name}_error"]) == pytest.approx(error, rel=1e-6)


def window_of(omega: Array, end: float, L: float) -> tuple[Law, float]:
    """Return the fit of modes below `end`, and z where |g| first is L on a grid of 200, nan if nowhere."""
    law = fitted(omega, end, penalty(1.0, 5.0 * L, 2.0 * L))
    z = np.arange(201) / 200
    g = np.abs(np.append(0.0, shapes(z[1:]) @ law.theta))
    j = next((j for j in range(1, 201) if g[j] >= L), None)
    return law, math.nan if j is None else z[j - 1] + (L - g[j - 1]) / (g[j] - g[j - 1]) / 200


@pytest.mark.parametrize("sign", [-1.0, 1.0])
@pytest.mark.parametrize("factor", [1.5, 2.0])
def test_every_number_of_a_crossover(factor: float, sign: float) -> None:
    """D = A_g omega^4 exp(-+ omega^2) is off its law by the factor at omega^2 = ln(factor)."""
    rng = np.random.default_rng(2)
    L = math.log(factor)
    u = np.linspace(0.0, 2.0, 4001)
    number = np.cumsum(u**4 * np.exp(sign * u**2))
    events = np.cumsum(rng.exponential(size=(200, 40)), axis=1) / 10.0  # 2000 below 1
    omega = np.interp(events, number / number[2000], u)[:, :25]
    meaning = {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    one = xr.Dataset(
        {
            "status": (("J", "sample"), np.zeros((1, 200), np.int8), meaning),
            "frequency": (("J", "sample", "mode"), omega[np.newaxis]),
        },
        coords={"J": [0.1], "sample": np.arange(200), "N": 500},
    )
    found = crossover(one, factor=factor, cutoff=0.5).squeeze()
    last, end = omega[:, -1].min(), 0.5
    while True:
        law, z = window_of(omega, end, L)
        value, error, *_ = law.estimate(shapes(np.ones(1))[0])
        if abs(value) > max(L, 3 * error):
            break
        end = min(1.15 * end, last)
    for _ in range(3):
        end = min(1.3 * end * z**0.5, last)
        law, z = window_of(omega, end, L)
    g, error, *_ = law.estimate(shapes(np.array([z]))[0])
    assert np.sign(g) == float(found["side"]) == sign
    assert float(found["omega_x"]) == pytest.approx(end * z**0.5, rel=1e-6)
    near = shapes(z * np.array([0.99, 1.01])) @ law.theta
    steepness = abs(near[1] - near[0]) / 0.01  # in ln omega
    assert float(found["omega_x_error"]) == pytest.approx(end * z**0.5 * error / steepness, rel=1e-2)
    ends = np.sort([np.multiply(sign, law.interval(shape)) for shape in shapes(np.arange(1, 201) / 200)])
    first = [next((k + 1 for k in range(200) if ends[k, side] >= L), np.inf) / 200 for side in (1, 0)]
    expected = end * np.sqrt(first)
    np.testing.assert_allclose([found["omega_x_low"], found["omega_x_high"]], expected, rtol=1e-6)
    assert float(found["omega_cut"]) == 0.5


def shapes(z: Array) -> Array:
    """Return the features of g, without the constant and ln omega: those of ln D less those at omega -> 0."""
    return features(np.sqrt(z))[:, :6] * (np.arange(6) > 0)


def test_the_error_of_a_ratio_is_that_of_the_same_replicates(swept: xr.Dataset) -> None:
    rng = np.random.default_rng(3)
    other = swept.assign(frequency=swept["frequency"] * rng.uniform(0.9, 1.1, (2, SAMPLES, 1)))
    found = compare({"a": swept, "b": other}, resamples=30)
    laws: Any = [tail(one, resamples=30) for one in (swept, other)]
    ratio = laws[1]["A_g_resampled"].values / laws[0]["A_g_resampled"].values
    np.testing.assert_allclose(
        found["A_g_ratio_error"].sel(protocol="b"), ratio.std(axis=1, ddof=1), rtol=1e-12
    )
    np.testing.assert_allclose(
        found["A_g_ratio"].sel(protocol="b"), laws[1]["A_g"] / laws[0]["A_g"], rtol=1e-12
    )
    np.testing.assert_array_equal(found["A_g_ratio_error"].sel(protocol="a"), 0.0)
