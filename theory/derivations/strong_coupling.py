"""Powers of A_g, x_rms and omega_x at strong coupling, and where that begins, J_x (S IV.E, Fig. 9c)."""

import sympy as sp

from theory import formulas
from theory.derivations.steps import Derivation, Draft


def derive() -> Derivation:
    """Return the self-consistent displacement without field, A_g from it, and the crossovers."""
    q, J, h, kappa_0, A, f, z = sp.symbols("q J h kappa_0 A f z", positive=True)
    d = Draft("Strong coupling, and the crossover to it")
    free = d.step("<x^2> of free oscillators in a field f, of derivation `weak_coupling`.",
                  formulas.weak_displacement(sp, f, kappa_0, A))  # fmt: skip
    third = sp.Rational(4, 3)
    moment = 2 * sp.integrate(z**third * sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi), (z, 0, sp.oo))
    d.step("E|z|^(4/3) of a standard normal z.", moment)
    mean = sp.powsimp(sp.expand_power_base(free.subs(f, J * sp.sqrt(q)), force=True), force=True) * moment
    d.step("Fields J q^(1/2) z, without h: E[x^2] =", mean)
    power = sp.simplify(q * sp.diff(sp.log(mean), q))
    d.require("It is ~ q^(2/3).", power, sp.Rational(2, 3))
    root = sp.simplify(mean / q ** sp.Rational(2, 3))
    displacement = root ** sp.Rational(3, 2)
    d.step("So q = E[x^2] gives q^(1/3) =", root)
    d.conclude("strong_displacement", (J, kappa_0, A), displacement)
    density = d.step("Density of fields at 0.", 1 / sp.sqrt(2 * sp.pi) / (J * displacement))
    A_g = 4 * sp.sqrt(3) * density / (kappa_0 * sp.sqrt(A))
    d.conclude("strong_prefactor", (J, kappa_0, A), A_g)
    d.step("A_g of derivation `soft_sites`: its exponents in kappa_0 and J.",
           sp.Tuple(*(sp.simplify(v * sp.diff(sp.log(A_g), v)) for v in (kappa_0, J))))  # fmt: skip
    start = sp.solve(sp.Eq(J**2 * free.subs(f, h), h**2), J)[0]
    d.conclude("crossover_coupling", (h, kappa_0, A), d.step("Fields of other sites reach h at J =", start))
    held = sp.cbrt(6 * f / A)
    frequency = sp.sqrt(A * held**2 / 2)
    d.step("An oscillator of kappa = 0 held by the field f has the frequency", sp.simplify(frequency))
    d.conclude("crossover_frequency", (f, A), frequency)
    d.conclude("strong_crossover_frequency", (J, kappa_0), frequency.subs(f, J * displacement))
    return d.finish()
