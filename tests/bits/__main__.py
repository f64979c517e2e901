"""What the code computes today, as hashes: ``python -m tests.bits FILE`` writes them, or compares.

Before a change that must change no number, write them; after it, the same command names every result that is
no longer the same to the last bit, and ends with status 1. The hashes hang on the processor and on BLAS, so
none is kept in the repository: both runs are yours, on one machine, with ``OPENBLAS_NUM_THREADS=1``. A minute
or two; ``python -m tests.bits FILE modes drive`` only does the parts named.
"""

import json
import sys
import time
from pathlib import Path

from tests.bits import bench, engine, models
from tests.bits.digest import digest

PARTS = {**models.PARTS, **engine.PARTS, **bench.PARTS}


def main(path: Path, names: list[str]) -> int:
    """Write the hashes of some parts to a new file, or compare with an old one; return the exit status."""
    found: dict[str, str] = {}
    for part in names or PARTS:
        began = time.perf_counter()
        own = {f"{part}: {name}": digest(value) for name, value in PARTS[part]()}
        print(f"{part}: {len(own)} results, {time.perf_counter() - began:.1f} s", flush=True)
        found |= own
    if not path.exists():
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        return 0
    before = json.loads(path.read_text(encoding="utf-8"))
    changed = [name for name, value in found.items() if before.get(name, value) != value]
    new = sum(name not in before for name in found)
    gone = [] if names else sorted(set(before) - set(found))
    for name in changed:
        print(f"changed: {name}")
    for name in gone:
        print(f"gone: {name}")
    print(f"{len(found) - len(changed) - new} the same, {len(changed)} changed, {new} new, {len(gone)} gone")
    return int(bool(changed or gone))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
