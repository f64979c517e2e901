"""Files of sweeps (TOML) and of measured data (tables), with mistakes in them."""

from collections.abc import Callable

import numpy as np

NUMBERS = (
    "0", "1", "-1", "3", "0.1", "1e-3", "1e400", "inf", "-inf", "nan", "0x10", "0b1", "1_000", "+3", "1e5",
    "9" * 5000, "0x" + "f" * 5000, "4294967296", "18446744073709551616", "1e-320", "-0.0", "00", "0.1.2",
)  # fmt: skip
VALUES = (
    *NUMBERS, '"lbfgs"', '"fire"', '"random"', '"kick"', '"decoupled"', '"khgps"', '"lattice_gps"',
    '"lbfg"', "true", "false", "[]", "[0.1, 0.2]", "[0.1, 0.1]", '["a", 1]', "[[1]]", "{}",
    "{ from = 0.1, to = 0.3, points = 3 }", "{ from = 1, to = 0.3, points = 1 }",
    "{ from = 0.1, to = inf, points = 1000000 }", "2020-01-01", "07:32:00",
    "{ from = 0.1, to = 1, points = 5, spacing = 'log' }", "'all'", '""', "'''x\n'''", '"\\u0000"', '"ä"',
    "[", "[" * 3000, "[" * 90 + "]" * 90, "{a=" * 50 + "1" + "}" * 50, "", "1979-05-27T07:32:00Z",
    "{ from = 0.1 }",
)  # fmt: skip
TABLES: dict[str, dict[str, str]] = {
    "": {"model": '"khgps"', "samples": "3", "seed": "1"},
    "grid": {"N": "30", "h": "0.1", "J": "[0.1, 0.2]", "kappa_0": "1.0", "kappa_min": "0.0", "beta": "0.0",
             "A": "1.0"},
    "protocol": {"method": '"lbfgs"', "start": '"decoupled"', "tol": "1e-10", "max_products": "1000",
                 "starts": "1", "field_path": '"constant"', "field_steps": "30"},
    "measure": {"modes": "5", "chi": "false", "nonlinear": "false", "wells": "false", "heat": "false"},
    "target": {"error": "0.1"},
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "utf-32", "utf-7")


def toml(rng: np.random.Generator) -> bytes:
    """Return the file of a sweep with a few mistakes."""
    lines = []
    for section, keys in TABLES.items():
        if section in ("measure", "target", "protocol") and rng.random() < 0.5:
            continue
        if section:
            lines.append(f"[{section}]" if rng.random() < 0.98 else f"[[{section}]")
        for key, value in keys.items():
            if rng.random() < 0.1:
                value = str(rng.choice(VALUES))
            if rng.random() < 0.01:
                key = "".join(rng.permutation(list(key)))
            if rng.random() < 0.97:
                lines.append(f"{key} = {value}" + ("  # comment: ä" if rng.random() < 0.1 else ""))
    return _encode(rng, "\n".join(lines) + "\n")


def table(rng: np.random.Generator) -> bytes:
    """Return a table of a specific heat with some mistakes, in one of the forms that people have."""
    separator = str(rng.choice([",", ";", "\t", " ", ", ", " ; ", "|"]))
    names = ["T", "C", "C_error"][: rng.integers(1, 4)] + ["weight"] * int(rng.integers(0, 2))
    T = np.sort(10.0 ** rng.uniform(-2.0, 2.0, size=rng.integers(0, 12)))
    scale = 10.0 ** rng.choice([0.0, 0.0, 0.0, -200.0, 200.0, -310.0, 60.0])
    rows = [
        [f"{x:.6g}" for x in (t, scale * (t + 0.3 * t**3), scale * 0.02 * t, 1.0)[: len(names)]] for t in T
    ]
    for row in rows:
        if rng.random() < 0.05:
            row[rng.integers(len(row))] = str(rng.choice([*NUMBERS, "", "x", '"', "1,5", "1.234,5", "#"]))
    quote = '"' if rng.random() < 0.2 else ""
    lines = [separator.join(f"{quote}{word}{quote}" for word in row) for row in [names, *rows]]
    if rng.random() < 0.3:
        lines = [line.replace(".", ",") for line in lines]
    for _ in range(rng.poisson(0.5)):
        lines.insert(
            int(rng.integers(len(lines) + 1)),
            str(rng.choice(["", "# note", "%", ",,,", "   ", "1", "\0", '"'])),
        )
    return _encode(rng, "\n".join(lines) + "\n")


def _encode(rng: np.random.Generator, text: str) -> bytes:
    changes: tuple[Callable[[str], str], ...] = (
        lambda t: t, lambda t: t, lambda t: t, lambda t: t,
        lambda t: t.replace("\n", "\r\n"), lambda t: t.replace("\n", "\r"), lambda t: t.replace("\n", "\n\n"),
        lambda t: t[: rng.integers(len(t) + 1)], lambda t: t * 2,
        lambda t: t.replace("=", "", 1), lambda t: "",
    )  # fmt: skip
    content = changes[rng.integers(len(changes))](text).encode(
        str(rng.choice(ENCODINGS)) if rng.random() < 0.4 else "utf-8", errors="replace"
    )
    if rng.random() < 0.1 and content:
        spoilt = bytearray(content)
        for _ in range(int(rng.integers(1, 5))):
            spoilt[rng.integers(len(spoilt))] = rng.integers(256)
        content = bytes(spoilt)
    return content
