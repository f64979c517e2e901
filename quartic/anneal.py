"""Slow protocols: a field that falls step by step, and the best of many starts."""

import dataclasses

import numpy as np

from arguments import choice, count
from quartic.explore import explore
from quartic.minima import MinimizationError, Minimum, check_protocol, minimize
from quartic.problem import Problem
from quartic.units import natural, scaled

FIELD_PATHS = ("falling", "alternating")
_FOLLOW = 1e-5  # tolerance of the minima on the way: the next field moves them by more


def anneal(
    problem: Problem,
    *,
    path: str = "falling",
    steps: int = 30,
    method: str = "lbfgs",
    tol: float = 1e-10,
    max_products: int = 100_000,
    certify: bool | None = None,
    check: bool = True,
) -> Minimum:
    """Return the minimum that is left when a strong field is taken away slowly.

    Step k minimises, from the minimum of step k - 1, with the field H_k added to the problem's own:

        H_k = (+-1)^k H (1 - k/steps)^3,    H = A a^3/6,    a = (6 K/A)^(1/2),    k = 0 .. steps,

    K being `Problem.linear_strength`, A the least of all sites. At H the displacements are about a and the
    anharmonic force holds every site at a curvature above the couplings': with kappa_i >= 0 and couplings of
    a semicircle's spectrum there is one minimum. a falls in equal steps. ``"falling"`` has the sign +, and
    follows that minimum down until it becomes unstable, again and again. ``"alternating"`` has the sign
    (-1)^k, as a magnet is demagnetised: it leaves minima that the next reversal of the field can undo, and
    ends lower. Like a start, the path is part of the protocol: where the minimum is unique all lead to it.

    Parameters
    ----------
    problem : Problem
    path : {"falling", "alternating"}
    steps : int
        At least 1.
    method, tol, certify, check
        As in `minimize`; the minima on the way have the tolerance 1e-5.
    max_products : int
        Bound on the coupling-matrix products of all steps together.

    Returns
    -------
    Minimum
        Of the problem itself; `products` counts all steps, `start` is the path.

    Raises
    ------
    ValueError
        For an argument outside its range.
    MinimizationError
        If `check` and the status is not ``"converged"``.

    Examples
    --------
    >>> import quartic
    >>> pair = quartic.Problem([-1.0, -1.0], [[0.0, -0.1], [-0.1, 0.0]], 0.0, 6.0)  # minima at -0.605, -0.405
    >>> annealed = quartic.anneal(pair)
    >>> annealed.start, round(annealed.energy, 4), annealed.x.round(4)
    ('falling', -0.605, array([1.0488, 1.0488]))
    """
    choice("path", path, FIELD_PATHS)
    steps = count("steps", steps)
    tol, max_products, _ = check_protocol(problem, method, tol, max_products, seed=0)
    units = natural(problem)
    inside = units.problem(problem)
    sign = 1.0 if path == "falling" else -1.0
    strength = np.sqrt(6.0 * inside.linear_strength**3 / np.min(inside.anharmonicity))  # A a^3/6
    start: str | np.ndarray = "decoupled"
    used = 0
    for k in range(steps):
        left = max_products - used - 1  # one is kept for J x of the last point
        if left < 1:
            break
        field = inside.field + sign**k * strength * (1.0 - k / steps) ** 3
        step = minimize(
            Problem(inside.stiffness, inside.coupling, field, inside.anharmonicity),
            method=method,
            start=start,
            tol=max(tol, _FOLLOW),
            max_products=left,
            certify=False,
            check=False,
        )
        start, used = step.x, used + step.products
    last = minimize(
        problem,
        method=method,
        start=start if isinstance(start, str) else scaled(start, units.length),
        tol=tol,
        max_products=max_products - used,
        certify=certify,
        check=False,
    )
    return _finished(last, path, used, check)


def best_of(
    problem: Problem,
    *,
    starts: int = 16,
    tol: float = 1e-10,
    max_products: int = 100_000,
    seed: int = 0,
    certify: bool | None = None,
    check: bool = True,
) -> Minimum:
    """Return the lowest of the minima that many random starts end in (`explore`).

    Parameters
    ----------
    problem : Problem
    starts : int
        Number of random starts, at least 1.
    tol, certify, check
        As in `minimize`. Starts that do not converge are left out.
    max_products : int
        Of each start.
    seed : int in [0, 2**32)
        As in `explore`.

    Returns
    -------
    Minimum
        `products` counts all starts, `start` says how many. If none converges, what became of the first.

    Raises
    ------
    ValueError
        For an argument outside its range.
    MinimizationError
        If `check` and the status is not ``"converged"``.

    Examples
    --------
    >>> import quartic
    >>> pair = quartic.Problem([-1.0, -1.0], [[0.0, -0.1], [-0.1, 0.0]], 0.0, 6.0)  # minima at -0.605, -0.405
    >>> round(quartic.best_of(pair, starts=8).energy, 4)
    -0.605
    """
    starts = count("starts", starts)
    found = explore(problem, starts=starts, tol=tol, max_products=max_products, seed=seed, check=False)
    start: str | np.ndarray = found.x[0] if len(found.x) else "random"
    last = minimize(
        problem, start=start, tol=tol, max_products=max_products, seed=seed, certify=certify, check=False
    )
    return _finished(last, f"best of {starts}", int(found.products.sum()), check)


def _finished(last: Minimum, start: str, products: int, check: bool) -> Minimum:
    result = dataclasses.replace(last, start=start, products=last.products + products)
    if check and result.status != "converged":
        raise MinimizationError(result)
    return result
