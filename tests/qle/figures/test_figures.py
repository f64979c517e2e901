"""Figures: formats, sameness from run to run, what they refuse; and that they leave no state behind."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure

from qle.figures import vdos
from qle.figures.captions import samples
from qle.figures.style import page
from qle.figures.table import TABLE, figure
from qle.statistics import tail
from tests.pages import check_explained, checked_draws

MAGIC = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}


def sweep(h: int = 1, J: int = 2, kappa_0: int = 1, modes: int = 6) -> xr.Dataset:
    """Return a sweep with so many values of each parameter; all N = 100 frequencies follow omega^4."""
    grid = ("h", "J", "kappa_0", "sample")
    shape = (h, J, kappa_0, 30)
    frequency = np.sort(np.random.default_rng(1).power(5, size=(*shape, 100)))[..., :modes]
    meaning = {"flag_values": np.array([0], dtype=np.int8), "flag_meanings": "converged"}
    sizes = {"h": h, "J": J, "kappa_0": kappa_0}
    return xr.Dataset(
        {
            "status": (grid, np.zeros(shape, dtype=np.int8), meaning),
            "frequency": ((*grid, "mode"), frequency),
        },
        coords={**{k: np.arange(1.0, n + 1) for k, n in sizes.items()}, "sample": np.arange(30), "N": 100},
    )


@pytest.mark.parametrize("suffix", sorted(MAGIC))
def test_suffix_chooses_the_format(tmp_path: Path, suffix: str) -> None:
    path = vdos.draw(sweep(), tmp_path / f"D{suffix}")
    assert path.read_bytes().startswith(MAGIC[suffix])


@pytest.mark.parametrize("suffix", sorted(MAGIC))
def test_the_same_data_give_the_same_file(tmp_path: Path, suffix: str) -> None:
    first, second = (vdos.draw(sweep(), tmp_path / f"{name}{suffix}") for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_every_line_has_the_band_of_its_interval(tmp_path: Path) -> None:
    dataset = sweep(J=3, kappa_0=2)
    given = int(np.isfinite(tail(dataset, resamples=2).A_g).sum())
    assert given >= 5  # of six; a flag is raised in 1 percent
    text = vdos.draw(dataset, tmp_path / "D.svg").read_text()
    assert len(re.findall(r'id="\w*PolyCollection', text)) == given


BOTH = ["g = 0.5, $J$ = 1", "g = 0.5, $J$ = 2", "g = 2, $J$ = 1", "g = 2, $J$ = 2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.rename(h="g", J="shape").assign_coords(shape=["even", "odd"]), ["shape", "even", "odd"]),
        (lambda d: d.rename(J="g"), ["g", "1", "2"]),
        (lambda d: xr.concat([d.rename(h="g")] * 2, "g").assign_coords(g=[0.5, 2.0]), BOTH),
        (lambda d: d.isel(J=0, h=0, kappa_0=0), []),
    ],
)
def test_any_parameters_label_the_curves_that_they_tell_apart(
    tmp_path: Path, change: Callable[[xr.Dataset], xr.Dataset], words: list[str]
) -> None:
    text = vdos.draw(change(sweep()), tmp_path / "D.svg").read_text()
    at = text.find('id="legend_1"')
    assert (re.findall("<!-- (.*?) -->", text[at:]) if at > 0 else []) == words


def test_drawing_changes_no_global_setting(tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    vdos.draw(sweep(h=2, kappa_0=2), tmp_path / "D.svg")
    assert dict(mpl.rcParams) == before


def test_a_point_without_samples_is_drawn_empty(tmp_path: Path) -> None:
    dataset = sweep(J=3)
    dataset["frequency"][0, 1] = np.nan
    assert vdos.draw(dataset, tmp_path / "D.svg").exists()


@pytest.mark.parametrize(
    ("dataset", "name", "message"),
    [
        (sweep(), "D.jpg", r"D.jpg\": must end in one of .png, .pdf, .svg"),
        (sweep(h=5, kappa_0=3), "D.svg", r"panels = 15: at most 12"),
        (sweep(J=13), "D.svg", r"curves = 13 \(13 of J\): at most 12"),
        (
            sweep(J=5).expand_dims(beta=[0.0, 1.0, 2.0]),
            "D.svg",
            r"curves = 15 \(3 of beta, 5 of J\): at most 12",
        ),
        (sweep(modes=1), "D.svg", r"has no complete bin to draw; store more modes"),
    ],
)
def test_what_cannot_be_drawn_is_named(tmp_path: Path, dataset: xr.Dataset, name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        vdos.draw(dataset, tmp_path / name)
    assert not any(tmp_path.iterdir())


def test_a_page_is_refused_at_once_or_written_whole(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must end in one of"), page(tmp_path / "a.jpg", 1.0, 1.0):
        pytest.fail("the suffix was looked at too late")
    with pytest.raises(ZeroDivisionError), page(tmp_path / "a.png", 1.0, 1.0):
        raise ZeroDivisionError
    assert not any(tmp_path.iterdir())


def test_the_caption_counts_what_is_not_there() -> None:
    """Of 60 samples 3 are missing, 2 did not converge, 1 is at a saddle."""
    dataset = sweep()
    dataset["status"][0, 0, 0, :6] = [-1, -1, -1, 2, 3, 1]
    dataset["status"].attrs = {
        "flag_values": np.array([-1, 0, 1, 2, 3], dtype=np.int8),
        "flag_meanings": "missing converged saddle max_products stalled",
    }
    words = samples(tail(dataset, resamples=2), "curve")
    assert words == "24 to 30 samples per curve, 3 missing, 2 not converged, 1 left out at saddles"
    assert samples(tail(sweep(), resamples=2), "curve") == "30 samples per curve"


def test_the_marks_of_every_figure_are_checked() -> None:
    """Tests draw all by the fixture that finds axes without label and marks that nothing explains."""
    wanted = {(line.file, figure(name).draw.__name__) for name, line in TABLE.items()}
    assert wanted | {("dynamics", "draw")} <= checked_draws()


def test_every_page_has_a_caption() -> None:
    """Also those of files, which are no line of the table."""
    drawn = {file: file.read_text(encoding="utf-8") for file in Path(vdos.__file__).parent.glob("*.py")}
    assert not [file.stem for file, text in drawn.items() if "with page(" in text and " below(" not in text]


def test_a_missing_label_is_noticed() -> None:
    """Of a page that explains all: without the label of an axis, of a mark, of bars; without the caption."""

    def page_of(x: str = "$x$", mark: str = "_dots", caption: str = "Dots: made up, with errors.") -> Figure:
        drawing = Figure()
        panel = drawing.subplots()
        panel.errorbar([1.0], [1.0], [0.1], fmt="o", label=mark)
        panel.set(xlabel=x, ylabel="$y$")
        drawing.supxlabel(caption)
        return drawing

    check_explained(page_of())
    for changed, message in (
        (page_of(x=""), "no label along x"),
        (page_of(mark="_squares"), "_squares: neither in"),
        (page_of(caption="Dots: made up."), "_dots: its bars are not explained"),
        (page_of(caption=""), "no caption"),
    ):
        with pytest.raises(AssertionError, match=message):
            check_explained(changed)


HOSTILE = """\
text.usetex: True
font.family: Nonexistent
font.size: 40
axes.prop_cycle: cycler('color', ['w'])
savefig.bbox: tight
savefig.facecolor: red
lines.linewidth: 20
path.sketch: 1, 100, 2
backend: nonsense
no.such.key: 1
axes.linewidth: thick
"""
DRAW = """
import sys
sys.path.insert(0, sys.argv[1])
from qle.cli import main
from qle.commands import figures
figures.read = lambda options: __import__("test_figures").sweep()
sys.exit(main(["figure", "vdos", "none", "-o", sys.argv[2]]))
"""


def test_the_settings_of_a_user_do_not_enter(tmp_path: Path) -> None:
    """A matplotlibrc with usetex wants TeX, others change every figure; a folder for them is not needed."""
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    places = {"MATPLOTLIBRC": str(tmp_path), "MPLCONFIGDIR": str(tmp_path / "matplotlibrc" / "no folder")}
    environment = {**os.environ, **places}
    command = [sys.executable, "-c", DRAW, str(Path(__file__).parent), str(tmp_path / "D.svg")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "D.svg").read_bytes() == vdos.draw(sweep(), tmp_path / "own.svg").read_bytes()
