"""Frequencies as others have them: drawn from a law with numpy, written with csv. Knows nothing of qle.

python -m tests.own_modes FILE [A_g] [N] [seed]
"""

import csv
import sys
from pathlib import Path

import numpy as np

SAMPLES = 200
TOP = 0.9


def draw(A_g: float, N: int, seed: int, samples: int = SAMPLES) -> list[np.ndarray]:
    """Return for each sample those of its N independent modes that are below TOP, for D = A_g omega^4 there.

    A mode is below omega <= TOP with the probability A_g omega^5/5.
    """
    rng = np.random.default_rng(seed)
    counts = rng.binomial(N, A_g * TOP**5 / 5.0, size=samples)
    return [np.sort(TOP * rng.random(count) ** 0.2) for count in counts]


def write(path: Path, lists: list[np.ndarray], heading: tuple[str, str] = ("sample", "omega (THz)")) -> None:
    """Write a row for each frequency."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(heading)
        rows.writerows([s, repr(float(omega))] for s, modes in enumerate(lists) for omega in modes)


if __name__ == "__main__":
    given = sys.argv[2:] + ["0.05", "1500", "1"][len(sys.argv) - 2 :]
    write(Path(sys.argv[1]), draw(float(given[0]), int(given[1]), int(given[2])))
