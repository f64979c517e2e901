"""The KHGPS model: mean-field coupled anharmonic oscillators in a field (S 10)."""

import math
import operator
from dataclasses import dataclass, fields
from numbers import Real

from quartic import Problem, disorder


@dataclass(frozen=True, kw_only=True)
class KHGPS:
    """Parameters of the KHGPS model, dimensionless.

    All pairs interact by Gaussian couplings J_ij of variance J^2/N; the stiffnesses have the density
    p(kappa) = (beta + 1) (kappa - kappa_min)^beta / (kappa_0 - kappa_min)^(beta + 1) on [kappa_min, kappa_0].

    Parameters
    ----------
    N : int
        Number of oscillators, at least 2.
    J : float
        Coupling strength, >= 0.
    h : float
        Field on every oscillator, >= 0 (-h is the mirror image).
    kappa_0 : float
        Largest stiffness.
    kappa_min : float
        Smallest stiffness, <= kappa_0, of either sign. kappa_min = kappa_0 = 1 is the Kuehn-Horstmann model,
        kappa_min = kappa_0 = r the soft-spin Sherrington-Kirkpatrick model; 0 is gapless, as in the lattice.
    beta : float
        Exponent of the stiffness law, > -1; 0 is uniform.
    A : float
        Anharmonicity, > 0.

    Raises
    ------
    TypeError, ValueError
        With the name of the parameter, its value and the rule.
    """

    N: int
    J: float
    h: float
    kappa_0: float = 1.0
    kappa_min: float = 0.0
    beta: float = 0.0
    A: float = 1.0

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "N", operator.index(self.N))
        except TypeError:
            raise TypeError(f"N = {self.N!r}: must be an integer of at least 2") from None
        if not 2 <= self.N < disorder.WORD:
            raise ValueError(f"N = {self.N}: must be an integer of at least 2")
        for name in (f.name for f in fields(self) if f.name != "N"):
            value = getattr(self, name)
            if not isinstance(value, Real):
                raise TypeError(f"{name} = {value!r}: must be a real number")
            if not math.isfinite(value):
                raise ValueError(f"{name} = {value}: must be finite")
            object.__setattr__(self, name, float(value))
        for name in ("J", "h"):
            if getattr(self, name) < 0.0:
                raise ValueError(f"{name} = {getattr(self, name)}: must be >= 0")
        if self.A <= 0.0:
            raise ValueError(f"A = {self.A}: must be > 0, or the energy has no minimum")
        if self.beta <= -1.0:
            raise ValueError(f"beta = {self.beta}: must be > -1, or the stiffness law has no norm")
        if self.kappa_min > self.kappa_0:
            raise ValueError(f"kappa_min = {self.kappa_min}: must be <= kappa_0 = {self.kappa_0}")


def draw(params: KHGPS, *, seed: int, sample: int) -> Problem:
    """Return one sample of the model, ready for `quartic.minimize`.

    The random numbers behind it, uniform u_i and normal g_ij, depend on (seed, sample, N, i, j) only, on no
    thread and no order of calls:

        kappa_i = kappa_min + (kappa_0 - kappa_min) u_i^(1/(beta + 1)),    J_ij = J g_ij / sqrt(N).

    The other parameters only scale them: the same sample at another J or h is the same disorder.

    Parameters
    ----------
    params : KHGPS
    seed, sample : int
        In [0, 2**32).
    """
    u = disorder.uniform(params.N, seed=seed, sample=sample, label="stiffness")
    width = params.kappa_0 - params.kappa_min
    coupling = disorder.symmetric_normal(
        params.N, scale=params.J / math.sqrt(params.N), seed=seed, sample=sample, label="coupling"
    )
    return Problem(params.kappa_min + width * u ** (1.0 / (params.beta + 1.0)), coupling, params.h, params.A)
