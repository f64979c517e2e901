"""Another code's forces alone: cubic modes by differences of them against those of exact derivatives."""

from typing import Any

import numpy as np
import pytest

import glass
import landscape
from tests.glass_reference import tabled

Array = np.ndarray


class Calculator:
    """Forces of a glass in two dimensions as a code for three gives them, counted."""

    def __init__(self, made: glass.PairGlass, x: Array) -> None:
        self.made, self.calls = made, 0
        self.positions = np.pad(x.reshape(-1, 2), ((0, 0), (0, 1)), constant_values=0.5)

    def get_potential_energy(self) -> float:
        return self.made.energy(self.positions[:, :2].ravel())

    def get_forces(self) -> Array:
        self.calls += 1
        gradient = self.made.gradient(self.positions[:, :2].ravel())
        return -np.pad(gradient.reshape(-1, 2), ((0, 0), (0, 1)))


@pytest.mark.parametrize("given", [False, True])
def test_cubic_modes_of_forces_are_those_of_derivatives(given: bool) -> None:
    """Overlaps 1 to 1e-8: directions, b2 and b3 to 1e-4, and the barrier, stationary there, to 1e-8.

    But differences may leave 1e-6 of third derivatives, and twice that of the barrier.
    """
    made = tabled()
    exact = landscape.cubic_modes(made, made.x, count=4)
    code = Calculator(made, made.x)
    hessian = made.hessian(made.x).dense() if given else None
    forces = glass.FromCalculator(code, dimension=2, hessian=hessian)
    found = landscape.cubic_modes(forces, forces.x, count=4)
    assert len(found) == len(exact)
    for one, other in zip(found, exact, strict=True):
        assert one.status == other.status == "converged"
        assert abs(one.direction @ other.direction) > 1.0 - 1e-8
        assert one.b3 == pytest.approx(other.b3, rel=1e-4)
        assert one.b4 == pytest.approx(other.b4, rel=1e-3)
        assert one.barrier == pytest.approx(other.barrier, rel=2e-6)
    assert code.calls < (1500 if given else 5000)
    np.testing.assert_array_equal(code.positions[:, 2], 0.5)


def small() -> glass.PairGlass:
    liquid = glass.draw(glass.SoftSpheres(N=36, T_p=2.0, sweeps=32), seed=1, sample=0)
    x = glass.quench(liquid).x.reshape(-1, 2)
    return glass.PairGlass(x, sizes=liquid.sizes, box=liquid.box, potential="soft_spheres")


def test_the_landscape_of_a_calculator_is_consistent() -> None:
    """Its default derivatives, minima and modes; a Hessian that is given holds where it was made alone."""
    made = small()
    forces = glass.FromCalculator(Calculator(made, made.x), dimension=2)
    landscape.check_landscape(forces, made.x)
    values = landscape.low_modes(forces.hessian(made.x), 5).eigenvalues
    np.testing.assert_allclose(values, landscape.low_modes(made.hessian(made.x), 5).eigenvalues, rtol=1e-7)
    away = made.x + 1e-3 * np.random.default_rng(0).normal(size=made.size)
    back = landscape.minimize(forces, away, tol=1e-9)
    assert back.energy == pytest.approx(made.energy(made.x), rel=1e-12)
    wrong = np.eye(made.size)
    told = glass.FromCalculator(Calculator(made, made.x), dimension=2, hessian=wrong)
    np.testing.assert_array_equal(told.hessian(made.x).dense(), wrong)
    exact = made.hessian(away).dense()
    np.testing.assert_allclose(told.hessian(away).dense(), exact, atol=1e-7 * np.abs(exact).max())


def test_a_calculator_of_ase() -> None:
    """Through ASE's Atoms and what they remember of the last positions."""
    ase, base = pytest.importorskip("ase"), pytest.importorskip("ase.calculators.calculator").Calculator
    made = small()

    class Ours(base):  # type: ignore[misc, valid-type]
        implemented_properties = ("energy", "forces")

        def calculate(self, *given: Any) -> None:
            super().calculate(*given)
            x = self.atoms.positions[:, :2].ravel()
            forces = np.pad(-made.gradient(x).reshape(-1, 2), ((0, 0), (0, 1)))
            self.results = {"energy": made.energy(x), "forces": forces}

    places = np.pad(made.x.reshape(-1, 2), ((0, 0), (0, 1)))
    atoms = ase.Atoms(positions=places, cell=[*made.box, 1.0], pbc=[True, True, False], calculator=Ours())
    forces = glass.FromCalculator(atoms, dimension=2)
    one, other = (landscape.cubic_modes(land, made.x, count=2)[0] for land in (forces, made))
    assert abs(one.direction @ other.direction) > 1.0 - 1e-8
    atoms.set_constraint(pytest.importorskip("ase.constraints").FixAtoms([0]))
    with pytest.raises(ValueError, match="atoms: has constraints, which hide forces: must have none"):
        glass.FromCalculator(atoms, dimension=2)


def test_what_is_no_calculator_is_named() -> None:
    made = small()
    with pytest.raises(ValueError, match="atoms: has no get_potential_energy: must have positions, "):
        glass.FromCalculator(type("Bare", (), {"positions": np.zeros((2, 3))})())
    with pytest.raises(ValueError, match="dimension = 4: must be an integer from 1 to 3"):
        glass.FromCalculator(Calculator(made, made.x), dimension=4)
    with pytest.raises(ValueError, match="zero_modes = 'none of them': must be one of"):
        glass.FromCalculator(Calculator(made, made.x), zero_modes="none of them")
    with pytest.raises(ValueError, match=r"hessian has shape \(3, 3\): must be \(72, 72\)"):
        glass.FromCalculator(Calculator(made, made.x), dimension=2, hessian=np.eye(3))
    flat = Calculator(made, made.x)
    flat.get_forces = lambda: np.zeros((36, 2))  # type: ignore[method-assign]
    with pytest.raises(ValueError, match=r"get_forces\(\) has shape \(36, 2\): must be \(36, 3\)"):
        glass.FromCalculator(flat, dimension=2).gradient(made.x)
