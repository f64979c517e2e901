"""The critical line J_c(h) near h = 0, and how A_g diverges along it."""

import numpy as np
from scipy.optimize import brentq

import khgps
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

LAWS = ((0.1, 1.0), (0.5, 1.0), (0.02, 3.0))  # kappa_min, kappa_0
NEAR = 0.02  # (h - h*)/h* of the nearest point
SOFT = (
    1e-3  # omega in units of replicon^((beta + 3/2)/(2 beta + 1)), up to which D ~ omega^(4 + 2 beta) reaches
)


def zero_field(quick: bool) -> list[Comparison]:
    """Compare J_c at h = 0 of the solver, found by a vanishing replicon, with the closed form."""
    how = "khgps.critical_coupling(0); tolerance: its relative error, 1e-9"
    found = []
    for kappa_min, kappa_0 in LAWS:
        predicted = formulas.zero_field_coupling(np, _edge(kappa_min, kappa_0), kappa_0 - kappa_min)
        J = float(khgps.critical_coupling(0.0, kappa_min=kappa_min, kappa_0=kappa_0).J)
        quantity = f"J_c, kappa_min = {kappa_min:g}, kappa_0 = {kappa_0:g}"
        found.append(computed("rs-zero-field", quantity, predicted, J, 1e-9 * predicted, how))
    J = float(khgps.critical_coupling(0.0, kappa_min=1.0, kappa_0=1.0).J)
    found.append(computed("rs-zero-field", "J_c of the Kuehn-Horstmann model", 0.5, J, 0.5e-9, how))
    return found


def field_shift(quick: bool) -> list[Comparison]:
    """Compare (J_c(h) - J_c(0))/h^(2/3) at small h."""
    how = "khgps.critical_coupling; tolerance: 1.5 times the next order, ~ h^(2/3), from the change to 8 h"
    found = []
    h = 1e-6
    for kappa_min, kappa_0 in LAWS:
        law = {"kappa_min": kappa_min, "kappa_0": kappa_0}
        scale = kappa_min**1.5  # h in the units of the gap
        fields = scale * h * np.array([0.0, 1.0, 8.0])
        J = np.asarray(khgps.critical_coupling(fields, **law).J)
        ratios = (J[1:] - J[0]) / fields[1:] ** (2.0 / 3.0)
        b = _edge(kappa_min, kappa_0)
        k_1, k_4, k_8 = (_moment(n, b, kappa_0 - kappa_min) for n in (1, 4, 8))
        predicted = formulas.field_shift(np, fields[1], 1.0, J[0], k_1, k_4, k_8) / fields[1] ** (2.0 / 3.0)
        quantity = (
            f"(J_c(h) - J_c(0))/h^(2/3) at h = {fields[1]:.2g}, kappa_min = {kappa_min:g}, kappa_0 = "
            f"{kappa_0:g}"
        )
        found.append(
            computed("rs-field-shift", quantity, predicted, ratios[0], 0.5 * abs(ratios[1] - ratios[0]), how)
        )
    return found


def divergence(quick: bool) -> list[Comparison]:
    """Compare the slope of ln(D/omega^(4 + 2 beta)) against ln(h - h*), D from the Pastur equation."""
    how = (
        "khgps.rs_spectrum at omega -> 0 on the line, between h - h* = 0.02 h* and 1.2 times it; "
        "tolerance: 1.5 times the next order, linear in h - h*, from the change of the slope to twice the "
        "distance"
    )
    found = []
    for beta in (0.0, 0.25):
        special = float(khgps.special_point(kappa_min=0.1, kappa_0=1.0, beta=beta).h)
        distances = special * NEAR * np.array([1.0, 1.2, 2.0, 2.4])
        levels = [_level(special + distance, beta) for distance in distances]
        near, far = (np.log(levels[k + 1] / levels[k]) / np.log(1.2) for k in (0, 2))
        predicted = formulas.special_divergence(np, beta)
        quantity = f"exponent of A_g in h - h*, beta = {beta:g}"
        found.append(computed("rs-special-divergence", quantity, predicted, near, 1.5 * abs(far - near), how))
    return found


def _level(h: float, beta: float) -> float:
    """Return D/omega^(4 + 2 beta) on the line."""
    point = khgps.critical_coupling(h, kappa_min=0.1, kappa_0=1.0, beta=beta)
    params = khgps.KHGPS(N=2, J=float(point.J), h=h, kappa_min=0.1, kappa_0=1.0, beta=beta)
    omega = SOFT * float(point.replicon) ** ((beta + 1.5) / (2.0 * beta + 1.0))
    return float(khgps.rs_spectrum(params, [omega])[0] / omega ** (4.0 + 2.0 * beta))


def _edge(kappa_min: float, kappa_0: float) -> float:
    """Return b of `formulas.zero_field_kappa_min`."""
    width = kappa_0 - kappa_min

    def excess(b: float) -> float:
        return float(formulas.zero_field_kappa_min(np, b, width)) - kappa_min

    return float(brentq(excess, 1e-9 * kappa_min, kappa_min, xtol=1e-16, rtol=1e-14))


def _moment(n: int, b: float, width: float) -> float:
    """Return E[1/k^n] of k uniform on [b, b + width]."""
    if n == 1:
        return float(np.log1p(width / b) / width)
    return (b ** (1 - n) - (b + width) ** (1 - n)) / ((n - 1) * width)


EXPERIMENTS = (
    Experiment(claims=("rs-zero-field",), run=zero_field),
    Experiment(claims=("rs-field-shift",), run=field_shift),
    Experiment(claims=("rs-special-divergence",), run=divergence),
)
