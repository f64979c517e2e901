"""The description of a sweep: what is accepted, what it becomes, and one line for every mistake."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lattice_gps
import quartic
from qle import Measure, Protocol, Spec, SpecError, read_spec
from qle.description.identity import canonical
from qle.description.spec import as_spec

GRID: dict[str, Any] = {"N": 50, "h": 0.1, "J": [0.1, 0.2]}


def described(**changes: Any) -> dict[str, Any]:
    return {"model": "khgps", "samples": 10, "grid": GRID, **changes}


def with_grid(**changes: Any) -> dict[str, Any]:
    return described(grid=GRID | changes)


# Each: the mistake, and what its one line must hold (the key, the value, the rule).
MISTAKES = [
    (described(seeds=1), ["seeds = 1", "unknown key", "'seed'"]),
    (with_grid(kapa_0=1.0), ["grid.kapa_0 = 1.0", "unknown key", "'kappa_0'"]),
    (with_grid(zzz=1.0), ["grid.zzz = 1.0", "unknown key", "kappa_min"]),
    (described(protocol={"methods": "cg"}), ["protocol.methods = 'cg'", "unknown key", "'method'"]),
    (described(measure={"mode": 3}), ["measure.mode = 3", "unknown key", "'modes'"]),
    ({"model": "khgps", "grid": GRID}, ["samples", "missing"]),
    (described(model="khgp"), ["model = 'khgp'", "must be one of", "did you mean 'khgps'"]),
    (described(model=3), ["model = 3", "must be one of"]),
    (described(grid={"N": 50, "h": 0.1}), ["grid.J", "missing"]),
    (described(grid=[1]), ["grid = [1]", "must be a table"]),
    (described(protocol="lbfgs"), ["protocol = 'lbfgs'", "must be a table"]),
    (with_grid(N=-3), ["grid.N = -3", "from 2"]),
    (with_grid(N=50.0), ["grid.N = 50.0", "must be an integer"]),
    (with_grid(N=True), ["grid.N = True", "must be an integer"]),
    (with_grid(J=[]), ["grid.J = []", "must not be empty"]),
    (with_grid(J=float("nan")), ["grid.J = nan", "must be finite"]),
    (with_grid(J=[0.1, float("inf")]), ["grid.J = inf", "must be finite"]),
    (with_grid(J=10**400), ["grid.J = 1000", "must be finite"]),
    (with_grid(h="0.1"), ["grid.h = '0.1'", "must be a real number"]),
    (with_grid(h=True), ["grid.h = True", "must be a real number"]),
    (with_grid(h=[[0.1]]), ["grid.h = [0.1]", "must be a real number"]),
    (with_grid(J=[0.1, 0.2, 0.1]), ["grid.J = 0.1", "only once"]),
    (with_grid(J=[1, 1.0]), ["grid.J = 1.0", "only once"]),
    (with_grid(J=[0.0, -0.0]), ["grid.J = 0.0", "only once"]),
    (with_grid(A=0.0), ["grid.A = 0.0", "must be finite and > 0"]),
    (with_grid(kappa_min=[0.0, 0.5], kappa_0=[0.3, 1.0]), ["grid.kappa_min = 0.5", "kappa_0 = 0.3"]),
    (with_grid(coupling="dense"), ["grid.coupling = 'dense'", "stored, regenerated, structured"]),
    (with_grid(coupling=[1.0]), ["grid.coupling = 1.0", "must be a word"]),
    (with_grid(coupling=["stored", "stored"]), ["grid.coupling = 'stored'", "only once"]),
    (with_grid(J={"from": 0.1, "to": 1.0}), ["grid.J.points", "missing"]),
    (with_grid(J={"from": 0.1, "to": 1.0, "points": 1}), ["grid.J.points = 1", "from 2"]),
    (
        with_grid(J={"from": 0.1, "to": 1.0, "points": 10**12}),
        ["grid.J.points = 1000000000000", "to 100000"],
    ),
    (with_grid(J={"from": 0.1, "to": 1.0, "points": 3.0}), ["grid.J.points = 3.0", "integer"]),
    (with_grid(J={"from": 0.1, "to": 0.1, "points": 3}), ["grid.J = 0.1", "only once"]),
    (with_grid(J={"from": 0.0, "to": 1, "points": 3, "spacing": "log"}), ["grid.J =", "from > 0"]),
    (with_grid(J={"from": 0.1, "to": 1, "points": 3, "spacing": "lin"}), ["spacing = 'lin'", "'linear'"]),
    (with_grid(J={"from": 0.1, "to": 1, "points": 3, "step": 1}), ["grid.J.step = 1", "unknown key"]),
    (with_grid(N={"from": 10, "to": 12, "points": 4}), ["grid.N = ", "only once"]),
    (described(samples=0), ["samples = 0", "from 1 to 2**32"]),
    (described(samples=True), ["samples = True", "integer"]),
    (described(samples=10.0), ["samples = 10.0", "integer"]),
    (described(seed=-1), ["seed = -1", "from 0 to 2**32 - 1"]),
    (described(seed=2**32), ["seed = 4294967296", "from 0 to 2**32 - 1"]),
    (described(protocol={"method": "lbfg"}), ["protocol.method = 'lbfg'", "'lbfgs'"]),
    (described(protocol={"start": "hot"}), ["protocol.start = 'hot'", "random"]),
    (described(protocol={"tol": 0.0}), ["protocol.tol = 0.0", "(0, 1)"]),
    (described(protocol={"tol": "1e-8"}), ["protocol.tol = '1e-8'", "number"]),
    (described(protocol={"max_products": 0}), ["protocol.max_products = 0", "at least 1"]),
    (described(measure={"modes": 0}), ["measure.modes = 0", "at least 1, or 'all'"]),
    (described(measure={"modes": "some"}), ["measure.modes = 'some'", "or 'all'"]),
    (described(measure={"modes": 51}), ["measure.modes = 51", "at most N = 50"]),
    (described(measure={"chi": 1}), ["measure.chi = 1", "true or false"]),
]


@pytest.mark.parametrize(("table", "parts"), MISTAKES, ids=lambda value: str(value)[:60])
def test_every_mistake_is_one_line_with_key_value_and_rule(table: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(SpecError) as caught:
        Spec.from_mapping(table)
    message = str(caught.value)
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_file_that_is_missing_or_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"absent\.toml: no such file"):
        read_spec(tmp_path / "absent.toml")
    (tmp_path / "bad.toml").write_text("model = \nsamples = 3")
    with pytest.raises(SpecError, match=r"bad\.toml: is not valid TOML: .*line 1"):
        read_spec(tmp_path / "bad.toml")
    for text, message in (
        (b'model = "\0"', "is no text file"),
        (b"samples = " + b"9" * 5000, "is not valid TOML: an integer of thousands of digits"),
        (b"samples = " + b"[" * 5000, "is not valid TOML: brackets within brackets, too many"),
        (b"samples = " + b"{a=" * 5000, "is not valid TOML: brackets within brackets, too many"),
    ):
        (tmp_path / "odd.toml").write_bytes(text)
        with pytest.raises(SpecError, match=rf"odd\.toml: {message}"):
            read_spec(tmp_path / "odd.toml")
    with pytest.raises(SpecError, match="cannot be read"):
        read_spec(tmp_path)
    (tmp_path / "wrong.toml").write_text('model = "khgps"\nsamples = 0\n[grid]\nN = 4\n')
    with pytest.raises(SpecError, match=r"wrong\.toml: samples = 0"):
        read_spec(tmp_path / "wrong.toml")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "latin-1"])
def test_a_file_may_have_any_encoding(encoding: str, tmp_path: Path) -> None:
    text = '# Jürgens Gläser\r\nmodel = "khgps"\r\nsamples = 3\r\n[grid]\r\nN = 30\r\nJ = 0.1\r\nh = 0.1\r\n'
    (tmp_path / "odd.toml").write_bytes(text.encode(encoding))
    assert read_spec(tmp_path / "odd.toml").samples == 3


def test_a_number_longer_than_python_writes_is_named() -> None:
    with pytest.raises(SpecError, match=r"samples = a number of 20000 bits: must be an integer"):
        Spec.from_mapping(described(samples=2**20_000 - 1))


def test_a_file_a_mapping_and_a_constructor_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "sweep.toml"
    file.write_text(
        """
        model = "khgps"
        samples = 10
        seed = 7
        [grid]
        N = 50
        h = 0.1
        J = { from = 0.1, to = 0.4, points = 3, spacing = "log" }
        [protocol]
        tol = 1e-8
        [measure]
        modes = "all"
        """
    )
    by_mapping = Spec.from_mapping(
        described(
            seed=7,
            grid={"J": [0.4, 0.1, 0.2], "h": [0.1], "N": 50},
            protocol={"tol": 1e-8},
            measure={"modes": "all"},
        )
    )
    by_hand = Spec(
        model="khgps",
        samples=10,
        seed=7,
        grid={"N": np.array([50]), "h": np.float64(0.1), "J": (0.1, 0.2, 0.4)},
        protocol=Protocol(tol=1e-8),
        measure=Measure(modes="all"),
    )
    assert read_spec(file) == by_mapping == by_hand


def test_one_and_one_point_zero_have_the_same_key() -> None:
    whole, real = (Spec.from_mapping(with_grid(kappa_0=one, h=one)) for one in (1, 1.0))
    texts = [canonical({**s.series, "parameters": next(s.points())}) for s in (whole, real)]
    assert texts[0] == texts[1]


def test_parameters_left_out_have_the_models_defaults() -> None:
    spec = Spec.from_mapping(described())
    assert list(spec.points()) == [
        {
            "N": 50,
            "J": J,
            "h": 0.1,
            "kappa_0": 1.0,
            "kappa_min": 0.0,
            "beta": 0.0,
            "A": 1.0,
            "coupling": "stored",
        }
        for J in (0.1, 0.2)
    ]
    assert spec.size == 2


@given(
    low=st.floats(1e-6, 1e6),
    ratio=st.floats(1.5, 1e6),
    count=st.integers(2, 40),
    spacing=st.sampled_from(["linear", "log"]),
)
def test_a_range_has_its_ends_and_even_steps(low: float, ratio: float, count: int, spacing: str) -> None:
    table = {"from": low, "to": low * ratio, "points": count, "spacing": spacing}
    values = np.array(Spec.from_mapping(with_grid(J=table)).grid["J"])
    assert len(values) == count
    # 12 significant digits are kept: relative rounding 5e-12 at most
    np.testing.assert_allclose(values[[0, -1]], [low, low * ratio], rtol=5e-12)
    steps = np.diff(np.log(values) if spacing == "log" else values)
    scale = np.abs(np.log(values)).max() + 1 if spacing == "log" else values.max()
    np.testing.assert_allclose(steps, steps.mean(), atol=2e-11 * scale)


def test_a_range_of_sizes_is_whole() -> None:
    table = {"from": 100, "to": 800, "points": 4, "spacing": "log"}
    assert Spec.from_mapping(with_grid(N=table)).grid["N"] == (100, 200, 400, 800)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_canonical_text_keeps_every_float(value: float) -> None:
    assert json.loads(canonical({"value": value}))["value"] == value


LATTICE: dict[str, Any] = {"model": "lattice_gps", "samples": 3, "grid": {"L": 4, "J": [0.0, 0.2]}}


@pytest.mark.parametrize("start", ["zero", "decoupled"])
def test_a_lattice_without_field_is_not_started_on_its_saddle(start: str) -> None:
    with pytest.raises(SpecError, match=rf"protocol\.start = '{start}': .* write start = 'kick'") as caught:
        Spec.from_mapping({**LATTICE, "protocol": {"start": start}})
    assert "\n" not in str(caught.value)
    problem = lattice_gps.draw(lattice_gps.GPSLattice(L=4, J=0.2), seed=1, sample=0)
    found = quartic.minimize(problem, start=start, check=False)
    assert not found.x.any()
    assert found.status == "saddle"


@pytest.mark.parametrize(
    ("parameters", "start", "refused"),
    [
        ({"kappa_min": 1.0, "J": 0.51}, "decoupled", True),  # M = 1 + J: the semicircle's edge is at 1 - 2 J
        ({"kappa_min": 1.0, "J": [0.1, 0.51]}, "zero", True),
        ({"kappa_min": 1.0, "J": 0.49}, "decoupled", False),
        (
            {"kappa_min": 0.0, "J": 0.01},
            "decoupled",
            True,
        ),  # stiffnesses down to zero give way to any coupling
        ({"kappa_min": 0.0, "J": 0.0}, "decoupled", False),
        ({"kappa_min": -1.0, "J": 0.01}, "zero", True),
        ({"kappa_min": -1.0, "J": 0.01}, "decoupled", False),  # starts in the wells
        ({"kappa_min": 1.0, "J": 0.51, "h": 0.1}, "zero", False),
        ({"kappa_min": 1.0, "J": 0.51}, "random", False),
    ],
)
def test_mean_field_without_field_is_not_started_on_its_saddle(
    parameters: dict[str, Any], start: str, refused: bool
) -> None:
    """One rule for all models; here the saddle is one for large N, beyond the critical coupling."""
    table = {
        "model": "khgps",
        "samples": 1,
        "grid": {"N": 100, "h": 0.0, "kappa_0": 1.0} | parameters,
        "protocol": {"start": start},
    }
    if refused:
        with pytest.raises(SpecError, match=rf"^protocol\.start = '{start}': .* write start = 'kick' or"):
            Spec.from_mapping(table)
    else:
        Spec.from_mapping(table)


@pytest.mark.parametrize(
    "change",
    [
        {"protocol": {"start": "kick"}},
        {"protocol": {"start": "random"}},
        {"protocol": {"field_path": "falling"}},  # starts in a strong field
        {"grid": {"L": 4, "J": 0.2, "h": 0.1}},
        {"grid": {"L": 4, "J": 0.0}},  # x = 0 is the minimum
    ],
)
def test_a_lattice_is_swept_from_other_starts(change: dict[str, Any]) -> None:
    assert Spec.from_mapping(LATTICE | change).model == "lattice_gps"


def test_excitations_need_minima_that_have_converged() -> None:
    for name in ("nonlinear", "heat"):
        with pytest.raises(SpecError, match=r"protocol\.tol = 0\.001: must be at most 0\.0001"):
            Spec.from_mapping(described(protocol={"tol": 1e-3}, measure={name: True}))


@pytest.mark.parametrize("source", [None, 3, [1]])
def test_what_describes_no_sweep_is_named(source: Any) -> None:
    with pytest.raises(SpecError, match=re.escape(f"spec = {source}: must be a Spec, a mapping or the path")):
        as_spec(source)
