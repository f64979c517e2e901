"""Soft sites, reconstruction and fields of dilute sources against quadrature."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad

from theory import formulas
from theory.properties.agreement import agree, require
from theory.strategies import positive

__all__ = [
    "boson_peak_is_the_maximum",
    "descended_sites_by_quadrature",
    "dilute_field_by_characteristic_function",
    "fields_leave_step_one_at_large_stiffness",
    "soft_sites_by_quadrature",
    "softest_mode_against_bands",
]
Array = NDArray[np.float64]


def _lower_well(kappa: float, f: Array, A: float) -> Array:
    """Return the curvature at the global minimum of kappa x^2/2 + A x^4/24 - f x, f > 0, by bisection."""
    low = np.full_like(f, math.sqrt(max(0.0, -6.0 * kappa / A)))
    high = low + np.cbrt(6.0 * f / A) + f / max(abs(kappa), 1e-300)
    for _ in range(80):
        middle = 0.5 * (low + high)
        above = kappa * middle + A * middle**3 / 6.0 > f
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    curvature: Array = kappa + A * low**2 / 2.0
    return curvature


@settings(max_examples=8, deadline=None)
@given(positive(0.3, 3.0), st.sampled_from((0.0, 0.4, 1.0)), st.booleans())
def soft_sites_by_quadrature(A: float, beta: float, two_wells: bool) -> None:
    """Count sites below k over stiffness and fields near 0: as many as the stated P(k) has (to 1e-3)."""
    if two_wells:
        beta = 0.0
    k, p_f = 0.01, 2.0
    kappa, weight = np.polynomial.legendre.leggauss(40)
    start = -k / 2.0 if two_wells else 0.0
    total = 0.0
    for value, w in zip(start + 0.5 * (k - start) * (1.0 + kappa), 0.5 * (k - start) * weight, strict=True):
        x = math.sqrt(2.0 * (k - value) / A)
        f = np.linspace(0.0, value * x + A * x**3 / 6.0, 11)[1:]
        require(
            np.all(_lower_well(value, f, A) <= k * (1.0 + 1e-9)), f"kappa = {value}: curvatures beyond {k}"
        )
        require(
            _lower_well(value, f[-1:] * 1.001, A)[0] > k, f"kappa = {value}: {f[-1]} is not the last field"
        )
        total += w * 2.0 * p_f * f[-1] * (beta + 1.0) * abs(value) ** beta
    if two_wells:
        stated = formulas.two_well_prefactor(np, 1.0, p_f, A, 1.0) / 5.0 * math.sqrt(k) ** 5
    else:
        c = formulas.edge_amplitude(np, beta, 1.0, p_f, A)
        exponent = formulas.edge_exponent(np, beta) + 1.0
        stated = formulas.edge_prefactor(np, c, beta, 1.0) / exponent * math.sqrt(k) ** exponent
        if beta == 0.0:
            agree(formulas.single_well_prefactor(np, 1.0, p_f, A, 1.0), 2.0 * c, 1e-12)
    agree(total, stated, 1e-3)


@given(positive(0.3, 3.0), st.sampled_from((0.0, 0.001, 0.1)), st.floats(0.5, 1.0))
def descended_sites_by_quadrature(A: float, softening: float, replicon: float) -> None:
    """Count sites below omega^2/replicon by their ranges of field: as many as the stated D has (to 1e-6)."""
    omega, p_f = 0.2, 2.0
    k = omega**2 / replicon

    def fields(kappa: float) -> float:
        x = math.sqrt(2.0 * (k - kappa) / A)
        last = kappa * x + A * x**3 / 6.0
        if kappa >= 0.0:
            return 2.0 * last  # x of both signs
        end = math.sqrt(-2.0 * kappa / A)  # the well at x > 0 ends where its curvature is 0
        return last - (kappa * end + A * end**3 / 6.0)

    total = p_f * (quad(fields, 0.0, k)[0] + quad(fields, -softening, 0.0)[0])
    args = (1.0, p_f, A, replicon, softening)
    agree(quad(lambda w: formulas.descended_density(np, w, *args), 0.0, omega)[0], total, 1e-6)


@given(positive(0.1, 10.0), positive(0.1, 10.0))
def boson_peak_is_the_maximum(f_0: float, A: float) -> None:
    """Find D/omega^2 of uniform fields, by the measure of x with fields below f_0, largest where stated."""
    peak = formulas.boson_peak_frequency(np, f_0, A)
    grid = peak * np.linspace(0.5, 3.0, 51)  # 1 is on it

    def reduced(omega: float) -> float:
        x = np.linspace(0.0, math.sqrt(3.0 / A) * omega, 4001)[1:]
        inside = omega**2 * x - A * x**3 / 3.0 <= f_0 * (1.0 + 1e-9)
        return float(np.mean(inside) * x[-1] * omega)

    values = [reduced(omega) for omega in grid]
    require(grid[int(np.argmax(values))] == peak, f"largest at {grid[int(np.argmax(values))]}, not {peak}")


@settings(max_examples=5)
@given(positive(0.1, 10.0))
def fields_leave_step_one_at_large_stiffness(p_0: float) -> None:
    """Far above the fields' scale the density by quadrature over x is that of step 1."""
    omega, s = 1.0, 0.003
    end = math.sqrt(3.0) * omega
    x = np.linspace(0.0, end, 40001)
    law = np.exp(-0.5 * ((omega**2 * x - x**3 / 3.0) / s) ** 2) / (math.sqrt(2.0 * math.pi) * s)
    density = 2.0 * omega * 2.0 * omega**2 * p_0 * np.trapezoid(law, x)
    agree(density, formulas.reconstructed_density(np, omega, p_0), 1e-3)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 3), positive(0.1, 10.0))
def dilute_field_by_characteristic_function(d: int, strength: float) -> None:
    """-ln of the mean of exp(i f) by the volume v around a site, with |g| averaged, is the stated width."""
    ball = {1: 2.0, 2: math.pi, 3: 4.0 * math.pi / 3.0}[d]
    a = 0.5 * strength * ball  # the field of |g| = 1/2 at volume v is a/v; with w = a/v, the mean over g is
    body = quad(lambda w: (1.0 - np.sinc(w / math.pi)) / w**2, 1e-9, 60.0, limit=400, epsabs=1e-11)[0]
    rest = 1.0 / 60.0 - math.cos(60.0) / 60.0**3  # of (1 - sin(w)/w)/w^2, to 3/60^4
    agree(formulas.dilute_field_width(np, 0.01, strength, 1.0, d), 0.01 * a * (body + rest), 1e-6)
    width = formulas.dilute_field_width(np, 0.01, strength, 1.0, d)
    beyond = quad(lambda f: formulas.dilute_field_tail(np, f, width), 1e4 * width, np.inf)[0]
    agree(beyond, 0.5 - math.atan(1e4) / math.pi, 1e-6)


@given(st.integers(1, 6))
def softest_mode_against_bands(d: int) -> None:
    """omega_dagger ~ L^(-2/(d + 2)) is below omega_min ~ N^(-1/5) for large boxes only in d <= 2 (S III)."""
    bands = formulas.hybridisation_exponent(np, d)
    agree(formulas.hybridisation_frequency(np, 2.0, 3.0, d), 6.0**bands, 1e-12)
    require((bands < -d / 5.0) == (d <= 2), f"d = {d}: exponents {bands} and {-d / 5.0}")
    omega = formulas.hybridisation_frequency(np, 0.1, 1e3, d)
    width = formulas.band_width(np, 0.1, omega, (omega * 1e3) ** (d - 2), 1e3**d)
    agree(width, 1.0 / (omega * 1e6), 1e-9)
