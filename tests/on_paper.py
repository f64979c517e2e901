"""What docs/claims.json says that a quick run of the experiments finds."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from qle.verification.comparison import Comparison

PAGE = Path(__file__).parents[1] / "docs" / "claims.json"
STATED = ("scale", "chance", "bound")
OF_CHANCE = re.compile(
    r"\b\d+(?= and \d+ modes)"
    r"|(?<![.\d])\d+(?= (of|modes|more|cubic|softest|largest|lowest|first|soft sites|second|samples in|\+-))"
    r"|\d+(?= fields)"
    r"|(?<=\+- )\d+|(?<=omega < )\S+"
)


def differences(found: Iterable[Comparison], *, measured: bool = True) -> list[str]:
    """Return how comparisons differ from the page; where they do rightly, `qle verify` must renew it.

    Predictions are to agree to 1e-6, what is measured to a tenth of its error or tolerance: other seeds,
    numbers of samples and cut-offs do not; on another processor a sample in a thousand may end in another
    minimum. Unless `measured`, what hangs on the samples is not looked at: they were others.
    """
    rows = json.loads(PAGE.read_text(encoding="utf-8"))["rows"]
    page = {(one["claim"], one["quantity"]): one for row in rows for one in row["comparisons"]}
    return [text for one in found for text in _apart(one, page.get((one.claim, one.quantity)), measured)]


def _apart(one: Comparison, row: dict[str, Any] | None, measured: bool) -> list[str]:
    place = f"{one.claim}, {one.quantity}"
    if row is None:
        return [f"{place}: is not there"]
    told: dict[str, Any] = {name: row[name] for name in STATED}
    others = [(name, pytest.approx(value, rel=1e-6)) for name, value in row["alternatives"]]
    told["alternatives"] = tuple(others) if one.chance != "law" or measured else one.alternatives
    told["predicted"] = pytest.approx(row["predicted"], rel=1e-6)
    if measured:
        near = 0.1 * max(one.error, one.tolerance)
        told |= {name: pytest.approx(row[name], rel=1e-6, abs=near) for name in ("measured", "error")}
        told["p_value"] = None if row["p_value"] is None else pytest.approx(row["p_value"], abs=0.1)
        told["tolerance"] = pytest.approx(row["tolerance"], rel=0.1)
        told["size"] = float("inf") if row["size"] is None else row["size"]
    apart = [
        f"{name} = {getattr(one, name)}, not {value}"
        for name, value in told.items()
        if getattr(one, name) != value
    ]
    how, written = (OF_CHANCE.sub("#", text) for text in (one.how, row["how"]))
    return [
        f"{place}: {text}" for text in [*apart, *([f"how = {how}, not {written}"] if how != written else [])]
    ]
