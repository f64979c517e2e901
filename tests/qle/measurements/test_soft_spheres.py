"""Sweeps of glasses: their numbers against the particles themselves, what they refuse, and their flags."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import glass
import landscape
import qle
from qle.description.models import MODELS, shrunk
from qle.measurements.ensemble import Ensemble
from qle.measurements.rehearsal import rehearse
from qle.measurements.sample import measure_range
from qle.statistics import table, to_text, vdos
from tests.executors import Inline

OWN = """
from dataclasses import dataclass
import numpy as np
import glass
from landscape import disorder

@dataclass(frozen=True, kw_only=True)
class Discs:
    N: int

    def draw(self, *, seed, sample):
        i, j = np.divmod(np.arange(36), 6)
        places = 0.9 * np.column_stack([j + i / 2, i * 0.75**0.5])
        shaken = places + 0.1 * disorder.normal(72, seed=seed, sample=sample, label="shaken").reshape(36, 2)
        sizes = np.where(np.arange(36) % 2, 1.0, 0.9)
        box = 0.9 * np.array([6.0, 6 * 0.75**0.5])
        return glass.PairGlass(shaken, sizes=sizes, box=box, potential="hertzian_spheres")
"""
GRID: dict[str, Any] = {"N": 64, "T_p": [1.0, 2.0], "sweeps": 40}
EVERYTHING = {
    "modes": "all", "chi": True, "nonlinear": True, "harmonic": True, "pseudoharmonic": True,
    "bond_heat": True, "elasticity": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of two samples, the first computed here, the second by a worker."""
    folder = tmp_path_factory.mktemp("glasses")
    asked: Any = {"model": "soft_spheres", "grid": GRID, "measure": EVERYTHING}
    qle.sweep({**asked, "samples": 1}, store=folder, executor=Inline(), progress="none")
    qle.sweep({**asked, "samples": 2}, store=folder, workers=1, progress="none")  # goes on from there
    return folder


@pytest.fixture(scope="module")
def data(store: Path) -> xr.Dataset:
    return qle.open(store)


@pytest.fixture(scope="module")
def solid() -> tuple[glass.Liquid, landscape.Minimum]:
    """Return the liquid and the glass of sample 1 at T_p = 2."""
    liquid = glass.draw(glass.SoftSpheres(N=64, T_p=2.0, sweeps=40), seed=1, sample=1)
    return liquid, glass.quench(liquid)


def test_normal_modes_are_those_of_the_hessian(
    data: xr.Dataset, solid: tuple[glass.Liquid, landscape.Minimum]
) -> None:
    liquid, minimum = solid
    here = data.sel(T_p=2.0, sample=1)
    every = np.linalg.eigvalsh(liquid.hessian(minimum.x).dense())
    np.testing.assert_allclose(here.frequency.values**2, every[2:], rtol=1e-8)  # but for translations
    assert here.energy == pytest.approx(minimum.energy / 64, rel=1e-12)
    assert here.mean_x2 == pytest.approx(np.mean((minimum.x - liquid.x) ** 2), rel=1e-9)
    assert here.chi == pytest.approx(np.sum(1.0 / every[2:]) / 128, rel=1e-8)
    assert (data.N.item(), data.vibrations.item(), data.sizes["mode"]) == (64, 126, 126)


def test_an_ensemble_is_quenched_unless_it_says_how(data: xr.Dataset) -> None:
    params = glass.SoftSpheres(N=64, T_p=2.0, sweeps=40)
    ensemble = Ensemble(params=params, seed=1)
    assert ensemble.protocol == qle.Protocol(method="quench", start="drawn", tol=1e-12)
    particles, x = ensemble.relaxed(1)
    assert particles.energy(x) / 64 == pytest.approx(data.energy.sel(T_p=2.0, sample=1).item(), rel=1e-12)
    astray = Ensemble(params=params, seed=1, protocol=qle.Protocol())
    with pytest.raises(qle.SpecError, match="must be 'drawn' for particles"):
        astray.relaxed(1)


def test_the_density_of_states_of_all_modes_has_the_norm_of_all(data: xr.Dataset) -> None:
    density = vdos(data, resamples=2)
    np.testing.assert_allclose((density.D * density.omega_width).sum("bin"), 1.0, rtol=1e-12)


def test_derivatives_along_modes_are_those_of_the_energy(
    data: xr.Dataset, solid: tuple[glass.Liquid, landscape.Minimum]
) -> None:
    """By the energy itself, fitted on 13 points: of order 8, whose rounding, 1e-13, is 1e-4 of b4."""
    liquid, minimum = solid
    here = data.sel(T_p=2.0, sample=1)
    z = landscape.low_modes(liquid.hessian(minimum.x), 3).vectors
    s = 0.002 * np.arange(-6, 7)
    for k in range(3):
        line = np.array([liquid.energy(minimum.x + step * z[:, k]) for step in s])
        fit = np.polynomial.Polynomial.fit(s, line, 8).convert().coef
        assert here.harmonic_b2[k] == pytest.approx(2.0 * fit[2], rel=1e-5)
        assert here.harmonic_b3[k] == pytest.approx(abs(6.0 * fit[3]), rel=1e-3, abs=1e-3)
        assert here.harmonic_b4[k] == pytest.approx(24.0 * fit[4], rel=1e-2)


def test_soft_directions_cost_no_less_than_the_bounds_say(data: xr.Dataset) -> None:
    softest = data.frequency.isel(mode=0) ** 2
    for name in ("b2", "harmonic_b2", "pseudoharmonic_b2"):
        found = data[name]
        assert found.notnull().any()
        assert ((found >= softest * (1.0 - 1e-9)) | found.isnull()).all()  # by Rayleigh's principle
    np.testing.assert_allclose(data.harmonic_b2, data.frequency.values[..., :20] ** 2, rtol=1e-8)


def test_pseudo_harmonic_modes_have_the_costs_of_the_engine(
    data: xr.Dataset, solid: tuple[glass.Liquid, landscape.Minimum]
) -> None:
    liquid, minimum = solid
    modes = landscape.pseudo_harmonic_modes(liquid, minimum.x, count=20)
    kept = [mode for mode in modes if mode.status in ("converged", "descended")]
    here = data.sel(T_p=2.0, sample=1)
    np.testing.assert_allclose(here.pseudoharmonic_cost[: len(kept)], [m.cost for m in kept], rtol=1e-6)
    bonds = liquid.bonds(minimum.x, 4)
    u = bonds.stretch(kept[0].direction)
    assert kept[0].cost == pytest.approx(
        float(here.pseudoharmonic_b2[0]) ** 2 / np.sum(np.sum(u**2, 1) ** 2), rel=1e-6
    )
    r, v = bonds.r, bonds.v
    a, square = np.sum(r * u, axis=1), np.sum(u**2, axis=1)
    b4 = np.sum(v[4] * a**4 + 6.0 * v[3] * a**2 * square + 3.0 * v[2] * square**2)
    assert here.pseudoharmonic_b4[0] == pytest.approx(b4, rel=1e-6)


def test_bonds_share_the_heat_of_all_degrees_of_freedom(data: xr.Dataset) -> None:
    np.testing.assert_allclose(data.bond_heat.sum("bond"), 126.0, rtol=1e-10)  # (S 22): N d - d


def test_elasticity_is_that_of_boxes_deformed(
    data: xr.Dataset, solid: tuple[glass.Liquid, landscape.Minimum]
) -> None:
    """Pressure as -dU/dV, and the shear modulus by quenches of two boxes sheared by 1e-4 (to its square)."""
    liquid, minimum = solid
    here = data.sel(T_p=2.0, sample=1)
    places = minimum.x.reshape(-1, 2)

    def of_box(a: float) -> glass.PairGlass:
        known: Any = {"sizes": liquid.sizes, "potential": "soft_spheres"}
        return glass.PairGlass(a * places, box=a * liquid.box, **known)

    energies = [(pair := of_box(a)).energy(pair.x) for a in (1.0 - 1e-4, 1.0 + 1e-4)]
    per_scale = (energies[1] - energies[0]) / 2e-4  # dU/da = 2 V dU/dV
    assert here.pressure == pytest.approx(-per_scale / (2.0 * liquid.volume), rel=1e-5)
    family = glass.SimpleShear(of_box(1.0))
    stresses = []
    for gamma in (-1e-4, 1e-4):
        sheared = family.at(gamma)
        stresses.append(
            family.slope(landscape.minimize(sheared, minimum.x, method="newton", tol=1e-11).x, gamma)
        )
    assert here.shear_modulus == pytest.approx((stresses[1] - stresses[0]) / 2e-4 / liquid.volume, rel=1e-4)


def test_a_sample_has_the_same_bits_whoever_computes_it(store: Path, data: xr.Dataset) -> None:
    """Here and by the worker of a resumed sweep, which did not compute the first."""
    asked: Any = {"grid": {**GRID, "T_p": 2.0}, "measure": {"modes": 5}}
    spec = qle.Spec(model="soft_spheres", samples=2, **asked)
    (values,) = spec.points()
    found = measure_range({**spec.series, "parameters": values}, 0, 2)
    for name in ("energy", "overlap", "ageing", "order", "swaps_taken"):
        np.testing.assert_array_equal(found[name], data.sel(T_p=2.0)[name])


def test_what_the_run_of_a_liquid_says_is_kept_and_shown(
    data: xr.Dataset, solid: tuple[glass.Liquid, landscape.Minimum]
) -> None:
    run, here = solid[0].run, data.sel(T_p=2.0, sample=1)
    assert [here[name].item() for name in ("ageing", "overlap", "order")] == [
        run.ageing,
        run.overlap,
        run.order,
    ]
    frame = table(data, resamples=2)
    assert frame.n_overlap.tolist() == [2, 2]  # twenty sweeps move few particles
    lines = to_text(frame).splitlines()
    assert "of liquids not in equilibrium: " in lines[1]
    assert "2 by overlap" in lines[1]
    quiet = data.assign({name: 0.0 * data[name] for name in ("ageing", "overlap", "order")})
    assert "equilibrium" not in to_text(table(quiet, resamples=2))
    assert table(quiet, resamples=2).n_flagged.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"grid": {**GRID, "h": 0.1}}, r"grid\.h = 0\.1: unknown key \(the keys are N, d, T_p, density, sw"),
        ({"grid": {**GRID, "kappa_0": 1.0}}, r"grid\.kappa_0 = 1\.0: unknown key"),
        ({"grid": {**GRID, "d": 3}}, r"grid\.N = 64: must be >= 157, for a box of twice the reach"),
        ({"protocol": {"method": "lbfgs"}}, r"method = 'lbfgs': must be 'quench' or 'flow' with model"),
        ({"protocol": {"start": "zero"}}, r"start = 'zero': must be 'drawn' with model = 'soft_spheres'"),
        ({"protocol": {"starts": 3}}, r"protocol\.starts = 3: more than 1 needs"),
        ({"measure": {"heat": True}}, r"heat = True: is of oscillators, and 'soft_spheres' has particles"),
        ({"measure": {"modes": 127}}, r"measure\.modes = 127: must be at most 126, the modes, or 'all'"),
        ({"model": "khgps", "grid": {"N": 30, "J": 0.1, "h": 0.1}, "measure": {"bond_heat": True}},
         r"bond_heat = True: is of particles, and 'khgps' has oscillators"),
        ({"model": "khgps", "grid": {"N": 30, "J": 0.1, "h": 0.1}, "protocol": {"start": "drawn"}},
         r"start = 'drawn': must be 'zero' or "),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_line(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(qle.SpecError, match=words) as caught:
        qle.Spec(**{"model": "soft_spheres", "samples": 2, "grid": GRID, **changed})
    assert "\n" not in str(caught.value)


def test_small_samples_stand_for_large_ones() -> None:
    spec = qle.Spec(model="soft_spheres", samples=1, grid={"N": 10_000, "d": 3, "T_p": 0.5})
    (values,) = spec.points()
    small = shrunk({**spec.series, "parameters": values})["parameters"]
    assert small == {**values, "N": 160, "sweeps": 32}
    assert MODELS["soft_spheres"].oscillators(small) == 477


def test_the_sweep_of_the_repository_is_one(tmp_path: Path) -> None:
    spec = qle.read_spec(Path(__file__).parents[3] / "sweeps" / "soft-spheres.toml")
    assert spec.protocol == qle.Protocol(method="quench", start="drawn", tol=1e-12)
    point = {**spec.series, "parameters": {**next(spec.points()), "N": 32, "sweeps": 32}}
    found = measure_range(point, 0, 1)
    assert found["status"] == 0
    assert found["frequency"].shape == (1, 20)


def test_particles_of_a_model_of_ones_own_are_quenched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_discs.py").write_text(OWN)
    monkeypatch.syspath_prepend(tmp_path)
    import own_discs  # type: ignore[import-not-found]

    asked: Any = {"model": own_discs.Discs, "samples": 1, "grid": {"N": 72}}
    drawn = {"protocol": {"start": "drawn", "method": "quench", "tol": 1e-11}, "measure": {"modes": 3}}
    spec = qle.Spec(**{**asked, **drawn})
    (values,) = spec.points()
    point = {**spec.series, "parameters": values}
    assert rehearse(point).size == 72
    found = measure_range(point, 0, 1)
    start = own_discs.Discs(N=72).draw(seed=1, sample=0)
    solid = glass.quench(start)
    assert found["energy"][0] == pytest.approx(solid.energy / 36, rel=1e-10)
    at_zero = qle.Spec(**{**asked, "protocol": {"start": "zero"}, "measure": {"modes": 3}})
    with pytest.raises(qle.SpecError, match=r"protocol\.start = 'zero': must be 'drawn' for particles"):
        rehearse({**at_zero.series, "parameters": values})
