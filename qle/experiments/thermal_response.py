"""Thermal response at T -> 0: Boltzmann averages of a few oscillators, by sums over a grid."""

import numpy as np
from numpy.typing import NDArray

import quartic
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
A = 1.3
T = 1e-4
REACH, POINTS = 9.0, 181  # of the grid, in standard deviations of the harmonic motion


def slopes(quick: bool) -> list[Comparison]:
    """Compare d<O>/dT of x, x^2 and x^4, of one oscillator and of two coupled ones."""
    systems = {
        "one oscillator": quartic.Problem([0.4], np.zeros((1, 1)), 0.2, A),
        "two oscillators": quartic.Problem([0.4, 0.7], np.array([[0.0, 0.25], [0.25, 0.0]]), [0.2, -0.1], A),
    }
    found = []
    for name, problem in systems.items():
        x = quartic.minimize(problem, method="newton", tol=1e-14).x
        inverse = np.linalg.inv(quartic.hessian(problem, x))
        third = np.zeros((x.size,) * 3)
        for i in range(x.size):
            third[i, i, i] = A * x[i]
        for power in (1, 2, 4):
            first, second = np.zeros(x.size), np.zeros((x.size, x.size))
            first[0] = power * x[0] ** (power - 1)
            second[0, 0] = power * (power - 1) * x[0] ** (power - 2) if power > 1 else 0.0
            predicted = formulas.thermal_slope(np, first, second, inverse, third)
            near, far = ((_average(problem, x, power, t) - x[0] ** power) / t for t in (T, 2.0 * T))
            how = (
                f"sum over a grid of {POINTS}^{x.size} points at T = {T:g}; tolerance: 1.5 times the next "
                "order, ~ T, from 2 T"
            )
            quantity = f"(<x^{power}> - x^{power})/T, {name}"
            found.append(computed("S22", quantity, predicted, near, 1.5 * abs(far - near), how))
    return found


def equipartition(quick: bool) -> list[Comparison]:
    """Add up the heat capacities of all terms of the energy of coupled oscillators."""
    rng = np.random.Generator(np.random.PCG64(95))
    n = 8
    upper = np.triu(0.1 * rng.standard_normal((n, n)), 1)
    problem = quartic.Problem(rng.uniform(0.3, 2.0, n), upper + upper.T, 0.3, A)
    x = quartic.minimize(problem, method="newton", tol=1e-14).x
    inverse = np.linalg.inv(quartic.hessian(problem, x))
    third = np.zeros((n, n, n))
    third[range(n), range(n), range(n)] = A * x
    total = 0.0
    for first, second in _terms(problem, x, upper):
        total += 2.0 * float(formulas.thermal_slope(np, first, second, inverse, third))
    how = (
        f"2 d<eps>/dT by `thermal_slope` for {3 * n + n * (n - 1) // 2} terms at a minimum; tolerance: "
        "1e-10 N"
    )
    return [computed("S22-equipartition", f"sum of heat capacities, N = {n}", n, total, 1e-10 * n, how)]


def _terms(problem: quartic.Problem, x: Array, upper: Array) -> list[tuple[Array, Array]]:
    """Return gradient and Hessian of each term of the energy."""
    n = x.size
    terms = []
    for i in range(n):
        kappa, h = problem.stiffness[i], problem.field[i]
        for slope, curvature in (
            (kappa * x[i], kappa),
            (A * x[i] ** 3 / 6.0, A * x[i] ** 2 / 2.0),
            (-h, 0.0),
        ):
            first, second = np.zeros(n), np.zeros((n, n))
            first[i], second[i, i] = slope, curvature
            terms.append((first, second))
        for j in range(i + 1, n):
            first, second = np.zeros(n), np.zeros((n, n))
            first[i], first[j] = upper[i, j] * x[j], upper[i, j] * x[i]
            second[i, j] = second[j, i] = upper[i, j]
            terms.append((first, second))
    return terms


def _average(problem: quartic.Problem, x: Array, power: int, t: float) -> float:
    """Return <x_0^power> at temperature t around the minimum x, the only one within reach."""
    values, vectors = np.linalg.eigh(quartic.hessian(problem, x))
    axis = np.linspace(-REACH, REACH, POINTS)
    grid = np.stack(np.meshgrid(*[axis] * x.size, indexing="ij")).reshape(x.size, -1)
    places = x[:, None] + vectors @ (np.sqrt(t / values)[:, None] * grid)
    sites = problem.stiffness[:, None] * places**2 / 2.0 + A * places**4 / 24.0
    coupled = np.sum(places * (problem.coupling.dense() @ places), axis=0) / 2.0
    energies = np.sum(sites - problem.field[:, None] * places, axis=0) + coupled
    weight = np.exp(-(energies - energies.min()) / t)
    return float(weight @ places[0] ** power / weight.sum())


EXPERIMENTS = (
    Experiment(claims=("S22",), run=slopes, seconds=3.0),
    Experiment(claims=("S22-equipartition",), run=equipartition),
)
