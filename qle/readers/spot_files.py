"""Soft spots as files: a table, and modes with their vectors as extended XYZ, which OVITO draws."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

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
    """Write the modes of a data set as extended XYZ, a frame each, positions at the minimum.

    The columns are species (X), pos, radius (half of lambda) and displacement, the vector of the particle in
    the mode, of length 1 together. The comment has the kind, the number and the numbers of the mode. Cubic
    modes come first, lowest barrier first; then pseudo-harmonic ones; then normal ones.

    Raises
    ------
    OSError
        It cannot be written.
    """
    with replacing(path) as file:
        for sample, name in enumerate(dataset["file"].values):
            one: Any = dataset.isel(ensemble=0, sample=sample)
            d, flags = int(one["dimension"]), "T T T" if int(one["dimension"]) == 3 else "T T F"
            cell = np.diag(np.pad(one["box"].values, (0, 3 - d), constant_values=1.0))
            cell[1, 0] = one["shear"].item() * cell[1, 1]
            fixed = np.column_stack([_in_space(one["position"].values), one["size"].values / 2.0])
            lattice = " ".join(f"{value:.16g}" for value in cell.ravel())
            for kind, k, known in modes_of(dataset, sample):
                vectors = one["mode_vector" if kind == "normal" else f"{kind}_vector"].values[k]
                told = " ".join(f"{key}={value:.10g}" for key, value in known.items())
                quoted = str(name).replace('"', "'").replace("\n", " ")
                file.write(
                    f'{len(fixed)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3:radius:R:1:'
                    f'displacement:R:3 pbc="{flags}" file="{quoted}" mode={kind} number={k} {told}\n'.encode(
                        "utf-8", "surrogateescape"
                    )
                )
                np.savetxt(file, np.column_stack([fixed, _in_space(vectors)]), "X " + " ".join(["%.12g"] * 7))


def _in_space(places: np.ndarray) -> np.ndarray:
    """Return places (N, d) as (N, 3)."""
    return np.pad(places, ((0, 0), (0, 3 - places.shape[1])))
