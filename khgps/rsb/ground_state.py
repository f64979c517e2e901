"""What follows from a solution with replica symmetry broken: laws of one oscillator, spectrum, wells."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from arguments import array, brief, real
from khgps.heat import harmonic_heat, two_level_heat
from khgps.lower_well import lower_well
from khgps.oscillators import Oscillators, StalledError
from khgps.piecewise_law import with_rule
from khgps.resolvent import follow
from khgps.rsb.fields import LocalFields, local_fields
from khgps.rsb.functional import Trial
from khgps.rsb.solution import FullRSB
from khgps.rsb.stiffnesses import highest_stiffness, stiffness_density, stiffness_panels
from khgps.rsb.wells import LARGEST, degenerate_wells, share_of_double_wells

Array = NDArray[np.float64]

SPACING = 1e-3  # of ln omega, for the exponent


class _Laws(NamedTuple):
    """The laws of one trial."""

    fields: LocalFields
    panels: tuple[Array, ...]  # of k, for the resolvent
    chi: float  # E[1/k]
    k_2: float  # E[1/k^2]
    double: float


@brief()
@dataclass(frozen=True, kw_only=True, eq=False)
class GroundState:
    """Laws of one oscillator in a ground state with symmetry broken, its spectrum and its double wells.

    All numbers are those of K steps, extrapolated as chi_EA of the solution is: in the response of jumps
    between wells, which a state of K steps counts and which goes as 1/K.

    Attributes
    ----------
    overlaps, overlap_weights : (K,) arrays
        The law of the overlap q of two replicas at a temperature T -> 0, over T: P(q) = T dy/dq. As y is
        constant in cells, it is atoms at their lower ends, the first of them at q_0. The rest is at q_EA.
    chi_EA : float
        E[1/k], of the law of k.
    replicon : float
        1 - J^2 E[1/k^2].
    double_wells : float
        Share of the oscillators that have a second minimum.
    """

    overlaps: Array
    overlap_weights: Array
    chi_EA: float
    replicon: float
    double_wells: float
    _solution: FullRSB = field(repr=False)
    _laws: tuple[_Laws, ...] = field(repr=False)

    def field_density(self, H: ArrayLike, kappa: float | None = None) -> Array:
        """Return the density P(q_EA, H) of local fields, of oscillators of stiffness kappa or of all.

        H is what acts on an oscillator but for its own influence, J^2 chi_EA x. The integral is one.

        Raises
        ------
        ValueError
            For a kappa beyond the law of stiffness.
        """
        params = self._solution._discrete.params
        unit = params.J**1.5 / math.sqrt(params.A)
        values = array("H", H)
        flat = values.ravel() / unit
        if kappa is not None:
            kappa = real("kappa", kappa, least=params.kappa_min, most=params.kappa_0) / params.J
        density = self._extrapolated(lambda laws: _field_density(laws.fields, flat, kappa))
        return np.asarray(density.reshape(values.shape) / unit)

    def stiffness_density(self, k: ArrayLike) -> Array:
        """Return the density of the local stiffness k = V''(x) = kappa - J^2 chi_EA + A x^2/2."""
        J, values = self._solution._discrete.params.J, array("k", k)
        return np.asarray(self._extrapolated(lambda laws: stiffness_density(laws.fields, values / J)) / J)

    def spectrum(self, omega: ArrayLike) -> Array:
        """Return the density of states D(omega) of the Hessian at the ground state (see `rs_spectrum`).

        Of the Pastur equation with the law of k; int D d omega = 1.
        """
        root, values = math.sqrt(self._solution._discrete.params.J), array("omega", omega, least=0.0)
        ascending, where = np.unique(values, return_inverse=True)
        density = self._extrapolated(lambda laws: _spectrum(laws, ascending / root))
        return np.asarray(density[where].reshape(values.shape) / root)

    def prefactor(self, omega: ArrayLike) -> Array:
        """Return A_g(omega) = D/omega^4, omega > 0.

        As omega -> 0 that of K steps is 4 3^(1/2) p_kappa P_0/(A^(1/2) r^(5/2)), P_0 the density of fields
        at H = 0 of kappa = J^2 chi_EA, and falls with K.
        """
        values = array("omega", omega, above=0.0)
        return np.asarray(self.spectrum(values) / values**4)

    def exponent(self, omega: ArrayLike) -> Array:
        """Return d ln D/d ln omega, omega > 0; nan where D = 0."""
        values = array("omega", omega, above=0.0)
        both = self.spectrum(values * np.exp(np.array([0.5, -0.5]) * SPACING).reshape(2, *[1] * values.ndim))
        slope, seen = np.full(values.shape, np.nan), (both > 0.0).all(axis=0)
        slope[seen] = np.log(both[0][seen] / both[1][seen]) / SPACING
        return slope

    def degenerate_wells(self, gap: ArrayLike) -> Array:
        """Return the density of energy differences of the two wells of an oscillator, gap > 0.

        Per oscillator and energy; the others are in their places of before, or move with the response of one
        state.
        """
        params = self._solution._discrete.params
        unit, values = params.J**2 / params.A, array("gap", gap, above=0.0)
        flat = values.ravel() / unit
        density = self._extrapolated(lambda laws: degenerate_wells(laws.fields, flat))
        return np.asarray(density.reshape(values.shape) / unit)

    def specific_heat(self, T: ArrayLike) -> Array:
        """Return the specific heat of the harmonic modes per oscillator, T > 0 (k_B = hbar = m = 1)."""
        values = array("T", T, above=0.0)
        J = self._solution._discrete.params.J
        highest = max(highest_stiffness(laws.fields) for laws in self._laws) + self._solution.chi_EA * J + 2.0
        return harmonic_heat(self.spectrum, values, 0.0, math.sqrt(J * highest))

    def two_level_heat(self, T: ArrayLike) -> Array:
        """Return an estimate of the specific heat of two wells, per oscillator, T > 0 (k_B = 1).

        Of two levels at the energies of the minima, without tunnelling; each oscillator by itself.
        """
        values, params = array("T", T, above=0.0), self._solution._discrete.params
        highest = LARGEST * max(-self._laws[0].fields.least, 0.0) ** 2 * params.J**2 / params.A
        if highest == 0.0:
            return np.zeros(values.shape)
        return two_level_heat(self.degenerate_wells, values, highest)

    def _extrapolated(self, value: Callable[[_Laws], Array]) -> Array:
        """Return a density; 0 where a straight line in what is extrapolated would pass an essential zero."""
        found = [value(laws) for laws in self._laws]
        return np.maximum(found[0] + self._solution._discrete.shift * (found[-1] - found[0]), 0.0)


def ground_state(solution: FullRSB, *, extrapolated: bool = True) -> GroundState:
    """Return the laws of one oscillator, the spectrum and the double wells of a solution.

    Parameters
    ----------
    solution : FullRSB
        What `solve_rsb` returned, with symmetry broken.
    extrapolated : bool
        False: all is that of K steps. What the extrapolation changes is a measure of its error.

    Returns
    -------
    GroundState

    Raises
    ------
    ValueError
        For a replica-symmetric solution, of which `rs_distributions` and `rs_spectrum` tell the same.

    Examples
    --------
    Soft modes of the gapless law are localised in wells, D ~ omega^4:

    >>> import khgps
    >>> glass = khgps.solve_rsb(khgps.KHGPS(N=2, J=0.3, h=0.01), steps=2)
    >>> state = khgps.ground_state(glass, extrapolated=False)
    >>> state.exponent([0.01]).round(1), round(state.chi_EA / glass.chi_EA, 3)
    (array([4.]), 1.0)
    """
    if solution.status != "broken":
        raise ValueError(
            f"status = {solution.status}: must be broken; rs_distributions and rs_spectrum are for one state"
        )
    if solution.steps < 2:
        raise ValueError(f"steps = {solution.steps}: must be at least 2 for the law of fields")
    found = solution._discrete
    both = extrapolated and found.shift != 0.0 and found.before.mass.size > 1
    trials = (found.trial, found.before) if both else (found.trial,)
    laws = tuple(_laws(found.oscillators, trial) for trial in trials)

    def mean(first: float, second: float) -> float:
        return first + found.shift * (second - first)

    return GroundState(
        overlaps=solution.q[:-1],
        overlap_weights=np.diff(solution.y, prepend=0.0),
        chi_EA=mean(laws[0].chi, laws[-1].chi) / found.params.J,
        replicon=1.0 - mean(laws[0].k_2, laws[-1].k_2),
        double_wells=mean(laws[0].double, laws[-1].double),
        _solution=solution,
        _laws=laws,
    )


def _laws(oscillators: Oscillators, trial: Trial) -> _Laws:
    fields = local_fields(oscillators, trial)
    law = stiffness_panels(fields)
    panels = with_rule(law)
    nodes, weights = panels[4:6]
    k = law.origin[:, np.newaxis] + (law.middle[:, np.newaxis] + law.half[:, np.newaxis] * nodes) ** 2
    inverse = law.density * weights * law.half[:, np.newaxis]
    return _Laws(
        fields, panels, float(inverse.sum()), float((inverse / k).sum()), share_of_double_wells(fields)
    )


def _field_density(fields: LocalFields, H: Array, kappa: float | None) -> Array:
    """Return P(q_EA, H), at J = A = 1."""
    nodes, weight = fields.flow.kappa, fields.flow.weight
    if kappa is not None:
        nodes, weight = np.array([kappa - fields.trial.u]), np.ones(1)
    x = np.array([[math.copysign(lower_well(one, abs(f)), f) for one in nodes] for f in H])
    return np.asarray(fields.density(np.broadcast_to(nodes, x.shape), x.reshape(-1, nodes.size)) @ weight)


def _spectrum(laws: _Laws, omega: Array) -> Array:
    """Return D at ascending frequencies, at J = A = 1."""
    density = np.zeros(omega.size)
    above = omega > 0.0
    zeta = follow(omega[above] ** 2, 1.0, laws.chi, laws.panels)
    if np.any(np.isnan(zeta)):
        raise StalledError(f"omega = {omega[above][np.isnan(zeta)][0]}: no resolvent at J = A = 1")
    density[above] = 2.0 * omega[above] * zeta.imag / math.pi
    return density
