"""What experiments on the lattice and on crossovers make of samples: each number a second way."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

import khgps
import lattice_gps
import quartic
from lattice_gps import GPSLattice
from qle.experiments import crossover, lattice_boson_peak, lattice_profiles, lattice_spectra
from qle.measurements.lattice import relax
from qle.measurements.lattice_modes import LatticeModes
from qle.statistics.resampling import resampling_weights
from qle.verification.comparison import Comparison
from tests.on_paper import differences
from theory import formulas

Array = np.ndarray


def numbers(one: Comparison) -> tuple[float, float]:
    return one.measured, one.error


TAILS = [
    (lattice_spectra.flat, 0.0, 0.1, 0.072), (lattice_spectra.root, 0.5, 0.2, 0.09),
    (lattice_spectra.linear, 1.0, 0.3, 0.12), (lattice_spectra.square, 2.0, 0.7, 0.16),
]  # fmt: skip


@pytest.mark.parametrize(
    ("run", "beta", "J", "cut"), TAILS, ids=lambda one: getattr(one, "__name__", str(one))
)
def test_exponents_of_tails(
    run: Any, beta: float, J: float, cut: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(n - 1)/sum of logarithms; its relative error is that of n - power sum over samples."""
    rng = np.random.default_rng(round(10 * beta))
    made: list[LatticeModes] = []
    for _ in range(2):
        sample = np.sort(rng.integers(600, size=300))
        made.append(LatticeModes(cut * rng.power(5, 300), sample, np.empty((0, 300)), 600, 3 * len(made)))

    def lattice_modes(params: GPSLattice, omega_cut: float, **options: Any) -> list[LatticeModes]:
        assert params == GPSLattice(L=8, J=J, beta=beta)
        assert (omega_cut, options) == (cut, {"samples": 600, "seed": 210})
        return made

    monkeypatch.setattr(lattice_spectra, "lattice_modes", lattice_modes)
    found = run(True)
    assert differences(found, measured=False) == []
    for one, modes in zip(found, made[::-1], strict=True):
        logs = np.log(cut / modes.frequency)
        power = 299 / logs.sum()
        residuals = [np.sum(1 - power * logs[modes.sample == s]) for s in range(600)]
        assert numbers(one) == pytest.approx((power - 1, power * np.linalg.norm(residuals) / 300), rel=1e-9)
        assert f"; {modes.upper} modes moved" in one.how


def test_exponents_without_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """D ~ omega below the cut-off; of beta = 0 also the modes between 0.28 and 0.56, before and after."""
    drawn: list[tuple[GPSLattice, int]] = []

    def draw(params: GPSLattice, *, seed: int, sample: int) -> int:
        assert seed == 210
        drawn.append((params, sample))
        return sample

    def reconstruct(problem: int, *, seed: int) -> SimpleNamespace:
        assert seed == problem
        return row(len(drawn))

    def row(number: int) -> SimpleNamespace:
        rng = np.random.default_rng(number)
        return SimpleNamespace(reconstructed=rng.random(20), final=rng.random(20) ** 0.8)

    monkeypatch.setattr(lattice_spectra, "draw", draw)
    monkeypatch.setattr(lattice_spectra, "reconstruct", reconstruct)
    found = lattice_spectra.steps(True)
    assert differences(found, measured=False) == []
    places = ((0.0, 0.1, 0.12), (1.0, 0.4, 0.15), (2.0, 0.5, 0.15))
    assert drawn == [(GPSLattice(L=8, J=J, beta=beta), s) for beta, J, _ in places for s in range(120)]
    rows = [row(number) for number in range(1, 361)]
    exponents = [one for one in found if one.quantity.startswith("exponent")]
    for k, (one, (*_, cut)) in enumerate(zip(exponents, places, strict=True)):
        omega = np.sqrt(np.concatenate([row.reconstructed for row in rows[120 * k : 120 * k + 120]]))
        below = omega[omega < cut]
        power = (below.size - 1) / np.log(cut / below).sum()
        assert numbers(one) == pytest.approx((power - 1, power / below.size**0.5), rel=1e-12)
    first, last = (np.sqrt([getattr(row, name) for row in rows[:120]]) for name in ("reconstructed", "final"))
    (kept,) = (one for one in found if one not in exponents)
    before = np.sum((first > 0.28) & (first < 0.56))
    assert kept.measured == np.sum((last > 0.28) & (last < 0.56)) / before
    assert kept.tolerance == np.sum(first < 0.14) / before


def test_unstable_directions_are_extrapolated_to_small_couplings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the ratio at J less that at 2 J, of the same samples; predicted by the pairs of the lattice.

    Of a pair of uniform stiffnesses with k k' < c^2, |c| = J t/r^3, t uniform on (-1/2, 1/2): the mean over t
    of p (1 - ln p), p = c^2, by Gauss and Legendre.
    """
    counts = {J: np.random.default_rng(round(100 * J)).integers(0, 3, 1500) for J in (0.03, 0.06)}

    def hessian(problem: tuple[float, int], x: Array) -> Array:
        assert not x.any()
        assert x.size == 125
        return np.diag(np.where(np.arange(4) < counts[problem[0]][problem[1]], -1.0, 1.0))

    def draw(params: GPSLattice, *, seed: int, sample: int) -> tuple[float, int]:
        assert (params.L, seed) == (5, 210)
        return params.J, sample

    monkeypatch.setattr(lattice_spectra, "draw", draw)
    monkeypatch.setattr(lattice_spectra, "quartic", SimpleNamespace(hessian=hessian))
    (found,) = lattice_spectra.unstable(True)
    sites = lattice_gps.coordinates(5, 3)
    r = np.sqrt((np.minimum(sites, 5 - sites) ** 2).sum(axis=1))[1:]
    t, weight = np.polynomial.legendre.leggauss(200)
    ratios = []
    for J in (0.03, 0.06):
        p = (J / r[:, np.newaxis] ** 3 * (t + 1) / 4) ** 2  # t on (0, 1/2)
        pairs = 0.5 * np.sum((p * (1 - np.log(p))) @ weight / 2)  # per site
        ratios.append(counts[J] / (125 * pairs))
    limit = 2 * ratios[0] - ratios[1]
    assert numbers(found) == pytest.approx((limit.mean(), stats.sem(limit)), rel=1e-5)
    assert found.predicted == 1.0
    assert f"(ratios {ratios[0].mean():.3f}, {ratios[1].mean():.3f})" in found.how


def test_decays_are_extrapolated_to_small_couplings(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def exponents(L: int, d: int, coupling: float, samples: int) -> list[float]:
        asked.append((L, d, coupling, samples))
        return list(np.random.default_rng(round(1e5 * coupling) + L).normal(2.0 * d, 0.3, samples))

    own = lattice_profiles._exponents
    monkeypatch.setattr(lattice_profiles, "_exponents", exponents)
    found = lattice_profiles.decay(True)[:6]
    sizes = ((1, 64), (1, 512), (2, 16), (2, 24), (3, 8), (3, 12))
    assert asked == [(L, d, J, 40) for d, L in sizes for J in (0.00125, 0.0025)]
    for one, (d, L) in zip(found, sizes, strict=True):
        near, far = (np.array(exponents(L, d, J, 40)) for J in (0.00125, 0.0025))
        assert numbers(one) == pytest.approx((np.mean(2 * near - far), stats.sem(2 * near - far)), rel=1e-12)
        assert (one.predicted, one.size) == (2 * d, 39)
        assert [value for _, value in one.alternatives] == [d, 3 * d]
        assert one.p_value == pytest.approx(
            2 * stats.t.sf(abs(one.measured - 2 * d) / one.error, 39), rel=1e-9
        )
    # of three modes of a chain, on both sides of their centres, from two sites on
    values = own(12, 1, 0.01, 2)
    for sample, value in enumerate(values):
        problem, x = relax(GPSLattice(L=12, J=0.01, d=1), seed=230, sample=sample)
        psi = np.linalg.eigh(quartic.hessian(problem, x))[1][:, :3]
        r, weights = [], []
        for mode in psi.T:
            centre = int(np.abs(mode).argmax())
            for step in (*range(2, 7), *range(-5, -1)):
                r.append(math.log(abs(step)))
                weights.append(2 * math.log(abs(mode[(centre + step) % 12] / mode[centre])))
        assert value == pytest.approx(-np.polyfit(r, weights, 1)[0], rel=1e-6)


def test_the_slope_of_boson_peaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ln omega in ln(J <|x|>) by least squares, at three levels, of samples and of replicates of them."""
    couplings = {0.05: (12, 4), 0.1: (8, 5), 0.2: (8, 5)}
    monkeypatch.setattr(lattice_boson_peak, "PEAKS", couplings)
    monkeypatch.setattr(lattice_boson_peak, "SAMPLES", {12: {True: 9}, 8: {True: 7}})
    monkeypatch.setattr(lattice_boson_peak, "FIRST", 0)

    def made(params: GPSLattice, sample: int) -> tuple[Array, Array]:
        rng = np.random.default_rng(round(1000 * params.J) + sample)
        return np.sort(0.02 * params.J * rng.random(params.N)), params.J**1.5 * rng.normal(size=params.N)

    def sampled(params: GPSLattice, *, seed: int, sample: int) -> tuple[tuple[GPSLattice, int], Array]:
        assert seed == 211
        return (params, sample), made(params, sample)[1]

    def low_modes(problem: tuple[GPSLattice, int], x: Array, k: int) -> SimpleNamespace:
        assert (x == made(*problem)[1]).all()
        return SimpleNamespace(eigenvalues=made(*problem)[0][:k])

    def plateau(frequency: Array, N: int, level: float, weights: Array) -> Array:
        return np.asarray(weights @ frequency[:, :2].sum(axis=1) * level / weights.sum(axis=1) / N**0.1)

    monkeypatch.setattr(lattice_boson_peak, "relax", sampled)
    monkeypatch.setattr(lattice_boson_peak, "quartic", SimpleNamespace(low_modes=low_modes))
    monkeypatch.setattr(lattice_boson_peak, "plateau_frequency", plateau)
    monkeypatch.setattr(lattice_boson_peak, "pair_moments", lambda J, samples: np.array([[J**3.4 * samples]]))
    (found,) = lattice_boson_peak.peaks(True)
    x, y = [], []
    for J, (L, _) in couplings.items():
        samples = 9 if L == 12 else 7
        rows = [made(GPSLattice(L=L, J=J), s) for s in range(samples)]
        weights = np.vstack([np.ones(samples), resampling_weights(samples, 200)])
        x.append(np.log(J * weights @ [np.abs(row[1]).mean() for row in rows] / samples))
        frequency = np.sqrt([row[0][:4] for row in rows])
        y.append([np.log(plateau(frequency, L**3, level, weights)) for level in (0.5, 0.25, 0.75)])
    logs, ordinates = np.array(x), np.array(y)
    slopes = np.array(
        [[np.polyfit(logs[:, r], ordinates[:, level, r], 1)[0] for level in range(3)] for r in range(201)]
    )
    spread = math.hypot(slopes[1:, 0].std(ddof=1), (slopes[0, 1] - slopes[0, 2]) / 2)
    assert numbers(found) == pytest.approx((4.4 * slopes[0, 0], 4.4 * spread), rel=1e-6)
    assert found.predicted == pytest.approx(7 / 6)
    assert [value for _, value in found.alternatives] == pytest.approx([7 / 4, 0.5])
    raw = np.polyfit(np.log(list(couplings)), ordinates[:, 0, 0], 1)[0]
    assert f"J = 0.05 to 0.2; {raw:.3f} in J itself) times 4.400 (of J <|x|>" in found.how


def test_the_largest_prefactor_by_counted_modes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Maxima of parabolas through ln n, weighted by n, of samples and replicates; differences of places."""

    def counted(params: khgps.KHGPS, cut: float, **options: Any) -> SimpleNamespace:
        assert options == {"samples": 150, "seed": 120, "lower": False}
        assert params.N == 300
        assert cut == pytest.approx(0.45 * (9 * params.h**2 / 2) ** (1 / 6))
        rng = np.random.default_rng(round(1e7 * params.J))
        return SimpleNamespace(counts=rng.poisson(0.6, 150).astype(float))

    monkeypatch.setattr(crossover, "soft_modes", counted)
    found = crossover.largest(True)
    assert differences(found, measured=False) == []
    places = [(0.01, 0.3), (0.01, 1.0), (0.01, 3.0), (0.08, 3.0)]
    weights = np.vstack([np.ones(150), resampling_weights(150, 200)])
    peaks = []
    for one, (h, kappa_0) in zip(found, places, strict=False):
        J_x = float(formulas.crossover_coupling(np, h, kappa_0, 1.0))
        x = np.log(1.25) * np.arange(-4, 5)
        columns = []
        for k in range(9):
            params = khgps.KHGPS(N=300, J=J_x * 1.25 ** (k - 4), h=h, kappa_0=kappa_0)
            columns.append(
                counted(params, 0.45 * (9 * h**2 / 2) ** (1 / 6), samples=150, seed=120, lower=False).counts
            )
        totals = weights @ np.array(columns).T
        tops = []
        for n in totals:
            design = np.vander(x, 3) * np.sqrt(n)[:, np.newaxis]
            a, b, _ = np.linalg.lstsq(design, np.log(n) * np.sqrt(n))[0]
            tops.append(-b / (2 * a))
        peaks.append(np.array(tops))
        assert numbers(one) == pytest.approx((tops[0], np.std(tops[1:], ddof=1)), rel=1e-6)
        assert one.tolerance == pytest.approx(math.log(2))
    for one, (a, b), step in ((found[4], (0, 2), 10.0), (found[5], (2, 3), 8.0)):
        values = one.predicted + (peaks[b] - peaks[a]) / math.log(step)
        assert numbers(one) == pytest.approx((values[0], values[1:].std(ddof=1)), rel=1e-6)
