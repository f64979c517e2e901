"""Frequencies of one's own: the law that they are drawn from is found, by every form of giving them."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

import qle
from qle.statistics import (
    compare_ensembles,
    crossover,
    finite_size,
    moments,
    softest,
    table,
    tail,
    to_text,
    vdos,
    windows,
)
from tests import own_modes

A_G, N = 0.05, 500
OMEGA = np.sort(np.random.default_rng(3).random((30, 40)) ** 0.2, axis=1)
"""Of 30 samples all 40 modes, of D = 5 omega^4 up to 1."""


def own(A_g: float, seed: int, **more: Any) -> xr.Dataset:
    lists = own_modes.draw(A_g, 3 * N, seed)
    return qle.spectra(lists, N, dimension=3, complete=own_modes.TOP, **more)


def test_a_known_prefactor_is_in_its_interval() -> None:
    """An interval covers 95 percent at least: 7 sets of 10, or fewer, in 1.2 percent of all cases at most."""
    covered = 0
    for seed in range(10):
        law = tail(own(A_G, seed), resamples=2).squeeze()
        assert int(law["n_samples"]) == own_modes.SAMPLES
        covered += int(law["A_g_low"] < A_G < law["A_g_high"])
        for wrong in (A_G * 3, A_G / 3):  # D normalised over N, or a coordinate counted twice
            assert not law["A_g_low"] < wrong < law["A_g_high"]
    assert covered >= 8


def test_every_statistic_of_frequencies_takes_them() -> None:
    data = own(A_G, 1, units="THz", name="fast")
    law, density = tail(data), vdos(data).squeeze()
    (row,) = table(data).to_dict("records")
    assert (row["ensemble"], row["A_g"]) == ("fast", law["A_g"].item())
    assert windows(data)["A_g"].sizes == {"share": 3, "ensemble": 1}
    assert np.isnan(crossover(data)["omega_x"]).all()  # the law holds as far as there are modes
    # (5/(N A_g))^(1/5) for independent modes; a shape of 5 within its interval of 95 percent, one seed
    first = softest(data).squeeze()
    assert first["scale_low"] < (5.0 / (3 * N * A_G)) ** 0.2 < first["scale_high"]
    assert first["shape_low"] < 5.0 < first["shape_high"]
    full = (density["modes"] > 20).values
    pull = (density["D"] - A_G * density["omega"] ** 4) / density["D_error"]
    assert np.abs(pull.values[full]).max() < 4.0  # of some five bins: one time in 3000
    # below TOP nothing is left out: the bin that ends beyond has no number
    complete = density["omega_high"].values <= own_modes.TOP
    assert np.isfinite(density["D"].values[complete]).all()
    assert np.isnan(density["D"].values[~complete]).all()


def test_units_go_with_the_numbers_and_are_shown() -> None:
    data = own(A_G, 1, units="cm^-1")
    law, density = tail(data), vdos(data)
    assert law["A_g"].attrs["units"] == law["A_at_cut_low"].attrs["units"] == "(cm^-1)^-5"
    assert law["omega_cut"].attrs["units"] == density["omega"].attrs["units"] == "cm^-1"
    assert density["D"].attrs["units"] == "(cm^-1)^-1"
    assert law["bend"].attrs["units"] == law["A_g_allowance"].attrs["units"] == "1"
    assert "A_g [(cm^-1)^-5]" in to_text(table(data))
    assert "[" not in to_text(table(own(A_G, 1)))
    # 1 THz = 33.35641 cm^-1: in other units it is the same law
    other = qle.spectra(
        [33.35641 * one for one in own_modes.draw(A_G, 3 * N, 1)], N, dimension=3,
        complete=33.35641 * own_modes.TOP, units="cm^-1",
    )  # fmt: skip
    np.testing.assert_allclose(tail(other)["A_g"] * 33.35641**5, law["A_g"], rtol=1e-9)


@pytest.mark.parametrize(
    "given",
    [
        lambda: qle.spectra(OMEGA, 40),
        lambda: qle.spectra(OMEGA[:, ::-1], 40),
        lambda: qle.spectra(list(OMEGA), 40),
        lambda: qle.spectra(OMEGA.tolist(), 20, dimension=2),
        lambda: qle.spectra(OMEGA.ravel(), 40, sample=np.repeat(np.arange(30), 40)),
        lambda: qle.spectra(OMEGA[::-1], 40, sample=np.arange(30)[::-1]),
        lambda: qle.spectra(np.pad(OMEGA, ((0, 0), (2, 0))), 21, dimension=2, zero_modes=2),
        lambda: qle.spectra(np.c_[OMEGA, -1e-7 * OMEGA[:, :3]], 43, zero_modes=3),
        lambda: qle.spectra(OMEGA, 43, zero_modes=3),
    ],
)
def test_every_form_of_the_same_modes_is_the_same_data_set(given: Callable[[], xr.Dataset]) -> None:
    found = given()
    np.testing.assert_array_equal(found["frequency"].values[0], OMEGA)
    np.testing.assert_array_equal(found["sample"], np.arange(30))
    assert int(found["vibrations"]) == 40
    assert float(found["complete_below"]) == np.inf
    # as the same numbers in a data set of a sweep
    swept = xr.Dataset(
        {
            "status": ("sample", np.zeros(30, np.int8), {"flag_values": [0], "flag_meanings": "converged"}),
            "frequency": (("sample", "mode"), OMEGA),
        },
        {"sample": np.arange(30), "N": 40},
    ).expand_dims(J=[0.1])
    expected, law = (tail(one, resamples=5) for one in (swept, found))
    for name in expected.data_vars:
        np.testing.assert_array_equal(law[name], expected[name], str(name))


def test_without_a_word_modes_are_complete_up_to_where_the_first_list_ends() -> None:
    lists = [OMEGA[s, : 5 + s % 7] for s in range(30)]
    found = qle.spectra(lists, 40)
    assert float(found["complete_below"]) == min(one.max() for one in lists)
    assert np.isnan(found["frequency"].values).sum() == 30 * 11 - sum(one.size for one in lists)
    # all of what is below counts, also of longer lists
    below = sum(int((one < 0.55).sum()) for one in lists)
    assert tail(found, cutoff=0.55, resamples=2)["n_modes"].item() == below


def test_samples_without_a_mode_count_where_they_are_known() -> None:
    lists = own_modes.draw(0.002, 3 * N, 1)
    empty = [s for s, one in enumerate(lists) if one.size == 0]
    assert 20 < len(empty) < 180
    some: dict[str, Any] = {"complete": own_modes.TOP, "dimension": 3}
    flat = np.concatenate(lists)
    labels = np.repeat(np.arange(len(lists)), [one.size for one in lists])
    whole = qle.spectra(lists, N, **some)
    found = qle.spectra(flat, N, sample=labels, samples=len(lists), **some)
    np.testing.assert_array_equal(found["frequency"], whole["frequency"])
    np.testing.assert_array_equal(found["sample"], whole["sample"])
    law = tail(whole, cutoff=0.85, resamples=2)
    assert law["n_samples"].item() == 200
    count = (flat < 0.85).sum()
    np.testing.assert_allclose(law["A_at_cut"], 5.0 * count / (200 * 3 * N * 0.85**5), rtol=1e-12)
    with pytest.raises(ValueError, match="samples: must be given with complete, as there is no sample"):
        qle.spectra(flat, N, sample=labels, **some)


def test_sets_are_compared_with_the_errors_of_both() -> None:
    frame = compare_ensembles({"fast": own(A_G, 1), "slow": own(A_G / 4, 2)})
    first, second = frame.to_dict("records")
    assert np.isnan(first["A_g_ratio"])
    assert second["A_g_ratio"] == second["A_g"] / first["A_g"]
    assert second["A_g_ratio_low"] < 0.25 < second["A_g_ratio_high"]
    assert not second["A_g_ratio_low"] < 1.0 < second["A_g_ratio_high"]
    lengths = [np.log(row["A_g_high"] / row["A_g_low"]) for row in (first, second)]
    length = np.log(second["A_g_ratio_high"] / second["A_g_ratio_low"])
    assert length == pytest.approx(np.sqrt(lengths[0] ** 2 + lengths[1] ** 2), rel=1e-12)
    assert "A_g ratio" in to_text(frame)
    with pytest.raises(ValueError, match="slow: has frequencies in THz, must be as in fast"):
        compare_ensembles({"fast": own(A_G, 1), "slow": own(A_G, 2, units="THz")})
    with pytest.raises(ValueError, match="must be a mapping with two sets at least"):
        compare_ensembles({"fast": own(A_G, 1)})


def test_what_needs_more_than_frequencies_says_so() -> None:
    with pytest.raises(ValueError, match="lacks mean_x2, energy; frequencies alone do not tell them"):
        moments(own(A_G, 1))
    with pytest.raises(ValueError, match="law: has no dimension N"):
        finite_size(tail(own(A_G, 1)))


MISTAKES: dict[str, tuple[Callable[[], xr.Dataset], str]] = {
    "negative": (lambda: qle.spectra(-OMEGA, 40),
        r"frequencies\[0, 0\] = -0\.\d+: must be > 0; say how many"),
    "zero": (lambda: qle.spectra([0.0, 0.5], 40),
        r"frequencies\[0\] = 0: must be > 0; say how many zero modes"),
    "nan": (lambda: qle.spectra([0.5, np.nan], 40), r"frequencies\[1\] = nan: must be finite"),
    "infinite": (lambda: qle.spectra([0.5, np.inf], 40), r"frequencies\[1\] = inf: must be finite"),
    "too many": (lambda: qle.spectra(OMEGA, 13, dimension=3),
                 r"frequencies\[0, 39\]: sample 0 has 40 modes, more than N dimension - zero_modes = 39"),
    "none": (lambda: qle.spectra([[]], 40), "frequencies: there are none"),
    "a list without modes": (lambda: qle.spectra([[0.5], []], 40), "sample 1: has no mode; give complete"),
    "labels again": (lambda: qle.spectra([1.0, 2.0, 3.0], 40, sample=[0, 1, 0]),
                     r"frequencies\[2\]: sample = 0: comes again after sample 1; .* in one piece"),
    "labels twice": (lambda: qle.spectra([[1.0], [2.0]], 40, sample=[3, 3]),
        r"frequencies\[1, 0\]: sample = 3: comes"),
    "labels of another length": (lambda: qle.spectra([1.0, 2.0], 40, sample=[0]),
        r"sample has shape \(1,\)"),
    "labels that are no integers": (lambda: qle.spectra([1.0], 40, sample=[0.5]),
        "sample = .*must be integers"),
    "negative labels": (lambda: qle.spectra([1.0], 40, sample=[-1]), r"sample\[0\] = -1: must be >= 0"),
    "zero modes in some": (lambda: qle.spectra([[1e-9, 1e-9, 1.0], [1.0, 1.1, 1.2]], 40, zero_modes=2),
                           "zero_modes = 2: sample 1 has not so many below 0.01 .* but sample 0 has"),
    "zero modes unannounced": (lambda: qle.spectra([1e-9, 1e-8, 0.5], 40),
                               r"frequencies\[1\] = 1e-08: is less than 1e-05 of the next one; say how many"),
    "fewer zero modes than announced": (lambda: qle.spectra([1e-9, 1e-8, 0.5, 0.6], 40, zero_modes=3),
                                        r"frequencies\[1\] = 1e-08: is less than 1e-05 of the next one"),
    "nothing but zero modes": (lambda: qle.spectra([1e-9, -1e-8], 40, zero_modes=2), "none but zero modes"),
    "all zero modes": (lambda: qle.spectra(OMEGA, 40, zero_modes=40),
        "zero_modes = 40: must be an integer from 0"),
    "units that leave 2 pi open": (lambda: qle.spectra(OMEGA, 40, units="1/ps"),
        "units = '1/ps': must be one of"),
    "unknown units": (lambda: qle.spectra(OMEGA, 40, units="THzz"), "did you mean 'THz'"),
    "samples alone": (lambda: qle.spectra(OMEGA, 40, samples=50), "samples = 50: needs complete"),
    "fewer samples than there are": (lambda: qle.spectra(OMEGA, 40, samples=3, complete=0.9),
                                     "samples = 3: must be an integer of at least 30"),
    "no particles": (lambda: qle.spectra(OMEGA, 0), "N = 0: must be an integer of at least 1"),
    "rows in rows": (lambda: qle.spectra([OMEGA], 40),
        r"frequencies\[0\] has shape \(30, 40\): must be \(k,\)"),
    "complete below 0": (lambda: qle.spectra(OMEGA, 40, complete=0.0),
        "complete = 0.0: must be finite and > 0"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_one_line_with_its_place(kind: str) -> None:
    call, message = MISTAKES[kind]
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert re.search("must|more than|none|needs|is less|has no|comes again|has not", str(caught.value))
