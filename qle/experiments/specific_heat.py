"""The specific heat of soft modes and two-level systems, mode by mode."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from qle.verification.comparison import Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
COLD = 1.0 / 40.0  # T over the largest frequency: what is beyond adds 40^6 e^-40 = 2e-8


def soft_modes(quick: bool) -> list[Comparison]:
    """Sum C of sampled harmonic modes of density A_g omega^delta, Einstein's function of each summed."""
    n = 200_000 if quick else 5_000_000
    rng = np.random.Generator(np.random.PCG64(97))
    found = []
    for delta in (2.0, 3.0, 4.0):
        y = rng.uniform(0.0, 1.0 / COLD, n)  # omega/T: modes drawn evenly, weighted with their density
        A_g = delta + 1.0
        heat = A_g * COLD ** (delta + 1.0) * y**delta * _einstein(y) / COLD
        predicted = formulas.power_law_specific_heat(np, COLD, A_g, delta)
        how = f"{n} modes drawn in (0, 1), weighted with A_g omega^delta, at T = 1/40"
        error = heat.std() / math.sqrt(n)
        found.append(sampled("S23", f"C, delta = {delta:g}", predicted, heat.mean(), error, how))
    factor = quad(lambda y: y**4 * _einstein(np.array([y]))[0], 0.0, 200.0, epsrel=1e-12)[0]
    how = "the integral of Einstein's function by quadrature, whose error is the tolerance; 16 pi^6/21"
    found.append(
        computed(
            "S23", "factor at delta = 4", formulas.specific_heat_factor(np, 4.0), factor, 1e-8 * factor, how
        )
    )
    exact = 16.0 * math.pi**6 / 21.0
    return [*found, computed("S23", "16 pi^6/21", exact, factor, 1e-8 * factor, how)]


def minimum(quick: bool) -> list[Comparison]:
    """Search for the minimum of C/T^3 of two-level systems of constant density and modes ~ omega^4."""
    found = []
    for n_0, A_g in ((1e-6, 0.7), (1e-3, 0.02)):
        C_TLS, C_sm = n_0 * math.pi**2 / 6.0, A_g * float(formulas.specific_heat_factor(np, 4.0))
        predicted = float(formulas.minimum_temperature(np, C_TLS, C_sm))

        def reduced(log_t: float, n_0: float = n_0, A_g: float = A_g) -> float:
            T = math.exp(log_t)
            levels = quad(lambda y: n_0 * T * _schottky(y), 0.0, 80.0, epsrel=1e-11)[0]
            modes = quad(
                lambda y: A_g * T**5 * y**4 * float(_einstein(np.array([y]))[0]), 0.0, 80.0, epsrel=1e-11
            )[0]
            return math.log((levels + modes) / T**3)

        at = math.log(predicted)
        found_at = minimize_scalar(reduced, bracket=(at - 2.0, at + 0.3, at + 2.0), options={"xtol": 1e-8})
        how = (
            "C of both by quadrature over the levels, minimum by search; tolerance: root of the "
            "quadrature's error"
        )
        quantity = f"T_min, n_0 = {n_0:g}, A_g = {A_g:g}"
        found.append(
            computed("S23-minimum", quantity, predicted, math.exp(found_at.x), 1e-4 * predicted, how)
        )
    return found


def _einstein(y: Array) -> Array:
    """Return the heat capacity y^2 e^y/(e^y - 1)^2 of a mode of frequency y T."""
    half = np.maximum(0.5 * y, 1e-12)
    return np.asarray((half / np.sinh(np.minimum(half, 300.0))) ** 2)


def _schottky(y: float) -> float:
    """Return the heat capacity y^2 e^y/(e^y + 1)^2 of a two-level system of splitting y T."""
    return (0.5 * y / math.cosh(0.5 * y)) ** 2


EXPERIMENTS = (
    Experiment(claims=("S23",), run=soft_modes),
    Experiment(claims=("S23-minimum",), run=minimum),
)
