"""Calls of public functions with one or two arguments replaced by hostile ones."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

import khgps
import lattice_gps
import qle
import quartic
import spm
from khgps import solve_one_state
from qle.description.target import Target
from tests.fuzz import hostile
from theory.derivations import derive

PROBLEM = khgps.draw(khgps.KHGPS(N=6, J=0.1, h=0.1), seed=1, sample=0)
X = quartic.minimize(PROBLEM).x
MODES = tuple(quartic.cubic_modes(PROBLEM, X, count=2))
MODEL = khgps.KHGPS(N=2, J=0.05, h=0.05, kappa_min=0.1)
LATTICE = lattice_gps.GPSLattice(L=3, J=0.1, d=2)
IN_SPACE = lattice_gps.draw(LATTICE, seed=1, sample=0)
AT_REST = quartic.minimize(IN_SPACE, start="kick").x
LAW = spm.SoftPotentials()
WELLS = spm.sample(LAW, 40, seed=1)
DENSITY = spm.density(np.abs(WELLS.b2))
GRID = {"N": 30, "h": 0.1, "J": 0.1}
HOSTILE_WORDS = (
    "lbfgs",
    "fire",
    "random",
    "kick",
    "decoupled",
    "lbfg",
    "Random",
    "",
    "none",
    "dense",
    "falling",
)


RECORDS = (quartic.Problem, khgps.KHGPS, lattice_gps.GPSLattice, spm.SoftPotentials, spm.Density, tuple)
"""Not replaced: whoever has other objects in their place reads the name of the missing attribute."""


class Face(NamedTuple):
    """A function and arguments that it takes; those named in `words` are words."""

    function: Callable[..., Any]
    arguments: Mapping[str, Any]
    words: tuple[str, ...] = ()


FACES: tuple[Face, ...] = (
    Face(quartic.Problem, {"stiffness": np.ones(3), "coupling": 0.1 * (np.ones((3, 3)) - np.eye(3)),
                            "field": np.full(3, 0.1), "anharmonicity": np.ones(3)}),
    Face(quartic.minimize, {"problem": PROBLEM, "method": "lbfgs", "start": "random", "seed": 3, "tol": 1e-8,
                            "max_products": 40, }, ("method", "start")),
    Face(quartic.anneal, {"problem": PROBLEM, "path": "falling", "steps": 3, "tol": 1e-8}, ("path",)),
    Face(quartic.best_of, {"problem": PROBLEM, "starts": 2, "seed": 1}),
    Face(quartic.explore, {"problem": PROBLEM, "starts": 3, "seed": 1}),
    Face(quartic.low_modes, {"problem": PROBLEM, "x": X, "k": 2, "method": "dense"}, ("method",)),
    Face(quartic.energy, {"problem": PROBLEM, "x": X}),
    Face(quartic.gradient, {"problem": PROBLEM, "x": X}),
    Face(quartic.hessian, {"problem": PROBLEM, "x": X}),
    Face(quartic.expansion, {"problem": PROBLEM, "x": X, "z": X}),
    Face(quartic.line_coefficients, {"problem": PROBLEM, "x": X, "d": X}),
    Face(quartic.participation_ratio, {"vectors": np.eye(6)}),
    Face(quartic.spectrum, {"problem": PROBLEM, "x": X}),
    Face(quartic.response, {"problem": PROBLEM, "x": X}),
    Face(quartic.cubic_modes, {"problem": PROBLEM, "x": X, "count": 2}),
    Face(quartic.quartic_modes, {"problem": PROBLEM, "x": X, "count": 2}),
    Face(quartic.double_wells, {"problem": PROBLEM, "x": X, "modes": MODES}),
    Face(quartic.drive, {"problem": PROBLEM, "x": X, "h_to": 0.12}),
    Face(quartic.heat_capacities, {"problem": PROBLEM, "x": X}),
    Face(khgps.KHGPS, {"N": 6, "J": 0.1, "h": 0.1, "kappa_0": 1.0, "kappa_min": 0.0, "beta": 0.0, "A": 1.0,
                       "coupling": "stored"}, ("coupling",)),
    Face(khgps.KHGPS, {"N": 6, "J": 0.1, "h": 0.1, "stiffness": ([0.1, 0.5, 0.5], [1.0, 2.0, 0.0])}),
    Face(khgps.law_of_points, {"kappa": [0.1, 0.5], "weights": [1.0, 2.0]}),
    Face(khgps.draw, {"params": khgps.KHGPS(N=6, J=0.1, h=0.1), "seed": 1, "sample": 0}),
    Face(khgps.solve_rs, {"params": MODEL}),
    Face(khgps.critical_coupling, {"h": 0.05, "kappa_0": 1.0, "kappa_min": 0.1, "beta": 0.0, "A": 1.0}),
    Face(khgps.special_point, {"kappa_0": 1.0, "kappa_min": 0.1, "beta": 0.0, "A": 1.0}),
    Face(khgps.rs_spectrum, {"params": MODEL, "omega": np.array([0.1, 0.5])}),
    Face(lattice_gps.GPSLattice, {"L": 3, "J": 0.1, "beta": 0.0, "kappa_0": 1.0, "A": 1.0, "d": 2, "h": 0.0}),
    Face(lattice_gps.draw, {"params": LATTICE, "seed": 1, "sample": 0, "coupling": "stored"}, ("coupling",)),
    Face(lattice_gps.coordinates, {"L": 3, "d": 2}),
    Face(lattice_gps.distance, {"L": 3, "d": 2, "i": np.array([0, 1]), "j": np.array([4, 5])}),
    Face(lattice_gps.radial_profile, {"vectors": np.eye(9)[:, :2], "L": 3, "d": 2}),
    Face(lattice_gps.site_potentials, {"problem": IN_SPACE, "x": AT_REST}),
    Face(lattice_gps.static_fields, {"problem": IN_SPACE, "x": AT_REST}),
    Face(spm.Gaussian, {"mean": 0.0, "deviation": 1.0, "low": -1.0, "high": 1.0}),
    Face(spm.Uniform, {"low": -1.0, "high": 1.0}),
    Face(spm.StudentT, {"freedom": 3.0, "location": 0.0, "scale": 1.0}),
    Face(spm.Tabulated, {"values": [0.0, 1.0, 2.0], "densities": [1.0, 2.0, 1.0]}),
    Face(spm.sample, {"law": LAW, "n": 5, "seed": 1}),
    Face(spm.sample_soft, {"law": LAW, "n": 5, "b2_max": 0.01, "seed": 1}),
    Face(spm.QuarticWells, {"b2": np.ones(3), "b3": np.ones(3), "b4": np.ones(3), "weight": np.ones(3)}),
    Face(spm.minima, {"a1": [0.1, 0.2], "a2": [1.0, -1.0], "a3": [0.5, 0.5], "a4": [1.0, 1.0]}),
    Face(spm.barrier, {"b2": 1.0, "b3": 1.0, "b4": 0.3}),
    Face(spm.cubic_barrier, {"b2": 1.0, "b3": 1.0}),
    Face(spm.asymmetry, {"b2": 1.0, "b3": 1.0, "b4": 0.3}),
    Face(spm.density, {"values": np.array([0.1, 0.5, 1.0])}),
    Face(spm.power_law, {"density": DENSITY, "low": 0.0, "high": 1.0, "exponent": 1.0}),
    Face(spm.levels, {"b2": [1.0], "b3": [0.5], "b4": [1.0], "mass": 10.0, "count": 2}),
    Face(spm.splitting, {"b2": [1.0], "b3": [2.0], "b4": [1.0], "mass": 10.0}),
    Face(spm.fit_specific_heat, {"T": [1.0, 2.0, 3.0, 4.0], "C": [1.0, 3.0, 8.0, 20.0],
                                 "C_error": [0.1, 0.1, 0.1, 0.1], "debye": 0.1}),
    Face(solve_one_state, {"J": 0.1, "h": 0.1, "kappa_0": 1.0, "A": 1.0}),
    Face(derive, {"name": "barrier_law"}, ("name",)),
    Face(qle.Protocol, {"method": "lbfgs", "start": "random", "tol": 1e-8, "max_products": 10, "starts": 2,
                        "field_path": "constant", "field_steps": 3}, ("method", "start", "field_path")),
    Face(qle.Measure, {"modes": 3, "chi": True, "nonlinear": True, "wells": True, "heat": False}),
    Face(Target, {"error": 0.1}),
    Face(qle.Spec, {"model": "khgps", "samples": 3, "grid": GRID, "seed": 1, "protocol": {},
                    "measure": {"modes": 3}},
         ("model",)),
)  # fmt: skip


def draw(rng: np.random.Generator) -> tuple[Face, dict[str, Any]]:
    """Return a function and arguments, of which one or two are hostile."""
    face = FACES[rng.integers(len(FACES))]
    arguments = dict(face.arguments)
    names = [name for name, value in arguments.items() if not isinstance(value, RECORDS)]
    for name in rng.choice(names, size=min(len(names), int(rng.integers(1, 3))), replace=False):
        value = arguments[name]
        if name in face.words and rng.random() < 0.5:
            arguments[name] = str(rng.choice(HOSTILE_WORDS))
        elif isinstance(value, np.ndarray | list) and rng.random() < 0.8:
            arguments[name] = hostile.array(rng, np.asarray(value))
        else:
            arguments[name] = hostile.scalar(rng)
    if rng.random() < 0.02:
        arguments["keyword"] = 1
    return face, arguments
