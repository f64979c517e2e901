"""Structured against Gaussian couplings: the tables of docs/structured-coupling.md.

`python -m benchmarks.universality` prints them, in about ten minutes. Both ensembles share the stiffnesses
of a sample, so that differences are taken sample by sample; errors are those of independent samples.
"""

import dataclasses
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.integrate import simpson
from scipy.sparse.linalg import LinearOperator, cg

import khgps
import quartic
from landscape import disorder
from qle.statistics.resampling import resampling_weights, spread

Array = NDArray[np.float64]

POINTS = [(J, h) for J in (0.03, 0.1, 0.3) for h in (0.01, 0.1)]
SIZES = {128: 3000, 512: 800}
"""Samples of each size. The second is four times the first, which `extrapolate` counts on."""

NUMBERS = ("E/N", "m", "q", "chi", "field variance", "field skewness", "field kurtosis")
BINS = 8
LIMIT_POINTS = ((0.15, 0.1), (0.12, 0.005))
LIMIT_SIZES = {2**12: 400, 2**14: 100, 2**17: 40}
SPECTRA = 1024, 80
DIAGONAL = 64, 3000


class Ensemble(NamedTuple):
    """Of each sample the `NUMBERS`, (samples, 7), and all frequencies, (samples, N)."""

    numbers: Array
    omega: Array


def measure(params: khgps.KHGPS, samples: int) -> Ensemble:
    """Return samples minimised from zero; the field is h - (J x)_i - J^2 chi x_i, that of the cavity."""
    numbers, omega = [], []
    for sample in range(samples):
        problem = khgps.draw(params, seed=11, sample=sample)
        minimum = quartic.minimize(problem, start="zero")
        x = minimum.x
        eigenvalues = quartic.spectrum(problem, x)
        chi = np.mean(1.0 / eigenvalues)
        field = params.h - problem.coupling @ x - params.J**2 * chi * x
        law = (np.var(field), stats.skew(field), stats.kurtosis(field))
        numbers.append((minimum.energy / params.N, np.mean(x), np.mean(x**2), chi, *law))
        omega.append(np.sqrt(eigenvalues))
    return Ensemble(np.array(numbers), np.array(omega))


def shares(omega: Array, edges: Array) -> Array:
    """Return the share of the modes of each sample in the bins between the edges, (samples, bins)."""
    return np.array([np.histogram(row, edges)[0] / row.size for row in omega])


def mean_and_error(rows: Array) -> tuple[Array, Array]:
    """Return the mean over samples and its covariance."""
    return rows.mean(axis=0), np.cov(rows, rowvar=False) / len(rows)


def hotelling(mean: Array, covariance: Array, samples: int) -> float:
    """Return the probability of a larger chi-square, where `covariance` was estimated from `samples`."""
    p = mean.size
    square = float(mean @ np.linalg.solve(covariance, mean))
    return float(stats.f.sf(square * (samples - p) / (p * (samples - 1)), p, samples - p))


def tail_difference(gauss: Array, structured: Array) -> dict[str, str]:
    """Return ln(A_g ratio) and the difference of the exponents below one cut-off, half a mode per sample."""
    samples = len(gauss)
    cut = np.sort(np.concatenate([gauss.ravel(), structured.ravel()]))[samples]
    weights = np.concatenate([np.ones((1, samples)), resampling_weights(samples, 400)])
    counts = [weights @ (omega < cut).sum(axis=1) for omega in (gauss, structured)]
    logs = [weights @ np.log(cut / np.minimum(omega, cut)).sum(axis=1) for omega in (gauss, structured)]
    ratio = np.log(counts[1] / counts[0])
    exponent = counts[1] / logs[1] - counts[0] / logs[0]
    return {
        "ln A_g ratio": signed(ratio[0], float(spread(ratio[1:]))),
        "exponent": signed(exponent[0], float(spread(exponent[1:]))),
    }


def signed(value: float, error: float) -> str:
    """Return "+0.12 ± 0.30 (+0.4)": value, error, value/error."""
    return f"{value:+.2g} ± {error:.1g} ({value / error:+.1f})"


class Difference(NamedTuple):
    """Structured less Gaussian at one point: mean over samples, its covariance, the ensembles themselves."""

    mean: Array
    covariance: Array
    gauss: Ensemble
    structured: Ensemble


def difference(N: int, J: float, h: float, edges: Array | None) -> tuple[Difference, Array]:
    """Return the difference of the `NUMBERS` and of the shares of modes in bins, and the edges of the bins.

    Edges that are not given fill the bins alike; the last bin is left out, as shares add up to one.
    """
    gauss, structured = (
        measure(khgps.KHGPS(N=N, J=J, h=h, coupling=coupling), SIZES[N])
        for coupling in ("stored", "structured")
    )
    if edges is None:
        edges = np.quantile(gauss.omega, np.linspace(0.0, 1.0, BINS + 1)[:-1])
        edges[0] = 0.0
    rows = [np.hstack([e.numbers, shares(e.omega, edges)]) for e in (gauss, structured)]
    return Difference(*mean_and_error(rows[1] - rows[0]), gauss, structured), edges


def compare(J: float, h: float) -> tuple[dict[str, Any], ...]:
    """Return three rows: differences at the larger size, those extrapolated in 1/N, ratios of the scatter.

    Differences are in percent of the Gaussian mean, those of skewness and kurtosis as they are.
    """
    small, large = SIZES
    at_large, edges = difference(large, J, h, None)
    at_small, _ = difference(small, J, h, edges)
    mean = (4.0 * at_large.mean - at_small.mean) / 3.0
    covariance = (16.0 * at_large.covariance + at_small.covariance) / 9.0
    value = at_large.gauss.numbers.mean(axis=0)
    scale = np.where(
        [name in ("field skewness", "field kurtosis") for name in NUMBERS], 1.0, 0.01 * abs(value)
    )
    gauss, structured = at_large.gauss, at_large.structured
    ratio = np.std(structured.numbers, axis=0) / np.std(gauss.numbers, axis=0)
    return (
        {"J": J, "h": h}
        | _row(at_large.mean, at_large.covariance, scale)
        | tail_difference(gauss.omega, structured.omega),
        {"J": J, "h": h} | _row(mean, covariance, scale),
        {"J": J, "h": h} | dict(zip(NUMBERS, (f"{r:.2f}" for r in ratio), strict=True)),
    )


def _row(mean: Array, covariance: Array, scale: Array) -> dict[str, Any]:
    error = np.sqrt(np.diag(covariance))[: scale.size] / scale
    cells = zip(NUMBERS, mean[: scale.size] / scale, error, strict=True)
    row: dict[str, Any] = {name: signed(value, err) for name, value, err in cells}
    return row | {"joint p": f"{hotelling(mean, covariance, min(SIZES.values())):.2g}"}


def diagonal_rows() -> list[dict[str, Any]]:
    """Return what J_ii does: N times the relative difference from Gaussian couplings, at a small N."""
    N, samples = DIAGONAL
    rows = []
    for J in (0.03, 0.1, 0.3):
        plain = np.array([diagonal_sample(N, J, sample) for sample in range(samples)])
        value = N * (plain[:, 1:] - plain[:, :1]) / np.abs(plain[:, :1].mean(axis=0))
        mean, error = value.mean(axis=0), value.std(axis=0, ddof=1) / np.sqrt(samples)
        for k, kind in enumerate(("structured", "structured, J_ii removed", "Gaussian, with J_ii")):
            cells = {name: signed(mean[k, i], error[k, i]) for i, name in enumerate(("E/N", "q", "chi"))}
            rows.append({"J": J, "couplings": kind} | cells)
    return rows


def diagonal_sample(N: int, J: float, sample: int) -> Array:
    """Return (E/N, q, chi) of Gaussian couplings and of three changed ones, (4, 3)."""
    params = khgps.KHGPS(N=N, J=J, h=0.01)
    gauss = khgps.draw(params, seed=13, sample=sample)
    structured = khgps.draw(dataclasses.replace(params, coupling="structured"), seed=13, sample=sample)
    matrix = structured.coupling.dense()
    np.fill_diagonal(matrix, 0.0)
    removed = quartic.Problem(gauss.stiffness, matrix, gauss.field, gauss.anharmonicity)
    diagonal = J * np.sqrt(2.0 / N) * disorder.normal(N, seed=13, sample=sample, label="diagonal")
    added = quartic.Problem(gauss.stiffness + diagonal, gauss.coupling, gauss.field, gauss.anharmonicity)
    rows = []
    for problem in (gauss, structured, removed, added):
        minimum = quartic.minimize(problem, start="zero")
        rows.append((minimum.energy / N, np.mean(minimum.x**2), quartic.response(problem, minimum.x)))
    return np.array(rows)


def limit_rows(J: float, h: float) -> list[dict[str, Any]]:
    """Return measured minus predicted, at large N in the replica-symmetric phase, kappa_min = 0.1.

    chi and the mean of 1/lambda^2 from one random vector of signs v a sample: v.M^-1.v/N and |M^-1 v|^2/N.
    """
    rows = []
    for N, samples in LIMIT_SIZES.items():
        params = khgps.KHGPS(N=N, J=J, h=h, kappa_min=0.1, coupling="structured")
        solution = khgps.solve_rs(params)
        square = (1.0 - solution.replicon) / J**2  # E[1/k^2]
        expected = [solution.energy, solution.q, solution.chi, square / solution.replicon]
        measured = np.array([traces(params, sample) for sample in range(samples)])
        difference = measured - expected
        error = np.std(difference, axis=0, ddof=1) / np.sqrt(samples)
        cells = zip(
            ("E/N", "q", "chi", "mean 1/lambda^2"), difference.mean(axis=0), error, expected, strict=True
        )
        percent = {name: signed(100 * d / abs(e0), 100 * e / abs(e0)) for name, d, e, e0 in cells}
        rows.append({"J": J, "h": h, "N": N, "samples": samples} | percent)
    return rows


def limit_spectrum(J: float, h: float) -> dict[str, Any]:
    """Return how D(omega) of `SPECTRA` samples fits the solution: chi-square of `BINS` bins above the gap."""
    N, samples = SPECTRA
    params = khgps.KHGPS(N=N, J=J, h=h, kappa_min=0.1, coupling="structured")
    edges = np.linspace(0.95 * khgps.rs_gap(params), 1.0, BINS + 1)
    fine = np.linspace(edges[:-1], edges[1:], 65, axis=1)
    expected = simpson(khgps.rs_spectrum(params, fine), x=fine, axis=1)
    rows = []
    for sample in range(samples):
        problem = khgps.draw(params, seed=12, sample=sample)
        rows.append(np.sqrt(quartic.spectrum(problem, quartic.minimize(problem).x)))
    mean, covariance = mean_and_error(shares(np.array(rows), edges) - expected)
    worst = float(np.max(np.abs(mean) / np.sqrt(np.diag(covariance))))
    p = hotelling(mean, covariance, samples)
    return {
        "J": J,
        "h": h,
        "N": N,
        "samples": samples,
        "bins": BINS,
        "largest pull": f"{worst:.1f}",
        "p": f"{p:.2g}",
    }


def traces(params: khgps.KHGPS, sample: int) -> list[float]:
    """Return E/N, q, and tr M^-1/N and tr M^-2/N as one random vector sees them."""
    problem = khgps.draw(params, seed=12, sample=sample)
    minimum = quartic.minimize(problem)
    diagonal = problem.stiffness + minimum.x**2 / 2
    hessian = LinearOperator(
        (params.N, params.N), lambda v: diagonal * v + problem.coupling.product(v.ravel()), dtype=float
    )
    v = np.sign(disorder.normal(params.N, seed=12, sample=sample, label="trace"))
    solved, failed = cg(hessian, v, rtol=1e-10)
    if failed:
        raise RuntimeError(f"conjugate gradients did not converge: {failed} steps")
    mean_x2 = float(np.mean(minimum.x**2))
    return [
        minimum.energy / params.N,
        mean_x2,
        float(v @ solved) / params.N,
        float(solved @ solved) / params.N,
    ]


def markdown(rows: list[dict[str, Any]]) -> str:
    """Return the rows as a table."""
    lines = [list(rows[0]), ["---"] * len(rows[0]), *([str(v) for v in row.values()] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Print all tables."""
    compared = [compare(J, h) for J, h in POINTS]
    for title, rows in zip(
        ("at the larger N", "N -> infinity", "scatter"), zip(*compared, strict=True), strict=True
    ):
        print(f"\n{title}\n\n{markdown(list(rows))}", flush=True)
    print("\nlimit\n\n" + markdown([row for J, h in LIMIT_POINTS for row in limit_rows(J, h)]))
    print(f"\ndiagonal\n\n{markdown(diagonal_rows())}", flush=True)
    print("\nspectrum\n\n" + markdown([limit_spectrum(J, h) for J, h in LIMIT_POINTS]))


if __name__ == "__main__":
    main()
