"""The exact rescaling of the Hamiltonian, and the minima of oscillators without couplings."""

import numpy as np
from numpy.typing import NDArray

import khgps
import quartic
from qle.description.protocol import Protocol
from qle.measurements.ensemble import Ensemble
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
TOL = 1e-12  # of the minimisation, relative to the typical force
STIFF = "tolerance: 1e-12 of the force over the softest mode, with a margin"


def rescaled(quick: bool) -> list[Comparison]:
    """Compare minima and modes of samples and of the rescaled ones."""
    a, A = 1.7, 2.3
    one = khgps.KHGPS(N=100, J=0.06, h=0.01, A=A)
    scale = A * a**2
    other = khgps.KHGPS(N=100, J=one.J / scale, h=one.h / (scale * a), kappa_0=one.kappa_0 / scale)
    x: list[Array] = []
    y: list[Array] = []
    omega: list[Array] = []
    nu: list[Array] = []
    for params, places, modes in ((one, x, omega), (other, y, nu)):
        for problem, place in Ensemble(params=params, seed=81, protocol=Protocol(tol=TOL)).minima(5):
            places.append(place)
            modes.append(np.sqrt(quartic.spectrum(problem, place)))
    how = f"5 samples of KHGPS, N = 100, A = {A:g} and a = {a:g}, both minimised; {STIFF}"
    moved = np.max(np.abs(np.array(x) - a * np.array(y))) / np.max(np.abs(x))
    found = [computed("S10-rescaling", "largest change of x/a, relative", 0.0, moved, 1e-8, how)]
    changed = np.max(np.abs(np.array(omega) / np.array(nu) / np.sqrt(scale) - 1.0))
    return [
        *found,
        computed("S10-rescaling", "largest change of omega/(A^(1/2) a), relative", 0.0, changed, 1e-8, how),
    ]


def single(quick: bool) -> list[Comparison]:
    """Compare oscillators without couplings, minimised by the engine, with the closed forms of one."""
    A, f = 1.3, 0.02
    kappa = np.geomspace(1e-3, 3.0, 60)
    x = quartic.minimize(_alone(kappa, f, A), tol=TOL).x
    how = f"60 oscillators without couplings, minimised by the engine; {STIFF}"
    predicted = formulas.oscillator_minimum(np, kappa, f, A)
    found = [
        computed(
            "S10-rescaling",
            "x of kappa > 0, largest relative difference",
            0.0,
            np.max(np.abs(x / predicted - 1.0)),
            1e-9,
            how,
        )
    ]
    x = quartic.minimize(_alone(np.zeros(2), f, A), tol=TOL).x
    predicted = formulas.soft_oscillator_minimum(np, f, A)
    found.append(computed("S10-rescaling", "x of kappa = 0", predicted, x[0], 1e-9, how))
    kappa = -np.geomspace(0.2, 3.0, 60)  # two wells: started in the lower one
    start = np.sqrt(-6.0 * kappa / A)
    x = quartic.minimize(_alone(kappa, f, A), start=start, tol=TOL).x
    predicted = formulas.two_well_oscillator_minimum(np, kappa, f, A)
    quantity = "x of kappa < 0, lower well, largest relative difference"
    found.append(computed("S10-rescaling", quantity, 0.0, np.max(np.abs(x / predicted - 1.0)), 1e-9, how))
    force = formulas.held_force(np, kappa, x, A)
    found.append(computed("S10-rescaling", "force at these minima", f, force[0], 1e-9, how))
    k = quartic.spectrum(_alone(kappa, f, A), x)
    predicted = np.sort(formulas.oscillator_stiffness(np, kappa, x, A))
    quantity = "curvature there, largest relative difference"
    return [*found, computed("S10-rescaling", quantity, 0.0, np.max(np.abs(k / predicted - 1.0)), 1e-12, how)]


def _alone(kappa: Array, f: float, A: float) -> quartic.Problem:
    return quartic.Problem(kappa, np.zeros((kappa.size, kappa.size)), f, A)


EXPERIMENTS = (
    Experiment(claims=("S10-rescaling",), run=rescaled),
    Experiment(claims=("S10-rescaling",), run=single),
)
