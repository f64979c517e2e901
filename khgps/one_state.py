"""A_g of KHGPS at weak coupling, kappa_min = 0, at finite J: the cavity equations of one state, solved.

Each site is in the lower well of kappa' x^2/2 + A x^4/24 - f x, kappa' = kappa - J^2 chi uniform on
[-J^2 chi, kappa_0 - J^2 chi], f normal of mean h and variance J^2 q, and

    q = E[x^2],    chi = E[1/k],    A_g = 4 sqrt(3) p_f(0)/(kappa_0 sqrt(A) r^(5/2)),    r = 1 - J^2 E[1/k^2].

chi is the response within the state: jumps between wells do not count. That the sites stay independent is
the approximation; as J -> 0, A_g tends to `weak_prefactor_two_wells` of `theory.formulas`.

At fixed x, f = kappa' x + A x^3/6 is linear in kappa', so E[F] is an integral over x and, for each x, over f.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from arguments import real

Array = NDArray[np.float64]
ITERATIONS = 500
TOLERANCE = 1e-10
REACH = 9.0  # deviations of the field beyond which its law has no weight


@dataclass(frozen=True, kw_only=True)
class OneState:
    """A solution of the cavity equations of one state.

    Attributes
    ----------
    J, h, kappa_0, A : float
        The parameters.
    q, chi : float
        E[x^2] and E[1/k].
    replicon : float
        1 - J^2 E[1/k^2], of the sites as they are: no jumps.
    field_density : float
        p_f(0) of the cavity field.
    A_g : float
        Prefactor of D = A_g omega^4 at omega -> 0.
    residual : float
        Relative change of q and chi in the last iteration.
    """

    J: float
    h: float
    kappa_0: float
    A: float
    q: float
    chi: float
    replicon: float
    field_density: float
    A_g: float
    residual: float

    def fraction_below(self, omega: float, *, descended: bool = False) -> float:
        """Return the fraction of modes below omega: sites of k < omega^2/replicon.

        5 times it over omega^5 tends to A_g as omega -> 0; at finite omega it has the field's law away from
        0, but no repulsion of modes.

        Parameters
        ----------
        omega : float
            > 0, below the frequencies of kappa_0.
        descended : bool
            False: sites are in their lower wells. True: as a descent from the minimum without couplings
            leaves them, at x > 0 until that well is gone; then D ~ omega^3 for omega^2 << J^2 chi.
        """
        omega = real("omega", omega, above=0.0)
        field = self.h * math.sqrt(self.A)
        sites = _Sites(field, self.kappa_0, self.J, self.q * self.A, self.chi, descended)
        return sites.fraction_below(omega**2 / self.replicon)

    def upper_fraction_below(self, omega: float) -> float:
        """Return the part of `fraction_below(omega, descended=True)` that is in the upper ones of two wells.

        Those are the sites at x > 0 whose field is negative.
        """
        omega = real("omega", omega, above=0.0)
        field = self.h * math.sqrt(self.A)
        sites = _Sites(field, self.kappa_0, self.J, self.q * self.A, self.chi, True, upper=True)
        return sites.fraction_below(omega**2 / self.replicon)


def _moments(sites: "_Sites") -> tuple[float, float]:
    """Return q and chi of sites; raise ArithmeticError where they are no floating-point numbers."""
    try:
        with np.errstate(divide="raise", invalid="raise"):
            return sites.moments()
    except FloatingPointError:
        raise ArithmeticError(
            f"fields that spread by {sites.s:.3g}: leave the floating-point numbers"
        ) from None


def solve_one_state(*, J: float, h: float, kappa_0: float, A: float = 1.0) -> OneState:
    """Return the state of the glassy phase at weak coupling.

    Parameters
    ----------
    J, h, kappa_0, A : float
        Coupling, field, largest stiffness, anharmonicity: all > 0; kappa_min = 0, beta = 0.

    Returns
    -------
    OneState

    Raises
    ------
    ValueError
        With name, value and rule, also for values so far from each other that they cannot be computed
        with; and where the replicon is not positive: J is too large for independent
        sites.
    ArithmeticError
        If the iteration does not converge, with its residual.

    Examples
    --------
    Its A_g is that of its softest sites:

    >>> import khgps
    >>> state = khgps.solve_one_state(J=0.06, h=0.01, kappa_0=1.0)
    >>> round(state.replicon, 4), round(5 * state.fraction_below(0.01) / 0.01**5 / state.A_g, 3)
    (0.8172, 1.0)
    """
    J, h, kappa_0, A = (
        real(name, value, above=0.0) for name, value in (("J", J), ("h", h), ("kappa_0", kappa_0), ("A", A))
    )
    real("kappa_0", kappa_0, least=1e-60, most=1e60)  # powers of these are floating-point numbers
    real("J/kappa_0", J / kappa_0, least=1e-6, most=10.0)
    real("h sqrt(A)/kappa_0^(3/2)", h * math.sqrt(A) / kappa_0**1.5, least=1e-30, most=1e3)
    field = h * math.sqrt(A)  # x = y/sqrt(A) leaves kappa and J, and makes A = 1
    q = 3.0 * field * float(np.cbrt(6.0 * field)) / (2.0 * kappa_0)  # independent oscillators, to begin with
    chi = abs(float(np.log(kappa_0 * np.cbrt(6.0 / field**2))) / kappa_0)
    residual = math.inf
    for _ in range(ITERATIONS):
        new_q, new_chi = _moments(_Sites(field, kappa_0, J, q, chi))
        residual = abs(new_q / q - 1.0) + abs(new_chi / chi - 1.0)
        q, chi = new_q, new_chi
        if residual < TOLERANCE:
            break
    else:
        raise ArithmeticError(f"J = {J}, h = {h}, kappa_0 = {kappa_0}: relative change {residual:.2g} left")
    sites = _Sites(field, kappa_0, J, q, chi)
    replicon = 1.0 - J**2 * sites.inverse_square()
    if replicon <= 0.0:
        raise ValueError(f"J = {J}: replicon {replicon:.3g} must be > 0, or sites are not independent")
    density = math.exp(-0.5 * (field / sites.s) ** 2) / (math.sqrt(2.0 * math.pi) * sites.s)
    A_g = 4.0 * math.sqrt(3.0) * (1.0 / kappa_0) * density / math.sqrt(replicon**5)
    return OneState(
        J=J, h=h, kappa_0=kappa_0, A=A, q=q / A, chi=chi, replicon=replicon,
        field_density=density * math.sqrt(A), A_g=A_g, residual=residual,
    )  # fmt: skip


class _Sites:
    """Averages over sites at A = 1, for given q and chi."""

    def __init__(
        self,
        h: float,
        kappa_0: float,
        J: float,
        q: float,
        chi: float,
        descended: bool = False,
        *,
        upper: bool = False,
    ) -> None:
        self.h, self.kappa_0, self.u, self.s = h, kappa_0, J**2 * chi, J * math.sqrt(q)
        self.descended, self.upper = descended, upper

    def moments(self) -> tuple[float, float]:
        """Return E[x^2] and E[1/k]."""
        q = chi = 0.0
        for mean in (self.h, -self.h):  # x < 0 is the mirror image, h -> -h
            x, weight, low, high = self._range(mean)
            zeroth, first = _field_moments(mean, self.s, low, high)
            q += float(np.sum(weight * (x * first + x**4 / 3.0 * zeroth) / x))
            chi += float(np.sum(weight * zeroth / x))
        return q / self.kappa_0, chi / self.kappa_0

    def inverse_square(self) -> float:
        """Return E[1/k^2]."""
        return self._power(-2, math.inf)

    def fraction_below(self, k: float) -> float:
        """Return the fraction of sites of curvature below k."""
        return self._power(0, k)

    def _power(self, power: int, largest: float) -> float:
        """Return E[k^power; k < largest]: at fixed x, df = x dk with f = x (k - x^2/3), by ln k."""
        nodes, weights = np.polynomial.legendre.leggauss(80)
        total = 0.0
        end = math.sqrt(
            max(3.0 * largest, 2.0 * (largest + self.u))
        )  # kappa' = k - x^2/2 >= -J^2 chi, or lower
        for mean in (self.h, -self.h):
            x, weight, low, high = self._range(mean, end)
            start = np.log(low / x + x**2 / 3.0)
            length = np.maximum(np.log(np.minimum(high / x + x**2 / 3.0, largest)) - start, 0.0)
            k = np.exp(start[:, None] + 0.5 * length[:, None] * (1.0 + nodes))
            z = (x[:, None] * (k - x[:, None] ** 2 / 3.0) - mean) / self.s
            law = np.exp(-0.5 * z**2) / (math.sqrt(2.0 * math.pi) * self.s)
            total += float(np.sum(weight * 0.5 * length * np.sum(weights * k ** (power + 2.0) * law, axis=1)))
        return total / self.kappa_0

    def _range(self, mean: float, end: float = math.inf) -> tuple[Array, Array, Array, Array]:
        """Return nodes x > 0 with weights, and for each the range of fields f > 0 of its stiffnesses."""
        largest = max(mean, 0.0) + REACH * self.s
        end = min(end, (6.0 * largest) ** (1.0 / 3.0) + math.sqrt(6.0 * self.u))
        edges = np.concatenate([[0.0], np.geomspace(1e-9 * end, end, 150)])
        nodes, weights = np.polynomial.legendre.leggauss(24)
        x = (edges[:-1, None] + 0.5 * np.diff(edges)[:, None] * (1.0 + nodes)).ravel()
        weight = (0.5 * np.diff(edges)[:, None] * weights).ravel()
        low = np.clip(-self.u * x + x**3 / 6.0, self._lowest(mean, x), largest)
        high = np.clip((self.kappa_0 - self.u) * x + x**3 / 6.0, low, largest)
        if self.upper:
            low, high = np.minimum(low, 0.0), np.minimum(high, 0.0)
        return x, weight, low, high

    def _lowest(self, mean: float, x: Array) -> Array:
        """Return the least field that counts at x > 0: 0 in lower wells.

        Of descended states it is that of k -> 0 on the side of the field h. On the other are sites of
        kappa' >= 0, and those whose well at x > 0 is gone, |f| > (2 |kappa'|)^(3/2)/3: k > 3 |kappa'|.
        """
        least = np.zeros_like(x)
        if self.descended:
            least = x**3 / 24.0 if mean < 0.0 else -(1.0 - 1e-9) * x**3 / 3.0
        return np.minimum(np.maximum(least, mean - REACH * self.s), max(mean, 0.0) + REACH * self.s)


def _field_moments(mean: float, s: float, low: Array, high: Array) -> tuple[Array, Array]:
    """Return the integrals of p_f and of f p_f from low to high."""
    a, b = (low - mean) / s, (high - mean) / s
    zeroth = np.where(a > 0.0, ndtr(-a) - ndtr(-b), ndtr(b) - ndtr(a))
    bell = (np.exp(-0.5 * a**2) - np.exp(-0.5 * b**2)) / math.sqrt(2.0 * math.pi)
    return zeroth, mean * zeroth + s * bell
