"""Command lines with mistakes in them, over a small store, a small sweep and a small table."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

import qle
from tests.executors import Inline

SWEEP = """\
model = "khgps"
samples = 12
[grid]
N = 24
h = 0.01
J = [0.1, 0.3]
[measure]
modes = 6
"""
TABLE = "T,C,C_error\n" + "".join(f"{T},{T + 0.3 * T**3 + 0.1 * T**5},0.05\n" for T in (0.5, 1.0, 2.0, 3.0))
MODES = "sample,omega\n" + "".join(
    f"{s},{((k + 0.5 + s / 12) / 9) ** 0.2:.6f}\n" for s in range(12) for k in range(6)
)
BINS = "low,high,counts\n" + "".join(f"{k / 4},{(k + 1) / 4},{k * k}\n" for k in range(10))
WELLS = "b2,b3,b4\n8,-24,24\n1,0,1\n1,1.7,1\n"
DISKS = '36\nLattice="6 0 0 0 6 0 0 0 1" Properties=species:S:1:pos:R:3:radius:R:1 pbc="T T F"\n' + "".join(
    f"A {i + 0.1 * (i * j % 3)} {j + 0.1 * (i + j) % 0.4} 0 {0.55 + 0.02 * (j % 2)}\n"
    for i in range(6)
    for j in range(6)
)
READING = (
    "info store", "table store", "table store --where J=0.1", "export store all.nc", "export store all.csv",
    "compare store", "claims", "claims S14", "derive S14", "derive barrier_law",
    "heat-fit glass.csv -o a.svg", "wells wells.csv --mass 2 -o a",
    "table store --series 0", "figure vdos store -o a.svg",
    "figure fig9a store -o a.svg", "figure vdos store", "info glass.csv", "table absent",
    "table modes.csv --particles 9 --dimension 1 --zero-modes 0 --units THz",
    "table modes.csv --particles 9 --complete 0.8 --samples 12 --columns sample,frequency",
    "figure vdos modes.csv --particles 9 -o a.svg", "compare modes.csv modes.csv --particles 9",
    "export modes.csv --particles 9 all.nc", "vdos-fit bins.csv --particles 9 --samples 40 -o a.svg",
    "vdos-fit bins.csv --particles 9 --samples 40 --debye 0.1 --cutoff 1.5 -o a.svg",
    "vdos-fit bins.csv --particles 9 --samples 40 --sound 5 3 --density 1 --dimension 3 -o a.svg",
    "modes chain.npy --dimension 1 --modes all -o a",
    "modes chain.npy chain.npy --dimension 1 --pseudo 1 -o a",
    "glass disks.xyz --potential harmonic_spheres --modes 4 --starts 1 -o a",
    "glass disks.xyz --potential soft_spheres --sizes radius --parameter reach=1.2 --modes 4 --starts 1 -o a",
    "glass disks.xyz --potential hertzian_spheres --species A=1.1 --modes 2 --starts 1 --modes-to m.xyz -o a",
    "sweep absent.toml", "sweep glass.csv --store new", "plan absent.toml",
)  # fmt: skip
WORKING = (
    "verify --list S14", "verify --list",
    "lattice --L 3 --d 2 --samples 2 --J 0.1 --beta 0 --kappa-0 1 --A 1",
    "phase-diagram --points 2 --kappa-min 0.1 --kappa-0 1 --beta 0 --A 1 --h-max 0.1 -o line",
    "spm --potentials 100 --soft 100 --quantum 3 --threads 1 --seed 1 --mass 1e24 --b2-max 0.01 -o out",
    "figure participation --L 3 --d 2 --samples 2 --J 0.1 -o a.svg", "figure fig8c --h 0.1 -o a.svg",
    "figure mode-map --L 3 --d 2 --sample 1 -o a.svg", "figure fields --L 3 --d 2 --samples 2 -o a.png",
    "figure fig10 --samples 0 -o a.svg", "figure --folder x --format pdf", "phase-diagram --points 1 -o x",
    "sweep small.toml --cluster tls://127.0.0.1:1 --store new", "plan small.toml --store /dev/null",
    "sweep small.toml --samples 0 --workers 1 --store new", "sweep small.toml --workers 0",
)  # fmt: skip
WORDS = (
    "", "0", "-1", "1", "2", "1.5", "nan", "inf", "-inf", "1e400", "1e-300", "1e300", "9" * 5000,
    "4294967297", "18446744073709551616", "[" * 2000, "ä", "\udcff", "a\nb", ".", "..", "/dev/null",
    "absent/x", "x" * 300, "-", "--", "%s", "{}", "J=", "=3", "J=abc", "J=0.1", "h=0.01", "sample=3",
    "store", "glass.csv", "modes.csv", "bins.csv", "wells.csv", "small.toml", "chain.npy", "disks.xyz",
    "kob_andersen", "radius", "A=1", "reach=2", "a.jpg", "a.png", "all.nc",
    "tls://127.0.0.1:1", "tcp://x",
    "tcp://192.0.2.1:1", "S14", "s14", "barrier_lw",
)  # fmt: skip
OPTIONS = (
    "--where", "--series", "--samples", "--workers", "--output", "-o", "--beta", "--J", "--insecure",
    "--dimension", "--sizes", "--species", "--parameter", "--frame", "--box", "--masses", "--zero-modes",
    "--quiet", "--help", "--L", "--d", "--seed", "--debye", "--points", "--stored-by", "--latex",
    "--versin", "--outptu",
)  # fmt: skip


@cache
def materials() -> Path:
    """Return a folder with a store, a sweep and a table."""
    folder = Path(mkdtemp(prefix="qle-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "small.toml").write_text(SWEEP)
    (folder / "glass.csv").write_text(TABLE)
    (folder / "modes.csv").write_text(MODES)
    (folder / "bins.csv").write_text(BINS)
    (folder / "wells.csv").write_text(WELLS)
    np.save(folder / "chain.npy", 2.0 * np.eye(6) - np.roll(np.eye(6), 1, 0) - np.roll(np.eye(6), -1, 0))
    (folder / "disks.xyz").write_text(DISKS)
    qle.sweep(folder / "small.toml", store=folder / "store", executor=Inline(), progress="none")
    return folder


def supply(place: Path) -> None:
    """Put the store, the sweep and the table into a folder."""
    shutil.copytree(materials(), place, dirs_exist_ok=True)


def draw(rng: np.random.Generator) -> list[str]:
    """Return a command line with some mistakes."""
    reading = rng.random() < 0.7
    lines = READING if reading else WORKING
    words = str(rng.choice(lines)).split()
    for _ in range(int(rng.integers(0, 4))):
        k = int(rng.integers(1 if len(words) > 1 else 0, len(words)))
        kind = int(rng.integers(6 if reading else 3))
        value = not words[k].startswith("-")
        if kind == 0 and value:
            words[k] = str(rng.choice(WORDS))
        elif kind == 1 and len(words[k]) > 2 and words[k] != "--list":
            cut = int(rng.integers(1, len(words[k])))
            words[k] = words[k][:cut] + words[k][cut + 1 :]
        elif kind == 2:
            words += [str(rng.choice(OPTIONS)), str(rng.choice(WORDS))]
        elif kind == 3:
            words = words[:k] + words[k + 1 :] or [""]
        elif kind == 4:
            words.insert(k, words[k])
        elif kind == 5:
            words.insert(k, str(rng.choice(WORDS)))
    return words
