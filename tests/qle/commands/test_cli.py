"""The `qle` command: its outputs, its exit codes, and one line for every mistake."""

import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import qle
from qle.cli import main
from qle.store.batches import write_batch
from tests.executors import Inline

pytestmark = pytest.mark.usefixtures("in_this_process")  # who works is asked in tests/qle/running

SPEC = """\
model = "khgps"
samples = 30
[grid]
N = 24
h = 0.01
J = [0.1, 0.3]
[measure]
modes = 6
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.toml"
    path.write_text(SPEC)
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "small.toml").write_text(SPEC)
    qle.sweep(folder / "small.toml", store=folder / "store", executor=Inline(), progress="none")
    return folder / "store"


def test_sweep_prints_the_table_and_where_the_results_are(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", str(spec), "--workers", "1"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split()[:3] == ["h", "J", "kappa_0"]
    assert [line.split()[:3] for line in lines[1:3]] == [["0.01", "0.1", "1"], ["0.01", "0.3", "1"]]
    assert lines[-1] == "results: results/small"
    assert err.splitlines()[-1].startswith("60/60 samples (60 by this run), 2/2 points")
    assert qle.open("results/small").sizes["sample"] == 30


def test_samples_on_the_command_line_replace_those_of_the_file(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", str(spec), "--quiet", "--samples", "3"]) == 0
    assert qle.open("results/small").sizes["sample"] == 3
    assert main(["sweep", str(spec), "--quiet", "--samples", "0"]) == 2
    assert capsys.readouterr().err == "qle: error: samples = 0: must be an integer from 1 to 2**32\n"


def test_quiet_is_quiet(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(spec), "--store", "here", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert Path("here").is_dir()


def test_samples_that_do_not_converge_are_exit_code_1(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SPEC + "[protocol]\nmax_products = 2\n")
    assert main(["sweep", str(spec), "--quiet"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("qle: warning: 60 of 60 samples did not converge (60 max_products)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sweep", "absent.toml"], "qle: error: absent.toml: no such file"),
        (["sweep", "bad.toml"], "qle: error: bad.toml: grid.N = -3: must be an integer from 2 to 2**32 - 1"),
        (
            ["sweep", "small.toml", "--workers", "0"],
            "qle: error: workers = 0: must be an integer of at least 1",
        ),
        (["info", "absent"], "qle: error: absent: there is no such folder"),
        (
            ["info", "bad.toml"],
            "qle: error: bad.toml: is a file, and no folder of a sweep; frequencies in one are for qle "
            "table, figure, compare and export, or qle.read_spectra",
        ),
        (["table", "absent", "--particles", "9"], "qle: error: absent: there is no such folder or file"),
        (["compare", "absent"], "qle: error: absent: there is no such folder or file"),
        (["table", "absent"], "qle: error: absent: there is no such folder or file"),
        (["export", "absent", "all.nc"], "qle: error: absent: there is no such folder or file"),
        (["figure", "vdos", "absent"], "qle: error: absent: there is no such folder or file"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    spec: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    Path("bad.toml").write_text(SPEC.replace("N = 24", "N = -3"))
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", message + "\n")
    assert not Path("results").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["swep"], ["sweep"], ["sweep", "a.toml", "--workers", "two"], ["figure", "spectrum", "s"]],
)
def test_bad_usage_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: qle")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--help"], ["qle sweep sweeps/quick.toml", "exit codes", "130"]),
        (["sweep", "--help"], ["[grid]", 'spacing = "log"', "--workers"]),
        (["figure", "vdos", "--help"], ["STORE", "--output"]),
        (["--version"], [f"qle {qle.__version__}"]),
    ],
)
def test_help_and_version(arguments: list[str], parts: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    out = capsys.readouterr().out
    for part in parts:
        assert part in out


def test_the_file_in_the_help_is_a_sweep_with_the_defaults_it_names(tmp_path: Path) -> None:
    from qle.commands.sweeps import SPEC_HELP

    lines = SPEC_HELP.splitlines()
    text = "\n".join(line for line in lines if line.startswith("  "))
    (tmp_path / "help.toml").write_text(text)
    spec = qle.read_spec(tmp_path / "help.toml")
    assert spec.protocol == qle.Protocol()
    assert spec.measure == qle.Measure()
    assert spec.size == 15


def test_info_says_what_is_there(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(store)]) == 0
    out = capsys.readouterr().out
    assert "khgps, seed 1, lbfgs from decoupled, tol 1e-10" in out
    assert "2 points, 60 samples (60 converged)" in out


def test_info_names_damage(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copies = []
    for path in store.rglob("*.npz"):
        copies.append(tmp_path / path.relative_to(store))
        copies[-1].parent.mkdir(parents=True)
        copies[-1].write_bytes(path.read_bytes())
    copies[0].write_bytes(b"not a batch")
    assert main(["info", str(tmp_path)]) == 0
    assert f"damaged: {copies[0]}" in capsys.readouterr().out
    assert main(["table", str(tmp_path)]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"qle: warning: {copies[0]}: the checksum does not match")


def test_a_series_of_another_version_is_left_out(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    point = {**qle.Spec.from_mapping(tomllib.loads(SPEC)).series, "format": 1, "parameters": {"N": 24}}
    write_batch(tmp_path, {**point, "start": 0, "stop": 1}, {"energy": np.zeros(1)})
    assert main(["table", str(tmp_path)]) == 2
    assert "is in store format 1: this version of qle reads format" in capsys.readouterr().err
    shutil.copytree(store, tmp_path, dirs_exist_ok=True)
    for command in ("table", "info"):
        assert main([command, str(tmp_path)]) == 0
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("qle: warning: ")
        assert line.endswith("its series is left out")


def test_table_export_and_figure(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(store)]) == 0
    assert capsys.readouterr().out.splitlines()[0].split()[:3] == ["h", "J", "kappa_0"]
    assert main(["export", str(store), str(tmp_path / "all.nc")]) == 0
    with xr.open_dataset(tmp_path / "all.nc") as back:
        assert back.sizes["sample"] == 30
    assert main(["export", str(store), str(tmp_path / "table.csv")]) == 0
    assert len((tmp_path / "table.csv").read_text().splitlines()) == 3
    assert main(["figure", "vdos", str(store), "-o", str(tmp_path / "vdos.svg")]) == 0
    assert "<svg" in (tmp_path / "vdos.svg").read_text()
    assert main(["figure", "vdos", str(store)]) == 0
    assert (store.parent / "store-vdos.png").exists()


def test_where_selects_and_says_what_there_is(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(store), "--where", "J=0.3"]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.split()[1] for row in rows] == ["0.3"]
    assert main(["table", "--where", "J=0.3", "--where", "h=0.01", str(store)]) == 0
    assert [row.split()[1] for row in capsys.readouterr().out.splitlines()[1:]] == ["0.3"]
    assert main(["table", str(store), "--where", "J"]) == 2
    assert capsys.readouterr().err == "qle: error: --where J: must be NAME=VALUE\n"
    assert main(["table", str(store), "--where", "J=0.2"]) == 2
    assert capsys.readouterr().err == "qle: error: --where J=0.2: J has the values 0.1, 0.3\n"
    assert main(["table", str(store), "--where", "L=3"]) == 2
    assert capsys.readouterr().err == "qle: error: --where L=3: must name one of h, J, kappa_0\n"


def test_a_lattice_is_swept_as_mean_field_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lattice.toml"
    file.write_text(
        'model = "lattice_gps"\nsamples = 3\n[grid]\nL = [3, 4]\nd = 2\nJ = 0.2\n'
        '[protocol]\nstart = "kick"\n[measure]\nmodes = 5\n'
    )
    assert main(["sweep", str(file), "--store", str(tmp_path / "store"), "--quiet"]) == 0
    dataset = qle.open(tmp_path / "store")
    assert dataset.N.sel(L=[3, 4]).values.tolist() == [9, 16]
    assert (dataset.status == 0).all()
    assert main(["figure", "vdos", str(tmp_path / "store"), "--where", "L=4"]) == 0


def test_outputs_that_cannot_be_written(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(store), "all.txt"]) == 2
    assert capsys.readouterr().err == "qle: error: all.txt: must end in .nc or .csv\n"
    assert main(["export", str(store), str(store / "absent" / "all.nc")]) == 2
    assert "No such file or directory" in capsys.readouterr().err
    assert main(["export", str(store), str(store / "absent" / "all.csv")]) == 2
    assert str(store / "absent") in capsys.readouterr().err


def test_a_series_is_chosen_by_its_digits(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (series,) = (one.series for one in qle.info(store))
    assert main(["table", str(store), "--series", series.folder.name[:4]]) == 0
    assert main(["table", str(store), "--series", "none"]) == 2
    assert "choose one by its first digits" in capsys.readouterr().err


def test_a_full_disk_is_one_line_and_exit_code_1(spec: Path) -> None:
    # one block, 512 or 1024 bytes, is the largest file that may be written; a batch has several thousand.
    # One worker: a second one would be killed while it writes, and leave its temporary file to the next run.
    limited = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", sys.executable, "-m", "qle.cli"]
    command = [*limited, "sweep", str(spec), "--quiet", "--workers", "1"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("qle: error: results/small/")
    assert line.endswith("-30.npz: cannot be written: File too large")
    assert [path for path in Path("results").rglob("*") if path.suffix in (".tmp", ".npz")] == []


def test_ctrl_c_says_what_is_done_and_the_same_command_resumes(spec: Path) -> None:
    spec.write_text(SPEC.replace("J = [0.1, 0.3]", "J = { from = 0.05, to = 0.4, points = 24 }"))
    command = [sys.executable, "-m", "qle.cli", "sweep", str(spec), "--workers", "2"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heed_interrupts
    )
    while not list(Path("results").rglob("*.npz")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    _, err = process.communicate()
    assert process.returncode == 130
    *_, progress, message = err.splitlines()
    assert "samples" in progress
    assert message.startswith("qle: interrupted: at least ")
    assert message.endswith("samples are in results/small; the same command resumes")
    assert "Traceback" not in err
    before = {path: path.stat().st_ino for path in Path("results").rglob("*.npz")}
    assert 0 < len(before) < 24
    assert main(["sweep", str(spec), "--quiet"]) == 0
    assert before.items() <= {path: path.stat().st_ino for path in Path("results").rglob("*.npz")}.items()


def heed_interrupts() -> None:
    """Undo what a shell does to the commands it runs in the background: they are born ignoring Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_figure_without_a_name_says_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["figure"]) == 2
    assert "--all" in capsys.readouterr().err
    assert main(["figure", "--all"]) == 2
    assert "sweeps/fig9a-smoke.toml: no such file" in capsys.readouterr().err


def test_every_figure_has_defaults_for_all_that_it_needs() -> None:
    from qle import cli
    from qle.figures.table import TABLE

    parser = cli._parser()
    for name, line in TABLE.items():
        arguments = ["figure", name, *(["store"] if line.store else [])]
        assert parser.parse_args(arguments).figure == name
        sweep = Path(__file__).parents[3] / "sweeps" / f"{line.sweep}.toml"
        assert sweep.exists() == bool(line.sweep)
