"""Names of files that a command writes: checked before the work, also for a store given as "."."""

from pathlib import Path

import pytest

from qle.cli import main
from qle.commands.outputs import beside, named
from qle.commands.parser import BadInput


@pytest.mark.parametrize("store", [".", "..", "../store"])
def test_a_figure_lies_beside_the_folder_wherever_one_stands(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "store" / "inside").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "store" / ("inside" if store == ".." else "."))
    assert beside(Path(store), "-vdos.png").resolve() == tmp_path / "store-vdos.png"


@pytest.mark.usefixtures("in_this_process")
def test_the_figure_of_the_store_in_which_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import qle
    from tests.qle.commands.test_cli import SPEC

    (tmp_path / "small.toml").write_text(SPEC)
    qle.sweep(tmp_path / "small.toml", store=tmp_path / "store", progress="none")
    monkeypatch.chdir(tmp_path / "store")
    assert main(["figure", "vdos", "."]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'store-vdos.png'}\n"
    assert (tmp_path / "store-vdos.png").exists()


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    (tmp_path / "all.nc").mkdir()
    for prefix, rule in (
        (".", "is a folder"), ("", "is a folder"), ("..", "is a folder"), ("/", "is a folder"),
        (str(tmp_path / "absent" / "a"), "there is no folder"), (str(tmp_path / "all"), "is a folder"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=rule):
            named(Path(prefix), ".nc")
    with pytest.raises(BadInput, match="is a folder"):
        beside(Path("/"), "-vdos.png")


@pytest.mark.parametrize(
    "arguments",
    [
        ["phase-diagram", "-o", "."],
        ["phase-diagram", "--points", "4294967296"],
        ["phase-diagram", "-o", "absent/a"],
        ["spm", "-o", ""],
        ["heat-fit", "."],
        ["heat-fit", "glass.png"],
        ["verify", "-o", "/"],
        ["lattice", "--samples", "4294967297"],
        ["figure", "fields", "--samples", "4294967297"],
        ["figure", "fig10", "--samples", "4294967297"],
        ["figure", "fig8a", "-o", "a.jpg"],
        ["figure", "fig10", "-o", "absent/a.png"],
    ],
)
def test_what_cannot_be_done_is_told_before_the_work(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert not list(tmp_path.iterdir())
