"""What experiments at weak coupling make of soft modes: each number once more, from made-up modes."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

import khgps
import quartic
from khgps import solve_one_state
from qle.experiments import softest_mode, weak_coupling
from qle.measurements.soft_modes import SoftModes
from qle.verification.comparison import Comparison
from tests.on_paper import differences

Asked = list[tuple[khgps.KHGPS, float, dict[str, Any], SoftModes]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Let experiments have made-up modes, about 0.4 a sample, of D ~ omega^4; note what they ask for."""
    calls: Asked = []

    def soft_modes(params: khgps.KHGPS, omega_cut: float, **options: Any) -> SoftModes:
        samples = options["samples"]
        rng = np.random.default_rng(round(1e6 * params.J) + params.N)
        sample = np.repeat(np.arange(samples), rng.poisson(0.4, samples))
        frequency = omega_cut * rng.power(5, sample.size)
        order = np.lexsort((frequency, sample))
        modes = SoftModes(
            frequency[order], sample, rng.normal(0.01, 0.02, sample.size),
            rng.uniform(0.004, 0.02, sample.size), rng.random(sample.size) < 0.2,
            samples, 17, rng.gamma(2.0, 0.01, samples),
        )  # fmt: skip
        calls.append((params, omega_cut, options, modes))
        return modes

    for subject in (weak_coupling, softest_mode):
        monkeypatch.setattr(subject, "soft_modes", soft_modes)
    return calls


def numbers(one: Comparison) -> tuple[float, float]:
    return one.measured, one.error


def mean(values: np.ndarray) -> Any:
    """Return the mean and its standard error, to 1e-12."""
    return pytest.approx((np.mean(values), stats.sem(values)), rel=1e-12)


@pytest.mark.verify
@pytest.mark.parametrize(
    ("run", "J", "kappa_0"),
    [(weak_coupling.soft, 0.03, 0.3), (weak_coupling.middle, 0.04, 0.5), (weak_coupling.stiff, 0.06, 1.0)],
)
def test_every_number_of_a_place(run: Any, J: float, kappa_0: float, asked: Asked) -> None:
    """The cut-off is where the cavity equations have a percent more modes than A_g omega^5/5."""
    prefactor, square, exponent, share, softest, wells = found = run(True)
    ((params, cut, options, modes),) = asked
    assert (params.J, params.kappa_0, params.h) == (J, kappa_0, 0.01)
    assert options == {"samples": 1500, "seed": 1}
    state = solve_one_state(J=J, h=0.01, kappa_0=kappa_0)
    excess = [5.0 * state.fraction_below(at) / (state.A_g * at**5) for at in (cut / 1.01, cut)]
    assert excess[0] < 1.01 <= excess[1]
    counts = np.bincount(modes.sample, minlength=modes.samples)
    assert numbers(prefactor) == mean(5.0 * counts / (1.01 * params.N * cut**5))
    assert numbers(square) == mean(modes.mean_x2)
    n = modes.frequency.size
    power = (n - 1) / np.log(cut / modes.frequency).sum()
    assert numbers(exponent) == pytest.approx((power - 1.0, power / n**0.5), rel=1e-12)
    assert (share.measured, share.size) == (np.mean(modes.frequency < 0.75 * cut), n)
    assert share.predicted == pytest.approx(0.75**5)
    assert [value for _, value in share.alternatives] == pytest.approx([0.75**4, 0.75**6])
    first = [modes.frequency[modes.sample == k].min() for k in np.unique(modes.sample)]
    c = counts.mean() / cut**5  # 1 - exp(-c omega^5), of those below the cut

    def law(omega: np.ndarray) -> np.ndarray:
        return np.asarray(np.expm1(-c * omega**5) / math.expm1(-c * cut**5))

    assert softest.p_value == pytest.approx(stats.kstest(first, law).pvalue, rel=1e-9)
    assert wells.measured == np.mean(modes.stiffness < J**2 * state.chi)
    assert differences(found, measured=False) == []


def test_modes_reached_by_descent_are_counted_as_they_are(asked: Asked) -> None:
    """Half as many samples as elsewhere, by gradient descent, no well left."""
    found = weak_coupling.descended(True)
    assert differences(found, measured=False) == []
    for (params, cut, options, modes), count, upper in zip(asked, found[::2], found[1::2], strict=True):
        assert (params.N, cut) == (500, 0.09)
        assert options == {"samples": 750, "seed": 1, "method": "descent", "lower": False}
        assert numbers(count) == mean(np.bincount(modes.sample, minlength=750))
        assert upper.measured == np.mean(modes.in_upper_well)
        assert upper.size == modes.frequency.size


@pytest.mark.verify
def test_the_slope_between_two_couplings(asked: Asked) -> None:
    """E0 = kappa_0 h^(2/3)/(3 6^(1/3) J^2); errors of the logarithms add in squares."""
    slope, limit = weak_coupling.steps(True)
    assert differences([slope], measured=False) == []
    assert differences([limit]) == []
    logs, ends = [], []
    for params, cut, _, modes in asked:
        A_g = 5.0 * np.bincount(modes.sample, minlength=modes.samples) / (1.01 * params.N * cut**5)
        logs.append((math.log(params.J * A_g.mean()), stats.sem(A_g) / A_g.mean()))
        ends.append(0.3 * 0.01 ** (2 / 3) / (3.0 * 6.0 ** (1 / 3) * params.J**2))
    gap = ends[1] - ends[0]
    expected = (logs[1][0] - logs[0][0]) / gap, math.hypot(logs[0][1], logs[1][1]) / abs(gap)
    assert numbers(slope) == pytest.approx(expected, rel=1e-9)
    assert [modes.samples for *_, modes in asked] == [1500, 300]


def test_the_replicon_of_minima(monkeypatch: pytest.MonkeyPatch) -> None:
    """1 - J^2 <1/k^2> over sites, but of P(k) ~ k^(3/2) below k = cut^2/replicon."""
    monkeypatch.setattr(weak_coupling, "SIZES", {True: (60, 40)})
    found, order = weak_coupling.replicon(True)
    assert differences([order]) == []
    state = solve_one_state(J=0.03, h=0.01, kappa_0=0.3)
    least, values = 0.09**2 / state.replicon, []
    for sample in range(4):
        problem = khgps.draw(khgps.KHGPS(N=60, J=0.03, h=0.01, kappa_0=0.3), seed=1, sample=sample)
        k = 1.0 / np.linalg.inv(quartic.hessian(problem, quartic.minimize(problem).x)).diagonal()
        values.append(1.0 - 0.03**2 * np.sum(k[k > least] ** -2.0) / 60)
    assert numbers(found) == mean(np.array(values))
    # P(k) = c k^(3/2) below k*, where F of the sites are: int k^-2 P = 5 F/k*^2
    assert found.predicted == pytest.approx(
        state.replicon + 0.03**2 * 5.0 * state.fraction_below(0.09) / least**2, rel=1e-12
    )
    assert dict(found.alternatives) == {"other sites do not soften": 1.0}


def test_soft_modes_of_two_sizes_are_as_local(asked: Asked) -> None:
    """ln(N e) at N = 500 less that at 250, over ln 2; twice the samples at 250."""
    found = softest_mode.participation(True)
    assert differences(found[:-1]) == []
    assert differences(found[-1:], measured=False) == []
    logs = [np.log(params.N * modes.participation) for params, _, _, modes in asked]
    assert [(params.N, cut, options) for params, cut, options, _ in asked] == [
        (N, 0.1, {"samples": samples, "seed": 71}) for N, samples in ((250, 1400), (500, 700))
    ]
    expected = logs[1].mean() - logs[0].mean(), math.hypot(*map(stats.sem, logs))
    assert numbers(found[-1]) == pytest.approx(np.array(expected) / math.log(2.0), rel=1e-12)
