"""Finite samples against the replica-symmetric solution, solved here by a route of its own."""

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import fsolve

import khgps
import quartic

POINT: dict[str, Any] = {"J": 0.15, "h": 0.1, "kappa_min": 0.1, "kappa_0": 1.0}


def replica_symmetric(
    J: float, h: float, kappa_min: float, kappa_0: float
) -> tuple[float, float, float, float]:
    """Return (q, chi, replicon, edge) from the two equations of the zero-temperature cavity, A = 1.

    q = E[x^2] and chi = E[1/k], with x where kappa' x + x^3/6 = f, f normal of mean h and variance J^2 q,
    kappa' = kappa - J^2 chi and k = kappa' + x^2/2. Written as integrals over x, where df = k dx.
    """

    def average(q: float, chi: float, power: int, of_x: int) -> float:
        width = J * np.sqrt(q)

        def over_x(kappa: float) -> float:
            soft = kappa - J**2 * chi

            def integrand(x: float) -> float:
                k = soft + x**2 / 2
                f = soft * x + x**3 / 6
                gauss = np.exp(-(((f - h) / width) ** 2) / 2) / (np.sqrt(2 * np.pi) * width)
                return float(x**of_x * k ** (1 - power) * gauss)

            return float(quad(integrand, -3.0, 3.0, epsabs=1e-12, epsrel=1e-10, limit=200)[0])

        total = quad(over_x, kappa_min, kappa_0, epsabs=1e-11, epsrel=1e-9)[0]
        return float(total / (kappa_0 - kappa_min))

    def equations(unknown: np.ndarray) -> list[float]:
        q, chi = np.exp(unknown)
        return [average(q, chi, 0, 2) / q - 1, average(q, chi, 1, 0) / chi - 1]

    q, chi = np.exp(fsolve(equations, np.log([0.05, 2.5]), xtol=1e-8))
    return float(q), float(chi), 1 - J**2 * average(q, chi, 2, 0), kappa_min - J**2 * chi


def test_averages_over_samples_meet_the_thermodynamic_limit() -> None:
    """q and chi = tr(M^-1)/N over 60 samples of N = 800, in the replica-symmetric phase.

    Errors from the scatter between samples; the bias of finite N is of order 1/N, 0.1 percent. Two averages,
    three sigma: false alarms 0.5 percent for another seed; the seed is fixed.
    """
    q, chi, replicon, edge = replica_symmetric(**POINT)
    assert replicon > 0.1
    assert edge > 0.0
    params = khgps.KHGPS(N=800, **POINT)
    samples = []
    for sample in range(60):
        problem = khgps.draw(params, seed=1, sample=sample)
        x = quartic.minimize(problem).x
        samples.append([np.mean(x**2), quartic.response(problem, x)])
    measured = np.array(samples, np.float64)
    mean = np.mean(measured, axis=0)
    error = np.std(measured, axis=0, ddof=1) / np.sqrt(len(measured))
    pull = (mean - [q, chi]) / error
    assert np.all(error < 0.01 * mean)  # the test has teeth: one percent would be seen
    assert np.abs(pull).max() < 3.0, f"pulls {pull}: measured {mean} +- {error}, predicted {(q, chi)}"


@pytest.mark.parametrize("J", [0.05, 0.1])
def test_the_limit_without_field(J: float) -> None:
    """At h = 0 and weak coupling x = 0 and chi solves chi = E[1/(kappa - J^2 chi)], in closed form.

    With u = J^2 chi the integral over the uniform law gives u = J^2/width ln((kappa_0 - u)/(kappa_min - u)).
    """
    params = khgps.KHGPS(N=800, J=J, h=0.0, kappa_min=0.3)
    chis = []
    for sample in range(10):
        problem = khgps.draw(params, seed=1, sample=sample)
        minimum = quartic.minimize(problem, start="random", seed=sample)
        assert np.abs(minimum.x).max() < 1e-8
        chis.append(quartic.response(problem, minimum.x))
    u = 0.0
    for _ in range(200):
        u = J**2 / 0.7 * np.log((1.0 - u) / (0.3 - u))
    error = np.std(chis, ddof=1) / np.sqrt(len(chis))
    assert abs(np.mean(chis) - u / J**2) < 3.5 * error + 5.0 * chis[0] / 800  # t(9) at 0.7 percent, and 1/N
