"""How often the intervals of `qle.statistics.tail` hold the truth, on laws that bend: docs/statistics.md.

    python -m benchmarks.coverage FILE [TRIALS]

does 1000 trials of each law, kind of modes and number of samples in some ten minutes, writes each cell to
FILE as it is done, goes on from there when it is called again, and prints the tables.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from qle.statistics import tail

Array = npt.NDArray[np.float64]

N = 500
STORED = 14  # modes of each sample
RING = 8  # eigenphases of each random matrix
POOL = 30_000  # random matrices; samples are drawn from them, and turned by random angles
SAMPLES = (10, 30, 100, 200, 1000)
PART = 100_000  # samples at a time
FINE = np.linspace(0.0, 4.0, 40_001)  # frequencies at which laws are summed

LAWS: dict[str, Callable[[Array], Array]] = {
    "1": np.ones_like,
    "exp(0.3 x)": lambda x: np.exp(0.3 * x),
    "exp(-0.3 x)": lambda x: np.exp(-0.3 * x),
    "exp(0.6 x)": lambda x: np.exp(0.6 * x),
    "exp(-0.6 x)": lambda x: np.exp(-0.6 * x),
    "1/(1 + 0.6 x)": lambda x: 1.0 / (1.0 + 0.6 * x),
    "(1 + 1.2 x)^(1/2)": lambda x: np.sqrt(1.0 + 1.2 * x),
    "1 - 0.3 x": lambda x: np.maximum(1.0 - 0.3 * x, 0.1),
    "1/(1 + (0.6 x)^2)": lambda x: 1.0 / (1.0 + (0.6 * x) ** 2),
}
"""D/(A_g omega^4) of x = (omega/omega_half)^2; half a mode per sample lies below omega_half = 1."""

POWERS: dict[str, Callable[[Array], Array]] = {
    "omega^3": lambda x: np.maximum(x, 1e-12) ** -0.5,
    "omega^5": lambda x: x**0.5,
}
"""The same for laws that are not omega^4: what the flag is there for."""


def independent(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return Poisson points of density one, shape + (STORED,), ascending."""
    return np.cumsum(rng.exponential(size=(*shape, STORED)), axis=-1)


def uneven(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return Poisson points whose density differs from sample to sample by 45 percent."""
    return independent(rng, shape) / rng.gamma(5, 0.2, size=(*shape, 1))


def repelling(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return eigenphases of random symmetric unitary matrices: even density, repulsion as in glasses.

    U^T U with U uniform on the unitary group is the circular orthogonal ensemble (Dyson 1962).
    """
    count = min(POOL, int(np.prod(shape)))
    z = rng.normal(size=(count, RING, RING)) + 1j * rng.normal(size=(count, RING, RING))
    q, r = np.linalg.qr(z)
    diagonal = np.diagonal(r, axis1=1, axis2=2)
    q *= (diagonal / np.abs(diagonal))[:, np.newaxis, :]
    phases = np.angle(np.linalg.eigvals(np.swapaxes(q, 1, 2) @ q)) / (2 * np.pi)
    turned = phases[rng.integers(count, size=shape)] + rng.random((*shape, 1))
    return np.sort(turned % 1.0, axis=-1) * RING


KINDS = {"independent": independent, "repelling": repelling, "uneven": uneven}


def frequencies(number: Array, law: Callable[[Array], Array]) -> tuple[Array, float]:
    """Return frequencies of modes below which `number` modes per sample are expected, and A_g."""
    density = FINE**4 * law(FINE**2)
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(FINE)
    below = np.concatenate([[0.0], np.cumsum(steps)])
    rate = 0.5 / float(np.interp(1.0, FINE, below))
    grid = FINE[1:]
    return np.interp(number**0.2, (rate * below[1:]) ** 0.2, grid, left=0.0, right=grid[-1]), rate / N


def as_dataset(omega: Array) -> xr.Dataset:
    """Return trials as points of one sweep, from frequencies (trials, samples, modes)."""
    grid = ("trial", "sample")
    meaning = {"flag_values": np.array([0], np.int8), "flag_meanings": "converged"}
    status = np.zeros(omega.shape[:2], np.int8)
    return xr.Dataset(
        {"status": (grid, status, meaning), "frequency": ((*grid, "mode"), omega)},
        coords={"trial": np.arange(len(omega)), "sample": np.arange(omega.shape[1]), "N": N},
    )


def measure(law: Callable[[Array], Array], kind: str, samples: int, trials: int, seed: int) -> dict[str, Any]:
    """Return what `trials` data sets of one law gave: numbers covered, median lengths, flags, summed."""
    rng = np.random.default_rng([seed, samples, *kind.encode()])
    number = KINDS[kind](rng, (trials, samples))
    omega, A_g = frequencies(number, law)
    found = tail(as_dataset(omega), resamples=2)
    ends = ("A_g", "A_g_low", "A_g_high", "A_at_cut_low", "A_at_cut_high")
    logs = {name: np.log(np.maximum(found[name].values, 1e-300)) for name in ends}
    exponent = found["exponent_low"].values, found["exponent_high"].values
    given = np.isfinite(logs["A_g"])
    held = (logs["A_g_low"] <= np.log(A_g)) & (np.log(A_g) <= logs["A_g_high"])
    counted = (logs["A_at_cut_low"] <= np.log(A_g)) & (np.log(A_g) <= logs["A_at_cut_high"])
    return {
        "trials": trials,
        "A_g": int(held[given].sum()),
        "given": int(given.sum()),
        "flagged": int((found["verdict"].values == 1).sum()),
        "A_at_cut": int(counted.sum()),
        "exponent": int(((exponent[0] <= 4.0) & (exponent[1] >= 4.0)).sum()),
        "bias": float((logs["A_g"] - np.log(A_g))[given].sum()),
        "length": trials * _median(logs["A_g_high"] - logs["A_g_low"]),
        "plain length": trials * _median(logs["A_at_cut_high"] - logs["A_at_cut_low"]),
        "exponent length": trials * _median(exponent[1] - exponent[0]),
        "allowance": float(found["A_g_allowance"].values[given].sum()),
    }


def _median(lengths: Array) -> float:
    known = np.isfinite(lengths)
    return float(np.median(lengths[known])) if known.any() else 0.0


def run(path: Path, trials: int) -> dict[str, dict[str, Any]]:
    """Measure what is missing in the file, cell by cell, and return all cells."""
    cells: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
    for samples in SAMPLES:
        for name, law in {**LAWS, **POWERS}.items():
            for kind in KINDS:
                key = f"{samples}|{kind}|{name}"
                if cells.get(key, {}).get("trials", 0) < trials:
                    cells[key] = _in_parts(law, kind, samples, trials)
                    path.write_text(json.dumps(cells, indent=1))
    return cells


def _in_parts(law: Callable[[Array], Array], kind: str, samples: int, trials: int) -> dict[str, Any]:
    """Return the sums of `measure` over parts of the trials, to bound memory."""
    part, total = max(1, PART // samples), dict[str, Any]()
    for seed, done in enumerate(range(0, trials, part)):
        found = measure(law, kind, samples, min(part, trials - done), seed)
        total = {name: total.get(name, 0) + value for name, value in found.items()}
    return total


def tables(cells: dict[str, dict[str, Any]]) -> str:
    """Return the tables of docs/statistics.md; "-" for laws that were not measured."""
    lines = []
    for name, of in (("A_g", "given"), ("exponent", "trials"), ("A_at_cut", "trials")):
        lines += [f"{name}: coverage in percent, independent, repelling and uneven modes", "", *_head("law")]
        for law in LAWS:
            rows = ([cells.get(f"{S}|{kind}|{law}") for kind in KINDS] for S in SAMPLES)
            shares = [", ".join(f"{100 * c[name] / c[of]:.1f}" if c else "-" for c in row) for row in rows]
            lines.append(_row(law, shares))
        lines.append("")
    lines += _head("")
    for kind in KINDS:
        straight = [cells[f"{S}|{kind}|1"] for S in SAMPLES]
        ratios = [f"{c['length'] / c['plain length']:.2f}" for c in straight]
        lines.append(_row(f"length over that of the count, {kind}", ratios))
    for kind in KINDS:
        straight = [cells[f"{S}|{kind}|1"] for S in SAMPLES]
        shares = [f"{c['allowance'] / c['given']:.2f}" for c in straight]
        lines.append(_row(f"share of the allowance, {kind}", shares))
    straight = [cells[f"{S}|independent|1"] for S in SAMPLES]
    halves = [f"{0.5 * c['exponent length'] / c['trials']:.2f}" for c in straight]
    lines.append(_row("half an interval of the exponent", halves))
    for law in ("1", *POWERS):
        shares = [_flagged(cells.get(f"{S}|independent|{law}")) for S in SAMPLES]
        lines.append(_row(f"flagged, percent: {law}", shares))
    return "\n".join(lines)


def _flagged(cell: dict[str, Any] | None) -> str:
    return f"{100 * cell['flagged'] / cell['trials']:.1f}" if cell else "-"


def _head(first: str) -> list[str]:
    return [_row(first, [f"S = {S}" for S in SAMPLES]), "|---" * (1 + len(SAMPLES)) + "|"]


def _row(first: str, cells: list[str]) -> str:
    return f"| {first} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print(tables(run(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)))
