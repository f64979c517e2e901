"""`qle report`: what the page says, that it is whole and needs nothing else; names of users do no harm."""

import json
import os
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import qle
from qle.cli import main
from qle.description.spec import Spec
from qle.report import page, progress
from qle.report.citation import citations
from qle.report.contents import Contents
from qle.report.pictures import pictures
from qle.statistics.summary import rounded, table
from qle.store.unfinished import recorded
from tests.executors import Inline
from tests.markup import Markup

GRID = {"N": 24, "h": 0.05, "J": [0.1, 0.3], "kappa_0": 1.0}
SPEC = {
    "model": "khgps",
    "samples": 12,
    "grid": GRID,
    "measure": {"modes": 6},
}
ADDRESS = re.compile(r"https?:|//\w", re.IGNORECASE)


def whole(path: Path) -> Markup:
    """Return a page; raise AssertionError if it needs anything beside itself, or a link leads nowhere."""
    text = path.read_text(encoding="utf-8")
    found = Markup(text)
    for link in found.links:
        assert link.startswith("data:image/png;base64,") or link.removeprefix("#") in found.ids, link
    assert ADDRESS.search(text) is None
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in found.found}
    assert not any(name.startswith("on") for _, attrs in found.found for name in attrs)
    return found


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "two couplings"
    qle.sweep(SPEC, store=folder, progress="none", executor=Inline())
    return folder


def test_the_page_of_a_sweep(swept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    assert main(["report", str(swept), "-o", str(path)]) == 0
    assert capsys.readouterr() == (f"{path}\n", "")
    found = whole(path)
    expected = rounded(table(qle.open(swept)))
    cells = found.words["td"]
    assert all(cell in cells for row in expected[1:] for cell in row if cell)
    assert "24 of 24 samples at 2 points: 100 percent." in found.text("p")
    assert sum(tag == "svg" for tag, _ in found.found) == sum(tag == "figure" for tag, _ in found.found) == 1
    spec = Spec.from_mapping(tomllib.loads(found.words["pre"][0]))
    assert (spec.series, spec.samples) == (Spec.from_mapping(SPEC).series, 12)
    assert dict(spec.grid) == dict(Spec.from_mapping(SPEC).grid)
    assert f"qle sweep 'two couplings.toml' --store '{swept}'" in found.text("pre")
    assert all(line in found.words["li"] for line in citations())


def test_an_interrupted_sweep_shows_what_it_lacks(swept: Path, tmp_path: Path) -> None:
    """As a killed run leaves it: the record of what was asked, and a third of the samples of more points."""
    store, asked = tmp_path / "killed", {**SPEC, "samples": 24, "grid": {**GRID, "h": [0.05, 0.1]}}
    shutil.copytree(swept, store)
    with pytest.raises(KeyboardInterrupt), recorded(store, Spec.from_mapping(asked)):
        raise KeyboardInterrupt
    assert main(["report", str(store)]) == 0
    found = whole(tmp_path / "killed-report.html")
    assert "24 of 96 samples at 4 points: 25 percent, not finished" in " ".join(found.words["p"])
    bar = next(attrs for tag, attrs in found.found if tag == "progress")
    assert (bar["value"], bar["max"]) == ("24", "96")
    assert "72 of 96 are missing" in found.text("p")
    with pytest.warns(qle.StoreWarning, match="72 of 96 are missing"):
        columns, *rows = rounded(table(qle.open(store), resamples=2))
    assert [row[columns.index("missing")] for row in rows] == ["12", "12", "24", "24"]
    assert all(cell in found.words["td"] for row in rows for cell in row if cell)
    assert dict(Spec.from_mapping(tomllib.loads(found.words["pre"][0])).grid)["h"] == (0.05, 0.1)


def test_watching_ends_with_the_sweep(swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record of a sweep that nothing is missing of any more is that of a finished one."""
    store, path, pages = tmp_path / "going", tmp_path / "page.html", []
    shutil.copytree(swept, store)
    with pytest.raises(KeyboardInterrupt), recorded(store, Spec.from_mapping({**SPEC, "samples": 13})):
        raise KeyboardInterrupt

    def sleep(seconds: float) -> None:
        pages.append((seconds, path.read_text()))
        qle.sweep({**SPEC, "samples": 13}, store=store, progress="none", executor=Inline())

    monkeypatch.setattr("qle.commands.report.time.sleep", sleep)
    assert main(["report", str(store), "--watch", "50", "-o", str(path)]) == 0
    ((seconds, first),) = pages
    assert seconds >= 50
    assert '<meta http-equiv="refresh" content="50">' in first
    assert "refresh" not in path.read_text()
    assert "26 of 26 samples" in path.read_text()


def test_the_pace_of_two_looks() -> None:
    """60 samples in half an hour: 60 more take as long."""
    pace = progress.Pace()
    assert pace.words([progress.Progress(100, 220, 2, target=False)], 0.0) == ""
    words = pace.words([progress.Progress(160, 220, 2, target=False)], 1800.0)
    assert (
        words == "120 samples an hour since 1970-01-01 00:00 UTC: all may be there about 1970-01-01 01:00 UTC"
    )
    assert pace.words([progress.Progress(220, 220, 2, target=False)], 3600.0) == ""
    assert progress.Progress(99_999, 100_000, 1, target=False).percent == 99.9


HOSTILE = "<script>alert('1')</script>&amp;\"$x$ ' onload=alert(1) \\N{}.csv".replace("/", "")


def test_names_of_users_are_words_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    rows = [f"{s},{omega}" for s in range(60) for omega in np.sort(rng.power(5, size=30))[:6]]
    Path(HOSTILE).write_text("\n".join(["sample,frequency", *rows]))
    assert main(["report", HOSTILE, "--particles", "30", "-o", "page.html"]) == 0
    found = whole(Path("page.html"))
    assert HOSTILE in found.words["h1"]
    assert HOSTILE in found.words["td"]
    assert "60" in found.words["td"]
    assert sum(tag == "svg" for tag, _ in found.found) == 1
    assert "--particles 30" in found.text("pre")


@pytest.mark.skipif(os.name != "posix", reason="names of files are words elsewhere")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"omega-\xff.csv")
    path.write_text("frequency\n" + "\n".join(map(str, np.linspace(0.1, 1, 20))))
    assert main(["report", str(path), "--particles", "20", "-o", str(tmp_path / "page.html")]) == 0
    assert "omega-\\udcff.csv" in whole(tmp_path / "page.html").text("h1")


def test_ten_thousand_points_are_less_than_five_megabytes(tmp_path: Path) -> None:
    """100 x 100 points: all of them in the table, a part of them in the figure."""
    rng, grid = np.random.default_rng(1), ("h", "J", "sample")
    frequency = np.sort(rng.power(5, size=(3, 4, 40, 100)))[..., :6]
    meaning = {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    small = xr.Dataset(
        {
            "status": (grid, np.zeros(frequency.shape[:3], np.int8), meaning),
            "frequency": ((*grid, "mode"), frequency),
        },
        {"h": [0.1, 0.2, 0.3], "J": np.arange(4) / 7, "sample": np.arange(40), "N": 100},
    )
    names, *rows = rounded(table(small, resamples=2))
    many = [rows[i % len(rows)] for i in range(10_000)]
    facts = [("h", "0 to 1")]
    contents = Contents(
        name="many", asked=facts, protocol=facts, provenance=facts, columns=names, rows=many,
        pictures=pictures(small), again=["qle table many"], toml="samples = 40",
    )  # fmt: skip
    page.write(contents, tmp_path / "page.html")
    assert (tmp_path / "page.html").stat().st_size < 5e6
    assert (tmp_path / "page.html").read_text().count("<tr") == 10_001 + 3


def test_the_figure_of_a_large_grid_is_of_a_part() -> None:
    from qle.report.pictures import thinned

    status = xr.DataArray(np.zeros((100, 100, 2)), dims=("h", "J", "sample"))
    large = xr.Dataset(
        {"status": status, "frequency": status.expand_dims("mode", -1)},
        {"h": np.arange(100.0), "J": np.arange(100.0), "N": 9},
    )
    part, words = thinned(large)
    assert part["h"].values.tolist() == [0.0, 50.0, 99.0]
    assert part.sizes["J"] == 8
    assert words == "Of 10000 grid points 24 are shown. "


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "page.htm"], "page.htm: must end in .html"),
        (["-o", "absent/page.html"], 'path = "absent/page.html": there is no folder "absent"'),
        (["--watch", "0"], "watch = 0: must be an integer from 1 to 86400"),
        (["--particles", "3"], "--particles 3: is for a file of frequencies"),
    ],
)
def test_mistakes_are_one_line(
    swept: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(swept), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"qle: error: {message}")


def test_a_file_does_not_grow_and_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("omega.html").write_text("frequency\n0.1\n0.2\n")
    assert main(["report", "omega.html", "--particles", "2", "--watch", "-o", "page.html"]) == 2
    assert main(["report", "omega.html", "--particles", "2", "-o", "omega.html"]) == 2
    watched, replaced = capsys.readouterr().err.splitlines()
    assert watched == "qle: error: --watch: is of stores, and omega.html is a file, which does not grow"
    assert replaced.startswith("qle: error: omega.html: the page would replace the data")


def test_what_is_to_be_cited_is_that_of_the_repository() -> None:
    """Title, and of each paper family names, title, journal, volume, first page, year and DOI."""
    text = (Path(__file__).parents[3] / "CITATION.cff").read_text()
    software, *papers = citations()
    assert re.findall(r'^title: "(.*)"$', text, re.MULTILINE)[0] in software
    entries = text.split("- type: article")[1:]
    assert len(entries) == len(papers)
    for entry, paper in zip(entries, papers, strict=True):
        facts = re.findall(
            r"^ +(?:- )?(?:family-names|title|journal|volume|start|year|doi): (.*)$", entry, re.M
        )
        assert len(facts) >= 7
        assert all(fact.strip('"') in paper for fact in facts)


def test_a_table_of_toml_comes_back() -> None:
    from qle.description.toml_file import to_toml

    given = {
        "model": 'a"b\\c\x7f\n\u00e9\U0001f600', "samples": 3, "x": [0.1, 1e-300, 1e22, -0.0, 2], "b": True,
        "grid": {"J": [0.1], "a key": "x", "\u03b1": False, "none": []},
    }  # fmt: skip
    assert tomllib.loads(to_toml(given)) == given
    assert json.dumps(tomllib.loads(to_toml(given))) == json.dumps(given)
