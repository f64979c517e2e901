"""Minimisation of the energy of any landscape: one face for all methods.

A landscape whose steps can be made faster has `Landscape.relax` of its own; `quartic.Problem` does, with the
methods of `quartic.minima`. What is written here is then not run.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

import arguments
from arguments import brief
from landscape.arrays import Vector
from landscape.methods.cg import cg
from landscape.methods.descent import descent
from landscape.methods.fire import fire
from landscape.methods.lbfgs import lbfgs
from landscape.methods.newton import newton
from landscape.modes.certificate import CERTIFIED_SIZE, judge
from landscape.protocol import Landscape, Point
from landscape.relaxation import Callback, Relaxation

_METHODS: dict[str, Callable[[Relaxation], None]] = {
    "lbfgs": lbfgs,
    "cg": cg,
    "fire": fire,
    "descent": descent,
    "newton": newton,
}
METHODS = tuple(_METHODS)
STATUSES = ("converged", "saddle", "max_steps", "stalled")


@brief("x", "energy", "lowest_eigenvalue", "status", "method", "tol")
@dataclass(frozen=True, eq=False)
class Minimum:
    """Where a minimisation ended, and how.

    Attributes
    ----------
    point : Point
        With energy, gradient, Hessian and all that is asked of it.
    lowest_eigenvalue : float or None
        Of the Hessian, its zero modes left out, where it was computed.
    status : {"converged", "saddle", "max_steps", "stalled"}
        ``"converged"``: the largest |gradient_i| is at most tol times the typical force. ``"saddle"``: so it
        is, but the lowest eigenvalue is not positive; zero modes do not count. ``"max_steps"``: the steps
        allowed are used up. ``"stalled"``: rounding allows no further progress.
    method, tol
        As given to `minimize`.
    steps : int
        Points that the minimisation moved to.
    """

    point: Point
    lowest_eigenvalue: float | None
    status: str
    method: str
    tol: float
    steps: int

    @property
    def x(self) -> Vector:
        """The configuration, shape (N,)."""
        return self.point.x

    @property
    def energy(self) -> float:
        """H(x)."""
        return self.point.energy


class MinimizationError(RuntimeError):
    """A minimisation did not end in a minimum; `result` holds where it ended."""

    def __init__(self, result: Minimum) -> None:
        point = result.point
        advice = {
            "saddle": f"ended in a saddle of lowest eigenvalue {result.lowest_eigenvalue}; start elsewhere",
            "max_steps": "max_steps is used up",
            "stalled": "rounding allows no further progress; tol is too small",
        }
        if not math.isfinite(point.energy + point.gradient_norm):
            advice["stalled"] = f"energy = {point.energy:.3g} or the gradient is not finite where it ended"
        super().__init__(
            f"{advice[result.status]} ({result.method}: largest |gradient| {point.gradient_norm:.3g}, "
            f"tol * typical force = {result.tol * point.force_scale:.3g})"
        )
        self.result = result


def minimize(
    landscape: Landscape,
    start: ArrayLike,
    *,
    method: str = "lbfgs",
    tol: float = 1e-10,
    max_steps: int = 10_000,
    certify: bool | None = None,
    check: bool = True,
    callback: Callback | None = None,
) -> Minimum:
    """Return a local minimum of the energy.

    The energy never rises along the path of any method, but by rounding. ``"descent"`` follows the gradient
    flow (`landscape.methods.descent`), and only its minimum is that of the start's own basin; ``"lbfgs"`` and
    ``"cg"`` are cheapest; ``"newton"`` takes few steps; ``"fire"`` is damped dynamics.

    Parameters
    ----------
    landscape : Landscape
    start : (N,) array
    method : {"lbfgs", "cg", "fire", "descent", "newton"}
    tol : float
        Largest |dH/dx_i| over the typical force (`Landscape.force_scale`); in (0, 1).
    max_steps : int
    certify : bool, optional
        Whether to refuse a point where the Hessian, its zero modes left out, is not positive definite. Done
        up to N = 4000 if not given.
    check : bool
        Raise if the result is no minimum. False returns it, with its status.
    callback : callable, optional
        Called as callback(x, energy) after every step, with a copy of x.

    Returns
    -------
    Minimum

    Raises
    ------
    ValueError
        For an argument outside its range.
    MinimizationError
        If `check` and the status is not ``"converged"``.

    Examples
    --------
    >>> import landscape
    >>> well = landscape.Functions(lambda x: x[0]**4/4 - x[0]**2/2, lambda x: x**3 - x, 1)
    >>> minimum = landscape.minimize(well, [0.3])
    >>> minimum.status, minimum.x.round(6), round(minimum.energy, 6)
    ('converged', array([1.]), -0.25)
    """
    x = arguments.array("start", start, (landscape.size,))
    arguments.choice("method", method, METHODS)
    tol, max_steps = arguments.fraction("tol", tol), arguments.count("max_steps", max_steps)
    steps = 0

    def counted(x: Vector, energy: float) -> None:
        nonlocal steps
        steps += 1
        if callback is not None:
            callback(x, energy)

    point, status = landscape.relax(x, method=method, tol=tol, most=max_steps, callback=counted)
    lowest = None
    if status == "converged" and (landscape.size <= CERTIFIED_SIZE if certify is None else certify):
        status, lowest = judge(point.hessian, exactly=bool(certify))
    result = Minimum(point, lowest, status, method, tol, steps)
    if check and status != "converged":
        raise MinimizationError(result)
    return result


def relax(
    landscape: Landscape, x: Vector, method: str, tol: float, most: int, callback: Callback | None
) -> tuple[Point, str]:
    """Return where a method ends, and its status: what `Landscape.relax` is by default."""
    run = Relaxation(landscape, np.array(x, np.float64), tol, most, callback)
    status = run.to_end(_METHODS[method])
    return run.point, status
