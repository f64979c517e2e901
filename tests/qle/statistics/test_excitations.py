"""Glasses beside models: shares, exponents and slopes of sets that are made to have them."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from qle.figures import glasses_and_models
from qle.statistics.excitations import (
    compare_excitations,
    comparison_text,
    excitations,
    first_phonon,
    one_by_one,
)
from tests.pages import Drawn

SAMPLES, MODES = 400, 10


def made(seed: int = 3, *, glassy: bool = False) -> xr.Dataset:
    """Return a set with D ~ omega^4, b3 = 3 omega, uniform r on [0, 4], and p(B) ~ B^(1/4) where r = 3.5.

    The last of the samples did not converge, and would spoil everything.
    """
    rng = np.random.default_rng(seed)
    shape = (SAMPLES + 1, MODES)
    omega = np.sort(rng.random(shape) ** 0.2)
    r = rng.uniform(0.0, 4.0, shape)
    b2, b3 = omega**2, 3.0 * omega
    variables = {
        "status": ("sample", np.r_[np.zeros(SAMPLES), 3.0].astype(np.int8)),
        "frequency": (("sample", "mode"), omega),
        "b2": (("sample", "excitation"), b2),
        "b3": (("sample", "excitation"), -b3),
        "b4": (("sample", "excitation"), b3**2 / (b2 * r)),
        "well_distance": (("sample", "excitation"), np.where(rng.random(shape) < 0.3, 1.0, np.nan)),
    }
    data = xr.Dataset(variables, {"N": 400})
    data["well_overlap"] = 0.8 * data["well_distance"]
    data["status"].attrs = {"flag_values": np.array([0, 3], np.int8), "flag_meanings": "converged stalled"}
    data["b2"][SAMPLES] = 1e9
    if glassy:
        data = data.assign_coords(d=2, density=0.5, vibrations=MODES)
        data["shear_modulus"] = "sample", np.where(np.arange(SAMPLES + 1) % 2, 9.0, 11.0)
        heat = np.ones((SAMPLES + 1, 200))
        heat[:, 7:9] = 51.0
        heat[:, 150:] = np.nan
        data["bond_heat"] = ("sample", "bond"), heat
    return data.expand_dims(T_p=[1.0]) if glassy else data.expand_dims(J=[0.1])


def test_numbers_are_those_that_the_set_was_made_with() -> None:
    """Within 3.3 standard errors: one in a thousand fails, and the seed is fixed."""
    row = compare_excitations({"made": made()}).iloc[0]
    assert row.samples == SAMPLES
    for name, value in (
        ("exponent", 4.0),
        ("cubic_below", 0.1),
        ("cubic_above", 0.25),
        ("second_minima", 0.3),
    ):
        assert abs(row[name] - value) < 3.3 * row[f"{name}_error"], name
        assert 0.0 < row[f"{name}_error"] < 0.5
    assert row.cubic_below_count == SAMPLES * MODES
    # a binomial error, for modes that know nothing of each other
    assert row.cubic_below_error == pytest.approx(np.sqrt(0.1 * 0.9 / (SAMPLES * MODES)), rel=0.15)
    softest = np.sort(np.sqrt(made().b2.values[0, :SAMPLES].ravel()))[: SAMPLES // 2]
    assert row.soft_below_count == softest.size
    assert abs(row.soft_below - 0.1) < 3.3 * row.soft_below_error
    assert row.b3_slope == pytest.approx(1.0, abs=1e-9)
    assert row.overlap == pytest.approx(0.8)
    assert np.isnan(row.harmonic_below)
    assert np.isnan(row.shear_modulus)


def test_barriers_are_those_of_the_whole_quartic_and_have_their_exponent() -> None:
    """B = beta(r) b2^2/b4 = beta(r) r b2^3/b3^2 ~ omega^4 at one r: with D ~ omega^4, p(B) ~ B^(1/4)."""
    data = made()
    data["b4"] = data.b3**2 / (3.5 * data.b2)
    modes = excitations(data)
    assert modes is not None
    heights, sample = modes.barriers()
    s = np.linspace(0.0, 40.0, 400_001)
    b2, b3, b4 = modes.b2[5], modes.b3[5], modes.b4[5]
    line = b2 * s**2 / 2.0 - b3 * s**3 / 6.0 + b4 * s**4 / 24.0
    top = np.flatnonzero((line[1:-1] > line[:-2]) & (line[1:-1] > line[2:]))[0] + 1
    assert heights[5] == pytest.approx(line[top], rel=1e-6)
    np.testing.assert_array_equal(sample, np.repeat(np.arange(SAMPLES), MODES))
    row = compare_excitations({"made": data}).iloc[0]
    assert abs(row.barrier_exponent - 0.25) < 3.3 * row.barrier_exponent_error
    assert row.barrier_exponent_count == heights.size


def test_a_glass_is_told_of_below_its_first_phonon() -> None:
    data = made(glassy=True)
    # L = (400/0.5)^(1/2), c = (10/0.5)^(1/2)
    assert first_phonon(data) == pytest.approx(2.0 * np.pi / 800**0.5 * 20**0.5)
    row = compare_excitations({"made": data}).iloc[0]
    omega = data.frequency.values[0, :SAMPLES]
    below = omega[omega < 0.7 * first_phonon(data)]
    assert row.exponent_count == below.size
    exponent = (below.size - 1.0) / np.sum(np.log(0.7 * first_phonon(data) / below)) - 1.0
    assert row.exponent == pytest.approx(exponent)
    assert (row.shear_modulus, row.shear_modulus_sd) == pytest.approx((10.0, 1.0), rel=2e-3)
    assert row.shear_modulus_error == pytest.approx(0.05, rel=2e-3)
    soft = data.assign(shear_modulus=-data["shear_modulus"])  # as of small glasses hardly held together
    assert np.isnan(compare_excitations({"made": soft}).iloc[0].exponent)
    assert row.hot == pytest.approx(2 * 51.0 / (148.0 + 102.0))  # two of 150 are a hundredth


def test_grid_points_become_sets_of_their_own() -> None:
    two = xr.concat([made().isel(J=[0]), made(4).isel(J=[0]).assign_coords(J=[0.2])], "J")
    parts = one_by_one({"a": two, "b": made()})
    assert list(parts) == ["a, J = 0.1", "a, J = 0.2", "b"]
    found, expected = (compare_excitations({"x": one}) for one in (parts["a, J = 0.2"], made(4)))
    assert found.drop(columns="set").equals(expected.drop(columns="set"))


def test_the_text_has_a_column_for_each_set_and_no_line_without_a_number() -> None:
    text = comparison_text(compare_excitations({"one": made(), "two": made(4, glassy=True)}))
    lines = text.splitlines()
    assert lines[0].split() == ["one", "two"]
    assert any(line.startswith("shear modulus") and line.split()[2] == "-" for line in lines)
    assert not any(line.startswith("harmonic") for line in lines)


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ({}, "must be a mapping with one set at least"),
        ({"a": 3}, r"datasets\['a'\] = 3: must be an xarray.Dataset"),
        ({"a": xr.concat([made().isel(J=0), made().isel(J=0)], "J")}, "a: has 2 J: must have one grid point"),
        ({"a": made().isel(sample=[SAMPLES])}, "a: dataset: lacks converged samples"),
    ],
)
def test_what_cannot_be_compared_is_named(sets: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        compare_excitations(sets)  # type: ignore[arg-type]


def test_every_quantity_is_drawn_that_was_measured(drawn: Drawn) -> None:
    data = made(glassy=True)
    page = drawn(lambda path: glasses_and_models.draw({"glass": data, "model": made(4)}, Path(path)))
    panels = page.axes
    x, y = np.array(panels[1].lines[0].get_xydata()).T
    r = np.sort((data.b3**2 / (data.b2 * data.b4)).values[0, :SAMPLES].ravel())
    np.testing.assert_allclose(x, r)
    np.testing.assert_allclose(y, np.arange(1, r.size + 1) / r.size)
    x, y = np.array(panels[0].lines[0].get_xydata()).T
    assert np.interp(1.0, x, y) == pytest.approx(0.5, abs=0.01)  # in units of where half a mode is
    assert [len(panel.lines) for panel in panels] == [3, 4, 2, 2, 3, 4, 2, 1]
    assert "overlap of cubic modes" in caption(page)


def test_the_caption_names_no_panel_that_is_not_there(drawn: Drawn) -> None:
    page = drawn(lambda path: glasses_and_models.draw({"model": made(4).drop_vars("well_overlap")}, path))
    assert len(page.axes) == 7
    assert "overlap" not in caption(page)


def caption(page: Figure) -> str:
    return " ".join(page.get_supxlabel().split())
