"""The broken solution by another route: equations iterated on plain grids (`benchmarks.plain_rsb`)."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

import khgps
from benchmarks.plain_rsb import Equations, solve

Array = NDArray[np.float64]

J, H = 0.3, 0.01
MODEL = khgps.KHGPS(N=2, J=J, h=H)


def second_route(steps: int) -> tuple[float, float]:
    """Return e and q_EA of so many steps; spacings of 0.04 and 0.02 are extrapolated as their squares.

    Of the first route the levels y are taken, near which e depends on them only in second order, and a first
    guess.
    """
    first = khgps.solve_rsb(MODEL, steps=steps)
    y, overlaps = first.y * J**2, first.q / J
    u = (first.chi - float(first.y @ np.diff(first.q))) * J
    found = []
    for step in (0.04, 0.02):
        e, overlaps, u = solve(Equations(0.0, 1.0 / J, H / J**1.5, y, step), overlaps, u)
        found.append((e * J**2, float(overlaps[-1]) * J))
    (e, q), (e_fine, q_fine) = found
    return (4.0 * e_fine - e) / 3.0, (4.0 * q_fine - q) / 3.0


@pytest.mark.verify
def test_second_route() -> None:
    """8 steps, and infinitely many, as the error falls about as K^-4 from 4 on."""
    few, many = second_route(4), second_route(8)
    first = khgps.solve_rsb(MODEL, steps=8)
    assert many[0] == pytest.approx(first.energy, rel=3e-7)
    assert many[1] == pytest.approx(first.q_EA, rel=3e-5)  # the grid's: y is 11 in the last cell
    whole = khgps.solve_rsb(MODEL)
    assert many[0] + (many[0] - few[0]) / 15.0 == pytest.approx(whole.energy, rel=3e-6)
    assert many[1] == pytest.approx(whole.q_EA, rel=3e-5)


def test_a_law_of_ones_own_by_the_second_route() -> None:
    """4 steps of a triangle: grids of 0.08 and 0.04, whose errors are of second order, extrapolated."""
    first = khgps.solve_rsb(dataclasses.replace(MODEL, stiffness=([0.0, 0.4, 1.0], [0.0, 1.0, 0.0])), steps=4)

    def density(kappa: Array) -> Array:
        return 2.0 * J * np.minimum(J * kappa / 0.4, (1.0 - J * kappa) / 0.6)

    y, overlaps = first.y * J**2, first.q / J
    u = (first.chi - float(first.y @ np.diff(first.q))) * J
    found = []
    for step in (0.08, 0.04):
        asked = Equations(0.0, 1.0 / J, H / J**1.5, y, step, density=density, bends=(0.4 / J,))
        e, overlaps, u = solve(asked, overlaps, u)
        found.append(np.array([e * J**2, float(overlaps[-1]) * J]))
    energy, q_EA = (4.0 * found[1] - found[0]) / 3.0
    assert energy == pytest.approx(first.energy, rel=1e-6)
    assert q_EA == pytest.approx(first.q_EA, rel=1e-4)


def test_levels_of_no_solution_bound_the_energy_from_below() -> None:
    """Nothing of the first route: levels that rise as t^(-5/8), t the part of q_EA - q still left."""
    t = (1.0 - np.arange(7) / 6) ** 2
    y = 0.035 + 0.1 * ((0.5 * (t[1:] + t[:-1])) ** -0.625 - 1.0)
    e, q, _ = solve(Equations(0.0, 1.0 / J, H / J**1.5, y), 2.24 - 1.84 * t, 0.6)
    whole = khgps.solve_rsb(MODEL)
    assert whole.energy * (1.0 + 1e-4) < e * J**2 < whole.energy * (1.0 + 1e-5)
    assert q[-1] * J == pytest.approx(whole.q_EA, rel=2e-4)
