"""Run all benchmarks, print their tables, and write results/benchmarks.json."""

import json
import os
import platform
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import scipy

from benchmarks import replica_symmetric, sample

OUTPUT = Path("results/benchmarks.json")


def main() -> None:
    """Print and save everything; BLAS threads are as the user has them, for both sides."""
    setting = {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "numba": numba.__version__,
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "unset"),
    }
    print(", ".join(f"{key} {value}" for key, value in setting.items()))
    rows = sample.run()
    print(f"\n{sample.__doc__}")
    print(f"Seconds, medians of {sample.REPEATS} samples; ratio = naive / qle, pair by pair.\n")
    print(pd.DataFrame(rows).T.to_string(float_format=lambda v: f"{v:.3g}", header=False))
    solved = replica_symmetric.run()
    print(f"\n{replica_symmetric.__doc__}\n")
    print(pd.DataFrame(solved).to_string(index=False, float_format=lambda v: f"{v:.3g}"))
    OUTPUT.parent.mkdir(exist_ok=True)
    results = {"setting": setting, "sample": rows, "replica_symmetric": solved}
    OUTPUT.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nsaved in {OUTPUT}")


if __name__ == "__main__":
    main()
