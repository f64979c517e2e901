"""Every landscape of ours keeps the contract, and an error planted in any part is found and named."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.linalg import aslinearoperator

import khgps
import landscape
import lattice_gps
import quartic
from landscape.forms import Diagonal, Form
from landscape.hessian import DenseHessian, Hessian
from quartic.units import Units
from tests.surfaces import double_wells, icosahedron, lennard_jones, mueller_brown

N = 12
RNG = np.random.default_rng(2)
X = RNG.normal(size=N)
UPPER = np.triu(RNG.normal(size=(N, N)), 1) / 4.0
PROBLEM = quartic.Problem(RNG.uniform(0.5, 1.5, N), UPPER + UPPER.T, 0.3, 1.0)
MATRIX = quartic.hessian(PROBLEM, X)
RING = 2.0 * np.eye(N) - np.roll(np.eye(N), 1, 0) - np.roll(np.eye(N), -1, 0)
LATTICE = lattice_gps.draw(lattice_gps.GPSLattice(L=4, J=1.0, h=0.1), seed=1, sample=0)
CLUSTER = landscape.minimize(lennard_jones(13), 1.05 * icosahedron()).x


def sample(coupling: str) -> tuple[quartic.Problem, Any]:
    params = khgps.KHGPS(N=64, J=0.3, h=0.1, kappa_min=0.1, coupling=coupling)
    return khgps.draw(params, seed=1, sample=0), np.random.default_rng(2).normal(size=64)


MASSES = landscape.Harmonic(scipy.sparse.csr_array(RING), masses=np.arange(1.0, 13.0))


def bent_minimum() -> tuple[landscape.Landscape, Any]:
    bent = quartic.Bent.of_share(PROBLEM, 0.8, K=3.0)
    return bent, bent.lifted(quartic.minimize(PROBLEM).x)


GIVEN: dict[str, Callable[[], tuple[landscape.Landscape, Any]]] = {
    "oscillators": lambda: (PROBLEM, X),
    "oscillators without a field": lambda: (quartic.Problem(PROBLEM.stiffness, UPPER + UPPER.T, 0.0, 1.0), X),
    "soft oscillators": lambda: (Units(-9, -30).problem(PROBLEM), X * 2.0**9),
    "stiff oscillators": lambda: (Units(12, 40).problem(PROBLEM), X / 2.0**12),
    "oscillators at their minimum": lambda: (PROBLEM, quartic.minimize(PROBLEM).x),
    **{f"KHGPS {kind}": partial(sample, kind) for kind in khgps.model.COUPLINGS},
    "bent oscillators": lambda: (quartic.Bent(PROBLEM, K=2.0, g=0.7), np.append(X, X[::-1])),
    "bent oscillators at their minimum": bent_minimum,
    "held oscillators": lambda: (landscape.Held(PROBLEM, X, [5, 2, 7]), X[[5, 2, 7]]),
    "a held cluster": lambda: (
        landscape.Held(lennard_jones(13), CLUSTER, [4, 0]),
        CLUSTER[[12, 13, 14, 0, 1, 2]],
    ),
    "held springs of several masses": lambda: (landscape.Held(MASSES, X, [3, 4]), X[[3, 4]]),
    "lattice": lambda: (LATTICE, np.random.default_rng(3).normal(size=64)),
    "functions": lambda: (landscape.Functions(PROBLEM.energy, PROBLEM.gradient, N), X),
    "functions at their minimum": lambda: (
        landscape.Functions(PROBLEM.energy, PROBLEM.gradient, N),
        quartic.minimize(PROBLEM).x,
    ),
    "functions with products at their minimum": lambda: (
        landscape.Functions(
            PROBLEM.energy, PROBLEM.gradient, N, products=lambda x, d: PROBLEM.hessian(x).dense() @ d
        ),
        quartic.minimize(PROBLEM).x,
    ),
    "functions with a Hessian": lambda: (double_wells(0.1), [0.3, -0.8]),
    "Mueller and Brown": lambda: (mueller_brown(), [-0.3, 0.9]),
    "a cluster": lambda: (
        lennard_jones(13),
        1.05 * icosahedron() + 0.02 * np.random.default_rng(4).normal(size=39),
    ),
    "a cluster at its minimum": lambda: (lennard_jones(13), CLUSTER),
    "a matrix": lambda: (landscape.Harmonic(MATRIX), X),
    "a sparse matrix": lambda: (
        landscape.Harmonic(scipy.sparse.csr_array(RING), zero_modes=np.ones((N, 1))),
        X,
    ),
    "products": lambda: (landscape.Harmonic(aslinearoperator(MATRIX), masses=np.arange(1.0, 13.0)), X),
}


@pytest.mark.parametrize("name", GIVEN)
def test_every_landscape_of_ours_keeps_the_contract(name: str) -> None:
    landscape.check_landscape(*GIVEN[name]())


def test_typical_forces_scale_as_forces_do() -> None:
    def oscillators(length: float, energy: float) -> quartic.Problem:
        return Units(int(np.log2(length)), int(np.log2(energy))).problem(PROBLEM)

    landscape.check_landscape(PROBLEM, X, scaled=oscillators)

    def bare(length: float = 1.0, energy: float = 1.0) -> landscape.Functions:
        return landscape.Functions(
            lambda x: PROBLEM.energy(length * x) / energy,
            lambda x: PROBLEM.gradient(length * x) * (length / energy),
            N,
            length=1.0 / length,
        )

    landscape.check_landscape(bare(), X, scaled=bare)

    def fixed(length: float = 1.0, energy: float = 1.0) -> landscape.Landscape:
        own = oscillators(length, energy)
        return With(own, at=lambda x: At(x, 99.0, own))

    with pytest.raises(landscape.ContractError, match="force_scale: in other units"):
        landscape.check_landscape(fixed(), X, scaled=fixed)


class With(landscape.Landscape):
    """A landscape with some of its attributes replaced."""

    def __init__(self, given: landscape.Landscape, **replaced: Any) -> None:
        self._given, self._replaced = given, replaced

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        return self._replaced.get(name, getattr(self._given, name))

    @property
    def size(self) -> int:
        raise NotImplementedError  # all is looked up above

    def energy(self, x: Any) -> float:
        raise NotImplementedError

    def gradient(self, x: Any) -> Any:
        raise NotImplementedError


class Wrong(Hessian):
    """M of the oscillators at x, with errors in its faces."""

    def __init__(self, x: Any, **errors: Any) -> None:
        super().__init__(N)
        self._own, self._errors = DenseHessian(quartic.hessian(PROBLEM, x)), errors

    def products(self, block: Any) -> Any:
        return self._errors.get("products", lambda b: self._own.products(b))(block)

    def row(self, i: int) -> Any:
        return self._own.row(self._errors.get("row", i))

    def dense(self) -> Any:
        return self._own.dense() + self._errors.get("dense", 0.0)


class At(landscape.Point):
    """A point of the oscillators with another typical force."""

    def __init__(self, x: Any, force: float, own: quartic.Problem = PROBLEM) -> None:
        super().__init__(own, x, own.energy(x), own.gradient(x))
        self.force_scale = force


class Bent(Form):
    """A form whose polynomial along a line is not its own."""

    order = 3

    def vectors(self, block: Any) -> Any:
        return PROBLEM.third(X).vectors(block)

    def along(self, z: Any, d: Any, *, own: Any = None) -> Any:
        return super().along(z, d, own=own) * [1.0, 1.0, 1.001, 1.0]


def write(x: Any) -> float:
    energy = PROBLEM.energy(x)
    x[0] += 0.0 if x[0] == 0.0 else 1e-15 * x[0]
    x[-1] *= 1.0 + 1e-12
    return energy


def stiffer(x: Any) -> Hessian:
    return quartic.Problem(PROBLEM.stiffness * 1.01, PROBLEM.coupling, 0.3, 1.0).hessian(x)


def skew(x: Any) -> Hessian:
    """M with a part that is not symmetric, beneath what differences of gradients see."""
    lower = 3e-6 * np.tril(np.ones((N, N)), -1)
    return Wrong(x, products=lambda b: ((quartic.hessian(PROBLEM, x) + lower) @ b).astype(b.dtype))


def aside(p: Any, d: Any, longest: float = np.inf) -> Any:
    return PROBLEM.at(p.x + 0.1 * d + 0.001)


CONSTANT = np.ones(N)
ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "masses": ({"masses": np.zeros(N)}, "size: masses"),
    "a length": ({"length": 0.0}, "size: length"),
    "a dimension": ({"dimension": 5}, "size: 12: must be a multiple"),
    "no number": ({"energy": lambda x: np.nan}, "energy: is nan"),
    "a gradient": ({"gradient": lambda x: 1.001 * PROBLEM.gradient(x)}, "gradient: along a direction"),
    "its shape": ({"gradient": lambda x: PROBLEM.gradient(x)[:, None]}, "gradient: it has shape"),
    "its memory": ({"gradient": lambda x: CONSTANT}, "gradient: is the same array twice"),
    "x": ({"energy": write}, "gradient: x was written to"),
    "evaluate": (
        {"evaluate": lambda x: (PROBLEM.energy(x) + 0.01, PROBLEM.gradient(x))},
        "evaluate: the energy of evaluate",
    ),
    "a point": ({"at": lambda x: PROBLEM.at(x + 0.001)}, "evaluate: the energy of at"),
    "a Hessian": ({"hessian": stiffer}, "hessian: products and the difference"),
    "its symmetry": ({"hessian": skew}, "hessian: u.M.v and v.M.u"),
    "its precision": (
        {"hessian": lambda x: Wrong(x, products=lambda b: quartic.hessian(PROBLEM, x) @ b)},
        "hessian: products of a float32 block are float64",
    ),
    "its array": ({"hessian": lambda x: Wrong(x, dense=1e-3 * np.eye(N))}, "hessian: dense and products"),
    "one side of it": ({"hessian": lambda x: Wrong(x, dense=1e-9 * UPPER)}, "hessian: dense is not symm"),
    "its rows": ({"hessian": lambda x: Wrong(x, row=3)}, "hessian: row and dense"),
    "zero modes": ({"zero_modes": lambda x: np.eye(N)[:, :1]}, "zero_modes: the energy changes"),
    "their length": ({"zero_modes": lambda x: 2.0 * np.eye(N)[:, :1]}, "zero_modes: Z"),
    "third": ({"third": lambda x: Diagonal(1.001 * x, 3)}, "third: vectors and differences"),
    "its order": ({"third": PROBLEM.fourth}, "third: is a form of order 4"),
    "its polynomial": ({"third": lambda x: Bent()}, "third: the polynomial"),
    "fourth": ({"fourth": lambda x: Diagonal(np.full(N, 1.001), 4)}, "fourth: vectors and differences"),
    "typical forces": ({"at": lambda x: At(x, 0.1)}, "force_scale: is 0.1"),
    "no typical force": ({"at": lambda x: At(x, np.nan)}, "force_scale: is nan"),
    "a step uphill": (
        {"step": lambda p, d, longest=np.inf: PROBLEM.at(p.x - 0.1 * d)},
        "step: along minus the gradient the energy rises",
    ),
    "a step aside": ({"step": aside}, "step: the way moved"),
    "a long step": ({"step": lambda p, d, longest=np.inf: PROBLEM.at(p.x + 0.1 * d)}, "step: is 0.1 long"),
    "a status": ({"relax": lambda x, **_: (PROBLEM.at(x), "fine")}, "relax: ends as 'fine'"),
    "a rise": ({"relax": lambda x, **_: (PROBLEM.at(2.0 * x), "stalled")}, "relax: the energy rises"),
}


@pytest.mark.parametrize("part", ERRORS)
def test_an_error_in_any_part_is_found_and_named(part: str) -> None:
    replaced, message = ERRORS[part]
    with pytest.raises(landscape.ContractError, match=message):
        landscape.check_landscape(With(PROBLEM, **replaced), X)


def test_translations_that_change_the_energy_are_found_at_a_minimum() -> None:
    """Where no force is left to see: M does not take them to zero."""
    wrong = With(PROBLEM, zero_modes=lambda x: np.full((N, 1), N**-0.5))
    with pytest.raises(landscape.ContractError, match="zero_modes: M takes one to"):
        landscape.check_landscape(wrong, quartic.minimize(PROBLEM, tol=1e-14).x)


def test_a_configuration_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="x has shape"):
        landscape.check_landscape(PROBLEM, X[:-1])
