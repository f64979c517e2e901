"""Bits of factors and of block products depend on no registers, neither on their number nor on their size."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CALL = """
import hashlib, numpy as np
from landscape.linear.cholesky import factorise
from quartic.couplings import Packed

coupling, seen = Packed.normal(70, scale=0.1, seed=1, sample=0, label="registers"), hashlib.sha256()
x = np.random.default_rng(1).normal(size=(70, 20))
for kind in (np.float32, np.float64):
    factor = factorise((coupling.dense() + 9.0 * np.eye(70)).astype(kind))
    for part in (coupling.products(x.astype(kind)), np.tril(factor.lower), factor.solve(x)):
        seen.update(np.ascontiguousarray(part).tobytes())
print(seen.hexdigest())
"""


@pytest.mark.verify
def test_bits_are_those_of_a_processor_without_large_registers(tmp_path: Path) -> None:
    """That has no fused operations either, so that a library makes them; compiled for the purpose."""
    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    found = [
        subprocess.run(
            [sys.executable, "-c", CALL], env=os.environ | more, capture_output=True, text=True, check=True
        ).stdout
        for more in ({}, plain)
    ]
    assert len(found[0].strip()) == 64
    assert found[0] == found[1]
