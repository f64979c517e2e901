"""Stores with odd entries and crafted batches, and what reads them."""

import json
import os
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np

import qle
from qle.store.batch_file import pack
from qle.store.batches import point_folder
from tests.batches import arrays_of
from tests.fuzz.commands import SWEEP

COMMANDS = (
    "info store", "table store", "export store all.nc", "export store all.csv", "compare store",
    "table store --where J=0.1", "figure vdos store -o a.svg",
)  # fmt: skip


def damage(rng: np.random.Generator, store: Path) -> str:
    """Spoil one entry of a store; return how."""
    entries = sorted(path for path in store.rglob("*") if not path.is_symlink())
    if not entries or rng.random() < 0.3:
        return _craft(rng, store)
    path = entries[rng.integers(len(entries))]
    ways: tuple[Callable[[np.random.Generator, Path], None], ...] = (
        _truncate, _flip, _flip, _empty, _folder, _dangling, _loop, _fifo, _forbid, _remove, _rename,
        _copy, _link_out,
    )  # fmt: skip
    way = ways[rng.integers(len(ways))]
    way(rng, path)
    return f"{way.__name__} {path.relative_to(store)}"


def _truncate(rng: np.random.Generator, path: Path) -> None:
    if path.is_file():
        os.truncate(path, int(rng.integers(path.stat().st_size + 1)))


def _flip(rng: np.random.Generator, path: Path) -> None:
    if path.is_file() and path.stat().st_size:
        content = bytearray(path.read_bytes())
        content[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
        path.write_bytes(content)


def _empty(rng: np.random.Generator, path: Path) -> None:
    if path.is_file():
        path.write_bytes(b"")


def _folder(rng: np.random.Generator, path: Path) -> None:
    _remove(rng, path)
    path.mkdir()


def _dangling(rng: np.random.Generator, path: Path) -> None:
    _remove(rng, path)
    path.symlink_to("nowhere")


def _loop(rng: np.random.Generator, path: Path) -> None:
    _remove(rng, path)
    path.symlink_to(path.name)


def _link_out(rng: np.random.Generator, path: Path) -> None:
    _remove(rng, path)
    path.symlink_to("/proc/self" if rng.random() < 0.5 else "/dev/zero")


def _fifo(rng: np.random.Generator, path: Path) -> None:
    _remove(rng, path)
    os.mkfifo(path)


def _forbid(rng: np.random.Generator, path: Path) -> None:
    path.chmod(0)


def _remove(rng: np.random.Generator, path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()


def _rename(rng: np.random.Generator, path: Path) -> None:
    names = (
        "0-12.npz",
        "12-24.npz",
        "00-99.npz",
        "9" * 30 + "-" + "9" * 31 + ".npz",
        "a" * 16,
        "x",
        "5-3.npz",
        path.name + "é",
    )
    target = path.with_name(str(rng.choice(names)))
    if not target.exists():
        path.rename(target)


def _copy(rng: np.random.Generator, path: Path) -> None:
    target = path.with_name(str(rng.choice(["12-24.npz", "0-6.npz", "f" * 16, "copy.npz"])))
    if path.is_file() and not target.exists():
        shutil.copy(path, target)


def _craft(rng: np.random.Generator, store: Path) -> str:
    """Write a whole batch, with its checksum, that holds something else than it should."""
    spec = qle.Spec.from_mapping(tomllib.loads(SWEEP))
    point = {**spec.series, "parameters": next(iter(spec.points()))}
    start, size = int(rng.choice([0, 12, 12, 40])), int(rng.integers(1, 13))
    arrays = dict(arrays_of(point, start, start + size))
    for name in rng.permutation([*arrays, "more"])[: rng.integers(0, 3)].tolist():
        if rng.random() < 0.2:
            arrays.pop(name, None)
        else:
            arrays[name] = _array(rng, name, size if rng.random() < 0.8 else int(rng.integers(0, 20)))
    identity = {**point, "start": start, "stop": start + size}
    if rng.random() < 0.2:
        identity[str(rng.choice(list(identity)))] = ["x", -1, None, {}, 10**30, [1]][rng.integers(6)]
    folder = point_folder(store, point)
    if folder.is_symlink() or folder.parent.is_symlink() or not (folder.is_dir() or not folder.exists()):
        return "nothing"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{start}-{start + size}.npz"
    _remove(rng, path)
    path.write_bytes(pack(json.dumps(identity), arrays))
    return f"crafted {start}-{start + size} { ({k: (v.dtype, v.shape) for k, v in arrays.items()}) }"


def _array(rng: np.random.Generator, name: str, size: int) -> np.ndarray:
    shape: tuple[int, ...] = (size, 6) if name in ("frequency", "participation") else (size,)
    if rng.random() < 0.15:
        shape = tuple(int(n) for n in rng.integers(0, 5, size=rng.integers(0, 4)))
    kind = str(rng.choice(["f8", "f8", "f8", "f4", "i8", "i1", "U5", "bool", "c16", "M8[s]", "S3"]))
    if name == "status" and rng.random() < 0.7:
        kind = "i1"
    values = rng.integers(-3, 100, size=shape) if name == "status" and rng.random() < 0.3 else np.zeros(shape)
    return values.astype(kind)


def draw(rng: np.random.Generator, store: Path) -> tuple[list[str], list[str]]:
    """Spoil a store one to three times; return a command that reads it, and what was spoilt."""
    spoilt = [damage(rng, store) for _ in range(int(rng.integers(1, 4)))]
    chances = np.array([3, 3, 2, 2, 1, 1, 0.3])
    return str(rng.choice(COMMANDS, p=chances / chances.sum())).split(), spoilt
