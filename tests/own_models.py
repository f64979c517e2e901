"""Modules as users write them, for tests: oscillators on a ring, springs known by functions alone."""

import importlib
import sys
from pathlib import Path

from qle.description import own_model

RING = """\
from dataclasses import dataclass

import numpy as np

import quartic
from landscape import disorder
from stiff import law


@dataclass(frozen=True, kw_only=True)
class Ring:
    N: int
    J: float
    h: float = 0.05
    shape: str = "even"


def draw(ring, *, seed, sample):
    stiffness = law(disorder.uniform(ring.N, seed=seed, sample=sample, label="stiffness"))
    step = np.roll(np.eye(ring.N), 1, axis=0)
    return quartic.Problem(stiffness, ring.J * (step + step.T), ring.h, 1.0)
"""
STIFF = "def law(u):\n    return 0.2 + u\n"
SPRINGS = """\
from dataclasses import dataclass

import numpy as np

import landscape
from landscape import disorder


@dataclass(frozen=True)
class Springs:
    N: int
    g: float

    def draw(self, *, seed, sample):
        k = 1.0 + disorder.uniform(self.N, seed=seed, sample=sample, label="springs")
        f = disorder.normal(self.N, seed=seed, sample=sample, label="forces")

        def energy(x):
            return np.sum(k * x**2 / 2 + self.g * np.cos(x) - f * x)

        def gradient(x):
            return k * x - self.g * np.sin(x) - f

        return landscape.Functions(energy, gradient, self.N)


@dataclass(frozen=True)
class Bare:
    N: int

    def draw(self, *, seed, sample):
        return landscape.Harmonic(np.diag(1.0 + np.arange(self.N)))
"""


def write_modules(folder: Path) -> Path:
    """Write the modules own_ring, stiff and own_springs into a folder; return it."""
    for name, text in (("own_ring", RING), ("stiff", STIFF), ("own_springs", SPRINGS)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def forget(*modules: str) -> None:
    """Let modules be imported anew, as in another process."""
    for name in modules or ("own_ring", "stiff", "own_springs", "bad"):
        sys.modules.pop(name, None)
    own_model._imported.clear()
    own_model.loaded.cache_clear()
    importlib.invalidate_caches()
