"""The local fields of deepest minima against the law P(q_EA, H) of the ground state."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

import khgps
from qle.experiments.deep_minima import FIELDS, Deepest
from qle.experiments.large_size import large_size
from qle.verification.comparison import Comparison, sampled

Array = NDArray[np.float64]
KINDS = ("two wells, in", "any wells, in")
BINS = 2  # the lowest, taken together
ORDER = 8  # of Gauss-Legendre rules, in a bin
STIFFNESSES = 16  # and over those of two wells
TOLERANCE = 0.1  # of the share: what is beyond N^(-2/3), and the extrapolation of P in the number of steps


def local_fields(J: float, h: float, made: dict[int, Deepest]) -> list[Comparison]:
    """Compare the shares of oscillators in weak fields, N -> infinity, with those of the ground state."""
    params = khgps.KHGPS(N=2, J=J, h=h)
    predicted, symmetric = (
        shares(params)[:, :BINS].sum(axis=1) for shares in (broken_shares, gaussian_shares)
    )
    counts = ", ".join(f"{one.energy.size} samples of N = {N}" for N, one in made.items())
    how = (
        f"deepest minima of {counts}, excess c N^(-2/3) and, with four sizes, d/N; error from samples; H "
        "with chi_EA of khgps.solve_rsb; tolerance: 10 percent, further powers of N and finitely many steps"
    )
    found, where = [], f"kappa_min = 0, h = {h:g}, J = {J:g}"
    for kind, words in enumerate(KINDS):
        seen = [one.fields[:, kind, :BINS].sum(axis=1) for one in made.values()]
        errors = [row.std(ddof=1) / math.sqrt(row.size) for row in seen]
        limit = large_size(list(made), np.array([row.mean() for row in seen]), np.array(errors))
        quantity = f"share with {words} |H| < {FIELDS[BINS]:g} J^(3/2), N -> infinity, {where}"
        found.append(sampled(
            "rsb-fields", quantity, predicted[kind], limit.value, limit.error, how,
            tolerance=TOLERANCE * predicted[kind], alternatives={"symmetric replicas": symmetric[kind]},
        ))  # fmt: skip
    return found


def broken_shares(params: khgps.KHGPS) -> Array:
    """Return the shares of `deep_minima.fields_in_bins` in the ground state of the theory, (2, bins)."""
    state = khgps.ground_state(khgps.solve_rsb(params, rtol=1e-5))
    return _shares(params, params.J**2 * state.chi_EA, state.field_density)


def gaussian_shares(params: khgps.KHGPS) -> Array:
    """Return those of symmetric replicas, whose fields are normal for every stiffness; the same kappa'."""
    chi_EA = khgps.solve_rsb(params, rtol=1e-5).chi_EA
    width = params.J * math.sqrt(khgps.solve_rs(params, unstable=True).q)

    def density(H: Array, kappa: float | None = None) -> Array:
        return np.asarray(np.exp(-0.5 * ((H - params.h) / width) ** 2) / (math.sqrt(2.0 * math.pi) * width))

    return _shares(params, params.J**2 * chi_EA, density)


def _shares(params: khgps.KHGPS, edge: float, density: Callable[..., Array]) -> Array:
    """Return shares by |H| of kappa < edge, with two wells, and of all; a uniform law of stiffness from 0."""
    nodes, weights = np.polynomial.legendre.leggauss(ORDER)
    ends = FIELDS * params.J**1.5 / math.sqrt(params.A)
    half = 0.5 * np.diff(ends)[:, np.newaxis]
    H = 0.5 * (ends[1:] + ends[:-1])[:, np.newaxis] + half * nodes
    where, share = np.polynomial.legendre.leggauss(STIFFNESSES)
    kappa = 0.5 * edge * (1.0 + where)
    double = [density(H, one) + density(-H, one) for one in kappa]
    total = np.tensordot(0.5 * share * edge / params.kappa_0, double, 1)
    return np.array([(row * weights * half).sum(axis=1) for row in (total, density(H) + density(-H))])
