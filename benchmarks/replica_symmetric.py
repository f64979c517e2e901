"""The replica-symmetric solution: critical line, one solution, one spectrum; against plain quadratures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, fsolve

import khgps
from benchmarks.timing import timed

Array = NDArray[np.float64]

LAW: dict[str, Any] = {"kappa_min": 0.1, "kappa_0": 1.0}
POINT = khgps.KHGPS(N=2, J=0.15, h=0.1, **LAW)
FIELDS = np.linspace(0.0, 0.5, 200)
PLAIN_FIELDS = (0.005, 0.1)  # on both parts of the line
OMEGA = np.linspace(0.0, 1.5, 1000)
SMOOTHING = 1e-4  # imaginary part of lambda that the plain spectrum needs


def run() -> list[dict[str, Any]]:
    """Return one row per task: seconds of both, their ratio, and the relative error of each."""
    khgps.critical_coupling(FIELDS[:3], **LAW), khgps.rs_spectrum(POINT, OMEGA)  # compile
    return [_line(), _solution(), _spectrum()]


def _line() -> dict[str, Any]:
    """J_c: the error of ours is the replicon or gap edge left over, of the plain one the distance to ours."""
    ours, line = timed(lambda: khgps.critical_coupling(FIELDS, **LAW))
    plain, found = timed(lambda: [plain_critical_coupling(h) for h in PLAIN_FIELDS])
    exact = [float(khgps.critical_coupling(h, **LAW).J) for h in PLAIN_FIELDS]
    left = np.minimum(np.abs(line.replicon), np.abs(line.gap_edge) / LAW["kappa_min"])
    return _row(
        "critical line, a point of 200",
        ours / FIELDS.size,
        plain / len(PLAIN_FIELDS),
        float(left.max()),
        float(np.max(np.abs(np.array(found) / np.array(exact) - 1.0))),
    )


def _solution() -> dict[str, Any]:
    """Solve at one J: the error of ours is the residual of its equations."""
    ours, solution = timed(lambda: khgps.solve_rs(POINT), repeats=20)
    plain, (_, chi) = timed(lambda: plain_solution(POINT.J, POINT.h))
    return _row("solve_rs", ours, plain, solution.residual, abs(chi / solution.chi - 1.0))


def _spectrum() -> dict[str, Any]:
    """1000 frequencies: the error of ours is that of its norm, of the plain one the largest of D."""
    ours, density = timed(lambda: khgps.rs_spectrum(POINT, OMEGA), repeats=5)
    plain, smooth = timed(lambda: plain_spectrum(POINT.J, POINT.h, OMEGA[::20]))
    t = (np.arange(20_000) + 0.5) / 20_000
    gap = khgps.rs_gap(POINT)
    norm = np.mean(2.0 * t * khgps.rs_spectrum(POINT, gap + (1.5 - gap) * t**2)) * (1.5 - gap)
    error = float(np.max(np.abs(smooth - density[::20])) / density.max())
    return _row("spectrum, 1000 frequencies", ours, 20.0 * plain, float(abs(norm - 1.0)), error)


def plain_minima(q: float, chi: float, J: float, h: float) -> tuple[Array, Array, Array]:
    """Return x, k and weights on a grid of stiffness (Gauss-Legendre) and field (Gauss-Hermite)."""
    nodes, kappa_weights = np.polynomial.legendre.leggauss(48)
    kappa = 0.55 + 0.45 * nodes - J**2 * chi
    z, z_weights = np.polynomial.hermite_e.hermegauss(48)
    f = h + J * np.sqrt(max(q, 0.0)) * z
    slope, force = np.meshgrid(kappa, f, indexing="ij")
    x = np.cbrt(6.0 * force)
    for _ in range(60):
        x = x - (slope * x + x**3 / 6.0 - force) / (slope + x**2 / 2.0)
    weights = np.outer(kappa_weights / 2.0, z_weights / z_weights.sum())
    return x, slope + x**2 / 2.0, weights


def plain_solution(J: float, h: float) -> tuple[float, float]:
    """Return (q, chi) by fsolve on the two cavity equations."""

    def equations(unknown: Array) -> list[float]:
        q, chi = np.exp(unknown)
        x, k, weights = plain_minima(q, chi, J, h)
        return [float(np.sum(weights * x**2) / q - 1.0), float(np.sum(weights / k) / chi - 1.0)]

    q, chi = np.exp(fsolve(equations, np.log([0.05, 2.0])))
    return float(q), float(chi)


def plain_critical_coupling(h: float) -> float:
    """Return J where the replicon or the gap edge, whichever is less, vanishes."""

    def least(J: float) -> float:
        q, chi = plain_solution(J, h)
        _, k, weights = plain_minima(q, chi, J, h)
        return float(min(1.0 - J**2 * np.sum(weights / k**2), (0.1 - J**2 * chi) / 0.1))

    return float(brentq(least, 0.1, 0.21, xtol=1e-8))


def plain_spectrum(J: float, h: float, omega: Array) -> Array:
    """Return D(omega) by iterating the Pastur equation a little above the real axis, with damping."""
    q, chi = plain_solution(J, h)
    _, k, weights = plain_minima(q, chi, J, h)
    bare, weight = (k + J**2 * chi).ravel(), weights.ravel()
    density = []
    for square in (omega**2).tolist():
        g = 1j
        for _ in range(400):
            g = 0.5 * g + 0.5 * np.sum(weight / (bare - square - 1j * SMOOTHING - J**2 * g))
        density.append(2.0 * np.sqrt(square) * g.imag / np.pi)
    return np.array(density)


def _row(task: str, ours: float, plain: float, error: float, plain_error: float) -> dict[str, Any]:
    return {
        "task": task,
        "qle seconds": ours,
        "naive seconds": plain,
        "ratio": plain / ours,
        "qle error": error,
        "naive error": plain_error,
    }
