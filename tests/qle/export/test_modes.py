"""Modes in files, read by other readers: ASE's for extended XYZ, and one written from the format of VTK."""

from pathlib import Path

import numpy as np
import pytest

import quartic
from lattice_gps import GPSLattice
from qle.cli import main
from qle.export.lattice import lattice_modes
from qle.export.modes import Mode, Place, write_modes
from qle.measurements.lattice import relax
from tests.vtk_files import read_vtk

Array = np.ndarray


def softest(params: GPSLattice, sample: int) -> tuple[Array, Array, Array]:
    """Return x, omega and all modes by numpy, in columns, signs free."""
    problem, x = relax(params, seed=3, sample=sample)
    values, vectors = np.linalg.eigh(quartic.hessian(problem, x))
    return x, values**0.5, vectors


def of_lattice(params: GPSLattice, modes: int) -> list[tuple[Place, list[Mode]]]:
    """Return the lowest modes of sample 1."""
    problem, x = relax(params, seed=3, sample=1)
    return [lattice_modes(params, problem, x, quartic.low_modes(problem, x, modes))]


def same(found: Array, expected: Array) -> None:
    np.testing.assert_allclose(found * np.sign(found @ expected), expected, atol=1e-6)


@pytest.mark.parametrize(("L", "d"), [(4, 2), (3, 3)])
def test_modes_of_the_lattice_read_by_ase(L: int, d: int, tmp_path: Path) -> None:
    io = pytest.importorskip("ase.io")
    params = GPSLattice(L=L, J=0.2, d=d)
    write_modes(tmp_path / "a.xyz", of_lattice(params, 3))
    images = io.read(tmp_path / "a.xyz", index=":", format="extxyz")
    x, omega, vectors = softest(params, 1)
    assert len(images) == 3
    for k, image in enumerate(images):
        same(image.arrays["amplitude"], vectors[:, k])
        np.testing.assert_allclose(image.arrays["x"], x, atol=1e-9)
        assert image.info["frequency"] == pytest.approx(omega[k], rel=1e-6)
        assert image.info["participation"] == pytest.approx(1 / (L**d * (vectors[:, k] ** 4).sum()), rel=1e-5)
        assert (image.info["mode"], image.info["number"]) == ("normal", k)
        assert image.pbc.tolist() == [axis < d for axis in range(3)]
        np.testing.assert_array_equal(image.cell.lengths(), [L if axis < d else 1 for axis in range(3)])
    places = [[i, j, k] for i in range(L) for j in range(L) for k in range(L if d == 3 else 1)]
    np.testing.assert_array_equal(images[0].positions, places)


def test_modes_of_the_lattice_on_a_grid(tmp_path: Path) -> None:
    """VTK has x fastest, the lattice its last axis: value (i, j, k) is at i + L j + L^2 k."""
    params = GPSLattice(L=3, J=0.2)
    write_modes(tmp_path / "a.vtk", of_lattice(params, 2))
    words, _, fields = read_vtk(tmp_path / "a.vtk")
    x, _, vectors = softest(params, 1)
    assert (words["DATASET"], words["DIMENSIONS"]) == (["STRUCTURED_POINTS"], ["3", "3", "3"])
    assert list(fields) == ["x", "kappa", "normal_0", "normal_1"]
    place = [9 * i + 3 * j + k for k in range(3) for j in range(3) for i in range(3)]
    np.testing.assert_allclose(fields["x"], x[place], atol=1e-9)
    same(fields["normal_1"], vectors[place, 1])


def test_the_command_writes_modes_or_says_what_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    line = ["lattice", "--L", "3", "--d", "2", "--samples", "1", "--modes-to"]
    assert main([*line, "modes.vtk"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "modes.vtk"
    assert read_vtk(tmp_path / "modes.vtk")[0]["DIMENSIONS"] == ["3", "3", "1"]
    for wrong, said in (
        ("modes.pdb", "must end in .xyz, .vtk or .html"),
        ("absent/a.xyz", "there is no folder"),
    ):
        assert main([*line, wrong]) == 2
        assert said in capsys.readouterr().err
    assert main(["glass", "a", "b", "--potential", "soft_spheres", "--modes-to", "a.vtk"]) == 2
    assert "a .vtk holds one snapshot, 2 were given" in capsys.readouterr().err
