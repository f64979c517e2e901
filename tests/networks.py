"""Small systems of double wells whose minima, folds and searches the tests of records follow."""

import numpy as np

import quartic

N = 10


def network(seed: int, h: float = -0.8) -> quartic.Problem:
    """Double wells, couplings that matter, and a field of another size on every site."""
    rng = np.random.Generator(np.random.PCG64(seed))
    upper = np.triu(0.15 * rng.standard_normal((N, N)), 1)
    field = h + 0.1 * rng.standard_normal(N)
    return quartic.Problem(rng.uniform(-1.0, 0.0, N), upper + upper.T, field, 1.3)


def at(problem: quartic.Problem, h: float) -> quartic.Problem:
    """Return the problem with its mean field at h."""
    field = problem.field - problem.field.mean() + h
    return quartic.Problem(problem.stiffness, problem.coupling, field, problem.anharmonicity)
