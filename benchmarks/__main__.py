"""Run the benchmarks, print their tables, and write benchmarks/results.json and docs/benchmarks.md.

`python -m benchmarks` runs all of them (up to three hours on 2 cores), `python -m benchmarks NAME ...` some,
and keeps the other results. Leave the machine alone meanwhile.
"""

import json
import multiprocessing
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pandas as pd
import scipy
from threadpoolctl import threadpool_info

from benchmarks import (
    bookkeeping,
    cost,
    crowd,
    descent,
    dynamics,
    explore,
    glass,
    growth,
    harmonic,
    lattice,
    modes,
    nonlinear,
    peers,
    product,
    replica_symmetric,
    report,
    rsb,
    sample,
    soft_potentials,
    structured,
    sweep,
)
from benchmarks.timing import timed

SECTIONS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        product,
        sample,
        peers,
        descent,
        explore,
        modes,
        harmonic,
        structured,
        growth,
        lattice,
        glass,
        nonlinear,
        replica_symmetric,
        rsb,
        dynamics,
        soft_potentials,
        sweep,
        cost,
        bookkeeping,
        crowd,
    )
}
OUTPUT, PAGE = Path("benchmarks/results.json"), Path("docs/benchmarks.md")


def main(names: list[str]) -> None:
    """Run the sections named, or all."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        sys.exit(f"benchmarks: {unknown[0]!r} is unknown: must be among {', '.join(SECTIONS)}")
    results: dict[str, Any] = json.loads(OUTPUT.read_text()) if OUTPUT.exists() else {"sections": {}}
    setting = _setting()
    for name in names or SECTIONS:
        title = str(SECTIONS[name].__doc__).strip().splitlines()[0].rstrip(".")
        print(f"\n{title}\n", flush=True)
        seconds, rows = timed(partial(_alone, name))
        if not rows:  # an optional library is missing: what was measured stays
            continue
        section: dict[str, Any] = {"title": title, "setting": setting, "minutes": seconds / 60.0}
        if name == "growth":
            section["figure"] = growth.FIGURE.relative_to(PAGE.parent).as_posix()
        section["rows"] = rows
        print(pd.DataFrame(section["rows"]).T.to_string(float_format=lambda v: f"{v:.3g}", header=False))
        results["sections"][name] = section
        OUTPUT.write_text(json.dumps(results, indent=1) + "\n")
        PAGE.write_text(report.page(results))
    print(f"\nsaved in {OUTPUT} and {PAGE}")


def _alone(name: str) -> list[dict[str, Any]]:
    """Return the rows of a section from a process of its own, whose peak memory owes nothing to others."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        rows: list[dict[str, Any]] = pool.submit(SECTIONS[name].run).result()
        return rows


def _setting() -> dict[str, Any]:
    blas = [one for one in threadpool_info() if one.get("internal_api") == "openblas"]
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "kernel": ", ".join(sorted({one["architecture"] for one in blas})) or "none",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "numba": numba.__version__,
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "unset"),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
