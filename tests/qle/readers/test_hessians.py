"""Hessians from files of other programs: modes against closed forms and scipy's generalised problem."""

import gzip
from pathlib import Path

import numpy as np
import pytest
import scipy.io
import scipy.sparse
import xarray as xr
from scipy.linalg import eigh

import qle
from landscape import pseudo_harmonic_modes
from qle.statistics import table
from tests.networks_of_springs import (
    diatomic_frequencies,
    network,
    ring,
    ring_frequencies,
    triangular,
    triangular_frequencies,
    write_lammps,
)

PRINTED = 1e-8  # LAMMPS prints eight decimals: elements are right to half of that


def frequencies(data: xr.Dataset) -> np.ndarray:
    """Return those of the only file."""
    (row,) = data["frequency"].values[0]
    return np.asarray(row)


@pytest.mark.parametrize("binary", [False, True])
def test_a_chain_from_lammps(tmp_path: Path, binary: bool) -> None:
    """One direction of three has springs; masses are in the file already, and equal."""
    n, k, m = 24, 3.0, 2.0
    path = write_lammps(tmp_path / "dynmat.dat", ring(n, k), np.full(n, m), binary=binary)
    data = qle.modes(path, dimension=1, count="all")
    np.testing.assert_allclose(frequencies(data), ring_frequencies(n, k, m), atol=n * PRINTED)
    assert data["translations"].item() == 1
    assert data["status"].item() == 0
    packed = tmp_path / "dynmat.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    np.testing.assert_array_equal(frequencies(qle.modes(packed, dimension=1, count="all")), frequencies(data))


def test_masses_that_differ_make_an_optical_branch(tmp_path: Path) -> None:
    """Given for a file of LAMMPS, where they are part of the elements, and for one where they are not."""
    cells, k, light, heavy = 12, 1.5, 1.0, 3.0
    masses = np.tile([light, heavy], cells)
    wanted = diatomic_frequencies(cells, k, light, heavy)
    lammps = write_lammps(tmp_path / "dynmat.dat", ring(2 * cells, k), masses)
    scipy.io.mmwrite(tmp_path / "own.mtx", scipy.sparse.coo_array(ring(2 * cells, k)))
    root = np.sqrt(masses)
    np.save(tmp_path / "weighted.npy", ring(2 * cells, k) / root / root[:, None])
    for path, weighted in ((lammps, None), (tmp_path / "own.mtx", None), (tmp_path / "weighted.npy", True)):
        data = qle.modes(path, dimension=1, masses=masses, weighted=weighted, count="all")
        np.testing.assert_allclose(frequencies(data), wanted, atol=24 * PRINTED)
    with pytest.raises(ValueError, match=r"translations are no zero modes.*where masses differ give them"):
        qle.modes(lammps, dimension=1, zero_modes="translations")


def test_translations_of_a_lattice_are_no_modes(tmp_path: Path) -> None:
    """Two of a triangular lattice; from sparse files the lowest modes come without a dense matrix."""
    matrix, wanted = triangular(12), triangular_frequencies(12)
    scipy.sparse.save_npz(tmp_path / "a.npz", matrix)
    scipy.io.mmwrite(tmp_path / "b.mtx", matrix, symmetry="symmetric")
    np.savez_compressed(tmp_path / "c.npz", hessian=matrix.toarray(), positions=np.zeros((144, 2)))
    np.savetxt(tmp_path / "d.csv", matrix.toarray(), delimiter=",", header="a table")
    with gzip.open(tmp_path / "e.mtx.gz", "wb") as file:
        file.write((tmp_path / "b.mtx").read_bytes())
    paths = sorted(tmp_path.iterdir())
    assert [qle.read_hessian(path, dimension=2).landscape.hessian().form for path in paths] == [
        "sparse", "sparse", "dense", "dense", "sparse",
    ]  # fmt: skip
    for row in qle.modes(paths, dimension=2, count="all")["frequency"].values[0]:
        np.testing.assert_allclose(row, wanted, rtol=1e-10)
    some = qle.modes(paths[0], dimension=2, count=9)
    np.testing.assert_allclose(frequencies(some), wanted[:9], rtol=1e-8)
    held = qle.modes(paths[0], dimension=2, count=3, zero_modes="none")
    np.testing.assert_allclose(frequencies(held)[:2], 0.0, atol=1e-6)  # the root of rounding


def test_a_glass_of_masses_against_the_generalised_problem(tmp_path: Path) -> None:
    """M u = omega^2 m u by scipy; psi = m^1/2 u, and e of its particles."""
    n = 30
    matrix, masses = network(n, seed=1)
    values, u = eigh(matrix, np.diag(np.repeat(masses, 3)))
    psi = u[:, 3:] * np.sqrt(np.repeat(masses, 3))[:, None]
    weight = np.sum(psi.reshape(n, 3, -1) ** 2, axis=1)
    participation = weight.sum(axis=0) ** 2 / (n * np.sum(weight**2, axis=0))
    path = write_lammps(tmp_path / "dynmat.dat", matrix, masses)
    for count in (12, "all"):
        data = qle.modes(path, masses=masses, count=count)
        k = data.sizes["mode"]
        np.testing.assert_allclose(frequencies(data) ** 2, values[3 : 3 + k], atol=3 * n * PRINTED)
        np.testing.assert_allclose(data["participation_ratio"].values[0, 0], participation[:k], rtol=1e-4)
    assert 0.0 <= data["asymmetry"].item() <= 2 * PRINTED


def test_asymmetry_is_reported_and_averaged(tmp_path: Path) -> None:
    matrix = triangular(5).toarray()
    matrix[3, 8] += 2e-4
    np.save(tmp_path / "a.npy", matrix)
    one = qle.read_hessian(tmp_path / "a.npy", dimension=2)
    assert one.asymmetry == pytest.approx(2e-4 / 3.0)  # the largest element is a diagonal one, 3
    found = one.landscape.hessian().dense()
    assert found[3, 8] == found[8, 3] == pytest.approx((matrix[3, 8] + matrix[8, 3]) / 2.0, abs=1e-16)


def test_pseudo_harmonic_modes_use_the_bonds_of_the_file(tmp_path: Path) -> None:
    """Noise of elements far apart makes no bonds."""
    n = 20
    matrix, _ = network(n, seed=2)
    bonds = np.argwhere(np.triu(np.abs(matrix.reshape(n, 3, n, 3)).max(axis=(1, 3)) > 0.0, 1))
    np.save(tmp_path / "a.npy", matrix + 1e-9)
    one = qle.read_hessian(tmp_path / "a.npy", dimension=3)
    np.testing.assert_array_equal(one.pairs(), bonds)
    best = pseudo_harmonic_modes(one.landscape, np.zeros(3 * n), pairs=bonds, count=4)[0]
    data = qle.modes(tmp_path / "a.npy", dimension=3, pseudo=4)
    assert data["pseudo_cost"].values[0, 0, 0] == pytest.approx(best.cost)
    z = best.direction.reshape(n, 3)
    stretch = np.sum((z[bonds[:, 0]] - z[bonds[:, 1]]) ** 2, axis=1)
    b2 = best.direction @ matrix @ best.direction
    assert best.cost == pytest.approx(b2**2 / np.sum(stretch**2), rel=1e-6)


def test_files_of_one_glass_give_its_prefactor(tmp_path: Path) -> None:
    """Frequencies of density 5 omega^4 on (0, 1): A_g = 5. The interval misses it once in twenty seeds."""
    rng, n = np.random.default_rng(3), 12
    for sample in range(60):
        q, _ = np.linalg.qr(rng.normal(size=(n, n)))
        matrix = (q * rng.uniform(size=n) ** 0.4) @ q.T  # omega^2 of omega = u^(1/5)
        np.save(tmp_path / f"{sample:02}.npy", (matrix + matrix.T) / 2.0)
    data = qle.modes(sorted(tmp_path.iterdir()), dimension=1, count="all", zero_modes="none")
    (row,) = table(data).to_dict("records")
    assert row["n_samples"] == 60
    assert row["verdict"] == "given"
    assert row["A_g_low"] < 5.0 < row["A_g_high"]


def test_an_unstable_direction_is_a_saddle(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.diag([-4.0, 1.0, 9.0]))
    data = qle.modes(tmp_path / "a.npy", dimension=1)
    np.testing.assert_allclose(frequencies(data), [-2.0, 1.0, 3.0])
    assert data["status"].item() == 1
