"""Soft spots as files: a table, and modes with their vectors for OVITO and ParaView."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qle.readers.mode_files import Mode, Place, write_frame, write_modes
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


def write_vectors(dataset: "xr.Dataset", path: Path) -> None:
    """Write the modes of a data set, positions at the minimum, as .xyz, a frame each, or .vtk, a field each.

    Beside positions are radii (half of lambda) and displacements, the vectors of the particles in the mode,
    of length 1 together. In XYZ the comment has the kind, the number and the numbers of the mode. Cubic modes
    come first, lowest barrier first; then pseudo-harmonic ones; then normal ones.

    Raises
    ------
    ValueError
        For another suffix, or a .vtk of several snapshots: it has one set of points.
    OSError
        It cannot be written.
    """
    if path.suffix != ".xyz":
        if dataset.sizes["sample"] > 1:
            raise ValueError(
                f"{path}: holds one snapshot, {dataset.sizes['sample']} were given; .xyz holds all"
            )
        write_modes(path, _place(dataset, 0), _modes(dataset, 0))
        return
    with replacing(path) as file:
        for sample in range(dataset.sizes["sample"]):
            place = _place(dataset, sample)
            for mode in _modes(dataset, sample):
                write_frame(file, place, mode)


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
