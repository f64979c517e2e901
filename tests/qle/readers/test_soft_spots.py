"""What is soft in a snapshot: numbers that another code has found, from files with few digits."""

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.quiver import Quiver

import glass
import landscape
import qle
from qle.cli import main
from qle.export.modes import write_modes
from qle.export.spots import spot_modes
from qle.figures import soft_spots
from qle.statistics import table
from tests import snapshot_writers as write
from tests.glass_reference import tabled
from tests.pages import Drawn
from tests.vtk_files import read_vtk

GLASS = tabled()
PLACES, SIZES, BOX = GLASS.x.reshape(-1, 2), GLASS.sizes, GLASS.box
FOUND = {  # by another code, all pairs, in long double
    "energy": 952.5624500626,
    "pressure": 10.0866183,
    "shear_stress": -0.122446236,
    "shear_modulus": 15.7203323,
}
CUBIC = {"b2": 1.874424598, "b3": 13.66402257, "b4": 77.83830693}
LOWEST = [1.012844, 1.150675, 1.189422]


@pytest.fixture(scope="module")
def spots(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Return those of the glass, from a file with four decimals and particles shaken by a hundredth."""
    shaken = PLACES + 0.01 * np.random.default_rng(1).normal(size=PLACES.shape) + [3.0, -40.0]
    path = write.xyz(tmp_path_factory.mktemp("a") / "a.xyz", shaken, BOX, digits=4, size=SIZES)
    return qle.soft_spots(path, glass.soft_spheres(), sizes=SIZES, starts=10)


def test_a_rough_file_leads_to_the_same_minimum(spots: xr.Dataset) -> None:
    """Its numbers are those of the other code, to the digits it gives."""
    for name, value in FOUND.items():
        assert spots[name].item() == pytest.approx(value, rel=2e-8), name
    np.testing.assert_allclose(spots["frequency"].values[0, 0, :3], LOWEST, atol=6e-7)
    for name, value in CUBIC.items():
        assert spots[f"cubic_{name}"].values[0, 0, 0] == pytest.approx(value, rel=1e-7)
    assert spots["pseudo_b2"].values[0, 0, 0] == pytest.approx(1.719182497, rel=1e-7)
    assert spots["complete"].item() == 1
    assert spots["rattlers"].item() == 0


def test_how_far_particles_moved(spots: xr.Dataset) -> None:
    """As they were shaken, in mean spacings; the shift of all counts nothing, for no force undoes it."""
    shaken = 0.01 * np.random.default_rng(1).normal(size=PLACES.shape)
    away = np.linalg.norm(shaken - shaken.mean(axis=0), axis=1) / (float(BOX[0]) / 20.0)
    assert spots["moved_rms"].item() == pytest.approx(np.sqrt(np.mean(away**2)), rel=1e-3)
    assert spots["moved_max"].item() == pytest.approx(away.max(), rel=2e-3)
    assert spots["file_force"].item() > 1e-3


def test_ratios_barriers_and_vectors_belong_together(spots: xr.Dataset) -> None:
    one = spots.isel(ensemble=0, sample=0)
    solid = glass.PairGlass(one["position"].values, sizes=SIZES, box=BOX, potential="soft_spheres")
    for kind in ("cubic", "pseudo"):
        b2, b3, b4 = (one[f"{kind}_{name}"].values for name in ("b2", "b3", "b4"))
        good = np.isfinite(b2)
        np.testing.assert_allclose(one[f"{kind}_ratio"].values[good], (b3**2 / b2 / b4)[good])
        np.testing.assert_allclose(one[f"{kind}_barrier"].values[good], (2 / 3 * b2**3 / b3**2)[good])
        z = one[f"{kind}_vector"].values[0].ravel()
        along = landscape.expansion(solid, solid.x, z)
        np.testing.assert_allclose([along.b2, abs(along.b3), along.b4], [b2[0], b3[0], b4[0]], rtol=1e-8)
        assert one[f"{kind}_particle"].values[0] == np.linalg.norm(z.reshape(-1, 2), axis=1).argmax()
    assert one["cubic_residual"].values[0] < 1e-8


def test_the_figure_shows_what_was_found(spots: xr.Dataset, drawn: Drawn) -> None:
    """Arrows of the softest cubic mode at their particles, the longest two spacings; all modes."""
    drawing = drawn(lambda path: soft_spots.draw(spots, path))
    particles, count, share = drawing.axes
    (arrows,) = [one for one in particles.collections if isinstance(one, Quiver)]
    one = spots.isel(ensemble=0, sample=0)
    z, places = one["cubic_vector"].values[0], one["position"].values
    length = np.linalg.norm(z, axis=1)
    seen = length > 0.06 * length.max()
    away = places[seen] - places[length.argmax()]
    np.testing.assert_allclose(np.asarray(arrows.XY, np.float64), away - BOX * np.rint(away / BOX), atol=1e-9)
    scaled = z[seen] * 2.0 * float(BOX[0]) / 20.0 / length.max()
    np.testing.assert_allclose(np.column_stack([arrows.U, arrows.V]), scaled, rtol=1e-6)
    x, y = (np.asarray(values, np.float64) for values in count.lines[0].get_data())
    np.testing.assert_allclose(x, one["frequency"].values)
    np.testing.assert_allclose(y, np.arange(1, 21))
    (line,) = [line for line in share.lines if line.get_label() == "cubic"]
    b2, e = (np.asarray(values, np.float64) for values in line.get_data())
    np.testing.assert_allclose(b2, one["cubic_b2"].values ** 0.5)
    np.testing.assert_allclose(e, one["cubic_participation"].values)


def test_rattlers_are_left_out_and_said(tmp_path: Path) -> None:
    """A crystal of harmonic discs with a small one in a hole: it bears nothing, and no mode is its."""
    i, j = np.divmod(np.arange(64), 8)
    places = 0.95 * np.column_stack([j + i / 2, i * 0.75**0.5])
    box = 0.95 * np.array([8.0, 48**0.5])
    hole = 27
    sizes = np.ones(64)
    sizes[hole] = 0.2
    path = write.dump(tmp_path / "a", places, box, radius=sizes / 2)
    found = qle.soft_spots(path, "harmonic_spheres", count=5)
    assert found["rattlers"].item() == 1
    assert found["vibrations"].item() == 126
    vectors = found["mode_vector"].values[0, 0]
    assert not vectors[:, hole].any()
    assert found["frequency"].values.min() > 0.1
    weight = np.sum(vectors**2, axis=2)
    np.testing.assert_allclose(
        found["participation_ratio"].values[0, 0], 1 / (64 * np.sum(weight**2, axis=1))
    )
    assert np.isnan(found["cubic_b2"].values).all()  # third derivatives are not defined
    assert found["pseudo_cost"].values[0, 0, 0] > 0.0
    assert np.isnan(found["pseudo_ratio"].values).all()


def test_files_of_one_glass_are_samples(tmp_path: Path) -> None:
    params = glass.SoftSpheres(N=64, T_p=2.0, sweeps=32)
    liquids = [glass.draw(params, seed=1, sample=sample) for sample in range(3)]
    paths = [
        write.npz(tmp_path / f"{k}.npz", one.x.reshape(-1, 2), one.box, sizes=one.sizes)
        for k, one in enumerate(liquids)
    ]
    found = qle.soft_spots(paths, "soft_spheres", count=6, starts=2)
    assert dict(found.sizes)["sample"] == 3
    energies = [glass.quench(one).energy for one in liquids]
    np.testing.assert_allclose(found["energy"].values[0], energies, rtol=1e-12)
    assert len(table(found)) == 1
    other = glass.draw(glass.SoftSpheres(N=36, T_p=2.0, sweeps=32), seed=1, sample=0)
    small = write.npz(tmp_path / "small.npz", other.x.reshape(-1, 2), other.box, sizes=other.sizes)
    with pytest.raises(ValueError, match="has 36 particles in 2 dimensions, not 64 in 2 as"):
        qle.soft_spots([paths[0], small], "soft_spheres", count=6, starts=2)
    with pytest.raises(ValueError, match="files: must be at least one"):
        qle.soft_spots([], "soft_spheres")


def test_the_command_writes_what_ovito_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    params = glass.SoftSpheres(N=64, T_p=2.0, sweeps=32)
    liquid = glass.draw(params, seed=1, sample=0)
    write.data(Path("a.data"), liquid.x.reshape(-1, 2), liquid.box, diameters=liquid.sizes)
    line = ["glass", "a.data", "--potential", "soft_spheres", "--parameter", "reach=1.4", "--starts", "2"]
    assert main([*line, "--modes", "4", "--modes-to", "modes.xyz", "-o", "out"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("a.data: LAMMPS data, 64 particles, d = 2, box 9.92")
    assert "at no minimum of this potential" in said[1]
    assert said[-4:] == ["out.csv", "out.nc", "out.png", "modes.xyz"]
    found = qle.soft_spots("a.data", "soft_spheres", count=4, starts=2)
    with Path("out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    cubic = [row for row in rows if row["kind"] == "cubic"]
    assert float(cubic[0]["barrier"]) == pytest.approx(found["cubic_barrier"].values[0, 0, 0])
    assert [row["kind"] for row in rows[-4:]] == ["normal"] * 4
    first = qle.read_snapshot("modes.xyz", frame=0)  # by our own reader, then by ASE's
    assert first.frames == len(rows)
    np.testing.assert_allclose(first.positions, found["position"].values[0, 0], atol=1e-9)
    np.testing.assert_allclose(
        first.columns["displacement_1"], found["cubic_vector"].values[0, 0, 0, :, 1], atol=1e-9
    )
    np.testing.assert_allclose(first.columns["radius"] * 2, liquid.sizes, rtol=1e-9)
    assert "mode=cubic number=0 frequency=" in Path("modes.xyz").read_text().splitlines()[1]
    assert qle.read_spectra("out.nc")["frequency"].shape == (1, 1, 4)


def test_vectors_read_by_ase(tmp_path: Path, spots: xr.Dataset) -> None:
    io = pytest.importorskip("ase.io")
    write_modes(tmp_path / "a.xyz", spot_modes(spots))
    images = io.read(tmp_path / "a.xyz", index=":", format="extxyz")
    assert images[0].info["mode"] == "cubic"
    np.testing.assert_allclose(
        images[0].arrays["displacement"][:, :2], spots["cubic_vector"].values[0, 0, 0], atol=1e-9
    )
    assert images[-1].info["mode"] == "normal"


def test_vectors_as_fields_of_points(tmp_path: Path, spots: xr.Dataset) -> None:
    write_modes(tmp_path / "a.vtk", spot_modes(spots))
    words, points, fields = read_vtk(tmp_path / "a.vtk")
    assert words["DATASET"] == ["POLYDATA"]
    np.testing.assert_allclose(points[:, :2], spots["position"].values[0, 0], atol=1e-9)
    np.testing.assert_allclose(fields["radius"] * 2, spots["size"].values[0, 0], rtol=1e-9)
    np.testing.assert_allclose(fields["cubic_0"][:, :2], spots["cubic_vector"].values[0, 0, 0], atol=1e-9)
    np.testing.assert_allclose(fields["normal_1"][:, :2], spots["mode_vector"].values[0, 0, 1], atol=1e-9)
