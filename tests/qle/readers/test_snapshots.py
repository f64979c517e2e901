"""Snapshots in the formats of other programs: each the same glass, whose numbers another code has found."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import glass
import qle
from tests import snapshot_writers as write
from tests.glass_reference import tabled

GLASS = tabled()
PLACES, SIZES, BOX = GLASS.x.reshape(-1, 2), GLASS.sizes, GLASS.box
ENERGY = 952.5624500626  # of that glass, by another code in long double (all pairs)
WRITERS: dict[str, Callable[[Path], Path]] = {
    "xyz": lambda p: write.xyz(p, PLACES, BOX, digits=14, size=SIZES),
    "xyz radius": lambda p: write.xyz(p, PLACES, BOX, digits=14, species=np.full(400, "A"), radius=SIZES / 2),
    "data": lambda p: write.data(p, PLACES, BOX, diameters=SIZES, images=True),
    "dump": lambda p: write.dump(p, PLACES, BOX, radius=SIZES / 2, vx=SIZES, frames=3),
    "dump scaled": lambda p: write.dump(p, PLACES, BOX, scaled=True, diameter=SIZES),
    "npz": lambda p: write.npz(p.with_suffix(".npz"), PLACES, BOX, sizes=SIZES),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_holds_the_same_glass(kind: str, tmp_path: Path) -> None:
    path = WRITERS[kind](tmp_path / "a")
    found = qle.read_snapshot(path)
    assert (found.particles, found.dimension) == (400, 2)
    assert found.kind.split()[-1].lower() == kind.split()[0] or found.kind == "extended XYZ"
    made = found.glass("soft_spheres")
    np.testing.assert_allclose(made.sizes, SIZES, rtol=1e-13)
    assert made.energy(made.x) == pytest.approx(ENERGY, rel=1e-11)
    if path.suffix != ".npz":
        packed = tmp_path / "packed.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        again = qle.read_snapshot(packed).glass("soft_spheres")
        assert again.energy(again.x) == made.energy(made.x)


def oblong() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places, sizes and box of a crystal that has been shaken."""
    i, j = np.divmod(np.arange(60), 10)
    places = np.column_stack([j + i / 2, i * 0.75**0.5])
    places += 0.1 * np.random.default_rng(0).normal(size=(60, 2))
    return places, np.linspace(0.9, 1.1, 60), np.array([10.0, 27**0.5])


@pytest.mark.parametrize(("places", "sizes", "box"), [(PLACES, SIZES, BOX), oblong()])
@pytest.mark.parametrize("shear", [0.3, -0.45, 1.7])
def test_a_tilted_box_is_a_sheared_one(
    tmp_path: Path, shear: float, places: np.ndarray, sizes: np.ndarray, box: np.ndarray
) -> None:
    """Tilts of more than half a box too, as LAMMPS has them under shear that goes on."""
    made = glass.PairGlass(places, sizes=sizes, box=box, potential="soft_spheres", shear=shear)
    for path in (
        write.xyz(tmp_path / "a", places, box, shear=shear, digits=14, size=sizes),
        write.data(tmp_path / "b", places, box, shear=shear, diameters=sizes),
        write.dump(tmp_path / "c", places, box, shear=shear, radius=sizes / 2),
        write.dump(tmp_path / "d", places, box, shear=shear, scaled=True, radius=sizes / 2),
        write.npz(tmp_path / "e.npz", places, box, shear=shear, radii=sizes / 2),
    ):
        found = qle.read_snapshot(path)
        assert found.shear == pytest.approx(shear, rel=1e-9)
        one = found.glass("soft_spheres")
        assert one.energy(one.x) == pytest.approx(made.energy(made.x), rel=1e-10)


def mixture() -> tuple[glass.PairGlass, np.ndarray]:
    """Return a liquid of Kob and Andersen's in three dimensions, 80 to 20, and the names."""
    rng = np.random.default_rng(2)
    n, box = 250, (250 / 1.2) ** (1 / 3)
    grid = np.argwhere(np.ones((7, 7, 7)))[rng.permutation(343)[:n]] * (box / 7)
    sizes = np.where(np.arange(n) % 5, 1.0, 0.88)
    made = glass.PairGlass(grid, sizes=sizes, box=[box] * 3, potential="kob_andersen")
    return made, np.where(sizes == 1.0, "A", "B")


def test_species_by_name(tmp_path: Path) -> None:
    """A and B, or 1 and 2, are the species of a potential in order; other names are told."""
    made, names = mixture()
    places, energy = made.x.reshape(-1, 3), made.energy(made.x)
    kinds = np.where(names == "A", 1, 2)
    files = [
        write.xyz(tmp_path / "a", places, made.box, digits=14, species=names),
        write.data(tmp_path / "b", places, made.box, types=kinds),
        write.npz(tmp_path / "c.npz", places, made.box, types=kinds - 1),
        write.npz(tmp_path / "d.npz", places, made.box, sizes=made.sizes.astype(np.float32)),
    ]
    for path in files:
        one = qle.read_snapshot(path).glass("kob_andersen")
        assert one.energy(one.x) == pytest.approx(energy, rel=1e-10)
    metals = write.xyz(tmp_path / "e", places, made.box, species=np.where(names == "A", "Ni", "P"))
    with pytest.raises(ValueError, match=r"species: Ni, P: must be A, B or 1, 2 .*--species Ni=1 "):
        qle.read_snapshot(metals).glass("kob_andersen")
    one = qle.read_snapshot(metals).glass("kob_andersen", species={"Ni": 1.0, "P": 0.88})
    np.testing.assert_array_equal(one.sizes, made.sizes)
    soft = qle.read_snapshot(files[1]).glass("soft_spheres", species={"1": 1.0, "2": 1.4})
    np.testing.assert_array_equal(soft.sizes, np.where(kinds == 1, 1.0, 1.4))


def test_frames_boxes_and_sizes_are_chosen(tmp_path: Path) -> None:
    path = write.dump(tmp_path / "a", PLACES, BOX, radius=SIZES / 2, c_s=SIZES, frames=3)
    last, first = qle.read_snapshot(path), qle.read_snapshot(path, frame=0)
    assert (last.frame, first.frame, last.frames) == (2, 0, 3)
    np.testing.assert_allclose(first.positions - last.positions, np.tile([0.2, 0.0], (400, 1)), atol=1e-12)
    np.testing.assert_allclose(last.glass("soft_spheres", sizes="c_s").sizes, SIZES)
    assert set(last.glass("hertzian_spheres", sizes=1.3).sizes) == {1.3}
    np.save(tmp_path / "b.npy", PLACES)
    bare = qle.read_snapshot(tmp_path / "b.npy", box=BOX)
    assert bare.glass("soft_spheres", sizes=SIZES).energy(GLASS.x) == pytest.approx(ENERGY, rel=1e-12)
    both = tmp_path / "two.xyz"
    one = write.xyz(tmp_path / "c", PLACES, BOX, size=SIZES).read_text()
    both.write_text(one + one.replace(" pos:R:3", " pos:R:3") + "\n\n")
    assert qle.read_snapshot(both).lines[0] == 405  # type: ignore[index]


def test_atoms_and_files_of_ase(tmp_path: Path) -> None:
    """Written by ASE: its Atoms, extended XYZ, LAMMPS data and dump as it makes them, and its own format."""
    ase, io = pytest.importorskip("ase"), pytest.importorskip("ase.io")
    made, names = mixture()
    places, energy = made.x.reshape(-1, 3), made.energy(made.x)
    atoms = ase.Atoms(np.where(names == "A", "Ni", "P"), places, cell=made.box, pbc=True)
    atoms.set_array("size", made.sizes)
    species = {"Ni": 1.0, "P": 0.88}
    io.write(tmp_path / "a.xyz", atoms)
    io.write(tmp_path / "a.traj", [atoms, atoms])
    io.write(tmp_path / "a.vasp", atoms, format="vasp", sort=False)
    for source in (atoms, *sorted(tmp_path.iterdir())):
        found = qle.read_snapshot(source)
        one = found.glass("kob_andersen", species=species)
        assert one.energy(one.x) == pytest.approx(energy, rel=1e-5)  # eight decimals
    io.write(tmp_path / "b.data", atoms, format="lammps-data", specorder=["Ni", "P"])
    one = qle.read_snapshot(tmp_path / "b.data").glass("kob_andersen")
    assert one.energy(one.x) == pytest.approx(energy, rel=1e-9)
    assert qle.read_snapshot(atoms).glass("kob_andersen", sizes="size").energy(made.x) == energy


def test_gsd_of_single_precision(tmp_path: Path) -> None:
    """Written by gsd, whose numbers are float32 and whose tilt is a factor of the height."""
    hoomd = pytest.importorskip("gsd.hoomd")
    made, names = mixture()
    sheared = made.sheared(0.25)
    box = made.box
    two = {"A": 1.0, "B": 0.88}
    with hoomd.open(tmp_path / "a.gsd", "w") as file:
        for d, places, lengths, kinds in (
            (3, sheared.x.reshape(-1, 3) + [0.25, 0, 0] * sheared.x.reshape(-1, 3)[:, 1:2], box, names),
            (2, np.pad(PLACES, ((0, 0), (0, 1))), [*BOX, 1.0], None),
        ):
            frame = hoomd.Frame()
            frame.configuration.dimensions = d
            frame.configuration.box = [*lengths, 0.25 if d == 3 else 0.0, 0, 0]
            frame.particles.N = len(places)
            frame.particles.position = places - np.array([*(np.asarray(lengths[:d]) / 2), *[0] * (3 - d)])
            if kinds is None:
                frame.particles.diameter = SIZES
            else:
                frame.particles.types, frame.particles.typeid = ["B", "A"], (kinds == "A").astype(int)
            file.append(frame)
    soft = qle.read_snapshot(tmp_path / "a.gsd").glass("soft_spheres")
    assert soft.energy(soft.x) == pytest.approx(ENERGY, rel=1e-5)
    first = qle.read_snapshot(tmp_path / "a.gsd", frame=0)
    assert (first.dimension, first.shear) == (3, 0.25)
    for one in (first.glass("kob_andersen"), first.glass("kob_andersen", species=two)):
        assert one.energy(one.x) == pytest.approx(sheared.energy(sheared.x), rel=1e-5)


def test_a_snapshot_is_a_record() -> None:
    one = qle.Snapshot("a", "own", PLACES, BOX, 0.0, {"size": SIZES})
    assert one.spacing == pytest.approx(float(BOX[0]) / 20.0)
    assert one.glass("soft_spheres").energy(GLASS.x) == pytest.approx(ENERGY, rel=1e-12)
