"""Overdamped gradient flow dx/dt = -grad H: the physical quench."""

from functools import partial

import numpy as np

from landscape.arrays import Matrix, Vector
from landscape.hessian import Hessian
from landscape.line import ROUNDING
from landscape.linear.krylov import LARGEST, Krylov
from landscape.methods.lbfgs import lbfgs
from landscape.relaxation import Relaxation, Stop

ACCURACY = 1e-3  # largest local error of a step, relative to the length of the step
_FOLDINGS = 50.0  # e-foldings of the least stable direction in a step at most
_CAPTURED = 0.1  # of the force: what is left of it at the minimum of the linearised flow, when it is near


def descent(run: Relaxation) -> None:
    """Go along the gradient flow itself, to the minimum in whose basin the start lies.

    Exponential Rosenbrock steps of order 3 (exprb32 of Hochbruck, Ostermann and Schweitzer 2009): with
    F = -grad H, M the Hessian at x and R(d) = F(x + d) - F + M d,

        x(t + dt) = x + d + 2 dt phi_3(-dt M) R(d),    d = dt phi_1(-dt M) F,

    exact for linear forces, so that no stiff direction bounds dt. Each function of M is applied in a Krylov
    space; the last term is the estimate of the local error, at most `ACCURACY` of the length of the step. The
    energy falls in every step, or rises by no more than rounding. The flow is left to `lbfgs` where the
    curvature along it is positive and the minimum of the linearisation is so near that a tenth of the force
    is left there.
    """
    rooms = np.empty((2, LARGEST + 1, run.point.x.size))
    dt = 0.1 / (run.point.hessian.scale or 1.0)
    while not run.arrived:
        space = _space(run, -run.point.gradient, rooms[0])
        space.grow(2)
        if _captured(run, space, dt):
            lbfgs(run)
            return
        dt = _advance(run, space, rooms[1], dt)


def _space(run: Relaxation, v: Vector, room: Matrix) -> Krylov:
    """Return the Krylov space of v under M where the minimisation is."""
    return Krylov(partial(_product, run.point.hessian), np.zeros_like(v), v, room)


def _product(hessian: Hessian, d: Vector) -> Vector:
    return np.asarray(hessian.products(d[:, None])[:, 0], np.float64)


def _captured(run: Relaxation, space: Krylov, dt: float) -> bool:
    """Return whether the minimum of the linearised flow is near, and curvatures on the way positive."""
    lowest = float(space.values[0])
    if not lowest * dt > 1.0:
        return False
    d, _ = space.step(space.norm * (space.vectors @ (space.vectors[0] / space.values)))
    end = run.landscape.at(run.point.x + d)
    left = float(np.linalg.norm(end.gradient)) / float(np.linalg.norm(run.point.gradient))
    return left <= _CAPTURED and end.energy < run.point.energy


def _advance(run: Relaxation, space: Krylov, room: Matrix, dt: float) -> float:
    """Take a step of dt, or of less where its error says so; return the next dt to try."""
    here = run.point
    lowest = abs(float(space.values[0]))
    dt = min(dt, _FOLDINGS / lowest) if lowest > 0.0 else dt
    while True:
        d, image = space.step(space.amplitudes(1, dt))
        length = float(np.linalg.norm(d))
        if space.truncation(1, dt) > ACCURACY * length and not space.complete:
            if space.m == LARGEST:
                dt *= 0.5
            space.grow(2)
            continue
        rest = here.gradient - run.landscape.at(here.x + d).gradient + image
        correction = _correction(run, rest, room, dt, ACCURACY * length)
        error = float(np.linalg.norm(correction)) / (ACCURACY * length)
        end = run.landscape.at(here.x + d + correction)
        if error <= 1.0 and end.energy <= here.energy + ROUNDING * abs(here.energy):
            run.move(end)
            return float(dt * min(2.0, 0.8 / max(error, 1e-3) ** (1 / 3)))
        dt *= min(0.5, max(0.2, 0.8 / max(error, 1e-3) ** (1 / 3)))
        if dt * here.gradient_norm <= 1e-17 * float(np.abs(here.x).max()):
            raise Stop("stalled")


def _correction(run: Relaxation, rest: Vector, room: Matrix, dt: float, error: float) -> Vector:
    """Return 2 dt phi_3(-dt M) of what the force has beyond its linearisation."""
    if not rest.any():
        return rest
    space = _space(run, rest, room)
    while space.truncation(3, dt) > error and space.m < LARGEST and not space.complete:
        space.grow()
    return 2.0 * space.step(space.amplitudes(3, dt))[0]
