"""Against matscipy, another code, where it is installed (pip install matscipy): two potentials, sheared."""

from typing import Any

import numpy as np
import pytest

import glass
from glass.elasticity import strain
from tests import glass_reference as reference

pytestmark = pytest.mark.filterwarnings("ignore")  # of others

BOX, SHEAR = 7.0, 0.2
SIGMA, DEPTH = np.array([[1.0, 0.8], [0.8, 0.88]]), np.array([[1.0, 1.5], [1.5, 0.5]])  # of Kob and Andersen


def atoms_of(places: np.ndarray, kinds: np.ndarray) -> Any:
    ase = pytest.importorskip("ase")
    cell = [[BOX, 0.0, 0.0], [SHEAR * BOX, BOX, 0.0], [0.0, 0.0, BOX]]
    return ase.Atoms(positions=places, numbers=1 + kinds, cell=cell, pbc=True)


def soft_spheres() -> tuple[glass.PairGlass, Any]:
    polydisperse = pytest.importorskip("matscipy.calculators.polydisperse")
    sizes = np.random.default_rng(1).choice([1.0, 1.3, 1.8, 2.22], 200)
    places = reference.scattered(200, 3, BOX, 2)
    atoms = atoms_of(places, 0 * sizes.astype(int))
    atoms.set_array("size", sizes)
    atoms.calc = polydisperse.Polydisperse(polydisperse.InversePowerLawPotential(1.0, 1.4, 0.1, 3, 1.0, 2.22))
    return glass.PairGlass(places, sizes=sizes, box=BOX, potential="soft_spheres", shear=SHEAR), atoms


def lennard_jones_mixture() -> tuple[glass.PairGlass, Any]:
    """The mixture of Kob and Andersen, less value, slope and curvature by r at 2.5: as matscipy cuts it."""
    pairs = pytest.importorskip("matscipy.calculators.pair_potential")
    kinds = (np.arange(200) % 5 == 0).astype(int)
    places = reference.scattered(200, 3, BOX, 2)
    atoms = atoms_of(places, kinds)
    atoms.calc = pairs.PairPotential({
        (1 + i, 1 + j): pairs.LennardJonesQuadratic(DEPTH[i, j], SIGMA[i, j], 2.5 * SIGMA[i, j])
        for i in range(2) for j in range(i, 2)
    })  # fmt: skip
    import sympy

    q, x, end = sympy.Symbol("q"), sympy.Symbol("x", positive=True), sympy.Rational(5, 2)
    power = 4 * (x**-12 - x**-6)
    rest = [sympy.diff(power, x, k).subs(x, end) * (x - end) ** k / sympy.factorial(k) for k in range(3)]
    table = glass.Mixing(0.0, (1.0, 0.88), tuple(map(tuple, SIGMA)), tuple(map(tuple, DEPTH)))
    cut = (power - sum(rest)).subs(x, sympy.sqrt(2 * q))
    potential = glass.symbolic(cut, reach=2.5, smooth=2, mixing=table)
    sizes = np.array([1.0, 0.88])[kinds]
    return glass.PairGlass(places, sizes=sizes, box=BOX, potential=potential, shear=SHEAR), atoms


def close(found: np.ndarray, wanted: np.ndarray) -> None:
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11 * np.abs(wanted).max())


@pytest.mark.parametrize("both", [soft_spheres, lennard_jones_mixture])
def test_energy_forces_hessian_stress_and_elastic_constants(both: Any) -> None:
    """Born's terms are those of matscipy with stress taken off, C_abcd = A_abcd - S_bd delta_ac."""
    made, atoms = both()
    assert made.energy(made.x) == pytest.approx(atoms.get_potential_energy(), rel=1e-12)
    close(made.gradient(made.x), -atoms.get_forces().ravel())
    close(made.hessian(made.x).dense(), atoms.calc.get_hessian(atoms, "sparse").toarray())
    xx, yy, zz, yz, xz, xy = atoms.get_stress()
    stress = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    close(glass.stress(made, made.x), stress)
    bonds = made.bonds(made.x, 2)
    fields = {}
    for a in range(3):
        for b in range(3):  # x_a grows by x_b
            fields[a, b] = np.zeros_like(bonds.r)
            fields[a, b][:, a] = bonds.r[:, b]
    second = [bonds.second(fields[c, d]) for c in range(3) for d in range(3)]
    terms = [np.sum(fields[a, b] * field) for a in range(3) for b in range(3) for field in second]
    affine = np.array(terms).reshape(3, 3, 3, 3) / made.volume
    close(affine - np.einsum("bd,ac->abcd", stress, np.eye(3)), atoms.calc.get_born_elastic_constants(atoms))
    np.testing.assert_array_equal(fields[0, 1], strain(bonds.r))
    xi = glass.nonaffine_force(made, made.x).reshape(-1, 3)  # of the gradient; theirs is of the forces
    theirs = np.array(atoms.calc.get_property("nonaffine_forces", atoms)).reshape(-1, 3, 3, 3)
    close(xi, -theirs[:, :, 0, 1])
