"""A verification as text, Markdown and JSON."""

import json
import math
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qle.store.writing import replacing
from qle.verification.comparison import Comparison
from qle.verification.power import POWER, detectable
from qle.verification.verdicts import FALSE_ALARMS, Report, Row

HEAD = (
    "claim", "kind", "derivation", "property", "predicted", "measured", "pull", "would notice", "verdict",
)  # fmt: skip


def to_text(report: Report) -> str:
    """Return one aligned row per claim, for a terminal, and what the verdicts mean."""
    body = [list(HEAD)] + [_cells(row) for row in report.rows]
    widths = [max(len(line[i]) for line in body) for i in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in body]
    text = [line.rstrip() for line in lines]
    for row in report.rows:
        text += [f"{row.claim.id}: {fault}" for fault in (*faults(row), *blunt(row))]
    return "\n".join([*text, "", legend(report)])


def to_markdown(report: Report) -> str:
    """Return the table of claims and the table of comparisons."""
    lines = [
        "# Claims",
        "",
        f"Written by `qle verify{' --quick' if report.quick else ''}`. {legend(report)}",
        "",
    ]
    lines += _table(HEAD, [_cells(row) for row in report.rows])
    failing = [f"* `{row.claim.id}`: {fault}" for row in report.rows for fault in faults(row)]
    lines += ["", "## What failed", "", *failing] if failing else []
    lines += ["", "## Every comparison", ""]
    head = ("claim", "quantity", "predicted", "measured", "pull", "would notice", "how")
    rows = [
        [c.claim, c.quantity, number(c.predicted), measured(c), pull(c), noticed(c, level), c.how]
        for row in report.rows
        for c, level in zip(row.comparisons, row.levels, strict=True)
    ]
    lines += _table(head, rows)
    lines += ["", "## Alternatives", "", *_alternatives(report), "", "## Statements", ""]
    lines += [f"* **{r.claim.id}** ({r.claim.source}): {r.claim.statement}" for r in report.rows]
    lines += ["", "## Time", "", _time(report), ""]
    experiments = [o for o in report.outcomes if o.task.kind == "experiment"]
    lines += _table(("experiment", "seconds"), [[o.task.name, f"{o.seconds:.1f}"] for o in experiments])
    return "\n".join(lines) + "\n"


def to_json(report: Report) -> str:
    """Return all of it as JSON; numbers that are not finite are null."""
    rows = []
    for row in report.rows:
        comparisons = [
            {
                **_finite(asdict(c)),
                **_finite(dict(zip(("noticed_below", "noticed_above"), detectable(c, level), strict=True))),
                **_finite({"pull": c.pull, "level": level}),
                "rejected": rejected,
            }
            for c, rejected, level in zip(row.comparisons, row.rejected, row.levels, strict=True)
        ]
        rows.append(
            {
                "claim": asdict(row.claim),
                "derivation": row.derivation,
                "properties": row.properties,
                "comparisons": comparisons,
                "alternatives": [
                    {**told.alternative._asdict(), "power": told.power, "quantity": told.comparison.quantity}
                    for told in row.told
                ],
                "errors": list(row.errors),
                "verdict": row.verdict,
            }
        )
    everything = {
        "quick": report.quick,
        "false_alarms": FALSE_ALARMS,
        "tests": report.tests,
        "threshold": report.threshold,
        "rows": rows,
        "tasks": [
            {"kind": o.task.kind, "name": o.task.name, "seconds": round(o.seconds, 2)}
            for o in report.outcomes
        ],
    }
    return json.dumps(everything, indent=1, allow_nan=False) + "\n"


def write(report: Report, prefix: Path) -> tuple[Path, Path]:
    """Write PREFIX.md and PREFIX.json; return their paths."""
    paths = prefix.with_name(f"{prefix.name}.md"), prefix.with_name(f"{prefix.name}.json")
    for path, text in zip(paths, (to_markdown(report), to_json(report)), strict=True):
        with replacing(path) as file:
            file.write(text.encode())
    return paths


def legend(report: Report) -> str:
    """Return how the verdicts were reached."""
    counts = Counter(row.verdict for row in report.rows)
    return (
        f"{counts['holds']} hold, {counts['not tested sharply']} are not tested sharply, {counts['fails']} "
        f"fail, {counts['not tested']} not tested. {report.tests} statistical comparisons; the probability "
        f"that any of them rejects a true claim is at most {FALSE_ALARMS:.0%} (Holm): the most deviant one "
        f"is rejected beyond {report.threshold:.2f} sigma. Other comparisons hold within a stated tolerance; "
        "their pull is in units of it, marked t. A claim's numbers are those of the comparison nearest to "
        f'rejection. "Would notice" is the smallest deviation, down and up, that it rejects with a '
        f"probability of {POWER:g}; a claim is not tested sharply if an alternative that it names is not."
    )


def faults(row: Row) -> list[str]:
    """Return what failed in a row, in words."""
    found = [] if row.derivation in ("proved", "none") else [f"derivation: {row.derivation}"]
    found += [] if row.properties in ("passed", "none") else [f"property: {row.properties}"]
    found += [f"experiment: {error}" for error in row.errors]
    for c, rejected in zip(row.comparisons, row.rejected, strict=True):
        found += (
            [f"{c.quantity}: predicted {number(c.predicted)}, measured {measured(c)}"] if rejected else []
        )
    return [" ".join(text.split()) for text in found]


def blunt(row: Row) -> list[str]:
    """Return the alternatives that a row cannot tell from its claim, in words."""
    return [
        f"{told.alternative.name} would be rejected with a probability of {told.power:.2f} only"
        for told in row.told
        if told.power < POWER
    ]


def number(value: float) -> str:
    """Return a number to five digits."""
    return f"{value:.5g}"


def measured(comparison: Comparison) -> str:
    """Return "1.23 +- 0.04", or without an error where there is a tolerance or a law."""
    value, error = comparison.measured, comparison.error
    if comparison.chance in ("none", "law"):
        return number(value)
    if not (math.isfinite(value) and error > 0.0):
        return f"{number(value)} +- {number(error)}"
    places = 1 - math.floor(math.log10(error))
    size = max(abs(value), error)
    if -3 <= math.floor(math.log10(size)) < 6 and places >= 0:
        return f"{value:.{places}f} +- {error:.{places}f}"
    digits = max(0, places + math.floor(math.log10(size)))
    return f"{value:.{digits}e} +- {error:.1e}"


def pull(comparison: Comparison) -> str:
    """Return the pull; t where it is in units of the tolerance."""
    return f"{comparison.pull:.2f}" + (" t" if comparison.chance == "none" else "")


def noticed(comparison: Comparison, level: float) -> str:
    """Return the smallest deviations that a comparison rejects at a level, as "+- 0.12" or "-0.1, +0.2"."""
    low, high = (end - comparison.predicted for end in detectable(comparison, level))
    if high == 0.0:
        return "any"
    if math.isclose(-low, high, rel_tol=1e-6):
        return f"+- {high:.2g}"
    return ", ".join(f"{step:+.2g}" for step in (low, high) if not math.isnan(step)) or "none"


def _cells(row: Row) -> list[str]:
    derivation, properties = (
        {"none": "-"}.get(text, text if text in ("proved", "passed") else "FAILED")
        for text in (row.derivation, row.properties)
    )
    best = row.decisive
    shown = ["-"] * 4
    if best is not None:
        shown = [number(best.predicted), measured(best), pull(best), noticed(best, row.level(best))]
    return [row.claim.id, row.claim.kind, derivation, properties, *shown, row.verdict]


def _alternatives(report: Report) -> list[str]:
    rows = [
        [
            row.claim.id, told.alternative.name, number(told.comparison.predicted),
            number(told.alternative.value), f"{told.power:.3f}", told.comparison.quantity,
        ]
        for row in report.rows
        for told in row.told
    ]  # fmt: skip
    text = (
        "What readers might believe instead, the value that a number of the claim would have then, and the "
        "probability that this value is rejected, by the comparison that does it best."
    )
    return [text, "", *_table(("claim", "alternative", "predicted", "value then", "power", "by"), rows)]


def _time(report: Report) -> str:
    total = sum(outcome.seconds for outcome in report.outcomes)
    return (
        f"All tasks together took {total:.0f} seconds of one process. The experiments, the longest first, "
        "compilation and waiting for other work of the machine included:"
    )


def _table(head: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    lines = [list(head), ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }
