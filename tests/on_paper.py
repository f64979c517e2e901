"""What docs/claims.json says that a quick run of the experiments finds."""

import json
from pathlib import Path
from typing import Any

import pytest

from qle.verification.comparison import Comparison

PAGE = Path(__file__).parents[1] / "docs" / "claims.json"
NUMBERS = ("predicted", "measured", "error", "tolerance")
WORDS = ("how", "chance", "scale", "bound")


def differences(found: list[Comparison]) -> list[str]:
    """Return how comparisons differ from the page; where they do rightly, `qle verify` must renew it.

    Numbers are to agree to 1e-6, and to a thousandth of their error or tolerance: other seeds, numbers of
    samples, orders of quadratures and cut-offs do not, the last digits of another BLAS do.
    """
    rows = json.loads(PAGE.read_text(encoding="utf-8"))["rows"]
    page = {(one["claim"], one["quantity"]): one for row in rows for one in row["comparisons"]}
    return [text for one in found for text in _apart(one, page.get((one.claim, one.quantity)))]


def _apart(one: Comparison, row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return [f"{one.claim}, {one.quantity}: is not there"]
    near = 1e-3 * max(one.error, one.tolerance)
    told: dict[str, Any] = {name: pytest.approx(row[name], rel=1e-6, abs=near) for name in NUMBERS}
    told |= {name: row[name] for name in WORDS}
    told["size"] = float("inf") if row["size"] is None else row["size"]
    told["p_value"] = None if row["p_value"] is None else pytest.approx(row["p_value"], abs=1e-3)
    told["alternatives"] = tuple(
        (name, pytest.approx(value, rel=1e-6)) for name, value in row["alternatives"]
    )
    return [
        f"{one.claim}, {one.quantity}: {name} = {getattr(one, name)}, not {value}"
        for name, value in told.items()
        if getattr(one, name) != value
    ]
