"""What a sweep measures beyond normal modes is what the engine finds for the same samples."""

from pathlib import Path

import numpy as np
import pytest

import khgps
import lattice_gps
import qle
import quartic
from qle.measurements import nonlinear, wells
from qle.measurements.record import Place
from tests.executors import Inline

GRID = {"N": 30, "h": 0.01, "J": 0.2}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("excitations")
    measure = qle.Measure(modes=4, nonlinear=True, wells=True, heat=True)
    spec = qle.Spec(model="khgps", samples=6, grid=GRID, measure=measure)
    qle.sweep(spec, store=folder, executor=Inline(), progress="none")
    return folder


def test_a_sweep_stores_the_modes_of_the_engine(store: Path) -> None:
    data = qle.open(store).squeeze()
    for sample in range(6):
        problem = khgps.draw(khgps.KHGPS(N=30, h=0.01, J=0.2), seed=1, sample=sample)
        x = quartic.minimize(problem).x
        modes = [m for m in quartic.cubic_modes(problem, x) if m.status in nonlinear.GOOD]
        barriers = data.cubic_barrier[sample].values
        np.testing.assert_allclose(barriers[: len(modes)], [m.barrier for m in modes], rtol=1e-6)
        assert np.isnan(barriers[len(modes) :]).all()
        for name, field in (
            ("b2", "b2"),
            ("b3", "b3"),
            ("b4", "b4"),
            ("nonlinear_participation", "participation"),
        ):
            found = data[name][sample].values[: len(modes)]
            np.testing.assert_allclose(np.abs(found), [abs(getattr(m, field)) for m in modes], rtol=1e-5)
        residuals = data.nonlinear_residual[sample].values[: len(modes)]
        assert (residuals < 1e-6).all()
        for k, well in enumerate(quartic.double_wells(problem, x, modes)):
            for field in ("overlap", "distance", "asymmetry", "barrier"):
                stored = float(data[f"well_{field}"][sample][k])
                # the mode is known to its residual: 1e-4 of lengths, angles and energies
                np.testing.assert_allclose(stored, getattr(well, field), rtol=1e-4, atol=1e-9)
        lowest = quartic.low_modes(problem, x, 1).eigenvalues[0]
        assert (data.b2[sample].values[: len(modes)] >= lowest * (1 - 1e-9)).all()  # by Rayleigh's principle


def test_stored_barriers_follow_from_the_stored_coefficients(store: Path) -> None:
    data = qle.open(store)
    np.testing.assert_allclose(data.cubic_barrier, 2 * data.b2**3 / (3 * data.b3**2), rtol=1e-12)


def test_every_mode_of_a_double_well_leads_somewhere_or_is_nan(store: Path) -> None:
    data = qle.open(store)
    there = data.well_overlap.notnull()
    assert (data.well_overlap.where(there, 0.5) <= 1.0 + 1e-12).all()
    assert (data.well_distance.where(there, 1.0) > 0.0).all()
    barrier = data.well_barrier
    assert (barrier.where(barrier.notnull(), 1.0) > 0.0).all()


def test_heat_capacities_of_the_sites_add_up_to_their_number(store: Path) -> None:
    data = qle.open(store)
    np.testing.assert_allclose(data.heat_capacity.sum("site"), 30.0, rtol=1e-8)  # the gradient left: 1e-10


def test_what_is_not_asked_for_is_not_in_the_key() -> None:
    assert qle.Measure().identity == {"modes": 20, "chi": False}
    assert qle.Measure(heat=True).identity == {"modes": 20, "chi": False, "heat": True}


def test_wells_need_modes() -> None:
    with pytest.raises(qle.SpecError, match=r"measure\.wells = True: needs nonlinear = true"):
        qle.Measure(wells=True)


def test_a_minimum_at_zero_has_no_cubic_mode() -> None:
    problem = lattice_gps.draw(lattice_gps.GPSLattice(L=3, J=0.0), seed=1, sample=0)
    place = Place(problem, np.zeros(27))
    found = {**nonlinear.MEASUREMENT.measure(place), **wells.MEASUREMENT.measure(place)}
    assert all(np.isnan(values).all() for values in found.values())
