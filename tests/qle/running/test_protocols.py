"""Slow protocols in sweeps: their keys in the store, what they refuse, and what they find."""

import argparse
import dataclasses
from pathlib import Path

import numpy as np
import pytest

import qle
from qle.commands.compare import add_compare
from qle.commands.parser import BadInput
from qle.description.identity import digest
from qle.description.protocol import Protocol
from qle.description.spec import Spec
from qle.measurements.sample import measure_range
from qle.statistics.intervals import mean_interval
from qle.store.batches import write_batch

GRID = {"N": 100, "h": 0.01, "J": 0.6, "kappa_0": 1.0}
BEFORE = ("method", "start", "tol", "max_products")


def test_protocols_of_older_stores_keep_their_keys() -> None:
    """What is as by default is left out: the identity is that of the four keys there were."""
    for old in ({}, {"method": "descent", "start": "zero", "tol": 1e-8}):
        protocol = Protocol(**old)  # type: ignore[arg-type]
        table = {name: dataclasses.asdict(protocol)[name] for name in BEFORE}
        assert digest(protocol.identity) == digest(table)
        assert Protocol(**protocol.identity) == protocol
    several = Protocol(start="random", starts=4)
    assert set(several.identity) == {*BEFORE, "starts"}
    slow = Protocol(field_path="falling")
    assert set(slow.identity) == {*BEFORE, "field_path", "field_steps"}
    assert Protocol(**slow.identity) == slow


@pytest.mark.parametrize(
    ("protocol", "message"),
    [
        ({"starts": 0}, r"protocol.starts = 0: must be an integer of at least 1"),
        ({"starts": 4}, r"protocol.starts = 4: more than 1 needs method 'lbfgs', start 'random'"),
        (
            {"starts": 2, "start": "random", "field_path": "falling"},
            r"protocol.starts = 2: more than 1 needs",
        ),
        ({"field_path": "up"}, r"protocol.field_path = 'up': must be one of constant, falling"),
        (
            {"field_path": "falling", "start": "zero"},
            r"protocol.field_path = 'falling': needs start 'decoupled'",
        ),
        ({"field_steps": 0}, r"protocol.field_steps = 0: must be an integer of at least 1"),
    ],
)
def test_faulty_protocols_are_named(protocol: dict[str, object], message: str) -> None:
    with pytest.raises(qle.SpecError, match=message):
        Protocol(**protocol)  # type: ignore[arg-type]


def test_slow_protocols_find_lower_minima_of_the_same_disorder() -> None:
    """By 24 samples of strong coupling the gains are four standard errors and more."""
    protocols = [{}, {"field_path": "alternating", "field_steps": 31}, {"start": "random", "starts": 8}]
    energies = []
    for protocol in protocols:
        table = {"model": "khgps", "samples": 24, "grid": GRID, "protocol": protocol, "measure": {"modes": 5}}
        spec = Spec.from_mapping(table)
        (parameters,) = spec.points()
        arrays = measure_range({**spec.series, "parameters": parameters}, 0, 24)
        assert (arrays["status"] == 0).all()
        energies.append(arrays["energy"])
    for slow in energies[1:]:
        assert mean_interval(slow - energies[0])[1] < 0
    # the address of a sample's starts is its own, and not that of the range it is measured in
    late = measure_range({**spec.series, "parameters": parameters}, 20, 24)
    np.testing.assert_array_equal(late["energy"], energies[-1][20:])


def fill(store: Path, protocol: dict[str, object], modes: int = 5, **grid: object) -> None:
    """Write 12 samples at each point of a grid."""
    table = {"model": "khgps", "samples": 12, "grid": GRID | grid, "protocol": protocol}
    spec = Spec.from_mapping({**table, "measure": {"modes": modes}})
    for parameters in spec.points():
        point = {**spec.series, "parameters": parameters}
        write_batch(store, {**point, "start": 0, "stop": 12}, measure_range(point, 0, 12))


def compared(store: Path) -> int:
    parser = argparse.ArgumentParser()
    add_compare(parser.add_subparsers())
    options = parser.parse_args(["compare", str(store)])
    return int(options.run(options))


def test_protocols_of_one_name_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two series that differ in what is measured; a parameter of the grid that is a word."""
    for modes, start in ((5, "decoupled"), (4, "decoupled"), (5, "random")):
        fill(tmp_path, {"start": start}, modes, coupling=["stored", "regenerated"])
    assert compared(tmp_path) == 0
    blocks = capsys.readouterr().out.split("\n\n")
    assert [block.split("  ")[0].split(", ")[-1] for block in blocks] == [
        "coupling = regenerated",
        "coupling = stored",
    ]
    labels = [row.split("  ")[0] for row in blocks[0].splitlines()[1:]]
    digits = sorted(folder.name[:8] for folder in tmp_path.iterdir())
    assert labels[2] == "lbfgs from random"
    assert [label.rpartition(" (")[0] for label in labels[:2]] == ["lbfgs from decoupled"] * 2
    assert {label[-9:-1] for label in labels[:2]} < set(digits)


def test_the_protocols_of_a_store_are_compared_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for protocol in ({}, {"start": "random", "starts": 3}, {"field_path": "falling", "field_steps": 4}):
        fill(tmp_path, protocol)
    assert compared(tmp_path) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "h = 0.01, J = 0.6, kappa_0 = 1"
    labels = [row.split("  ")[0] for row in rows]
    assert labels == [
        "lbfgs from decoupled",
        "best of 3, lbfgs from random",
        "falling field of 4 steps, lbfgs",
    ]
    assert rows[0].split()[-1] == "1.00"  # all energies are the same as its own
    with pytest.raises(BadInput, match="nowhere"):
        compared(tmp_path / "nowhere")
