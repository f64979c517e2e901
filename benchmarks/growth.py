"""Growth of the work: products of L-BFGS to |g| = 1e-10 of the typical force, against N and J."""

from pathlib import Path
from typing import Any

import numpy as np

import khgps
import quartic
from qle.figures import style
from qle.figures.captions import below

FIGURE = Path("docs/figures/growth.svg")
SIZES = {500: 32, 1000: 24, 2000: 16, 4000: 8, 8000: 4, 16000: 2}
"""Samples of each size."""

COUPLINGS = (0.03, 0.1, 0.3, 0.5)
FIELD = 0.01
(_FIRST, _MANY), *_, (_LAST, _FEW) = SIZES.items()
CAPTION = (
    "Products of L-BFGS from $x = 0$ to forces of $10^{-10}$ of the typical one, KHGPS at "
    f"$h$ = {FIELD:g}: means over {_MANY} samples ($N$ = {_FIRST}) to {_FEW} ($N$ = {_LAST:,}). Powers of "
    "$N$ are fitted, with errors from the scatter of samples."
)


def run() -> list[dict[str, Any]]:
    """Return one row per J: the mean products of each size, and the exponent of their growth with its error.

    The exponent is fitted to log(mean products) against log N, weighted by the scatter of the samples; its
    error is that of the fit, where the samples of all sizes are independent. Writes the figure.
    """
    rows = []
    for j in COUPLINGS:
        products = {n: [_products(n, j, s) for s in range(count)] for n, count in SIZES.items()}
        mean = np.array([np.mean(p) for p in products.values()])
        relative = np.concatenate([np.array(p) / np.mean(p) for p in products.values()])
        spread = np.std(relative, ddof=len(SIZES))
        error = spread / np.sqrt(list(SIZES.values()))
        (slope, _), covariance = np.polyfit(
            np.log(list(SIZES)), np.log(mean), 1, w=1.0 / error, cov="unscaled"
        )
        row: dict[str, Any] = {"J": j, "exponent": slope, "exponent error": float(np.sqrt(covariance[0, 0]))}
        rows.append(row | {f"N = {n}": float(m) for n, m in zip(SIZES, mean, strict=True)})
        print(f"  J = {j}: products ~ N^{slope:.2f}", flush=True)
    _draw(rows)
    return rows


def _products(n: int, j: float, sample: int) -> int:
    problem = khgps.draw(khgps.KHGPS(N=n, J=j, h=FIELD), seed=3, sample=sample)
    return quartic.minimize(problem, start="zero", certify=False).products


def _draw(rows: list[dict[str, Any]]) -> None:
    with style.one_look():
        figure = style.figure(4.0, 3.2)
        axes = figure.subplots()
        sizes = np.array(list(SIZES))
        for row, colour, marker in zip(rows, style.shades(len(rows)), style.MARKERS, strict=False):
            means = [row[f"N = {n}"] for n in SIZES]
            label = rf"$J = {row['J']}$: $N^{{{row['exponent']:.2f} \pm {row['exponent error']:.2f}}}$"
            axes.loglog(sizes, means, marker + "-", color=colour, label=label, markersize=4)
        axes.set_xlabel("$N$")
        axes.set_ylabel("products $Jx$ per minimum")
        axes.legend(fontsize=7)
        below(figure, CAPTION)
        FIGURE.parent.mkdir(parents=True, exist_ok=True)
        style.save(figure, FIGURE)
