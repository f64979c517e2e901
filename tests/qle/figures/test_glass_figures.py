"""What the figures of glasses count and measure, of modes that are made up."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import glass
import khgps
from qle.figures import (
    depletion,
    excitations,
    hybridisation,
    hybrids,
    one_law,
    parent_temperatures,
    sticky_spheres,
    universality,
)
from qle.figures.glass_maps import Map
from qle.measurements.glass_modes import GlassModes, collect, from_chance, from_liquid
from tests.pages import Drawn


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
    assert one.soft_extent == pytest.approx((np.mean(sizes), np.std(sizes, ddof=1) / n**0.5))
    assert np.isnan(made_up(1).soft_extent).all()


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
    drawn: Drawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depletion, "CURVE", 2)
    found = {T_p: made_up(60, 0.02 / k) for k, T_p in enumerate((2.0, 0.7, 0.4), start=1)}
    drawing = drawn(lambda path: depletion.draw(found, model(), path))
    left, right = drawing.axes
    assert left.get_xlabel() == "$1/T_p$"
    entries = [text.get_text() for text in left.get_legend().get_texts()]  # type: ignore[union-attr]
    assert "$A_g\\,\\omega_g^5$" in entries
    assert sum("E/T_p" in word for word in entries) == 1
    assert "$\\kappa_0 = 1,\\ h = 0.01$" in right.get_legend_handles_labels()[1]
    with pytest.raises(ValueError, match="no glass has a mode below"):
        depletion.draw({2.0: made_up(3, 1e-9)}, model(), tmp_path / "a.svg")


def frequencies(name: str, N: int, A_g: float) -> xr.Dataset:
    """Return samples of the one model that KHGPS is, or of another, with D = A_g omega^4 alone."""
    numbers = np.cumsum(np.random.default_rng(2).exponential(size=(200, 12)), axis=-1)
    meaning = {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    coords = {"h": [0.05], "J": 0.1, "kappa_0": 1.0, "kappa_min": 0.0, "beta": 0.0, "A": 1.0, "N": N}
    return xr.Dataset(
        {
            "status": (("h", "sample"), np.zeros((1, 200), np.int8), meaning),
            "frequency": (("h", "sample", "mode"), (5.0 * numbers[None] / (N * A_g)) ** 0.2),
        },
        coords={**coords, "sample": np.arange(200)},
        attrs={"model": name},
    )


def test_all_omega_4_laws_are_on_one_line(drawn: Drawn) -> None:
    """N C = (omega/omega_1)^5: KHGPS with A_g of theory, here true, others with what is measured."""
    state = khgps.solve_one_state(J=0.1, h=0.05, kappa_0=1.0)
    sets = {"mean field": frequencies("khgps", 500, state.A_g), "other": frequencies("lattice_gps", 300, 7.0)}
    (panel,) = drawn(lambda path: one_law.draw(sets, path)).axes
    lines = {str(one.get_label()).split(":")[0]: np.array(one.get_data()) for one in panel.lines}
    (x, y), (_, other) = lines["mean field"], lines["other"]
    np.testing.assert_array_equal(y, other)
    late = y > 2.0  # 400 modes and more: 5 percent, that is 1 percent of omega
    np.testing.assert_allclose(x[late], y[late] ** 0.2, rtol=0.04)
    np.testing.assert_allclose(
        lines["other"][0][late], y[late] ** 0.2, rtol=0.08
    )  # A_g has an error of its own
    x, y = lines["cavity equations, $N \\to \\infty$"]
    np.testing.assert_allclose(y[:3], x[:3] ** 5, rtol=0.02)
    two = xr.concat([sets["other"], sets["other"].assign_coords(h=[0.1])], "h")
    with pytest.raises(ValueError, match="too many values"):
        one_law.draw({"two": two}, "a.svg")


def test_every_glass_figure_is_drawn(drawn: Drawn, tmp_path: Path) -> None:
    """Of made-up modes; and what cannot be drawn is said."""
    rng = np.random.default_rng(1)
    field = Map(25.0 * rng.random((50, 2)), rng.normal(size=(50, 2)) / 4.0, np.array([25.0, 25.0]))
    decay = glass.Decay(np.arange(1.0, 9.0), np.arange(1.0, 9.0) ** -1.0, np.ones(8, np.int64))
    modes = {T_p: made_up(30, 0.02 / k) for k, T_p in enumerate((2.0, 0.5, 0.4, 0.3), start=1)}
    bands = glass.Bands(np.array([1.0, 1.4]), np.array([4, 4]))
    sticky = {1.2: (modes[2.0], rng.random(9)), 1.5: (made_up(3, 1e-9), rng.random(9))}
    drawn(lambda path: excitations.draw(field, 5.0, {2: [decay] * 3, 3: [decay]}, path))
    drawn(lambda path: hybrids.draw(field, field, 5.0, ("one", "other"), path))
    drawn(lambda path: hybridisation.draw(modes[2.0], bands, 0.9, path))
    drawn(lambda path: universality.draw({"panel": {"one": modes[2.0], "other": modes[0.5]}}, path))
    drawn(lambda path: parent_temperatures.draw([("one", field), ("other", field)], modes, path))
    drawn(lambda path: sticky_spheres.draw(sticky, path))
    with pytest.raises(ValueError, match="d = 3: no cubic mode; take more samples"):
        excitations.draw(field, 5.0, {2: [decay], 3: []}, tmp_path / "1.svg")
