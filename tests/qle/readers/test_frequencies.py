"""Files of frequencies: every form of one set is that set and gives its row; every mistake has its line."""

import csv
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import qle
from qle.cli import main
from qle.export import export
from qle.figures import vdos
from qle.statistics import table, tail
from tests import own_modes
from tests.executors import Inline
from tests.pages import Drawn, bars

A_G, N = 0.05, 500
SETTINGS = ["--particles", "500", "--dimension", "3", "--complete", str(own_modes.TOP)]
LISTS = own_modes.draw(A_G, 3 * N, 1)
SHORT = np.sort(np.random.default_rng(5).random((12, 9)) ** 0.2, axis=1)
"""Of 12 samples the 9 lowest modes."""

Capture = pytest.CaptureFixture[str]


def test_a_file_of_a_script_has_the_law_that_it_was_drawn_from(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "modes.csv"
    subprocess.run([sys.executable, own_modes.__file__, str(path), str(A_G), str(3 * N), "1"], check=True)
    found = qle.read_spectra(path, N, dimension=3, complete=own_modes.TOP)
    np.testing.assert_array_equal(
        found["frequency"],
        qle.spectra(LISTS, N, dimension=3, complete=own_modes.TOP)["frequency"],
    )
    law = tail(found).squeeze()
    assert law["A_g_low"] < A_G < law["A_g_high"]
    assert main(["table", str(path), *SETTINGS]) == 0
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split()[:1] == ["ensemble"]
    assert "A_g [THz^-5]" in heading
    assert "omega_cut [THz]" in heading
    assert row.split()[:2] == ["modes.csv", "200"]


def test_a_store_and_the_file_of_its_frequencies_have_the_same_row(tmp_path: Path) -> None:
    spec = {"model": "khgps", "samples": 40, "grid": {"N": 40, "h": 0.01, "J": 0.3}, "measure": {"modes": 8}}
    swept = qle.sweep(spec, store=tmp_path / "store", executor=Inline(), progress="none")
    path = tmp_path / "modes.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["sample", "mode", "frequency"])
        for s, modes in enumerate(swept["frequency"].squeeze().values.tolist()):
            rows.writerows([s, k, repr(omega)] for k, omega in enumerate(modes))
    (expected,) = table(swept).drop(columns=["h", "J", "kappa_0"]).to_dict("records")
    (found,) = table(qle.read_spectra(path, 40)).drop(columns=["ensemble"]).to_dict("records")
    assert expected["verdict"] == "given"
    assert found == expected


def rows(separator: str, heading: str = "", decimal: str = ".") -> str:
    lines = [f"{s}{separator}{omega!r}" for s, modes in enumerate(SHORT.tolist()) for omega in modes]
    return "\n".join([heading] * bool(heading) + [line.replace(".", decimal) for line in lines]) + "\n"


TEXTS: dict[str, tuple[str, dict[str, Any]]] = {
    "commas": (rows(",", "sample,frequency"), {}),
    "other names": (rows("\t", "Config\tomega"), {}),
    "a comment": (rows(" ", "# sample omega"), {}),
    "decimal commas": (rows(";", "sample;frequency", ","), {}),
    "plain columns": (rows(" "), {"columns": ["sample", "frequency"]}),
    "plain columns and a comment": (rows(" ", "# 12 glasses"), {"columns": ["sample", "frequency"]}),
    "a mark": ("\ufeff" + rows(",", "sample,frequency"), {}),
    "other columns": (rows(",1,", "sample,mode,frequency"), {}),
}


@pytest.mark.parametrize("form", TEXTS)
def test_every_form_of_a_text_is_the_same_set(form: str, tmp_path: Path) -> None:
    text, given = TEXTS[form]
    (tmp_path / "modes.dat").write_text(text, encoding="utf-8")
    found = qle.read_spectra(tmp_path / "modes.dat", 40, **given)
    np.testing.assert_array_equal(found["frequency"].values[0], SHORT)
    assert found["frequency"].attrs["units"] == "1"
    assert found["ensemble"].item() == "modes.dat"


def test_a_plain_column_is_one_sample(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "modes.txt", SHORT[0], header="frequencies of one glass")
    found = qle.read_spectra(tmp_path / "modes.txt", 40)
    np.testing.assert_allclose(found["frequency"].values[0, 0], SHORT[0], rtol=1e-15)


RAGGED = np.where(np.arange(9) < 5 + np.arange(12)[:, np.newaxis] % 5, SHORT, np.nan)


def labelled(values: np.ndarray, *dims: str) -> xr.Dataset:
    return xr.Dataset({"omega": (dims, values, {"units": "meV"})})


BINARIES: dict[str, Callable[[Path], object]] = {
    "npy": lambda path: np.save(path, SHORT),
    "float32 with the lists in columns": lambda path: np.save(path, np.asfortranarray(SHORT)),
    "npz": lambda path: np.savez(path, frequency=SHORT, units="meV", other=np.ones(3)),
    "flat npz": lambda path: np.savez(path, omega=SHORT.ravel(), sample=np.repeat(np.arange(12), 9)),
    "NetCDF": lambda path: labelled(SHORT, "sample", "mode").to_netcdf(path, engine="h5netcdf"),
    "NetCDF 3": lambda path: labelled(SHORT.T, "k", "sample").to_netcdf(path, engine="scipy"),
    "flat NetCDF": lambda path: (
        labelled(SHORT.ravel(), "row")
        .assign(sample=("row", np.repeat(np.arange(12), 9)))
        .to_netcdf(path, engine="h5netcdf")
    ),
}


@pytest.mark.parametrize("form", BINARIES)
def test_every_binary_form_is_the_same_set(form: str, tmp_path: Path) -> None:
    path = tmp_path / "modes.npy"
    path = path.with_suffix(".npz") if "npz" in form else path.with_suffix(".nc") if "Net" in form else path
    BINARIES[form](path)
    found = qle.read_spectra(path, 40)
    np.testing.assert_array_equal(found["frequency"].values[0], SHORT)
    assert found["frequency"].attrs["units"] == ("meV" if "Net" in form or form == "npz" else "1")


def test_missing_values_at_the_end_of_a_list_in_netcdf_are_its_end(tmp_path: Path) -> None:
    labelled(RAGGED, "sample", "mode").to_netcdf(tmp_path / "modes.nc", engine="h5netcdf")
    found = qle.read_spectra(tmp_path / "modes.nc", 40)
    np.testing.assert_array_equal(found["frequency"].values[0], RAGGED)


def test_a_data_set_that_was_exported_is_read_as_it_is(tmp_path: Path, capsys: Capture) -> None:
    data = qle.spectra(LISTS, N, dimension=3, complete=own_modes.TOP, units="THz", name="fast")
    export(data, tmp_path / "all.nc")
    found = qle.read_spectra(tmp_path / "all.nc")
    xr.testing.assert_equal(found, data)
    assert table(found).equals(table(data))
    assert main(["table", str(tmp_path / "all.nc"), "--where", "ensemble=fast"]) == 0
    assert "THz^-5" in capsys.readouterr().out


def test_commands_take_a_file_for_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    own_modes.write(Path("fast.csv"), LISTS)
    own_modes.write(Path("slow.csv"), own_modes.draw(A_G / 4, 3 * N, 2))
    assert main(["figure", "vdos", "fast.csv", *SETTINGS, "-o", "a.svg"]) == 0
    assert Path("a.svg").stat().st_size > 10_000
    assert main(["compare", "fast.csv", "slow.csv", *SETTINGS, "--samples", "200"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[:2] for line in lines] == [
        ["ensemble", "samples"],
        ["fast.csv", "200"],
        ["slow.csv", "200"],
    ]
    assert main(["export", "fast.csv", *SETTINGS, "table.csv"]) == 0
    assert "A_g_low" in Path("table.csv").read_text().splitlines()[0]


def test_units_are_on_the_axes_of_the_figure(drawn: Drawn) -> None:
    data = qle.spectra(LISTS, N, dimension=3, complete=own_modes.TOP, units="THz", name="fast")
    page = drawn(lambda path: vdos.draw(data, path))
    assert page.axes[0].get_xlabel() == r"$\omega$ [THz]"
    assert page.axes[0].get_ylabel() == r"$\mathcal{D}(\omega)$ [THz$^{-1}$]"
    assert [text.get_text() for text in page.legends[0].get_texts()] == ["fast"]
    x, y, low, high = bars(page.axes[0].containers[0])
    law = A_G * x**4  # three errors: one time in 370 for each of some eight points
    assert (low - 2.0 * (y - low) < law).all()
    assert (high + 2.0 * (high - y) > law).all()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("table fast.csv", "fast.csv: N, the number of particles (--particles): must be given"),
        ("table fast.csv --particles 0", "fast.csv: N = 0: must be an integer of at least 1"),
        ("table fast.csv --particles 9 --series ab", "--series ab: is of stores, and fast.csv is a file"),
        ("table fast.csv --particles 9 --units meV",
         "fast.csv: units = 'meV': must be THz, as the file says"),
        ("table fast.csv --particles 500 --columns sample",
         "fast.csv: columns = sample: must have frequency"),
        ("figure fig9c fast.csv --particles 500 --complete 0.9 --dimension 3",
         "model = own frequencies: must be khgps, whose laws these figures show"),
        ("compare fast.csv --particles 500", "fast.csv: is one file; must be two or more"),
        ("compare fast.csv fast.csv --particles 500", "fast.csv fast.csv: names a file twice"),
        ("table fast.csv --particles 500 --samples 50", "fast.csv: samples = 50: needs complete"),
        ("table empty --particles 5", "--particles 5: is for a file of frequencies, and empty is none"),
        ("compare empty --units THz", "--units THz: is for a file of frequencies, and empty is none"),
    ],
)  # fmt: skip
def test_mistakes_on_the_command_line_are_named(
    line: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    own_modes.write(Path("fast.csv"), LISTS)
    Path("empty").mkdir()
    assert main(line.split()) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert message in said


def damaged(path: Path) -> None:
    labelled(SHORT, "sample", "mode").to_netcdf(path, engine="h5netcdf")
    path.write_bytes(path.read_bytes()[:3000])


def saved(values: Any, **arrays: Any) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            if arrays:
                np.savez(file, **arrays)
            else:
                np.save(file, values, allow_pickle=True)

    return write


def netcdf(dataset: xr.Dataset) -> Callable[[Path], object]:
    return lambda path: dataset.to_netcdf(path, engine="h5netcdf")


MISTAKES: dict[str, tuple[str | Callable[[Path], object], str]] = {
    "negative": ("frequency\n0.5\n-0.25\n",
                 "line 3: frequency = -0.25: must be > 0; say how many zero modes"),
    "zero": ("frequency\n0.5\n\n0\n", "line 4: frequency = 0: must be > 0; say how many zero modes"),
    "nan": ("frequency\n0.5\nnan\n", "line 3: frequency = nan: must be finite"),
    "inf": ("frequency\ninf\n", "line 2: frequency = inf: must be finite"),
    "text": ("frequency\n0.5\nsoft\n", "line 3: frequency = 'soft': must be a number"),
    "too many": ("frequency\n" + "0.5\n" * 41, "line 42: frequency: sample 0 has 41 modes, more than"),
    "no rows": ("frequency\n", "has no rows"),
    "nothing": ("", "has no columns; the first line must name frequency"),
    "missing column": ("sample,mode\n0,1\n",
                       "line 1: has no column frequency; the first line must name frequency"),
    "a misspelt column": ("sample,frequncy\n0,1\n", "did you mean 'frequncy'?"),
    "two columns of frequencies": ("omega,freq\n1,2\n", "line 1: names column frequency twice"),
    "plain columns without names": ("0 0.5\n0 0.6\n", "line 1: 2 columns without names, not 1 (frequency)"),
    "labels again": ("sample,omega\n0,0.5\n1,0.5\n0,0.6\n",
                     "line 4: frequency: sample = 0: comes again after"),
    "half a sample": ("sample,omega\n0.5,0.5\n", "line 2: sample = 0.5: must be a whole number"),
    "a negative sample": ("sample,omega\n-1,0.5\n", "line 2: sample = -1.0: must be finite and > -1"),
    "a sample without number": ("sample,omega\n,0.5\n", "line 2: sample = '': must be a number"),
    "unknown units": ("omega [1/ps]\n0.5\n", "units of the file = '1/ps': must be one of 1, rad/s"),
    "an entry too many": ("omega\n0.5,0.6\n", "line 2: frequency = '0.5,0.6': must be a number"),
    "a zero mode": ("omega\n1e-9\n0.5\n", "line 2: frequency = 1e-09: is less than 1e-05 of the next one"),
    "a pickle": (lambda path: path.write_bytes(pickle.dumps([0.5])),
                 "is a pickle, which could run anything"),
    "objects": (saved(np.array([0.5, None], object)), "holds Python objects, which are pickles"),
    "a cube": (saved(np.ones((2, 2, 2))), "frequencies has shape (2, 2, 2): must be"),
    "nan in an array": (saved(np.array([[0.5, np.nan]])), "frequencies[0, 1] = nan"),
    "no frequencies": (saved(None, kappa=np.ones(3)), "has no array frequency; it has kappa"),
    "a complex array": (saved(np.array([0.5j])), "must be real numbers"),
    "truncated NetCDF": (damaged, "is no NetCDF file that can be read: "),
    "no frequency in NetCDF": (netcdf(xr.Dataset({"a": ("x", [1.0])})),
                               "has no variable frequency; it has a"),
    "dimensions in NetCDF": (netcdf(labelled(SHORT, "x", "y")),
                             "omega: has dimensions x, y: must be sample and one other"),
    "text in NetCDF": (netcdf(xr.Dataset({"omega": ("x", ["a", "b"])})),
                       "omega: must be real numbers"),
    "particles twice": (lambda path: export(qle.spectra(SHORT, 40), path), "N = 40: must not be given"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_in_a_file_is_one_line_with_file_and_row(
    kind: str, tmp_path: Path, capsys: Capture
) -> None:
    content, message = MISTAKES[kind]
    path = tmp_path / ("modes.nc" if "particles" in kind else "modes.dat")
    if isinstance(content, str):
        path.write_text(content)
    else:
        content(path)
    with pytest.raises(ValueError, match="^" + re.escape(f"{path}: ") + ".*" + re.escape(message)) as caught:
        qle.read_spectra(path, 40)
    assert "\n" not in str(caught.value)
    assert main(["table", str(path), "--particles", "40"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"qle: error: {caught.value}"
