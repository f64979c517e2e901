"""What is not said: a call without options is the call with the numbers that the documentation gives."""

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import quartic
from landscape import disorder
from quartic.nonlinear.starts import starting_directions

N = 24
DEFAULTS: dict[Callable[..., object], dict[str, object]] = {
    quartic.minimize: {
        "method": "lbfgs", "start": "decoupled", "tol": 1e-10, "max_products": 100_000, "seed": 0,
        "certify": None, "check": True, "callback": None,
    },
    quartic.explore: {"starts": 64, "tol": 1e-10, "max_products": 100_000, "seed": 0, "check": True},
    quartic.anneal: {
        "path": "falling", "steps": 30, "method": "lbfgs", "tol": 1e-10, "max_products": 100_000,
        "certify": None, "check": True,
    },
    quartic.best_of: {
        "starts": 16, "tol": 1e-10, "max_products": 100_000, "seed": 0, "certify": None, "check": True,
    },
    quartic.low_modes: {"tol": 1e-8, "method": None, "verify": None},
    quartic.cubic_modes: {
        "starts": "sites", "count": None, "method": "descent", "tol": 1e-9, "max_steps": 1000, "seed": 0,
    },
    quartic.quartic_modes: {
        "starts": "sites", "count": None, "method": "descent", "tol": 1e-9, "max_steps": 1000, "seed": 0,
    },
    quartic.barrier: {"exact": False},
    quartic.double_wells: {"reach": 1.5, "paths": True, "tol": 1e-10, "max_products": 100_000},
    quartic.minimum_energy_path: {"images": 9, "tol": 1e-10},
    quartic.saddle_between: {"images": 9, "tol": 1e-10},
    quartic.drive: {"tol": 1e-10, "max_events": 10_000, "max_steps": 100_000},
    quartic.softening: {"nearest": 1e-6, "points": 21, "tol": 1e-10},
    quartic.heat_capacities: {"largest": 1000},
    quartic.Inverse: {"method": None},
    quartic.Inverse.solve: {"tol": 1e-10, "max_products": 1000},
}  # fmt: skip


def network(h: float = 0.3) -> quartic.Problem:
    """Wells of either kind on sites that all differ, in a field that differs too."""
    rng = np.random.default_rng(7)
    upper = np.triu(0.1 * rng.standard_normal((N, N)), 1)
    return quartic.Problem(rng.uniform(-0.6, 0.8, N), upper + upper.T, h + 0.05 * rng.normal(size=N), 1.3)


@pytest.fixture(scope="module")
def relaxed() -> tuple[quartic.Problem, np.ndarray]:
    problem = network()
    return problem, quartic.minimize(problem).x


@pytest.mark.parametrize("face", DEFAULTS, ids=lambda face: face.__qualname__)
def test_options_have_the_defaults_of_the_documentation(face: Callable[..., object]) -> None:
    options = {
        name: one.default
        for name, one in inspect.signature(face).parameters.items()
        if one.default is not inspect.Parameter.empty
    }
    assert options == DEFAULTS[face]


def test_minima_without_options(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    problem, x = relaxed
    found = quartic.minimize(problem)
    assert (found.method, found.start, found.seed, found.tol) == ("lbfgs", "decoupled", 0, 1e-10)
    np.testing.assert_array_equal(found.x, x)
    many = quartic.explore(problem)
    assert (many.which.size, many.seed, many.tol) == (64, 0, 1e-10)
    best = quartic.best_of(problem)
    assert (best.start, best.seed, best.tol) == ("best of 16", 0, 1e-10)
    slow, said = quartic.anneal(problem), quartic.anneal(problem, path="falling", steps=30, method="lbfgs")
    assert (slow.start, slow.method, slow.products) == ("falling", "lbfgs", said.products)
    np.testing.assert_array_equal(slow.x, said.x)


def test_excitations_without_options(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    problem, x = relaxed
    for find in (quartic.cubic_modes, quartic.quartic_modes):
        modes = find(problem, x)
        assert sorted(k for mode in modes for k in mode.starts) == list(range(20))
        drawn, said = find(problem, x, starts="random"), find(problem, x, starts="random", count=20, seed=0)
        np.testing.assert_array_equal(drawn[0].direction, said[0].direction)
    heat = quartic.heat_capacities(problem, x)
    assert heat.pairs.shape == (N * (N - 1) // 2, 2)
    block = np.ones((N, 1))
    inverse = quartic.Inverse(problem, x)
    assert inverse.method == "factor"
    np.testing.assert_allclose(quartic.hessian(problem, x) @ inverse.solve(block), block, atol=1e-9)
    assert quartic.low_modes(problem, x, 2).method == "dense"
    driven = quartic.drive(network(-0.8), quartic.minimize(network(-0.8)).x, h_to=0.8)
    fold = driven.events[0].fold
    found = quartic.softening(network(-0.8), fold, h_from=fold.h + np.sign(fold.force) * 1e-3)
    assert found.distance.size == 21
    assert found.distance[0] / found.distance[-1] == pytest.approx(1e-6, rel=1e-6)
    (well,) = quartic.double_wells(problem, x, [modes[0]])
    assert well.status in ("found", "none")
    assert (well.path is None) == (well.status == "none")


def test_directions_to_start_from(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    """Softest sites first, lowest modes first, normal numbers of an address of their own each."""
    problem, x = relaxed
    soft = np.argsort(problem.stiffness + problem.anharmonicity * x**2 / 2.0)
    np.testing.assert_array_equal(starting_directions(problem, x, "sites", 3, 0), np.eye(N)[:, soft[:3]])
    np.testing.assert_array_equal(
        starting_directions(problem, x, "modes", 2, 0), quartic.low_modes(problem, x, 2).vectors
    )
    drawn = starting_directions(problem, x, "random", 30, 5)
    for m in (0, 1, 29):
        np.testing.assert_array_equal(drawn[:, m], disorder.normal(N, seed=5, sample=m, label="nonlinear"))
    given = starting_directions(problem, x, np.array([[1.0, -4.0]] * N), None, 0)
    np.testing.assert_array_equal(given, np.array([[1.0, -1.0]] * N))
    assert starting_directions(problem, x, "sites", None, 0).shape == (N, 20)
    for starts in ("sites", "modes"):
        assert starting_directions(problem, x, starts, N, 0).shape == (N, N)
        with pytest.raises(ValueError, match=f"count = {N + 1}: must be at most N = {N}"):
            starting_directions(problem, x, starts, N + 1, 0)


def test_the_field_of_an_annealing_falls_as_a_cube(monkeypatch: pytest.MonkeyPatch) -> None:
    """H_k = (+-1)^k A a^3/6 (1 - k/steps)^3, a = (6 K/A)^(1/2), K^2 the mean of kappa_i^2 + sum_j J_ij^2.

    Each from the minimum before, to 1e-5; at last the problem itself, to the tolerance asked for.
    """
    problem, calls = network(), []

    def minimize(step: quartic.Problem, **options: Any) -> quartic.Minimum:
        found = quartic.minimize(step, **options)
        calls.append((step, options, found))
        return found

    monkeypatch.setattr(import_module("quartic.anneal"), "minimize", minimize)  # also a function's name
    strength = np.mean(problem.stiffness**2 + np.sum(problem.coupling.dense() ** 2, axis=1)) ** 0.5
    a = (6.0 * strength / problem.anharmonicity) ** 0.5
    for path, sign in (("falling", 1.0), ("alternating", -1.0)):
        calls.clear()
        result = quartic.anneal(problem, path=path, steps=5)
        assert len(calls) == 6
        for k, (step, options, _) in enumerate(calls[:-1]):
            extra = sign**k * problem.anharmonicity * a**3 / 6.0 * (1.0 - k / 5) ** 3
            np.testing.assert_allclose(step.field, problem.field + extra, rtol=1e-13)
            assert options["tol"] == 1e-5
            if k:
                np.testing.assert_array_equal(options["start"], calls[k - 1][2].x)
        step, options, last = calls[-1]
        assert (step is problem, options["tol"]) == (True, 1e-10)
        np.testing.assert_array_equal(options["start"], calls[-2][2].x)
        np.testing.assert_array_equal(result.x, last.x)
        assert result.products == sum(found.products for _, _, found in calls)


def test_residuals_and_their_bound_by_dense_matrices(relaxed: tuple[quartic.Problem, np.ndarray]) -> None:
    """|M psi - lambda psi|; refused above tol [max_i |D_i| + 2 (mean_i sum_j J_ij^2)^(1/2)]."""
    rng = np.random.default_rng(3)
    n = 120
    upper = np.triu(rng.standard_normal((n, n)) / np.sqrt(n), 1)
    problem = quartic.Problem(rng.uniform(0.0, 3.0, n), upper + upper.T, 0.0, 1.0)
    x = rng.normal(size=n)
    matrix = quartic.hessian(problem, x)
    modes = quartic.low_modes(problem, x, 2, method="davidson", tol=1e-3, verify=False)
    residuals = np.linalg.norm(matrix @ modes.vectors - modes.vectors * modes.eigenvalues, axis=0)
    assert modes.residuals.max() > 1e-9  # or rounding would be all there is
    np.testing.assert_allclose(modes.residuals, residuals, rtol=1e-6)
    diagonal = problem.stiffness + x**2 / 2.0
    bound = 1e-30 * (np.abs(diagonal).max() + 2.0 * np.sqrt(np.mean(np.sum((upper + upper.T) ** 2, axis=1))))
    with pytest.raises(quartic.EigenError, match=f"must be <= {bound:.3g}$"):
        quartic.low_modes(problem, x, 2, tol=1e-30)
