"""Normal modes of Hessians from files, as one labelled data set."""

import importlib.metadata
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh

from arguments import count as whole
from landscape import ModeError, low_modes, participation_ratio, pseudo_harmonic_modes
from landscape.hessian import Hessian
from landscape.modes.zero import without_zero_modes
from qle.description.units import FrequencyUnit, frequency_unit
from qle.readers.hessians import HessianFile, read_hessian
from qle.readers.spectra import LONG_NAMES, coordinates_of
from qle.store.writing import replacing

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
NAME = "Hessians"
COUNT = 20  # lowest modes, or all where there are less
PSEUDO = ("b2", "cost", "participation", "residual")
LABELS = {
    "status": "whether it is a minimum",
    "frequency": "frequency, ascending: sqrt(lambda), or -sqrt(-lambda) for an unstable direction",
    "participation_ratio": "participation ratio of particles, 1/(N sum_i |psi_i|^4)",
    "mode_residual": "residual of the mode, |M psi - lambda psi|",
    "asymmetry": "max |M_ij - M_ji| over max |M_ij| in the file",
    "translation_force": "largest |M t| of a unit translation t over the length of a row",
    "translations": "translations that are no modes",
    "pseudo_b2": "z.M.z of a pseudo-harmonic mode z",
    "pseudo_cost": "(z.M.z)^2/sum |z_j - z_i|^4 of a pseudo-harmonic mode",
    "pseudo_participation": "participation ratio of a pseudo-harmonic mode",
    "pseudo_residual": "residual of a pseudo-harmonic mode",
}


def modes(
    files: str | PathLike[str] | Sequence[str | PathLike[str]],
    *,
    dimension: int | None = None,
    masses: ArrayLike | None = None,
    weighted: bool | None = None,
    zero_modes: str | None = None,
    asymmetry: float = 1e-3,
    count: int | str | None = None,
    pseudo: int = 0,
    units: str = "1",
    seen: Callable[[HessianFile], object] | None = None,
) -> "xr.Dataset":
    """Return the softest normal modes of Hessians in files, each file a sample: what the statistics take.

    Parameters
    ----------
    files : path or sequence of paths
        Matrices of one size, in the formats of `read_hessian`.
    dimension, masses, weighted, zero_modes, asymmetry
        As of `read_hessian`, for all files.
    count : int or "all", optional
        Modes of each; 20, or all where there are less, if not given.
    pseudo : int
        Pseudo-harmonic modes (`landscape.pseudo_harmonic_modes`) of each, searched from that many of the
        softest modes; only without unequal masses do they say what is local.
    units : str
        Of frequencies, as in `qle.spectra`: that of the root of M over that of masses. Nothing is converted.
    seen : callable, optional
        seen(file) is called for each `HessianFile` before its modes are computed.

    Returns
    -------
    xarray.Dataset
        In the form of `qle.spectra`: dimensions ensemble (one), sample, mode; coordinates N (particles),
        dimension, vibrations (modes in all), complete_below. By sample: ``status`` (0 converged, 1
        saddle: an eigenvalue is negative), ``asymmetry``, ``translation_force``, ``translations``; by sample
        and mode: ``frequency`` omega = sqrt(lambda) with lambda of m^-1/2 M m^-1/2, ascending,
        ``participation_ratio`` over particles, ``mode_residual``; with `pseudo`, ``pseudo_b2``,
        ``pseudo_cost``, ``pseudo_participation``, ``pseudo_residual`` by sample and pseudo, nan where there
        are less. The coordinate ``file`` has their names.

    Raises
    ------
    ValueError
        As `read_hessian`; for files of several sizes and more modes than there are.
    OSError
        A file cannot be read.

    Examples
    --------
    A chain of three unit masses and two springs; the translation is no mode:

    >>> import numpy as np, qle
    >>> np.save("chain.npy", [[1.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 1.0]])
    >>> (qle.modes("chain.npy", dimension=1).frequency.values.squeeze() ** 2).round(6)
    array([1., 3.])
    """
    paths = [files] if isinstance(files, str | PathLike) else list(files)
    if not paths:
        raise ValueError("files: must be at least one")
    pseudo, unit = whole("pseudo", pseudo, least=0), frequency_unit(units)
    rows: list[dict[str, Any]] = []
    for path in paths:
        one = read_hessian(path, dimension=dimension, masses=masses, weighted=weighted, zero_modes=zero_modes,
                           asymmetry=asymmetry)  # fmt: skip
        if seen is not None:
            seen(one)
        if rows and one.size // one.dimension != rows[0]["N"]:
            raise ValueError(
                f"{path}: has {one.size // one.dimension} particles, not {rows[0]['N']} as {paths[0]}"
            )
        rows.append(_measured(one, count, pseudo))
    return _dataset(rows, [str(path) for path in paths], unit)


def write_csv(dataset: "xr.Dataset", path: Path) -> None:
    """Write the modes of a data set as CSV, a line each; raise OSError if it cannot be written."""
    frame = dataset[["frequency", "participation_ratio", "mode_residual"]].isel(ensemble=0, drop=True)
    table = frame.drop_vars("sample").to_dataframe().reset_index()
    with replacing(path) as file:
        file.write(table[["file", "mode", *frame.data_vars]].to_csv(index=False).encode())


def _measured(one: HessianFile, count: int | str | None, pseudo: int) -> dict[str, Any]:
    """Return what is known of the modes of a file, by variable."""
    hessian, most = one.landscape.hessian(), one.size - one.translations
    if count is None:
        count = min(COUNT, most)
    try:
        k = most if isinstance(count, str) and count == "all" else whole("count", count, most=most)
    except ValueError as error:
        raise ValueError(f"{one.path}: {error}; {one.translations} of {one.size} are translations") from None
    values, vectors, residuals = _all(hessian) if k == most else low_modes(hessian, k)[:3]
    row: dict[str, Any] = {
        "N": one.size // one.dimension,
        "dimension": one.dimension,
        "vibrations": most,
        "complete_below": np.inf if k == most else np.sqrt(max(values[-1], 0.0)),
        "status": np.int8(values[0] < 0.0),
        "frequency": np.sign(values) * np.sqrt(np.abs(values)),
        "participation_ratio": participation_ratio(vectors, dimension=one.dimension),
        "mode_residual": residuals,
        "asymmetry": one.asymmetry,
        "translation_force": one.free,
        "translations": one.translations,
    }
    if pseudo:
        row |= _local(one, min(pseudo, most))
    return row


def _all(hessian: Hessian) -> tuple[Array, Array, Array]:
    """Return eigenvalues, vectors and residuals of all modes but zero modes."""
    weighted = hessian.weighted()
    values, vectors = eigh(without_zero_modes(weighted).dense(), overwrite_a=True, check_finite=False)
    k = hessian.size - hessian.zero_modes.shape[1]
    values, vectors = values[:k], vectors[:, :k]
    return values, vectors, np.linalg.norm(weighted.products(vectors) - vectors * values, axis=0)


def _local(one: HessianFile, k: int) -> dict[str, Any]:
    """Return what is known of pseudo-harmonic modes, padded with nan to k."""
    pairs = one.pairs() if one.translations else None
    try:
        found = pseudo_harmonic_modes(one.landscape, np.zeros(one.size), pairs=pairs, count=k)
    except (ValueError, ModeError) as error:
        raise ValueError(f"{one.path}: no pseudo-harmonic modes: {error}") from None
    found = [mode for mode in found if mode.status == "converged"][:k]
    rows = {f"pseudo_{name}": [getattr(mode, name) for mode in found] for name in PSEUDO}
    return {name: np.array(row + [np.nan] * (k - len(found))) for name, row in rows.items()}


def _dataset(rows: list[dict[str, Any]], names: list[str], unit: FrequencyUnit) -> "xr.Dataset":
    """Return the data set, in the form of `qle.spectra`."""
    import xarray as xr

    attrs: dict[str, dict[str, Any]] = {
        name: {"long_name": label, "units": "1"} for name, label in LABELS.items()
    }
    attrs["frequency"]["units"] = unit.name
    attrs["status"] |= {"flag_values": np.array([0, 1], np.int8), "flag_meanings": "converged saddle"}
    variables: dict[str, Any] = {}
    for name in [name for name in rows[0] if name not in LONG_NAMES]:
        values = np.stack([np.asarray(row[name]) for row in rows])[None]
        last = "pseudo" if name.startswith("pseudo_") else "mode"
        variables[name] = (("ensemble", "sample", last)[: values.ndim], values, attrs[name])
    sizes = {name: rows[0][name] for name in LONG_NAMES}
    sizes["complete_below"] = min(row["complete_below"] for row in rows)
    coordinates = coordinates_of(NAME, np.arange(len(rows)), rows[0]["frequency"].size, sizes, unit)
    coordinates["file"] = ("sample", names, {"long_name": "file of the Hessian"})
    about = {"model": "own Hessians", "qle_version": importlib.metadata.version("qle")}
    return xr.Dataset(variables, coordinates, about)
