"""Points at which a minimisation of coupled oscillators starts: by name, drawn at random, or given."""

import numpy as np
from numpy.typing import ArrayLike

from arguments import array, choice
from landscape import disorder
from landscape.arrays import Vector
from quartic.oscillator import lone_minima
from quartic.problem import Problem
from quartic.units import natural, rms, scaled

STARTS = ("zero", "decoupled", "random", "kick")
KICK = 1e-3  # amplitude of "kick", in units of that of "random"


def starting_point(problem: Problem, start: str | ArrayLike, seed: int, *, name: str = "start") -> Vector:
    """Return the start, shape (N,).

    Parameters
    ----------
    start : {"zero", "decoupled", "random", "kick"} or (N,) array
        ``"zero"``: x = 0. ``"decoupled"``: each oscillator at its own global minimum without couplings; at
        zero field the positive one of two. ``"random"``: independent normal x_i with the standard deviation
        of `random_amplitude` over (A_i/max A)^(1/2), a start of high energy. ``"kick"``: the same with a
        thousandth of that, other numbers: x = 0 but for a push off the saddle that it is without a field,
        where couplings destabilise it.
    seed : int in [0, 2**64)
        Address of the random starts: its low word is the seed, its high word the sample.
    """
    if not isinstance(start, str):
        return array(name, start, (problem.size,))
    choice(name, start, STARTS, also=" or an array")
    if start == "zero":
        return np.zeros(problem.size)
    if start == "decoupled":
        x = np.empty(problem.size)
        a = np.ascontiguousarray(np.broadcast_to(problem.anharmonicity, x.shape))
        lone_minima(problem.stiffness, problem.field, a, x)
        return x
    sample, word = divmod(seed, disorder.WORD)
    label = "start" if start == "random" else "kick"
    noise = disorder.normal(problem.size, seed=word, sample=sample, label=label)
    size = (1.0 if start == "random" else KICK) * random_amplitude(problem)
    return size * noise / np.sqrt(problem.a_shares)


def random_amplitude(problem: Problem) -> float:
    """Return the displacement at which the anharmonic force equals the field or the linear force.

    A is the largest of the sites. The larger of (6 |h|/A)^(1/3) and (6 K/A)^(1/2), where |h| is the root mean
    square field and K is `Problem.linear_strength`. It scales as x does in the exact rescaling of H.
    """
    length, energy = natural(problem)
    field = float(scaled(rms(problem.field), length - energy))
    linear = float(scaled(problem.linear_strength, 2 * length - energy))
    a = float(scaled(problem.a_max, 4 * length - energy))
    return float(scaled(max(np.cbrt(6.0 * field / a), np.sqrt(6.0 * linear / a)), length))
