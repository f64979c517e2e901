"""The resolvent of the Hessian in the replica-symmetric phase, up to the real axis (A = 1).

With zeta = lambda + J^2 (g - chi), where g = E[1/(k - zeta)] and chi = E[1/k], the Pastur equation becomes

    lambda = zeta (1 - J^2 E[1/(k (k - zeta))]),        rho = Im g / pi = Im zeta / (pi J^2).

On a panel of y, k = o + y^2, the law of k is a polynomial, so the integral is known in closed form however
near to the panel the pole y = eta, eta^2 = zeta - o, comes: no imaginary part is added to lambda.
"""

import math

import numpy as np

from landscape.jit import kernel

NEAR = 1.8  # half panels from the middle, beyond which the plain Gauss rule is exact to rounding


@kernel
def stieltjes(zeta, origin, middle, half, density, nodes, weights, barycentric):  # type: ignore[no-untyped-def]
    """Return S = E[1/(k (k - zeta))] and dS/dzeta, for Im zeta >= 0 (Im zeta = 0 is the limit from above)."""
    value = 0.0j
    slope = 0.0j
    for i in range(middle.size):
        eta = np.sqrt(zeta - origin[i] + 0.0j)
        t = (eta - middle[i]) / half[i]
        if abs(t) > NEAR:
            for j in range(nodes.size):
                y = middle[i] + half[i] * nodes[j]
                term = 1.0 / (origin[i] + y * y - zeta)
                value += weights[j] * half[i] * density[i, j] * term
                slope += weights[j] * half[i] * density[i, j] * term * term
        else:
            a, b = _near(eta, t, middle[i], half[i], density[i], nodes, weights, barycentric)
            value += a
            slope += b
    return value, slope


@kernel
def _near(eta, t, middle, half, density, nodes, weights, barycentric):  # type: ignore[no-untyped-def]
    """Return the integral of density/(y^2 - eta^2) over a panel, and its derivative by eta^2.

    The density at eta, by interpolation, is taken out of the numerator, and integrated with logarithms.
    """
    c, c_slope = _interpolate(t, density, nodes, barycentric)
    c_slope /= half
    low, high = middle - half, middle + half
    logs = _log_ratio(high - eta, low - eta) - np.log((high + eta) / (low + eta))
    inverse = 0.5 / eta
    value = c * inverse * logs
    by_eta = (c_slope - c / eta) * inverse * logs
    by_eta += c * inverse * (1.0 / (low - eta) - 1.0 / (high - eta) + 1.0 / (low + eta) - 1.0 / (high + eta))
    for j in range(nodes.size):
        y = middle + half * nodes[j]
        term = weights[j] * half / (y * y - eta * eta)
        value += (density[j] - c) * term
        by_eta += ((density[j] - c) * 2.0 * eta / (y * y - eta * eta) - c_slope) * term
    return value, by_eta * inverse


@kernel
def _log_ratio(high, low):  # type: ignore[no-untyped-def]
    """Return ln(high/low) of two numbers with Im <= 0 that the pole passes above: its angle is in [0, pi]."""
    ratio = high / low
    return complex(math.log(abs(ratio)), abs(math.atan2(ratio.imag, ratio.real)))


@kernel
def _interpolate(t, values, nodes, barycentric):  # type: ignore[no-untyped-def]
    """Return the polynomial through `values` at the nodes, and its derivative, at the complex t."""
    top = 0.0j
    bottom = 0.0j
    for j in range(nodes.size):
        if t == nodes[j]:
            t += 1e-12
        part = barycentric[j] / (t - nodes[j])
        top += part * values[j]
        bottom += part
    value = top / bottom
    slope = 0.0j
    for j in range(nodes.size):
        slope += barycentric[j] / (t - nodes[j]) * (value - values[j]) / (t - nodes[j])
    return value, slope / bottom


@kernel
def follow(targets, coupling, chi, panels):  # type: ignore[no-untyped-def]
    """Return zeta at each of the real, ascending targets lambda; nan where it is not found. coupling = J^2.

    Newton's method starts from the solution at the target before. Where that fails, lambda comes down from
    high above the real axis, where zeta = lambda - J^2 chi.
    """
    found = np.empty(targets.size, np.complex128)
    good = False
    for i in range(targets.size):
        zeta = 0.0j
        if good:
            zeta, good = _newton(found[i - 1], complex(targets[i], 0.0), coupling, panels)
        if not good:
            zeta, good = _descend(targets[i], coupling, chi, panels)
        found[i] = zeta if good else complex(np.nan, np.nan)
    return found


@kernel
def _descend(target, coupling, chi, panels):  # type: ignore[no-untyped-def]
    """Return (zeta, whether found) at the real target, by steps of Im lambda down to zero."""
    height = 4.0 * (math.sqrt(coupling) + coupling * chi + abs(target))
    lowest = 1e-8 * height
    zeta = complex(target - coupling * chi, height)
    zeta, good = _newton(zeta, complex(target, height), coupling, panels)
    factor = 0.5
    while good and height > 0.0:
        lower = factor * height if height > lowest else 0.0
        trial, found = _newton(zeta, complex(target, lower), coupling, panels)
        if found:
            zeta, height = trial, lower
        else:
            factor = math.sqrt(factor) if lower > 0.0 else factor
            lowest *= 0.01 if lower == 0.0 else 1.0
            good = factor < 0.999 and lowest > 1e-30 * abs(target)
    return zeta, good


@kernel
def _newton(zeta, target, coupling, panels):  # type: ignore[no-untyped-def]
    """Return (zeta, whether it solves lambda(zeta) = target), by Newton's method in Im zeta >= 0.

    On the real axis a solution is the limit from above it only where lambda rises with zeta.
    """
    origin, middle, half, density, nodes, weights, barycentric = panels
    last = np.inf
    for _ in range(30):
        mean, slope = stieltjes(zeta, origin, middle, half, density, nodes, weights, barycentric)
        rise = 1.0 - coupling * (mean + zeta * slope)
        step = (zeta * (1.0 - coupling * mean) - target) / rise
        size = abs(step)
        above = zeta.imag
        zeta -= step
        if size <= 1e-13 * abs(zeta) or 0.5 * last < size < 1e-3 * abs(zeta):
            return complex(zeta.real, max(0.0, zeta.imag)), rise.real > 0.0 or zeta.imag > 1e-9 * abs(zeta)
        if zeta.imag < 0.0:
            zeta = complex(zeta.real, 0.1 * above)
        last = size
    return zeta, False
