"""Print a BLAS kernel other than the one in use, a value for OPENBLAS_CORETYPE; stderr says what is loaded.

`make test` runs the numerical tests once more under that kernel: kernels differ in the last digits, and no
result may hang on those. numpy and scipy bring a library each. The kernel is the first of `KERNELS` that a
process of its own loads in both and multiplies with. Where there is none, an empty line is printed.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

KERNELS = ("Haswell", "SkylakeX", "Nehalem", "ARMV8")
ALIKE = {"Zen": "Haswell", "Cooperlake": "SkylakeX", "SapphireRapids": "SkylakeX"}  # nearly the same sums
PROBE = """
import json, numpy, scipy.linalg, threadpoolctl
a = numpy.random.default_rng(1).normal(size=(99, 99))
for inverse in (numpy.linalg.inv(a), scipy.linalg.inv(a)):
    numpy.testing.assert_allclose(a @ inverse, numpy.eye(99), atol=1e-10)
print(json.dumps([one for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas"]))
"""


def loaded(kernel: str | None = None) -> list[dict[str, str]]:
    """Return what threadpoolctl finds under that kernel, or without one named; [] if it does not run here."""
    environment = os.environ | ({"OPENBLAS_CORETYPE": kernel} if kernel else {})
    probe = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, check=False)
    found: list[dict[str, str]] = json.loads(probe.stdout) if probe.returncode == 0 else []
    return found


def kinds(libraries: list[dict[str, str]]) -> set[str]:
    """Return the kinds of kernels of the libraries that are OpenBLAS."""
    names = [one["architecture"] for one in libraries if one["internal_api"] == "openblas"]
    return {ALIKE.get(name, name) for name in names}


def second(present: set[str]) -> str | None:
    """Return the first kernel that is not present and that all libraries load."""
    return next((one for one in KERNELS if one not in present and kinds(loaded(one)) == {one}), None)


def describe(one: dict[str, str]) -> str:
    """Return a library, its version, its kernel and whose it is."""
    place = Path(one["filepath"]).parent.name
    return f"{one['internal_api']} {one['version']} {one.get('architecture', '')} ({place})"


if __name__ == "__main__":
    libraries = loaded()
    kernel = second(kinds(libraries)) if kinds(libraries) else None
    then = f"the numerical tests run again under {kernel}" if kernel else "no second kernel to test under"
    print(f"BLAS: {', '.join(map(describe, libraries)) or 'unknown'}; {then}", file=sys.stderr)
    print(kernel or "")
