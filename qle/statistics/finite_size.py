"""Whether a number depends on the size of the samples, and what it tends to."""

import numpy as np
import xarray as xr
from scipy.special import chdtrc

from arguments import nearest, real
from qle.statistics.points import labelled

POWER = 0.4  # the square of the default cut-off of `tail` falls as N^(-2/5)


def finite_size(law: xr.Dataset, name: str = "A_at_cut", *, power: float = POWER) -> xr.Dataset:
    """Return the limit of large N of a measured number, and whether it depends on N at all.

    Weighted least squares of ``value = limit + slope N^-power``. With the default cut-off omega_cut ~
    N^(-1/5), and the first correction to D = A_g omega^4 is of relative order omega_cut^2 ~ N^(-2/5): the
    limit of A_at_cut is A_g, as far as that correction is the only one. Sizes are independent: samples of
    different N share no disorder. (A_g itself allows for a bend at each N, the same one at all: those
    allowances do not average out.)

    Parameters
    ----------
    law : xarray.Dataset
        What `tail`, or another statistic, returns, with `name`, its `name_error` and the dimension N.
    power : float
        > 0.

    Returns
    -------
    xarray.Dataset
        Over the grid without N: ``limit``, ``limit_error``, ``slope``, ``slope_error``; ``drift`` =
        slope/slope_error; ``even_p``, the probability of a chi-square at least as large if the number were
        the same at all N. nan with fewer than two sizes that have a number.

    Raises
    ------
    ValueError
        Without the dimension N, the variables, or a power > 0.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from qle.statistics import finite_size
    >>> N = np.array([100, 1000, 10_000])
    >>> measured = {"A_at_cut": ("N", 2 + 3 * N**-0.4), "A_at_cut_error": ("N", [0.1, 0.1, 0.1])}
    >>> found = finite_size(xr.Dataset(measured, {"N": N}))
    >>> round(float(found.limit), 6), round(float(found.slope), 6)
    (2.0, 3.0)
    """
    if "N" not in labelled("law", law).dims:
        raise ValueError("law: has no dimension N; sweep several sizes")
    if name not in law or f"{name}_error" not in law:
        known = [str(n) for n in law if f"{n}_error" in law]
        raise ValueError(f"law: lacks {name} or {name}_error{nearest(name, known)}")
    power = real("power", power, above=0.0)
    value, error = law[name], law[f"{name}_error"]
    weight = (1.0 / error**2).where(np.isfinite(value) & (error > 0), 0.0)
    value = value.where(weight > 0, 0.0)
    u = law["N"].astype(np.float64) ** -power
    moments = [(weight * u**k).sum("N") for k in range(3)]
    sums = [(weight * value * u**k).sum("N") for k in range(2)]
    sizes = (weight > 0).sum("N")
    determinant = (moments[0] * moments[2] - moments[1] ** 2).where(sizes >= 2)
    slope = (moments[0] * sums[1] - moments[1] * sums[0]) / determinant
    slope_error = np.sqrt(moments[0] / determinant)
    even = (weight * (value - sums[0] / moments[0]) ** 2).sum("N").where(sizes >= 2)
    return xr.Dataset(
        {
            "limit": (moments[2] * sums[0] - moments[1] * sums[1]) / determinant,
            "limit_error": np.sqrt(moments[2] / determinant),
            "slope": slope,
            "slope_error": slope_error,
            "drift": slope / slope_error,
            "even_p": xr.apply_ufunc(chdtrc, sizes - 1, even),
        }
    )
