"""The cost of an answer: core-seconds until sampling leaves 5 percent of A_at_cut, and of A_g, by way and N.

By the sweep's own route, in seconds of one processor. "20 modes" is what a sweep measures by default; "5
modes" is enough for the window of `tail`; "below" keeps the modes below omega_cut alone, and proves of most
samples by one factor that they have none. Half a mode per sample lies below omega_cut, but in rows "at 2000"
it is that of N = 2000: D there does not hang on N, so the error of A_g hangs on N times the samples. The
dispersion is the variance of the number of modes below omega_cut over its mean, by resampling a pilot of
N = 500; that of all N, and omega_cut goes as N^(-1/5). The allowance for a bend comes on top.
"""

from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

import landscape
import qle
from benchmarks.timing import timed_on_processor
from qle.description.identity import Arrays, Identity
from qle.description.spec import Spec
from qle.measurements.sample import measure_range
from qle.statistics import tail
from qle.statistics.samples_needed import samples_needed
from qle.statistics.tail_law import MODES_PER_SAMPLE

COUPLINGS, FIELD, ERROR = (0.06, 0.1, 0.3), 0.01, 0.05
SIZES = ((200, 60), (500, 24), (2000, 12), (16000, 1))  # N, and samples that are timed
PILOT, REFERENCE, REPEATS = (500, 600), 2000, 2
WAYS: tuple[dict[str, Any], ...] = ({"modes": 20}, {"modes": 5})


class Law(NamedTuple):
    """omega_cut at a size, how many modes per sample lie below it, and the dispersion of their number."""

    N: int
    cut: float
    dispersion: float
    modes: float = MODES_PER_SAMPLE

    def at(self, N: int) -> "Law":
        """Return that of another size, with as many modes below."""
        return self._replace(N=N, cut=self.cut * (self.N / N) ** 0.2)


def run() -> list[dict[str, Any]]:
    """Return a row for each J, N and way."""
    before = landscape.threads.count()
    landscape.set_threads(1)
    try:
        with threadpool_limits(1):
            return [row for j in COUPLINGS for row in _rows(j)]
    finally:
        landscape.set_threads(before)


def _rows(j: float) -> list[dict[str, Any]]:
    known, rows = pilot(j, *PILOT), []
    for N, timed in SIZES:
        law = known.at(N)
        below = {"modes": 8, "complete_below": law.cut}
        ways = [*((f"{way['modes']} modes", way, law) for way in WAYS), ("below", below, law)]
        if N < REFERENCE:
            there = law._replace(cut=known.at(REFERENCE).cut, modes=MODES_PER_SAMPLE * N / REFERENCE)
            ways.append(("below, at 2000", {"modes": 8, "complete_below": there.cut}, there))
        for name, way, one in ways:
            rows.append({"J": j, "N": N, "way": name} | cost(one, seconds(j, N, timed, way)))
            print(f"  J = {j}, N = {N}, {name}: {rows[-1]['ms a sample']:.3g} ms a sample", flush=True)
    return rows


def cost(law: Law, each: float) -> dict[str, Any]:
    """Return the samples that the error takes, and the core-seconds, at so many seconds each."""
    count, limit = samples_needed(ERROR / law.dispersion**0.5, modes_per_sample=law.modes)
    return {
        "omega_cut": law.cut,
        "modes a sample": law.modes,
        "dispersion": law.dispersion,
        "ms a sample": 1e3 * each,
        "samples for A_at_cut": count,
        "core s for A_at_cut": count * each,
        "samples for A_g": limit,
        "core s for A_g": limit * each,
    }


def pilot(j: float, N: int, samples: int) -> Law:
    """Return what a pilot of so many samples finds."""
    found = tail(qle.spectra(measured(j, N, {"modes": 20}, 0, samples)["frequency"], N)).squeeze()
    relative = float(found.A_at_cut_error / found.A_at_cut)
    return Law(N, float(found.omega_cut), relative**2 * int(found.n_modes))


def seconds(j: float, N: int, samples: int, way: dict[str, Any]) -> float:
    """Return the processor seconds of a sample, the least of some repeats."""
    measured(j, min(N, 2500), way, 0, 1)  # compiles
    repeats = REPEATS if samples > 1 else 1  # of the largest, each takes up to a minute
    taken = (timed_on_processor(lambda: measured(j, N, way, 0, samples))[0] for _ in range(repeats))
    return min(taken) / samples


def measured(j: float, N: int, way: dict[str, Any], start: int, stop: int) -> Arrays:
    """Return what a sweep stores of some samples."""
    spec = Spec(model="khgps", samples=stop, grid={"N": N, "h": FIELD, "J": j}, measure=way)  # type: ignore[arg-type]
    point: Identity = {**spec.series, "parameters": next(spec.points())}
    return measure_range(point, start, stop)
