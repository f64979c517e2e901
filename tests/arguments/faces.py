"""Every public function and class that takes numbers, with arguments that it takes.

The numbers have few binary digits, so that float16, float32 and decimals hold them exactly, and the
minima are exact: A = 6, so that A x^3/6 = x^3, and the field balances the forces at x.
"""

import atexit
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import xarray as xr

import glass
import khgps
import landscape
import lattice_gps
import quartic
import quartic.couplings
import spm
from qle.readers.binned import BinnedDensity, binned_density
from quartic.nonlinear.uniform_field import UniformField

PACKAGES = (
    "landscape", "quartic", "quartic.couplings", "quartic.modes", "khgps", "lattice_gps", "spm", "glass",
    "qle",
    "qle.statistics",
    "qle.statistics.boson_peak", "qle.statistics.finite_size", "qle.statistics.intervals",
    "qle.solutions.phase_diagram", "qle.measurements.lattice",
)  # fmt: skip

X = np.array([0.5, -0.25, 1.0, 0.75])
KAPPA = np.array([1.0, 2.0, 1.0, 1.5])
J = np.array([[0, 1, 0, 2], [1, 0, -1, 0], [0, -1, 0, 1], [2, 0, 1, 0]]) / 8.0
PROBLEM = quartic.Problem(KAPPA, J, KAPPA * X + J @ X + X**3, 6.0)
ONE, OTHER = np.array([1.0, 0.0]), np.array([-1.0, 0.0])
WELLS = quartic.Problem([-1.0, 1.0], np.zeros((2, 2)), 0.0, 6.0)  # minima at x_0 = +-1, x_1 = 0
SQUARE = landscape.Functions(lambda x: x @ x / 2.0, lambda x: 1.0 * x, 4, hessian=lambda x: np.eye(4))
Z = np.array([0.0, 0.0, 1.0, 0.0])
SEARCH = {"starts": Z, "count": 1, "tol": 2.0**-20, "max_steps": 1000, "seed": 5}
TABLE = spm.QuarticWells(b2=np.array([0.5, 1.0, 4.0]), b3=np.array([0.25, 1.0, 2.0]), b4=np.ones(3))
ROWS = 4 * (40 // 32 + 1)


@cache
def fold() -> quartic.Fold:
    """Return where the left well of -x^2/2 + x^4/4 - h x ends, h = 2/27^(1/2)."""
    return quartic.drive(WELLS, OTHER, h_to=0.5).events[0].fold


@cache
def histogram() -> spm.Density:
    return spm.density(np.arange(1.0, 65.0))


def columns(count: int) -> dict[str, Any]:
    """Return b2, b3, b4 of `count` wells of which the first is a double well."""
    return {
        "b2": np.array([0.5, 1.0])[:count],
        "b3": np.array([1.1875, 1.0])[:count],
        "b4": np.ones(2)[:count],
    }


@cache
def swept() -> xr.Dataset:
    """Return a sweep of 30 samples at two J, all modes; D ~ omega^4 up to 3/4, far less of it beyond."""
    rng, N = np.random.default_rng(1), 40
    omega = rng.random((2, 30, N)) ** 0.2
    omega = np.sort(np.where(omega < 0.75, omega, 4.0 * omega - 2.25), axis=2)
    status = {"flag_values": [0], "flag_meanings": "converged"}
    samples = ("J", "sample")
    variables = {
        "status": (samples, np.zeros((2, 30), np.int8), status),
        "frequency": ((*samples, "mode"), omega),
        "energy": (samples, rng.normal(size=(2, 30))),
        "mean_x2": (samples, rng.random((2, 30))),
    }
    return xr.Dataset(variables, {"J": [0.25, 0.5], "sample": np.arange(30), "N": N})


@cache
def in_bins() -> BinnedDensity:
    """Return D = omega^2/4 + omega^4 exp(-omega^2/4) with errors of 1/16, in bins of 1/8."""
    low = np.arange(32) / 8.0
    omega = low + 1.0 / 16.0
    D = omega**2 / 4.0 + omega**4 * np.exp(-(omega**2) / 4.0)
    return binned_density(low, low + 0.125, density=D, density_error=D / 16.0)


@cache
def of_sizes() -> xr.Dataset:
    """Return a number at three sizes."""
    numbers = {"A_at_cut": ("N", [1.0, 2.0, 2.5]), "A_at_cut_error": ("N", [0.5, 0.25, 0.5])}
    return xr.Dataset(numbers, {"N": [50, 100, 200]})


def statistic(**more: Any) -> Callable[[], dict[str, Any]]:
    """Return the arguments of a statistic of a sweep."""
    return lambda: {"dataset": swept(), **more}


def peaked() -> dict[str, Any]:
    """Return samples whose D/omega^2 has its maximum in the middle."""
    omega = np.sort(np.random.default_rng(2).lognormal(sigma=0.25, size=(30, 40)))
    return {"frequency": np.round(omega * 2.0**10) / 2.0**10, "N": 40, "resamples": 3}


@cache
def hessian_file() -> Path:
    """Return a file with the Hessian of two particles in two dimensions, held by springs of their own."""
    folder = Path(mkdtemp(prefix="qle-faces-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    np.save(folder / "hessian.npy", np.diag(KAPPA) + J / 4.0)
    return folder / "hessian.npy"


def of_hessian(**more: Any) -> dict[str, Any]:
    """Return the arguments of what reads that file."""
    return {"dimension": 2, "masses": np.array([1.0, 4.0]), "zero_modes": "none", "asymmetry": 0.25, **more}


LAW = spm.SoftPotentials()
HERE: dict[str, Any] = {"problem": PROBLEM, "x": X}
TOL = 2.0**-20
MODEL: dict[str, Any] = {"kappa_0": 1.0, "kappa_min": 0.25, "beta": 0.0, "A": 1.0}

FACES: dict[str, Callable[[], dict[str, Any]]] = {
    "quartic.Inverse": lambda: HERE,
    "quartic.Problem": lambda: {"stiffness": KAPPA, "coupling": J, "field": X, "anharmonicity": 4.0 * KAPPA},
    "quartic.anneal": lambda: {"problem": PROBLEM, "steps": 2, "tol": TOL, "max_products": 1000},
    "quartic.best_of": lambda: {
        "problem": PROBLEM,
        "starts": 2,
        "tol": TOL,
        "max_products": 1000,
        "seed": 5,
    },
    "quartic.cubic_modes": lambda: {
        **HERE,
        "starts": Z,
        "count": 1,
        "tol": TOL,
        "max_steps": 1000,
        "seed": 5,
    },
    "quartic.quartic_modes": lambda: {
        **HERE,
        "starts": Z,
        "count": 1,
        "tol": TOL,
        "max_steps": 1000,
        "seed": 5,
    },
    "quartic.double_wells": lambda: {
        "problem": WELLS,
        "x": ONE,
        "modes": [ONE],
        "reach": 1.5,
        "tol": TOL,
        "max_products": 1000,
        "paths": False,
    },
    "quartic.drive": lambda: {
        "problem": WELLS,
        "x": OTHER,
        "h_to": 0.25,
        "tol": TOL,
        "max_events": 3,
        "max_steps": 100,
    },
    "quartic.energy": lambda: HERE,
    "quartic.expansion": lambda: {**HERE, "z": Z},
    "quartic.explore": lambda: {"problem": PROBLEM, "starts": 2, "tol": TOL, "max_products": 1000, "seed": 5},
    "quartic.gradient": lambda: HERE,
    "quartic.heat_capacities": lambda: {**HERE, "largest": 3},
    "quartic.hessian": lambda: HERE,
    "quartic.line_coefficients": lambda: {**HERE, "d": Z},
    "quartic.low_modes": lambda: {**HERE, "k": 2, "tol": TOL},
    "quartic.minimize": lambda: {
        "problem": PROBLEM,
        "start": X / 2,
        "tol": TOL,
        "max_products": 1000,
        "seed": 5,
    },
    "quartic.minimum_energy_path": lambda: {
        "problem": WELLS,
        "x0": ONE,
        "x1": OTHER,
        "images": 5,
        "tol": TOL,
    },
    "quartic.saddle_between": lambda: {"problem": WELLS, "x0": ONE, "x1": OTHER, "images": 5, "tol": TOL},
    "quartic.participation_ratio": lambda: {"vectors": X, "dimension": 1},
    "quartic.response": lambda: HERE,
    "quartic.set_threads": lambda: {"n": 2},
    "quartic.softening": lambda: {
        "problem": WELLS,
        "fold": fold(),
        "h_from": 0.25,
        "nearest": 0.125,
        "points": 3,
        "tol": TOL,
    },
    "quartic.spectrum": lambda: HERE,
    "quartic.thermal_response": lambda: {**HERE, "observable": quartic.Observable(slope=X)},
    "quartic.couplings.Dense": lambda: {"coupling": J},
    "quartic.couplings.Packed": lambda: {
        "n": 20,
        "values": np.zeros((3, 8, 32), np.int16),
        "scale": 0.5,
    },
    "quartic.couplings.Regenerated": lambda: {"n": 5, "scale": 0.5, "seed": 5, "sample": 3, "label": "c"},
    "quartic.couplings.Rotated": lambda: {"n": 3, "eigenvalues": X, "seed": 5, "sample": 3, "label": "c"},
    "quartic.modes.positive_definite": lambda: HERE,
    "khgps.KHGPS": lambda: {"N": 5, "J": 0.25, "h": 0.5, **MODEL},
    "khgps.draw": lambda: {"params": khgps.KHGPS(N=5, J=0.25, h=0.5), "seed": 5, "sample": 3},
    "khgps.critical_coupling": lambda: {"h": np.array([0.5, 0.25]), **MODEL},
    "khgps.double_well_coupling": lambda: {"h": np.array([0.5, 0.25]), **MODEL},
    "khgps.special_point": lambda: MODEL,
    "khgps.rs_spectrum": lambda: {
        "params": khgps.KHGPS(N=5, J=0.125, h=0.5, kappa_min=0.25),
        "omega": np.array([0.5, 1.0]),
    },
    "khgps.rs_specific_heat": lambda: {
        "params": khgps.KHGPS(N=5, J=0.125, h=0.5, kappa_min=0.25),
        "T": np.array([0.5, 1.0]),
    },
    "khgps.solve_rsb": lambda: {
        "params": khgps.KHGPS(N=5, J=0.125, h=0.5, kappa_min=0.25),
        "rtol": 2.0**-10,
        "steps": 3,
    },
    "khgps.solve_dynamics": lambda: {
        "params": khgps.KHGPS(N=5, J=0.125, h=0.5, kappa_min=0.25),
        "times": np.array([0.5, 1.0]),
        "samples": 64,
        "batches": 2,
        "seed": 3,
        "rtol": 2.0**-6,
        "longest": 0.5,
    },
    "landscape.Functions": lambda: {
        "energy": SQUARE.energy,
        "gradient": SQUARE.gradient,
        "size": 4,
        "dimension": 2,
        "masses": np.array([1.0, 2.0, 1.0, 2.0]),
        "length": 0.5,
    },
    "landscape.Harmonic": lambda: {
        "matrix": J + 2.0 * np.eye(4),
        "dimension": 2,
        "masses": np.array([1.0, 2.0, 1.0, 2.0]),
        "zero_modes": np.array([[1.0], [1.0], [0.0], [0.0]]),
    },
    "landscape.Held": lambda: {"whole": PROBLEM, "x": X, "free": np.array([2, 0, 1, 3])},
    "landscape.valley": lambda: {"landscape": PROBLEM, "x": X, "z": Z},
    "quartic.Bent": lambda: {"problem": WELLS, "K": 2.0, "g": 0.5},
    "landscape.check_landscape": lambda: {"landscape": SQUARE, "x": X},
    "landscape.cubic_modes": lambda: {"landscape": PROBLEM, "x": X, **SEARCH},
    "landscape.quartic_modes": lambda: {"landscape": PROBLEM, "x": X, **SEARCH},
    "landscape.pseudo_harmonic_modes": lambda: {
        "landscape": PROBLEM,
        "x": X,
        "pairs": np.array([[0, 1], [1, 2], [2, 3]]),
        **SEARCH,
    },
    "landscape.double_wells": lambda: {
        "landscape": WELLS,
        "x": ONE,
        "modes": [ONE],
        "reach": 1.5,
        "tol": TOL,
        "max_steps": 1000,
        "paths": False,
    },
    "landscape.drive": lambda: {
        "family": UniformField(WELLS),
        "x": OTHER,
        "h_from": 0.0,
        "h_to": 0.25,
        "tol": TOL,
        "max_events": 3,
        "max_steps": 100,
    },
    "landscape.minimum_energy_path": lambda: {
        "landscape": WELLS,
        "x0": ONE,
        "x1": OTHER,
        "images": 5,
        "tol": TOL,
    },
    "landscape.saddle_between": lambda: {
        "landscape": WELLS,
        "x0": ONE,
        "x1": OTHER,
        "images": 5,
        "tol": TOL,
    },
    "landscape.softening": lambda: {
        "family": UniformField(WELLS),
        "fold": fold(),
        "h_from": 0.25,
        "nearest": 0.125,
        "points": 3,
        "tol": TOL,
    },
    "landscape.thermal_response": lambda: {"landscape": PROBLEM, "x": X, "slope": X, "curvature": X},
    "landscape.expansion": lambda: {"landscape": PROBLEM, "x": X, "z": Z},
    "landscape.inertia": lambda: {"hessian": SQUARE.hessian(X), "shift": 2.0},
    "landscape.low_modes": lambda: {"hessian": SQUARE.hessian(X), "k": 2, "tol": TOL},
    "landscape.flow": lambda: {
        "landscape": PROBLEM,
        "x0": 2.0 * X,
        "times": np.array([0.5, 1.0]),
        "rtol": 2.0**-10,
        "probes": 2,
        "seed": 3,
    },
    "landscape.minimize": lambda: {"landscape": SQUARE, "start": X, "tol": TOL, "max_steps": 50},
    "lattice_gps.GPSLattice": lambda: {
        "L": 3,
        "J": 0.25,
        "beta": 0.5,
        "kappa_0": 2.0,
        "A": 3.0,
        "d": 2,
        "h": 0.5,
    },
    "lattice_gps.draw": lambda: {"params": lattice_gps.GPSLattice(L=3, J=0.25), "seed": 5, "sample": 3},
    "lattice_gps.coordinates": lambda: {"L": 3, "d": 2},
    "lattice_gps.displacements": lambda: {"L": 3, "d": 2},
    "lattice_gps.displacement": lambda: {"L": 3, "d": 2, "i": np.array([0, 4]), "j": np.array([1, 2])},
    "lattice_gps.distance": lambda: {"L": 3, "d": 2, "i": np.array([0, 4]), "j": np.array([1, 2])},
    "lattice_gps.core_radius": lambda: {"vectors": X, "L": 2, "d": 2},
    "lattice_gps.radial_profile": lambda: {"vectors": X, "L": 2, "d": 2},
    "lattice_gps.decay_exponent": lambda: {
        "r": np.array([1.0, 2.0]),
        "mean_log": np.array([-1.0, -4.0]),
        "counts": np.array([2.0, 4.0]),
    },
    "lattice_gps.reconstruct": lambda: {
        "problem": quartic.Problem(KAPPA, J, 0.0, 6.0),
        "seed": 5,
        "tol": TOL,
    },
    "lattice_gps.site_potentials": lambda: HERE,
    "lattice_gps.static_fields": lambda: HERE,
    "spm.Density": lambda: {
        "edges": np.array([1.0, 2.0, 4.0]),
        "density": np.array([0.5, 0.25]),
        "error": np.array([0.125, 0.125]),
        "events": np.array([4.0, 2.0]),
    },
    "spm.Gaussian": lambda: {"mean": 0.5, "deviation": 2.0, "low": -1.0, "high": 3.0},
    "spm.StudentT": lambda: {"freedom": 3.0, "location": 0.5, "scale": 2.0, "low": -1.0, "high": 3.0},
    "spm.Tabulated": lambda: {"values": np.array([-1.0, 0.0, 2.0]), "densities": np.array([0.5, 1.0, 0.0])},
    "spm.Uniform": lambda: {"low": -1.0, "high": 3.0},
    "spm.QuarticWells": lambda: {**columns(2), "weight": np.array([2.0, 0.5]), "potentials": 4.0},
    "spm.Wells": lambda: {
        **columns(2),
        "weight": np.array([2.0, 0.5]),
        "potentials": 4.0,
        "position": np.array([0.5, 1.0]),
        "energy": np.array([-0.5, 0.0]),
        "is_global": np.array([True, False]),
        "partner": np.array([1, 0]),
        "barrier": np.array([0.5, 1.0]),
        "cubic_barrier": np.array([0.5, 1.0]),
        "asymmetry": np.array([0.5, -0.5]),
    },
    "spm.asymmetry": lambda: columns(2),
    "spm.asymmetry_factor": lambda: {"r": np.array([2.75, 4.0])},
    "spm.barrier": lambda: columns(2),
    "spm.barrier_factor": lambda: {"r": np.array([2.75, 4.0])},
    "spm.cubic_barrier": lambda: {"b2": np.array([0.5, 1.0]), "b3": np.array([1.0, 2.0])},
    "spm.HeatTable": lambda: {
        "T": np.array([0.5, 1.0]),
        "C": np.array([1.0, 3.0]),
        "C_error": np.ones(2),
        "filled": 1,
    },
    "spm.quartic_of_pair": lambda: {
        "barrier": np.array([1.0, 2.0]),
        "asymmetry": np.array([0.5, 1.0]),
        "distance": np.array([1.0, 2.0]),
    },
    "spm.fit_path": lambda: {
        "s": np.array([-1.0, -0.5, 0.0, 0.5, 1.0]),
        "energy": np.array([0.0, 0.5, 1.0, 0.5, 0.25]),
    },
    "spm.mass_of": lambda: {"mass": 4.0},
    "spm.well_levels": lambda: {"wells": TABLE, "mass": 1.0, "freeze": 0.0625},
    "spm.debye_coefficient": lambda: {
        "longitudinal": 5968.0,
        "transverse": 3764.0,
        "density": 2200.0,
        "molar_mass": 60.0,
    },
    "spm.density": lambda: {
        "values": np.array([1.0, 2.0, 2.0]),
        "weights": np.array([1.0, 0.5, 2.0]),
        "potentials": 4.0,
    },
    "spm.fit_specific_heat": lambda: {
        "T": np.array([0.5, 1.0, 2.0]),
        "C": np.array([1.0, 3.0, 50.0]),
        "C_error": np.array([0.25, 0.25, 1.0]),
        "debye": 0.5,
    },
    "spm.levels": lambda: {**columns(2), "mass": 4.0, "count": 2},
    "spm.splitting": lambda: {**columns(2), "mass": 4.0},
    "spm.minima": lambda: {
        "a1": np.array([0.5, 0.0]),
        "a2": np.array([-1.0, 1.0]),
        "a3": np.array([0.5, 0.25]),
        "a4": np.ones(2),
    },
    "spm.power_law": lambda: {"density": histogram(), "low": 1.0, "high": 32.0, "exponent": 0.5},
    "spm.sample": lambda: {"law": LAW, "n": 5, "seed": 5},
    "spm.sample_soft": lambda: {"law": LAW, "n": 50, "b2_max": 0.5, "b2_min": 0.125, "seed": 5},
    "spm.specific_heat": lambda: {"wells": TABLE, "T": np.array([0.03125]), "mass": 1.0, "freeze": 0.0625},
    "spm.stream": lambda: {"law": LAW, "n": 5, "seed": 5, "threads": 1},
    "spm.two_level_systems": lambda: {
        "wells": spm.QuarticWells(**columns(1)),
        "mass": 1.0,
        "freeze": 2.0**-20,
    },
    "qle.statistics.binned_peak": lambda: {
        "binned": in_bins(),
        "debye": 0.25,
        "dimension": 3,
        "resamples": 3,
    },
    "qle.statistics.binned_tail": lambda: {
        "binned": in_bins(),
        "debye": 0.25,
        "dimension": 3,
        "cutoff": 2.0,
    },
    "qle.statistics.debye_level": lambda: {
        "longitudinal": 2.0,
        "transverse": 1.0,
        "density": 0.5,
        "dimension": 3,
    },
    "qle.statistics.compare": lambda: {"datasets": {"a": swept(), "b": swept()}, "resamples": 3},
    "qle.statistics.compare_ensembles": lambda: {
        "datasets": {"a": swept().isel(J=[0]), "b": swept().isel(J=[1])},
        "resamples": 3,
    },
    "qle.statistics.crossover": statistic(factor=2.0, cutoff=0.5),
    "qle.statistics.finite_size": lambda: {"law": of_sizes(), "power": 0.5},
    "qle.statistics.moments": statistic(),
    "qle.statistics.samples_needed": lambda: {"error": 0.25, "modes_per_sample": 0.5},
    "qle.statistics.softest": statistic(cutoff=0.5),
    "qle.statistics.table": statistic(cutoff=0.5, resamples=3),
    "qle.statistics.tail": statistic(cutoff=0.5, modes_per_sample=0.5, resamples=3),
    "qle.statistics.vdos": statistic(bins_per_decade=5, resamples=3),
    "qle.statistics.windows": statistic(shares=np.array([0.5, 0.25]), resamples=3),
    "qle.statistics.boson_peak.boson_peak": peaked,
    "qle.statistics.intervals.counts_interval": lambda: {"counts": np.array([4, 0, 3]), "confidence": 0.75},
    "qle.statistics.intervals.mean_interval": lambda: {"values": X, "confidence": 0.75},
    "qle.statistics.intervals.rate_interval": lambda: {
        "events": np.array([4.0, 2.0, 3.0]),
        "exposure": np.array([2.0, 1.0, 0.5]),
        "confidence": 0.75,
    },
    "qle.Measure": lambda: {"modes": 3, "complete_below": 0.25},
    "qle.modes": lambda: of_hessian(files=hessian_file(), count=3, pseudo=1),
    "qle.read_hessian": lambda: of_hessian(path=hessian_file()),
    "qle.Protocol": lambda: {
        "start": "random",
        "tol": TOL,
        "max_products": 1000,
        "starts": 2,
        "field_steps": 3,
    },
    "qle.spectra": lambda: {
        "frequencies": X**2,
        "N": 4,
        "dimension": 2,
        "sample": np.array([0, 0, 1, 1]),
        "samples": 3,
        "zero_modes": 1,
        "complete": 2.0,
    },
    "qle.Spec": lambda: {"model": "khgps", "samples": 3, "seed": 5, "grid": {"N": 50, "h": 0.5, "J": 0.25}},
}

AXES = {"kappa_min": np.array([0.25, 0.5]), "kappa_0": np.array([1.0, 2.0]), "beta": 0.0, "A": 1.0}
ON_LATTICE = {"params": lattice_gps.GPSLattice(L=3, J=0.25), "seed": 5}
FACES |= {
    "qle.solutions.phase_diagram.phase_diagram": lambda: {"h": np.array([0.5]), **AXES},
    "qle.solutions.phase_diagram.suitable_fields": lambda: {**AXES, "h_max": 0.5, "points": 3},
    "qle.measurements.lattice.measure": lambda: {**ON_LATTICE, "samples": 2, "modes": 3},
    "qle.measurements.lattice.relax": lambda: {**ON_LATTICE, "sample": 3},
    "qle.statistics.glassy_phase.state_prefactor": lambda: {"J": 0.25, "h": 0.25, "kappa_0": 1.0},
    "qle.statistics.glassy_phase.global_prefactor": lambda: {"J": 0.25, "h": 0.25, "kappa_0": 1.0},
    "khgps.law_of_points": lambda: {"kappa": np.array([0.5, 1.0]), "weights": np.array([1.0, 3.0])},
    "khgps.solve_one_state": lambda: {"J": 0.25, "h": 0.25, **AXES, "kappa_min": 0.25, "kappa_0": 1.0},
}

CRYSTAL = glass.crystal(4, spacing=0.95, potential="hertzian_spheres")  # discs pressed by a twentieth
PLACED = {"glass": CRYSTAL, "x": CRYSTAL.x}
BANDS = glass.phonon_bands(CRYSTAL, 0.5, below=2.0)
IN_FILE = {"dimension": 2, "frame": 0, "box": CRYSTAL.box}


class Springs:
    """Two particles on a line, each held by a spring."""

    def __init__(self) -> None:
        self.positions = np.array([[0.5], [0.25]])

    def get_potential_energy(self) -> float:
        return float(np.sum(self.positions**2)) / 2.0

    def get_forces(self) -> Any:
        return -self.positions


@cache
def snapshot_file() -> Path:
    """Return a file with the places of the crystal alone."""
    path = hessian_file().with_name("places.npy")
    np.save(path, CRYSTAL.x.reshape(16, 2))
    return path


LIQUID = {"params": glass.SoftSpheres(N=32, T_p=2.0, sweeps=32), "seed": 5, "sample": 3}
PAIR_TABLE = np.array([[1.0, 1.25], [1.25, 1.5]])
FACES |= {
    "qle.read_snapshot": lambda: {"source": snapshot_file(), **IN_FILE},
    "glass.Custom": lambda: {
        "functions": [
            lambda q: (2.0 - q) ** 4,
            lambda q: -4.0 * (2.0 - q) ** 3,
            lambda q: 12.0 * (2.0 - q) ** 2,
            lambda q: 24.0 * (q - 2.0),
            lambda q: 24.0 + 0.0 * q,
        ],
        "reach": 2.0,
        "smooth": 3,
    },
    "glass.Mixing": lambda: {
        "non_additivity": 0.25,
        "species": np.array([1.0, 1.5]),
        "lengths": PAIR_TABLE,
        "energies": PAIR_TABLE,
    },
    "glass.FromCalculator": lambda: {
        "atoms": Springs(),
        "dimension": 1,
        "zero_modes": "none",
        "length": 0.125,
    },
    "glass.PairGlass": lambda: {
        "positions": np.array([[0.0, 0.0], [0.875, 0.0]]),
        "sizes": np.array([1.0, 1.25]),
        "box": np.array([4.0, 5.0]),
        "potential": "hertzian_spheres",
        "shear": 0.125,
    },
    "glass.SoftSpheres": lambda: {"N": 64, "d": 2, "T_p": 0.5, "density": 0.75, "sweeps": 100},
    "glass.bond_heat": lambda: PLACED,
    "glass.draw": lambda: LIQUID,
    "glass.equilibrate": lambda: LIQUID,
    "glass.inverse_power_mixture": lambda: {"reach": 1.5, "smooth": 3},
    "glass.kob_andersen": lambda: {"reach": 2.5, "smooth": 3},
    "glass.ninarello": lambda: {"reach": 1.25, "smooth": 2, "non_additivity": 0.25},
    "glass.nonaffine_force": lambda: PLACED,
    "glass.pressure": lambda: PLACED,
    "glass.quench": lambda: {**PLACED, "tol": 2.0**-20, "max_steps": 1000},
    "glass.shear_modulus": lambda: PLACED,
    "glass.soft_spheres": lambda: {"exponent": 8, "reach": 1.5, "smooth": 3, "non_additivity": 0.125},
    "glass.sticky_spheres": lambda: {"r_c": 1.5},
    "glass.stress": lambda: PLACED,
    "glass.band_width": lambda: {"bands": BANDS, "disorder": 3.0, "particles": 64},
    "glass.centre": lambda: {**PLACED, "z": CRYSTAL.x},
    "glass.core_size": lambda: {**PLACED, "omega_g": 2.0},
    "glass.crystal": lambda: {"side": 4, "spacing": 0.875, "potential": "ninarello", "size": 1.25, "d": 3},
    "glass.dagger_frequency": lambda: {"first": 0.5, "dimension": 3, "disorder": 3.0, "particles": 64},
    "glass.decay": lambda: {**PLACED, "z": CRYSTAL.x, "around": np.array([0.5, 1.0]), "shells": 5},
    "glass.dilatancy": lambda: {**PLACED, "z": CRYSTAL.x},
    "glass.dipole_frequency": lambda: {**PLACED, "most": 7},
    "glass.dipole_responses": lambda: {**PLACED, "alpha": np.array([0, 3])},
    "glass.dipole_stiffness": lambda: {**PLACED, "most": 7},
    "glass.mechanical_disorder": lambda: {"moduli": np.array([9.0, 10.0, 12.0]), "particles": 64},
    "glass.phonon_bands": lambda: {"glass": CRYSTAL, "speed": 0.5, "below": 2.0},
    "glass.phonon_share": lambda: {**PLACED, "z": CRYSTAL.x, "shells": 1},
    "glass.shear_speed": lambda: PLACED,
    "glass.strain_coupling": lambda: {**PLACED, "z": CRYSTAL.x},
}

NOWHERE = "/nowhere/never.png"
FIGURES: dict[str, Callable[[], dict[str, Any]]] = {
    "qle.figures.boson_peak.draw": lambda: {"peaks": {}, "path": NOWHERE, "beta": 0.0},
    "qle.figures.fields.draw": lambda: {"field": X, "path": NOWHERE},
    "qle.figures.fig9.draw_crossover": statistic(path=NOWHERE, modes_per_sample=0.5),
    "qle.figures.gapless_density.draw": statistic(path=NOWHERE, modes_per_sample=0.5),
    "qle.figures.fig9.draw_weak": statistic(path=NOWHERE, modes_per_sample=0.5),
    "qle.figures.mode_map.draw": lambda: {"vector": X, "L": 2, "d": 2, "path": NOWHERE},
    "qle.figures.mode_profile.draw": lambda: {"profiles": {}, "d": 2, "path": NOWHERE},
    "qle.figures.phase_diagram.draw": lambda: {"diagram": xr.Dataset(), "path": NOWHERE},
    "qle.figures.vdos.draw": statistic(path=NOWHERE),
    "qle.statistics.glassy_phase.measured": statistic(modes_per_sample=0.5),
}
"""What only passes numbers on, or draws them: whether they are refused is tested, before a file is made."""

RESULTS = {
    "landscape.Drive", "landscape.Event", "landscape.Hessian", "landscape.Minimum", "landscape.Modes",
    "landscape.Point",
    "landscape.PseudoHarmonicMode",
    "quartic.DoubleWell", "quartic.Drive", "quartic.Event", "quartic.Expansion", "quartic.Exploration",
    "quartic.Fold", "quartic.HeatCapacities", "quartic.Minimum", "quartic.Modes", "quartic.NonlinearMode",
    "quartic.Path", "quartic.Saddle", "quartic.Softening", "khgps.CriticalPoint", "khgps.Distributions",
    "khgps.FullRSB", "khgps.GroundState", "khgps.Law", "khgps.ReplicaSymmetric", "lattice_gps.Profile",
    "lattice_gps.Reconstruction",
    "lattice_gps.SitePotentials", "spm.GivenWells", "spm.PathFit",
    "spm.WellLevels", "spm.HeatFit", "spm.HeatUnit", "spm.JointDensity", "spm.Laws",
    "spm.PowerLaw", "spm.SoftLimits", "spm.SpecificHeat", "spm.Tally", "spm.TwoLevelSystems",
    "quartic.modes.Modes",
    "qle.statistics.boson_peak.BosonPeak", "qle.measurements.lattice.LatticeSamples",
    "khgps.Dynamics", "landscape.Flow",
    "khgps.OneState", "glass.Bands", "glass.Bonds", "glass.Decay", "glass.Equilibration", "glass.Liquid",
    "qle.Snapshot",
}  # fmt: skip
"""What the packages return: nobody else makes them."""

ELSEWHERE = {
    "glass.symbolic": "hands its numbers to glass.Custom",
    "glass.Potential": "has no functions: the potentials that are made of it convert their numbers",
    "spm.heat_unit": "takes a word alone: tests/spm/test_heat_table.py",
    "spm.read_wells": "takes a file: tests/spm/test_given_wells.py",
    "spm.read_specific_heat": "takes a file: tests/spm/test_heat_table.py",
    "quartic.Observable": "checked where the number of sites is known: tests/quartic/test_thermal.py",
    "qle.binned_density": "of counts or of D, not both: tests/qle/readers/test_binned.py",
    "qle.soft_spots": "of files, sizes or species: tests/qle/readers/test_snapshot_mistakes.py",
    "qle.read_binned": "of a file, through the same checks",
    "qle.read_spectra": "of a file; the same numbers as of qle.spectra, through the same checks",
    "qle.sweep": "workers: in tests.arguments.test_faces",
    "qle.statistics.intervals.count_excess": "within intervals that have converted their numbers",
    "qle.statistics.intervals.dispersion": "as count_excess",
}
