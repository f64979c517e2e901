"""The ground state of broken replica symmetry as solved, against what its equations imply."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

import khgps
from khgps.oscillators import Oscillators
from khgps.rsb.functional import Trial
from khgps.rsb.saddle import saddle
from qle.verification.comparison import Comparison, computed
from qle.verification.experiment import Experiment
from theory import formulas

Array = NDArray[np.float64]
SPINS = khgps.KHGPS(N=2, J=0.5, h=0.1, kappa_min=-0.5, kappa_0=-0.5)  # one stiffness: cheap
ABOVE = (0.015, 0.03, 0.06)  # J/J_c - 1 of the onset, doubled each time
SK_COUPLINGS = (0.02, 0.01, 0.005)
E_SK = -0.7631667  # Oppermann and Schmidt 2008
ONE_STEP = -0.7652  # Parisi 1980


def glass(quick: bool) -> list[Comparison]:
    """Look at the solution of gapless glasses: its equations at every overlap, and y towards q_EA."""
    return [one for J in ((0.1,) if quick else (0.1, 0.3)) for one in _seen(J, 3e-6 if quick else 3e-7)]


def _seen(J: float, rtol: float) -> list[Comparison]:
    found = khgps.solve_rsb(khgps.KHGPS(N=2, J=J, h=0.01), rtol=rtol)
    where = f"kappa_min = 0, h = 0.01, J = {J:g}"
    how = f"khgps.solve_rsb, {found.steps} steps; tolerance: "
    width = 1.0 / found.steps
    off = np.max(np.abs(found.q_hat - found.q)) / (found.q_EA - found.q_0)
    marginal = np.max(np.abs(found.marginality[: found.steps // 2] - 1.0))
    left = found.q_EA - 0.5 * (found.q[1:] + found.q[:-1])
    powers = np.diff(np.log(found.y)) / np.diff(np.log(left))
    near = float(np.mean(powers[-5:-2]))  # the last cells end in the kink
    span = left[[-5, -2]] / (found.q_EA - found.q_0)
    predicted = float(formulas.edge_response_exponent(np, 1.0))
    return [
        computed("rsb-equations", f"largest |E[f'^2] - q|/(q_EA - q_0), {where}", 0.0, off, 0.02 * width**2,
                 f"{how}width of cells squared, the means over cells being exact",
                 alternatives={"1 percent": 0.01}),
        computed("rsb-marginality", f"largest J^2 E[f''^2] - 1, lower half of the cells, {where}",
                 0.0, marginal, width**2, f"{how}width of cells squared", alternatives={"stable": 0.1}),
        computed("rsb-edge", f"power of y in q_EA - q, {where}", predicted, near, 0.06,
                 f"{how}corrections in powers of (q_EA - q)^(1/24); cells at (q_EA - q)/(q_EA - q_0) = "
                 f"{span[0]:.2g} to {span[1]:.2g}", alternatives={"-1/2, of spins": -0.5, "-3/4": -0.75}),
    ]  # fmt: skip


def steps(quick: bool) -> list[Comparison]:
    """Compare energies of more and more steps, and of symmetric replicas, with e: each is below the next."""
    full = khgps.solve_rsb(SPINS, rtol=1e-6)
    J, total = SPINS.J, full.chi * SPINS.J
    oscillators = Oscillators(SPINS.law.scaled(J), SPINS.h / J**1.5)
    energies = [khgps.solve_rs(SPINS, unstable=True).energy]
    for cells in (1, 2, 4, 8):
        mass = np.full(cells, 0.5 * total / cells)
        start = Trial(full.q_EA / J, 1.0 - full.q_0 / full.q_EA, total - mass.sum(), mass)
        energies.append(saddle(oscillators, start).evaluation.energy * J**2)
    rises = np.diff([*energies, full.energy])
    how = (
        "khgps.solve_rs and the saddles of 1, 2, 4 and 8 steps, kappa = -1/2, h = 0.1, J = 0.5; no tolerance"
    )
    quantity = "rises of e that are not above zero, RS to 1, 2, 4, 8 steps and the limit"
    return [computed("rsb-steps", quantity, 0.0, float(np.sum(rises <= 0.0)), 0.0, how)]


def derivatives(quick: bool) -> list[Comparison]:
    """Compare differences of e in h, J and the stiffness with what stands explicitly at the saddle."""
    here = khgps.solve_rsb(SPINS, rtol=1e-6)
    widths = np.diff(here.q)
    moment = (here.chi - here.y @ widths) * here.q_EA + here.y @ (0.5 * (here.q[1:] + here.q[:-1]) * widths)
    stated = {
        "J": float(formulas.coupling_slope(np, SPINS.J, moment)),
        "h": -here.mean_x,
        "kappa": 0.5 * here.q_EA,
    }
    how = (
        "khgps.solve_rsb, differences of fourth order, step 0.01; tolerance: the finite steps of the "
        "measure, for which e is extrapolated, E[x] and q_EA are not"
    )
    return [
        computed(
            "rsb-derivatives", f"de/d{name}, kappa = -1/2, h = 0.1, J = 0.5", stated[name],
            _slope(name, 0.01), 4e-5 * abs(stated[name]), how,
            alternatives={"1 percent more": 1.01 * stated[name]},
        )
        for name in (("J",) if quick else stated)
    ]  # fmt: skip


def _slope(name: str, step: float) -> float:
    """Return a derivative of e, an error ~ step^2 taken out."""
    value = SPINS.kappa_0 if name == "kappa" else float(getattr(SPINS, name))
    e = {k: _energy(name, value + k * step) for k in (-2, -1, 1, 2)}
    return (8.0 * (e[1] - e[-1]) - (e[2] - e[-2])) / (12.0 * step)


def _energy(name: str, value: float) -> float:
    changes = {"kappa_0": value, "kappa_min": value} if name == "kappa" else {name: value}
    return khgps.solve_rsb(replace(SPINS, **changes), rtol=1e-6).energy  # type: ignore[arg-type]


def onset(quick: bool) -> list[Comparison]:
    """Compare spread of overlaps, y and gain in energy just above the critical line with their limits."""
    h, J_c = 0.2, float(khgps.critical_coupling(0.2, kappa_min=1.0, kappa_0=1.0).J)
    ratios, gains = [], []
    for above in ABOVE:
        params = khgps.KHGPS(N=2, J=J_c * (1.0 + above), h=h, kappa_min=1.0, kappa_0=1.0)
        broken, rs = khgps.solve_rsb(params, rtol=1e-6), khgps.solve_rs(params, unstable=True)
        third, second = _moments(params, rs)
        gains.append(broken.energy - rs.energy)
        limits = (
            formulas.onset_spread(np, params.J, rs.replicon, third),
            formulas.onset_energy(np, params.J, rs.replicon, third, second),
            formulas.response_density(np, third, second),
        )
        spread = np.ptp(broken.q)
        ratios.append([spread, gains[-1], (broken.y @ np.diff(broken.q)) / spread] / np.array(limits))
    powers = np.diff(np.log(gains)) / math.log(2.0)
    how = (
        f"khgps.solve_rsb at J/J_c - 1 = {', '.join(f'{a:g}' for a in ABOVE)}, extrapolated, kappa = 1, "
        f"h = {h:g}, J_c of khgps.critical_coupling; tolerance: the next order"
    )
    others = {"twice as much": 2.0, "half": 0.5}
    claims = {"q_EA - q_0": "rsb-onset", "e - e_RS": "rsb-onset", "y": "rsb-marginality"}
    at_onset = np.array([8.0, -6.0, 1.0]) @ ratios / 3.0  # of a parabola
    power = computed("rsb-onset", "power of e - e_RS in J - J_c", 3.0, 2.0 * powers[0] - powers[1], 0.03, how,
                     alternatives={"2": 2.0, "4": 4.0})  # fmt: skip
    return [power] + [
        computed(
            claim, f"{name} over its limit at the onset", 1.0, at_onset[k], 0.025, how, alternatives=others
        )
        for k, (name, claim) in enumerate(claims.items())
    ]


def _moments(params: khgps.KHGPS, rs: khgps.ReplicaSymmetric) -> tuple[float, float]:
    """Return E[f'''^2] and E[f''^3] of symmetric replicas, one stiffness: sums over evenly spaced fields."""
    z = np.linspace(-9.0, 9.0, 20001)
    weight = np.exp(-0.5 * z**2)
    field = params.h + params.J * math.sqrt(rs.q) * z
    kappa = params.kappa_0 - params.J**2 * rs.chi
    x = formulas.oscillator_minimum(np, kappa, field, params.A)
    k = formulas.oscillator_stiffness(np, kappa, x, params.A)
    third = (params.A * x) ** 2 / k**6  # f'' = 1/k, f''' = -A x/k^3
    return float(third @ weight / weight.sum()), float(k**-3.0 @ weight / weight.sum())


def spins(quick: bool) -> list[Comparison]:
    """Compare the ground state of deep double wells with that of spins, J -> 0 by a parabola in J."""
    measured = []
    for J in SK_COUPLINGS:
        e = khgps.solve_rsb(khgps.KHGPS(N=2, J=J, h=0.0, kappa_min=-1.0, kappa_0=-1.0), rtol=1e-6).energy
        bottom, one = (float(formulas.deep_well_energy(np, -1.0, J, 1.0, s)) for s in (0.0, 1.0))
        measured.append((e - bottom) / (one - bottom))
    limit = float(np.polyfit(SK_COUPLINGS, measured, 2)[-1])
    how = "khgps.solve_rsb, kappa = -1, h = 0, J = 0.005 to 0.02; tolerance: 1e-6 of e, most of it the wells'"
    return [computed("rsb-spins", "e_SK", E_SK, limit, 2e-5, how, alternatives={"one step": ONE_STEP})]


EXPERIMENTS = (
    Experiment(claims=("rsb-equations", "rsb-marginality", "rsb-edge"), run=glass, seconds=5.0),
    Experiment(claims=("rsb-steps",), run=steps, seconds=2.0),
    Experiment(claims=("rsb-derivatives",), run=derivatives, seconds=6.0),
    Experiment(claims=("rsb-onset", "rsb-marginality"), run=onset, seconds=3.0),
    Experiment(claims=("rsb-spins",), run=spins, seconds=4.0),
)
