"""Soft spots taken away: as a table, and as modes in space."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qle.export.modes import Mode, Place
from qle.readers.soft_spots import KINDS
from qle.store.writing import replacing

if TYPE_CHECKING:
    import xarray as xr

_NUMBERS = (
    "frequency",
    "barrier",
    "cost",
    "b2",
    "b3",
    "b4",
    "ratio",
    "participation",
    "residual",
    "particle",
)


def modes_of(dataset: "xr.Dataset", sample: int) -> Iterator[tuple[str, int, dict[str, float]]]:
    """Yield kind, number and numbers of each mode of a sample: cubic, pseudo-harmonic and normal ones."""
    one: Any = dataset.isel(ensemble=0, sample=sample)
    for kind in KINDS:
        for k in np.flatnonzero(np.isfinite(one[f"{kind}_b2"].values)).tolist():
            names = [name for name in _NUMBERS if f"{kind}_{name}" in one]
            known = {name: one[f"{kind}_{name}"].values[k].item() for name in names}
            yield kind, k, {"frequency": known["b2"] ** 0.5, **known}
    vectors = one["mode_vector"].values
    for k, omega in enumerate(one["frequency"].values.tolist()):
        known = {"frequency": omega, "participation": one["participation_ratio"].values[k].item()}
        known["residual"] = one["mode_residual"].values[k].item()
        known["particle"] = int(np.sum(vectors[k] ** 2, axis=1).argmax())
        yield "normal", k, known


def write_csv(dataset: "xr.Dataset", path: Path) -> None:
    """Write the modes of a data set as CSV, a line each; raise OSError if it cannot be written."""
    lines = [",".join(("file", "kind", "number", *_NUMBERS))]
    for sample, name in enumerate(dataset["file"].values):
        quoted = '"' + str(name).replace('"', '""') + '"' if set('",\n') & set(str(name)) else str(name)
        for kind, k, known in modes_of(dataset, sample):
            lines.append(",".join([quoted, kind, str(k), *(str(known.get(n, "")) for n in _NUMBERS)]))
    with replacing(path) as file:
        file.write(("\n".join(lines) + "\n").encode("utf-8", "surrogateescape"))


def spot_modes(dataset: "xr.Dataset") -> list[tuple[Place, list[Mode]]]:
    """Return where the particles of every snapshot are at the minimum, and its modes.

    Beside positions are radii (half of lambda) and displacements, the vectors of the particles in the mode,
    of length 1 together. What is told of a mode is its file, kind, number and numbers. Cubic modes come
    first, lowest barrier first; then pseudo-harmonic ones; then normal ones.
    """
    samples = range(dataset.sizes["sample"])
    return [(_place(dataset, sample), list(_modes(dataset, sample))) for sample in samples]


def _place(dataset: "xr.Dataset", sample: int) -> Place:
    """Return where the particles of a sample are, and how large."""
    one: Any = dataset.isel(ensemble=0, sample=sample)
    cell = np.diag(np.pad(one["box"].values, (0, 3 - int(one["dimension"])), constant_values=1.0))
    cell[1, 0] = one["shear"].item() * cell[1, 1]
    return Place(one["position"].values, cell, {"radius": one["size"].values / 2.0})


def _modes(dataset: "xr.Dataset", sample: int) -> Iterator[Mode]:
    """Yield the modes of a sample with their vectors."""
    one: Any = dataset.isel(ensemble=0, sample=sample)
    for kind, k, known in modes_of(dataset, sample):
        vector = one["mode_vector" if kind == "normal" else f"{kind}_vector"].values[k]
        told = {"file": str(one["file"].item()), "mode": kind, "number": k, **known}
        yield Mode(f"{kind}_{k}", told, vector)
