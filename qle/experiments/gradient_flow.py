"""Gradient descent for N -> infinity: as solved, against closed forms, its end, and samples."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

import khgps
import landscape
from qle.statistics.slowing import power
from qle.verification.comparison import Comparison, computed, sampled
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
LINEAR = 1e-14  # an A that adds less than rounding
ANGLE = math.pi * (np.arange(60) + 0.5) / 60
WEIGHT = np.sin(ANGLE) ** 2 / 30  # Gauss's, of the semicircle at 2 cos(ANGLE)
SOLVED = "khgps.solve_dynamics"
FREE = "no couplings"
SEED = 1


def linear(quick: bool) -> list[Comparison]:
    """Compare m, R and e at A = 0, stiffness 1, with integrals over the semicircle, stable and unstable."""
    h, t, start, found = 0.1, np.array([1.0, 5.0, 10.0]), 1.0, []
    how = f"{SOLVED}, A = 1e-14; the spectrum is a semicircle; tolerance: local errors of the steps"
    for J in (0.3, 0.6):
        model = khgps.KHGPS(N=2, J=J, h=h, kappa_min=1.0, A=LINEAR)
        flow = khgps.solve_dynamics(model, times=t, samples=64, batches=1, rtol=1e-6 if quick else 1e-7)
        eigenvalue, last = 1.0 + 2.0 * J * np.cos(ANGLE), t[-1]
        numbers = {
            "m": (WEIGHT @ (h * formulas.linear_flow(np, eigenvalue, last)), flow.mean_x[-1]),
            "R": (WEIGHT @ np.exp(-eigenvalue * (last - start)), flow.R[-1, 0]),
            "e": (WEIGHT @ formulas.linear_flow_energy(np, h, eigenvalue, last), flow.energy[-1]),
        }
        free = {
            "m": h * float(formulas.linear_flow(np, 1.0, last)),
            "R": math.exp(start - last),
            "e": float(formulas.linear_flow_energy(np, h, 1.0, last)),
        }
        for name, (predicted, measured) in numbers.items():
            where = f"{name}({last:g}{', 1' if name == 'R' else ''}), kappa = 1, J = {J:g}, h = {h:g}, A = 0"
            found.append(
                computed("flow-linear", where, predicted, measured, 1e-4 * abs(predicted), how,
                         alternatives={FREE: free[name]})
            )  # fmt: skip
    return found


def rest(quick: bool) -> list[Comparison]:
    """Compare the end of the flow with symmetric replicas."""
    models = {
        "kappa = 1, J = 0.3, h = 0.2": (khgps.KHGPS(N=2, J=0.3, h=0.2, kappa_min=1.0), 2e-4),
        "kappa_min = 0.1, J = 0.15, h = 0.1": (khgps.KHGPS(N=2, J=0.15, h=0.1, kappa_min=0.1), 1e-2),
    }
    samples, found = 1024 if quick else 8192, []
    how = f"{SOLVED}, {samples} samples of one site, khgps.solve_rs; tolerance: several times their scatter"
    for where, (model, noise) in models.items():
        allowed = noise if quick else noise / 2.0
        flow = khgps.solve_dynamics(model, times=[60.0], samples=samples, batches=1)
        state, free = khgps.solve_rs(model), khgps.solve_rs(replace(model, J=1e-6))
        numbers = {
            "C(60, 60)": (state.q, flow.C[0, 0], free.q),
            "int R(60, s) ds": (state.chi, flow.chi[0], free.chi),
            "e(60)": (state.energy, flow.energy[0], free.energy),
        }
        for name, (predicted, measured, other) in numbers.items():
            tolerance = allowed * abs(predicted)
            found.append(
                computed("flow-rest", f"{name}, {where}", predicted, measured, tolerance, how,
                         alternatives={FREE: other})
            )  # fmt: skip
    return found


def energy(quick: bool) -> list[Comparison]:
    """Compare what has been dissipated with the energy, its memory an integral over times looked at."""
    nodes, lengths = np.polynomial.legendre.leggauss(12)
    samples, found = 1024 if quick else 8192, []
    how = (
        f"{SOLVED}, {samples} samples of one site, R and C at 12 nodes of Gauss; predicted: e(0) - int "
        "E[x'^2] dt; tolerance: several times the scatter of the samples"
    )
    for J, t, kappa_min, allowed in ((0.3, 10.0, 1.0, 1e-4), (0.3, 6.0, 0.0, 1e-2)):
        model = khgps.KHGPS(N=2, J=J, h=0.2, kappa_min=kappa_min)
        times = np.append(0.5 * t * (nodes + 1.0), t)
        flow = khgps.solve_dynamics(model, times=times, samples=samples, batches=1)
        memory = float(0.5 * t * lengths @ (flow.R[-1, :-1] * flow.C[-1, :-1]))
        x, kappa = flow.x[-1], flow.stiffness
        site = float(np.mean(kappa * x**2 / 2.0 + x**4 / 24.0 - model.h * x))
        measured = float(formulas.flow_energy(np, J, site, memory))
        predicted = flow.energies[2, -1]
        where = f"e({t:g}), kappa_min = {kappa_min:g}, J = {J:g}, h = {model.h:g}"
        found.append(
            computed("flow-energy", where, predicted, measured, allowed * abs(predicted), how,
                     alternatives={"half of the memory": 0.5 * (site + measured)})
        )  # fmt: skip
    return found


def samples(quick: bool) -> list[Comparison]:
    """Compare samples with the limit, both with errors, where couplings have made x grow."""
    N, count, most = (2048, 8, 1024) if quick else (16384, 32, 8192)
    early, late, h = 2.0, 5.0, 0.1
    model = khgps.KHGPS(N=N, J=0.3, h=h, coupling="structured")
    rows = np.array([_sample(model, np.array([early, late]), k) for k in range(count)])
    limit, free = (
        khgps.solve_dynamics(one, times=[early, late], samples=most) for one in (model, replace(model, J=0.0))
    )
    error = rows.std(axis=0, ddof=1) / math.sqrt(count)
    how = f"{count} flows of N = {N}, structured couplings; predicted by {SOLVED}; errors of both"
    found = []
    for k, name in enumerate(("e", "m", "C", "R")):
        predicted, other, own = _late(limit)[k], _late(free)[k], _late_error(limit)[k]
        times = f"{late:g}, {early:g}" if name in "CR" else f"{late:g}"
        found.append(
            sampled("flow-samples", f"{name}({times}), kappa_min = 0, J = 0.3, h = {h:g}", predicted,
                    rows[:, k].mean(), math.hypot(error[k], own), how, freedom=count - 1,
                    alternatives={f"{FREE}: {name}": other})
        )  # fmt: skip
    return found


def slowing(quick: bool) -> list[Comparison]:
    """Fit the power of what the energy falls by while time doubles."""
    N, count, doublings = (4096, 32, 4) if quick else (32768, 32, 5)
    times = np.array([25.0 * 2.0**k for k in range(doublings + 1)])
    model = khgps.KHGPS(N=N, J=0.5, h=0.01, coupling="structured")
    falls = np.array([_falls(model, times, k) for k in range(count)])
    slope, error = power(falls, times[:-1])
    how = f"{count} flows of N = {N}, structured couplings; error from samples"
    quantity = f"a of e(t) - e(2 t) ~ t^-a, t = 25 to {times[-2]:g}, kappa_min = 0, J = 0.5, h = 0.01"
    return [
        sampled("flow-slows", quantity, 2.0 / 3.0, -slope, error, how, freedom=count - 1,
                alternatives={"1/t": 1.0, "t^(-1/3)": 1.0 / 3.0})
    ]  # fmt: skip


def _falls(model: khgps.KHGPS, times: Array, k: int) -> Array:
    """Return what the energy of a sample falls by between times, per oscillator."""
    problem = khgps.draw(model, seed=SEED, sample=k)
    flow = landscape.flow(problem, np.zeros(problem.size), times, rtol=2e-3)
    return -np.diff(flow.energy) / problem.size


def _sample(model: khgps.KHGPS, times: Array, k: int) -> tuple[float, ...]:
    """Return e, m, C and R of one sample."""
    problem = khgps.draw(model, seed=SEED, sample=k)
    flow = landscape.flow(problem, np.zeros(problem.size), times, probes=1, seed=k)
    return flow.energy[-1] / problem.size, float(flow.x[-1].mean()), flow.C[-1, 0], np.asarray(flow.R)[-1, 0]


def _late(flow: khgps.Dynamics) -> tuple[float, ...]:
    return flow.energy[-1], flow.mean_x[-1], flow.C[-1, 0], flow.R[-1, 0]


def _late_error(flow: khgps.Dynamics) -> tuple[float, ...]:
    return flow.energy_error[-1], flow.mean_x_error[-1], flow.C_error[-1, 0], flow.R_error[-1, 0]


EXPERIMENTS = (
    Experiment(claims=("flow-linear",), run=linear),
    Experiment(claims=("flow-rest",), run=rest),
    Experiment(claims=("flow-energy",), run=energy),
    Experiment(claims=("flow-samples",), run=samples, seconds=3.0),
    Experiment(claims=("flow-slows",), run=slowing, seconds=12.0),
)
