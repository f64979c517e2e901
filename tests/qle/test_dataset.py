"""The data set: labels, missing samples, what it is made of, and taking it away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import qle
from qle import Spec, StoreError, StoreWarning
from qle.export import export
from qle.measurements.sample import measure_range
from qle.statistics import table, to_text
from qle.store.batches import point_folder, write_batch


def described(**changes: Any) -> Spec:
    grid = {"N": 8, "h": [0.1, 0.2], "J": [0.1, 0.3], "kappa_0": 1.0} | changes.pop("grid", {})
    return Spec.from_mapping(
        {"model": "khgps", "samples": 4, "grid": grid, "measure": {"modes": 3}, **changes}
    )


def fill(store: Path, spec: Spec, *ranges: tuple[int, int]) -> None:
    for parameters in spec.points():
        point = {**spec.series, "parameters": parameters}
        for start, stop in ranges or ((0, spec.samples),):
            write_batch(store, {**point, "start": start, "stop": stop}, measure_range(point, start, stop))


def files(store: Path) -> Iterator[Path]:
    yield from sorted(store.rglob("*.npz"))


def test_dimensions_coordinates_and_attributes(tmp_path: Path) -> None:
    fill(tmp_path, described(protocol={"tol": 1e-9}))
    dataset = qle.open(tmp_path)
    assert dataset.frequency.dims == ("h", "J", "kappa_0", "sample", "mode")
    assert dataset.status.dims == ("h", "J", "kappa_0", "sample")
    assert dict(dataset.sizes) == {"h": 2, "J": 2, "kappa_0": 1, "sample": 4, "mode": 3}
    assert dataset.J.values.tolist() == [0.1, 0.3]
    assert {name: dataset[name].item() for name in ("N", "kappa_min", "beta", "A")} == {
        "N": 8,
        "kappa_min": 0.0,
        "beta": 0.0,
        "A": 1.0,
    }
    assert dataset.attrs == {
        "model": "khgps",
        "method": "lbfgs",
        "start": "decoupled",
        "tol": 1e-9,
        "max_products": 100_000,
        "seed": 1,
        "modes": 3,
        "format_version": 4,
        "qle_version": qle.__version__,
        "units": dataset.attrs["units"],
        "missing_values": dataset.attrs["missing_values"],
    }
    for variable in dataset.variables.values():
        assert variable.attrs["units"] == "1"
        assert variable.attrs["long_name"]
    assert dataset.status.dtype == np.int8
    assert "chi" not in dataset


def test_every_sample_is_where_its_labels_say(tmp_path: Path) -> None:
    spec = described()
    fill(tmp_path, spec, (0, 1), (1, 4))
    dataset = qle.open(tmp_path)
    for parameters in spec.points():
        here = dataset.sel({name: parameters[name] for name in ("h", "J", "kappa_0")})
        direct = measure_range({**spec.series, "parameters": parameters}, 0, 4)
        for name, array in direct.items():
            np.testing.assert_array_equal(here[name], array)


def test_sizes_and_all_modes_share_a_data_set(tmp_path: Path) -> None:
    spec = described(grid={"N": [6, 9], "beta": [0.0, 1.0], "h": 0.1}, measure={"modes": "all", "chi": True})
    fill(tmp_path, spec)
    dataset = qle.open(tmp_path)
    assert dataset.frequency.dims == ("h", "J", "kappa_0", "N", "beta", "sample", "mode")
    assert dataset.sizes["mode"] == 9
    assert dataset.frequency.sel(N=9).notnull().all()
    assert dataset.frequency.sel(N=6, mode=slice(0, 5)).notnull().all()
    assert dataset.frequency.sel(N=6, mode=slice(6, None)).isnull().all()
    # chi = tr(M^-1)/N is the mean of 1/omega^2 over all modes; N eps / omega_min^2 bounds the rounding
    expected = (1 / dataset.frequency**2).mean("mode")
    xr.testing.assert_allclose(dataset.chi, expected, rtol=1e-9)


def test_representations_of_the_couplings_share_a_data_set(tmp_path: Path) -> None:
    """As words along a dimension; also in the table and in NetCDF."""
    fill(tmp_path, described(samples=1, grid={"coupling": ["stored", "structured"], "h": 0.1, "J": 0.1}))
    dataset = qle.open(tmp_path)
    assert dataset.frequency.dims == ("h", "J", "kappa_0", "coupling", "sample", "mode")
    assert dataset.coupling.values.tolist() == ["stored", "structured"]
    assert np.unique(dataset.energy.values).size == 2
    assert "structured" in to_text(table(dataset))
    export(dataset, tmp_path / "taken.nc")
    with xr.open_dataset(tmp_path / "taken.nc") as taken:
        assert taken.coupling.values.tolist() == ["stored", "structured"]
    fill(tmp_path / "one", described(samples=1))
    assert qle.open(tmp_path / "one").coupling.item() == "stored"


def test_samples_that_are_not_there_are_missing(tmp_path: Path) -> None:
    """Up to the last that is there of a point; of those beyond, nobody asked for any."""
    fill(tmp_path, described(grid={"h": 0.1, "J": 0.1}), (0, 2))
    fill(tmp_path, described(grid={"h": 0.2, "J": 0.3}), (1, 4))
    dataset = qle.open(tmp_path)
    assert dataset.status.sel(h=0.1, J=0.1).values.tolist() == [[0, 0, -2, -2]]
    assert dataset.status.sel(h=0.2, J=0.3).values.tolist() == [[-1, 0, 0, 0]]
    assert (dataset.status.sel(h=0.1, J=0.3) == -1).all()
    there = dataset.status >= 0
    for name in ("energy", "products", "frequency", "mode_residual"):
        assert (dataset[name].notnull() == there).all()
    assert table(dataset, resamples=2)["n_missing"].tolist() == [0, 4, 4, 1]


def test_the_name_of_a_moved_batch_asks_for_nothing_beyond_the_others(tmp_path: Path) -> None:
    """However large the numbers in it are."""
    fill(tmp_path, described(grid={"h": 0.1, "J": 0.1}), (0, 2), (2, 4))
    _, second = files(tmp_path)
    second.rename(second.with_name(f"{10**30}-{10**31}.npz"))
    fill(tmp_path, described(grid={"h": 0.1, "J": 0.3}), (0, 3))
    with pytest.warns(StoreWarning, match="holds another point or range"):
        dataset = qle.open(tmp_path)
    assert dataset.status.values.tolist() == [[[[0, 0, -1]], [[0, 0, 0]]]]


def test_overlapping_batches_count_once(tmp_path: Path) -> None:
    spec = described()
    fill(tmp_path / "overlapping", spec, (0, 3), (1, 4), (2, 3))
    fill(tmp_path / "plain", spec)
    xr.testing.assert_identical(qle.open(tmp_path / "overlapping"), qle.open(tmp_path / "plain"))
    assert [one.samples for one in qle.info(tmp_path / "overlapping")] == [16]


def test_damage_is_named_and_its_samples_are_missing(tmp_path: Path) -> None:
    spec = described()
    fill(tmp_path, spec)
    whole = qle.open(tmp_path)
    parameters = next(spec.points())
    path = point_folder(tmp_path, {**spec.series, "parameters": parameters}) / "0-4.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.warns(StoreWarning, match=str(path)):
        dataset = qle.open(tmp_path)
    place = {"h": [parameters["h"]], "J": [parameters["J"]]}
    assert (dataset.status.sel(place) == -1).all()
    kept = whole.status.drop_sel(h=parameters["h"])
    assert (dataset.status.drop_sel(h=parameters["h"]) == kept).all()
    (contents,) = qle.info(tmp_path)
    assert contents.damaged == (path,)
    assert (contents.points, contents.samples) == (3, 12)


def test_of_a_damaged_end_the_name_says_what_is_missing(tmp_path: Path) -> None:
    spec = described()
    fill(tmp_path, spec, (0, 3), (3, 4))
    parameters = next(spec.points())
    path = point_folder(tmp_path, {**spec.series, "parameters": parameters}) / "3-4.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.warns(StoreWarning, match=str(path)):
        status = qle.open(tmp_path).status
    assert status.sel({name: parameters[name] for name in ("h", "J", "kappa_0")}).values.tolist() == [
        0,
        0,
        0,
        -1,
    ]


def test_a_store_with_nothing_in_it_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="absent: there is no such folder"):
        qle.open(tmp_path / "absent")
    with pytest.raises(StoreError, match="holds no results"):
        qle.open(tmp_path)
    with pytest.raises(StoreError, match="holds no results"):
        qle.info(tmp_path)


def test_several_series_must_be_chosen_from(tmp_path: Path) -> None:
    for seed in (1, 2):
        fill(tmp_path, described(seed=seed))
    with pytest.raises(StoreError, match=r"holds 2 series: .*seed [12], lbfgs.*seed [12], lbfgs") as caught:
        qle.open(tmp_path)
    for one in qle.info(tmp_path):
        prefix = str(one.series).split(":")[0]
        assert prefix in str(caught.value)
        assert qle.open(tmp_path, series=prefix).attrs["seed"] == one.series.identity["seed"]
    with pytest.raises(StoreError, match="0 that start with 'zz'"):
        qle.open(tmp_path, series="zz")


def test_netcdf_gives_the_data_set_back(tmp_path: Path) -> None:
    fill(tmp_path / "store", described(seed=2**32 - 1, grid={"h": 0.1, "J": 0.1}))
    dataset = qle.open(tmp_path / "store")
    export(dataset, tmp_path / "all.nc")
    with xr.open_dataset(tmp_path / "all.nc") as back:
        xr.testing.assert_equal(back, dataset)
        counts = {"n_samples": 4, "n_missing": 0, "n_unconverged": 0, "n_excluded": 0}
        assert back.attrs == {**dataset.attrs, **counts}
        assert back.attrs["seed"] == 2**32 - 1
        assert back.status.attrs["flag_meanings"] == dataset.status.attrs["flag_meanings"]
        assert back.frequency.attrs == dataset.frequency.attrs
        assert back.frequency.encoding["zlib"]


def test_pandas_takes_it_away(tmp_path: Path) -> None:
    fill(tmp_path, described())
    frame = qle.open(tmp_path).frequency.to_dataframe().reset_index()
    assert {"h", "J", "kappa_0", "sample", "mode", "frequency"} <= set(frame.columns)
    assert len(frame) == 2 * 2 * 4 * 3


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"all\.txt: must end in \.nc or \.csv"):
        export(xr.Dataset(), tmp_path / "all.txt")
