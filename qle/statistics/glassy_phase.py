"""The gapless phase of KHGPS (S IV.E): A_g as measured and as predicted, and straight lines through it."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

import khgps
from arguments import real
from khgps import solve_one_state
from qle.solutions.ground_states import tail_of_share
from qle.statistics import tail
from qle.statistics.points import COUNTS
from qle.statistics.tail_law import MODES_PER_SAMPLE
from theory import formulas

Array = npt.NDArray[np.float64]

WEAK = 1.0  # E0 from which a point counts as weak coupling
STRONG = 2.5  # J/J_x above which a point counts as strong coupling
TAIL = (
    "A_g", "A_g_low", "A_g_high", "A_g_error", "A_at_cut", "exponent", "exponent_error", "omega_cut",
    "n_modes", *COUNTS,
)  # fmt: skip
LEAST_REPLICON = 0.2  # below, the modes of other sites make up most of A_g, and sites are not independent


@dataclass(frozen=True)
class Line:
    """A straight line through points, with standard errors.

    Attributes
    ----------
    slope, slope_error : float
    value, value_error : float
        Of the line at `middle`, the weighted mean of the abscissas.
    middle : float
    chi_square, points : float, int
        Of the fit; points - 2 degrees of freedom.
    """

    slope: float
    slope_error: float
    value: float
    value_error: float
    middle: float
    chi_square: float
    points: int


def fit_line(x: Array, y: Array, error: Array) -> Line | None:
    """Return the weighted least-squares line; None with fewer than two finite points.

    Parameters
    ----------
    x, y, error : (n,) arrays
        error > 0: independent standard errors of y.
    """
    fit = np.isfinite(x) & np.isfinite(y) & np.isfinite(error) & (error > 0)
    x, y, weight = x[fit], y[fit], error[fit] ** -2.0
    if x.size < 2:
        return None
    middle = float(weight @ x / weight.sum())
    value = float(weight @ y / weight.sum())
    spread = float(weight @ (x - middle) ** 2)
    slope = float(weight @ ((x - middle) * (y - value))) / spread
    left = y - value - slope * (x - middle)
    return Line(
        slope, spread**-0.5, value, float(weight.sum()) ** -0.5, middle, float(weight @ left**2), x.size
    )


def weak_abscissa(h: float, J: Array, kappa_0: float) -> Array:
    """Return -kappa_0 h^(2/3)/J^2 of Fig. 9b, for A = 1."""
    return np.asarray(-kappa_0 * np.cbrt(h) ** 2 / J**2)


def weak_ordinate(h: float, J: Array, kappa_0: float, A_g: Array) -> Array:
    """Return ln(kappa_0^(1/2) h^(2/3) J A_g) of Fig. 9b, for A = 1."""
    return np.asarray(np.log(np.sqrt(kappa_0) * np.cbrt(h) ** 2 * J * A_g))


def state_prefactor(J: float, h: float, kappa_0: float) -> float:
    """Return A_g of one state of independent sites in their lower wells (`khgps.solve_one_state`), A = 1.

    nan where its replicon is below LEAST_REPLICON, where the sites' modes mix.
    """
    J, h, kappa_0 = real("J", J), real("h", h), real("kappa_0", kappa_0)
    try:
        state = solve_one_state(J=J, h=h, kappa_0=kappa_0)
    except ValueError:  # the replicon is not positive
        return math.nan
    return state.A_g if state.replicon >= LEAST_REPLICON else math.nan


def global_prefactor(J: float, h: float, kappa_0: float) -> float:
    """Return the replica-symmetric prefactor at any J: every site at its global minimum, A = 1.

    ``4 sqrt(3) p_f(0)/kappa_0`` with fields of the q of the replica-symmetric solution, whose response counts
    the jumps of x at f = 0: the density of curvatures V'' of the sites near 0. How the modes of other sites
    dress it, r^(-5/2), is left out: with jumps in its response the solution has r = -infinity.
    """
    J, h, kappa_0 = real("J", J), real("h", h), real("kappa_0", kappa_0)
    q = khgps.solve_rs(khgps.KHGPS(N=2, J=J, h=h, kappa_0=kappa_0), unstable=True).q
    spread = J * math.sqrt(q)
    density = math.exp(-0.5 * (h / spread) ** 2) / (math.sqrt(2.0 * math.pi) * spread)
    return float(formulas.two_well_prefactor(np, 1.0 / kappa_0, density, 1.0, 1.0))


def ground_prefactor(J: float, h: float, kappa_0: float, share: float) -> float:
    """Return A_at_cut of the ground state, replica symmetry broken in full, N -> infinity, A = 1.

    The mean of D/omega^4 below the frequency below which a share of the modes lies: as `tail` has it for
    modes_per_sample/N. Some seconds; nan where `khgps.solve_rsb` finds no solution.
    """
    J, h, kappa_0 = real("J", J), real("h", h), real("kappa_0", kappa_0)
    share = real("share", share, above=0.0, most=0.1)
    params = khgps.KHGPS(N=2, J=J, h=h, kappa_0=kappa_0)
    try:
        state = khgps.ground_state(khgps.solve_rsb(params, rtol=1e-4))
    except khgps.StalledError:
        return math.nan
    return tail_of_share(state, params, share)[1]


def limit_prefactor(J: float, h: float, kappa_0: float) -> float:
    """Return the limit J -> 0 of A_g in closed form (`theory.formulas`), constants included, A = 1."""
    return float(formulas.weak_prefactor_two_wells(np, J, h, kappa_0, 1.0))


def exponent(J: float, h: float, kappa_0: float) -> float:
    """Return E0 of A_g ~ exp(-E0) at weak coupling, A = 1."""
    return float(formulas.weak_exponent(np, J, h, kappa_0, 1.0))


def crossing(h: float, kappa_0: float) -> float:
    """Return J_x, where weak coupling ends, A = 1."""
    return float(formulas.crossover_coupling(np, h, kappa_0, 1.0))


def measured(dataset: xr.Dataset, *, modes_per_sample: float = MODES_PER_SAMPLE) -> xr.Dataset:
    """Return the measured tail beside its predictions, over the grid.

    Parameters
    ----------
    dataset : xarray.Dataset
        What `qle.open` returns of a sweep of KHGPS over h, J and kappa_0; kappa_min = 0, beta = 0, A = 1.
    modes_per_sample : float
        Below omega_cut, as in `tail`.

    Returns
    -------
    xarray.Dataset
        Of `qle.statistics.tail`: A_g with interval and error, A_at_cut, exponent with error, omega_cut,
        n_modes, `COUNTS`. Predictions: ``state``, ``global_minimum``, ``limit`` (`state_prefactor`,
        `global_prefactor`, `limit_prefactor`), ``E0``, ``J_x``. ``error`` of ln A_g, the allowance for a bend
        included; ``pull`` = ln(A_g/state)/error. A_g, and what is made of it, is nan where 4 is denied.

    Raises
    ------
    ValueError
        If a parameter has another value; the message names it.
    """
    law = tail(dataset, modes_per_sample=modes_per_sample, resamples=2)
    check_gapless(law)
    result = law[list(TAIL)]
    _, J, h, kappa_0 = xr.broadcast(law["A_g"], law["J"], law["h"], law["kappa_0"])
    for name, formula, arguments in (
        ("state", state_prefactor, (J, h, kappa_0)),
        ("global_minimum", global_prefactor, (J, h, kappa_0)),
        ("limit", limit_prefactor, (J, h, kappa_0)),
        ("E0", exponent, (J, h, kappa_0)),
        ("J_x", crossing, (h, kappa_0)),
    ):
        rows = zip(*(one.values.ravel().tolist() for one in arguments), strict=True)
        values = [float(formula(*row)) for row in rows]
        result[name] = J.copy(data=np.reshape(values, J.shape))
    result["error"] = result["A_g_error"] / result["A_g"]
    result["pull"] = np.log(result["A_g"] / result["state"]) / result["error"]
    return result


def strong_fit(row: xr.Dataset) -> Line | None:
    """Return the line ln A_g against ln J of one kappa_0 at 2.5 J_x < J <= kappa_0.

    Below, the field counts; above, stiffness no longer does. None with fewer than two points there.
    """
    J = row["J"].values
    strong = (J / row["J_x"].values > STRONG) & (J / float(row["kappa_0"]) <= 1.0)
    return fit_line(np.log(J[strong]), np.log(row["A_g"].values[strong]), row["error"].values[strong])


def weak_fit(law: xr.Dataset) -> Line | None:
    """Return the line of ln(A_g/state) against E0 >= 1: slope and value 0 if the theory holds."""
    weak = (law["E0"] >= WEAK).values
    ratio = np.log((law["A_g"] / law["state"]).values[weak])
    return fit_line(law["E0"].values[weak], ratio, law["error"].values[weak])


def check_one_field(law: xr.Dataset) -> None:
    """Raise ValueError unless the sweep is of one h."""
    if law.sizes["h"] != 1:
        raise ValueError(f"h has {law.sizes['h']} values: must be one; select it with dataset.sel(h=[0.01])")


def check_gapless(law: xr.Dataset) -> None:
    """Raise ValueError unless the sweep is of the gapless model at A = 1, over h, J and kappa_0 alone."""
    if law.attrs.get("model", "khgps") != "khgps":
        raise ValueError(f"model = {law.attrs['model']}: must be khgps, whose laws these figures show")
    for name, value in (("kappa_min", 0.0), ("beta", 0.0), ("A", 1.0)):
        if name in law.coords and not np.all(law[name].values == value):
            raise ValueError(
                f"{name} = {law[name].values}: must be {value:g} for the figures of the gapless phase"
            )
    lost = [name for name in ("h", "J", "kappa_0") if name not in law.dims]
    if lost:
        raise ValueError(
            f"dataset: lacks dimension {', '.join(lost)}; select with a list, dataset.sel(J=[0.1])"
        )
    others = [d for d in law["A_g"].dims if d not in ("h", "J", "kappa_0")]
    if others:
        raise ValueError(
            f"dataset: also sweeps {', '.join(map(str, others))}; select one value (dataset.sel, or --where)"
        )
