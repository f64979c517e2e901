"""The flow of infinitely many oscillators, against closed forms, its fixed point and rules it must keep."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import iv

import khgps
import landscape
from khgps.dynamics import ensemble

LINEAR = 1e-14  # an A that adds less than rounding


def over_spectrum(f: Callable[[Any], Any], J: float, kappa_min: float) -> float:
    """Return int rho(l) f(l) dl over the eigenvalues of diag(kappa) + J, kappa uniform on [kappa_min, 1].

    With u = z + J^2 g, g = E[1/(kappa - u)] is known, and z(u) = u - J^2 g(u) is a map outside of the
    spectrum: f, which is analytic, is integrated around it.
    """
    angle = 2.0 * np.pi * (np.arange(400) + 0.5) / 400
    u = 0.5 * (1.0 + kappa_min) + 0.9 * np.exp(1j * angle)
    g = np.log((1.0 - u) / (kappa_min - u)) / (1.0 - kappa_min)
    slope = 1.0 - J**2 / ((1.0 - u) * (kappa_min - u))
    z = u - J**2 * g
    return float(np.mean(-f(z) * g * slope * 0.9 * np.exp(1j * angle)).real)


def linear(times: np.ndarray, J: float, kappa_min: float) -> tuple[np.ndarray, np.ndarray]:
    """Return m/h and R(t, t_0) at A = 0 from x = 0."""

    def m(t: float) -> float:
        return over_spectrum(lambda z: -np.expm1(-z * t) / z, J, kappa_min)

    def r(t: float) -> float:
        return over_spectrum(lambda z: np.exp(-z * t), J, kappa_min)

    return np.array([m(t) for t in times]), np.array([r(t - times[0]) for t in times])


def test_the_reference_has_the_moments_of_the_spectrum() -> None:
    """Mean (1 + kappa_min)/2 and variance (1 - kappa_min)^2/12 + J^2 of the eigenvalues."""
    mean = over_spectrum(lambda z: z, 0.3, 0.1)
    variance = over_spectrum(lambda z: (z - mean) ** 2, 0.3, 0.1)
    assert over_spectrum(np.ones_like, 0.3, 0.1) == pytest.approx(1.0, abs=1e-12)
    assert (mean, variance) == pytest.approx((0.55, 0.81 / 12 + 0.09), abs=1e-12)


@pytest.mark.parametrize(("J", "kappa_min"), [(0.15, 0.1), (0.3, 0.0)])
def test_linear_flow_in_steps_of_one(J: float, kappa_min: float) -> None:
    """m and R to 5e-5; C and e = -(h^2/2) int rho (1 - e^-2lt)/l hang on squares of 4096 normal numbers."""
    times, h = np.array([1.0, 2.0, 5.0, 10.0]), 0.1
    model = khgps.KHGPS(N=2, J=J, h=h, kappa_min=kappa_min, A=LINEAR)
    flow = khgps.solve_dynamics(model, times=times, samples=4096, batches=1, rtol=1.0, longest=1.0)
    m, R = linear(times, J, kappa_min)
    assert flow.mean_x / h == pytest.approx(m, rel=5e-5)
    assert flow.R[:, 0] == pytest.approx(R, abs=5e-5)

    def both(z: Any) -> Any:
        return np.expm1(-z * times[3]) * np.expm1(-z * times[2]) / z**2

    assert flow.C[3, 2] / h**2 == pytest.approx(over_spectrum(both, J, kappa_min), rel=5e-3)
    energy = [over_spectrum(lambda z: np.expm1(-2.0 * z * t) / z, J, kappa_min) / 2 for t in times]  # noqa: B023
    for k in range(3):
        assert flow.energies[k] / h**2 == pytest.approx(energy, rel=5e-3)


def test_order_of_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of stiffness 1, R = e^-t I_1(2 J t)/(J t) hangs on no sample: its error falls as dt^5."""
    monkeypatch.setattr(ensemble, "TOLERANCE", 1e-9)
    J, t, errors = 0.4, 6.0, []
    for steps in (3, 6, 12):
        one = ensemble.Ensemble(np.ones(64), np.zeros(64), np.zeros((64, 64)), J, 1e-7)
        one.response.add_jump()
        for _ in range(steps):
            step = one.attempt(t / steps)
            assert step is not None
            one.take(step)
        errors.append(abs(one.response.R[0] - np.exp(-t) * iv(1, 2.0 * J * t) / (J * t)))
    assert np.log2(errors[0] / errors[1]) > 4.5
    assert np.log2(errors[1] / errors[2]) > 4.5


def test_without_coupling_each_sample_is_an_oscillator() -> None:
    model, times = khgps.KHGPS(N=2, J=0.0, h=0.3, A=2.0), [0.5, 3.0, 20.0]
    flow = khgps.solve_dynamics(model, times=times, samples=64, batches=2, rtol=1e-6)
    kappa = flow.stiffness.ravel()
    exact = solve_ivp(
        lambda t, x: -kappa * x - model.A * x**3 / 6 + model.h, (0.0, 20.0), np.zeros(kappa.size),
        t_eval=times, rtol=1e-11, atol=1e-13,
    ).y  # fmt: skip
    assert flow.x.reshape(3, -1) == pytest.approx(exact.T, abs=1e-7)
    assert flow.chi[-1] == pytest.approx(np.mean(1.0 / (kappa + model.A * exact[:, -1] ** 2 / 2)), rel=1e-3)
    for energies in flow.energies:
        assert energies == pytest.approx(flow.energy, abs=1e-7)


@pytest.fixture(scope="module")
def glass() -> khgps.Dynamics:
    model = khgps.KHGPS(N=2, J=0.3, h=0.01)
    return khgps.solve_dynamics(model, times=[1.0, 2.0, 2.001, 10.0, 20.0], samples=2048, batches=2)


def test_response_begins_at_one_and_falls_by_the_mean_stiffness(glass: khgps.Dynamics) -> None:
    """d_t R(t, s) at t = s+ is -E[kappa + A x^2/2]: what the coupling does is of second order."""
    stiffness = np.mean(glass.stiffness + glass.x[1] ** 2 / 2)
    assert (np.triu(glass.R, 1) == 0.0).all()
    assert (glass.R.diagonal() == 1.0).all()
    assert (1.0 - glass.R[2, 1]) / 0.001 == pytest.approx(stiffness, rel=2e-3)


def test_the_past_does_not_know_the_future(glass: khgps.Dynamics) -> None:
    model = khgps.KHGPS(N=2, J=0.3, h=0.01)
    shorter = khgps.solve_dynamics(model, times=[1.0, 2.0, 2.001], samples=2048, batches=2)
    assert (glass.C[:3, :3] == shorter.C).all()
    assert (glass.R[:3, :3] == shorter.R).all()


def test_energy_falls_as_it_dissipates(glass: khgps.Dynamics) -> None:
    """The estimates agree to 3 percent where the marginal phase has amplified the noise."""
    assert glass.status == "complete"
    assert (np.diff(glass.energy) <= np.hypot(glass.energy_error[1:], glass.energy_error[:-1])).all()
    assert (np.ptp(glass.energies, axis=0) <= 0.03 * np.abs(glass.energy)).all()
    slope = (glass.energy[2] - glass.energy[1]) / 0.001
    assert slope == pytest.approx(-glass.dissipation[1], rel=2e-2)
    assert np.mean(glass.x**2, axis=(1, 2)) == pytest.approx(glass.C.diagonal(), rel=1e-6)
    assert np.linalg.eigvalsh(glass.C)[0] > -1e-12


def test_early_numbers(glass: khgps.Dynamics) -> None:
    """Those of another solver, which finite N agrees with; 4096 samples have C to half a percent."""
    assert glass.energy[:1] == pytest.approx([-6.9136e-5], rel=1e-3)
    assert glass.mean_x[3] == pytest.approx(5.5484e-2, rel=2e-3)
    assert glass.C[3, 3] == pytest.approx(1.1366e-2, rel=1e-2)


def test_exact_rescaling() -> None:
    """H of x/2 at A = 4, h/2 is a quarter of that at A = 1; and of kappa, J by 4, h by 8, time by 1/4."""
    times = np.array([1.0, 8.0])
    one = khgps.solve_dynamics(khgps.KHGPS(N=2, J=0.3, h=0.02), times=times, samples=64, batches=2)
    other = khgps.solve_dynamics(khgps.KHGPS(N=2, J=0.3, h=0.01, A=4.0), times=times, samples=64, batches=2)
    stiff = khgps.KHGPS(N=2, J=1.2, h=0.16, kappa_0=4.0)
    fast = khgps.solve_dynamics(stiff, times=times / 4.0, samples=64, batches=2)
    for flow, energy, x in ((other, 0.25, 0.5), (fast, 16.0, 2.0)):
        assert flow.energies == pytest.approx(energy * one.energies, rel=1e-9)
        assert flow.mean_x == pytest.approx(x * one.mean_x, rel=1e-9)
        assert pytest.approx(x**2 * one.C, rel=1e-9) == flow.C
        assert pytest.approx(one.R, rel=1e-9) == flow.R


def test_threads_change_no_bit() -> None:
    model, before = khgps.KHGPS(N=2, J=0.3, h=0.01), landscape.threads.count()
    flows = []
    for threads in (1, 3):
        landscape.set_threads(threads)
        flows.append(khgps.solve_dynamics(model, times=[4.0], samples=512, batches=1, start="random"))
    landscape.set_threads(before)
    assert (flows[0].x == flows[1].x).all()
    assert (flows[0].energies == flows[1].energies).all()


def test_nothing_moves_without_a_field() -> None:
    flow = khgps.solve_dynamics(khgps.KHGPS(N=2, J=0.2, h=0.0), times=[0.0, 1.0, 3.0], samples=64)
    assert (flow.x == 0.0).all()
    assert (flow.energy == 0.0).all()
    assert flow.status == "complete"


@pytest.mark.parametrize("J", [0.0, 1e-4])
def test_what_is_at_rest_stays(J: float) -> None:
    """Minima without couplings all but are those with weak ones: what they move by is no noise."""
    model = khgps.KHGPS(N=2, J=J, h=0.1)
    flow = khgps.solve_dynamics(model, times=[1.0, 10.0], start="decoupled", samples=64, batches=2)
    assert flow.status == "complete"
    assert flow.C[1, 0] == pytest.approx(flow.C[0, 0], rel=1e-6)
    assert (flow.x**4 / 6.0 + flow.stiffness * flow.x**2) == pytest.approx(model.h * flow.x, abs=1e-3 * 0.1)


def test_noise_is_seen() -> None:
    """64 samples of the marginal phase: their energy balance is broken before t = 1000."""
    model = khgps.KHGPS(N=2, J=0.3, h=0.01)
    flow = khgps.solve_dynamics(model, times=[1.0, 1000.0], samples=64)
    assert flow.status == "noise"
    assert flow.times.tolist() == [1.0]


def test_the_end_of_the_flow_is_the_replica_symmetric_state() -> None:
    """To what 4096 samples in one batch leave: q 1e-3, chi 5e-3, e 5e-4, relative."""
    model = khgps.KHGPS(N=2, J=0.15, h=0.1, kappa_min=0.1)
    flow = khgps.solve_dynamics(model, times=[100.0], samples=4096, batches=1)
    state = khgps.solve_rs(model)
    assert flow.C[0, 0] == pytest.approx(state.q, rel=1e-3)
    assert flow.chi[0] == pytest.approx(state.chi, rel=5e-3)
    assert flow.energy[0] == pytest.approx(state.energy, rel=5e-4)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"times": [2.0, 1.0]}, r"times\[1\] = 1.0: must be above times\[0\] = 2.0"),
        ({"times": [-1.0]}, r"times\[0\] = -1.0"),
        ({"samples": 100}, "samples = 100: must be a power of two"),
        ({"start": "kick"}, "start = 'kick'"),
        ({"rtol": 0.0}, "rtol = 0.0"),
    ],
)
def test_refused(given: dict[str, Any], message: str) -> None:
    asked: dict[str, Any] = {"times": [1.0], **given}
    with pytest.raises(ValueError, match=message):
        khgps.solve_dynamics(khgps.KHGPS(N=2, J=0.1, h=0.01), **asked)


@pytest.mark.verify
def test_numbers_of_the_glass() -> None:
    """Those of another solver, which finite N agrees with, by three batches of 16,384 samples."""
    model = khgps.KHGPS(N=2, J=0.3, h=0.01)
    flow = khgps.solve_dynamics(model, times=[1.0, 10.0, 20.0, 100.0], samples=16384)
    assert flow.energy[:2] == pytest.approx([-6.9136e-5, -1.5524e-3], rel=1e-3)
    assert flow.mean_x[1] == pytest.approx(5.5484e-2, rel=1e-3)
    assert flow.C[1, 1] == pytest.approx(1.1366e-2, rel=1e-3)
    assert flow.R[2, 1] == pytest.approx(0.34665, rel=1e-2)
    assert flow.energy[3] == pytest.approx(-3.635e-2, rel=3e-2)
    assert flow.C[3, 3] == pytest.approx(0.6055, rel=4e-2)
