"""Extreme statistics of D = A_g omega^4, numbers of modes, participation ratio (S 3, S 6, IV.A)."""

import sympy as sp

from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the Weibull law of the softest mode, N = A_g omega_g^5 and e = N_c/N."""
    omega, v, N, A_g, omega_g, number = sp.symbols("omega v N A_g omega_g N_qle", positive=True)
    d = Draft("Softest mode and number of modes")
    expected = d.step("Modes of a sample expected below omega.", N * sp.integrate(A_g * v**4, (v, 0, omega)))
    M = sp.Symbol("M", positive=True)
    none = sp.limit((1 - expected / M) ** M, M, sp.oo)
    d.step("Independent modes: the chance that none is there, from M slots of chance expected/M.", none)
    d.conclude("softest_mode_law", (omega, N, A_g), 1 - none)
    y = omega / omega_g
    d.step("D d omega = number y^4 dy with y = omega/omega_g (S 6): D is", number * y**4 / omega_g)
    d.conclude(
        "mode_number", (A_g, omega_g), sp.solve(sp.Eq(number * y**4 / omega_g, A_g * omega**4), number)[0]
    )
    N_c = sp.Symbol("N_c", positive=True)
    square = 1 / N_c
    d.step("A mode of norm 1 spread over N_c sites has there psi^2 =", square)
    d.conclude("box_participation_ratio", (N_c, N), (N_c * square) ** 2 / (N * N_c * square**2))
    return d.finish()
