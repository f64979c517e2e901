"""What is computed for one sample, and for a range of samples of one grid point."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import glass
import landscape as general
import quartic
from landscape import Landscape
from qle.description.identity import Arrays, Identity
from qle.description.measure import Measure
from qle.description.model import Model
from qle.description.models import MODELS, loaded
from qle.description.protocol import Protocol
from qle.measurements.ensemble import Ensemble
from qle.measurements.modes_below import modes_below
from qle.measurements.record import Place, low_modes
from qle.measurements.table import asked


class SampleError(RuntimeError):
    """The numerics of one sample failed; the message holds its address."""


def measure(
    problem: Landscape, minimum: quartic.Minimum, spec: Measure, always: Sequence[str] = ()
) -> dict[str, NDArray[Any]]:
    """Return everything that is stored of one sample.

    Parameters
    ----------
    problem : landscape.Landscape
    minimum : quartic.Minimum
        Where its minimisation ended; the modes tell whether it is a minimum, so it need not be certified.
    spec : Measure
        What is measured; k below is its number of modes.
    always : sequence of str
        Measurements beside those (`Model.always`).

    Returns
    -------
    dict of arrays
        ``status``: int8, index into `quartic.STATUSES`; "saddle" if the lowest eigenvalue is not positive.
        ``energy`` = H/N, ``mean_x`` = <x_i>, ``mean_x2`` = <x_i^2>, ``gradient_norm`` = max |g_i|,
        ``force_scale``, ``products``: float64. Of particles x_i is how far a coordinate is from where it was
        drawn.
        ``frequency``: (k,), ascending, omega = sqrt(lambda), and -sqrt(-lambda) for an unstable direction;
        ``participation_ratio`` (k,); ``mode_residual`` = |M psi - lambda psi| (k,).
        Modes are nan where the minimisation ended before a stationary point, and those that are not below
        `Measure.complete_below`. What else is asked for as its
        record has it (`qle.measurements.record.Measurement`), nan where it is no minimum.
    """
    particles = problem if isinstance(problem, glass.PairGlass) else None
    count = spec.count(problem.size - (problem.dimension if particles else 0))
    modes = {name: np.full(count, np.nan) for name in ("frequency", "participation_ratio", "mode_residual")}
    status = minimum.status
    if status in ("converged", "saddle"):
        if spec.complete_below is None:
            values, vectors, residuals, *_ = low_modes(problem, minimum.x, count)
        else:
            values, vectors, residuals, *_ = modes_below(problem, minimum.x, spec.complete_below, count)
        if k := values.size:
            modes["frequency"][:k] = np.copysign(np.sqrt(np.abs(values)), values)
            ratios = general.participation_ratio(vectors, dimension=problem.dimension)
            modes["participation_ratio"][:k] = ratios
            modes["mode_residual"][:k] = residuals
        status = "converged" if (values > 0.0).all() else "saddle"
    place = Place(problem, minimum.x) if status == "converged" else None
    moved = minimum.x - particles.x if particles else minimum.x
    numbers: dict[str, Any] = {
        "energy": minimum.energy / (particles.particles if particles else problem.size),
        "mean_x": np.mean(moved),
        "mean_x2": np.mean(moved**2),
        "gradient_norm": minimum.gradient_norm,
        "force_scale": minimum.force_scale,
        "products": minimum.products,
    }
    arrays: dict[str, NDArray[Any]] = {}
    for one in asked(spec, always):
        found = one.measure(place) if place else one.absent(problem.size)
        (numbers if one.axis is None else arrays).update(found)
    return {
        "status": np.array(quartic.STATUSES.index(status), np.int8),
        **{name: np.array(value, np.float64) for name, value in numbers.items()},
        **modes,
        **arrays,
    }


def measure_range(point: Identity, start: int, stop: int) -> Arrays:
    """Return the arrays of samples start <= s < stop of one grid point, first axis the sample.

    Parameters
    ----------
    point : Identity
        The identity of the point in the store: what is keyed is what is computed.

    Raises
    ------
    SampleError
        The numerics of a sample failed (other than by not converging, which its status records).
    """
    model, protocol, spec = loaded(point["model"]), Protocol(**point["protocol"]), Measure(**point["measure"])
    ensemble = Ensemble(
        params=model.parameters(**point["parameters"]), seed=point["seed"], protocol=protocol, own_starts=True
    )
    rows = []
    for sample in range(start, stop):
        try:
            problem = draw(model, point, sample)
            minimum = ensemble.minimum(problem, sample, certify=False, check=False)
            rows.append(measure(problem, minimum, spec, model.always))
        except SampleError:
            raise
        except Exception as error:
            raise failure(point, sample, error) from error
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def draw(model: Model, point: Identity, sample: int) -> Any:
    """Return a sample of a point; raise SampleError where it cannot be drawn, or is none of the model."""
    try:
        params = model.parameters(**point["parameters"])
        drawn = model.draw(params, seed=point["seed"], sample=sample)
        if not isinstance(drawn, Landscape):
            raise TypeError(
                f"is a {type(drawn).__name__}: must be a landscape.Landscape, as quartic.Problem is"
            )
        if drawn.size != (size := model.coordinates(point["parameters"])):
            raise ValueError(f"has {drawn.size} coordinates: must have N = {size}")
    except Exception as error:
        raise failure(point, sample, error, "draw: ") from error
    return drawn


def failure(point: Identity, sample: int, error: Exception, where: str = "") -> SampleError:
    """Return what is raised where a sample fails: with its model, if that is a user's, and its address."""
    own = "" if point["model"] in MODELS else f"{point['model']}: "
    return SampleError(f"{own}sample {sample} at {address(point)}: {where}{type(error).__name__}: {error}")


def address(point: Identity) -> str:
    """Return the parameters of a point as text for a message."""
    return ", ".join(f"{name} = {value}" for name, value in point["parameters"].items())
