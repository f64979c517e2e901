"""What is soft in snapshots: normal, cubic and pseudo-harmonic modes, as one labelled data set."""

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import count as whole
from arguments.files import of_file
from glass import Potential
from landscape import ModeError, NotGivenError, cubic_modes, low_modes, participation_ratio
from landscape import pseudo_harmonic_modes as pseudo_modes
from qle.description.units import frequency_unit
from qle.readers.library_files import is_atoms
from qle.readers.snapshot import Snapshot
from qle.readers.snapshots import read_snapshot
from qle.readers.solids import Solid, solid
from qle.readers.spectra import coordinates_of

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]
Source = str | PathLike[str] | Snapshot | Any
COUNT, STARTS = 20, 8  # modes, and starts of searches for nonlinear ones, or what there is
_LOST = 1e-12  # |b3| of the sum of its terms' magnitudes, below which it is rounding: 0 by symmetry
LABELS = {
    "status": "whether it is a minimum",
    "energy": "energy of the minimum",
    "pressure": "pressure",
    "shear_stress": "shear stress, element (x, y)",
    "shear_modulus": "shear modulus d2U/dgamma2 over the volume",
    "rattlers": "particles that nothing holds",
    "file_force": "largest |gradient| of the file over the typical force",
    "moved_rms": "root mean square displacement from the file, in mean spacings",
    "moved_max": "largest displacement from the file, in mean spacings",
    "complete": "whether it is proven that no mode below the last one is missing",
    "frequency": "frequency, ascending",
    "participation_ratio": "participation ratio of particles",
    "mode_residual": "residual of the mode, |M psi - lambda psi|",
    "mode_vector": "normal mode",
    "position": "position at the minimum",
    "size": "size lambda",
    "box": "length of the box",
    "shear": "shear of the box",
}
SPOTS = {
    "b2": "second derivative along it",
    "b3": "third derivative along it",
    "b4": "fourth derivative along it",
    "ratio": "b3^2/(b2 b4)",
    "barrier": "2 b2^3/(3 b3^2)",
    "cost": "(z.M.z)^2/sum |z_j - z_i|^4",
    "participation": "participation ratio of particles",
    "residual": "residual of its equation",
    "particle": "particle that moves most, from 0",
    "vector": "its direction",
}
KINDS = {"cubic": "cubic mode", "pseudo": "pseudo-harmonic mode"}


def soft_spots(
    files: Source | Sequence[Source],
    potential: str | Potential,
    *,
    sizes: str | ArrayLike | None = None,
    species: Mapping[str, float] | None = None,
    dimension: int | None = None,
    frame: int = -1,
    box: ArrayLike | None = None,
    count: int | None = None,
    starts: int | None = None,
    seen: Callable[[Snapshot], object] | None = None,
) -> "xr.Dataset":
    """Return what is soft in snapshots, each a sample, at the minimum that its particles lead to.

    Files have few digits, so what they hold is no minimum: FIRE and Newton's method find the one nearby. Of
    the particles that are held there, come the normal modes, and the cubic and pseudo-harmonic modes to which
    the softest of these lead. Masses are 1.

    Parameters
    ----------
    files : path, Snapshot, Atoms, or sequence of these
        Of one number of particles, as `read_snapshot` takes them.
    potential : str or glass.Potential
        As of `glass.PairGlass`.
    sizes, species
        As of `Snapshot.glass`.
    dimension, frame, box
        As of `read_snapshot`.
    count : int, optional
        Normal modes; 20, or all where there are less, if not given.
    starts : int, optional
        Softest modes from which nonlinear ones are searched; 8, or all, if not given.
    seen : callable, optional
        seen(snapshot) is called for each before its minimum is looked for.

    Returns
    -------
    xarray.Dataset
        In the form of `qle.spectra`: dimensions ensemble (one), sample, mode; coordinates N, dimension,
        vibrations (N d - d, rattlers among them), complete_below. By sample: status, energy, pressure,
        shear_stress, shear_modulus, rattlers, file_force, moved_rms and moved_max (mean spacings), complete
        (1: proven that no mode is missing), box, shear. By sample and mode: frequency, participation_ratio,
        mode_residual, mode_vector. By sample and cubic, lowest barrier first: cubic_b2, cubic_b3, cubic_b4,
        cubic_ratio, cubic_barrier, cubic_participation, cubic_residual, cubic_particle (which moves most),
        cubic_vector; by sample and pseudo, lowest cost first, the same of pseudo-harmonic modes with
        pseudo_cost; nan, and -1, where there are less or no such derivatives. position and size of the
        particles; the coordinate file.

    Raises
    ------
    ValueError
        As `read_snapshot`, `Snapshot.glass`; for files of several sizes, and more modes than there are.
    OSError
        A file cannot be read.

    Examples
    --------
    >>> import glass, numpy as np, qle
    >>> liquid = glass.draw(glass.SoftSpheres(N=64, T_p=2.0, sweeps=32), seed=1, sample=0)
    >>> np.savez("liquid.npz", positions=liquid.x.reshape(64, 2), sizes=liquid.sizes, box=liquid.box)
    >>> spots = qle.soft_spots("liquid.npz", "soft_spheres", count=4, starts=2)
    >>> spots.frequency.shape, bool(spots.complete.all()), bool(spots.cubic_barrier[0, 0, 0] > 0.0)
    ((1, 1, 4), True, True)
    """
    single = isinstance(files, str | PathLike | Snapshot) or is_atoms(files)
    sources: list[Any] = [files] if single else list(files)  # type: ignore[arg-type]
    rows: list[dict[str, Any]] = []
    names: list[str] = []
    for source in sources:
        one = source if isinstance(source, Snapshot) else read_snapshot(
            source, dimension=dimension, frame=frame, box=box
        )  # fmt: skip
        if seen is not None:
            seen(one)
        if rows and (one.particles, one.dimension) != (rows[0]["N"], rows[0]["dimension"]):
            raise ValueError(
                f"{one.name}: has {one.particles} particles in {one.dimension} dimensions, not "
                f"{rows[0]['N']} in {rows[0]['dimension']} as {names[0]}"
            )
        with of_file(one.name):
            rows.append(_measured(solid(one, potential, sizes=sizes, species=species), count, starts))
        names.append(one.name)
    if not rows:
        raise ValueError("files: must be at least one")
    return _dataset(rows, names)


def _measured(one: Solid, count: int | None, starts: int | None) -> dict[str, Any]:
    """Return what is known of a minimum, by variable."""
    back, d = one.backbone, one.snapshot.dimension
    hessian = back.hessian(back.x)
    most = back.size - hessian.zero_modes.shape[1]
    k = whole("count", min(COUNT, most) if count is None else count, most=most)
    modes = low_modes(hessian, k)
    omega = np.sign(modes.eigenvalues) * np.sqrt(np.abs(modes.eigenvalues))
    n = one.snapshot.particles
    places = one.minimum.x.reshape(n, d)
    row: dict[str, Any] = {
        "N": n,
        "dimension": d,
        "vibrations": (n - 1) * d,
        "complete_below": np.inf if k == most else max(float(omega[-1]), 0.0),
        "status": np.int8(0),
        **one.elastic(),
        "rattlers": one.rattlers,
        "file_force": one.force,
        "moved_rms": float(np.sqrt(np.mean(one.moved**2))),
        "moved_max": float(one.moved.max()),
        "complete": np.int8(modes.complete is True),
        "frequency": omega,
        "participation_ratio": participation_ratio(modes.vectors, dimension=d) * back.particles / n,
        "mode_residual": modes.residuals,
        "mode_vector": one.of_all(modes.vectors),
        "position": places,
        "size": one.start.sizes,
        "box": one.snapshot.box,
        "shear": one.snapshot.shear,
    }
    s = whole("starts", min(STARTS, most) if starts is None else starts, most=most)
    for kind in KINDS:
        row |= _spots(one, kind, s)
    return row


def _spots(one: Solid, kind: str, k: int) -> dict[str, Any]:
    """Return what is known of nonlinear modes of a kind, padded with nan to k."""
    back, n, d = one.backbone, one.snapshot.particles, one.snapshot.dimension
    search = cubic_modes if kind == "cubic" else pseudo_modes
    try:
        found: list[Any] = [
            m for m in search(back, back.x, count=k) if m.status in ("converged", "descended")
        ]
    except (NotGivenError, ModeError):
        found = []
    z = np.column_stack([mode.direction for mode in found]) if found else np.zeros((back.size, 0))
    b2, b3, b4 = _expanded(back, z)
    vectors = one.of_all(z)
    values = {
        "b2": b2,
        "b3": b3,
        "b4": b4,
        "ratio": b3**2 / (b2 * b4),
        "barrier": np.divide(2.0 * b2**3, 3.0 * b3**2, out=np.full(b2.size, np.inf), where=b3 != 0.0),
        "participation": np.array([mode.participation for mode in found]) * back.particles / n,
        "residual": np.array([mode.residual for mode in found]),
    }
    if kind == "pseudo":
        values["cost"] = np.array([mode.cost for mode in found])
    row = {name: np.pad(one, (0, k - len(found)), constant_values=np.nan) for name, one in values.items()}
    largest = np.sum(vectors**2, axis=2).argmax(axis=1)
    row["particle"] = np.pad(largest, (0, k - len(found)), constant_values=-1)
    row["vector"] = np.concatenate((vectors, np.full((k - len(found), n, d), np.nan)))
    return {f"{kind}_{name}": value for name, value in row.items()}


def _expanded(back: Any, z: Array) -> tuple[Array, Array, Array]:
    """Return b2, |b3|, b4 along columns; nan where the derivatives are not defined."""
    b2 = np.einsum("ij,ij->j", z, back.hessian(back.x).products(z))
    more = []
    for form in (back.third, back.fourth):
        try:
            terms = z * form(back.x).vectors(z)
            total = terms.sum(axis=0)
            more.append(np.where(np.abs(total) > _LOST * np.abs(terms).sum(axis=0), total, 0.0))
        except NotGivenError:
            more.append(np.full(b2.shape, np.nan))
    return b2, np.abs(more[0]), more[1]


def _dataset(rows: list[dict[str, Any]], names: list[str]) -> "xr.Dataset":
    """Return the data set, in the form of `qle.spectra`."""
    import xarray as xr

    labels = LABELS | {
        f"{kind}_{n}": f"{of}: {text}" for kind, of in KINDS.items() for n, text in SPOTS.items()
    }
    attrs: dict[str, dict[str, Any]] = {
        name: {"long_name": text, "units": "1"} for name, text in labels.items()
    }
    attrs["status"] |= {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    variables: dict[str, Any] = {}
    for name, value in rows[0].items():
        if name in labels:
            dims = ("ensemble", "sample", *_dims(name, np.ndim(value)))
            variables[name] = (dims, np.stack([np.asarray(row[name]) for row in rows])[None], attrs[name])
    sizes = {name: rows[0][name] for name in ("N", "dimension", "vibrations")}
    sizes["complete_below"] = min(row["complete_below"] for row in rows)
    unit = frequency_unit("1")
    coordinates = coordinates_of("snapshots", np.arange(len(rows)), rows[0]["frequency"].size, sizes, unit)
    coordinates["file"] = ("sample", names, {"long_name": "file of the snapshot"})
    about = {"model": "own snapshots", "qle_version": importlib.metadata.version("qle")}
    return xr.Dataset(variables, coordinates, about)


def _dims(name: str, axes: int) -> tuple[str, ...]:
    """Return the dimensions of a variable beyond ensemble and sample."""
    if name == "box":
        return ("axis",)
    if name in ("position", "size"):
        return ("particle", "axis")[:axes]
    kind = name.partition("_")[0]
    return (kind if kind in KINDS else "mode", "particle", "axis")[:axes]
