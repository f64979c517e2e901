"""Cubic modes of a few particles of a glass, all others frozen."""

import numpy as np
from numpy.typing import NDArray

import landscape
from glass import PairGlass
from landscape import disorder
from qle.measurements.valleys import RESIDUAL

Array = NDArray[np.float64]
FREE = (1, 2, 4, 7, 19, 37, 80)  # particles that move
CLUSTERS = 2  # of each size, about particles drawn at random
STARTS = 8  # softest normal modes from which modes are searched, or all of them


def frozen_modes(glass: PairGlass, x: Array, *, seed: int, sample: int) -> Array:
    """Return (m, r, f) of the cubic modes of some particles in frozen surroundings, in rows.

    f is that along the nearest pseudo-harmonic mode. The m particles are those nearest to one of them, drawn
    at random.
    """
    drawn = disorder.uniform(CLUSTERS * len(FREE), seed=seed, sample=sample, label="frozen")
    cores = (drawn * glass.particles).astype(np.int64).reshape(len(FREE), CLUSTERS)
    rows = [
        np.column_stack([np.full(len(modes), float(m)), modes])
        for m, some in zip(FREE, cores, strict=True)
        for modes in (modes_of(glass, x, nearest(glass, x, int(core), m)) for core in some)
    ]
    return np.concatenate(rows)


def modes_of(glass: PairGlass, x: Array, free: NDArray[np.int64]) -> Array:
    """Return (r, f) of the cubic modes of free particles."""
    held = landscape.Held(glass, x, free)
    place = x[held.coordinates]
    starts = landscape.low_modes(held.hessian(place), min(STARTS, held.size), verify=False).vectors
    soft = np.column_stack(
        [mode.direction for mode in landscape.pseudo_harmonic_modes(held, place, starts=starts)]
    )
    modes = [m for m in landscape.cubic_modes(held, place, starts=starts) if m.residual < RESIDUAL]
    pi = np.column_stack([mode.direction for mode in modes])
    undone = landscape.valley(held, place, soft).undone
    return np.column_stack([[mode.ratio for mode in modes], undone[np.abs(pi.T @ soft).argmax(axis=1)]])


def nearest(glass: PairGlass, x: Array, core: int, count: int) -> NDArray[np.int64]:
    """Return a particle and those nearest to it, `count` in all; images of a box without shear."""
    places = x.reshape(glass.particles, -1)
    apart = places - places[core]
    apart -= glass.box * np.round(apart / glass.box)
    return np.argsort(np.sum(apart**2, axis=1), kind="stable")[:count]
