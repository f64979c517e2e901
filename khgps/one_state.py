"""A_g of KHGPS at weak coupling, kappa_min = 0, at finite J: the cavity equations of one state, solved.

Each site is in the lower well of kappa' x^2/2 + A x^4/24 - f x, kappa' = kappa - J^2 chi, f normal of mean h
and variance J^2 q, and

    q = E[x^2],   chi = E[1/k],   A_g = 4 sqrt(3) p_f(0) p(J^2 chi)/(A^(1/2) r^(5/2)),   r = 1 - J^2 E[1/k^2]

with p(J^2 chi) the density of the stiffness where kappa' = 0: 1/kappa_0 for the uniform law.

chi is the response within the state: jumps between wells do not count. That the sites stay independent is
the approximation; as J -> 0, A_g tends to `weak_prefactor_two_wells` of `theory.formulas`.

Averages are those of `khgps.rs.cavity`, less what jumps between wells add to E[dx/df]; sites are counted by
`khgps.soft_sites`.
"""

import math
from dataclasses import dataclass

import numpy as np

from arguments import brief, real
from khgps.model import KHGPS
from khgps.rs.cavity import averages
from khgps.soft_sites import Sites
from khgps.stiffness_law import StiffnessLaw

ITERATIONS = 500
TOLERANCE = 1e-10


@brief()
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
        Prefactor of D = A_g omega^4 at omega -> 0: 0 where no stiffness is J^2 chi, as in a gap of the law.
    law : StiffnessLaw
        Of the stiffness.
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
    law: StiffnessLaw
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

        Raises
        ------
        ValueError
            For an omega outside its range, and a law with point masses, whose sites are not counted.
        """
        return self._fraction_below(omega, descended, upper=False)

    def upper_fraction_below(self, omega: float) -> float:
        """Return the part of `fraction_below(omega, descended=True)` that is in the upper ones of two wells.

        Those are the sites at x > 0 whose field is negative.
        """
        return self._fraction_below(omega, True, upper=True)

    def _fraction_below(self, omega: float, descended: bool, *, upper: bool) -> float:
        omega = real("omega", omega, above=0.0)
        for piece in self.law.pieces:
            if piece.width == 0.0:
                raise ValueError(f"stiffness: a point mass at {piece.low}: must have none to count sites")
        field = self.h * math.sqrt(self.A)
        return sum(
            Sites(field, piece, self.J, self.q * self.A, self.chi, descended, upper=upper).fraction_below(
                omega**2 / self.replicon
            )
            for piece in self.law.pieces
        )


def _averages(law: StiffnessLaw, h: float, J: float, q: float, chi: float) -> tuple[float, float, float]:
    """Return E[x^2], E[1/k] and E[1/k^2]."""
    b, s = law.kappa_min - J**2 * chi, J * math.sqrt(q)
    if not s > 0.0:
        raise ArithmeticError(f"fields that spread by {s:.3g}: leave the floating-point numbers")
    found = averages(law, b, h, s)
    return found.x2, found.chi - found.jumps, found.k_2


def solve_one_state(
    *,
    J: float,
    h: float,
    kappa_0: float = 1.0,
    kappa_min: float = 0.0,
    beta: float = 0.0,
    A: float = 1.0,
    stiffness: object = None,
) -> OneState:
    """Return the state of the glassy phase at weak coupling.

    Parameters
    ----------
    J, h, kappa_0, A : float
        Coupling, field, largest stiffness, anharmonicity: all > 0.
    kappa_min, beta : float
    stiffness : law, optional
        As in `KHGPS`. A_g = 0 while J^2 chi < kappa_min: all wells are single.

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
    model = KHGPS(N=2, J=J, h=h, kappa_0=kappa_0, kappa_min=kappa_min, beta=beta, A=A, stiffness=stiffness)
    law, kappa_0 = model.law, real("kappa_0", model.kappa_0, above=0.0)
    real("kappa_0", kappa_0, least=1e-60, most=1e60)  # powers of these are floating-point numbers
    real("J/kappa_0", J / kappa_0, least=1e-6, most=10.0)
    real("h sqrt(A)/kappa_0^(3/2)", h * math.sqrt(A) / kappa_0**1.5, least=1e-30, most=1e3)
    field = h * math.sqrt(A)  # x = y/sqrt(A) leaves kappa and J, and makes A = 1
    q = 3.0 * field * float(np.cbrt(6.0 * field)) / (2.0 * kappa_0)  # independent oscillators, to begin with
    chi = abs(float(np.log(kappa_0 * np.cbrt(6.0 / field**2))) / kappa_0)
    residual = math.inf
    for _ in range(ITERATIONS):
        new_q, new_chi, _ = _averages(law, field, J, q, chi)
        residual = abs(new_q / q - 1.0) + abs(new_chi / chi - 1.0)
        q, chi = new_q, new_chi
        if residual < TOLERANCE:
            break
    else:
        raise ArithmeticError(f"J = {J}, h = {h}, kappa_0 = {kappa_0}: relative change {residual:.2g} left")
    replicon = 1.0 - J**2 * _averages(law, field, J, q, chi)[2]
    if replicon <= 0.0:
        raise ValueError(f"J = {J}: replicon {replicon:.3g} must be > 0, or sites are not independent")
    s = J * math.sqrt(q)
    density = math.exp(-0.5 * (field / s) ** 2) / (math.sqrt(2.0 * math.pi) * s)
    A_g = 4.0 * math.sqrt(3.0) * float(law.density(J**2 * chi)) * density / math.sqrt(replicon**5)
    return OneState(
        J=J,
        h=h,
        kappa_0=kappa_0,
        A=A,
        q=q / A,
        chi=chi,
        replicon=replicon,
        field_density=density * math.sqrt(A),
        A_g=A_g,
        law=law,
        residual=residual,
    )
