"""The contract of a landscape, as a check that any landscape can be put to."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arguments import array
from landscape import disorder
from landscape.arrays import Matrix, Vector
from landscape.differences import DifferenceForm, Differences
from landscape.forms import Form
from landscape.hessian import Hessian
from landscape.protocol import Landscape, NotGivenError

SAME = 1e-5  # relative difference of two routes to one number that is none
_SINGLE = 1e-4  # the same, of products in float32
_SYMMETRIC = 1e-9  # the same, of u.M.v and v.M.u
_DOUBT = 30.0  # times the estimated error of a difference: what is let pass
_STILL = 1e-8  # relative gradient of a stationary point, where M takes zero modes to zero
_LENGTH, _ENERGY = 4.0, 0.25  # units in which a rescaled landscape is looked at

Scaled = Callable[[float, float], Landscape]


class ContractError(ValueError):
    """A landscape breaks its contract; the message names the part, and holds the numbers."""


def check_landscape(landscape: Landscape, x: ArrayLike, *, scaled: Scaled | None = None) -> None:
    """Test at a configuration all that `Landscape` says of a landscape; return where nothing is wrong.

    Derivatives are compared with differences of those of lower order along random directions, always the
    same; the Hessian with itself by products, rows and as an array; forms with their symmetry. What the
    landscape refuses with `NotGivenError` is passed over. Some hundred gradients of work, and N^2 numbers.

    Parameters
    ----------
    landscape : Landscape
    x : (N,) array
        Any configuration without symmetry, as one near a minimum; at a minimum zero modes are seen best.
    scaled : callable, optional
        scaled(length, energy) returns the same landscape in these units, of the energy H(length x)/energy:
        whether the typical force scales as forces do is looked at too.

    Raises
    ------
    ContractError
        With the part: ``size``, ``energy``, ``gradient``, ``evaluate``, ``hessian``, ``zero_modes``,
        ``third``, ``fourth``, ``force_scale``, ``step`` or ``relax``.
    ValueError
        If x has another shape, or is not finite.

    Examples
    --------
    >>> import landscape
    >>> wrong = landscape.Functions(lambda x: x[0]**4, lambda x: 3*x**3, 1)
    >>> landscape.check_landscape(wrong, [0.3])  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    landscape.contract.ContractError: gradient: along a direction and the difference of energies differ ...
    """
    _sizes(landscape)
    x = array("x", x, (landscape.size,))
    kept = x.copy()
    for part, look in _PARTS.items():
        look(landscape, x)
        _demand(np.array_equal(x, kept), part, "x was written to: it belongs to the caller")
    if scaled is not None:
        _scaling(landscape, x, scaled)


def _sizes(landscape: Landscape) -> None:
    size, dimension = landscape.size, landscape.dimension
    good = isinstance(size, int) and isinstance(dimension, int) and size > 0 and dimension > 0
    _demand(
        good and size % dimension == 0, "size", f"{size!r}: must be a multiple of dimension {dimension!r}"
    )
    _demand(0.0 < landscape.length < math.inf, "size", f"length = {landscape.length}: must be > 0")
    masses = landscape.masses
    good = masses is None or (np.shape(masses) == (size,) and bool(np.all(np.asarray(masses) > 0.0)))
    _demand(good, "size", f"masses = {masses}: must be {size} numbers > 0, or None")


def _first_order(landscape: Landscape, x: Vector) -> None:
    energy, gradient = landscape.energy(x), landscape.gradient(x)
    good = np.ndim(energy) == 0 and math.isfinite(energy)
    _demand(good, "energy", f"is {energy!r}: must be a finite number")
    _shape("gradient", "it", gradient, x.shape)
    _demand(gradient is not landscape.gradient(x), "gradient", "is the same array twice: must be a new one")
    point, force = landscape.at(x), float(np.linalg.norm(gradient))
    if point.relative_gradient <= _STILL:  # slopes are rounding
        force = point.force_scale
    slopes = Differences(lambda y, _: np.array([landscape.energy(y)]), x, 1, landscape.length)
    pair = "along a direction and the difference of energies"
    for d in _directions(landscape.size).T:
        bound = force * float(np.linalg.norm(d))
        _same("gradient", pair, slopes.along(d), d @ gradient, bound, slopes.error)
    for name, (one, other) in {
        "evaluate": landscape.evaluate(x),
        "at": (point.energy, point.gradient),
    }.items():
        _same("evaluate", f"the energy of {name}(x) and energy(x)", one, energy, abs(energy))
        _same("evaluate", f"the gradient of {name}(x) and gradient(x)", other, gradient)


def _hessian(landscape: Landscape, x: Vector) -> None:
    hessian, d = landscape.hessian(x), _directions(landscape.size)
    images = hessian.products(d)
    _shape("hessian", "products of a block", images, d.shape)
    changes = Differences(lambda y, _: landscape.gradient(y), x, 1, landscape.length)
    for k in range(d.shape[1]):
        _same(
            "hessian",
            "products and the difference of gradients",
            images[:, k],
            changes.along(d[:, k]),
            0.0,
            changes.error,
        )
    inner = d.T @ images
    _same("hessian", "u.M.v and v.M.u", inner, inner.T, 0.0, hessian.error, tolerance=_SYMMETRIC)
    single = hessian.products(d.astype(np.float32))
    _demand(single.dtype == np.float32, "hessian", f"products of a float32 block are {single.dtype}")
    _same("hessian", "products in float32 and in float64", single, images, tolerance=_SINGLE)
    _elements(hessian, d, images)


def _elements(hessian: Hessian, d: Matrix, images: Matrix) -> None:
    matrix = hessian.dense()
    _shape("hessian", "dense", matrix, (d.shape[0], d.shape[0]))
    _demand(np.array_equal(matrix, matrix.T), "hessian", "dense is not symmetric to the last bit")
    _same("hessian", "dense and products", matrix @ d, images)
    matrix[0, 0] += 1.0
    _demand(
        hessian.dense()[0, 0] != matrix[0, 0], "hessian", "dense is the same array twice: must be a new one"
    )
    matrix[0, 0] -= 1.0
    last = d.shape[0] - 1
    _same("hessian", "row and dense", hessian.row(last), matrix[last], float(np.abs(matrix).max()))
    rest = np.linalg.norm(matrix - np.diag(hessian.diagonal), axis=1)
    typical, lengths = float(np.sqrt(np.mean(hessian.strength**2))), float(np.sqrt(np.mean(rest**2)))
    good = typical <= 2.0 * lengths + SAME * hessian.scale and lengths <= 2.0 * typical + SAME * hessian.scale
    _demand(good, "hessian", f"rows beside the diagonal of length {lengths:.3g}, but strength {typical:.3g}")
    largest = float(np.abs(matrix).max())
    _demand(
        hessian.scale >= 0.5 * largest,
        "hessian",
        f"scale {hessian.scale:.3g} beside elements of {largest:.3g}",
    )


def _zero_modes(landscape: Landscape, x: Vector) -> None:
    zero, point = landscape.zero_modes(x), landscape.at(x)
    good = zero.ndim == 2 and zero.shape[0] == x.size
    _demand(good, "zero_modes", f"have shape {zero.shape}: must be ({x.size}, z)")
    _same("zero_modes", "Z^T Z and 1", zero.T @ zero, np.eye(zero.shape[1]), 1.0)
    along = float(np.abs(zero.T @ point.gradient).max(initial=0.0))
    least = SAME * float(np.linalg.norm(point.gradient)) + _STILL * point.force_scale
    _demand(along <= least, "zero_modes", f"the energy changes along one, at a rate of {along:.3g}")
    if point.relative_gradient <= _STILL:
        image = float(np.abs(point.hessian.products(zero)).max(initial=0.0))
        scale = point.hessian.scale
        _demand(
            image <= SAME * scale,
            "zero_modes",
            f"M takes one to {image:.3g}, beside a spectrum of {scale:.3g}",
        )
    _same(
        "zero_modes",
        "those of the Hessian and of x",
        point.hessian.zero_modes @ point.hessian.zero_modes.T,
        zero @ zero.T,
        1.0,
    )


def _forms(landscape: Landscape, x: Vector) -> None:
    for order, part in ((3, "third"), (4, "fourth")):
        try:
            form: Form = getattr(landscape, part)(x)
        except NotGivenError:
            continue
        _form(form, DifferenceForm(landscape, x, order), part, _directions(x.size))


def _form(form: Form, differences: DifferenceForm, part: str, d: Matrix) -> None:
    order, found, wanted = differences.order, form.vectors(d), differences.vectors(d)
    _demand(form.order == order, part, f"is a form of order {form.order}: must be {order}")
    _shape(part, "vectors of a block", found, d.shape)
    doubt = max(form.error, differences.error)
    largest = float(np.abs(wanted).max())
    _same(part, "vectors and differences of derivatives", found, wanted, 0.0, doubt)
    values, size = np.einsum("ij,ij->j", d, found), largest * float(np.abs(d).sum(axis=0).max())
    _same(part, "values and z times vectors", form.values(d), values, size, doubt)
    z, other, t = d[:, 0], d[:, 1], 0.5
    c = form.along(z, other)
    _shape(part, "the polynomial along a line", c, (order + 1,))
    there = float(form.values((z + t * other)[:, None])[0])
    _same(part, "the polynomial along a line and values on it", np.polyval(c[::-1], t), there, size, doubt)
    _same(part, "its slope and vectors", c[1], order * float(other @ found[:, 0]), size, doubt)


def _force_scale(landscape: Landscape, x: Vector) -> None:
    point = landscape.at(x)
    typical, force = float(np.sqrt(np.mean(point.gradient**2))), point.force_scale
    good = math.isfinite(force) and force >= typical * (1.0 - SAME)
    _demand(
        good, "force_scale", f"is {force}: must be at least the gradient's root mean square, {typical:.3g}"
    )
    _demand(force > 0.0, "force_scale", "is 0: nothing would be small beside it")


def _scaling(landscape: Landscape, x: Vector, scaled: Scaled) -> None:
    here, other = landscape.at(x), scaled(_LENGTH, _ENERGY).at(x / _LENGTH)
    size = abs(here.energy) / _ENERGY
    _same("energy", "in other units and rescaled", other.energy, here.energy / _ENERGY, size)
    _same("gradient", "in other units and rescaled", other.gradient, here.gradient * (_LENGTH / _ENERGY))
    wanted = here.force_scale * (_LENGTH / _ENERGY)
    _same("force_scale", "in other units and rescaled", other.force_scale, wanted)


def _step(landscape: Landscape, x: Vector) -> None:
    point = landscape.at(x)
    if point.relative_gradient <= _STILL:
        x = x + 0.01 * landscape.length * _directions(landscape.size)[:, 0]
        point = landscape.at(x)
    d = -point.gradient * (0.1 * landscape.length / point.gradient_norm)
    end = landscape.step(point, d)
    _demand(
        end.energy < point.energy,
        "step",
        f"along minus the gradient the energy rises by {end.energy - point.energy:.3g}",
    )
    moved = end.x - point.x
    share = float(moved @ d) / float(d @ d)
    _same("step", "the way moved and the direction", moved, share * d)
    short = landscape.step(point, d, longest=0.5 * share)
    length = float(np.linalg.norm(short.x - point.x)) / float(np.linalg.norm(d))
    _demand(
        length <= 0.5 * share * (1.0 + SAME),
        "step",
        f"is {length:.3g} long: at most {0.5 * share:.3g} was asked for",
    )
    _demand(landscape.step(point, -d) is point, "step", "uphill must return the point itself")


def _relax(landscape: Landscape, x: Vector) -> None:
    end, status = landscape.relax(x, method="lbfgs", tol=1e-6, most=3)
    good = status in ("converged", "saddle", "max_steps", "stalled")
    _demand(good, "relax", f"ends as {status!r}: must be 'converged', 'saddle', 'max_steps' or 'stalled'")
    before = landscape.energy(x)
    rise = end.energy - before
    _demand(rise <= SAME * abs(before), "relax", f"the energy rises by {rise:.3g}")


def _directions(size: int) -> Matrix:
    """Return three directions (N, 3) of random numbers, the largest 1."""
    block = np.column_stack([disorder.normal(size, seed=0, sample=m, label="check") for m in range(3)])
    return np.asarray(block / np.abs(block).max(axis=0))


def _demand(good: Any, part: str, text: str) -> None:
    if not good:
        raise ContractError(f"{part}: {text}")


def _shape(part: str, what: str, found: Any, shape: tuple[int, ...]) -> None:
    given = np.shape(found)
    _demand(given == shape, part, f"{what} has shape {given}: must be {shape}")
    _demand(np.isfinite(found).all(), part, f"{what} is not finite everywhere")


def _same(
    part: str,
    what: str,
    found: Any,
    wanted: Any,
    size: float = 0.0,
    doubt: float = 0.0,
    tolerance: float = SAME,
) -> None:
    """Refuse two numbers or arrays that differ by more than a tolerance of the larger, or of `size`."""
    a, b = np.asarray(found, np.float64), np.asarray(wanted, np.float64)
    largest = max(size, float(np.abs(a).max(initial=0.0)), float(np.abs(b).max(initial=0.0)))
    error = float(np.abs(a - b).max(initial=0.0))
    bound = max(tolerance, _DOUBT * doubt) * largest
    _demand(error <= bound, part, f"{what} differ by {error:.3g}, must be <= {bound:.3g}")


_PARTS: dict[str, Callable[[Landscape, Vector], None]] = {
    "gradient": _first_order,
    "force_scale": _force_scale,
    "hessian": _hessian,
    "zero_modes": _zero_modes,
    "third": _forms,
    "step": _step,
    "relax": _relax,
}
