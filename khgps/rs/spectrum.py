"""The vibrational density of states of the KHGPS model in its replica-symmetric phase, N -> infinity."""

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from arguments import array
from khgps.heat import harmonic_heat
from khgps.model import KHGPS
from khgps.oscillators import StalledError
from khgps.piecewise_law import PiecewiseLaw, with_rule
from khgps.resolvent import follow, stieltjes
from khgps.rs.local_stiffness import curvature_marks, curvature_panels
from khgps.rs.solution import solved_state
from khgps.rs.states import State
from khgps.stiffness import NODES

Array = NDArray[np.float64]
NEAREST = 1e-7  # of sqrt((b - zeta)/b)
GAPLESS = 1e-11  # of the replicon and of b/kappa_min: rounding


def rs_spectrum(params: KHGPS, omega: ArrayLike) -> Array:
    """Return the density of states D(omega) of the Hessian in the replica-symmetric phase.

    D(omega) = 2 omega rho(omega^2), int D d omega = 1, with rho = Im g/pi and the Pastur equation

        g(lambda) = E[1/(kappa + A x^2/2 - lambda - J^2 g)],

    solved on the real axis of lambda itself.

    Parameters
    ----------
    params : KHGPS
        0 < J <= J_c; N is ignored.
    omega : float or array
        Frequencies, finite and >= 0.

    Returns
    -------
    array
        D in the shape of omega: 0 below the gap `rs_gap`.

    Raises
    ------
    ValueError
        For parameters outside the replica-symmetric phase, and for a bad omega.
    StalledError
        If an equation is not solved.

    Examples
    --------
    Where all stiffnesses are 1 and h = 0, a semicircle in omega^2, with D = 2/(pi J) at its centre:

    >>> import khgps
    >>> model = khgps.KHGPS(N=2, J=0.4, h=0.0, kappa_min=1.0)
    >>> khgps.rs_spectrum(model, [0.4, 1.0]).round(4)
    array([0.    , 1.5915])
    """
    values = array("omega", omega, least=0.0)
    state, _ = solved_state(params)
    panels = spectral_panels(state)
    ascending, where = np.unique(values, return_inverse=True)
    squares = ascending[ascending > gap(state, panels)] ** 2
    zeta = follow(squares, state.J**2, state.mean.chi, panels)
    if np.any(np.isnan(zeta)):
        raise StalledError(f"omega = {math.sqrt(squares[np.isnan(zeta)][0])}: no resolvent for {params}")
    density = np.zeros(ascending.size)
    density[ascending.size - squares.size :] = 2.0 * np.sqrt(squares) * zeta.imag / (math.pi * state.J**2)
    return density[where].reshape(values.shape)


def rs_gap(params: KHGPS) -> float:
    """Return the frequency at which D(omega) begins, in the replica-symmetric phase: 0 on the critical line.

    It is sqrt(lambda) at the largest lambda(zeta) = zeta - J^2 E[1/(k - zeta) - 1/k] over zeta <= b = min k,
    where J^2 E[1/(k - zeta)^2] = 1; or at zeta = b, the image of the edge of P(k), if that stays below 1.

    Returns
    -------
    float
        omega at the lower edge of D.

    Raises
    ------
    ValueError
        For parameters outside the replica-symmetric phase.
    StalledError
        If the cavity equations cannot be solved.

    Examples
    --------
    Where all stiffnesses are 1 and h = 0, the semicircle begins at omega^2 = 1 - 2 J:

    >>> import khgps
    >>> round(khgps.rs_gap(khgps.KHGPS(N=2, J=0.4, h=0.0, kappa_min=1.0)) ** 2, 6)
    0.2
    """
    state, _ = solved_state(params)
    return gap(state, spectral_panels(state))


def rs_specific_heat(params: KHGPS, T: ArrayLike) -> Array:
    """Return the specific heat of the harmonic modes per oscillator in the replica-symmetric phase.

    C(T) = int d omega D(omega) (omega/T)^2 e^(omega/T)/(e^(omega/T) - 1)^2, with k_B = hbar = m = 1: below
    the gap exponentially small, at J_c as T^(delta + 1) where D ~ omega^delta.

    Parameters
    ----------
    params : KHGPS
        As in `rs_spectrum`.
    T : float or array
        Temperatures, > 0.

    Returns
    -------
    array
        C in the shape of T, in units of k_B.

    Raises
    ------
    ValueError, StalledError
        As `rs_spectrum`.

    Examples
    --------
    Nothing below the gap; at high temperature 1 (Dulong and Petit), less <omega^2>/(12 T^2):

    >>> import khgps
    >>> model = khgps.KHGPS(N=2, J=0.4, h=0.0, kappa_min=1.0)
    >>> khgps.rs_specific_heat(model, [0.01, 10.0]).round(4)
    array([0.    , 0.9992])
    """
    temperatures = array("T", T, above=0.0)
    state, _ = solved_state(params)
    softest = gap(state, spectral_panels(state))
    stiffest = max(curvature_marks(state)) + state.u + 2.0 * state.J
    return harmonic_heat(lambda omega: rs_spectrum(params, omega), temperatures, softest, math.sqrt(stiffest))


def gap(state: State, panels: tuple[Array, ...]) -> float:
    """Return the frequency at which the spectrum of a state begins."""
    if min(state.b / state.oscillators.kappa_min, state.replicon) < GAPLESS:
        return 0.0
    coupling = state.J**2

    def rise(tau: float) -> float:  # d lambda/d zeta at zeta = b - tau^2
        zeta = state.b - tau * tau
        mean, slope = stieltjes(complex(zeta), *panels)
        return float(1.0 - coupling * (mean + zeta * slope).real)

    tau = NEAREST * math.sqrt(state.b)
    if rise(tau) < 0.0:
        tau = scipy.optimize.brentq(rise, tau, math.sqrt(state.b), xtol=1e-15, rtol=1e-14)
    zeta = state.b - tau * tau
    return math.sqrt(max(0.0, zeta * (1.0 - coupling * stieltjes(complex(zeta), *panels)[0].real)))


def spectral_panels(state: State) -> tuple[Array, ...]:
    """Return the law of k of a state as `khgps.resolvent` wants it."""
    law = state.oscillators.law
    atoms = [one for one in law.pieces if one.width == 0.0] if state.s == 0.0 else []
    if not atoms:
        return with_rule(curvature_panels(state))
    half = np.full(len(atoms), 1e-100)  # k is that of x = 0: panels of no length
    origin = np.array([state.b + (one.low - law.kappa_min) for one in atoms])
    shares = np.array([one.mass for one in atoms])
    density = np.repeat((0.5 * shares / half / origin)[:, np.newaxis], NODES, axis=1)
    points = PiecewiseLaw(origin, np.zeros(len(atoms)), half, density)
    if len(atoms) == len(law.pieces):
        return with_rule(points)
    return with_rule(PiecewiseLaw(*map(np.concatenate, zip(points, curvature_panels(state), strict=True))))
