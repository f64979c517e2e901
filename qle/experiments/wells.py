"""Wells and barriers of one quartic potential: closed forms against searches."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SEARCH = 1e-6  # a search resolves the place of a maximum to the root of rounding, and its height better


def stability(quick: bool) -> list[Comparison]:
    """Count random quartics whose sign of 3 b2 b4 - b3^2 differs from what their stationary points say."""
    n = 20_000 if quick else 100_000
    b2, b3, b4 = _quartics(n, seed=41)
    energies = [_energy(b2, b3, b4, s) for s in _others(b2, b3, b4)]
    deeper = np.min(np.where(np.isnan(energies), np.inf, energies), axis=0) < 0.0
    wrong = np.sum(deeper != (formulas.stability_margin(np, b2, b3, b4) < 0.0))
    how = (
        f"{n} random quartics of b2, b4 > 0, stationary points from eigenvalues of companion matrices; no "
        "tolerance"
    )
    found = [computed("spm-stability", "quartics for which the bound is wrong", 0.0, wrong, 0.0, how)]
    largest = np.max((np.abs(b3) / formulas.cubic_coefficient_bound(np, np.sqrt(b2), b4))[~deeper])
    how = f"the largest of {np.sum(~deeper)} global minima; tolerance: density of the sample near the bound"
    quantity = "largest |b3|/((3 b4)^(1/2) omega) of global minima"
    return [*found, computed("S18", quantity, 1.0, largest, 1e-3, how)]


def double_wells(quick: bool) -> list[Comparison]:
    """Count random quartics whose sign of 3 b3^2 - 8 b2 b4 differs from their number of minima."""
    n = 20_000 if quick else 100_000
    b2, b3, b4 = _quartics(n, seed=42)
    others = _others(b2, b3, b4)
    double = ~np.isnan(others[0])
    wrong = np.sum(double != (formulas.double_well_margin(np, b2, b3, b4) > 0.0))
    how = (
        f"{n} random quartics of b2, b4 > 0, stationary points from eigenvalues of companion matrices; no "
        "tolerance"
    )
    found = [computed("spm-double-well", "quartics for which the condition is wrong", 0.0, wrong, 0.0, how)]
    b2, b3, b4 = b2[double], np.abs(b3[double]), b4[double]
    nearest = np.minimum(*np.abs(others[:, double]))
    deviation = np.max(np.abs(formulas.barrier_position(np, b2, b3, b4) / -nearest - 1.0))
    how = (
        f"largest relative difference over {b2.size} of them; tolerance: root of rounding, roots nearly "
        "coincide"
    )
    return [*found, computed("spm-double-well", "position of the barrier", 0.0, deviation, 1e-6, how)]


def cubic_barriers(quick: bool) -> list[Comparison]:
    """Compare the maximum of sampled cubic potentials, by bounded search."""
    rng = np.random.Generator(np.random.PCG64(43))
    b2, b3 = 10.0 ** rng.uniform(-3.0, 1.0, 200), 10.0 ** rng.uniform(-1.0, 1.0, 200)
    zero = np.zeros_like(b2)
    height, place = _maximum(b2, b3, zero, -3.0 * b2 / b3)
    how = (
        "largest relative difference over 200 random cubics, maximum by bounded search; tolerance: of the "
        "search"
    )
    heights = np.max(np.abs(height / formulas.cubic_barrier(np, b2, b3) - 1.0))
    places = np.max(np.abs(place / formulas.cubic_barrier_position(np, b2, b3) - 1.0))
    return [
        computed("S14", "height of cubic barriers", 0.0, heights, SEARCH, how),
        computed("S14", "position of cubic barriers", 0.0, places, SEARCH, how),
    ]


def quartic_barriers(quick: bool) -> list[Comparison]:
    """Compare the maximum between the wells of sampled quartics of 8/3 < r < 3, and its range."""
    rng = np.random.Generator(np.random.PCG64(44))
    b2, b4 = 10.0 ** rng.uniform(-3.0, 0.0, (2, 200))
    r = rng.uniform(8.0 / 3.0, 3.0, 200)
    b3 = np.sqrt(r * b2 * b4)
    height, _ = _maximum(b2, b3, b4, formulas.second_well_position(np, b2, b3, b4))
    how = "largest relative difference over 200 random quartics, 8/3 < r < 3, maximum by bounded search"
    wrong = np.max(np.abs(height / formulas.quartic_barrier(np, b2, b4, r) - 1.0))
    found = [
        computed("S19", "height of exact barriers", 0.0, wrong, SEARCH, f"{how}; tolerance: of the search")
    ]
    scaled = height * b4 / b2**2
    ends = "of the same; tolerance: slope of beta(r) times the gaps of the sample in r"
    found.append(computed("S19", "largest B b4/b2^2", 0.5, scaled.max(), 0.02, ends))
    found.append(computed("S19", "least B b4/b2^2", 0.375, scaled.min(), 0.005, ends))
    return found


def _quartics(n: int, seed: int) -> tuple[Array, Array, Array]:
    """Return b2, b4 > 0 over three decades and b3 such that b3^2/(b2 b4) is uniform in [0, 6]."""
    rng = np.random.Generator(np.random.PCG64(seed))
    b2, b4 = 10.0 ** rng.uniform(-2.0, 1.0, (2, n))
    return b2, np.sqrt(rng.uniform(0.0, 6.0, n) * b2 * b4) * rng.choice((-1.0, 1.0), n), b4


def _others(b2: Array, b3: Array, b4: Array) -> Array:
    """Return the two stationary points besides s = 0, shape (2, n), nan where there are none."""
    companion = np.zeros((b2.size, 2, 2))  # of s^2 + 3 b3/b4 s + 6 b2/b4
    companion[:, 0, 0], companion[:, 0, 1], companion[:, 1, 0] = -3.0 * b3 / b4, -6.0 * b2 / b4, 1.0
    roots = np.linalg.eigvals(companion).astype(np.complex128).T
    real: Array = np.where(roots.imag == 0.0, roots.real, np.nan)
    return real


def _energy(b2: Array, b3: Array, b4: Array, s: Array) -> Array:
    return s**2 * (b2 / 2.0 + s * (b3 / 6.0 + s * b4 / 24.0))


def _maximum(b2: Array, b3: Array, b4: Array, end: Array) -> tuple[Array, Array]:
    """Return height and place of the maximum of the energy between 0 and `end`."""
    height, place = np.empty((2, b2.size))
    for k in range(b2.size):
        well, scale = (b2[k], b3[k], b4[k], end[k]), b2[k] * end[k] ** 2
        options = {"xatol": 1e-9}
        found = minimize_scalar(_depth, args=well, bounds=(0.0, 1.0), method="bounded", options=options)
        height[k], place[k] = -found.fun * scale, found.x * end[k]
    return height, place


def _depth(t: float, b2: float, b3: float, b4: float, end: float) -> float:
    """Return minus the energy at t times `end`, over b2 end^2."""
    s = t * end
    return -(t**2) * (b2 / 2.0 + s * (b3 / 6.0 + s * b4 / 24.0)) / b2


EXPERIMENTS = (
    Experiment(claims=("spm-stability", "S18"), run=stability),
    Experiment(claims=("spm-double-well",), run=double_wells),
    Experiment(claims=("S14",), run=cubic_barriers),
    Experiment(claims=("S19",), run=quartic_barriers),
)
