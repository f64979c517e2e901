"""What the figures of glasses count and measure, of modes that are made up."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import glass
from qle.figures import (
    depletion,
    excitations,
    hybridisation,
    hybrids,
    parent_temperatures,
    sticky_spheres,
    universality,
)
from qle.figures.glass_maps import Map
from qle.measurements.glass_modes import GlassModes, collect, from_chance, from_liquid


def made_up(samples: int, level: float = 0.02, *, band: float = 1.0) -> GlassModes:
    """Return modes of D = level omega^4 alone, of glasses whose first phonons are at `band`."""
    rng = np.random.default_rng(0)
    n, side = 400, 25.0
    vibrations = 2 * (n - 1)
    omega = np.sort((5.0 * rng.random((samples, 798)) / level) ** 0.2, axis=1)[:, :20]
    assert vibrations == 798  # all of D lies below (5/level)^(1/5)
    speed = band * side / (2.0 * np.pi)
    modulus = np.full(samples, speed**2 * 0.65) * (1.0 + 0.1 * np.cos(np.arange(samples)))
    spread = rng.uniform(0.02, 0.5, omega.shape)
    scales = modulus, np.linspace(3.0, 5.0, samples), np.arange(samples) % 2 == 0
    return GlassModes(omega, spread, *scales, n, 2, side, 0.65)


def test_the_prefactor_is_that_of_the_law() -> None:
    """Four standard errors of some 1,000 modes; errors as of a law of Poisson."""
    one = made_up(2000)
    level, error = one.prefactor()
    cut, n = one.soft()
    assert cut == pytest.approx(0.7, rel=0.01)
    assert 800 < n < 1400
    assert abs(level - 0.02) < 4.0 * error
    assert error == pytest.approx(level / n**0.5)
    assert one.frequency_scale == pytest.approx(np.sqrt(np.mean(np.linspace(3.0, 5.0, 2000) ** 2)))
    assert one.core == pytest.approx(2.0 * np.pi * one.speed / one.frequency_scale)


def test_none_is_counted_beyond_what_is_complete() -> None:
    one = made_up(40, band=50.0)
    cut, n = one.soft()
    assert cut == one.omega[:, -1].min()
    assert n == int(np.sum(one.omega < cut))


def test_modes_of_glasses_are_those_of_the_engine() -> None:
    made = collect(from_liquid("few", glass.SoftSpheres(N=64, T_p=2.0, sweeps=64), 3), 2, modes=4)
    other = glass.draw(glass.SoftSpheres(N=64, T_p=2.0, sweeps=64), seed=3, sample=1)
    x = glass.quench(other).x
    values = np.linalg.eigvalsh(other.hessian(x).dense())[2:6]
    np.testing.assert_allclose(made.omega[1] ** 2, values, rtol=1e-6)
    assert made.modulus[1] == pytest.approx(glass.shear_modulus(other, x))
    assert made.first_band == pytest.approx(
        2.0 * np.pi * np.sqrt(made.modulus.mean() / made.density) / other.box[0]
    )


def test_glasses_without_pressure() -> None:
    """As of a box of the same glass that is larger or smaller by 1 percent: it would push or pull."""
    start, _ = from_chance("", "sticky_spheres", (1.0, 1.4), N=64, density=0.62, seed=1).start(0)
    free = sticky_spheres.without_pressure(start)
    modulus = glass.shear_modulus(free, free.x)
    assert abs(glass.pressure(free, free.x)) < 0.02 * modulus
    for scale, sign in ((0.99, 1.0), (1.01, -1.0)):
        other = glass.PairGlass(
            scale * free.x.reshape(-1, 2), sizes=free.sizes, box=scale * free.box, potential=free.potential
        )
        assert sign * glass.pressure(other, glass.quench(other).x) > 0.1 * modulus / 4.0


def test_sizes_of_cores_are_those_of_soft_modes() -> None:
    """(N e)^(1/2) of the modes below the first band alone; one mode has no error."""
    one = made_up(30)
    cut, n = one.soft()
    assert n > 2
    sizes = [(400 * e) ** 0.5 for row in zip(one.omega, one.participation, strict=True)
             for omega, e in zip(*row, strict=True) if omega < cut]  # fmt: skip
    assert parent_temperatures._extent(one) == pytest.approx((np.mean(sizes), np.std(sizes, ddof=1) / n**0.5))
    assert np.isnan(parent_temperatures._extent(made_up(1))).all()


def model(A_g: float = 100.0) -> xr.Dataset:
    """Return a sweep of KHGPS over two J whose frequencies are independent, of D = A_g omega^4."""
    grid, shape = ("h", "J", "kappa_0", "sample"), (1, 2, 1, 60)
    numbers = np.cumsum(np.random.default_rng(1).exponential(size=(*shape, 8)), axis=-1)
    meaning = {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    frequency = (5.0 * numbers / (200.0 * A_g)) ** 0.2
    coords = {"h": [0.01], "J": [0.05, 0.06], "kappa_0": [1.0], "sample": np.arange(60), "N": 200}
    return xr.Dataset(
        {
            "status": (grid, np.zeros(shape, np.int8), meaning),
            "frequency": ((*grid, "mode"), frequency),
        },
        coords={**coords, "kappa_min": 0.0, "beta": 0.0, "A": 1.0},
        attrs={"model": "khgps"},
    )


def test_numbers_of_soft_modes_are_drawn_beside_those_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depletion, "CURVE", 2)
    found = {T_p: made_up(60, 0.02 / k) for k, T_p in enumerate((2.0, 0.7, 0.4), start=1)}
    words = re.findall("<!-- (.*?) -->", depletion.draw(found, model(), tmp_path / "a.svg").read_text())
    assert {"$1/T_p$", "$A_g\\,\\omega_g^5$", "$\\kappa_0 = 1,\\ h = 0.01$"} <= set(words)
    assert sum("E/T_p" in word for word in words) == 1
    with pytest.raises(ValueError, match="no glass has a mode below"):
        depletion.draw({2.0: made_up(3, 1e-9)}, model(), tmp_path / "a.svg")


def test_every_glass_figure_is_drawn(tmp_path: Path) -> None:
    """Of made-up modes; and what cannot be drawn is said."""
    rng = np.random.default_rng(1)
    field = Map(25.0 * rng.random((50, 2)), rng.normal(size=(50, 2)) / 4.0, np.array([25.0, 25.0]))
    decay = glass.Decay(np.arange(1.0, 9.0), np.arange(1.0, 9.0) ** -1.0, np.ones(8, np.int64))
    modes = {T_p: made_up(30, 0.02 / k) for k, T_p in enumerate((2.0, 0.5, 0.4, 0.3), start=1)}
    bands = glass.Bands(np.array([1.0, 1.4]), np.array([4, 4]))
    drawn = [
        excitations.draw(field, 5.0, {2: [decay] * 3, 3: [decay]}, tmp_path / "1.svg"),
        hybrids.draw(field, field, 5.0, ("one", "other"), tmp_path / "3.svg"),
        hybridisation.draw(modes[2.0], bands, 0.9, tmp_path / "4.svg"),
        universality.draw({"panel": {"one": modes[2.0], "other": modes[0.5]}}, tmp_path / "5.svg"),
        parent_temperatures.draw([("one", field), ("other", field)], modes, tmp_path / "6.svg"),
        sticky_spheres.draw(
            {1.2: (modes[2.0], rng.random(9)), 1.5: (modes[0.5], rng.random(9))}, tmp_path / "7.svg"
        ),
    ]
    assert all(path.stat().st_size > 4000 for path in drawn)
    with pytest.raises(ValueError, match="d = 3: no cubic mode; take more samples"):
        excitations.draw(field, 5.0, {2: [decay], 3: []}, tmp_path / "1.svg")
