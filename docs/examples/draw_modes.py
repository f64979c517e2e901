"""Frequencies and bins as a simulation might leave them: fast.csv, slow.csv and bins.csv, of known laws.

The two glasses have 200 samples of 1000 particles in three dimensions, of which the modes below 0.9 THz are
kept, D = A_g omega^4 with A_g = 0.05 and 0.02 THz^-5. The bins count all modes of 200 samples for
D = 0.005 omega^2 + 0.01 omega^4 exp(-(omega/2)^2), a Debye part with a boson peak at 2.
"""

import csv

import numpy as np

rng = np.random.default_rng(7)
SAMPLES, MODES = 200, 3000

for name, prefactor in (("fast.csv", 0.05), ("slow.csv", 0.02)):
    with open(name, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["sample", "frequency (THz)"])
        for sample in range(SAMPLES):
            count = rng.binomial(MODES, prefactor * 0.9**5 / 5)
            rows.writerows([sample, f"{omega:.6f}"] for omega in sorted(0.9 * rng.random(count) ** 0.2))

edges = np.linspace(0.0, 3.2, 65)
middle, width = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
density = 0.005 * middle**2 + 0.01 * middle**4 * np.exp(-((middle / 2.0) ** 2))
counts = rng.poisson(SAMPLES * MODES * density * width)
with open("bins.csv", "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["low (THz)", "high (THz)", "counts"])
    rows.writerows(
        (f"{low:.2f}", f"{high:.2f}", n) for low, high, n in zip(edges, edges[1:], counts, strict=False)
    )
