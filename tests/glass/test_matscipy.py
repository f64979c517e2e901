"""Against matscipy, another code for the same potential, where it is installed: pip install matscipy."""

import numpy as np
import pytest

import glass
from tests import glass_reference as reference

pytestmark = pytest.mark.filterwarnings("ignore")  # of others


def test_energy_forces_hessian_and_stress() -> None:
    polydisperse = pytest.importorskip("matscipy.calculators.polydisperse")
    ase = pytest.importorskip("ase")
    box, n = 7.0, 200
    sizes = np.random.default_rng(1).choice([1.0, 1.3, 1.8, 2.22], n)
    places = reference.scattered(n, 3, box, 2)
    made = glass.PairGlass(places, sizes=sizes, box=box, potential="soft_spheres", shear=0.2)
    cell = [[box, 0.0, 0.0], [0.2 * box, box, 0.0], [0.0, 0.0, box]]
    atoms = ase.Atoms(positions=places, cell=cell, pbc=True)
    atoms.set_array("size", sizes)
    atoms.calc = polydisperse.Polydisperse(polydisperse.InversePowerLawPotential(1.0, 1.4, 0.1, 3, 1.0, 2.22))
    assert made.energy(made.x) == pytest.approx(atoms.get_potential_energy(), rel=1e-12)
    gradient = -atoms.get_forces().ravel()
    np.testing.assert_allclose(made.gradient(made.x), gradient, atol=1e-11 * np.abs(gradient).max())
    hessian = atoms.calc.get_hessian(atoms, "sparse").toarray()
    np.testing.assert_allclose(made.hessian(made.x).dense(), hessian, atol=1e-11 * np.abs(hessian).max())
    xx, yy, zz, yz, xz, xy = atoms.get_stress()
    stress = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    np.testing.assert_allclose(glass.stress(made, made.x), stress, atol=1e-11 * np.abs(stress).max())
