"""Plant errors in the packages, one at a time, and list those that no test sees.

``python -m tests.mutation [PATH ...]``: the tests are run once to note which functions each executes (kept
in build/mutants for the next time, test file by test file); then errors drawn at random are planted in copies
of the tree, and the tests that execute the place are run. Errors that change no result are listed in
equivalent.toml.
"""

import argparse
import json
import os
import queue
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.mutation.changes import planted
from tests.mutation.choice import Choice, Mutant, sample
from tests.mutation.reach import PACKAGES
from tests.mutation.trees import Tree

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "mutants"


def main() -> int:
    """Return 1 if an error survived."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("paths", nargs="*", help="packages, folders or files; by default all")
    parser.add_argument("--count", type=int, default=100, help="errors planted")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="at a time")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    trees: queue.Queue[Tree] = queue.Queue()
    for k in range(options.cores):
        trees.put(Tree(ROOT, BUILD / str(k)))
    choice = Choice(ROOT, note_reach(trees))
    mutants = sample(ROOT, options.paths, options.count, options.seed)
    check_that_right_text_passes(trees, choice, mutants)
    ends: Counter[tuple[str, str]] = Counter()

    def run(mutant: Mutant) -> tuple[str, str]:
        tests, more = choice.tests(mutant)
        if not tests:
            return "not run", "    no test executes it"
        tree = trees.get()
        try:
            began = time.monotonic()
            text = planted((ROOT / mutant.file).read_text(encoding="utf-8"), mutant.change)
            limit = 120.0 + 4.0 * sum(choice.seconds[test] for test in tests)
            end = "survived" if tree.survives(mutant.file, text, tests, limit) else "killed"
            return end, f"    {len(tests)} tests, {more} more not run, {time.monotonic() - began:.0f} s"
        finally:
            trees.put(tree)

    with ThreadPoolExecutor(options.cores) as pool:
        for mutant, (end, how) in zip(mutants, pool.map(run, mutants), strict=True):
            ends[mutant.file.split("/")[0], end] += 1
            if end != "killed":
                print(f"{end}: {mutant}\n{how}", flush=True)
    print_totals(ends)
    return int(any(end != "killed" for _, end in ends))


def note_reach(trees: "queue.Queue[Tree]") -> dict[str, Any]:
    """Return what each test executes; the files of tests that changed since it was noted are run again."""
    kept = BUILD / "reach.json"
    known: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    files = sorted(path for top in PACKAGES for path in (ROOT / "tests" / top).rglob("test_*.py"))
    digests = {file.relative_to(ROOT).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}

    def run(file: str) -> tuple[str, dict[str, Any]]:
        tree = trees.get()
        try:
            noted = tree.folder.parent / "reach.json"
            noted.unlink(missing_ok=True)
            tree.test("-p", "tests.mutation.reach", f"--reach={noted}", "--maxfail=9", file)
            return file, json.loads(noted.read_text())
        finally:
            trees.put(tree)

    stale = [file for file, digest in digests.items() if known.get(file, {}).get("digest") != digest]
    with ThreadPoolExecutor(trees.qsize()) as pool:
        for file, tests in pool.map(run, stale):
            known[file] = {"digest": digests[file], "tests": tests}
            kept.write_text(json.dumps(known), encoding="utf-8")
    return {test: row for file in digests for test, row in known[file]["tests"].items()}


def check_that_right_text_passes(trees: "queue.Queue[Tree]", choice: Choice, mutants: list[Mutant]) -> None:
    """Raise RuntimeError where tests are not there, or fail without an error: they would kill everything."""
    tree = trees.get()
    chosen = [choice.tests(mutant)[0] for mutant in mutants]
    every = sorted({test for tests in chosen for test in tests})
    if every and tree.test("--collect-only", *every):
        raise RuntimeError(
            f"the tests have changed: remove {BUILD / 'reach.json'}, and what they run is noted anew"
        )
    if every and tree.test(*sorted({test for tests in chosen for test in tests[:2]})):
        raise RuntimeError("tests fail without an error planted; `make test` says which")
    trees.put(tree)


def print_totals(ends: Counter[tuple[str, str]]) -> None:
    """Print how many errors were planted and killed, by package."""
    print("package      planted  killed  survived  not run")
    for name in [*PACKAGES, "all"]:
        counts = [
            sum(n for (package, e), n in ends.items() if e == end and name in (package, "all"))
            for end in ("killed", "survived", "not run")
        ]
        print(f"{name:<12}{sum(counts):>8}{counts[0]:>8}{counts[1]:>10}{counts[2]:>9}")


if __name__ == "__main__":
    sys.exit(main())
