"""The saved measurements as a page of documentation."""

import math
from typing import Any

HEAD = """# Measurements

Written by `make bench`; the same numbers are in `benchmarks/results.json`.
Absolute times belong to the machine that a section names; ratios were taken within one run, each side in
turn. The plain script is `benchmarks/naive.py`: what one would write with numpy and scipy.
"""
SETTING = (
    "{cores} cores ({processor}, OpenBLAS kernels of {kernel}); "
    "Python {python}, numpy {numpy} and numba {numba}; {minutes:.1f} minutes in all."
)

Row = dict[str, Any]


def page(results: dict[str, Any]) -> str:
    """Return `results` (sections, each of a title, a setting and rows) as Markdown."""
    parts = [HEAD]
    for section in results["sections"].values():
        setting = SETTING.format(**section["setting"], minutes=section["minutes"])
        parts.append(f"## {section['title']}\n\n{setting}\n\n{_table(section['rows'])}")
        parts += [f"![{section['title']}]({section['figure']})\n"] if "figure" in section else []
    return "\n".join(parts)


def _table(rows: list[Row]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [columns, ["---"] * len(columns), *([_cell(row.get(key)) for key in columns] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)
