"""The gapless laws of D(omega) on the critical line: the Pastur equation against the closed forms."""

import numpy as np
from scipy.integrate import quad

import khgps
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

WIDTH = 0.9
LAW = {"kappa_min": 0.1, "kappa_0": 1.0}  # its special point is at h = 0.0178
NEAR, FAR = 1e-4, 1e-3  # frequencies
STEPS = np.array([1.0, 1.1])  # of slopes
BETAS = (-0.25, 0.0, 0.25, 0.5, 1.0)
SPECIAL_BETAS = (-0.25, 0.0, 0.25)
MARGIN = 1.5  # for what comes after the next order


def delocalised(quick: bool) -> list[Comparison]:
    """Compare D/omega^2 where the replicon vanishes, E[1/k^3] by quadrature of the law of k."""
    found = []
    for h in (0.001, 0.006):
        params = _critical(h, 0.0)
        predicted = formulas.delocalised_prefactor(
            np, params.J, _inverse_cube(khgps.rs_distributions(params).k)
        )
        found.append(_prefactor("rs-omega2-prefactor", params, 2.0, predicted, 2.0))
    return found


def localised(quick: bool) -> list[Comparison]:
    """Compare D/omega^4 where the gap edge vanishes, for the uniform stiffness law."""
    found = []
    for h in (0.05, 0.3):
        params = _critical(h, 0.0)
        state, p_f = khgps.solve_rs(params), float(khgps.rs_distributions(params).field.density(0.0))
        predicted = formulas.single_well_prefactor(np, 1.0 / WIDTH, p_f, 1.0, state.replicon)
        found.append(_prefactor("rs-omega4-prefactor", params, 4.0, predicted, 1.0))
    return found


def edges(quick: bool) -> list[Comparison]:
    """Compare the exponent 4 + 2 beta and its prefactor, for stiffness laws ~ (kappa - kappa_min)^beta."""
    found = []
    for beta in BETAS:
        params = _critical(0.3, beta)
        exponent = formulas.edge_exponent(np, beta)
        order = min(2.0, 2.0 * beta + 1.0)  # J^2 zeta E[1/(k^2 (k - zeta))] ~ zeta^(beta + 1/2) or zeta
        found.append(_exponent("rs-edge-exponent", params, exponent, order))
        state, p_f = khgps.solve_rs(params), float(khgps.rs_distributions(params).field.density(0.0))
        c = formulas.edge_amplitude(np, beta, WIDTH, p_f, 1.0)
        predicted = formulas.edge_prefactor(np, c, beta, state.replicon)
        found.append(_prefactor("rs-edge-exponent", params, exponent, predicted, order))
    return found


def special(quick: bool) -> list[Comparison]:
    """Compare the exponent 1 + 2/(beta + 3/2) and its prefactor where replicon and gap edge vanish."""
    found = []
    for beta in SPECIAL_BETAS:
        point = khgps.special_point(beta=beta, **LAW)
        params = khgps.KHGPS(N=2, J=float(point.J), h=float(point.h), beta=beta, kappa_min=0.1, kappa_0=1.0)
        exponent = formulas.special_exponent(np, beta)
        order = 2.0 * (0.5 - beta) / (beta + 1.5)  # zeta^2 beside zeta^(beta + 3/2) ~ omega^2
        found.append(_exponent("rs-special-point", params, exponent, order))
        p_f = float(khgps.rs_distributions(params).field.density(0.0))
        c = formulas.edge_amplitude(np, beta, WIDTH, p_f, 1.0)
        predicted = formulas.special_prefactor(np, c, beta, params.J)
        found.append(_prefactor("rs-special-point", params, exponent, predicted, order))
    return found


def _inverse_cube(law: khgps.Law) -> float:
    """Return E[1/k^3]."""
    return float(quad(lambda k: float(law.density(k)) / k**3, *law.support, epsrel=1e-10, limit=500)[0])


def _critical(h: float, beta: float) -> khgps.KHGPS:
    J = float(khgps.critical_coupling(h, beta=beta, **LAW).J)
    return khgps.KHGPS(N=2, J=J, h=h, beta=beta, kappa_min=0.1, kappa_0=1.0)


def _prefactor(claim: str, params: khgps.KHGPS, power: float, predicted: float, order: float) -> Comparison:
    """Compare D/omega^power, where the next order is smaller by omega^order."""
    near, far = (khgps.rs_spectrum(params, omega * STEPS[:1]).item() / omega**power for omega in (NEAR, FAR))
    quantity = f"D/omega^{power:.4g}, {_place(params)}"
    return computed(claim, quantity, predicted, near, _tolerance(near, far, order), _how(order))


def _exponent(claim: str, params: khgps.KHGPS, predicted: float, order: float) -> Comparison:
    """Compare the slope of ln D against ln omega, where the next order is smaller by omega^order."""
    near, far = (
        np.diff(np.log(khgps.rs_spectrum(params, omega * STEPS))).item() / np.log(STEPS[1])
        for omega in (NEAR, FAR)
    )
    quantity = f"exponent of D, {_place(params)}"
    return computed(claim, quantity, predicted, near, _tolerance(near, far, order), _how(order))


def _tolerance(near: float, far: float, order: float) -> float:
    """Return what a correction ~ omega^order is at NEAR if it changes by far - near up to FAR."""
    return float(MARGIN * abs(far - near) / ((FAR / NEAR) ** order - 1.0))


def _how(order: float) -> str:
    return (
        f"khgps.rs_spectrum (g solved as a complex number) at omega = {NEAR:g}; tolerance: {MARGIN:g} times "
        f"the next order, ~ omega^{order:.3g}, from the change to omega = {FAR:g}"
    )


def _place(params: khgps.KHGPS) -> str:
    return f"h = {params.h:.4g}, beta = {params.beta:g}"


EXPERIMENTS = (
    Experiment(claims=("rs-omega2-prefactor",), run=delocalised),
    Experiment(claims=("rs-omega4-prefactor",), run=localised),
    Experiment(claims=("rs-edge-exponent",), run=edges),
    Experiment(claims=("rs-special-point",), run=special),
)
