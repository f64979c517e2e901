"""The KHGPS model: mean-field coupled anharmonic oscillators in a field (S 10)."""

import math
from dataclasses import dataclass

from arguments import choice, count, real, settled
from khgps.semicircle import semicircle_spectrum
from khgps.stiffness_input import given_law
from khgps.stiffness_law import StiffnessLaw, power_law
from landscape import disorder
from quartic import Problem
from quartic.couplings import Coupling, Packed, Regenerated, Rotated

COUPLINGS = ("stored", "regenerated", "structured")


@dataclass(frozen=True, kw_only=True)
class KHGPS:
    """Parameters of the KHGPS model, dimensionless.

    All pairs interact by Gaussian couplings J_ij of variance J^2/N; the stiffnesses have the density
    p(kappa) = (beta + 1) (kappa - kappa_min)^beta / (kappa_0 - kappa_min)^(beta + 1) on [kappa_min, kappa_0],
    or one of your own.

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
        Exponent of the stiffness law, > -1; 0 is uniform. Solutions at N -> infinity take up to 100.
    A : float
        Anharmonicity, > 0.
    coupling : {"stored", "regenerated", "structured"}
        How J_ij is represented: see `draw`.
    stiffness : (kappa, density), callable, StiffnessLaw or None
        Another law of the stiffness; what is given is divided by its integral. A table of kappa, ascending,
        and density >= 0 is linear between its points, a kappa given twice is a jump; kappa_min, kappa_0 and
        beta (1 where the density is 0 at the lower edge, else 0) are then those of the table. A function
        density(kappa) of arrays is one on [kappa_min, kappa_0], (kappa - kappa_min)^beta times what is
        smooth at kappa_min and > 0 there. It is expanded here, once; what is kept is a `StiffnessLaw`.

    Raises
    ------
    ValueError
        With the name of the parameter, its value and the rule.

    Examples
    --------
    The soft-spin Sherrington-Kirkpatrick model has one minimum, x = 0, up to J = 1/2:

    >>> import khgps
    >>> model = khgps.KHGPS(N=100, J=0.4, h=0.0, kappa_min=1.0)
    >>> khgps.solve_rs(model).status, khgps.critical_coupling(0.0, kappa_min=1.0).J
    ('stable', 0.5)

    A law of one's own rises from 0.1, and falls to 1:

    >>> model = khgps.KHGPS(N=4, J=0.1, h=0.01, stiffness=([0.1, 0.2, 1.0], [0.0, 2.0, 0.0]))
    >>> model.kappa_min, model.kappa_0, model.beta
    (0.1, 1.0, 1.0)
    >>> khgps.draw(model, seed=1, sample=0).stiffness.round(3).tolist()
    [0.56, 0.292, 0.614, 0.261]
    >>> round(khgps.critical_coupling(0.01, stiffness=model.stiffness).J, 6)
    0.148956
    """

    N: int
    J: float
    h: float
    kappa_0: float = 1.0
    kappa_min: float = 0.0
    beta: float = 0.0
    A: float = 1.0
    coupling: str = "stored"
    stiffness: object = None

    def __post_init__(self) -> None:
        kappa_0 = real("kappa_0", self.kappa_0)
        above = f"kappa_0 = {kappa_0} is less"
        settled(
            self,
            N=count("N", self.N, least=2, most=disorder.WORD - 1),
            J=real("J", self.J, least=0.0),
            h=real("h", self.h, least=0.0),
            kappa_0=kappa_0,
            kappa_min=real("kappa_min", self.kappa_min, most=kappa_0, otherwise=above),
            beta=real("beta", self.beta, above=-1.0, otherwise="the stiffness law has no norm"),
            A=real("A", self.A, above=0.0, otherwise="the energy has no minimum"),
            coupling=choice("coupling", self.coupling, COUPLINGS),
        )
        if self.stiffness is not None:
            law = given_law(self.stiffness, self.kappa_min, self.kappa_0, self.beta)
            for name, default in (("kappa_min", 0.0), ("kappa_0", 1.0), ("beta", 0.0)):
                asked, own = getattr(self, name), getattr(law, name)
                if asked not in (default, own):
                    raise ValueError(f"{name} = {asked}: must be left out, or that of stiffness, {own}")
            settled(self, stiffness=law, kappa_min=law.kappa_min, kappa_0=law.kappa_0, beta=law.beta)

    @property
    def law(self) -> StiffnessLaw:
        """The law of the stiffness."""
        given = self.stiffness
        return (
            given if isinstance(given, StiffnessLaw) else power_law(self.kappa_min, self.kappa_0, self.beta)
        )


def draw(params: KHGPS, *, seed: int, sample: int) -> Problem:
    """Return one sample of the model, ready for `quartic.minimize`.

    The random numbers behind it, uniform u_i and normal g_ij in steps of 1/4096, depend on (seed, sample, N)
    and i, j only, on no thread and no order of calls:

        kappa_i = kappa_min + (kappa_0 - kappa_min) u_i^(1/(beta + 1)),    J_ij = J g_ij / sqrt(N).

    For another law of the stiffness, a share u_i of it lies below kappa_i.
    The other parameters only scale them: the same sample at another J or h is the same disorder.

    ``params.coupling`` says how J_ij is had. ``"stored"`` and ``"regenerated"`` are the same numbers, in N^2
    bytes or made anew in every product. ``"structured"`` is another ensemble: the semicircle's eigenvalues
    in a random frame (`quartic.couplings.Rotated`, `khgps.semicircle`), in O(N) memory and O(N log N)
    operations a product. Its J_ij have variance J^2/N too, but they are not independent, J_ii has twice that
    variance instead of zero, and the eigenvalues do not fluctuate from sample to sample. The u_i are those of
    the Gaussian sample. docs/structured-coupling.md says where the two ensembles agree.

    Parameters
    ----------
    params : KHGPS
    seed, sample : int
        In [0, 2**32).

    Returns
    -------
    quartic.Problem

    Raises
    ------
    MemoryError
        If ``"stored"`` finds no room for N^2 bytes.

    Examples
    --------
    >>> import khgps
    >>> weak, strong = (
    ...     khgps.draw(khgps.KHGPS(N=100, J=J, h=0.0), seed=1, sample=7).coupling.dense() for J in (0.1, 0.2)
    ... )
    >>> bool((strong == 2 * weak).all()), round(100 * float((strong**2).mean()) ** 0.5, 1)  # J N^(1/2)
    (True, 2.0)
    """
    u = disorder.uniform(params.N, seed=seed, sample=sample, label="stiffness")
    return Problem(params.law.quantile(u), _coupling(params, seed, sample), params.h, params.A)


def _coupling(params: KHGPS, seed: int, sample: int) -> Coupling:
    n, scale = params.N, params.J / math.sqrt(params.N)
    if params.coupling == "structured":
        spectrum = semicircle_spectrum(n, params.J)
        return Rotated(n, spectrum, seed=seed, sample=sample, label="coupling")
    if params.coupling == "regenerated":
        return Regenerated(n, scale=scale, seed=seed, sample=sample, label="coupling")
    try:
        return Packed.normal(n, scale=scale, seed=seed, sample=sample, label="coupling")
    except MemoryError as error:
        raise MemoryError(
            f"coupling = 'stored' needs {n**2 / 2**30:.3g} GiB at N = {n}; the others need little"
        ) from error
